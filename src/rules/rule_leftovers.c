/* rule_leftovers: what building left in the image → caches of package managers, things of the
 * workplace. One finding a kind, with how much of it there is.
 *
 * Invariants
 * 1. What a package or a library of a language brought is its own, however it is called.
 *    (test_rules: SHUCK-LEFTOVERS)
 * 2. A folder is of the layer that brought most of what is in it, not of the one that made it.
 *    (test_audit: layer of the bytes)
 */
#include "rules/rule.h"

enum { DETAILS = 20 };

/* ---- caches ---- */

/* Below it nobody would take the trouble; from LARGE_CACHE on it is worth more than a word. */
#define SMALL_CACHE 100000u
#define LARGE_CACHE 1000000u

static const struct cache {
    const char *path; /* absolute, or below a home folder */
    const char *what, *remedy;
} caches[] = {
    {"/var/lib/apt/lists", "apt's package lists", "rm -rf /var/lib/apt/lists/*"},
    {"/var/cache/apt", "apt's cache", "apt-get clean"},
    {"/var/cache/apk", "apk's cache", "apk add --no-cache"},
    {"/etc/apk/cache", "apk's cache", "apk add --no-cache"},
    {"/var/cache/yum", "yum's cache", "yum clean all"},
    {"/var/cache/dnf", "dnf's cache", "dnf clean all"},
    {"/var/cache/libdnf5", "dnf's cache", "dnf clean all"},
    {"/var/cache/tdnf", "tdnf's cache", "tdnf clean all"},
    {"/var/cache/zypp", "zypper's cache", "zypper clean --all"},
    {"/var/cache/pacman/pkg", "pacman's cache", "pacman -Scc --noconfirm"},
    {"/opt/conda/pkgs", "conda's cache", "conda clean --all --yes"},
    {"/usr/local/share/.cache", "yarn's cache", "yarn cache clean"},
    {"/usr/local/cargo/registry", "cargo's cache", "a mount of type cache, or another stage"},
    {"/go/pkg/mod/cache", "go's cache", "go clean -modcache"},
    {".npm", "npm's cache", "npm cache clean --force"},
    {".cache/pip", "pip's cache", "pip install --no-cache-dir"},
    {".cache/uv", "uv's cache", "uv cache clean"},
    {".cache/pypoetry", "poetry's cache", "poetry cache clear --all ."},
    {".cache/yarn", "yarn's cache", "yarn cache clean"},
    {".cache/composer", "composer's cache", "composer clear-cache"},
    {".composer/cache", "composer's cache", "composer clear-cache"},
    {".cache/go-build", "go's cache", "go clean -cache"},
    {"go/pkg/mod/cache", "go's cache", "go clean -modcache"},
    {".gradle/caches", "gradle's cache", "a mount of type cache, or another stage"},
    {".m2/repository", "maven's cache", "a mount of type cache, or another stage"},
    {".cargo/registry", "cargo's cache", "a mount of type cache, or another stage"},
};

enum { N_CACHES = sizeof caches / sizeof *caches };

/* Bytes, and which layers brought them. */
struct weight {
    uint64_t bytes;
    uint64_t *of_layer;
    uint32_t most; /* the layer with most of them; of equals the uppermost */
    uint32_t layers;
};

static void add_weight(struct weight *w, const struct tree_inode *inode, uint32_t layer)
{
    w->bytes += inode->size;
    w->layers += inode->size && !w->of_layer[layer];
    w->of_layer[layer] += inode->size;
}

static void find_most(struct weight *w, size_t n_layers)
{
    for (uint32_t i = 0; w->bytes && i < n_layers; i++)
        w->most = w->of_layer[i] >= w->of_layer[w->most] ? i : w->most;
}

/* A folder may be older than what lies in it: whoever wrote the bytes is to blame. */
static struct weight weigh(struct rule_context *c, const struct tree_node *dir)
{
    size_t n = c->facts->tree->n_layers;
    struct weight w = {.of_layer = arena_array(c->a, uint64_t, n), .most = dir->layer};
    for (const struct tree_node *at = dir->child; at;) {
        if (at->inode->type == ENTRY_FILE)
            add_weight(&w, at->inode, at->inode->layer);
        if (at->child) {
            at = at->child;
            continue;
        }
        while (at != dir && !at->next)
            at = at->parent;
        at = at == dir ? NULL : at->next;
    }
    find_most(&w, n);
    return w;
}

/* "", or what other layers have of it. */
static struct str elsewhere_text(struct arena *a, const struct weight *w)
{
    if (w->layers < 2)
        return (struct str){0};
    return str_fmt(a, ", " STR_F " of it in %u other layer%s",
                   STR_A(str_size(a, w->bytes - w->of_layer[w->most])), w->layers - 1,
                   w->layers == 2 ? "" : "s");
}

