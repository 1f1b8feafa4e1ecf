#include "lib/tap.h"
#include "tree/name_table.h"

enum { DIRS = 7, NAMES = 400, ROUNDS = 200000 };

static uint64_t next(uint64_t *r)
{
    *r ^= *r << 13;
    *r ^= *r >> 7;
    *r ^= *r << 17;
    return *r >> 11;
}

/* Random additions and removals beside a plain array of what must be there. */
static void test_model(struct arena *a)
{
    struct tree_names t = {0};
    static struct tree_node dirs[DIRS], nodes[DIRS][NAMES];
    static bool there[DIRS][NAMES];
    uint64_t random = 1181783497276652981u;
    bool good = true;
    size_t n = 0;
    for (size_t d = 0; d < DIRS; d++)
        for (size_t i = 0; i < NAMES; i++)
            nodes[d][i] = (struct tree_node){.parent = &dirs[d], .name = str_fmt(a, "name%zu", i)};
    for (int round = 0; round < ROUNDS; round++) {
        size_t d = next(&random) % DIRS, i = next(&random) % NAMES;
        if (there[d][i])
            tree_names_remove(&t, &nodes[d][i]);
        else
            tree_names_add(&t, &nodes[d][i]);
        n = there[d][i] ? n - 1 : n + 1;
        there[d][i] = !there[d][i];
        size_t x = next(&random) % DIRS, y = next(&random) % NAMES;
        const struct tree_node *want = there[x][y] ? &nodes[x][y] : NULL;
        good &= t.n == n && tree_names_get(&t, &dirs[x], nodes[x][y].name) == want;
    }
    for (size_t d = 0; d < DIRS; d++)
        for (size_t i = 0; i < NAMES; i++)
            good &= !tree_names_get(&t, &dirs[d], nodes[d][i].name) == !there[d][i];
    ok(good, "against a model");
    tree_names_free(&t);
}

static void test_many(struct arena *a)
{
    enum { MANY = 300000 };
    struct tree_names t = {0};
    struct tree_node dir = {0}, *nodes = arena_array(a, struct tree_node, MANY);
    bool good = true;
    for (size_t i = 0; i < MANY; i++) {
        nodes[i].parent = &dir;
        nodes[i].name = str_fmt(a, "%zu", i);
        tree_names_add(&t, &nodes[i]);
    }
    for (size_t i = 0; i < MANY; i++)
        good &= tree_names_get(&t, &dir, nodes[i].name) == &nodes[i];
    ok(good && t.n == MANY && t.n * 4 <= t.n_slots * 3, "many");
    ok(!tree_names_get(&t, &dir, STR("none")) && !tree_names_get(&t, nodes, STR("1")), "absent");
    tree_names_free(&t);
}

int main(void)
{
    struct arena a = {0};
    struct tree_names none = {0};
    ok(!tree_names_get(&none, NULL, STR("x")), "an empty table");
    test_model(&a);
    test_many(&a);
    arena_free(&a);
    return done_testing();
}
