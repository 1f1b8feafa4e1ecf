/* rpmmake: headers of rpm packages as databases hold them, and SUSE's kind of database. For unit
 * tests only.
 *
 *     struct rpmmake m = {.data = {.a = &a}, .index = {.a = &a}};
 *     rpmmake_text(&m, 1000, "bash");
 *     rpmmake_numbers(&m, 1116, (uint32_t[]){0, 0}, 2);
 *     struct str blob = rpmmake_end(&m); */
#ifndef TESTS_RPMMAKE_H
#define TESTS_RPMMAKE_H

#include "base/buf.h"

struct rpmmake {
    struct buf index, data;
    uint32_t n;
};

static inline void rpmmake_be32(struct buf *b, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_addc(b, (char)(v >> shift));
}

static inline void rpmmake_le32(struct buf *b, uint32_t v)
{
    for (int shift = 0; shift < 32; shift += 8)
        buf_addc(b, (char)(v >> shift));
}

static inline void rpmmake_entry(struct rpmmake *m, uint32_t tag, uint32_t type, uint32_t count)
{
    rpmmake_be32(&m->index, tag);
    rpmmake_be32(&m->index, type);
    rpmmake_be32(&m->index, (uint32_t)m->data.n);
    rpmmake_be32(&m->index, count);
    m->n++;
}

static inline void rpmmake_texts(struct rpmmake *m, uint32_t tag, const char *const *v, uint32_t n)
{
    rpmmake_entry(m, tag, 8, n);
    for (uint32_t i = 0; i < n; i++)
        buf_add(&m->data, (struct str){v[i], strlen(v[i]) + 1});
}

static inline void rpmmake_text(struct rpmmake *m, uint32_t tag, const char *text)
{
    rpmmake_entry(m, tag, 6, 1);
    buf_add(&m->data, (struct str){text, strlen(text) + 1});
}

static inline void rpmmake_numbers(struct rpmmake *m, uint32_t tag, const uint32_t *v, uint32_t n)
{
    while (m->data.n % 4)
        buf_addc(&m->data, 0);
    rpmmake_entry(m, tag, 4, n);
    for (uint32_t i = 0; i < n; i++)
        rpmmake_be32(&m->data, v[i]);
}

static inline struct str rpmmake_end(struct rpmmake *m)
{
    struct buf b = {.a = m->data.a};
    rpmmake_be32(&b, m->n);
    rpmmake_be32(&b, (uint32_t)m->data.n);
    buf_add(&b, buf_str(&m->index));
    buf_add(&b, buf_str(&m->data));
    return buf_str(&b);
}

/* Packages.db with these headers, `times` slots for each. */
static inline struct str rpmmake_ndb(struct arena *a, const struct str *blobs, uint32_t n,
                                     uint32_t times)
{
    enum { PAGE_BYTES = 4096 };
    struct buf b = {.a = a};
    uint32_t pages = (2 + n * times) * 16 / PAGE_BYTES + 1, at = pages * PAGE_BYTES;
    const uint32_t head[] = {0x506d7052, 0, 1, pages, n + 1, 0, 0, 0};
    for (size_t i = 0; i < 8; i++)
        rpmmake_le32(&b, head[i]);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t units = (uint32_t)(16 + blobs[i].n + 12 + 15) / 16;
        for (uint32_t k = 0; k < times; k++) {
            const uint32_t slot[] = {0x746f6c53, i + 1, at / 16, units};
            for (size_t j = 0; j < 4; j++)
                rpmmake_le32(&b, slot[j]);
        }
        at += units * 16;
    }
    while (b.n < pages * PAGE_BYTES)
        buf_addc(&b, 0);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t blob[] = {0x53626c42, i + 1, 1, (uint32_t)blobs[i].n};
        for (size_t j = 0; j < 4; j++)
            rpmmake_le32(&b, blob[j]);
        buf_add(&b, blobs[i]);
        while (b.n % 16 != 4)
            buf_addc(&b, 0);
        for (size_t j = 0; j < 3; j++) /* sum, length, end: not looked at */
            rpmmake_le32(&b, 0);
    }
    return buf_str(&b);
}

#endif
