/* packages: the databases of the merged tree, and of every layer → packages, owners, layers.
 *
 * A list says /bin/ls where the tree, usr-merged, has /usr/bin/ls: the folder part of each path is
 * resolved in the tree, its last name is taken as it stands, so that a symlink is owned too.
 *
 * Invariants
 * 1. A diverted path belongs to its package under the name it was diverted to. (test_packages:
 *    diversion)
 * 2. Each path of a list costs one look-up in its folder. (test_packages: merged usr)
 * 3. Look-ups through symlinks are bounded for all lists together. (test_packages: links)
 * 4. A package's layer is the lowest whose own copy of the database has that name, version and
 *    architecture. (test_packages: layers)
 */
#include <errno.h>

#include "base/buf.h"
#include "base/limits.h"
#include "facts/database.h"
#include "facts/parse.h"
#include "tree/walk.h"

#define DPKG_STATUS     STR("/var/lib/dpkg/status")
#define DPKG_STATUS_DIR STR("/var/lib/dpkg/status.d")
#define DPKG_INFO       STR("/var/lib/dpkg/info")

typedef void reader(struct str text, struct arena *a, struct facts_room *room,
                    struct facts_packages *ret);

/* Databases that are one file, files of packages included. Of /lib and /usr/lib, and of the places
 * of rpm's, one may be a symlink to the other. */
static const struct whole {
    struct str path;
    reader *read;
} whole_databases[] = {
    {STR_INIT("/lib/apk/db/installed"), facts_apk_read},
    {STR_INIT("/usr/lib/apk/db/installed"), facts_apk_read},
    {STR_INIT("/usr/lib/sysimage/rpm/rpmdb.sqlite"), facts_rpm_read},
    {STR_INIT("/usr/lib/sysimage/rpm/Packages.db"), facts_rpm_read},
    {STR_INIT("/usr/lib/sysimage/rpm/Packages"), facts_rpm_read},
    {STR_INIT("/var/lib/rpm/rpmdb.sqlite"), facts_rpm_read},
    {STR_INIT("/var/lib/rpm/Packages.db"), facts_rpm_read},
    {STR_INIT("/var/lib/rpm/Packages"), facts_rpm_read},
};

enum { WHOLE_DATABASES = sizeof whole_databases / sizeof *whole_databases };

struct diversion {
    struct str to, package;
};

struct reading {
    struct facts *f;
    struct arena *a;
    struct arena scratch;
    struct facts_room room;
    struct strs *notes;
    struct map diversions; /* path → struct diversion * */
    struct str folder;     /* the last one that was resolved, and what it led to */
    struct tree_node *folder_node;
    uint64_t steps; /* of resolving them; see LIMIT_LINK_STEPS */
};

const struct file_facts *facts_text_file(const struct facts *f, struct arena *a, struct str path,
                                         struct tree_node **node)
{
    struct tree_lookup found = {0};
    tree_resolve(f->tree, a, (struct str){0}, path, TREE_FOLLOW, &found);
    if (node)
        *node = found.error ? NULL : found.node;
    return found.error ? NULL : facts_of(found.node);
}

static void note(struct reading *r, struct str path, const char *what)
{
    if (r->notes)
        facts_add(r->a, r->notes, str_fmt(r->a, STR_F " %s", STR_A(path), what));
}

static void note_unread(struct reading *r, struct str path, const struct file_facts *file)
{
    if (file->text_left_out)
        note(r, path, "is too large to be read; its packages are not known");
    else if (file->note.n)
        note(r, path, str_cstr(r->a, file->note));
}

/* The text of a database, or an absent one; a database that was not kept is noted. */
static struct str database(struct reading *r, struct str path, struct tree_node **node)
{
    const struct file_facts *file = facts_text_file(r->f, r->a, path, node);
    if (!file)
        return (struct str){0};
    note_unread(r, path, file);
    return file->text;
}

/* ---- files ---- */

static void read_diversions(struct reading *r)
{
    struct str text = database(r, STR("/var/lib/dpkg/diversions"), NULL), from, to, package;
    while (str_line(&text, &from) && str_line(&text, &to) && str_line(&text, &package)) {
        struct diversion *d = arena_new(r->a, struct diversion);
        *d = (struct diversion){to, package};
        *map_at(&r->diversions, from) = d;
    }
}

