/* test_known: names → uses, in order, within bounds. */
#include "prove/known.h"

#include "lib/fixture.h"
#include "lib/tap.h"

static void test_names(void)
{
    static const struct {
        const char *name, *base;
        bool is;
    } table[] = {
        {"python", "python", true},      {"python3", "python", true},
        {"python3.11", "python", true},  {"python-config", "python", false},
        {"pythonista", "python", false}, {"nc.openbsd", "nc", true},
        {"ncat", "nc", false},           {"pytho", "python", false},
        {"", "python", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        ok(known_name_is(str_of(table[i].name), str_of(table[i].base)) == table[i].is, "%s %s %s",
           table[i].name, table[i].is ? "is" : "is not", table[i].base);
}

/* More shells than the limit, and one on PATH that the tree has last. */
static void test_limit(void)
{
    enum { MANY = LIMIT_KNOWN + 20 };
    struct arena a = {0};
    struct err e = {0};
    struct tree *tree;
    struct facts f;
    struct known k;
    struct fixture_entry *files = arena_array(&a, struct fixture_entry, MANY + 2);
    for (size_t i = 0; i < MANY; i++)
        files[i] = (struct fixture_entry){"f", str_fmt(&a, "a/%03zu/sh", i).p, .mode = 0755};
    files[MANY] = (struct fixture_entry){"f", "z/sh", .mode = 0755};
    struct fixture_layer layers[] = {{files}, {0}};
    static const struct tree_options options = {.visitor = &facts_visitor};
    struct image *image = fixture_image(&a, layers, "{\"Env\":[\"PATH=/none:/z\"]}");
    if (tree_build(image, &options, &tree, &e) || facts_build(&a, image, tree, &f, NULL, &e)) {
        ok(false, "the image is read: %s", e.text);
        return;
    }
    known_find(&a, &f, &k);
    is_int(k.paths[KNOWN_SHELL].n, LIMIT_KNOWN, "limit: so many and no more");
    is_str(k.paths[KNOWN_SHELL].v[0], "/z/sh", "order: on PATH first");
    is_str(k.paths[KNOWN_SHELL].v[1], "/a/000/sh", "order: then as in the tree");
    is_int(k.left_out, 2 * (MANY + 1 - LIMIT_KNOWN), "limit: what is left out is counted");
    tree_free(tree);
    image_close(image);
    arena_free(&a);
}

int main(void)
{
    test_names();
    test_limit();
    fixture_end();
    return done_testing();
}
