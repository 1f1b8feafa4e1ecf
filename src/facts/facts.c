/* facts: the merged tree and the config → struct facts; look-ups on it.
 *
 * Invariants
 * 1. A database that cannot be read is a note, never a failure. (test_facts: notes)
 * 2. A program is found as execvp finds it: regular, with an execute bit, the first on the PATH.
 *    (test_facts: which)
 */
#include "facts/facts.h"

#include "base/buf.h"
#include "base/limits.h"
#include "facts/database.h"
#include "facts/parse.h"

#define DEFAULT_PATH STR("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")

struct str facts_text(const struct facts *f, struct arena *a, struct str path)
{
    const struct file_facts *file = facts_text_file(f, a, path, NULL);
    return file ? file->text : (struct str){0};
}

const struct facts_package *facts_owner(const struct facts *f, const struct tree_node *node)
{
    uint32_t owner = node ? node->inode->owner : TREE_NO_OWNER;
    return owner == TREE_NO_OWNER || owner > f->packages.n ? NULL : &f->packages.v[owner - 1];
}

/* ---- programs ---- */

static struct tree_node *runnable(const struct facts *f, struct arena *a, struct str path)
{
    struct tree_lookup found = {0};
    struct str workdir = f->image->config.workdir;
    if (!str_starts(workdir, STR("/")))
        workdir = str_fmt(a, "/" STR_F, STR_A(workdir));
    tree_resolve(f->tree, a, workdir, path, TREE_FOLLOW, &found);
    if (found.error || !found.node || found.node->inode->type != ENTRY_FILE ||
        !(found.node->inode->mode & 0111))
        return NULL;
    return found.node;
}

/* An absolute path without "." components and doubled slashes; ".." stays for the resolver. */
static struct str absolute(const struct facts *f, struct arena *a, struct str path)
{
    struct str rest = path, part;
    struct buf b = {.a = a};
    if (!str_starts(path, STR("/")))
        rest = str_fmt(a, STR_F "/" STR_F, STR_A(f->image->config.workdir), STR_A(path));
    while (rest.n) {
        str_cut(rest, '/', &part, &rest);
        if (!part.n || str_is(part, "."))
            continue;
        buf_addc(&b, '/');
        buf_add(&b, part);
    }
    return buf_str(&b);
}

struct str facts_search_path(const struct facts *f)
{
    const struct strs *env = &f->image->config.env;
    struct str path = DEFAULT_PATH, key, value;
    for (size_t i = 0; i < env->n; i++)
        if (str_cut(env->v[i], '=', &key, &value) && str_is(key, "PATH"))
            path = value;
    return path;
}

/* The program of that name in a folder of the PATH; *found is as the PATH has it. */
static struct tree_node *search(const struct facts *f, struct arena *a, struct str name,
                                struct str *found)
{
    struct str rest = facts_search_path(f), folder;
    struct tree_node *node = NULL;
    bool more = true;
    for (size_t i = 0; i < LIMIT_PATH_FOLDERS && more && !node; i++) {
        more = str_cut(rest, ':', &folder, &rest);
        *found = folder.n ? str_fmt(a, STR_F "/" STR_F, STR_A(folder), STR_A(name)) : name;
        node = runnable(f, a, *found);
    }
    return node;
}

struct tree_node *facts_which(const struct facts *f, struct arena *a, struct str name,
                              struct str *path)
{
    struct arena scratch = {0};
    struct str found = name;
    if (!name.n)
        return NULL;
    struct tree_node *node = str_find(name, '/') < name.n ? runnable(f, &scratch, name)
                                                          : search(f, &scratch, name, &found);
    if (node && path)
        *path = absolute(f, a, found);
    arena_free(&scratch);
    return node;
}

/* ---- the whole ---- */

static void read_accounts(struct facts *f, struct arena *a)
{
    struct str empty = facts_text(f, a, STR("/etc/shadow")), name;
    struct arena scratch = {0};
    struct map names = {.a = &scratch};
    facts_passwd_read(facts_text(f, a, STR("/etc/passwd")), a, &f->users, &f->n_users);
    facts_group_read(facts_text(f, a, STR("/etc/group")), a, &f->groups, &f->n_groups);
    while (str_line(&empty, &name))
        map_at(&names, name);
    for (size_t i = 0; i < f->n_users; i++)
        f->users[i].empty_password |= map_has(&names, f->users[i].name);
    arena_free(&scratch);
}

