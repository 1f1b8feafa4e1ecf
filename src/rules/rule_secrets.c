/* rule_secrets: config, history and file names of every layer → CIS 4.10.
 *
 * What a later layer deletes is still in the image for whoever unpacks the layer before it, so
 * hidden files count, and the finding names the layer that hid them.
 *
 * Invariants
 * 1. A value is said once, however many files hold it; two values in one path, of two layers, are
 *    said twice. (test_rules: rotated)
 */
#include <stdlib.h>

#include "rules/rule.h"
#include "secret/redact.h"

/* ---- config and history ---- */

static enum severity severity_of(enum severity severity, enum secret_doubt doubt)
{
    return doubt ? SEVERITY_INFO : severity;
}

static const char *doubt_text(struct rule_context *c, enum secret_doubt doubt)
{
    return doubt ? str_fmt(c->a, ", %s", secret_doubt_text(doubt)).p : "";
}

static void report_found(struct rule_context *c, struct location where, struct str text,
                         const struct secret_found *f, const char *in)
{
    rule_add(c, severity_of(f->kind->severity, f->doubt), where, "%s%s: " STR_F "%s",
             f->kind->title, in, STR_A(secret_short(c->a, str_slice(text, f->at, f->at + f->n))),
             doubt_text(c, f->doubt));
}

/* What was said before: a build argument stands in every RUN after it, and ENV in the config too.
 */
static bool is_new(struct rule_context *c, struct map *seen, struct str value)
{
    bool had = map_has(seen, value);
    *map_at(seen, value) = c;
    return !had;
}

static bool is_in(const struct secret_list *list, const struct secret_hit *hit)
{
    vec_each (list, i)
        if (list->v[i].at < hit->at + hit->n && hit->at < list->v[i].at + list->v[i].n)
            return true;
    return false;
}

/* A private key of which the end is missing, as in a line of history: what is there is enough. */
static bool check_armour(struct rule_context *c, struct map *seen, struct location where,
                         struct str text, const struct secret_list *list)
{
    struct secret_hit hit;
    if (!secret_find_armour(text, 0, &hit) || is_in(list, &hit))
        return false;
    if (is_new(c, seen, str_slice(text, hit.at, hit.at + hit.n)))
        rule_add(c, SEVERITY_CRITICAL, where, "private key: " STR_F,
                 STR_A(secret_short(c->a, str_slice(text, hit.at, hit.at + hit.n))));
    return true;
}

/* NAME=value, so that kinds that are told by their names are found. */
static void check_pair(struct rule_context *c, struct map *seen, struct location where,
                       struct str name, struct str value)
{
    struct secret_list list = {0};
    struct str text = str_fmt(c->a, STR_F "=" STR_F, STR_A(name), STR_A(value));
    const char *in = str_fmt(c->a, " in " STR_F, STR_A(name)).p;
    secret_scan_text(c->secrets, c->a, text, &list);
    vec_each (&list, i)
        if (is_new(c, seen, str_slice(text, list.v[i].at, list.v[i].at + list.v[i].n)))
            report_found(c, where, text, &list.v[i], in);
    if (!check_armour(c, seen, where, text, &list) && !list.n && secret_assignment(name, value) &&
        is_new(c, seen, value))
        rule_add(c, SEVERITY_HIGH, where, "a literal value in " STR_F ": " STR_F, STR_A(name),
                 STR_A(secret_short(c->a, value)));
}

static void check_config(struct rule_context *c, struct map *seen)
{
    const struct image_config *config = &c->facts->image->config;
    for (size_t i = 0; i < config->env.n; i++) {
        struct str name, value;
        str_cut(config->env.v[i], '=', &name, &value);
        check_pair(c, seen, rule_at_config(c, "Env[%zu]", i), name, value);
    }
    for (size_t i = 0; i < config->labels.n; i++)
        check_pair(c, seen, rule_at_config(c, "Labels[%zu]", i), config->labels.v[i].key,
                   config->labels.v[i].value);
}

static void check_history_line(struct rule_context *c, struct map *seen, size_t i, struct str text)
{
    struct location where = rule_at_config(c, "history[%zu]", i);
    struct secret_list list = {0};
    struct secret_hit hit;
    struct str name;
    secret_scan_text(c->secrets, c->a, text, &list);
    vec_each (&list, k)
        if (is_new(c, seen, str_slice(text, list.v[k].at, list.v[k].at + list.v[k].n)))
            report_found(c, where, text, &list.v[k], "");
    check_armour(c, seen, where, text, &list);
    for (size_t at = 0; secret_find_assignment(text, at, &name, &hit); at = hit.at + hit.n) {
        struct str value = str_slice(text, hit.at, hit.at + hit.n);
        if (!is_in(&list, &hit) && is_new(c, seen, value))
            rule_add(c, SEVERITY_HIGH, where, "a literal value for " STR_F ": " STR_F, STR_A(name),
                     STR_A(secret_short(c->a, value)));
    }
}

