/* Comments that speak to a checker: how they are read, and which findings they ignore. The findings
 * are what the parser says of instructions without arguments (DL1000). */
#include <stdio.h>

#include "lib/tap.h"
#include "lint/lint_pragma.h"

static const struct {
    const char *comment;
    enum lint_pragma_kind kind, compat;
    const char *ids; /* with commas */
    const char *reason;
} comments[] = {
    {"# hadolint ignore=DL3008", LINT_PRAGMA_IGNORE, LINT_PRAGMA_IGNORE, "DL3008", ""},
    {"#hadolint\tignore = DL3008 , SC2086", LINT_PRAGMA_IGNORE, LINT_PRAGMA_IGNORE, "DL3008,SC2086",
     ""},
    {"# hadolint ignore=DL3008,DL3015 # one version only", LINT_PRAGMA_IGNORE, LINT_PRAGMA_IGNORE,
     "DL3008,DL3015", "one version only"},
    {"# hadolint global ignore=DL3008 #why", LINT_PRAGMA_GLOBAL, LINT_PRAGMA_GLOBAL, "DL3008",
     "why"},
    {"# hadolint stage  ignore=DL3008", LINT_PRAGMA_STAGE, LINT_PRAGMA_STAGE, "DL3008", ""},
    {"# hadolint shell=powershell # of the base", LINT_PRAGMA_SHELL, LINT_PRAGMA_SHELL, "", ""},
    {"# hadolint ignore=UndefinedVar", LINT_PRAGMA_IGNORE, LINT_PRAGMA_BAD, "UndefinedVar", ""},
    {"# hadolint ignore=DL3008,CIS-4.8", LINT_PRAGMA_IGNORE, LINT_PRAGMA_BAD, "DL3008,CIS-4.8", ""},
    {"# hadolint ignore=DL3008 because", LINT_PRAGMA_BAD, LINT_PRAGMA_BAD, "", ""},
    {"# hadolint ignore=DL3008,", LINT_PRAGMA_BAD, LINT_PRAGMA_BAD, "", ""},
    {"# hadolint ignore=", LINT_PRAGMA_BAD, LINT_PRAGMA_BAD, "", ""},
    {"# hadolint ignore: DL3008", LINT_PRAGMA_BAD, LINT_PRAGMA_BAD, "", ""},
    {"# hadolint disable=DL3008", LINT_PRAGMA_BAD, LINT_PRAGMA_BAD, "", ""},
    {"# hadolint globalignore=DL3008", LINT_PRAGMA_BAD, LINT_PRAGMA_BAD, "", ""},
    {"# hadolint shell=", LINT_PRAGMA_BAD, LINT_PRAGMA_BAD, "", ""},
    {"# hadolint is run by the pipeline, x=y", LINT_PRAGMA_NONE, LINT_PRAGMA_NONE, "", ""},
    {"# hadolint", LINT_PRAGMA_NONE, LINT_PRAGMA_NONE, "", ""},
    {"# we use hadolint ignore=DL3008", LINT_PRAGMA_NONE, LINT_PRAGMA_NONE, "", ""},
    {"# check=skip=A, B;error=true", LINT_PRAGMA_CHECK, LINT_PRAGMA_NONE, "A,B", ""},
    {"# check=never", LINT_PRAGMA_BAD, LINT_PRAGMA_NONE, "", ""},
    {"# check the port", LINT_PRAGMA_NONE, LINT_PRAGMA_NONE, "", ""},
    {"#", LINT_PRAGMA_NONE, LINT_PRAGMA_NONE, "", ""},
};