static struct strs command_of(const struct image_config *config, struct arena *a)
{
    struct strs all = {arena_array(a, struct str, config->entrypoint.n + config->cmd.n), 0};
    for (size_t i = 0; i < config->entrypoint.n; i++)
        all.v[all.n++] = config->entrypoint.v[i];
    for (size_t i = 0; i < config->cmd.n; i++)
        all.v[all.n++] = config->cmd.v[i];
    return all;
}

/* By all that tells libraries in one image apart. */
static struct str library_key(struct arena *a, const struct tree_node *node,
                              const struct facts_library *l)
{
    return str_fmt(a, STR_F "%c%d" STR_F "%c" STR_F "%c" STR_F, STR_A(tree_path(a, node)), 0,
                   (int)l->kind, STR_A(l->name), 0, STR_A(l->version), 0, STR_A(l->inside));
}

/* Later layers may have copied the file that tells of a library: it came with the first. */
static void find_library_layers(struct facts *f)
{
    struct arena scratch = {0};
    struct map lowest = {.a = &scratch}; /* layer + 1 */
    for (size_t i = 0; i < f->tree->n_hidden; i++) {
        const struct tree_hidden *h = &f->tree->hidden[i];
        const struct file_facts *file = h->inode->facts;
        for (size_t k = 0; file && k < file->n_libraries && lowest.n < LIMIT_LIBRARIES; k++) {
            void **at = map_at(&lowest, library_key(&scratch, h->node, &file->libraries[k]));
            if (!*at || (uintptr_t)*at > h->layer + 1ul)
                *at = (void *)(h->layer + 1ul);
        }
    }
    vec_each (&f->libraries, i) {
        struct facts_installed *l = &f->libraries.v[i];
        struct arena_mark mark = arena_mark(&scratch);
        uintptr_t low =
            lowest.n ? (uintptr_t)map_get(&lowest, library_key(&scratch, l->node, l->library)) : 0;
        if (low && low - 1 < l->layer)
            l->layer = (uint32_t)(low - 1);
        arena_rewind(&scratch, mark);
    }
    arena_free(&scratch);
}

/* Files of which not all is known: the first by name, the rest by their number. */
struct unread {
    struct arena *a;
    struct strs *notes;
    size_t n;
};

static void note_file(struct unread *u, const struct tree_node *node, const struct file_facts *file,
                      const char *where)
{
    if (!file || file->kind == FILE_TEXT || !file->note.n || u->n++ >= LIMIT_UNREAD_NOTES)
        return;
    facts_add(
        u->a, u->notes,
        str_fmt(u->a, STR_F "%s " STR_F, STR_A(tree_path(u->a, node)), where, STR_A(file->note)));
}

/* Of every layer: what is deleted later is still in the image. */
static void note_unread(const struct facts *f, struct arena *a, struct strs *notes)
{
    struct unread u = {.a = a, .notes = notes};
    for (struct tree_node *node = NULL; (node = tree_next(f->tree, node));)
        note_file(&u, node, facts_of(node), "");
    for (size_t i = 0; i < f->tree->n_hidden; i++) {
        const struct tree_hidden *h = &f->tree->hidden[i];
        if (h->inode->type == ENTRY_FILE)
            note_file(&u, h->node, h->inode->facts, ", which a later layer hides,");
    }
    if (u.n > LIMIT_UNREAD_NOTES)
        facts_add(a, notes,
                  str_fmt(a, "%zu more files were not read whole", u.n - LIMIT_UNREAD_NOTES));
}

static void gather_libraries(struct facts *f, struct arena *a)
{
    for (struct tree_node *node = NULL; (node = tree_next(f->tree, node));) {
        const struct file_facts *file = facts_of(node);
        for (size_t i = 0; file && i < file->n_libraries && f->libraries.n < LIMIT_LIBRARIES; i++)
            *vec_push(a, &f->libraries) =
                (struct facts_installed){&file->libraries[i], node, node->inode->layer};
    }
    find_library_layers(f);
}

int facts_build(struct arena *a, const struct image *image, struct tree *tree, struct facts *ret,
                struct strs *notes, struct err *e)
{
    (void)e;
    struct facts f = {.image = image, .tree = tree};
    if (notes)
        *notes = (struct strs){0};
    read_accounts(&f, a);
    if (notes)
        facts_gaps_note(image, a, notes);
    facts_packages_read(&f, a, notes);
    gather_libraries(&f, a);
    if (notes)
        note_unread(&f, a, notes);
    facts_base_read(&f, a);
    facts_resolve_user(&f, a, image->config.user, &f.run_as);
    f.command = command_of(&image->config, a);
    if (f.command.n)
        f.program = facts_which(&f, a, f.command.v[0], &f.program_path);
    *ret = f;
    return 0;
}
