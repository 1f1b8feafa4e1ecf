/* codec: see codec.h.
 *
 * Invariants
 * 1. What was written is read back the same. (test_codec: both ways)
 * 2. Any bytes are read without harm; a list never promises more than the bytes could hold.
 *    (test_codec: damage, fuzz_layer_log)
 */
#include "base/codec.h"

struct codec codec_writer(struct arena *a)
{
    return (struct codec){.writing = true, .a = a, .out = {.a = a}};
}

struct codec codec_reader(struct arena *a, struct str bytes)
{
    return (struct codec){.a = a, .in = bytes};
}

bool codec_whole(const struct codec *w)
{
    return !w->bad && w->in.n == 0;
}

static uint64_t refuse(struct codec *w)
{
    w->bad = true;
    w->in.n = 0;
    return 0;
}

static uint64_t read_number(struct codec *w)
{
    uint64_t v = 0;
    for (size_t i = 0; i < w->in.n && i < 10; i++) {
        unsigned char c = (unsigned char)w->in.p[i];
        if (i == 9 && c > 1)
            break;
        v |= (uint64_t)(c & 0x7f) << (7 * i);
        if (!(c & 0x80)) {
            w->in = str_from(w->in, i + 1);
            return v;
        }
    }
    return refuse(w);
}

static void write_number(struct codec *w, uint64_t v)
{
    char bytes[10];
    size_t n = 0;
    for (; v > 0x7f; v >>= 7)
        bytes[n++] = (char)(0x80 | (v & 0x7f));
    bytes[n++] = (char)v;
    buf_add(&w->out, (struct str){bytes, n});
}

void codec_u64(struct codec *w, uint64_t *v)
{
    if (w->writing)
        write_number(w, *v);
    else
        *v = read_number(w);
}

/* The sign goes to the lowest bit, so that small numbers are short. */
void codec_i64(struct codec *w, int64_t *v)
{
    uint64_t n = (uint64_t)*v << 1 ^ (*v < 0 ? UINT64_MAX : 0);
    codec_u64(w, &n);
    *v = (int64_t)(n >> 1 ^ (n & 1 ? UINT64_MAX : 0));
}

static uint64_t at_most(struct codec *w, uint64_t v, uint64_t most)
{
    codec_u64(w, &v);
    return v <= most ? v : refuse(w);
}

void codec_u32(struct codec *w, uint32_t *v)
{
    *v = (uint32_t)at_most(w, *v, UINT32_MAX);
}

void codec_u16(struct codec *w, uint16_t *v)
{
    *v = (uint16_t)at_most(w, *v, UINT16_MAX);
}

void codec_u8(struct codec *w, uint8_t *v)
{
    *v = (uint8_t)at_most(w, *v, UINT8_MAX);
}

void codec_bool(struct codec *w, bool *v)
{
    *v = at_most(w, *v, 1) != 0;
}

/* The length and one, 0 for an absent one. */
void codec_str(struct codec *w, struct str *v)
{
    uint64_t n = v->p ? v->n + 1 : 0;
    codec_u64(w, &n);
    if (w->writing) {
        buf_add(&w->out, *v);
        return;
    }
    *v = (struct str){0};
    if (n > w->in.n + 1) {
        refuse(w);
    } else if (n) {
        *v = str_slice(w->in, 0, (size_t)n - 1);
        w->in = str_from(w->in, (size_t)n - 1);
    }
}

void codec_digest(struct codec *w, struct digest *v)
{
    if (w->writing) {
        buf_add(&w->out, (struct str){(const char *)v->b, sizeof v->b});
        return;
    }
    memset(v, 0, sizeof *v);
    if (w->in.n < sizeof v->b) {
        refuse(w);
        return;
    }
    memcpy(v->b, w->in.p, sizeof v->b);
    w->in = str_from(w->in, sizeof v->b);
}

void codec_count(struct codec *w, size_t *n)
{
    uint64_t v = *n;
    codec_u64(w, &v);
    if (!w->writing && v > w->in.n)
        v = refuse(w);
    *n = (size_t)v;
}

void codec_strs(struct codec *w, struct strs *v)
{
    codec_count(w, &v->n);
    if (!w->writing)
        v->v = arena_array(w->a, struct str, v->n);
    for (size_t i = 0; i < v->n; i++)
        codec_str(w, &v->v[i]);
}
