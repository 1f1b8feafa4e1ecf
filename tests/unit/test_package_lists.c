/* The table of package lists, each word of it on both sides: in a Dockerfile, and in the history of
 * the image that is made of it. */
#include "lib/ruletext.h"
#include "lib/tap.h"
#include "lint/lint.h"
#include "rules/package_lists.h"

/* Findings of each severity, as a number. */
static int in_dockerfile(struct arena *a, struct str line)
{
    static struct str only[] = {STR_INIT("CIS-4.7")};
    struct lint_options options = {.only = {only, 1}};
    struct lint_reading how = {0};
    struct lint_file file;
    struct lint_report r;
    int score = 0;
    lint_file_read(a, STR("Dockerfile"), str_fmt(a, "FROM a\nRUN " STR_F "\n", STR_A(line)), &how,
                   &file);
    lint_check(a, &file, &options, NULL, &r);
    vec_each (&r.findings, i)
        score += 1 + 10 * (int)r.findings.v[i].f.severity;
    return score;
}

static int in_history(struct arena *a, struct str line)
{
    struct audited x;
    int score = 0;
    struct str image = str_fmt(a, "f bin/a 755 0:0 x\nhistory /bin/sh -c " STR_F "\n", STR_A(line));
    audit_text(a, str_cstr(a, image), NULL, &x);
    const struct check *check = check_of(&x.report, "CIS-4.7");
    for (size_t i = 0; i < check->n; i++)
        score += 1 + 10 * (int)x.report.findings.v[check->first + i].severity;
    audited_close(&x);
    return score;
}

enum { ONE = 1 + 10 * SEVERITY_MEDIUM };

static void both_say(struct str line, int want)
{
    struct arena a = {0};
    int lint = in_dockerfile(&a, line), audit = in_history(&a, line);
    ok(lint == want && audit == want, "%.*s: %d in a Dockerfile, %d in history", STR_A(line), lint,
       audit);
    arena_free(&a);
}

/* PROGRAM WORD, for each two of the lists; behind an update of the same manager when it is given.
 */
static void each(const char *programs, const char *words, const char *update, int want)
{
    struct arena a = {0};
    struct str program, word, left = str_trim(str_of(programs));
    for (bool more = true; more && left.n;) {
        more = str_cut(left, ' ', &program, &left);
        struct str rest = str_trim(str_of(words));
        for (bool again = true; again;) {
            again = str_cut(rest, ' ', &word, &rest);
            both_say(str_fmt(&a, "%s" STR_F " " STR_F " x", update, STR_A(program), STR_A(word)),
                     want);
        }
    }
    arena_free(&a);
}

int main(void)
{
    struct arena a = {0};
    for (const struct package_lists *m = package_lists; m->programs; m++) {
        struct str program, word, rest;
        if (!*m->update)
            continue;
        str_cut(str_trim(str_of(m->programs)), ' ', &program, &rest);
        str_cut(str_trim(str_of(m->update)), ' ', &word, &rest);
        const char *update =
            str_cstr(&a, str_fmt(&a, STR_F " " STR_F " && ", STR_A(program), STR_A(word)));
        each(m->programs, m->update, "", ONE);
        each(m->programs, m->uses, update, 0);
        each(m->programs, m->others, update, ONE);
        if (*m->helpers)
            each(m->helpers, "x", update, 0);
    }
    both_say(STR("pacman -Sy"), ONE);
    both_say(STR("pacman -Syu"), 0);
    both_say(STR("pacman -Sy && pacman -S vim"), 0);
    both_say(STR("pacman -Q && pacman --sync --refresh"), ONE);
    both_say(STR("apt-get update && apt-get $MORE"), 0);
    both_say(STR("apt-get update && $INSTALL"), 0);
    both_say(STR("apt-get update && ./install.sh"), 0);
    both_say(STR("apt-get update && sh -e ./install.sh"), 0);
    both_say(STR("apt-get update; apt-get update"), 2 * ONE);
    both_say(STR("apt-get install -y a && apt update"), ONE);
    both_say(STR("i() { apt-get install -y $1; }; apt-get update; i a"), 0);
    both_say(STR("sudo apt-get update && sudo apt-get install -y a"), 0);
    both_say(STR("timeout 9 apt-get update"), ONE);
    both_say(STR("apt-get update && eval apt-get install a"), 0);
    arena_free(&a);
    return done_testing();
}
