/* keep_config: the config of an image → what it asks for by name: the program with its arguments,
 * the health check, folders. And with nothing else to go by, all that those need.
 *
 * Invariants
 * 1. An interpreter's modules count as needed by package: which of them a program loads is written
 * in no file. (test_closure: modules)
 */
#include "base/buf.h"
#include "facts/keeper.h"

/* Words as a line of shell, so that `tini -- env A=b prog` and `sh -c …` are understood alike. */
static struct str quoted(struct arena *a, struct strs words)
{
    struct buf b = {.a = a};
    for (size_t i = 0; i < words.n; i++) {
        buf_addz(&b, i ? " '" : "'");
        for (size_t j = 0; j < words.v[i].n; j++)
            if (words.v[i].p[j] == '\'')
                buf_addz(&b, "'\\''");
            else
                buf_addc(&b, words.v[i].p[j]);
        buf_addc(&b, '\'');
    }
    return buf_str(&b);
}

/* The health check as words; none when there is no check. */
static struct strs health_words(const struct image_config *c, struct arena *a)
{
    const struct image_healthcheck *h = &c->healthcheck;
    if (!h->set || h->test.n < 2)
        return (struct strs){0};
    if (str_is(h->test.v[0], "CMD"))
        return (struct strs){h->test.v + 1, h->test.n - 1};
    if (!str_is(h->test.v[0], "CMD-SHELL"))
        return (struct strs){0};
    size_t n = c->shell.n ? c->shell.n : 2;
    struct str *v = arena_array(a, struct str, n + 1);
    v[0] = STR("/bin/sh");
    v[1] = STR("-c");
    for (size_t i = 0; i < c->shell.n; i++)
        v[i] = c->shell.v[i];
    v[n] = h->test.v[1];
    return (struct strs){v, n + 1};
}

struct tree_node *facts_health_program(const struct facts *f, struct arena *a)
{
    struct strs words = health_words(&f->image->config, a);
    struct str path;
    return words.n ? facts_which(f, a, words.v[0], &path) : NULL;
}

static void keep_command_line(struct facts_keeper *k, struct strs words, struct facts_reason reason)
{
    if (!words.n || !facts_keep_command(k, words.v[0], reason))
        return;
    facts_keep_shell(k, quoted(k->a, words), reason.detail);
}

void facts_keep_config(struct facts_keeper *k)
{
    const struct image_config *c = &k->f->image->config;
    keep_command_line(k, k->f->command, (struct facts_reason){WHY_PROGRAM, STR("the program")});
    keep_command_line(k, health_words(c, k->a),
                      (struct facts_reason){WHY_PROGRAM, STR("the health check")});
    if (c->workdir.n > 1)
        facts_keep_path(k, c->workdir, TREE_FOLLOW,
                        (struct facts_reason){WHY_PROGRAM, STR("the working folder")});
    for (size_t i = 0; i < c->volumes.n; i++) { /* a new volume starts with what is there */
        struct facts_reason reason = {WHY_PROGRAM, STR("a volume of the config")};
        struct tree_node *node = facts_keep_path(k, c->volumes.v[i], TREE_FOLLOW, reason);
        if (node && node->parent)
            facts_keep_subtree(k, node, reason);
    }
}

/* ---- the config alone ---- */

/* Programs that load modules by a name in a text: files of packages that go into these folders are
 * theirs. */