static void add_cache(struct rule_context *c, const struct cache *cache, struct str path)
{
    struct tree_lookup found = {0};
    tree_resolve(c->facts->tree, c->a, (struct str){0}, path, TREE_NOFOLLOW, &found);
    if (found.error || found.node->inode->type != ENTRY_DIR)
        return;
    struct weight w = weigh(c, found.node);
    if (w.bytes < SMALL_CACHE)
        return;
    rule_add(c, w.bytes < LARGE_CACHE ? SEVERITY_INFO : SEVERITY_LOW,
             rule_at_layer(c, w.most, found.node), STR_F " of %s" STR_F,
             STR_A(str_size(c->a, w.bytes)), cache->what, STR_A(elsewhere_text(c->a, &w)))
        ->remedy = str_fmt(c->a, "In the RUN that fills it: %s.", cache->remedy);
}

static void add_home_cache(struct rule_context *c, const struct cache *cache)
{
    struct tree_lookup homes = {0};
    add_cache(c, cache, str_fmt(c->a, "/root/%s", cache->path));
    tree_resolve(c->facts->tree, c->a, (struct str){0}, STR("/home"), TREE_NOFOLLOW, &homes);
    for (const struct tree_node *at = homes.error ? NULL : homes.node->child; at; at = at->next)
        if (!rule_full(c))
            add_cache(c, cache, str_fmt(c->a, "/home/" STR_F "/%s", STR_A(at->name), cache->path));
}

/* The cache that a path is of, or NULL. */
static const struct cache *cache_of(struct str path)
{
    for (size_t i = 0; i < N_CACHES; i++) {
        struct str cache = str_of(caches[i].path), below = path;
        if (cache.p[0] != '/') {
            if (!str_starts(path, STR("/root/")))
                continue;
            below = str_from(path, sizeof "/root/" - 1);
        }
        if (str_starts(below, cache) && below.n > cache.n && below.p[cache.n] == '/')
            return &caches[i];
    }
    return NULL;
}

/* Removed in a later layer than it came with: it is pulled all the same. */
static void add_hidden_caches(struct rule_context *c)
{
    const struct tree *tree = c->facts->tree;
    struct {
        struct weight w;
        const struct tree_hidden **first; /* per layer */
    } sums[N_CACHES] = {0};
    for (size_t i = 0; i < tree->n_hidden; i++) {
        const struct tree_hidden *h = &tree->hidden[i];
        if (h->inode->type != ENTRY_FILE || h->hidden_by == h->layer)
            continue;
        struct arena_mark mark = arena_mark(c->a);
        const struct cache *cache = cache_of(tree_path(c->a, h->node));
        arena_rewind(c->a, mark);
        if (!cache)
            continue;
        struct weight *w = &sums[cache - caches].w;
        if (!w->of_layer) {
            w->of_layer = arena_array(c->a, uint64_t, tree->n_layers);
            sums[cache - caches].first =
                arena_array(c->a, const struct tree_hidden *, tree->n_layers);
        }
        if (!sums[cache - caches].first[h->layer])
            sums[cache - caches].first[h->layer] = h;
        add_weight(w, h->inode, h->layer);
    }
    for (size_t i = 0; i < N_CACHES; i++) {
        struct weight *w = &sums[i].w;
        if (w->bytes < LARGE_CACHE)
            continue;
        find_most(w, tree->n_layers);
        const struct tree_hidden *h = sums[i].first[w->most];
        rule_add(c, SEVERITY_LOW, rule_at_layer(c, h->layer, h->node),
                 STR_F " of %s" STR_F ", which layer %u removes: they are pulled all the same",
                 STR_A(str_size(c->a, w->bytes)), caches[i].what, STR_A(elsewhere_text(c->a, w)),
                 h->hidden_by)
            ->remedy = str_fmt(c->a, "In the RUN that fills it: %s.", caches[i].remedy);
    }
}

static void check_caches(struct rule_context *c)
{
    for (size_t i = 0; i < N_CACHES; i++)
        if (caches[i].path[0] == '/')
            add_cache(c, &caches[i], str_of(caches[i].path));
        else
            add_home_cache(c, &caches[i]);
    add_hidden_caches(c);
    rule_pass(c, "none of %d caches of package managers holds more than " STR_F, N_CACHES,
              STR_A(str_size(c->a, SMALL_CACHE)));
}

const struct rule rule_caches = {
    .info = {.id = "SHUCK-CACHES",
             .aliases = {"DKL-DI-0005", "DS015", "DS019"},
             .severity = SEVERITY_LOW,
             .title = "No cache of a package manager is left",
             .why = "What was fetched to install from is carried along by every copy of the image, "
                    "and tells an intruder which versions there are. A later layer that removes it "
                    "makes nothing smaller.",
             .remedy = "Empty the cache in the RUN that fills it, or keep it out of the image with "
                       "a mount.",
             .example = "RUN --mount=type=cache,target=/root/.cache/pip pip install ."},
    .check = check_caches,
};

