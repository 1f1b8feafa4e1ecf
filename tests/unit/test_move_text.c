/* test_move_text: docs/moves.md is what the constants say; --update writes it. */
#include "lib/tap.h"
#include "report/prove_table.h"
#include "sys/file.h"

int main(int argc, char **argv)
{
    struct arena a = {0};
    struct err e = {0};
    struct str path = STR("docs/moves.md"), made = report_moves_markdown(&a), there = {0};
    if (argc > 1 && strcmp(argv[1], "--update") == 0)
        return sys_write_file(path, made, &e) ? 1 : 0;
    ok(!sys_read_file(path, &a, 1 << 20, &there, &e), "docs/moves.md is there");
    ok(str_eq(there, made), "docs/moves.md is up to date (build/tests/test_move_text --update)");
    for (size_t i = 0; i < prove_n_moves; i++)
        if (!str_has(made, str_fmt(&a, "### %s: ", prove_moves[i].id)))
            ok(false, "%s has a section", prove_moves[i].id);
    arena_free(&a);
    return done_testing();
}
