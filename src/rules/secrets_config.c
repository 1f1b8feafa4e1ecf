/* secrets_config: every text of config, history and manifest → findings of CIS 4.10.
 *
 * Variables, labels and lines of history are read as what they are. All else is walked as JSON,
 * whatever its keys are called: commands, health check, ONBUILD, ports, volumes, annotations, and
 * what a builder adds that we never heard of. Words of one list are read as one line, since a
 * password may be the word behind --password.
 *
 * Invariants
 * 1. A value is said once, where it is found first: variables, labels, history, the rest, and its
 *    other places are named and counted; and once more where other ignores cover it.
 *    (test_audit: config, folded, also in)
 * 2. No place holds a secret: a key with one in it is named by its number. (test_audit: config)
 */
#include "rules/secrets_config.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "secret/redact.h"

/* A value that was said: where, and where else it stands. */
struct said {
    size_t finding; /* of all findings; one that is not there: there were too many */
    struct location where, last;
    struct said_more VEC(struct str) more; /* some of them */
    uint32_t n;                            /* of all of them */
    bool ours;                             /* one of them is not the base's */
};

/* What is looked at now. */
struct search {
    struct rule_context *c;
    struct map seen; /* values → struct said */
    struct all_said VEC(struct said *) all;
};

enum { OTHERS_NAMED = 3, OTHERS_KEPT = 100 };

/* The way from the document to a value in it, the last step first. */
struct step {
    const struct step *up; /* NULL: the document itself */
    struct str name;       /* of a member; empty: by its number */
    size_t number;
};

enum severity rule_secret_severity(enum severity severity, enum secret_doubt doubt)
{
    return doubt ? SEVERITY_INFO : severity;
}

const char *rule_secret_doubt(struct rule_context *c, enum secret_doubt doubt)
{
    return doubt ? str_fmt(c->a, ", %s", secret_doubt_text(doubt)).p : "";
}

/* ---- what is found in a text ---- */

static void report_found(struct rule_context *c, struct location where, struct str text,
                         const struct secret_found *f, const char *in)
{
    struct str value = str_slice(text, f->at, f->at + f->n);
    struct str start = secret_start(c->a, value);
    const char *doubt = rule_secret_doubt(c, f->doubt);
    struct finding *to = rule_add(c, rule_secret_severity(f->kind->severity, f->doubt), where,
                                  "%s%s: " STR_F "%s", f->kind->title, in, STR_A(start), doubt);
    to->told = secret_mark_told(f->kind, secret_mark(value));
    to->same = str_fmt(c->a, "%s: " STR_F "%s", f->kind->title, STR_A(start), doubt);
}

static void report_literal(struct rule_context *c, struct location where, const char *of,
                           struct str name, struct str value)
{
    struct str start = secret_short(c->a, value);
    struct finding *f = rule_add(c, SEVERITY_HIGH, where, "a literal value %s " STR_F ": " STR_F,
                                 of, STR_A(name), STR_A(start));
    f->told = secret_mark_told(NULL, secret_mark(value));
    f->same = str_fmt(c->a, "a literal value: " STR_F, STR_A(start));
}

static bool same_key(const struct location *x, const struct location *y)
{
    return str_eq(x->config_key, y->config_key);
}

static void add_other(struct search *s, struct said *said, const struct location *where)
{
    if (same_key(where, &said->where) || same_key(where, &said->last))
        return;
    said->last = *where;
    /* what old builders say of their last container is all of it in the config */
    if (!str_starts(where->config_key, STR("container_config")))
        said->ours |= !rule_inherited(s->c, where);
    if (said->n++ < OTHERS_KEPT)
        *vec_push(s->c->a, &said->more) = where->config_key;
}

/* What was said before is only another place: a build argument stands in every RUN after it, and
 * ENV in the config too. True: the next finding says it. */
static bool is_new(struct search *s, struct location where, struct str value)
{
    struct arena *a = s->c->a;
    struct str covered = rule_ignores(s->c, &where);
    if (covered.n)
        value = str_fmt(s->c->a, STR_F "\n" STR_F, STR_A(covered), STR_A(value));
    void **slot = map_at(&s->seen, value);
    if (*slot) {
        add_other(s, *slot, &where);
        return false;
    }
    struct said *said = arena_new(a, struct said);
    *said = (struct said){.finding = s->c->findings->n, .where = where, .last = where};
    *slot = *vec_push(a, &s->all) = said;
    return true;
}