/* The node a list's path names: lists are sorted, so the folder is mostly the last one's. */
static struct tree_node *find_file(struct reading *r, struct str path)
{
    size_t slash = str_rfind(path, '/');
    struct str folder = str_slice(path, 0, slash), name = str_from(path, slash + 1);
    if (!r->folder_node || !str_eq(folder, r->folder)) {
        struct tree_walk found = {.error = ELOOP};
        if (r->steps <= LIMIT_LINK_STEPS)
            tree_walk(r->f->tree, r->f->tree->root, folder.n ? folder : STR("/"), TREE_FOLLOW, NULL,
                      &found);
        r->steps += found.steps;
        r->folder = str_dup(&r->scratch, folder);
        r->folder_node = found.error ? NULL : found.at;
    }
    if (!r->folder_node || r->folder_node->inode->type != ENTRY_DIR || !name.n)
        return NULL;
    return tree_child(r->f->tree, r->folder_node, name);
}

/* Folders have many owners, and so have none here. */
static void own_files(struct reading *r, size_t index)
{
    struct facts_package *p = &r->f->packages.v[index];
    for (size_t i = 0; i < p->files.n; i++) {
        struct str *path = &p->files.v[i];
        const struct diversion *d = p->kind == PACKAGE_DPKG ? map_get(&r->diversions, *path) : NULL;
        if (d && !str_eq(d->package, p->name))
            *path = d->to;
        struct tree_node *node = find_file(r, *path);
        if (node && node->inode->type != ENTRY_DIR && node->inode->owner == TREE_NO_OWNER)
            node->inode->owner = (uint32_t)index + 1;
    }
}

/* info/NAME.list, or NAME:ARCH.list where several architectures may stand side by side. */
static void read_dpkg_list(struct reading *r, const struct tree_node *info, struct facts_package *p)
{
    struct str names[] = {
        str_fmt(&r->scratch, STR_F ".list", STR_A(p->name)),
        str_fmt(&r->scratch, STR_F ":" STR_F ".list", STR_A(p->name), STR_A(p->arch)),
    };
    for (size_t i = 2; i-- > 0;) {
        const struct file_facts *file = facts_of(tree_child(r->f->tree, info, names[i]));
        if (!file || file->kind != FILE_TEXT)
            continue;
        if (file->text_left_out)
            note(r, names[i], "is too large to be read");
        p->files = facts_dpkg_list(file->text, r->a, &r->room);
        return;
    }
}

/* ---- databases ---- */

static void read_dpkg(struct reading *r)
{
    struct facts_packages *packages = &r->f->packages;
    struct tree_lookup info = {0};
    size_t first = packages->n;
    facts_dpkg_read(database(r, DPKG_STATUS, NULL), r->a, &r->room, packages);
    tree_resolve(r->f->tree, r->a, (struct str){0}, DPKG_INFO, TREE_FOLLOW, &info);
    if (info.error || packages->n == first)
        return;
    read_diversions(r);
    for (size_t i = first; i < packages->n; i++)
        read_dpkg_list(r, info.node, &packages->v[i]);
}

/* Distroless images have one file a package, and beside some the sums of its files. */
static void read_dpkg_folder(struct reading *r)
{
    struct facts_packages *packages = &r->f->packages;
    struct tree_lookup dir = {0};
    tree_resolve(r->f->tree, r->a, (struct str){0}, DPKG_STATUS_DIR, TREE_FOLLOW, &dir);
    if (dir.error)
        return;
    for (struct tree_node *n = dir.node->child; n; n = n->next) {
        const struct file_facts *file = facts_of(n), *sums;
        if (!file || file->kind != FILE_TEXT || str_ends(n->name, STR(".md5sums")))
            continue;
        size_t first = packages->n;
        note_unread(r, tree_path(r->a, n), file);
        facts_dpkg_read(file->text, r->a, &r->room, packages);
        sums = facts_of(tree_child(r->f->tree, dir.node,
                                   str_fmt(&r->scratch, STR_F ".md5sums", STR_A(n->name))));
        if (packages->n == first + 1 && sums && sums->kind == FILE_TEXT)
            packages->v[first].files = facts_dpkg_md5sums(sums->text, r->a, &r->room);
    }
}

static void read_whole(struct reading *r)
{
    const struct tree_node *seen[WHOLE_DATABASES];
    for (size_t i = 0; i < WHOLE_DATABASES; i++) {
        struct tree_node *node;
        struct str text = database(r, whole_databases[i].path, &node);
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again |= node && seen[k] == node;
        seen[i] = node;
        if (node && !again)
            whole_databases[i].read(text, r->a, &r->room, &r->f->packages);
    }
}

/* ---- layers ---- */

static struct str package_key(struct arena *a, const struct facts_package *p)
{
    return str_fmt(a, "%d/" STR_F "/" STR_F "/" STR_F, (int)p->kind, STR_A(p->name), STR_A(p->arch),
                   STR_A(p->version));
}

