/* archive_search: an archive's bytes → the secrets in its members.
 *
 * What is unpacked is counted, not timed: a report is the same on every machine. The work is linear
 * in what is stored and what comes out, since only one decompression is between two counts: gzip in
 * gzip is an archive in an archive.
 *
 * Invariants
 * 1. What comes out of an archive, of all archives of a layer, and what of them is in memory at
 *    once is bounded, and how deep archives stand in each other; what is left unread is noted.
 *    (test_archive_search: bounded)
 * 2. A zip whose list has more entries than are read is not given to libarchive.
 *    (test_archive_search: bounded)
 * 3. libarchive's memory for one header is bounded by LIMIT_HEADER_BYTES, and what comes out for
 *    headers is counted. (test_archive_search: headers)
 * 4. Any bytes are read without harm. (test_archive_search: cut)
 */
#include "facts/archive_search.h"

#include <errno.h>

#include "base/buf.h"
#include "base/late_archive.h"
#include "base/limits.h"
#include "facts/zip_list.h"

struct walk {
    struct facts_search *s;
    struct str note;
    uint64_t left;  /* bytes that may still come out of the file */
    uint64_t *room; /* and of its layer */
    uint64_t held;  /* bytes of archives in memory, one in the other */
    uint64_t entries;
    size_t listed; /* entries of the lists of zips that are open, one in the other */
};

/* Where the bytes of a tar come from: as they stand, or out of one decompression. */
struct feed {
    struct walk *w;
    struct archive *packed; /* or NULL */
    struct str rest;        /* of what stands as it is */
    bool in_header;
    uint64_t header; /* bytes of the header that is read */
};

/* One archive, while it is read. */
struct opened {
    struct str path, inside; /* its place; where it is in the file, empty for the file itself */
    unsigned depth;
    struct archive *in;
    struct feed feed;
    bool unpacks; /* also what is passed over */
};

enum { BLOCK = 64 * 1024 };

static void wrong(struct walk *w, const char *what)
{
    if (!w->note.n)
        w->note = str_of(what);
}

/* ---- what an archive is ---- */

static const struct form {
    struct str magic;
    size_t at;
    bool zip;
    int filter; /* else; libarchive's */
} forms[] = {
    {STR_INIT("PK\3\4"), 0, true, 0},
    {STR_INIT("\x1f\x8b\x08"), 0, false, ARCHIVE_FILTER_GZIP},
    {STR_INIT("\xfd"
              "7zXZ\0"),
     0, false, ARCHIVE_FILTER_XZ},
    {STR_INIT("\x28\xb5\x2f\xfd"), 0, false, ARCHIVE_FILTER_ZSTD},
    {STR_INIT("1AY&SY"), 4, false, ARCHIVE_FILTER_BZIP2},
    {STR_INIT("ustar"), 257, false, ARCHIVE_FILTER_NONE},
};

static const struct form *form_of(struct str head)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (head.n > forms[i].at && str_starts(str_from(head, forms[i].at), forms[i].magic))
            return &forms[i];
    return NULL;
}

bool facts_archive_is(struct str head)
{
    return form_of(head) != NULL;
}

/* ---- members ---- */

static struct str last_of(struct str path)
{
    size_t slash = str_rfind(path, '/');
    return slash < path.n ? str_from(path, slash + 1) : path;
}

/* What a compressed file has in it is called like the file: app.log.gz has app.log. */
static struct str stem_of(struct str path)
{
    static const struct str ends[] = {STR_INIT(".gz"), STR_INIT(".bz2"), STR_INIT(".xz"),
                                      STR_INIT(".zst")};
    struct str name = last_of(path);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (name.n > ends[i].n && str_ends(name, ends[i]))
            return str_slice(name, 0, name.n - ends[i].n);
    return STR("content");
}

static struct str name_of(const struct opened *o, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname(entry);
    if (archive_format(o->in) == ARCHIVE_FORMAT_RAW)
        return stem_of(o->path);
    if (!name)
        name = archive_entry_pathname_utf8(entry);
    struct str text = name ? str_of(name) : STR("?");
    while (str_starts(text, STR("./")))
        text = str_from(text, 2);
    return str_slice(text, text.n > LIMIT_ARCHIVE_NAME ? text.n - LIMIT_ARCHIVE_NAME : 0, text.n);
}

/* The next bytes of a member: 0 at its end, and where no more may come out. */
static size_t next_bytes(struct walk *w, const struct opened *o, char *to)
{
    la_ssize_t n = archive_read_data(o->in, to, BLOCK);
    if (n < 0) {
        wrong(w, "is an archive that is damaged; what can be read of it was searched");
        return 0;
    }
    if ((uint64_t)n > w->left || (uint64_t)n > *w->room) {
        wrong(w, "unpacks to more than is searched; the rest is left out");
        w->left = 0;
        return 0;
    }
    w->left -= (uint64_t)n;
    *w->room -= (uint64_t)n;
    return (size_t)n;
}