static void test_read(struct arena *a)
{
    for (size_t i = 0; i < sizeof comments / sizeof *comments; i++) {
        struct str comment = str_of(comments[i].comment);
        struct lint_pragma p = lint_pragma_read(a, comment, false);
        struct buf ids = {.a = a};
        is_int(p.kind, comments[i].kind, "read: %s", comments[i].comment);
        is_int(lint_pragma_read(a, comment, true).kind, comments[i].compat,
               "as hadolint reads it: %s", comments[i].comment);
        bool views = true;
        vec_each (&p.ids, k) {
            buf_addf(&ids, "%s" STR_F, k ? "," : "", STR_A(p.ids.v[k]));
            views &= p.ids.v[k].p > comment.p && p.ids.v[k].p < comment.p + comment.n;
        }
        ok(views, "ids: are views into the comment");
        is_str(buf_str(&ids), comments[i].ids, "ids: of %s", comments[i].comment);
        is_str(p.reason, comments[i].reason, "its reason");
    }
    struct lint_pragma p = lint_pragma_check(a, STR("skip=all;experimental=X,Y; error = 1"));
    ok(p.error && p.ids.n == 1 && p.experimental.n == 2, "check: all of its options");
}

/* "LINE:REASON " for each finding, "-" where it is not ignored. */
static struct str ignored(struct arena *a, const char *text, const struct lint_config *config,
                          bool compat)
{
    struct lint_reading how = {.compat = compat};
    struct lint_options options = {.config = config, .compat = compat};
    struct strs only = {(struct str[]){STR("DL1000"), STR("SHUCK-PRAGMA-UNUSED")}, 2};
    struct lint_file *file = arena_new(a, struct lint_file);
    struct lint_report r;
    struct buf b = {.a = a};
    if (!config || !config->overrides.n)
        options.only = only;
    lint_file_read(a, STR("d"), str_of(text), &how, file);
    lint_check(a, file, &options, NULL, &r);
    vec_each (&r.findings, i) {
        const struct finding *f = &r.findings.v[i].f;
        if (str_is(str_of(f->rule->id), "DL1000") ||
            str_is(str_of(f->rule->id), "SHUCK-PRAGMA-UNUSED"))
            buf_addf(&b, "%u:" STR_F " ", f->where.line,
                     STR_A(f->ignored.n ? f->ignored : STR("-")));
    }
    return buf_str(&b);
}

static const struct {
    const char *what, *text, *native, *compat;
} files[] = {
    {"the next instruction alone", "FROM scratch\n# hadolint ignore=DL1000 # why\nUSER\nUSER\n",
     "3:why 4:- ", "3:why 4:- "},
    {"another rule", "FROM scratch\n# hadolint ignore=DL3008\nUSER\n", "3:- ", "3:- "},
    {"blank lines", "FROM scratch\n# hadolint ignore=DL1000\n\n# b\nUSER\n", "5:pragma ", "5:- "},
    {"two comments", "FROM scratch\n# hadolint ignore=DL1000\n# hadolint ignore=DL3008\nUSER\n",
     "4:pragma ", "4:- "},
    {"a stage", "# hadolint stage ignore=DL1000\nFROM scratch\nUSER\nFROM scratch\nUSER\n",
     "3:pragma 5:- ", "3:pragma 5:- "},
    {"a stage, but not above its FROM", "FROM scratch\n# hadolint stage ignore=DL1000\nUSER\n",
     "3:- ", "3:- "},
    {"the file", "FROM scratch\nUSER\n# hadolint global ignore=DL1000\n", "2:pragma ", "2:pragma "},
    {"a pragma that is void", "FROM scratch\n# hadolint ignore=DL1000 why\nUSER\n", "3:- ", "3:- "},
    {"check= is not hadolint's", "FROM scratch\n# check=skip=DL1000\nUSER\n", "3:pragma ", "3:- "},
    {"check= at the beginning", "# check=skip=DL1000\nFROM scratch\nUSER\n", "3:check=skip ",
     "3:- "},
    {"all checks are not all rules", "# check=skip=all\nFROM scratch\nUSER\n", "3:- ", "3:- "},
};

