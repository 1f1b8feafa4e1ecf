/* lint_env: what ENV and ARG set → findings about references and secrets.
 *
 * Invariants
 * 1. Work is linear in the pairs of an instruction and in the length of their values.
 *    (test_lint_table: many in one)
 */
#include "base/map.h"
#include "lint/lint_rules.h"

/* ---- DL3044: references inside of one ENV ---- */

static bool in_name(char ch)
{
    return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
           ch == '_';
}

/* Takes the next $NAME or ${NAME} off *rest. */
static bool next_reference(struct str *rest, struct str *name)
{
    size_t at;
    while ((at = str_find(*rest, '$')) < rest->n) {
        bool braces = at + 1 < rest->n && rest->p[at + 1] == '{';
        size_t from = at + 1 + braces, to = from;
        while (to < rest->n && in_name(rest->p[to]))
            to++;
        *name = str_slice(*rest, from, to);
        bool whole = !braces || (to < rest->n && rest->p[to] == '}');
        *rest = str_from(*rest, from);
        if (name->n && whole)
            return true;
    }
    return false;
}

/* Keys of one ENV: name → the pair that sets it first, and whether another does, too. */
struct env_key {
    size_t pair;
    bool again;
};

static void read_keys(struct lint_context *c, const struct lint_step *step, struct map *keys)
{
    vec_each (&step->keys, k) {
        void **at = map_at(keys, step->keys.v[k].text);
        struct env_key *key = *at;
        if (key) {
            key->again = true;
            continue;
        }
        *at = key = arena_array(c->a, struct env_key, 1);
        key->pair = k;
    }
}

/* The name is set by this ENV, in another of its pairs. */
static const struct env_key *set_here(const struct map *keys, struct str name, size_t pair)
{
    const struct env_key *key = map_get(keys, name);
    return key && (key->pair != pair || key->again) ? key : NULL;
}

/* Makes two ENVs of one, so that the second knows what the first has set. */
static void part(struct lint_context *c, struct lint_finding *f, const struct lint_step *step,
                 size_t pair)
{
    const struct dockerfile_pairs *pairs = &step->i->pairs;
    struct span between = {0};
    if (step->onbuild || step->i->legacy || !pair || step->i->comments.n || !f)
        return;
    between.from = pairs->v[pair - 1].value.place.to;
    between.to = pairs->v[pair].key.place.from;
    bool crlf = memchr(c->d->text.p, '\r', c->d->text.n) != NULL;
    lint_fix(c, f, FIX_UNSAFE, "makes two ENVs of it");
    lint_edit(c, f, between, "%s" STR_F " ", crlf ? "\r\n" : "\n", STR_A(step->i->name.s));
}

static void check_pair(struct lint_context *c, const struct lint_step *step, const struct map *keys,
                       const struct map *before, size_t pair)
{
    const struct dockerfile_pair *p = &step->i->pairs.v[pair];
    struct str rest = p->value.text.s, name;
    while (next_reference(&rest, &name)) {
        const struct env_key *key = set_here(keys, name, pair);
        if (!key || map_has(before, name))
            continue;
        struct lint_finding *f =
            lint_add(c, placed_of(&p->value.text, name),
                     STR_F " is set by this very ENV, so it has no value here yet", STR_A(name));
        part(c, f, step, key->pair < pair ? pair : 0);
    }
}

/* Names that count as set: hadolint takes those of every stage, builders those of this one and of
 * what it is made from; and PATH, which every image has. */
static void check_references(struct lint_context *c)
{
    struct map everywhere = {.a = c->a};
    vec_each (&c->file->steps, i) {
        const struct lint_step *step = &c->file->steps.v[i];
        struct map keys = {.a = c->a}, declared = {.a = c->a};
        bool compat = c->options->compat;
        if ((step->i->kind != DOCKERFILE_ENV && step->i->kind != DOCKERFILE_ARG) ||
            (compat && step->onbuild))
            continue;
        if (step->i->kind == DOCKERFILE_ENV && step->keys.n > 1) {
            vec_each (&step->uses, k)
                if (step->uses.v[k].declared)
                    *map_at(&declared, step->uses.v[k].name) = c;
            *map_at(&declared, STR("PATH")) = c;
            read_keys(c, step, &keys);
            vec_each (&step->keys, k)
                check_pair(c, step, &keys, compat ? &everywhere : &declared, k);
        }
        vec_each (&step->keys, k)
            *map_at(&everywhere, step->keys.v[k].text) = c;
    }
}

static const struct lint_rule references = {
    .info = {.id = "DL3044",
             .severity = SEVERITY_HIGH,
             .title = "An ENV does not use what it sets itself",
             .why =
                 "All pairs of an ENV are read before any of them is set. A reference to another "
                 "one gives what was there before, which is mostly nothing.",
             .remedy = "Set the one in an ENV before the other.",
             .example = "ENV HOME_DIR=/srv\nENV DATA_DIR=${HOME_DIR}/data"},
    .file_hook = check_references,
    .repairs = FIX_UNSAFE,
};

/* ---- DL3064: secrets ---- */

/* One of the words between underscores says that it is a secret, and none that it is not. */
static bool sounds_secret(struct str name)
{
    bool secret = false;
    while (name.n) {
        struct str word;
        str_cut(name, '_', &word, &name);
        secret |= lint_lists(" apikey auth credential credentials key password pword passwd secret "
                             "token ",
                             word);
        if (lint_lists(" public file version ", word))
            return false;
    }
    return secret;
}

/* hadolint looks for parts of words, and for some names of well-known services. */
static bool hadolint_minds(struct str name)
{
    static const struct str parts[] = {
        STR_INIT("api_key"), STR_INIT("client_key"), STR_INIT("password"), STR_INIT("private"),
        STR_INIT("secret"),  STR_INIT("token"),      STR_INIT("username"),
    };
    static const char names[] =
        " application_key aws_access_key_id ci_deploy_user docker_email facebook_app_id "
        "heroku_api_user okta_authn_groupid okta_client_orgurl okta_oauth2_clientid "
        "stripe_device_name travis_os_name travis_secure_env_vars travis_sudo ";
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (str_has(name, parts[i]))
            return true;
    return lint_lists(names, name);
}

static void check_secrets(struct lint_context *c, const struct lint_step *step)
{
    vec_each (&step->keys, k) {
        struct str name = str_lower(c->a, step->keys.v[k].text);
        if (c->options->compat ? hadolint_minds(name) : sounds_secret(name))
            lint_add(c, step->keys.v[k].place, STR_F " sounds like a secret",
                     STR_A(step->keys.v[k].text));
    }
}

static const struct lint_rule secrets = {
    .info = {.id = "DL3064",
             .aliases = {"SecretsUsedInArgOrEnv", "DS031", "CIS-DI-0010"},
             .cis = "4.10",
             .severity = SEVERITY_MEDIUM,
             .title = "No secrets are in ARG or ENV",
             .why = "What ARG and ENV hold stays in the image's history and settings. Whoever may "
                    "pull the image may read it.",
             .remedy =
                 "Mount secrets while a RUN needs them, and hand others to the container when "
                 "it starts.",
             .example = "RUN --mount=type=secret,id=token,env=TOKEN ./fetch"},
    .image = true,
    .kinds = LINT_ON(ENV) | LINT_ON(ARG),
    .step = check_secrets,
};

const struct lint_rule *const lint_env[] = {&references, &secrets, NULL};