static bool search_archive(struct walk *w, struct str bytes, struct opened *o);

/* An archive in the archive, of which `first` is the beginning: it has to be whole in memory. */
static void search_nested(struct walk *w, const struct opened *outer, struct str first,
                          const struct opened *member)
{
    struct arena scratch = {0};
    struct buf b = {.a = &scratch};
    buf_add(&b, first);
    for (size_t n = 1; n;) {
        if (w->held + b.n > LIMIT_ARCHIVE_HELD) {
            wrong(w, "has archives in it that are too large to be searched");
            break;
        }
        n = next_bytes(w, outer, buf_room(&b, BLOCK));
        buf_took(&b, n);
    }
    size_t held = b.n;
    struct opened o = *member;
    if (w->held + held <= LIMIT_ARCHIVE_HELD) {
        w->held += held;
        search_archive(w, buf_str(&b), &o);
        w->held -= held;
    }
    arena_free(&scratch);
}

static void search_member(struct walk *w, const struct opened *o, struct str name, char *block)
{
    struct arena scratch = {0};
    struct opened member = {.depth = o->depth + 1};
    size_t n = next_bytes(w, o, block);
    member.path = str_fmt(&scratch, STR_F "!/" STR_F, STR_A(o->path), STR_A(name));
    member.inside = o->inside.n ? str_fmt(&scratch, STR_F "!/" STR_F, STR_A(o->inside), STR_A(name))
                                : str_dup(&scratch, name);
    bool archive = facts_archive_is((struct str){block, n < ARCHIVE_HEAD ? n : ARCHIVE_HEAD});
    if (archive && member.depth == LIMIT_ARCHIVE_DEPTH)
        wrong(w, "has archives in archives too deep to be searched");
    else if (archive)
        search_nested(w, o, (struct str){block, n}, &member);
    else if (n) {
        facts_search_begin(w->s, member.path, member.inside);
        for (; n; n = next_bytes(w, o, block))
            facts_search_add(w->s, block, n);
        facts_search_end(w->s);
    }
    arena_free(&scratch);
}

/* Compiled code of Java: what libraries are made of. */
static bool is_passed_over(struct str name)
{
    return str_ends(name, STR(".class"));
}

/* What is not searched costs nothing where it is passed over in the bytes that are there; else it
 * has to be unpacked, and counts. */
static void pass_over(struct walk *w, const struct opened *o, char *block)
{
    while (o->unpacks && next_bytes(w, o, block))
        ;
}

/* Whether it was read to its end. */
static bool search_members(struct walk *w, struct opened *o)
{
    struct arena own = {0};
    char *block = arena_alloc(&own, BLOCK);
    struct archive_entry *entry;
    int rc = ARCHIVE_OK;
    while (w->left && w->entries++ < LIMIT_ARCHIVE_ENTRIES) {
        o->feed.in_header = true;
        o->feed.header = 0;
        rc = archive_read_next_header(o->in, &entry);
        o->feed.in_header = false;
        if (rc < ARCHIVE_WARN || rc == ARCHIVE_EOF)
            break;
        struct str name = name_of(o, entry);
        if (archive_entry_filetype(entry) != AE_IFREG || is_passed_over(name))
            pass_over(w, o, block);
        else if (archive_entry_is_data_encrypted(entry))
            wrong(w, "is an archive with members that a password protects");
        else
            search_member(w, o, name, block);
    }
    arena_free(&own);
    return rc == ARCHIVE_EOF;
}

/* ---- archives ---- */

enum way { WAY_USUAL, WAY_PLAIN }; /* a zip without its list, compressed bytes that are no tar */

static bool open_zip(struct archive *in, struct str bytes, enum way way)
{
    int rc = way == WAY_USUAL ? archive_read_support_format_zip_seekable(in)
                              : archive_read_support_format_zip_streamable(in);
    return rc == ARCHIVE_OK && archive_read_open_memory(in, bytes.p, bytes.n) == ARCHIVE_OK;
}

/* Of a header, libarchive keeps what it says of names and holes, which take more memory than bytes;
 * what comes out for headers counts like what comes out for members. */
static bool may_feed(struct feed *f, size_t n)
{
    struct walk *w = f->w;
    if (!f->in_header)
        return true;
    f->header += n;
    if (f->header > LIMIT_HEADER_BYTES) {
        wrong(w, "is an archive with a header that is too large to be read");
        return false;
    }
    if (!f->packed)
        return true;
    if (n > w->left || n > *w->room) {
        wrong(w, "unpacks to more than is searched; the rest is left out");
        w->left = 0;
        return false;
    }
    w->left -= n;
    *w->room -= n;
    return true;
}

