/* test_prove_image: what can be decided before and after the containers. */
#include "prove/prove_image.h"

#include "lib/tap.h"

static void test_machine(void)
{
    static const struct {
        const char *arch, *machine;
        bool fits;
    } table[] = {
        {"amd64", "x86_64", true},  {"386", "x86_64", true},    {"arm64", "aarch64", true},
        {"arm", "aarch64", true},   {"arm64", "x86_64", false}, {"amd64", "aarch64", false},
        {"s390x", "x86_64", false}, {"", "x86_64", true},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct err e = {0};
        struct image_platform p = {.os = STR("linux"), .arch = str_of(table[i].arch)};
        int rc = prove_machine_fits(&p, table[i].machine, &e);
        if (table[i].fits)
            ok(rc == 0, "\"%s\" runs on %s", table[i].arch, table[i].machine);
        else
            is_err(rc, e, ERR_MACHINE, table[i].arch, "%s does not run on %s", table[i].arch,
                   table[i].machine);
    }
}

static void test_limit(void)
{
    struct arena a = {0};
    struct prove_run run = {SEEN_MARK, VERDICT_SUCCEEDED, 0, STR("192 children were started")};
    prove_check_limit(&a, prove_move_find(STR("x.sh")), &run);
    ok(run.outcome == VERDICT_SUCCEEDED, "limit: other moves are left alone");
    prove_check_limit(&a, prove_move_find(STR("q.fork")), &run);
    ok(run.outcome == VERDICT_INCONCLUSIVE, "limit: one that was not set says nothing");
    is_str(run.evidence,
           "192 children were started: this sandbox does not apply the policy's limit of 128",
           "limit: in words");
    run = (struct prove_run){SEEN_MARK, VERDICT_BLOCKED, 11, STR("127 children were started")};
    prove_check_limit(&a, prove_move_find(STR("q.fork")), &run);
    ok(run.outcome == VERDICT_BLOCKED, "limit: one that held counts");
    arena_free(&a);
}

int main(void)
{
    test_machine();
    test_limit();
    return done_testing();
}
