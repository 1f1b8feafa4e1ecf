/* pin: see pin.h.
 *
 * Invariants
 * 1. Nobody is asked whom --pin does not name, and nobody twice for one name. (pin.t: asked)
 * 2. What nobody knows is noted once and is no failure. (pin.t: nobody knows)
 */
#include "road/pin.h"

#include "image/registry_client.h"
#include "image/tagged.h"

/* Those on this machine: whether they are there is found out once. */
enum here { HERE_DAEMON, HERE_PODMAN, HERE_KINDS };

struct pin {
    struct arena *a;
    const struct pin_sources *sources;
    const struct lint_config *config;
    void (*note)(void *ctx, struct str line);
    void *ctx;
    struct lint_known known;
    struct map asked_platforms; /* names whose platforms were asked for, known or not */
    struct registry *registry;
    bool gone[HERE_KINDS];
};

int pin_sources_read(struct arena *a, const struct strs *words, struct pin_sources *ret,
                     struct err *e)
{
    struct pin_sources list = {0};
    for (size_t i = 0; i < words->n; i++) {
        struct str word = words->v[i];
        struct pin_source source = {PIN_LOCAL, {0}};
        if (str_is(word, "registry"))
            source.kind = PIN_REGISTRY;
        else if (str_starts(word, STR("oci:")) && word.n > 4)
            source = (struct pin_source){PIN_LAYOUT, str_from(word, 4)};
        else if (!str_is(word, "local"))
            return err_set(e, ERR_USAGE,
                           "--pin knows nobody called \"" STR_F
                           "\" to ask, but local, registry and oci:DIR",
                           STR_A(word));
        *vec_push(a, &list) = source;
    }
    *ret = list;
    return 0;
}

struct pin *pin_begin(struct arena *a, const struct pin_sources *sources,
                      const struct lint_config *config, void (*note)(void *ctx, struct str line),
                      void *ctx)
{
    struct pin *p = arena_new(a, struct pin);
    *p = (struct pin){.a = a,
                      .sources = sources,
                      .config = config,
                      .note = note,
                      .ctx = ctx,
                      .known = {.images = {.a = a}},
                      .asked_platforms = {.a = a}};
    return p;
}

void pin_end(struct pin *p)
{
    if (p)
        registry_close(p->registry);
}

const struct lint_known *pin_known(const struct pin *p)
{
    return p ? &p->known : NULL;
}

/* ---- one name ---- */

struct question {
    struct pin *p;
    const struct lint_want *want;
    struct reference r;
    struct arena a; /* of what is read meanwhile */
    struct lint_image *best;
    struct buf reasons;
};

static void give_reason(struct question *q, struct str why)
{
    buf_addf(&q->reasons, "%s" STR_F, q->reasons.n ? "; " : "", STR_A(why));
}

static int rank(const struct lint_image *image)
{
    return !image ? -1 : !image->digest.n ? 0 : image->alone ? 1 : 2;
}

static void take(struct question *q, const struct tagged *t, struct str by)
{
    struct arena *a = q->p->a;
    struct lint_image image = {.digest = str_dup(a, t->digest),
                               .by = str_dup(a, by),
                               .alone = t->alone,
                               .whole = t->whole};
    if (rank(&image) <= rank(q->best))
        return;
    image.platforms.v = arena_array(a, struct image_platform, t->n_platforms);
    for (; image.platforms.n < t->n_platforms; image.platforms.n++) {
        const struct image_platform *p = &t->platforms[image.platforms.n];
        image.platforms.v[image.platforms.n] =
            (struct image_platform){str_dup(a, p->os), str_dup(a, p->arch), str_dup(a, p->variant)};
    }
    q->best = arena_new(a, struct lint_image);
    *q->best = image;
    if (!image.digest.n)
        give_reason(q, str_fmt(&q->a,
                               STR_F " has it without a digest, for it was never pushed or "
                                     "pulled",
                               STR_A(by)));
}

