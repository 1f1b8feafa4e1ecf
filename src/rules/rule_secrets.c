/* rule_secrets: config, history and file names of every layer → CIS 4.10.
 *
 * What a later layer deletes is still in the image for whoever unpacks the layer before it, so
 * hidden files count, and the finding names the layer that hid them. */
#include "rules/rule.h"
#include "secret/redact.h"

static void report_token(struct rule_context *c, struct location where, struct str text,
                         const struct secret_hit *hit, const char *in)
{
    rule_add(c, SEVERITY_CRITICAL, where, "%s%s: " STR_F, hit->what, in,
             STR_A(secret_short(c->a, str_slice(text, hit->at, hit->at + hit->n))));
}

static void check_pair(struct rule_context *c, struct location where, struct str name,
                       struct str value)
{
    struct secret_hit hit;
    if (secret_find(value, 0, &hit))
        report_token(c, where, value, &hit,
                     str_cstr(c->a, str_fmt(c->a, " in " STR_F, STR_A(name))));
    else if (secret_assignment(name, value))
        rule_add(c, SEVERITY_HIGH, where, "a literal value in " STR_F ": " STR_F, STR_A(name),
                 STR_A(secret_short(c->a, value)));
}

static void check_config(struct rule_context *c)
{
    const struct image_config *config = &c->facts->image->config;
    for (size_t i = 0; i < config->env.n; i++) {
        struct str name, value;
        str_cut(config->env.v[i], '=', &name, &value);
        check_pair(c, rule_at_config(c, "Env[%zu]", i), name, value);
    }
    for (size_t i = 0; i < config->labels.n; i++)
        check_pair(c, rule_at_config(c, "Labels[%zu]", i), config->labels.v[i].key,
                   config->labels.v[i].value);
}

/* A build argument stands in every RUN after it, and ENV in the config too: once is enough. */
static bool is_new(struct map *seen, struct arena *a, struct str name, struct str value)
{
    struct str key = str_fmt(a, STR_F "=" STR_F, STR_A(name), STR_A(value));
    bool had = map_has(seen, key);
    *map_at(seen, key) = seen;
    return !had;
}

static void check_history_line(struct rule_context *c, struct map *seen, size_t i, struct str text)
{
    struct location where = rule_at_config(c, "history[%zu]", i);
    struct secret_hit hit;
    struct str name;
    for (size_t at = 0; secret_find(text, at, &hit); at = hit.at + hit.n)
        if (is_new(seen, c->a, STR(""), str_slice(text, hit.at, hit.at + hit.n)))
            report_token(c, where, text, &hit, "");
    for (size_t at = 0; secret_find_assignment(text, at, &name, &hit); at = hit.at + hit.n) {
        struct str value = str_slice(text, hit.at, hit.at + hit.n);
        struct secret_hit token;
        if (!secret_find(value, 0, &token) && is_new(seen, c->a, name, value))
            rule_add(c, SEVERITY_HIGH, where, "a literal value for " STR_F ": " STR_F, STR_A(name),
                     STR_A(secret_short(c->a, value)));
    }
}

static void check_history(struct rule_context *c)
{
    const struct image_config *config = &c->facts->image->config;
    struct map seen = {.a = c->a};
    for (size_t i = 0; i < config->env.n; i++) {
        struct str name, value;
        struct secret_hit hit;
        str_cut(config->env.v[i], '=', &name, &value);
        is_new(&seen, c->a, name, value);
        if (secret_find(value, 0, &hit))
            is_new(&seen, c->a, STR(""), str_slice(value, hit.at, hit.at + hit.n));
    }
    for (size_t i = 0; i < config->n_history; i++)
        check_history_line(c, &seen, i, config->history[i].created_by);
}

/* A file that holds secrets, by its name: its content is not kept. Private keys are told by their
 * first line, whatever their name. */
static const struct secret_file {
    const char *folder; /* of the file, or NULL: any */
    const char *name;   /* whole name, or "*.suffix" */
    enum severity severity;
    const char *what;
} secret_files[] = {
    {".aws", "credentials", SEVERITY_CRITICAL, "AWS credentials"},
    {".docker", "config.json", SEVERITY_HIGH, "registry logins"},
    {NULL, ".dockercfg", SEVERITY_HIGH, "registry logins"},
    {".kube", "config", SEVERITY_HIGH, "cluster credentials"},
    {NULL, ".npmrc", SEVERITY_MEDIUM, "npm settings, which may hold a token"},
    {NULL, ".pypirc", SEVERITY_HIGH, "PyPI login"},
    {NULL, ".netrc", SEVERITY_HIGH, "logins of curl and others"},
    {NULL, "_netrc", SEVERITY_HIGH, "logins of curl and others"},
    {NULL, ".git-credentials", SEVERITY_CRITICAL, "git logins"},
    {NULL, ".pgpass", SEVERITY_HIGH, "PostgreSQL passwords"},
    {NULL, ".my.cnf", SEVERITY_MEDIUM, "MySQL client settings, which may hold a password"},
    {NULL, ".vault-token", SEVERITY_CRITICAL, "Vault token"},
    {NULL, "credentials.tfrc.json", SEVERITY_HIGH, "Terraform token"},
    {NULL, "application_default_credentials.json", SEVERITY_CRITICAL, "Google credentials"},
    {NULL, ".env", SEVERITY_MEDIUM, "settings, which may hold passwords"},
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

/* What its content holds. */
static void judge_content(struct rule_context *c, const struct placed *p,
                          const struct file_facts *ff)
{
    bool host_key = str_starts(p->node->name, STR("ssh_host_"));
    for (size_t i = 0; i < ff->n_secrets && !rule_full(c); i++) {
        const struct facts_secret *s = &ff->secrets[i];
        enum severity severity = s->sample                  ? SEVERITY_INFO
                                 : s->critical && !host_key ? SEVERITY_CRITICAL
                                                            : SEVERITY_HIGH;
        rule_add(c, severity, rule_at_layer(c, p->layer, p->node),
                 "%s" STR_F " in line %u: " STR_F "%s%s",
                 host_key ? "SSH host key, the same in every container: " : "", STR_A(s->title),
                 s->line, STR_A(s->start), s->sample ? ", known from documentation" : "",
                 hidden_text(c, p));
    }
}

static void judge_file(struct rule_context *c, const struct placed *p)
{
    const struct file_facts *ff = p->inode->facts;
    const struct secret_file *file = by_name(p->node);
    if (ff && ff->n_secrets)
        judge_content(c, p, ff);
    else if (file && p->inode->size && !rule_full(c))
        rule_add(c, file->severity, rule_at_layer(c, p->layer, p->node),
                 "%s, %llu bytes, by its name%s", file->what, (unsigned long long)p->inode->size,
                 hidden_text(c, p));
}

static void check_files(struct rule_context *c)
{
    const struct tree *tree = c->facts->tree;
    for (struct tree_node *node = NULL; (node = tree_next(tree, node));) {
        struct placed p = {node, node->inode, node->layer, false, 0};
        if (node->inode->type != ENTRY_FILE || facts_owner(c->facts, node))
            continue; /* what a package brings is known to the whole world */
        judge_file(c, &p);
    }
    for (size_t i = 0; i < tree->n_hidden; i++) {
        const struct tree_hidden *h = &tree->hidden[i];
        struct placed p = {h->node, h->inode, h->layer, true, h->hidden_by};
        if (h->inode->type != ENTRY_FILE || h->layer == h->hidden_by)
            continue;
        judge_file(c, &p);
    }
}

static void check_secrets(struct rule_context *c)
{
    check_config(c);
    check_history(c);
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