/* The findings name the other places of what they say. */
static void name_others(struct rule_context *c, const struct said *said)
{
    struct buf b = {.a = c->a};
    if (!said->n || said->finding >= c->findings->n ||
        said->finding - c->check->first + 1 >= LIMIT_RULE_FINDINGS)
        return; /* the last stands for all that are over the limit */
    struct finding *f = &c->findings->v[said->finding];
    buf_add(&b, f->evidence);
    for (size_t i = 0; i < said->more.n && i < OTHERS_NAMED; i++)
        buf_addf(&b, "%s" STR_F, i ? ", " : "; also in config ", STR_A(said->more.v[i]));
    if (said->n > OTHERS_NAMED)
        buf_addf(&b, " and %u more", said->n - OTHERS_NAMED);
    f->evidence = buf_str(&b);
    f->count = said->n + 1;
    f->ours = said->ours;
    f->details = (struct strs){arena_array(c->a, struct str, said->more.n), said->more.n};
    for (size_t i = 0; i < said->more.n; i++)
        f->details.v[i] = str_fmt(c->a, "config " STR_F, STR_A(said->more.v[i]));
}

static bool is_in(const struct secret_list *list, const struct secret_hit *hit)
{
    vec_each (list, i)
        if (list->v[i].at < hit->at + hit->n && hit->at < list->v[i].at + list->v[i].n)
            return true;
    return false;
}

static void report_armour(struct rule_context *c, struct location where, struct str key)
{
    struct str start = secret_start(c->a, key);
    bool locked = secret_armour_locked(key);
    struct finding *f =
        rule_add(c, locked ? SEVERITY_HIGH : SEVERITY_CRITICAL, where, "private key%s: " STR_F,
                 locked ? ", encrypted with a passphrase," : "", STR_A(start));
    f->told = secret_mark_told(NULL, secret_mark(key));
    f->same = str_fmt(c->a, "private key: " STR_F, STR_A(start));
}

/* A private key of which the end is missing, as in a line of history: what is there is enough. */
static bool check_armour(struct search *s, struct location where, struct str text,
                         const struct secret_list *list)
{
    struct rule_context *c = s->c;
    struct secret_hit hit;
    if (!secret_find_armour(text, 0, &hit) || is_in(list, &hit))
        return false;
    struct str key = str_slice(text, hit.at, hit.at + hit.n);
    if (is_new(s, where, key))
        report_armour(c, where, key);
    return true;
}

/* NAME=value, so that kinds that are told by their names are found. */
static void check_pair(struct search *s, struct location where, struct str name, struct str value)
{
    struct rule_context *c = s->c;
    struct secret_list list = {0};
    struct str text = str_fmt(c->a, STR_F "=" STR_F, STR_A(name), STR_A(value));
    const char *in = str_fmt(c->a, " in " STR_F, STR_A(name)).p;
    secret_scan_text(c->secrets, c->a, text, &list);
    vec_each (&list, i)
        if (is_new(s, where, str_slice(text, list.v[i].at, list.v[i].at + list.v[i].n)))
            report_found(c, where, text, &list.v[i], in);
    if (!check_armour(s, where, text, &list) && !list.n && secret_assignment(name, value) &&
        is_new(s, where, value))
        report_literal(c, where, "in", name, value);
}

/* A line: where() says where the byte at `at` stands. */
static void check_line(struct search *s, struct str text,
                       struct location (*where)(const void *ctx, struct rule_context *c, size_t at),
                       const void *ctx)
{
    struct rule_context *c = s->c;
    struct secret_list list = {0};
    struct secret_hit hit;
    struct str name;
    secret_scan_text(c->secrets, c->a, text, &list);
    vec_each (&list, k) {
        struct location place = where(ctx, c, list.v[k].at);
        if (is_new(s, place, str_slice(text, list.v[k].at, list.v[k].at + list.v[k].n)))
            report_found(c, place, text, &list.v[k], "");
    }
    if (secret_find_armour(text, 0, &hit))
        check_armour(s, where(ctx, c, hit.at), text, &list);
    for (size_t at = 0; secret_find_assignment(text, at, &name, &hit); at = hit.at + hit.n) {
        struct str value = str_slice(text, hit.at, hit.at + hit.n);
        if (is_in(&list, &hit))
            continue;
        struct location place = where(ctx, c, hit.at);
        if (is_new(s, place, value))
            report_literal(c, place, "for", name, value);
    }
}

/* ---- the rest, as JSON ---- */

static void add_steps(struct buf *b, const struct step *at)
{
    if (!at->up) {
        buf_add(b, at->name);
        return;
    }
    add_steps(b, at->up);
    if (at->name.n)
        buf_addf(b, "%s" STR_F, b->n ? "." : "", STR_A(at->name));
    else
        buf_addf(b, "[%zu]", at->number);
}

/* "Cmd[2]": what is below "config" goes by its own name, as elsewhere. */
static struct location place_of(struct rule_context *c, const struct step *at)
{
    static const struct str below = STR_INIT("config.");
    struct buf b = {.a = c->a};
    add_steps(&b, at);
    struct str key = buf_str(&b);
    key = str_starts(key, below) ? str_from(key, below.n) : key;
    return rule_at_config(c, STR_F, STR_A(key));
}

struct words {
    const struct step *list;
    struct word_ends VEC(size_t) ends;
};

