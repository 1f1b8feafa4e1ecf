/* layer_log: entries of one layer → records with prefix-compressed paths, whiteouts told apart.
 *
 * Invariants
 * 1. Every recorded path is relative and clean, at most LIMIT_PATH_BYTES long and LIMIT_PATH_DEPTH
 *    deep, of names of at most LIMIT_NAME_BYTES. (test_layer_log: refused)
 * 2. Walking gives back the paths that were added. (test_layer_log: round trip)
 * 3. No recorded path has a component that starts with ".wh.": such names are whiteouts, which are
 *    recorded without their prefix, or AUFS's own, which are dropped. (test_layer_log: whiteouts)
 */
#include "tree/layer_log.h"

enum { RECORDS_A_BLOCK = 512, INODES_A_BLOCK = 64, NAME_BYTES_A_BLOCK = 16 * 1024 };

struct tree_record_block {
    struct tree_record_block *next;
    size_t n;
    struct tree_record v[RECORDS_A_BLOCK];
};

static const struct str whiteout = STR_INIT(".wh.");
static const struct str aufs = STR_INIT(".wh..wh.");
static const struct str opaque = STR_INIT(".wh..wh..opq");

void tree_log_begin(struct tree_log *log, struct arena *arena, uint32_t layer)
{
    memset(log, 0, sizeof *log);
    log->arena = arena;
    log->layer = layer;
    log->last = (struct str){log->path, 0};
}

void tree_log_free(struct tree_log *log)
{
    arena_free(&log->own);
    log->first = log->newest = NULL;
}

static int check_component(struct str name, struct err *e)
{
    if (!name.n || str_is(name, ".") || str_is(name, ".."))
        return err_set(e, ERR_INPUT, "its path is not clean");
    if (name.n > LIMIT_NAME_BYTES)
        return err_set(e, ERR_INPUT, "a name of %zu bytes; at most %d are possible", name.n,
                       LIMIT_NAME_BYTES);
    if (str_find(name, 0) < name.n)
        return err_set(e, ERR_INPUT, "a NUL byte in its path");
    return 0;
}

/* Invariant 1. *wh is where the first component that starts with ".wh." begins, or path.n. */
static int check_path(struct str path, size_t *wh, struct err *e)
{
    if (path.n >= LIMIT_PATH_BYTES)
        return err_set(e, ERR_INPUT, "a path of %zu bytes; at most %d are possible", path.n,
                       LIMIT_PATH_BYTES - 1);
    *wh = path.n;
    size_t depth = 0;
    struct str rest = path, name;
    for (bool more = path.n > 0; more;) {
        more = str_cut(rest, '/', &name, &rest);
        if (check_component(name, e))
            return -1;
        if (++depth > LIMIT_PATH_DEPTH)
            return err_set(e, ERR_INPUT, "over %d folders deep", LIMIT_PATH_DEPTH);
        if (*wh == path.n && str_starts(name, whiteout))
            *wh = (size_t)(name.p - path.p);
    }
    return 0;
}

/* What the entry of that path is to a merge; *path becomes what it speaks of. 1: skip it. */
static int classify(struct str *path, size_t wh, const struct image_entry *entry,
                    enum tree_record_kind *kind, struct err *e)
{
    *kind = entry->type == ENTRY_HARDLINK ? RECORD_LINK : RECORD_INODE;
    if (wh == path->n)
        return 0;
    struct str name = str_from(*path, wh);
    if (str_eq(name, opaque)) {
        *kind = RECORD_OPAQUE;
        *path = str_slice(*path, 0, wh ? wh - 1 : 0);
        return 0;
    }
    if (str_starts(name, aufs))
        return 1;
    struct str hidden = str_from(name, whiteout.n);
    if (str_find(hidden, '/') < hidden.n)
        return err_set(e, ERR_INPUT, "a whiteout (\".wh.\") cannot be a folder with entries");
    if (!hidden.n || str_is(hidden, ".") || str_is(hidden, ".."))
        return err_set(e, ERR_INPUT, "a whiteout of no name");
    *kind = RECORD_WHITEOUT;
    return 0;
}

static const char *add_bytes(struct tree_log *log, struct str s)
{
    if (!s.n)
        return "";
    if ((size_t)(log->names_end - log->names) < s.n) {
        size_t size = s.n > NAME_BYTES_A_BLOCK / 4 ? s.n : NAME_BYTES_A_BLOCK;
        char *block = arena_alloc(log->arena, size);
        if (size == s.n)
            return memcpy(block, s.p, s.n);
        log->names = block;
        log->names_end = block + size;
    }
    char *to = log->names;
    log->names += s.n;
    return memcpy(to, s.p, s.n);
}

