/* keepcase: an image of a few entries → facts → what harden keeps. For unit tests only. */
#ifndef TESTS_KEEPCASE_H
#define TESTS_KEEPCASE_H

#include "harden/harden.h"
#include "lib/elfmake.h"
#include "lib/fixture.h"
#include "lib/tap.h"

struct keepcase {
    struct arena *a;
    struct image *image;
    struct tree *tree;
    struct facts facts;
    struct trace trace;
    struct harden_options options;
    struct facts_keep keep;
};

/* Opens an image: its tree and facts. */
FIXTURE_FN void keepcase_image(struct keepcase *c, struct arena *a, struct image *image)
{
    struct err e = {0};
    *c = (struct keepcase){.a = a, .image = image};
    struct tree_options options = {.digests = true, .visitor = &facts_visitor};
    if (tree_build(image, &options, &c->tree, &e) ||
        facts_build(a, image, c->tree, &c->facts, NULL, &e))
        fixture_die("facts", &e);
}

FIXTURE_FN void keepcase_open(struct keepcase *c, struct arena *a,
                              const struct fixture_entry *entries, const char *config)
{
    struct fixture_layer layers[] = {{.entries = entries}, {0}};
    keepcase_image(c, a, fixture_image(a, layers, config));
}

FIXTURE_FN void keepcase_choose(struct keepcase *c)
{
    struct err e = {0};
    if (harden_choose(c->a, &c->facts, &c->trace, &c->options, &c->keep, &e))
        fixture_die("choose", &e);
}

FIXTURE_FN void keepcase_close(struct keepcase *c)
{
    tree_free(c->tree);
    image_close(c->image);
}

FIXTURE_FN void keepcase_saw(struct keepcase *c, enum trace_call call, const char *path, int error)
{
    *vec_push(c->a, &c->trace.lookups) =
        (struct trace_lookup){.call = call, .path = str_of(path), .error = error};
}

FIXTURE_FN const struct facts_kept *keepcase_kept(const struct keepcase *c, const char *path)
{
    return map_get(&c->keep.nodes, str_of(path));
}

/* All kept paths but folders, in order, joined by blanks. */
FIXTURE_FN struct str keepcase_files(const struct keepcase *c)
{
    struct buf b = {.a = c->a};
    for (struct tree_node *at = c->tree->root; at; at = tree_next(c->tree, at)) {
        const struct facts_kept *kept = facts_kept_of(&c->keep, at);
        if (!kept || at->inode->type == ENTRY_DIR)
            continue;
        if (b.n)
            buf_addc(&b, ' ');
        buf_add(&b, kept->path);
    }
    return buf_str(&b);
}

#define is_kept(c, path, why_, ...)                                                                \
    do {                                                                                           \
        const struct facts_kept *keep_got = keepcase_kept((c), (path));                            \
        if (!ok(keep_got && keep_got->reason.why == (why_), __VA_ARGS__))                          \
            printf("# %s: %s\n", path,                                                             \
                   keep_got ? facts_why_name(keep_got->reason.why) : "not kept");                  \
    } while (0)
#define is_left(c, path, ...) ok(!keepcase_kept((c), (path)), __VA_ARGS__)

#endif
