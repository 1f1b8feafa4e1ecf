#include "base/map.h"

#include "lib/tap.h"

int main(void)
{
    struct arena a = {0};
    struct map m = {.a = &a};
    ok(!map_get(&m, STR("x")) && !map_has(&m, STR("x")), "an empty map has nothing");
    enum { MANY = 100000 };
    for (uintptr_t i = 0; i < MANY; i++)
        *map_at(&m, str_fmt(&a, "key %zu", (size_t)i)) = (void *)(i + 1);
    bool found = true;
    for (uintptr_t i = 0; i < MANY; i++) {
        char key[32];
        snprintf(key, sizeof key, "key %zu", (size_t)i);
        found &= map_get(&m, str_of(key)) == (void *)(i + 1);
    }
    ok(found && m.n == MANY, "many");
    ok(!map_has(&m, STR("key 100000")), "absent");
    bool order = true;
    map_each (&m, i)
        order &= m.v[i].value == (void *)(i + 1);
    ok(order, "order of insertion");
    *map_at(&m, STR("")) = &m;
    ok(map_get(&m, STR("")) == &m && map_at(&m, STR("")) == &m.v[MANY].value, "the empty key");
    arena_free(&a);
    return done_testing();
}