/* Sets log->last to path and the record's fields to what is new in it. */
static void add_path(struct tree_log *log, struct str path, struct tree_record *r)
{
    size_t shared = 0, slash = str_rfind(path, '/');
    size_t most = slash == path.n ? 0 : slash + 1;
    if (most > log->last.n)
        most = log->last.n;
    while (shared < most && path.p[shared] == log->path[shared])
        shared++;
    r->n_shared = (uint16_t)shared;
    r->n_tail = (uint16_t)(path.n - shared);
    r->tail = add_bytes(log, str_from(path, shared));
    if (r->n_tail)
        memcpy(log->path + shared, path.p + shared, r->n_tail);
    log->last.n = path.n;
}

static struct tree_record *add_record(struct tree_log *log)
{
    if (!log->newest || log->newest->n == RECORDS_A_BLOCK) {
        struct tree_record_block *block = arena_new(&log->own, struct tree_record_block);
        *(log->newest ? &log->newest->next : &log->first) = block;
        log->newest = block;
    }
    log->n++;
    return &log->newest->v[log->newest->n++];
}

static struct tree_inode *add_inode(struct tree_log *log, const struct image_entry *entry)
{
    if (log->inodes == log->inodes_end) {
        log->inodes = arena_array(log->arena, struct tree_inode, INODES_A_BLOCK);
        log->inodes_end = log->inodes + INODES_A_BLOCK;
    }
    struct tree_inode *inode = log->inodes++;
    *inode = (struct tree_inode){
        .type = entry->type,
        .mode = entry->mode & 07777,
        .uid = entry->uid,
        .gid = entry->gid,
        .layer = log->layer,
        .dev_major = entry->dev_major,
        .dev_minor = entry->dev_minor,
        .ordinal = entry->ordinal,
        .mtime = entry->mtime,
    };
    if (entry->type == ENTRY_FILE)
        inode->size = entry->size;
    if (entry->type == ENTRY_SYMLINK)
        inode->target = (struct str){add_bytes(log, entry->link), entry->link.n};
    if (entry->n_xattrs) {
        inode->n_xattrs = (uint32_t)entry->n_xattrs;
        inode->xattrs = arena_array(log->arena, struct image_xattr, entry->n_xattrs);
        for (size_t i = 0; i < entry->n_xattrs; i++)
            inode->xattrs[i] = (struct image_xattr){str_dup(log->arena, entry->xattrs[i].name),
                                                    str_dup(log->arena, entry->xattrs[i].value)};
    }
    return inode;
}

static const struct str *add_link(struct tree_log *log, struct str link)
{
    struct str *s = arena_new(&log->own, struct str);
    *s = str_dup(&log->own, link);
    return s;
}

int tree_log_add(struct tree_log *log, const struct image_entry *entry, struct tree_inode **ret,
                 struct err *e)
{
    struct str path = entry->path;
    size_t wh, ignored;
    enum tree_record_kind kind;
    if (check_path(path, &wh, e))
        return -1;
    *ret = NULL;
    int skip = classify(&path, wh, entry, &kind, e);
    if (skip)
        return skip < 0 ? -1 : 0;
    if (kind == RECORD_LINK && (check_path(entry->link, &ignored, e) || !entry->link.n))
        return err_set(e, ERR_INPUT, "a hard link to \"" STR_F "\", which is no clean path",
                       STR_A(entry->link));
    if (!path.n && kind != RECORD_OPAQUE && entry->type != ENTRY_DIR)
        return err_set(e, ERR_INPUT, "the root is not a folder");
    if (log->n == LIMIT_LAYER_ENTRIES)
        return err_set(e, ERR_INPUT, "over %d entries", LIMIT_LAYER_ENTRIES);
    struct tree_record *r = add_record(log);
    r->kind = (uint8_t)kind;
    if (kind == RECORD_WHITEOUT) { /* the path without ".wh." */
        char bytes[LIMIT_PATH_BYTES];
        memcpy(bytes, path.p, wh);
        memcpy(bytes + wh, path.p + wh + whiteout.n, path.n - wh - whiteout.n);
        add_path(log, (struct str){bytes, path.n - whiteout.n}, r);
        return 0;
    }
    add_path(log, path, r);
    if (kind == RECORD_LINK)
        r->link = add_link(log, entry->link);
    if (kind == RECORD_INODE) {
        *ret = r->inode = add_inode(log, entry);
        log->bytes += r->inode->size;
    }
    return 0;
}

void tree_log_start(const struct tree_log *log, struct tree_log_cursor *c)
{
    c->block = log->first;
    c->at = 0;
    c->path = (struct str){c->bytes, 0};
    c->dir_kept = 0;
}

const struct tree_record *tree_log_next(struct tree_log_cursor *c)
{
    while (c->block && c->at == c->block->n) {
        c->block = c->block->next;
        c->at = 0;
    }
    if (!c->block)
        return NULL;
    const struct tree_record *r = &c->block->v[c->at++];
    if (r->n_tail)
        memcpy(c->bytes + r->n_shared, r->tail, r->n_tail);
    c->path.n = (size_t)r->n_shared + r->n_tail;
    c->dir_kept = r->n_shared;
    return r;
}
