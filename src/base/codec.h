/* codec: values ⇄ bytes, one description for both ways.
 *
 *     static void codec_point(struct codec *w, struct point *p)
 *     {
 *         codec_u32(w, &p->x);
 *         codec_u32(w, &p->y);
 *     }
 *
 * writes a point, or reads one. For what we keep for ourselves and read again: numbers are LEB128,
 * strings their length and bytes; no field has a name, so the reader must be of the version that
 * wrote. Any bytes can be read: what makes no sense sets `bad`, after which all values are zero. */
#ifndef BASE_CODEC_H
#define BASE_CODEC_H

#include "base/buf.h"
#include "base/digest.h"

struct codec {
    bool writing;
    bool bad;        /* reading: the bytes are not what was written */
    struct arena *a; /* of what is read; of the bytes written */
    struct buf out;
    struct str in; /* what is left to read */
};

struct codec codec_writer(struct arena *a);
/* Strings that are read are views of the bytes. */
struct codec codec_reader(struct arena *a, struct str bytes);
/* Reading: all of it made sense, and nothing is left. */
bool codec_whole(const struct codec *w);

void codec_u64(struct codec *w, uint64_t *v);
void codec_i64(struct codec *w, int64_t *v);
void codec_u32(struct codec *w, uint32_t *v);
void codec_u16(struct codec *w, uint16_t *v);
void codec_u8(struct codec *w, uint8_t *v);
void codec_bool(struct codec *w, bool *v);
/* An absent string (p NULL) stays one. */
void codec_str(struct codec *w, struct str *v);
void codec_digest(struct codec *w, struct digest *v);

/* The length of a list; each element takes a byte or more, so no more are promised than there are
 * bytes left. */
void codec_count(struct codec *w, size_t *n);
void codec_strs(struct codec *w, struct strs *v);

/* *v as a number: for enums and bit fields, through a copy. Refuses numbers over `most`. */
#define codec_enum(w, v, most)                                                                     \
    do {                                                                                           \
        uint32_t codec_n = (uint32_t)(v);                                                          \
        codec_u32((w), &codec_n);                                                                  \
        if (codec_n > (uint32_t)(most))                                                            \
            codec_n = 0, (w)->bad = true;                                                          \
        (v) = codec_n;                                                                             \
    } while (0)

#endif
