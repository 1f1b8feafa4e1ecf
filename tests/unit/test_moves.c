/* test_moves: each move says what it is, once. */
#include "lib/tap.h"
#include "prove/prove.h"

static bool is_id(const char *id)
{
    bool fits = id[0] >= 'a' && id[0] <= 'z' && id[1] == '.' && id[2];
    for (const char *at = id + 2; fits && *at; at++)
        fits = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9');
    return fits;
}

/* Full sentences: they stand alone in a page of their own. */
static bool is_sentence(const char *text)
{
    return text && strlen(text) > 15 && text[strlen(text) - 1] == '.';
}

static bool is_technique(const char *id)
{
    return id && id[0] == 'T' && strlen(id) >= 5;
}

static void test_ids(void)
{
    const char *seen[16] = {0};
    size_t groups = 0;
    for (size_t i = 0; i < prove_n_moves; i++) {
        const struct prove_move *m = &prove_moves[i];
        if (!is_id(m->id) || prove_move_find(str_of(m->id)) != m)
            ok(false, "%s is an id, and unique", m->id);
        const char *group = prove_move_group(m);
        if (groups && seen[groups - 1] == group)
            continue;
        for (size_t g = 0; g < groups; g++)
            if (seen[g] == group)
                ok(false, "%s stands with its group", m->id);
        seen[groups++] = group;
    }
    is_int(groups, 10, "ids: unique, in ten groups");
    ok(!prove_move_find(STR("x.none")) && !prove_move_find(STR("")), "no other is found");
}

static void test_complete(void)
{
    for (size_t i = 0; i < prove_n_moves; i++) {
        const struct prove_move *m = &prove_moves[i];
        if (!is_sentence(m->why) || !is_sentence(m->remedy) || !is_sentence(m->how) ||
            !is_technique(m->technique[0]) || strlen(m->title) > 44)
            ok(false, "%s is complete", m->id);
        if (m->needs == PROVE_NEEDS_FILE && m->stopped_by[0] == STEP_NONE)
            ok(false, "%s: what a missing file stops has a step", m->id);
    }
    ok(prove_n_moves == 48, "complete: words, technique, title for 48 moves");
}

/* The moves that were promised first. */
static void test_minimum(void)
{
    static const char *const ids[] = {"x.ls",      "x.sh",     "x.interp",  "x.self",   "x.memfd",
                                      "x.anonrx",  "x.ldso",   "d.root",    "d.tmp",    "d.shm",
                                      "d.app",     "t.pkg",    "t.dl",      "t.lotl",   "p.passwd",
                                      "p.preload", "e.suid",   "e.setuid0", "c.shadow", "c.raw",
                                      "s.userns",  "s.ptrace", "r.env",     "r.token"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (!prove_move_find(str_of(ids[i])))
            ok(false, "%s is there", ids[i]);
    ok(true, "the first twenty-four are there");
}

int main(void)
{
    test_ids();
    test_complete();
    test_minimum();
    return done_testing();
}