static void ask_here(struct question *q, enum here which)
{
    static const struct {
        struct str by;
        int (*ask)(const struct reference *r, struct arena *a, struct tagged *ret, struct err *e);
    } asked[HERE_KINDS] = {
        [HERE_DAEMON] = {STR_INIT("the Docker daemon here"), tagged_daemon},
        [HERE_PODMAN] = {STR_INIT("podman here"), tagged_podman},
    };
    struct tagged t;
    struct err e = {0};
    if (q->p->gone[which])
        return;
    if (!asked[which].ask(&q->r, &q->a, &t, &e))
        take(q, &t, asked[which].by);
    else
        give_reason(q, str_of(e.text));
    q->p->gone[which] = e.kind != ERR_NONE && e.kind != ERR_INPUT; /* it is said once */
}

static void ask_registry(struct question *q)
{
    struct tagged t;
    struct err e = {0};
    if (!lint_trusts(q->p->config, q->r.host)) {
        give_reason(q,
                    str_fmt(&q->a, STR_F " is not among the trusted registries", STR_A(q->r.host)));
        return;
    }
    if ((q->p->registry || !registry_open(&q->p->registry, &e)) &&
        !tagged_registry(q->p->registry, &q->r, q->want->platforms, &q->a, &t, &e))
        take(q, &t, q->r.host);
    else
        give_reason(q, str_of(e.text));
}

static void ask_layout(struct question *q, struct str folder)
{
    struct tagged t;
    struct err e = {0};
    if (!tagged_layout(folder, &q->r, &q->a, &t, &e))
        take(q, &t, str_fmt(&q->a, "the layout " STR_F, STR_A(folder)));
    else
        give_reason(q, str_of(e.text));
}

static void ask_all(struct question *q)
{
    enum { BEST = 2 };
    for (size_t i = 0; i < q->p->sources->n && rank(q->best) < BEST; i++) {
        const struct pin_source *s = &q->p->sources->v[i];
        switch (s->kind) {
        case PIN_LOCAL:
            ask_here(q, HERE_DAEMON);
            if (rank(q->best) < BEST)
                ask_here(q, HERE_PODMAN);
            break;
        case PIN_REGISTRY:
            ask_registry(q);
            break;
        case PIN_LAYOUT:
            ask_layout(q, s->folder);
            break;
        }
    }
}

static void ask(struct pin *p, const struct lint_want *want)
{
    struct question q = {.p = p, .want = want};
    struct err e = {0};
    struct str name = str_dup(p->a, want->name);
    q.reasons.a = &q.a;
    if (reference_parse(&q.a, name, &q.r, &e))
        give_reason(&q, str_of(e.text));
    else
        ask_all(&q);
    bool told = map_has(&p->known.images, name);
    *map_at(&p->known.images, name) = q.best;
    if (want->platforms)
        *map_at(&p->asked_platforms, name) = p;
    if (!told && (!q.best || !q.best->digest.n))
        p->note(p->ctx, str_fmt(&q.a, "nobody knows the %s of " STR_F "%s" STR_F,
                                q.r.digest.n ? "platforms" : "digest", STR_A(name),
                                q.reasons.n ? ": " : "", STR_A(buf_str(&q.reasons))));
    else if (!told && q.best->alone && q.r.digest.n == 0)
        p->note(p->ctx, str_fmt(&q.a,
                                STR_F ": its digest is of one platform's image; " STR_F
                                      " has no index of it",
                                STR_A(name), STR_A(q.best->by)));
    arena_free(&q.a);
}

void pin_ask(struct pin *p, const struct lint_wants *wants)
{
    vec_each (wants, i) {
        const struct lint_want *w = &wants->v[i];
        const struct lint_image *image = map_get(&p->known.images, w->name);
        bool more =
            image && w->platforms && !image->platforms.n && !map_has(&p->asked_platforms, w->name);
        if (!map_has(&p->known.images, w->name) || more)
            ask(p, w);
    }
}
