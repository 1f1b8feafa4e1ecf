/* The table of checks that are switched off, each row of it on both sides: in a Dockerfile, and in
 * the history of the image that is made of it. */
#include "lib/ruletext.h"
#include "lib/tap.h"
#include "lint/lint.h"
#include "rules/checks_off.h"

/* The worst of what is found; -1: nothing. */
static int in_dockerfile(struct arena *a, struct str line, const char *instruction)
{
    static struct str only[] = {STR_INIT("SHUCK-UNSIGNED"), STR_INIT("SHUCK-TLS-OFF")};
    struct lint_options options = {.only = {only, 2}};
    struct lint_reading how = {0};
    struct lint_file file;
    struct lint_report r;
    int worst = -1;
    lint_file_read(a, STR("Dockerfile"),
                   str_fmt(a, "FROM a\n%s " STR_F "\n", instruction, STR_A(line)), &how, &file);
    lint_check(a, &file, &options, NULL, &r);
    vec_each (&r.findings, i)
        worst = (int)r.findings.v[i].f.severity > worst ? (int)r.findings.v[i].f.severity : worst;
    return worst;
}

static int in_image(struct arena *a, struct str line, const char *what)
{
    struct audited x;
    int worst = -1;
    struct str image = str_fmt(a, "f bin/a 755 0:0 x\n%s" STR_F "\n", what, STR_A(line));
    audit_text(a, str_cstr(a, image), NULL, &x);
    const struct check *check = check_of(&x.report, "CIS-4.11");
    for (size_t i = 0; i < check->n; i++) {
        int one = (int)x.report.findings.v[check->first + i].severity;
        worst = one > worst ? one : worst;
    }
    audited_close(&x);
    return worst;
}

static void both_say(struct str line, int want)
{
    struct arena a = {0};
    int lint = in_dockerfile(&a, line, "RUN"), audit = in_image(&a, line, "history /bin/sh -c ");
    ok(lint == want && audit == want, "%.*s: %d in a Dockerfile, %d in history", STR_A(line), lint,
       audit);
    arena_free(&a);
}

static void test_options(struct arena *a)
{
    for (const struct check_off *o = checks_off; o->word; o++) {
        struct str program, rest = str_trim(str_of(o->programs));
        for (bool more = true; more;) {
            more = str_cut(rest, ' ', &program, &rest);
            both_say(str_fmt(a, STR_F " install %s x", STR_A(program), o->word), SEVERITY_HIGH);
        }
        both_say(str_fmt(a, "echo %s x", o->word), -1);
    }
}

static void test_variables(struct arena *a)
{
    for (const struct check_off_variable *v = checks_off_variables; v->name; v++) {
        struct str on = str_fmt(a, "%s=%s", v->name, v->value ? v->value : "x");
        both_say(str_fmt(a, STR_F " make", STR_A(on)), SEVERITY_HIGH);
        both_say(str_fmt(a, "export " STR_F " && make", STR_A(on)), SEVERITY_HIGH);
        both_say(str_fmt(a, "%s= make", v->name), -1);
        int lint = in_dockerfile(a, on, "ENV"), audit = in_image(a, on, "env ");
        ok(lint == SEVERITY_HIGH && audit == SEVERITY_HIGH, "ENV %s: %d in a Dockerfile, %d in it",
           v->name, lint, audit);
    }
}

int main(void)
{
    struct arena a = {0};
    test_options(&a);
    test_variables(&a);
    arena_free(&a);
    return done_testing();
}
