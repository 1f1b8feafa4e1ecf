/* rung: what is in the merged tree → which base it stands on, and by what evidence.
 *
 * The ladder is scratch > distroless > busybox > alpine > a distribution. What counts is what is
 * there for an intruder, not a name: an image of Debian's libraries without shell and package
 * manager stands as distroless does.
 *
 * Invariants
 * 1. The first rung of the table whose condition holds is taken, so every image has one and can say
 *    why. (test_rung: table)
 */
#include "base/buf.h"
#include "facts/database.h"
#include "facts/parse.h"

static const char *const shells[] = {
    "/bin/sh",       "/bin/bash",     "/bin/ash",     "/bin/dash", "/usr/bin/sh",
    "/usr/bin/bash", "/usr/bin/dash", "/bin/zsh",     "/bin/ksh",  "/bin/busybox",
    "/busybox/sh",   "/bin/toybox",   "/bin/toolbox",
};

static const char *const managers[] = {
    "/usr/bin/apt-get", "/usr/bin/apt",    "/usr/bin/dpkg",
    "/sbin/apk",        "/usr/bin/apk",    "/bin/apk",
    "/usr/bin/dnf",     "/usr/bin/dnf5",   "/usr/bin/microdnf",
    "/usr/bin/yum",     "/usr/bin/rpm",    "/bin/rpm",
    "/usr/bin/tdnf",    "/usr/bin/zypper", "/bin/opkg",
    "/usr/bin/pacman",  "/usr/bin/emerge", "/usr/bin/xbps-install",
    "/usr/bin/nix-env",
};

struct seen {
    const struct facts *f;
    struct str shell, manager; /* paths; empty when there is none */
    bool multicall;            /* the shell is busybox or the like: one file with many names */
    bool os_release, apk_db, rpm_db, dynamic;
    size_t files;
};

static struct tree_node *find(const struct facts *f, const char *path)
{
    struct arena scratch = {0};
    struct tree_lookup found = {0};
    tree_resolve(f->tree, &scratch, (struct str){0}, str_of(path), TREE_FOLLOW, &found);
    arena_free(&scratch);
    return found.error ? NULL : found.node;
}

/* The first of the paths that leads to a file, other than `except`. */
static struct str first_of(const struct facts *f, const char *const *paths, size_t n,
                           const struct tree_inode *except, const struct tree_inode **inode)
{
    for (size_t i = 0; i < n; i++) {
        const struct tree_node *node = find(f, paths[i]);
        if (!node || node->inode->type != ENTRY_FILE || node->inode == except)
            continue;
        *inode = node->inode;
        return str_of(paths[i]);
    }
    *inode = NULL;
    return (struct str){0};
}

/* Where the shell is also ls, it is a multi-call binary, whatever its name. */
static bool is_multicall(const struct facts *f, const struct tree_inode *shell)
{
    static const char *const same[] = {"/bin/busybox", "/bin/toybox", "/bin/ls", "/usr/bin/ls",
                                       "/busybox/ls"};
    for (size_t i = 0; shell && i < sizeof same / sizeof *same; i++) {
        const struct tree_node *node = find(f, same[i]);
        if (node && node->inode == shell)
            return true;
    }
    return false;
}

static void look(const struct facts *f, struct seen *s)
{
    const struct tree_inode *shell, *manager;
    *s = (struct seen){.f = f, .files = f->tree->n_files};
    s->shell = first_of(f, shells, sizeof shells / sizeof *shells, NULL, &shell);
    s->multicall = is_multicall(f, shell);
    /* busybox answers to rpm and dpkg too, which makes it no package manager */
    s->manager = first_of(f, managers, sizeof managers / sizeof *managers,
                          s->multicall ? shell : NULL, &manager);
    s->os_release = find(f, "/etc/os-release") || find(f, "/usr/lib/os-release");
    s->rpm_db = find(f, "/var/lib/rpm") || find(f, "/usr/lib/sysimage/rpm");
    for (size_t i = 0; i < f->packages.n && !s->apk_db; i++)
        s->apk_db = f->packages.v[i].kind == PACKAGE_APK;
    for (size_t i = 0; i < f->tree->n_inodes && !s->dynamic; i++) {
        const struct tree_inode *inode = f->tree->inodes[i];
        const struct file_facts *facts = inode->nlink ? inode->facts : NULL;
        s->dynamic = facts && facts->kind == FILE_ELF && facts->elf.dynamic &&
                     facts->elf.needed.n && (facts->elf.interpreter.n || facts->elf.soname.n);
    }
}