/* Who reads the file of that path, or NULL. */
static reader *reader_of(struct str path)
{
    for (size_t i = 0; i < WHOLE_DATABASES; i++)
        if (str_eq(path, whole_databases[i].path))
            return whole_databases[i].read;
    return str_eq(path, DPKG_STATUS) ||
                   (str_starts(path, DPKG_STATUS_DIR) && !str_ends(path, STR(".md5sums")))
               ? facts_dpkg_read
               : NULL;
}

/* One layer's copy of a database; packages of the merged tree that it has are at most that young.
 */
static void see_copy(const struct map *packages, struct str path, const struct tree_inode *inode)
{
    const struct file_facts *file = inode->facts;
    reader *read = reader_of(path);
    if (!file || file->kind != FILE_TEXT || !read)
        return;
    struct arena copy = {0};
    struct facts_packages had = {0};
    struct facts_room room = facts_room();
    read(file->text, &copy, &room, &had);
    vec_each (&had, i) {
        struct facts_package *p = map_get(packages, package_key(&copy, &had.v[i]));
        if (p && inode->layer < p->layer)
            p->layer = inode->layer;
    }
    arena_free(&copy);
}

static void find_layers(struct reading *r)
{
    const struct tree *tree = r->f->tree;
    struct map packages = {.a = &r->scratch};
    struct tree_lookup dir = {0};
    vec_each (&r->f->packages, i) {
        struct facts_package *p = &r->f->packages.v[i];
        p->layer = UINT32_MAX;
        *map_at(&packages, package_key(&r->scratch, p)) = p;
    }
    if (!packages.n)
        return;
    struct tree_node *node;
    if (facts_text_file(r->f, &r->scratch, DPKG_STATUS, &node))
        see_copy(&packages, DPKG_STATUS, node->inode);
    for (size_t i = 0; i < WHOLE_DATABASES; i++)
        if (facts_text_file(r->f, &r->scratch, whole_databases[i].path, &node))
            see_copy(&packages, whole_databases[i].path, node->inode);
    tree_resolve(tree, &r->scratch, (struct str){0}, DPKG_STATUS_DIR, TREE_FOLLOW, &dir);
    for (struct tree_node *n = dir.error ? NULL : dir.node->child; n; n = n->next)
        see_copy(&packages, tree_path(&r->scratch, n), n->inode);
    for (size_t i = 0; i < tree->n_hidden; i++) {
        const struct file_facts *file = tree->hidden[i].inode->facts;
        struct arena_mark mark = arena_mark(&r->scratch);
        if (file && file->kind == FILE_TEXT)
            see_copy(&packages, tree_path(&r->scratch, tree->hidden[i].node),
                     tree->hidden[i].inode);
        arena_rewind(&r->scratch, mark);
    }
    vec_each (&r->f->packages, i) {
        struct facts_package *p = &r->f->packages.v[i];
        if (p->layer == UINT32_MAX) /* listed twice alike: the other entry stands in the map */
            p->layer = 0;
    }
}

static struct tree_node *find_owned(void *ctx, const struct facts_package *package, struct str path)
{
    struct reading *r = ctx;
    const struct diversion *d =
        package->kind == PACKAGE_DPKG ? map_get(&r->diversions, path) : NULL;
    return find_file(r, d && !str_eq(d->package, package->name) ? d->to : path);
}

static void count_bytes(const struct facts *f)
{
    for (size_t i = 0; i < f->tree->n_inodes; i++) {
        const struct tree_inode *inode = f->tree->inodes[i];
        if (inode->nlink && inode->owner != TREE_NO_OWNER && inode->type == ENTRY_FILE)
            f->packages.v[inode->owner - 1].bytes += inode->size;
    }
}

void facts_packages_read(struct facts *f, struct arena *a, struct strs *notes)
{
    struct reading r = {.f = f, .a = a, .room = facts_room(), .notes = notes};
    r.diversions.a = &r.scratch;
    read_dpkg(&r);
    read_dpkg_folder(&r);
    read_whole(&r);
    if (facts_room_spent(&r.room))
        note(&r, STR("the package databases"), "list more than is read; the rest is left out");
    f->package_by_name = (struct map){.a = a};
    vec_each (&f->packages, i) {
        void **at = map_at(&f->package_by_name, f->packages.v[i].name);
        if (!*at)
            *at = &f->packages.v[i];
        own_files(&r, i);
    }
    facts_changes_read(f, a, &(struct facts_finder){&r, find_owned});
    if (r.steps > LIMIT_LINK_STEPS)
        note(&r, STR("the package databases"),
             "name files behind more links than are followed; owners of the rest are not known");
    count_bytes(f);
    find_layers(&r);
    arena_free(&r.scratch);
}