static struct location word_place(const void *ctx, struct rule_context *c, size_t at)
{
    const struct words *w = ctx;
    size_t low = 0, high = w->ends.n - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (w->ends.v[middle] <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return place_of(c, &(struct step){.up = w->list, .number = low});
}

static struct location step_place(const void *ctx, struct rule_context *c, size_t at)
{
    (void)at;
    return place_of(c, ctx);
}

static struct str word_of(const json_t *list, size_t i)
{
    const json_t *word = json_array_get(list, i);
    return json_is_string(word) ? (struct str){json_string_value(word), json_string_length(word)}
                                : (struct str){0};
}

/* --password, and its value as the next word. */
static void check_options(struct search *s, const json_t *list, const struct step *at)
{
    struct rule_context *c = s->c;
    for (size_t i = 0; i + 1 < json_array_size(list); i++) {
        struct str option = word_of(list, i), value = word_of(list, i + 1);
        if (!secret_option(option, value))
            continue;
        struct location place = place_of(c, &(struct step){.up = at, .number = i + 1});
        if (is_new(s, place, value))
            report_literal(c, place, "for", option, value);
    }
}

/* Of a list its words, as one line. */
static void check_words(struct search *s, const json_t *list, const struct step *at)
{
    struct words w = {.list = at};
    struct buf line = {.a = s->c->a};
    for (size_t i = 0; i < json_array_size(list); i++) {
        buf_add(&line, word_of(list, i));
        buf_addc(&line, ' ');
        *vec_push(s->c->a, &w.ends) = line.n;
    }
    if (line.n > w.ends.n)
        check_line(s, buf_str(&line), word_place, &w);
    check_options(s, list, at);
}

static bool is_word(struct str key)
{
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && !strchr("._-/", c ? c : ' '))
            return false;
    }
    return key.n > 0 && key.n <= 128;
}

/* Whether a key may be shown. */
static bool is_plain(struct search *s, struct str key)
{
    struct secret_list found = {0};
    return is_word(key) && secret_scan_text(s->c->secrets, s->c->a, key, &found) && !found.n;
}

/* Looked at as what they are, before. */
static bool is_done(const struct step *at)
{
    if (!at->up || !at->name.n)
        return false;
    if (str_is(at->name, "created_by"))
        return at->up->up && at->up->up->up && str_is(at->up->up->name, "history");
    return (str_is(at->name, "Env") || str_is(at->name, "Labels")) && at->up->up &&
           !at->up->up->up && str_is(at->up->name, "config");
}

/* As deep as json_read() lets documents be. */
static void walk(struct search *s, const json_t *value, const struct step *at)
{
    const char *key;
    size_t n = 0, length;
    json_t *member;
    if (json_is_array(value)) {
        check_words(s, value, at);
        for (size_t i = 0; i < json_array_size(value); i++)
            walk(s, json_array_get(value, i), &(struct step){.up = at, .number = i});
        return;
    }
    /* jansson's macro wants a document that may be changed; nothing is */
    json_object_keylen_foreach((json_t *)(uintptr_t)value, key, length, member)
    {
        struct step below = {.up = at, .name = {key, length}, .number = n++};
        if (is_done(&below))
            continue;
        if (!is_plain(s, below.name)) {
            struct str name = below.name;
            below.name = (struct str){0};
            check_line(s, name, step_place, &below);
        }
        if (json_is_string(member))
            check_pair(s, place_of(s->c, &below), (struct str){key, length},
                       (struct str){json_string_value(member), json_string_length(member)});
        else
            walk(s, member, &below);
    }
}

static void check_document(struct search *s, struct str bytes, struct str name)
{
    JSON_AUTO json_t *document = NULL;
    struct err ignored = {0}; /* it was read before, or there is none */
    if (bytes.n && json_read(bytes, &document, &ignored) == 0)
        walk(s, document, &(struct step){.name = name});
}

/* ---- variables, labels, history ---- */

static struct location history_place(const void *ctx, struct rule_context *c, size_t at)
{
    (void)at;
    return rule_at_config(c, "history[%zu]", *(const size_t *)ctx);
}

void rule_secrets_config(struct rule_context *c)
{
    const struct image *image = c->facts->image;
    const struct image_config *config = &image->config;
    struct search s = {.c = c, .seen = {.a = c->a}};
    for (size_t i = 0; i < config->env.n; i++) {
        struct str name, value;
        str_cut(config->env.v[i], '=', &name, &value);
        check_pair(&s, rule_at_config(c, "Env[%zu]", i), name, value);
    }
    for (size_t i = 0; i < config->labels.n; i++)
        check_pair(&s, rule_at_config(c, "Labels[%zu]", i), config->labels.v[i].key,
                   config->labels.v[i].value);
    for (size_t i = 0; i < config->n_history; i++)
        check_line(&s, config->history[i].created_by, history_place, &i);
    check_document(&s, image->config_bytes, STR(""));
    check_document(&s, image->manifest, STR("manifest"));
    vec_each (&s.all, i)
        name_others(c, s.all.v[i]);
}