static bool is_scratch(const struct seen *s)
{
    return !s->os_release && !s->f->packages.n && !s->shell.n && !s->manager.n && !s->dynamic;
}

static bool is_distroless(const struct seen *s)
{
    return !s->shell.n && !s->manager.n;
}

static bool is_alpine(const struct seen *s)
{
    return str_is(s->f->base.id, "alpine") || s->apk_db;
}

static bool is_busybox(const struct seen *s)
{
    return s->multicall && !s->manager.n && !is_alpine(s);
}

static bool is_distribution(const struct seen *s)
{
    return s->f->base.id.n || s->f->packages.n || s->rpm_db || s->manager.n;
}

static bool is_any(const struct seen *s)
{
    (void)s;
    return true;
}

static const struct rung {
    enum base_rung rung;
    bool (*is)(const struct seen *s);
    const char *because;
} rungs[] = {
    {RUNG_SCRATCH, is_scratch,
     "no os-release, no package database, no shell, nothing that is linked dynamically"},
    {RUNG_DISTROLESS, is_distroless, "neither a shell nor a package manager"},
    {RUNG_BUSYBOX, is_busybox, "busybox is the shell, and there is no package manager"},
    {RUNG_ALPINE, is_alpine, "Alpine, or another small base of apk's packages, with a shell"},
    {RUNG_DISTRIBUTION, is_distribution, "a distribution with a shell or a package manager"},
    {RUNG_UNKNOWN, is_any, "a shell, and nothing that says where it comes from"},
};

static struct str evidence(const struct seen *s, struct arena *a, const char *because)
{
    struct buf b = {.a = a};
    buf_addz(&b, because);
    if (s->f->base.id.n)
        buf_addf(&b, "; os-release: " STR_F,
                 STR_A(s->f->base.pretty_name.n ? s->f->base.pretty_name : s->f->base.id));
    if (s->shell.n)
        buf_addf(&b, "; shell: " STR_F, STR_A(s->shell));
    if (s->manager.n)
        buf_addf(&b, "; package manager: " STR_F, STR_A(s->manager));
    buf_addf(&b, "; %zu package%s, %zu file%s", s->f->packages.n, s->f->packages.n == 1 ? "" : "s",
             s->files, s->files == 1 ? "" : "s");
    return buf_str(&b);
}

static struct str named(const struct image *image, struct str key)
{
    const struct str_pairs *where[] = {&image->annotations, &image->config.labels};
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < where[i]->n; k++)
            if (str_eq(where[i]->v[k].key, key))
                return where[i]->v[k].value;
    return (struct str){0};
}

void facts_base_read(struct facts *f, struct arena *a)
{
    struct facts_base *base = &f->base;
    struct seen seen;
    struct str text = facts_text(f, a, STR("/etc/os-release"));
    if (!text.n)
        text = facts_text(f, a, STR("/usr/lib/os-release"));
    base->id = facts_os_release(text, a, STR("ID"));
    base->version_id = facts_os_release(text, a, STR("VERSION_ID"));
    base->pretty_name = facts_os_release(text, a, STR("PRETTY_NAME"));
    base->name = named(f->image, STR("org.opencontainers.image.base.name"));
    base->digest = named(f->image, STR("org.opencontainers.image.base.digest"));
    facts_base_layers_guess(a, f->image, &base->below);
    if (!base->name.n)
        base->name = base->below.name;
    look(f, &seen);
    for (size_t i = 0; i < sizeof rungs / sizeof *rungs; i++)
        if (rungs[i].is(&seen)) {
            base->rung = rungs[i].rung;
            base->evidence = evidence(&seen, a, rungs[i].because);
            return;
        }
}