static const struct module_host {
    const char *programs[4]; /* patterns of file names */
    const char *folders[3];  /* below /usr; anywhere in the path */
} hosts[] = {
    {{"python[0-9]*", "libpython[0-9]*"}, {"/dist-packages/", "/site-packages/"}},
    {{"node", "nodejs", "libnode.so*"}, {"/share/nodejs/", "/node_modules/", "/lib/nodejs/"}},
    {{"ruby", "ruby[0-9]*", "libruby*.so*"}, {"/ruby/", "/rubygems-integration/"}},
    {{"perl", "perl5*", "libperl.so*"}, {"/perl5/", "/perl/"}},
    {{"php", "php[0-9]*", "php-fpm*", "libphp*.so"}, {"/php/"}},
    {{"lua*", "texlua", "luajit*"}, {"/lua/"}},
    {{"libjvm.so"}, {"/share/java/", "/lib/jvm/"}},
    {{"nginx"}, {"/nginx/modules/"}},
    {{"apache2", "httpd"}, {"/apache2/modules/", "/httpd/modules/"}},
    {{"postgres"}, {"/postgresql/"}},
    {{"guile*"}, {"/guile/"}},
    {{"tclsh*", "wish*"}, {"/tcltk/"}},
};

enum { N_HOSTS = sizeof hosts / sizeof *hosts };
_Static_assert(N_HOSTS <= 32, "a set of hosts has a bit for each");

static uint32_t hosts_among(const struct facts_keep *keep)
{
    uint32_t set = 0;
    for (size_t i = 0; i < keep->by_node.n; i++) {
        const struct facts_kept *kept = keep->by_node.v[i].value;
        for (size_t h = 0; facts_is_touched(kept) && h < N_HOSTS; h++)
            for (size_t j = 0; j < 4 && hosts[h].programs[j] && !(set >> h & 1); j++)
                if (facts_keep_matches(kept->node->name, str_of(hosts[h].programs[j])))
                    set |= 1u << h;
    }
    return set;
}

static bool is_module(struct str path, uint32_t set)
{
    if (!str_starts(path, STR("/usr/")) || str_starts(path, STR("/usr/share/doc/")) ||
        str_starts(path, STR("/usr/share/lintian/")))
        return false;
    for (size_t h = 0; h < N_HOSTS; h++)
        for (size_t j = 0; set >> h & 1 && j < 3 && hosts[h].folders[j]; j++)
            if (str_has(path, str_of(hosts[h].folders[j])))
                return true;
    return false;
}

/* Packages with modules of these hosts, whole. */
static void keep_modules(struct facts_keeper *k, uint32_t set)
{
    vec_each (&k->f->packages, i) {
        const struct facts_package *p = &k->f->packages.v[i];
        for (size_t j = 0; j < p->files.n; j++)
            if (is_module(p->files.v[j], set)) {
                facts_keep_package(
                    k, p, (struct facts_reason){WHY_FAMILY, STR("modules of an interpreter")});
                break;
            }
    }
}

/* ELF files that came without a package are the application's own, however it finds them. */
static void keep_own_libraries(struct facts_keeper *k)
{
    for (struct tree_node *node = NULL; (node = tree_next(k->f->tree, node));) {
        const struct file_facts *ff = facts_of(node);
        if (node->inode->type == ENTRY_FILE && node->inode->owner == TREE_NO_OWNER && ff &&
            ff->kind == FILE_ELF)
            facts_keep_node(k, node,
                            (struct facts_reason){WHY_PROGRAM, STR("the application's own")});
    }
}

static int close_all(struct facts_keeper *k, struct err *e)
{
    uint32_t seen = 0, set;
    facts_keep_config(k);
    keep_own_libraries(k);
    if (facts_keep_run(k, e))
        return -1;
    while ((set = hosts_among(k->keep)) != seen) { /* as often as there are hosts, at most */
        keep_modules(k, set & ~seen);
        seen = set;
        if (facts_keep_run(k, e))
            return -1;
    }
    return 0;
}

int facts_closure(struct arena *a, const struct facts *f, struct facts_keep *ret, struct err *e)
{
    struct facts_keep keep = {.nodes = {.a = a}, .by_node = {.a = a}, .tree = f->tree};
    struct facts_keeper k = facts_keep_new(a, f, &keep);
    int rc = close_all(&k, e);
    facts_keep_end(&k);
    if (!rc)
        *ret = keep;
    return rc;
}
