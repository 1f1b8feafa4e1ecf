#include "lib/tap.h"
#include "sys/spool.h"

static void test_round_trip(uint64_t size, const char *what)
{
    struct sys_spool s;
    struct err e;
    char back[8] = "";
    is_int(sys_spool_begin(size, &s, &e), 0, "%s: begin", what);
    ok(!sys_spool_put(&s, size - 5, "world", 5, &e) && !sys_spool_put(&s, 0, "hello", 5, &e) &&
           !sys_spool_get(&s, size - 5, back, 5, &e) && !strcmp(back, "world") &&
           !sys_spool_get(&s, 0, back, 5, &e) && !strcmp(back, "hello"),
       "%s: round trip", what);
    is_err(sys_spool_put(&s, size - 4, "world", 5, &e), e, ERR_INPUT, "more", "%s: bounds", what);
    is_err(sys_spool_get(&s, size + 1, back, 0, &e), e, ERR_INPUT, "fewer", "%s: bounds", what);
    is_err(sys_spool_put(&s, UINT64_MAX, "x", 1, &e), e, ERR_INPUT, "more", "%s: overflow", what);
    sys_spool_end(&s);
}

int main(void)
{
    struct sys_spool none;
    struct err e;
    is_int(sys_spool_begin(0, &none, &e), 0, "an empty spool");
    sys_spool_end(&none);
    test_round_trip(10, "in memory");
    test_round_trip(SYS_SPOOL_MEMORY + 1, "in a file");
    return done_testing();
}
