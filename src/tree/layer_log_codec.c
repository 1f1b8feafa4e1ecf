/* layer_log_codec: a layer's log ⇄ bytes: the entries that made it, one after the other.
 *
 * Invariants
 * 1. A log that is read back gives the same tree. (test_layer_log_codec: same)
 * 2. What is read passes the checks of a layer's own entries. (test_layer_log_codec: damage)
 */
#include "tree/layer_log.h"

struct coder {
    struct tree_log *log;
    struct codec *w;
    const struct tree_log_facts *facts;
    char before[LIMIT_PATH_BYTES]; /* the path of the entry before */
    size_t n_before;
};

/* What it shares with the path before, and the rest. */
static void codec_path(struct coder *c, struct str *path, char to[LIMIT_PATH_BYTES])
{
    uint16_t shared = 0;
    while (c->w->writing && shared < path->n && shared < c->n_before &&
           path->p[shared] == c->before[shared])
        shared++;
    struct str rest = str_from(*path, shared);
    codec_u16(c->w, &shared);
    codec_str(c->w, &rest);
    if (shared > c->n_before || shared + rest.n >= LIMIT_PATH_BYTES)
        c->w->bad = true;
    if (c->w->bad)
        return;
    if (rest.n)
        memcpy(c->before + shared, rest.p, rest.n);
    c->n_before = shared + rest.n;
    memcpy(to, c->before, c->n_before);
    *path = (struct str){to, c->n_before};
}

static void codec_xattrs(struct coder *c, struct image_entry *entry)
{
    codec_count(c->w, &entry->n_xattrs);
    if (!c->w->writing)
        entry->xattrs = arena_array(c->w->a, struct image_xattr, entry->n_xattrs);
    for (size_t i = 0; i < entry->n_xattrs; i++) {
        codec_str(c->w, &entry->xattrs[i].name);
        codec_str(c->w, &entry->xattrs[i].value);
    }
}

static void codec_entry(struct coder *c, struct image_entry *entry)
{
    struct codec *w = c->w;
    codec_enum(w, entry->type, ENTRY_FIFO);
    codec_u32(w, &entry->mode);
    codec_u32(w, &entry->uid);
    codec_u32(w, &entry->gid);
    codec_u64(w, &entry->size);
    codec_i64(w, &entry->mtime);
    codec_str(w, &entry->link);
    codec_u32(w, &entry->dev_major);
    codec_u32(w, &entry->dev_minor);
    codec_u64(w, &entry->ordinal);
    codec_xattrs(c, entry);
}

static const struct digest *code_digest(struct codec *w, const struct digest *was)
{
    struct digest d = {0};
    if (w->writing)
        d = *was;
    codec_digest(w, &d);
    if (w->writing)
        return was;
    struct digest *is = arena_new(w->a, struct digest);
    *is = d;
    return is;
}

static void codec_inode(struct coder *c, struct tree_inode *inode)
{
    bool has_facts = inode->facts != NULL, has_digest = inode->digest != NULL;
    codec_bool(c->w, &has_digest);
    if (has_digest)
        inode->digest = code_digest(c->w, inode->digest);
    codec_u64(c->w, &inode->sums.md5);
    codec_u64(c->w, &inode->sums.sha1);
    codec_u64(c->w, &inode->sums.sha256);
    codec_bool(c->w, &has_facts);
    if (has_facts && c->facts)
        inode->facts = c->facts->codec(c->facts->state, c->w, inode->facts);
    else if (has_facts)
        c->w->bad = true;
}

/* The entry's name in a layer: a whiteout's with its prefix. */
static struct str name_of(struct arena *a, const struct tree_record *r, struct str path)
{
    size_t slash = str_rfind(path, '/');
    size_t at = slash < path.n ? slash + 1 : 0;
    if (r->kind == RECORD_OPAQUE)
        return str_fmt(a, STR_F "%s.wh..wh..opq", STR_A(path), path.n ? "/" : "");
    if (r->kind == RECORD_WHITEOUT)
        return str_fmt(a, STR_F ".wh." STR_F, STR_A(str_slice(path, 0, at)),
                       STR_A(str_from(path, at)));
    return path;
}

static struct image_entry entry_of(const struct tree_record *r)
{
    struct image_entry entry = {.type = ENTRY_FILE};
    if (r->kind == RECORD_LINK) {
        entry.type = ENTRY_HARDLINK;
        entry.link = *r->link;
    }
    if (r->kind != RECORD_INODE)
        return entry;
    const struct tree_inode *i = r->inode;
    return (struct image_entry){.type = i->type,
                                .mode = i->mode,
                                .uid = i->uid,
                                .gid = i->gid,
                                .size = i->size,
                                .mtime = i->mtime,
                                .link = i->target,
                                .dev_major = i->dev_major,
                                .dev_minor = i->dev_minor,
                                .xattrs = i->xattrs,
                                .n_xattrs = i->n_xattrs,
                                .ordinal = i->ordinal};
}

static void write_log(struct coder *c)
{
    struct tree_log_cursor at;
    const struct tree_record *r;
    char path[LIMIT_PATH_BYTES];
    codec_count(c->w, &c->log->n);
    tree_log_start(c->log, &at);
    while ((r = tree_log_next(&at))) {
        struct arena scratch = {0};
        struct image_entry entry = entry_of(r);
        struct str name = name_of(&scratch, r, at.path);
        codec_path(c, &name, path);
        codec_entry(c, &entry);
        if (r->kind == RECORD_INODE)
            codec_inode(c, r->inode);
        arena_free(&scratch);
    }
}

static void read_log(struct coder *c)
{
    size_t n = 0;
    char path[LIMIT_PATH_BYTES];
    struct err ignored;
    codec_count(c->w, &n);
    for (size_t i = 0; i < n && !c->w->bad; i++) {
        struct image_entry entry = {0};
        struct tree_inode *inode = NULL;
        codec_path(c, &entry.path, path);
        codec_entry(c, &entry);
        if (c->w->bad || tree_log_add(c->log, &entry, &inode, &ignored))
            c->w->bad = true;
        else if (inode)
            codec_inode(c, inode);
    }
}

void tree_log_codec(struct tree_log *log, struct codec *w, const struct tree_log_facts *facts)
{
    struct coder c = {.log = log, .w = w, .facts = facts};
    if (w->writing)
        write_log(&c);
    else
        read_log(&c);
}