static void check_history(struct rule_context *c, struct map *seen)
{
    const struct image_config *config = &c->facts->image->config;
    for (size_t i = 0; i < config->n_history; i++)
        check_history_line(c, seen, i, config->history[i].created_by);
}

/* ---- files ---- */

/* A file that holds secrets, by its name: one that cannot be read into, or one in which nothing was
 * found that is known, though it is there for nothing else. Settings that may hold a secret among
 * other things (.npmrc, .env) are judged by what they hold. */
static const struct secret_file {
    const char *folder; /* of the file, or NULL: any */
    const char *name;   /* whole name, or "*.suffix" */
    enum severity severity;
    const char *what;
} secret_files[] = {
    {".aws", "credentials", SEVERITY_INFO, "AWS credentials"},
    {NULL, ".dockercfg", SEVERITY_INFO, "registry logins"},
    {NULL, ".pypirc", SEVERITY_INFO, "PyPI login"},
    {NULL, ".netrc", SEVERITY_INFO, "logins of curl and others"},
    {NULL, "_netrc", SEVERITY_INFO, "logins of curl and others"},
    {NULL, ".git-credentials", SEVERITY_INFO, "git logins"},
    {NULL, ".pgpass", SEVERITY_INFO, "PostgreSQL passwords"},
    {NULL, ".vault-token", SEVERITY_CRITICAL, "Vault token"},
    {NULL, "credentials.tfrc.json", SEVERITY_INFO, "Terraform token"},
    {NULL, "application_default_credentials.json", SEVERITY_HIGH, "Google credentials"},
    {NULL, "*.p12", SEVERITY_MEDIUM, "key store"},
    {NULL, "*.pfx", SEVERITY_MEDIUM, "key store"},
    {NULL, "*.jks", SEVERITY_MEDIUM, "key store"},
    {NULL, "*.kdbx", SEVERITY_HIGH, "password store"},
};

static const struct secret_file *by_name(const struct tree_node *node)
{
    for (size_t i = 0; i < sizeof secret_files / sizeof *secret_files; i++) {
        const struct secret_file *f = &secret_files[i];
        bool suffix = f->name[0] == '*';
        struct str name = str_of(f->name + suffix);
        if (suffix ? !str_ends(node->name, name) : !str_eq(node->name, name))
            continue;
        if (!f->folder || (node->parent && str_is(node->parent->name, f->folder)))
            return f;
    }
    return NULL;
}

/* A file as some layer has it. */
struct placed {
    const struct tree_node *node;
    const struct tree_inode *inode;
    uint32_t layer;
    bool hidden;
    uint32_t hidden_by;
};

static const char *hidden_text(struct rule_context *c, const struct placed *p)
{
    if (!p->hidden)
        return "";
    return str_fmt(c->a, "; layer %u hides it, but does not remove it", p->hidden_by).p;
}

/* The same value in many files is one finding: the first file's, which names some others. */
struct group {
    size_t index; /* in the order they were seen */
    enum severity severity;
    struct location where; /* of the first */
    struct str evidence;
    struct str others;                          /* ", also in …" */
    uint32_t more;                              /* files beside the first */
    struct group_places VEC(struct str) places; /* of some of them */
};
struct groups VEC(struct group);

enum { OTHERS_NAMED = 3, OTHERS_KEPT = 100 };

static struct str place_text(struct rule_context *c, const struct placed *p)
{
    struct location where = rule_at_layer(c, p->layer, p->node);
    return str_fmt(c->a, STR_F " of layer %u", STR_A(where.path), p->layer);
}

static void add_place(struct rule_context *c, struct group *g, const struct placed *p)
{
    struct str text = place_text(c, p);
    if (g->more < OTHERS_KEPT)
        *vec_push(c->a, &g->places) = text;
    if (g->more++ < OTHERS_NAMED)
        g->others = str_fmt(c->a, STR_F "%s" STR_F, STR_A(g->others),
                            g->others.n ? ", " : "; also in ", STR_A(text));
}

static enum severity group_severity(const struct facts_secret *s, bool host_key)
{
    enum severity severity = host_key && s->severity > SEVERITY_HIGH ? SEVERITY_HIGH : s->severity;
    return severity_of(severity, s->doubt);
}

