/* Layers as tar streams, hostile ones above all. Each is read to its end or to its refusal. */
#include "base/limits.h"
#include "image/reader.h"
#include "lib/fixture.h"
#include "lib/tap.h"

static struct arena a;

/* Reads a whole layer; the last path goes to *path (LIMIT_PATH_BYTES) when it is not NULL. */
static int read_all(struct source *from, const struct reader_expect *expect, size_t *n, char *path,
                    struct err *e)
{
    struct image_reader *r;
    struct image_entry entry;
    const void *p;
    ssize_t got = 0;
    int rc;
    *n = 0;
    if (reader_tar(from, IMAGE_PLAIN, expect, &r, e))
        return -1;
    while ((rc = image_next(r, &entry, e)) > 0) {
        (*n)++;
        if (path)
            snprintf(path, LIMIT_PATH_BYTES, STR_F, STR_A(entry.path));
        while (entry.type == ENTRY_FILE && (got = image_block(r, &p, e)) > 0) {
        }
        if (got < 0)
            break;
    }
    image_layer_close(r);
    return got < 0 ? -1 : rc;
}

static int read_bytes(struct str bytes, size_t *n, char *path, struct err *e)
{
    struct source_memory from = source_memory(bytes);
    struct reader_expect expect = {.image = STR("img"), .layer = 2, .stored = bytes.n};
    return read_all(&from.source, &expect, n, path, e);
}

static struct str one(char flag, const char *name, unsigned long long size, const char *link,
                      const char *data)
{
    struct fixture_tar t = {.b = {.a = &a}};
    fixture_tar_header(&t, flag, name, size, link);
    if (data)
        fixture_tar_data(&t, str_of(data));
    return fixture_tar_end(&t);
}

static void refused(struct str bytes, const char *part, const char *what)
{
    struct err e = {0};
    size_t n;
    int rc = read_bytes(bytes, &n, NULL, &e);
    is_err(rc, e, ERR_INPUT, part, "refused: %s", what);
    ok(strstr(e.text, "img: layer 2") != NULL, "names image and layer: %s", e.text);
}

static void test_escape(void)
{
    refused(one('0', "../escape", 0, NULL, NULL), "\"..\"", "a path that climbs out");
    refused(one('0', "a/../../escape", 0, NULL, NULL), "\"..\"", "one that climbs out inside");
    refused(one('1', "hard", 0, "../../etc/shadow", NULL), "hard link", "a hard link out");
    refused(one('0', ".", 0, NULL, NULL), "root", "a file in the place of the root");
    refused(one('2', "./", 0, "x", NULL), "root", "a symlink in the place of the root");
    char path[LIMIT_PATH_BYTES];
    struct err e = {0};
    size_t n;
    is_int(read_bytes(one('0', "/etc/passwd", 2, NULL, "ab"), &n, path, &e), 0, "absolute is read");
    is_str(str_of(path), "etc/passwd", "below the root");
    is_int(read_bytes(one('2', "sym", 0, "../../../etc/shadow", NULL), &n, path, &e), 0,
           "a symlink may point anywhere");
}

static void test_damage(void)
{
    struct str good = one('0', "file", 1000, NULL, NULL), bytes;
    refused(one('0', "file", 5000, NULL, "short"), "Truncated", "a size over what follows");
    refused(str_slice(good, 0, 700), "Truncated", "data cut off");
    refused(str_slice(good, 0, 300), "", "a header cut off");
    bytes = str_dup(&a, one('0', "file", 0, NULL, NULL));
    ((char *)(uintptr_t)bytes.p)[3] ^= 1;
    refused(bytes, "", "a wrong header checksum");
    struct buf b = {.a = &a};
    buf_add(&b, one('0', "file", 0, NULL, NULL));
    buf_addz(&b, "hidden");
    refused(buf_str(&b), "follows the end", "content behind the end");
    struct fixture_tar t = {.b = {.a = &a}};
    fixture_tar_pax(&t, "size", STR("99999999999999"));
    fixture_tar_header(&t, '0', "huge", 0, NULL);
    refused(fixture_tar_end(&t), "GiB", "a file of 90 TiB");
    t = (struct fixture_tar){.b = {.a = &a}};
    fixture_tar_header(&t, 'x', "PaxHeader/x", 20, NULL);
    fixture_tar_data(&t, STR("99 path=no such len\n"));
    fixture_tar_header(&t, '0', "file", 0, NULL);
    refused(fixture_tar_end(&t), "pax", "a pax record that lies about its length");
    t = (struct fixture_tar){.b = {.a = &a}};
    fixture_tar_pax(&t, "uid", STR("4294967295"));
    fixture_tar_header(&t, '0', "file", 0, NULL);
    refused(fixture_tar_end(&t), "user id", "a user id that is none");
    t = (struct fixture_tar){.b = {.a = &a}};
    fixture_tar_pax(&t, "GNU.sparse.major", STR("0"));
    fixture_tar_pax(&t, "GNU.sparse.map", STR("0,1"));
    refused(fixture_tar_end(&t), "", "pax records for no entry");
}