/* ---- things of the workplace ---- */

static const struct leftover {
    const char *names; /* blanks around each */
    enum image_entry_type type;
    enum severity severity;
    const char *what;
} leftovers[] = {
    {" .svn .hg .bzr ", ENTRY_DIR, SEVERITY_MEDIUM, "a checkout, perhaps with its history"},
    {" .aws .azure .kube .gcloud .oci ", ENTRY_DIR, SEVERITY_LOW, "settings of a cloud's tools"},
    {" .gnupg ", ENTRY_DIR, SEVERITY_LOW, "key rings"},
    {" .terraform ", ENTRY_DIR, SEVERITY_LOW, "Terraform's working folder"},
    {" .idea .vscode .settings ", ENTRY_DIR, SEVERITY_INFO, "an editor's settings"},
    {" authorized_keys ", ENTRY_FILE, SEVERITY_MEDIUM, "whoever has a key in it may log in"},
    {" .bash_history .zsh_history .ash_history .psql_history .mysql_history .python_history "
     ".node_repl_history .rediscli_history .sqlite_history ",
     ENTRY_FILE, SEVERITY_LOW, "what was typed by hand"},
    {" terraform.tfstate terraform.tfstate.backup ", ENTRY_FILE, SEVERITY_MEDIUM,
     "Terraform's state, which holds secrets as plain text"},
    {" .DS_Store Thumbs.db .viminfo .lesshst ", ENTRY_FILE, SEVERITY_INFO,
     "a trace of who copied it"},
    {" Dockerfile Containerfile docker-compose.yml docker-compose.yaml compose.yaml "
     ".dockerignore ",
     ENTRY_FILE, SEVERITY_INFO, "how the image is built and run"},
};

enum { N_LEFTOVERS = sizeof leftovers / sizeof *leftovers };

/* Of a package, or in a folder that libraries are installed or unpacked into. */
static bool is_brought(const struct tree_node *node)
{
    static const char libraries[] = " node_modules site-packages dist-packages gems vendor pkg ";
    const struct tree_node *top = node;
    if (node->inode->owner != TREE_NO_OWNER)
        return true;
    for (; top->parent && top->parent->parent; top = top->parent)
        if (rule_lists(libraries, top->name))
            return true;
    return str_is(top->name, "usr"); /* where others' files are, whoever put them there */
}

static bool is_leftover(const struct leftover *kind, const struct tree_node *node)
{
    const struct tree_inode *inode = node->inode;
    return inode->type == kind->type &&
           (inode->type == ENTRY_DIR ? node->child != NULL : inode->size) &&
           rule_lists(kind->names, node->name);
}

static uint32_t layer_of(struct rule_context *c, const struct tree_node *node)
{
    return node->inode->type == ENTRY_DIR ? weigh(c, node).most : node->layer;
}

struct kind_found {
    const struct tree_node *first;
    uint32_t n;
    struct str paths[DETAILS];
};

static void check_leftovers(struct rule_context *c)
{
    struct kind_found *found = arena_array(c->a, struct kind_found, N_LEFTOVERS);
    for (struct tree_node *node = NULL; (node = tree_next(c->facts->tree, node));)
        for (size_t i = 0; i < N_LEFTOVERS; i++) {
            if (!is_leftover(&leftovers[i], node) || is_brought(node))
                continue;
            struct kind_found *k = &found[i];
            k->first = k->first ? k->first : node;
            if (k->n < DETAILS)
                k->paths[k->n] = tree_path(c->a, node);
            k->n++;
        }
    for (size_t i = 0; i < N_LEFTOVERS; i++) {
        struct kind_found *k = &found[i];
        if (!k->n)
            continue;
        struct finding *f = rule_add(
            c, leftovers[i].severity, rule_at_layer(c, layer_of(c, k->first), k->first), "%s%s",
            leftovers[i].what, k->n > 1 ? str_fmt(c->a, "; and %u more", k->n - 1).p : "");
        f->count = k->n;
        f->details = (struct strs){k->paths, k->n < DETAILS ? k->n : DETAILS};
    }
    rule_pass(c, "nothing of the place where it was built");
}

const struct rule rule_leftovers = {
    .info = {.id = "SHUCK-LEFTOVERS",
             .severity = SEVERITY_LOW,
             .title = "Nothing of the workplace was copied in",
             .why =
                 "Settings of a person's tools tell of accounts, servers and keys, and a list of "
                 "keys for logins opens a door that nobody remembers.",
             .remedy = "Name them in .dockerignore, or copy only what the program needs.",
             .example = "COPY --from=build /src/dist /srv"},
    .check = check_leftovers,
};