static la_ssize_t feed(struct archive *in, void *ctx, const void **block)
{
    struct feed *f = ctx;
    size_t n = f->rest.n < BLOCK ? f->rest.n : BLOCK;
    la_int64_t at;
    int rc = ARCHIVE_OK;
    *block = f->rest.p;
    if (f->packed)
        rc = archive_read_data_block(f->packed, block, &n, &at);
    else
        f->rest = str_from(f->rest, n);
    if (rc == ARCHIVE_EOF)
        return 0;
    if (rc >= ARCHIVE_WARN && may_feed(f, n))
        return (la_ssize_t)n;
    archive_set_error(in, EIO, "no more of it is read");
    return ARCHIVE_FATAL;
}

static la_int64_t skip(struct archive *in, void *ctx, la_int64_t n)
{
    struct feed *f = ctx;
    (void)in;
    if (f->packed || n < 0)
        return 0;
    size_t before = f->rest.n;
    f->rest = str_from(f->rest, (uint64_t)n < before ? (size_t)n : before);
    return (la_int64_t)(before - f->rest.n);
}

/* Compressed bytes: this one decompression and no other, as libarchive would try. */
static bool open_packed(struct feed *f, int filter, struct str bytes)
{
    struct archive_entry *entry;
    f->packed = archive_read_new();
    return f->packed && archive_read_append_filter(f->packed, filter) == ARCHIVE_OK &&
           archive_read_support_format_raw(f->packed) == ARCHIVE_OK &&
           archive_read_open_memory(f->packed, bytes.p, bytes.n) == ARCHIVE_OK &&
           archive_read_next_header(f->packed, &entry) == ARCHIVE_OK;
}

static bool open_tar(struct walk *w, struct opened *o, int filter, struct str bytes, enum way way)
{
    o->feed = (struct feed){.w = w, .rest = bytes};
    if (filter != ARCHIVE_FILTER_NONE && !open_packed(&o->feed, filter, bytes))
        return false;
    int rc = archive_read_append_filter(o->in, ARCHIVE_FILTER_NONE);
    if (rc == ARCHIVE_OK && way == WAY_USUAL)
        rc = archive_read_support_format_tar(o->in);
    if (rc == ARCHIVE_OK && filter != ARCHIVE_FILTER_NONE)
        rc = archive_read_support_format_raw(o->in);
    archive_read_set_callback_data(o->in, &o->feed);
    archive_read_set_read_callback(o->in, feed);
    archive_read_set_skip_callback(o->in, skip);
    return rc == ARCHIVE_OK && archive_read_open1(o->in) == ARCHIVE_OK;
}

/* One way of reading it; false: it is not read to its end that way. */
static bool try_archive(struct walk *w, struct str bytes, struct opened *o, enum way way)
{
    const struct form *form = form_of(bytes);
    o->in = archive_read_new();
    if (!o->in || !form)
        return false;
    o->unpacks = way == WAY_PLAIN || form->filter != ARCHIVE_FILTER_NONE;
    size_t again = w->s->again;
    if (way == WAY_PLAIN)
        w->s->again = w->s->n_found;
    bool lists = form->zip && way == WAY_USUAL;
    size_t listed = lists ? facts_zip_listed(bytes, LIMIT_ARCHIVE_ENTRIES - w->listed) : 0;
    w->listed += listed;
    bool whole =
        w->listed <= LIMIT_ARCHIVE_ENTRIES &&
        (form->zip ? open_zip(o->in, bytes, way) : open_tar(w, o, form->filter, bytes, way)) &&
        search_members(w, o);
    archive_read_free(o->in);
    archive_read_free(o->feed.packed);
    o->feed = (struct feed){0};
    w->listed -= listed;
    w->s->again = again;
    return whole;
}

/* True: it was read to its end, whatever is known of archives in it. */
static bool search_archive(struct walk *w, struct str bytes, struct opened *o)
{
    const struct form *form = form_of(bytes);
    uint64_t before = w->entries;
    bool whole = try_archive(w, bytes, o, WAY_USUAL);
    /* a zip whose list at the end is missing or lies is read from its beginning, and zeros are an
     * empty tar */
    bool empty = whole && w->entries == before + 1;
    if (form->zip ? !whole : empty && form->filter != ARCHIVE_FILTER_NONE)
        whole = try_archive(w, bytes, o, WAY_PLAIN) && whole;
    if (!whole)
        wrong(w, "is an archive that is damaged, or lists more than is searched");
    return whole;
}

bool facts_archive_search(struct facts_search *s, struct str bytes, struct str path, uint64_t *room,
                          struct str *note)
{
    uint64_t brings = LIMIT_ARCHIVE_SMALL + LIMIT_ARCHIVE_RATIO * bytes.n;
    struct walk w = {.s = s,
                     .left = brings < LIMIT_ARCHIVE_UNPACKED ? brings : LIMIT_ARCHIVE_UNPACKED,
                     .room = room};
    struct opened o = {.path = path};
    *room += LIMIT_ARCHIVE_ROOM * bytes.n;
    bool whole = search_archive(&w, bytes, &o);
    *note = w.note;
    return whole;
}