/* Sparse as old GNU tar has it: 5 bytes of data, the rest is a hole. */
static struct str sparse(const char *real_size)
{
    struct fixture_tar t = {.b = {.a = &a}};
    unsigned sum = 0;
    fixture_tar_header(&t, 'S', "sparse", 5, NULL);
    char *h = t.b.p;
    memcpy(h + 257, "ustar  ", 8);
    memcpy(h + 386, "00000000000\00000000000005", 24);
    memcpy(h + 483, real_size, 12);
    memset(h + 148, ' ', 8);
    for (size_t i = 0; i < 512; i++)
        sum += (unsigned char)h[i];
    snprintf(h + 148, 8, "%06o", sum);
    fixture_tar_data(&t, STR("hello"));
    return fixture_tar_end(&t);
}

static void test_sparse(void)
{
    struct str bytes = sparse("00000400000");
    struct source_memory from = source_memory(bytes);
    struct reader_expect expect = {.image = STR("img"), .layer = 2, .stored = bytes.n};
    struct image_reader *r;
    struct image_entry entry;
    struct err e = {0};
    struct buf all = {.a = &a};
    char data[1000];
    ssize_t n;
    if (!ok(reader_tar(&from.source, IMAGE_PLAIN, &expect, &r, &e) == 0, "sparse: %s", e.text) ||
        !ok(image_next(r, &entry, &e) == 1, "its entry: %s", e.text))
        return;
    is_int(entry.size, 0400000, "size with the hole");
    while ((n = image_read(r, data, sizeof data, &e)) > 0)
        buf_add(&all, (struct str){data, (size_t)n});
    is_int(n, 0, "read: %s", e.text);
    is_int(all.n, 0400000, "all of it");
    is_str(str_slice(buf_str(&all), 0, 5), "hello", "the data");
    ok(all.p[5] == 0 && memcmp(all.p + 5, all.p + 6, all.n - 6) == 0, "the hole is zero");
    image_layer_close(r);
    refused(sparse("77777777777"), "bomb", "8 GiB of holes");
    refused(sparse("\x80\0\0\0\0\0\x40\0\0\0\0\0"), "GiB", "256 TiB of holes");
}

/* A map of holes costs libarchive twenty times its bytes. */
static void test_sparse_map(void)
{
    struct fixture_tar t = {.b = {.a = &a}};
    fixture_tar_holes(&t, "sparse");
    refused(fixture_tar_end(&t), "headers", "a map of millions of holes");
}

static void test_deep(void)
{
    struct fixture_tar t = {.b = {.a = &a}};
    struct buf path = {.a = &a};
    for (int i = 0; i < 700; i++)
        buf_addz(&path, "d/");
    fixture_tar_pax(&t, "path", buf_str(&path));
    fixture_tar_header(&t, '5', "d", 0, NULL);
    refused(fixture_tar_end(&t), "deep", "folders nested without end");
    t = (struct fixture_tar){.b = {.a = &a}};
    path.n = 0;
    for (int i = 0; i < 300; i++)
        buf_addc(&path, 'n');
    fixture_tar_pax(&t, "path", buf_str(&path));
    fixture_tar_header(&t, '0', "n", 0, NULL);
    refused(fixture_tar_end(&t), "300 bytes", "a name longer than can be");
}

