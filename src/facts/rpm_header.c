/* rpm_header: the header of an installed rpm package, as its database keeps it → a package.
 *
 * Two counts, an index of (tag, type, offset, count), then the data, all big endian (rpm's
 * "Header format V3 and V4"). Only tags that facts need are looked at; of one that is there twice,
 * the first counts.
 *
 * Invariants
 * 1. No byte outside of the blob is read, whatever the counts and offsets. (fuzz_rpm, test_rpm:
 *    lies)
 * 2. Of configuration, and of what a package says will change, no digest is kept. (test_rpm:
 *    changing)
 * 3. What is kept is bounded by room and bytes, whatever a header repeats. (test_rpm: room)
 */
#include <inttypes.h>

#include "base/buf.h"
#include "base/limits.h"
#include "facts/rpm.h"
#include "facts/sums.h"

enum type { INT8 = 2, INT16 = 3, INT32 = 4, INT64 = 5, STRING = 6, STRINGS = 8, I18NSTRING = 9 };

enum field {
    NAME,
    VERSION,
    RELEASE,
    EPOCH,
    SIZE,
    LICENCE,
    GROUP,
    ARCH,
    FILE_DIGESTS,
    FILE_STATES,
    FILE_FLAGS,
    SOURCE_RPM,
    PROVIDES,
    FILE_VERIFY,
    REQUIRES,
    DIR_INDEXES,
    BASENAMES,
    DIR_NAMES,
    LONG_SIZE,
    DIGEST_ALGORITHM,
    N_FIELDS
};

static const uint32_t tags[N_FIELDS] = {
    [NAME] = 1000,         [VERSION] = 1001,     [RELEASE] = 1002,    [EPOCH] = 1003,
    [SIZE] = 1009,         [LICENCE] = 1014,     [GROUP] = 1016,      [ARCH] = 1022,
    [FILE_DIGESTS] = 1035, [FILE_STATES] = 1029, [FILE_FLAGS] = 1037, [SOURCE_RPM] = 1044,
    [FILE_VERIFY] = 1045,  [PROVIDES] = 1047,    [REQUIRES] = 1049,   [DIR_INDEXES] = 1116,
    [BASENAMES] = 1117,    [DIR_NAMES] = 1118,   [LONG_SIZE] = 5009,  [DIGEST_ALGORITHM] = 5011,
};

enum {
    FLAG_CONFIG = 1 << 0,   /* there to be changed */
    FLAG_GHOST = 1 << 6,    /* owned, but made by no package */
    VERIFY_DIGEST = 1 << 0, /* without it the package says that its content will change */
    STATE_NORMAL = 0,       /* others: another package's stands there, or none was installed */
};

struct value {
    uint32_t type, count; /* type 0: absent */
    struct str data;      /* from its offset to the end */
};

struct header {
    struct value v[N_FIELDS];
};