static void note_secret(struct rule_context *c, struct groups *groups, struct map *marks,
                        const struct placed *p, const struct facts_secret *s)
{
    bool host_key = str_starts(p->node->name, STR("ssh_host_"));
    struct str key = str_fmt(c->a, STR_F " %06x " STR_F " %d", STR_A(s->kind), s->mark,
                             STR_A(s->start), s->doubt);
    void **slot = map_at(marks, key);
    if (*slot) {
        add_place(c, &groups->v[(uintptr_t)*slot - 1], p);
        return;
    }
    struct group *g = vec_push(c->a, groups);
    *g = (struct group){
        .index = groups->n,
        .severity = group_severity(s, host_key),
        .where = rule_at_layer(c, p->layer, p->node),
        .evidence =
            str_fmt(c->a, "%s" STR_F " in line %u: " STR_F "%s%s",
                    host_key ? "SSH host key, the same in every container: " : "", STR_A(s->title),
                    s->line, STR_A(s->start), doubt_text(c, s->doubt), hidden_text(c, p)),
    };
    *slot = (void *)groups->n;
}

static void judge_file(struct rule_context *c, struct groups *groups, struct map *marks,
                       const struct placed *p)
{
    const struct file_facts *ff = p->inode->facts;
    const struct secret_file *file = by_name(p->node);
    if (ff && ff->n_secrets)
        for (size_t i = 0; i < ff->n_secrets; i++)
            note_secret(c, groups, marks, p, &ff->secrets[i]);
    else if (file && p->inode->size && !rule_full(c))
        rule_add(c, file->severity, rule_at_layer(c, p->layer, p->node),
                 "%s, %llu bytes, by its name%s%s", file->what, (unsigned long long)p->inode->size,
                 file->severity ? "" : "; nothing in it is known as a secret", hidden_text(c, p));
}

/* The worst first: what is over the limit of findings is the least. */
static int by_severity(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static void check_files(struct rule_context *c)
{
    const struct tree *tree = c->facts->tree;
    struct groups groups = {0};
    struct map marks = {.a = c->a};
    for (struct tree_node *node = NULL; (node = tree_next(tree, node));) {
        struct placed p = {node, node->inode, node->layer, false, 0};
        if (node->inode->type != ENTRY_FILE || facts_owner(c->facts, node))
            continue; /* what a package brings is known to the whole world */
        judge_file(c, &groups, &marks, &p);
    }
    for (size_t i = 0; i < tree->n_hidden; i++) {
        const struct tree_hidden *h = &tree->hidden[i];
        struct placed p = {h->node, h->inode, h->layer, true, h->hidden_by};
        if (h->inode->type != ENTRY_FILE || h->layer == h->hidden_by)
            continue;
        judge_file(c, &groups, &marks, &p);
    }
    if (groups.n)
        qsort(groups.v, groups.n, sizeof *groups.v, by_severity);
    vec_each (&groups, i) {
        const struct group *g = &groups.v[i];
        const char *rest =
            g->more > OTHERS_NAMED ? str_fmt(c->a, " and %u more", g->more - OTHERS_NAMED).p : "";
        if (rule_full(c))
            continue;
        struct finding *f = rule_add(c, g->severity, g->where, STR_F STR_F "%s", STR_A(g->evidence),
                                     STR_A(g->others), rest);
        f->count = g->more + 1;
        f->details = (struct strs){g->places.v, g->places.n};
    }
}

static void check_secrets(struct rule_context *c)
{
    struct map seen = {.a = c->a};
    if (!c->secrets) {
        rule_skip(c, "no memory for looking for secrets");
        return;
    }
    check_config(c, &seen);
    check_history(c, &seen);
    check_files(c);
    rule_pass(c, "none in environment, labels and history, nor among the files of " STR_F,
              STR_A(rule_count_text(c->a, c->facts->tree->n_layers, "layer")));
}

const struct rule rule_cis_4_10 = {
    .info = {.id = "CIS-4.10",
             .aliases = {"CIS-DI-0010", "DL3064", "DS031", "SecretsUsedInArgOrEnv"},
             .cis = "4.10",
             .severity = SEVERITY_HIGH,
             .title = "No secrets are stored in the image",
             .why = "Whoever can pull the image has them, for ever: in the environment, in the "
                    "history of build arguments, and in layers whose files a later layer deletes. "
                    "An intruder in the container reads them too.",
             .remedy = "Change the secret now, since it is out. Then give it to the build by "
                       "RUN --mount=type=secret, and to the program when it starts.",
             .example = "RUN --mount=type=secret,id=token TOKEN=$(cat /run/secrets/token) ./build"},
    .check = check_secrets,
};