static void test_xattrs(void)
{
    struct fixture_tar t = {.b = {.a = &a}};
    struct buf records = {.a = &a};
    for (int i = 0; i < LIMIT_XATTRS + 1; i++)
        buf_addf(&records, "30 SCHILY.xattr.user.x%04d=ab\n", i);
    fixture_tar_header(&t, 'x', "PaxHeader/x", records.n, NULL);
    fixture_tar_data(&t, buf_str(&records));
    fixture_tar_header(&t, '0', "file", 0, NULL);
    refused(fixture_tar_end(&t), "extended attributes", "129 attributes");
}

/* The tree decides what these mean; the reader hands them on. */
static void test_taken(void)
{
    struct fixture_tar t = {.b = {.a = &a}};
    size_t n;
    struct err e = {0};
    fixture_tar_header(&t, '0', "twice", 0, NULL);
    fixture_tar_header(&t, '0', "twice", 0, NULL);
    fixture_tar_header(&t, '4', "dev/sda", 0, NULL);
    fixture_tar_header(&t, '0', "etc/.wh.passwd", 0, NULL);
    is_int(read_bytes(fixture_tar_end(&t), &n, NULL, &e), 0, "duplicates, devices, whiteouts: %s",
           e.text);
    is_int(n, 4, "all of them");
    is_int(read_bytes((struct str){0}, &n, NULL, &e), 0, "no bytes at all: %s", e.text);
    struct fixture_tar empty = {.b = {.a = &a}};
    is_int(read_bytes(fixture_tar_end(&empty), &n, NULL, &e), 0, "an empty archive: %s", e.text);
    is_int(n, 0, "without entries");
}

static void test_digests(void)
{
    struct str bytes = one('0', "file", 2, NULL, "ab");
    struct digest right = digest_of(bytes), wrong = right;
    wrong.b[0] ^= 1;
    struct reader_expect expect = {.blob = &right, .diff_id = &right, .stored = bytes.n};
    struct source_memory from = source_memory(bytes);
    struct err e = {0};
    size_t n;
    is_int(read_all(&from.source, &expect, &n, NULL, &e), 0, "right digests: %s", e.text);
    expect.blob = &wrong;
    from = source_memory(bytes);
    is_err(read_all(&from.source, &expect, &n, NULL, &e), e, ERR_INPUT,
           "digest is sha256:", "a wrong digest");
    expect.blob = NULL;
    expect.diff_id = &wrong;
    from = source_memory(bytes);
    is_err(read_all(&from.source, &expect, &n, NULL, &e), e, ERR_INPUT,
           "diff id is sha256:", "a wrong diff id");
}

/* Headers without end, made as they are read. */
struct headers {
    struct source source;
    char header[512];
    uint64_t left;
};

static ssize_t more_headers(struct source *s, void *to, size_t n, struct err *e)
{
    (void)e;
    struct headers *h = (struct headers *)s;
    size_t count = n / 512;
    if (count > h->left)
        count = (size_t)h->left;
    for (size_t i = 0; i < count; i++)
        memcpy((char *)to + i * 512, h->header, 512);
    h->left -= count;
    return (ssize_t)(count * 512);
}

static void test_million(void)
{
    struct fixture_tar t = {.b = {.a = &a}};
    struct headers h = {.source = {more_headers}, .left = 1000 * 1000};
    struct reader_expect expect = {.stored = h.left * 512};
    struct err e = {0};
    size_t n;
    fixture_tar_header(&t, '0', "file", 0, NULL);
    memcpy(h.header, t.b.p, 512);
    is_int(read_all(&h.source, &expect, &n, NULL, &e), 0, "a million entries: %s", e.text);
    is_int(n, 1000 * 1000, "all of them");
    if (!getenv("SHUCK_LONG")) /* a few seconds */
        return;
    h.left = LIMIT_LAYER_ENTRIES + 1;
    is_err(read_all(&h.source, &expect, &n, NULL, &e), e, ERR_INPUT, "more than 4000000 entries",
           "the cap on entries");
}

int main(void)
{
    test_escape();
    test_damage();
    test_sparse();
    test_sparse_map();
    test_deep();
    test_xattrs();
    test_taken();
    test_digests();
    test_million();
    arena_free(&a);
    return done_testing();
}