static uint32_t be32(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static bool read_index(struct str blob, struct header *ret)
{
    if (blob.n < 8)
        return false;
    size_t entries = be32(blob.p), bytes = be32(blob.p + 4);
    struct str rest = str_from(blob, 8);
    if (entries > rest.n / 16 || bytes > rest.n - entries * 16)
        return false;
    struct str data = str_slice(rest, entries * 16, entries * 16 + bytes);
    for (size_t i = 0; i < entries; i++) {
        const char *p = rest.p + i * 16;
        uint32_t tag = be32(p), offset = be32(p + 8);
        for (size_t f = 0; f < N_FIELDS; f++)
            if (tags[f] == tag && !ret->v[f].type && offset < data.n)
                ret->v[f] = (struct value){be32(p + 4), be32(p + 12), str_from(data, offset)};
    }
    return true;
}

/* Takes the next string off a value; false when there is none. */
static bool next_string(struct value *v, struct str *ret)
{
    if ((v->type != STRING && v->type != STRINGS && v->type != I18NSTRING) || !v->count)
        return false;
    size_t n = str_find(v->data, 0);
    if (n == v->data.n)
        return false;
    *ret = str_slice(v->data, 0, n);
    v->data = str_from(v->data, n + 1);
    v->count--;
    return true;
}

static bool next_number(struct value *v, uint64_t *ret)
{
    static const size_t sizes[] = {[INT8] = 1, [INT16] = 2, [INT32] = 4, [INT64] = 8};
    size_t size = v->type >= INT8 && v->type <= INT64 ? sizes[v->type] : 0;
    if (!size || !v->count || v->data.n < size)
        return false;
    *ret = 0;
    for (size_t i = 0; i < size; i++)
        *ret = *ret << 8 | (unsigned char)v->data.p[i];
    v->data = str_from(v->data, size);
    v->count--;
    return true;
}

/* "<none>" and "(none)" stand for nothing. */
static struct str text(const struct header *h, enum field f)
{
    struct value v = h->v[f];
    struct str s;
    if (!next_string(&v, &s) || s.n > LIMIT_PATH_BYTES || str_is(s, "(none)"))
        return (struct str){0};
    return s;
}

static uint64_t number(const struct header *h, enum field f, uint64_t otherwise)
{
    struct value v = h->v[f];
    uint64_t n;
    return next_number(&v, &n) ? n : otherwise;
}

/* ---- what is kept ---- */

struct facts_rpm facts_rpm_begin(struct arena *a)
{
    return (struct facts_rpm){.a = a, .room = facts_room(), .bytes = LIMIT_FACTS_BYTES};
}

void facts_rpm_wrong(struct facts_rpm *r, struct str what)
{
    if (!r->note.n)
        r->note = what;
}

static bool spend(struct facts_rpm *r, size_t n)
{
    n += sizeof(struct str);
    if (n > r->bytes)
        return false;
    r->bytes -= n;
    return true;
}

static struct str keep(struct facts_rpm *r, struct str s)
{
    return s.n && spend(r, s.n) ? str_dup(r->a, s) : (struct str){0};
}

/* Names that packages ask for or offer; what rpm itself must be able to do is none. */
static void keep_names(struct facts_rpm *r, struct value v, struct strs *ret)
{
    struct str s;
    while (r->room.names && next_string(&v, &s)) {
        if (!s.n || s.n > LIMIT_PATH_BYTES || str_starts(s, STR("rpmlib(")) || !spend(r, s.n))
            continue;
        facts_add(r->a, ret, str_dup(r->a, s));
        r->room.names--;
    }
}

/* "curl-7.76.1-29.el9.src.rpm" → curl, 7.76.1-29.el9. */
static void set_source(struct facts_rpm *r, struct str rpm, struct facts_package *p)
{
    static const struct str ends[] = {STR_INIT(".src.rpm"), STR_INIT(".nosrc.rpm")};
    p->source = p->name;
    p->source_version = p->version;
    for (size_t i = 0; i < 2; i++) {
        if (!str_ends(rpm, ends[i]))
            continue;
        struct str stem = str_slice(rpm, 0, rpm.n - ends[i].n);
        size_t release = str_rfind(stem, '-');
        size_t version = str_rfind(str_slice(stem, 0, release), '-');
        if (release == stem.n || version == release || !version)
            return;
        stem = keep(r, stem);
        p->source = str_slice(stem, 0, version);
        p->source_version = str_from(stem, version + 1);
        return;
    }
}

static struct strs dir_names(struct facts_rpm *r, struct value v, struct arena *scratch)
{
    struct strs ret = {0};
    struct str s;
    while (ret.n < LIMIT_PACKAGE_FILES && next_string(&v, &s))
        facts_add(scratch, &ret, s);
    if (v.count)
        facts_rpm_wrong(r, STR("has folders that are not there"));
    return ret;
}

struct sums VEC(uint64_t);

static struct str file_path(struct facts_rpm *r, const struct strs *dirs, struct value *indexes,
                            struct str name)
{
    uint64_t dir;
    if (!next_number(indexes, &dir) || dir >= dirs->n || !str_starts(dirs->v[dir], STR("/")) ||
        dirs->v[dir].n + name.n > LIMIT_PATH_BYTES) {
        facts_rpm_wrong(r, STR("has files in folders that are not there"));
        return (struct str){0};
    }
    size_t n = dirs->v[dir].n + name.n;
    if (!r->room.files || !spend(r, n + sizeof(uint64_t)))
        return (struct str){0};
    r->room.files--;
    return str_fmt(r->a, STR_F STR_F, STR_A(dirs->v[dir]), STR_A(name));
}

/* What is told of one file beside its name; of what a header is silent about, the usual. */
struct file_word {
    struct str digest;
    bool ghost, as_it_was;
};

static struct file_word next_file(struct header *h)
{
    struct file_word f = {0};
    uint64_t flags = 0, verify = VERIFY_DIGEST, state = STATE_NORMAL;
    if (!next_string(&h->v[FILE_DIGESTS], &f.digest))
        f.digest = (struct str){0};
    if (!next_number(&h->v[FILE_FLAGS], &flags))
        flags = 0;
    if (!next_number(&h->v[FILE_VERIFY], &verify))
        verify = VERIFY_DIGEST;
    if (!next_number(&h->v[FILE_STATES], &state))
        state = STATE_NORMAL;
    f.ghost = flags & FLAG_GHOST;
    f.as_it_was = !(flags & FLAG_CONFIG) && verify & VERIFY_DIGEST && state == STATE_NORMAL;
    return f;
}

static void keep_files(struct facts_rpm *r, struct header *h, struct facts_package *p)
{
    struct arena scratch = {0};
    struct strs dirs = dir_names(r, h->v[DIR_NAMES], &scratch);
    struct sums sums = {0};
    struct str name;
    while (next_string(&h->v[BASENAMES], &name)) {
        struct str path = file_path(r, &dirs, &h->v[DIR_INDEXES], name);
        struct file_word f = next_file(h);
        if (!path.n || f.ghost)
            continue;
        facts_add(r->a, &p->files, path);
        *vec_push(&scratch, &sums) = f.as_it_was ? facts_sum_hex(f.digest) : 0;
    }
    p->file_sums = arena_array(r->a, uint64_t, sums.n);
    if (sums.n)
        memcpy(p->file_sums, sums.v, sums.n * sizeof *sums.v);
    arena_free(&scratch);
}

/* RFC 4880's numbers of hash algorithms; without one it is MD5. */
static enum facts_sum sum_kind(uint64_t algorithm)
{
    static const enum facts_sum kinds[] = {[1] = SUM_MD5, [2] = SUM_SHA1, [8] = SUM_SHA256};
    return algorithm < sizeof kinds / sizeof *kinds ? kinds[algorithm] : SUM_NONE;
}

static struct str full_version(struct facts_rpm *r, const struct header *h)
{
    struct str version = text(h, VERSION), release = text(h, RELEASE);
    uint64_t epoch = number(h, EPOCH, 0);
    struct buf b = {.a = r->a};
    if (epoch)
        buf_addf(&b, "%" PRIu64 ":", epoch);
    buf_add(&b, version);
    if (release.n)
        buf_addf(&b, "-" STR_F, STR_A(release));
    return buf_str(&b);
}

bool facts_rpm_header(struct facts_rpm *r, struct str blob)
{
    struct header h = {0};
    if (!r->room.packages || !spend(r, sizeof(struct facts_package)))
        return false;
    if (!read_index(blob, &h) || !text(&h, NAME).n) {
        facts_rpm_wrong(r, STR("has a package whose header lies or is cut off"));
        return true;
    }
    if (str_is(text(&h, NAME), "gpg-pubkey"))
        return true;
    struct facts_package p = {.kind = PACKAGE_RPM, .name = keep(r, text(&h, NAME))};
    p.version = full_version(r, &h);
    p.arch = keep(r, text(&h, ARCH));
    p.licence = keep(r, text(&h, LICENCE));
    p.section = keep(r, text(&h, GROUP));
    p.installed_size = number(&h, LONG_SIZE, number(&h, SIZE, 0));
    set_source(r, text(&h, SOURCE_RPM), &p);
    keep_names(r, h.v[REQUIRES], &p.depends);
    keep_names(r, h.v[PROVIDES], &p.provides);
    p.file_sum_kind = sum_kind(number(&h, DIGEST_ALGORITHM, 1));
    keep_files(r, &h, &p);
    *vec_push(r->a, &r->packages) = p;
    r->room.packages--;
    return true;
}