static void test_ignored(struct arena *a)
{
    struct lint_config off = {.no_pragmas = true};
    struct str rule = STR("DL1000");
    struct lint_config own = {.ignored = {&rule, 1}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        is_str(ignored(a, files[i].text, NULL, false), files[i].native, "%s", files[i].what);
        is_str(ignored(a, files[i].text, NULL, true), files[i].compat, "%s, with compat",
               files[i].what);
    }
    is_str(ignored(a, files[0].text, &off, false), "3:- 4:- ", "pragmas do not count");
    is_str(ignored(a, files[0].text, &own, false), "3:config 4:config ",
           "configuration: goes before pragmas");
}

static void test_unused(struct arena *a)
{
    struct lint_override on = {STR("SHUCK-PRAGMA-UNUSED"), SEVERITY_LOW, false};
    struct lint_config config = {.overrides = {&on, 1}};
    is_str(ignored(a, "# hadolint ignore=DL3001,SC1000,DL3002\nFROM scratch\n", &config, false),
           "1:- 1:- ", "unused: each id, but those of shellcheck");
    is_str(ignored(a, "FROM scratch\n# hadolint ignore=DL1000\nUSER\n", &config, false),
           "3:pragma ", "unused: not one that is of use");
}

static void test_inside(struct arena *a)
{
    static const char text[] = "FROM scratch\nENV a=b \\\n # hadolint ignore=DL1000 # why\n"
                               " # more\n\n  \"c \\\n d\n";
    is_str(ignored(a, text, NULL, false), "6:why ", "inside: the next line");
    is_str(ignored(a, text, NULL, true), "2:- ", "inside: hadolint does not look there");
    is_str(ignored(a, "FROM scratch\nENV a=b \\\n # hadolint ignore=DL1000\n c=d \\\n \"e\n", NULL,
                   false),
           "5:- ", "inside: not the line behind it");
}

static void test_shell(struct arena *a)
{
    struct lint_reading how = {0};
    struct lint_file f;
    lint_file_read(a, STR("d"),
                   STR("FROM a\n# hadolint shell=zsh\nRUN a\nSHELL [\"/bin/bash\", \"-c\"]\nRUN b\n"
                       "# hadolint shell=pwsh\nRUN c\nFROM b\nRUN d\n"),
                   &how, &f);
    is_int(f.steps.v[1].shell, LINT_ZSH, "shell: of the RUN below");
    is_int(f.steps.v[3].shell, LINT_BASH, "shell: a SHELL ends it");
    is_int(f.steps.v[4].shell, LINT_OTHER, "shell: and one after it counts");
    is_int(f.steps.v[6].shell, LINT_SH, "shell: of its stage alone");
}

/* 5,000 pragmas of 40 ids and as many findings: linear, or this never ends. */
static void test_many(struct arena *a)
{
    struct buf b = {.a = a};
    buf_addz(&b, "FROM scratch\n");
    for (int i = 0; i < 5000; i++) {
        buf_addz(&b, "# hadolint ignore=DL1000");
        for (int k = 0; k < 40; k++)
            buf_addf(&b, ",DL%04d", k);
        buf_addz(&b, "\nUSER\n");
    }
    struct lint_reading how = {0};
    struct strs only = {(struct str[]){STR("DL1000")}, 1};
    struct lint_options options = {.only = only};
    struct lint_report r;
    struct lint_file file;
    lint_file_read(a, STR("d"), buf_str(&b), &how, &file);
    lint_check(a, &file, &options, NULL, &r);
    size_t n = 0;
    vec_each (&r.findings, i)
        n += r.findings.v[i].f.ignored.n > 0;
    is_int(n, r.findings.n, "many: all are ignored");
}

int main(void)
{
    struct arena a = {0};
    test_read(&a);
    test_ignored(&a);
    test_unused(&a);
    test_inside(&a);
    test_shell(&a);
    test_many(&a);
    arena_free(&a);
    return done_testing();
}
