/* layer_cache: see layer_cache.h.
 *
 * Two kinds of entries: HEX.FACTS, by diff id, what a layer held; HEX.seen, by the identity of the
 * bytes it is stored in, the diff id these had.
 *
 * Invariants
 * 1. Bytes that changed while they were read, or a moment before, are not remembered as seen.
 *    (tests/cache.t: changed)
 * 2. An image that claims another layer's diff id gets an error, not that layer's facts.
 *    (tests/cache.t: claims)
 */
#include "road/layer_cache.h"

#include <time.h>

#include "base/limits.h"
#include "sys/spawn.h"

enum { MOST_ENTRY = 256 << 20 };
#define MOST_BYTES (1ull << 30)
#define SETTLED_NS 100000000 /* a file's times are coarser than its changes */

static struct str variable(struct arena *a, struct str name)
{
    struct strs env = sys_environment(a);
    struct str key, value;
    for (size_t i = 0; i < env.n; i++)
        if (str_cut(env.v[i], '=', &key, &value) && str_eq(key, name))
            return value;
    return (struct str){0};
}

static struct str facts_name(const struct layer_cache *c, struct arena *a,
                             const struct digest *diff_id)
{
    return str_fmt(a, STR_F ".%s-%d-%u%s" STR_F, STR_A(digest_hex(a, diff_id)), SHUCK_VERSION,
                   FACTS_VERSION, c->wish, c->digests ? "d" : "", STR_A(c->kinds));
}

static struct str seen_name(struct arena *a, const struct image_identity *i)
{
    struct image_identity copy = *i;
    struct codec w = codec_writer(a);
    uint64_t *fields[] = {&copy.dev, &copy.ino, &copy.size, &copy.at, &copy.n};
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
        codec_u64(&w, fields[k]);
    codec_i64(&w, &copy.modified);
    codec_i64(&w, &copy.changed);
    struct digest d = digest_of(buf_str(&w.out));
    return str_fmt(a, STR_F ".seen", STR_A(digest_hex(a, &d)));
}

static bool was_seen(const struct layer_cache *c, struct arena *a, const struct image_identity *i,
                     const struct digest *diff_id)
{
    struct str bytes;
    return sys_keep_get(&c->keep, seen_name(a, i), a, DIGEST_BYTES, &bytes) &&
           str_eq(bytes, (struct str){(const char *)diff_id->b, DIGEST_BYTES});
}

static enum tree_known get(void *ctx, const struct image *image, size_t layer, struct arena *a,
                           struct str *bytes)
{
    struct layer_cache *c = ctx;
    struct layer_cache_seen *seen = &c->seen[layer];
    const struct digest *diff_id = &image->layers[layer].diff_id;
    seen->known = image_layer_identity(image, layer, &seen->identity);
    if (image->name.transport == IMAGE_DIR ||
        !sys_keep_get(&c->keep, facts_name(c, a, diff_id), a, MOST_ENTRY, bytes))
        return TREE_UNKNOWN;
    return seen->known && was_seen(c, a, &seen->identity, diff_id) ? TREE_SURE : TREE_IF_INTACT;
}

static bool same(const struct image_identity *x, const struct image_identity *y)
{
    return x->dev == y->dev && x->ino == y->ino && x->size == y->size && x->at == y->at &&
           x->n == y->n && x->modified == y->modified && x->changed == y->changed;
}

static bool settled(const struct image_identity *i)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec - i->changed > SETTLED_NS;
}

static void put(void *ctx, const struct image *image, size_t layer, struct str bytes)
{
    struct layer_cache *c = ctx;
    const struct layer_cache_seen *seen = &c->seen[layer];
    const struct digest *diff_id = &image->layers[layer].diff_id;
    struct image_identity now;
    struct arena a = {0};
    if (image->name.transport == IMAGE_DIR)
        return;
    if (bytes.n && bytes.n <= MOST_ENTRY)
        sys_keep_put(&c->keep, facts_name(c, &a, diff_id), bytes);
    if (seen->known && image_layer_identity(image, layer, &now) && same(&seen->identity, &now) &&
        settled(&now))
        sys_keep_put(&c->keep, seen_name(&a, &now),
                     (struct str){(const char *)diff_id->b, DIGEST_BYTES});
    arena_free(&a);
}

bool layer_cache_open(struct arena *a, const struct facts_how *how, struct layer_cache *ret)
{
    struct str base = variable(a, STR("XDG_CACHE_HOME")), home = variable(a, STR("HOME"));
    struct err ignored;
    if (!str_starts(base, STR("/")))
        base =
            str_starts(home, STR("/")) ? str_fmt(a, STR_F "/.cache", STR_A(home)) : (struct str){0};
    memset(ret, 0, sizeof *ret);
    ret->wish = how->wish;
    ret->digests = how->digests;
    if (how->secrets) {
        struct digest kinds = secret_db_digest(how->secrets);
        ret->kinds = str_fmt(a, "-" STR_F, STR_A(str_slice(digest_hex(a, &kinds), 0, 16)));
    }
    ret->hooks = (struct tree_cache){ret, get, put};
    ret->keep.fd = -1;
    return base.n && !sys_keep_open(str_fmt(a, STR_F "/shuck", STR_A(base)), MOST_BYTES, &ret->keep,
                                    &ignored);
}

void layer_cache_close(struct layer_cache *c)
{
    sys_keep_close(&c->keep);
}
