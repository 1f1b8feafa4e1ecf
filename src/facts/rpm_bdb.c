/* rpm_bdb: rpm's older database, a hash of Berkeley DB → header blobs.
 *
 * Pages of one size, told by the first. A hash page lists (key, value) pairs; a header is a value
 * of its own pages, which are chained. Every page is read in the byte order of the first.
 *
 * Invariants
 * 1. All headers together are no more bytes than the file has, and so no chain is followed without
 *    end. (test_rpm: room)
 */
#include "base/buf.h"
#include "base/limits.h"
#include "facts/rpm.h"

#define MAGIC_HASH 0x061561u

enum {
    PAGE_HEAD = 26,
    PAGE_HASH_UNSORTED = 2,
    PAGE_OVERFLOW = 7,
    PAGE_HASH = 13,
    ITEM_HERE = 1,
    ITEM_OFFPAGE = 3,
    HEADER_LEAST = 8,
    PAGE_LEAST = 512,
    PAGE_MOST = 65536,
};

struct bdb {
    struct str bytes;
    bool big;
    uint32_t page; /* bytes of one */
    size_t left;   /* bytes that headers may still have */
    struct facts_rpm *r;
};

static uint32_t u32(const struct bdb *d, const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return d->big ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]
                  : (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

static uint32_t u16(const struct bdb *d, const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return d->big ? (uint32_t)b[0] << 8 | b[1] : (uint32_t)b[1] << 8 | b[0];
}

static const char *page_at(const struct bdb *d, uint64_t number)
{
    return number < d->bytes.n / d->page ? d->bytes.p + number * d->page : NULL;
}

/* The bytes of a chain of pages. */
static bool chain(struct bdb *d, uint32_t number, uint32_t n, struct buf *ret)
{
    if (n > LIMIT_RPM_HEADER || n > d->left)
        return false;
    while (ret->n < n) {
        const char *page = page_at(d, number);
        if (!page || !number || page[25] != PAGE_OVERFLOW)
            return false;
        uint32_t here = u16(d, page + 22); /* of an overflow page: the bytes on it */
        if (!here || here > d->page - PAGE_HEAD || here > n - ret->n)
            return false;
        buf_add(ret, (struct str){page + PAGE_HEAD, here});
        number = u32(d, page + 16);
    }
    d->left -= n;
    return true;
}

/* A value is between its own place and the one before it, when it is not on pages of its own. */
static bool read_value(struct bdb *d, const char *page, uint32_t at, uint32_t end)
{
    struct arena scratch = {0};
    struct buf blob = {.a = &scratch};
    bool room = true;
    if (at < PAGE_HEAD || end > d->page || at >= end)
        return true;
    if (page[at] == ITEM_HERE && end - at > HEADER_LEAST && end - at <= d->left) {
        buf_add(&blob, (struct str){page + at + 1, end - at - 1});
        d->left -= blob.n;
    } else if (page[at] != ITEM_OFFPAGE || end - at < 12) {
        return true; /* rpm's own counter */
    } else if (!chain(d, u32(d, page + at + 4), u32(d, page + at + 8), &blob)) {
        facts_rpm_wrong(d->r, STR("has a package that lies outside of it"));
        blob.n = 0;
    }
    if (blob.n)
        room = facts_rpm_header(d->r, buf_str(&blob));
    arena_free(&scratch);
    return room;
}

static bool read_page(struct bdb *d, const char *page)
{
    uint32_t entries = u16(d, page + 20);
    for (uint32_t k = 1; k < entries && PAGE_HEAD + 2 * k + 2 <= d->page; k += 2) {
        const char *place = page + PAGE_HEAD + (size_t)k * 2;
        if (!read_value(d, page, u16(d, place), u16(d, place - 2)))
            return false;
    }
    return true;
}

void facts_rpm_bdb(struct facts_rpm *r, struct str bytes)
{
    struct bdb d = {.bytes = bytes, .left = bytes.n, .r = r};
    if (bytes.n < PAGE_LEAST)
        return facts_rpm_wrong(r, STR("is not a whole rpm database"));
    d.big = u32(&d, bytes.p + 12) != MAGIC_HASH;
    d.page = u32(&d, bytes.p + 20);
    if (u32(&d, bytes.p + 12) != MAGIC_HASH || d.page < PAGE_LEAST || d.page > PAGE_MOST)
        return facts_rpm_wrong(r, STR("is not a whole rpm database"));
    uint64_t last = u32(&d, bytes.p + 32);
    if (last >= bytes.n / d.page)
        facts_rpm_wrong(r, STR("is cut off"));
    for (uint64_t i = 1; i <= last && i < bytes.n / d.page; i++) {
        const char *page = page_at(&d, i);
        if (page[25] != PAGE_HASH && page[25] != PAGE_HASH_UNSORTED)
            continue;
        if (!read_page(&d, page))
            return facts_rpm_wrong(r, STR("lists more than is read; the rest is left out"));
    }
}
