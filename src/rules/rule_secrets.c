/* rule_secrets: config, history and file names of every layer → CIS 4.10.
 *
 * What a later layer deletes is still in the image for whoever unpacks the layer before it, so
 * hidden files count, and the finding names the layer that hid them.
 *
 * Invariants
 * 1. A value is said once, however many files hold it; two values in one path, of two layers, are
 *    said twice. (test_audit: rotated)
 * 2. What an ignore covers is apart from what it does not: an ignore of one file says nothing of
 *    another that holds the same. (test_audit: folded)
 * 3. A file that a later entry of its own layer replaces counts like one of a lower layer.
 *    (tests/audit_hostile.t: replaced)
 * 4. Where nothing was found, it is said how many archives were not searched whole.
 *    (tests/audit_hostile.t: not searched)
 */
#include <stdlib.h>

#include "rules/secrets_config.h"

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
    struct str same;                            /* what its identity is made of */
    struct str others;                          /* ", also in …" */
    bool ours;                                  /* one of the others is not the base's */
    uint32_t told;                              /* of the value */
    uint32_t more;                              /* files beside the first */
    struct group_places VEC(struct str) places; /* of some of them */
};
struct groups VEC(struct group);

enum { OTHERS_NAMED = 3, OTHERS_KEPT = 100 };

/* Of a secret in an archive, "app.jar!/a.yml". */
static struct location place_of(struct rule_context *c, const struct placed *p, struct str inside)
{
    struct location where = rule_at_layer(c, p->layer, p->node);
    if (inside.n)
        where.path = str_fmt(c->a, STR_F "!/" STR_F, STR_A(where.path), STR_A(inside));
    return where;
}

static struct str place_text(struct rule_context *c, const struct placed *p, struct str inside)
{
    struct location where = place_of(c, p, inside);
    return str_fmt(c->a, STR_F " of layer %u", STR_A(where.path), p->layer);
}

static void add_place(struct rule_context *c, struct group *g, const struct placed *p,
                      struct str inside)
{
    g->ours |= p->layer >= c->facts->base.below.layers;
    if (g->more >= OTHERS_KEPT) {
        g->more++;
        return;
    }
    struct str text = place_text(c, p, inside);
    *vec_push(c->a, &g->places) = text;
    if (g->more++ < OTHERS_NAMED)
        g->others = str_fmt(c->a, STR_F "%s" STR_F, STR_A(g->others),
                            g->others.n ? ", " : "; also in ", STR_A(text));
}

static enum severity group_severity(const struct facts_secret *s, bool host_key)
{
    enum severity severity = host_key && s->severity > SEVERITY_HIGH ? SEVERITY_HIGH : s->severity;
    return rule_secret_severity(severity, s->doubt);
}

static void note_secret(struct rule_context *c, struct groups *groups, struct map *marks,
                        const struct placed *p, const struct facts_secret *s)
{
    bool host_key = str_starts(p->node->name, STR("ssh_host_"));
    struct str covered = {0};
    if (c->policy->ignores.n) {
        struct location where = place_of(c, p, s->inside);
        covered = rule_ignores(c, &where);
    }
    struct str key = str_fmt(c->a, STR_F " %06x " STR_F " %d " STR_F, STR_A(s->kind), s->mark,
                             STR_A(s->start), s->doubt, STR_A(covered));
    void **slot = map_at(marks, key);
    if (*slot) {
        add_place(c, &groups->v[(uintptr_t)*slot - 1], p, s->inside);
        return;
    }
    struct group *g = vec_push(c->a, groups);
    *g = (struct group){
        .index = groups->n,
        .severity = group_severity(s, host_key),
        .where = place_of(c, p, s->inside),
        .told = secret_mark_told(secret_kind_named(s->kind), s->mark),
        .same = str_fmt(c->a, STR_F ": " STR_F "%s", STR_A(s->title), STR_A(s->start),
                        rule_secret_doubt(c, s->doubt)),
        .evidence =
            str_fmt(c->a, "%s" STR_F " in line %u: " STR_F "%s%s",
                    host_key ? "SSH host key, the same in every container: " : "", STR_A(s->title),
                    s->line, STR_A(s->start), rule_secret_doubt(c, s->doubt), hidden_text(c, p)),
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
                 file->severity ? "" : "; nothing in it is known as a secret", hidden_text(c, p))
            ->same = str_of(file->what);
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
        if (h->inode->type != ENTRY_FILE)
            continue; /* what its own layer replaces is in the layer's tar all the same */
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
        f->told = g->told;
        f->same = g->same;
        f->ours = g->ours;
        f->count = g->more + 1;
        f->details = (struct strs){g->places.v, g->places.n};
    }
}

static bool is_unsearched(const struct tree_inode *inode)
{
    return inode->type == ENTRY_FILE && inode->facts &&
           ((const struct file_facts *)inode->facts)->unsearched;
}

/* "; 2 archives were not searched whole": what notes name. */
static const char *unsearched_text(struct rule_context *c)
{
    const struct tree *tree = c->facts->tree;
    size_t n = 0;
    for (struct tree_node *node = NULL; (node = tree_next(tree, node));)
        n += is_unsearched(node->inode);
    for (size_t i = 0; i < tree->n_hidden; i++)
        n += is_unsearched(tree->hidden[i].inode);
    if (!n)
        return "";
    return str_fmt(c->a, "; " STR_F " not searched whole, see the notes",
                   STR_A(rule_count_text(c->a, n, "archive")))
        .p;
}

static void check_secrets(struct rule_context *c)
{
    if (!c->secrets) {
        rule_skip(c, "no memory for looking for secrets");
        return;
    }
    rule_secrets_config(c);
    check_files(c);
    if (rule_of_folder(c))
        rule_pass(c, "none among the files of the folder%s", unsearched_text(c));
    else
        rule_pass(c, "none in config, history and manifest, nor among the files of " STR_F "%s",
                  STR_A(rule_count_text(c->a, c->facts->tree->n_layers, "layer")),
                  unsearched_text(c));
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
