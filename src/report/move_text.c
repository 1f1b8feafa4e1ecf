/* move_text: the moves' constants → docs/moves.md.
 *
 * Invariants
 * 1. docs/moves.md is what this makes. (test_move_text)
 */
#include "base/buf.h"
#include "report/prove_table.h"

static void add_techniques(struct buf *b, const struct prove_move *m)
{
    for (size_t i = 0; i < 2 && m->technique[i]; i++)
        buf_addf(b, "%s%s", i ? ", " : "", m->technique[i]);
}

static void add_stops(struct buf *b, const struct prove_move *m)
{
    size_t n = 0;
    for (size_t i = 0; i < 3; i++)
        if (m->stopped_by[i] != STEP_NONE)
            buf_addf(b, "%s%s", n++ ? ", " : "", prove_step_name(m->stopped_by[i]));
    if (!n)
        buf_addz(b, "nothing in an image");
}

static void add_section(struct buf *b, const struct prove_move *m)
{
    buf_addf(b, "### %s: %s\n\n%s\n\n", m->id, m->title, m->why);
    buf_addf(b, "- Tried: %s\n- Stopped by: ", m->how);
    add_stops(b, m);
    buf_addf(b, "\n- Remedy: %s\n- Grade when it succeeds: %s\n- ATT&CK: ", m->remedy,
             prove_grade_name(m->grade));
    add_techniques(b, m);
    buf_addf(b, "\n- Replay: `shuck prove IMAGE --move %s`\n\n", m->id);
}

struct str report_moves_markdown(struct arena *a)
{
    struct buf b = {.a = a};
    const char *group = NULL;
    buf_addz(
        &b,
        "# Moves of an intruder\n\n"
        "What `shuck prove` tries, made from the constants in `src/prove/moves.c` by\n"
        "`build/tests/test_move_text --update`. The intruder already runs code as the "
        "program's user.\n"
        "Each move is tried in a fresh container, harmlessly, and what happened is observed.\n\n"
        "The grade of an image is the worst letter among the moves that succeeded: F the host "
        "or a\nsecret; E uid 0; D a file that stays and runs; C a shell, an interpreter or a "
        "downloader;\nB kernel surface and network; A what no image can stop; A+ that without "
        "memfd.\n\n");
    for (size_t i = 0; i < prove_n_moves; i++) {
        if (group != prove_move_group(&prove_moves[i])) {
            group = prove_move_group(&prove_moves[i]);
            buf_addf(&b, "## %s\n\n", group);
        }
        add_section(&b, &prove_moves[i]);
    }
    return (struct str){b.p, b.n - 1}; /* without the last empty line */
}
