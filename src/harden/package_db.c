/* package_db: a package database → one that tells of the kept packages only.
 *
 * Scanners read what is installed from it. A database that is gone hides what is kept; a whole one
 * accuses the result of what it no longer holds. dpkg's status and apk's installed file are
 * paragraphs with one package each, so a trimmed one is some of their paragraphs, bytes unchanged.
 * os-release goes with it: without the distribution's name a package says nothing.
 *
 * Invariants
 * 1. A result that keeps no file of a package gets no database. (test_package_db: none)
 * 2. A package is in the trimmed text exactly when one of its files is kept. (test_package_db)
 */
#include "base/buf.h"
#include "harden/choose.h"

static const struct database {
    struct str path;
    enum package_kind kind;
    struct str name; /* the field with the package's name */
} databases[] = {
    {STR_INIT("/var/lib/dpkg/status"), PACKAGE_DPKG, STR_INIT("Package:")},
    {STR_INIT("/lib/apk/db/installed"), PACKAGE_APK, STR_INIT("P:")},
    {STR_INIT("/usr/lib/apk/db/installed"), PACKAGE_APK, STR_INIT("P:")},
};
enum { N_DATABASES = sizeof databases / sizeof *databases };

/* Names of packages of which something is kept; of one kind. */
static struct map kept_packages(struct arena *a, const struct facts *f,
                                const struct facts_keep *keep, enum package_kind kind)
{
    struct map names = {.a = a};
    for (size_t i = 0; i < keep->by_node.n; i++) {
        const struct facts_kept *kept = keep->by_node.v[i].value;
        const struct facts_package *p =
            kept->node->inode->type == ENTRY_DIR ? NULL : facts_owner(f, kept->node);
        if (p && p->kind == kind)
            *map_at(&names, p->name) = (void *)(uintptr_t)p;
    }
    return names;
}

void package_db_keep(struct facts_keeper *k)
{
    struct facts_reason reason = {WHY_FAMILY, STR("family: package database")};
    for (size_t i = 0; i < N_DATABASES; i++) {
        if (!kept_packages(k->a, k->f, k->keep, databases[i].kind).n)
            continue;
        if (!facts_keep_path(k, databases[i].path, TREE_FOLLOW, reason))
            continue;
        facts_keep_path(k, STR("/etc/os-release"), TREE_FOLLOW, reason);
        facts_keep_path(k, STR("/etc/debian_version"), TREE_FOLLOW, reason);
        facts_keep_path(k, STR("/etc/alpine-release"), TREE_FOLLOW, reason);
    }
    /* distroless: one file a package, named after it */
    struct map names = kept_packages(k->a, k->f, k->keep, PACKAGE_DPKG);
    map_each (&names, i) {
        struct str stem = str_fmt(k->a, "/var/lib/dpkg/status.d/" STR_F, STR_A(names.v[i].key));
        if (facts_keep_path(k, stem, TREE_FOLLOW, reason))
            facts_keep_path(k, STR("/etc/os-release"), TREE_FOLLOW, reason);
        facts_keep_path(k, str_fmt(k->a, STR_F ".md5sums", STR_A(stem)), TREE_FOLLOW, reason);
    }
}

/* Takes the next paragraph with its blank line off *rest. */
static bool paragraph(struct str *rest, struct str *ret)
{
    if (!rest->n)
        return false;
    size_t end = str_find_str(*rest, STR("\n\n"));
    end = end == rest->n ? rest->n : end + 2;
    *ret = str_slice(*rest, 0, end);
    *rest = str_from(*rest, end);
    return true;
}

static struct str field(struct str text, struct str name)
{
    struct str line;
    while (str_line(&text, &line))
        if (str_starts(line, name))
            return str_trim(str_from(line, name.n));
    return (struct str){0};
}

static struct str trim(struct arena *a, const struct database *d, const struct map *names,
                       struct str text)
{
    struct buf b = {.a = a};
    struct str one;
    while (paragraph(&text, &one))
        if (map_has(names, field(one, d->name)))
            buf_add(&b, one);
    return buf_str(&b);
}

bool package_db_trim(struct arena *a, const struct facts *f, const struct facts_keep *keep,
                     const struct tree_node *node, struct str *ret)
{
    const struct file_facts *facts = facts_of(node);
    if (!facts || !facts->text.n || node->inode->type != ENTRY_FILE)
        return false;
    for (size_t i = 0; i < N_DATABASES; i++) {
        struct tree_lookup found = {0};
        tree_resolve(keep->tree, a, STR("/"), databases[i].path, TREE_FOLLOW, &found);
        if (found.error || !found.node || found.node->inode != node->inode)
            continue;
        struct map names = kept_packages(a, f, keep, databases[i].kind);
        *ret = trim(a, &databases[i], &names, facts->text);
        return true;
    }
    return false;
}
