/* remedy_files: kept files → which of their rights go, and which the new user needs.
 *
 * Less: setuid and setgid bits and file capabilities, which nothing here may gain by, unless the
 * run executed that file and was not root.
 * As much as before, for another user: a program only its owner may run is given to group 0 with
 * the owner's right to read and run, never to write; images that run under an id picked at start
 * get group 0. What the run wrote to becomes writable by group 0 only when the program gives up
 * root for a numeric user, and only where it is no program, and no cache of one: an interpreter
 * that cannot write its cache runs as well without, and who can write it chooses what runs next.
 *
 * Invariants
 * 1. No file that can be run, and no cache of code, gains a right to write. (test_plan: write)
 * 2. Nobody but group 0 gains anything. (test_plan: modes)
 * 3. Every change is in the list. (test_plan: list)
 */
#include <errno.h>

#include "harden/remedy.h"

static const struct str capability = STR_INIT("security.capability");

static void mark(struct remedy *r, struct map *set, struct tree_node *node)
{
    *map_at(set, remedy_key((const struct tree_inode *const *)&node->inode)) = node;
    (void)r;
}

static bool is_in(const struct map *set, const struct tree_inode *inode)
{
    return map_has(set, remedy_key(&inode));
}

static struct remedy_change *change_of(struct remedy *r, const struct facts_kept *kept)
{
    struct tree_inode *inode = kept->node->inode;
    const struct tree_inode *const *key = (const struct tree_inode *const *)&kept->node->inode;
    void **slot = map_at(&r->changes, remedy_key(key));
    if (!*slot) {
        struct remedy_change *c = arena_new(r->a, struct remedy_change);
        *c = (struct remedy_change){inode->mode, inode->gid, inode->xattrs, inode->n_xattrs};
        *slot = c;
    }
    return *slot;
}

static void say(struct remedy *r, enum harden_remedy_kind kind, struct str what)
{
    *vec_push(r->a, &r->list) = (struct harden_remedy){kind, what};
}

/* ---- what the run did ---- */

static void mark_written(struct remedy *r, const struct trace_lookup *l)
{
    struct tree_lookup found = {0};
    tree_resolve(r->f->tree, r->a, STR("/"), l->path, l->nofollow ? TREE_NOFOLLOW : TREE_FOLLOW,
                 &found);
    bool names = l->create || l->call == TRACE_UNLINK || l->call == TRACE_RENAME ||
                 l->call == TRACE_LINK || l->call == TRACE_MKDIR;
    if (!found.error)
        mark(r, &r->written, found.node);
    if (names && found.error && found.dir)
        mark(r, &r->written, found.dir);
    else if (names && !found.error && found.node->parent && l->call != TRACE_MKDIR)
        mark(r, &r->written, found.node->parent);
}

static void look_at_trace(struct remedy *r)
{
    vec_each (&r->trace->lookups, i) {
        const struct trace_lookup *l = &r->trace->lookups.v[i];
        if (l->error)
            continue;
        if (l->write || l->create)
            mark_written(r, l);
        else if (l->call == TRACE_EXEC) {
            struct tree_lookup found = {0};
            tree_resolve(r->f->tree, r->a, STR("/"), l->path, TREE_FOLLOW, &found);
            if (!found.error)
                mark(r, &r->ran, found.node);
        }
    }
}

/* ---- less ---- */

static size_t find_capability(const struct tree_inode *inode)
{
    size_t i = 0;
    while (i < inode->n_xattrs && !str_eq(inode->xattrs[i].name, capability))
        i++;
    return i;
}

static void take_privilege(struct remedy *r, const struct facts_kept *kept)
{
    const struct tree_inode *inode = kept->node->inode;
    size_t cap = find_capability(inode);
    bool bits = inode->mode & 06000, caps = cap < inode->n_xattrs;
    if (inode->type != ENTRY_FILE || (!bits && !caps))
        return;
    if (r->f->run_as.uid != 0 && is_in(&r->ran, inode))
        return; /* the program works through it */
    struct remedy_change *c = change_of(r, kept);
    if (bits) {
        c->mode &= ~06000u;
        say(r, REMEDY_SETUID,
            str_fmt(r->a, STR_F ": mode %04o → %04o", STR_A(kept->path), inode->mode, c->mode));
    }
    if (caps) {
        c->xattrs = arena_array(r->a, struct image_xattr, inode->n_xattrs);
        c->n_xattrs = 0;
        for (size_t i = 0; i < inode->n_xattrs; i++)
            if (i != cap)
                c->xattrs[c->n_xattrs++] = inode->xattrs[i];
        say(r, REMEDY_SETUID, str_fmt(r->a, STR_F ": file capabilities gone", STR_A(kept->path)));
    }
}

/* ---- as much as before ---- */

static bool is_secret(const struct facts_kept *kept)
{
    return str_starts(kept->path, STR("/etc/shadow")) ||
           str_starts(kept->path, STR("/etc/gshadow"));
}

static bool is_program(const struct tree_node *node)
{
    const struct file_facts *facts = node->inode->facts;
    return node->inode->type == ENTRY_FILE &&
           ((node->inode->mode & 0111) || (facts && facts->kind == FILE_ELF));
}

/* Folders that interpreters keep what they compiled in, and what is in them. */
static bool is_code_cache(const struct tree_node *node)
{
    return str_is(node->name, "__pycache__") || str_ends(node->name, STR(".pyc")) ||
           str_ends(node->name, STR(".rbc")) || str_ends(node->name, STR(".opcache"));
}

/* Whether the program of the result has to get at it: its code in any case, data when it changes
 * its user. */
static bool is_wanted(const struct remedy *r, const struct facts_kept *kept)
{
    if (kept->reason.why == WHY_PACKAGE || is_secret(kept))
        return false;
    return is_program(kept->node) || r->options->set_user;
}

static void give_group0(struct remedy *r, const struct facts_kept *kept)
{
    const struct tree_inode *inode = kept->node->inode;
    if (r->gid != 0 || inode->type == ENTRY_SYMLINK || !is_wanted(r, kept))
        return;
    uint32_t owner = inode->mode >> 6 & 7, others = inode->mode & 7, need = owner & 5;
    bool writes = r->options->set_user && is_in(&r->written, inode) && !is_program(kept->node) &&
                  !is_code_cache(kept->node);
    if (writes)
        need |= owner & 2;
    if ((others & need) == need)
        return;
    if (inode->gid == 0 && (inode->mode >> 3 & need) == need)
        return;
    struct remedy_change *c = change_of(r, kept);
    c->gid = 0;
    c->mode = (c->mode & ~070u) | need << 3;
    say(r, REMEDY_GROUP0,
        str_fmt(r->a, STR_F ": group %u → 0, mode %04o → %04o", STR_A(kept->path), inode->gid,
                inode->mode, c->mode));
}

void remedy_files(struct remedy *r)
{
    struct map done = {.a = r->a};
    look_at_trace(r);
    for (size_t i = 0; i < r->keep->by_node.n; i++) {
        const struct facts_kept *kept = r->keep->by_node.v[i].value;
        if (is_in(&done, kept->node->inode))
            continue;
        mark(r, &done, kept->node);
        take_privilege(r, kept);
        give_group0(r, kept);
    }
}
