/* RUNs as scripts for ShellCheck, and its replies as findings. */
#include "lint/lint_shellcheck.h"

#include "base/limits.h"
#include "lib/tap.h"

static struct arena a;
static struct lint_file file;
static struct lint_scripts scripts;

static size_t scripts_of(const char *text, bool compat)
{
    struct lint_reading how = {.compat = compat};
    scripts = (struct lint_scripts){0};
    lint_file_read(&a, STR("Dockerfile"), str_of(text), &how, &file);
    return lint_shellcheck_scripts(&a, &file, compat, &scripts);
}

static struct str text_of(size_t i)
{
    return i < scripts.n ? scripts.v[i].text : STR("(none)");
}

static const char proxies[] = " FTP_PROXY=1 HTTPS_PROXY=1 HTTP_PROXY=1 NO_PROXY=1 ftp_proxy=1 "
                              "http_proxy=1 https_proxy=1 no_proxy=1";

/* The script as it should be: shell's line, names exported, with compat beside the proxies, the
 * rest. */
static void is_script(size_t i, const char *shell, const char *names, const char *rest,
                      const char *what)
{
    bool compat = !strncmp(what, "compat", 6);
    is_str(text_of(i),
           str_fmt(&a, "#!%s\n%s%s%s\n%s\n", shell, compat || *names ? "export" : "",
                   compat ? proxies : "", names, rest)
               .p,
           "%s", what);
}

static void which(void)
{
    scripts_of("ARG early\nFROM a\nRUN echo $x\nRUN [\"echo\", \"a\"]\nCMD echo a\n", false);
    is_int(scripts.n, 1, "RUNs in shell form are scripts, other instructions are not");
    is_script(0, "/bin/sh", "", "echo $x", "the shell is sh; ARGs before FROM are not seen in it");

    scripts_of(
        "FROM a AS one\nARG x\nENV y=2 z-z=3\nRUN a\nFROM one\nENV w 1\nRUN b\nFROM c\nRUN c\n",
        false);
    is_script(0, "/bin/sh", " x=1 y=1", "a", "ARG and ENV are exported, if they are names");
    is_script(1, "/bin/sh", " x=1 y=1 w=1", "b", "a stage has those of the stage it begins from");
    is_script(2, "/bin/sh", "", "c", "another one has not");

    scripts_of("FROM a\nENV x=1\nRUN curl $http_proxy $HOME\n", false);
    is_script(0, "/bin/sh", " x=1 http_proxy=1", "curl $http_proxy $HOME", "and a proxy it names");

    const char *onbuild = "FROM a\nENV x=1\nONBUILD ARG y\nONBUILD RUN a\nRUN b\n";
    scripts_of(onbuild, false);
    is_script(0, "/bin/sh", " x=1 y=1", "a", "what ONBUILD triggers is a script");
    scripts_of(onbuild, true);
    is_script(0, "/bin/sh", " y=1", "a", "compat: it knows what ONBUILD set alone");
    is_script(1, "/bin/sh", " x=1", "b", "compat: and nobody else does");
    const char *two = "FROM a\nARG x=1 y\nRUN a\n";
    scripts_of(two, false);
    is_script(0, "/bin/sh", " x=1 y=1", "a", "an ARG may have several names");
    scripts_of(two, true);
    is_script(0, "/bin/sh", " x=1", "a", "compat: the first counts");
}

static void shells(void)
{
    const char *text = "FROM a\nSHELL [\"/bin/bash\", \"-euo\", \"pipefail\", \"-c\"]\nRUN a\n"
                       "SHELL [\"/bin/ash\", \"-c\"]\nRUN b\nSHELL [\"fish\", \"-c\"]\nRUN c\n"
                       "SHELL [\"C:/Windows/powershell.exe\", \"-command\"]\nRUN d\n";
    scripts_of(text, false);
    is_int(scripts.n, 2, "shells that ShellCheck does not know are left out");
    is_script(0, "/bin/bash -e", "", "a", "bash that stops at failures");
    is_script(1, "/bin/dash", "", "b", "ash is like dash");
    scripts_of(text, true);
    is_int(scripts.n, 3, "compat: those of Windows are left out");
    is_script(2, "fish", "", "c", "compat: another stands as it is");

    scripts_of("FROM a\nRUN <<EOF\n#!/usr/bin/env bash\necho\nEOF\nRUN <<EOF\n#!/usr/bin/python3\n"
               "print\nEOF\n",
               false);
    is_int(scripts.n, 1, "a here-document for another program is no script");
    is_script(0, "/usr/bin/env bash", "", "#!/usr/bin/env bash\necho\n", "one names its shell");
}

static void sizes(void)
{
    struct buf b = {.a = &a};
    buf_addz(&b, "FROM a\nRUN : ");
    for (int i = 0; i < LIMIT_SCRIPT_BYTES / 1000; i++)
        buf_addf(&b, "%.*s\\\n", 1000, str_fmt(&a, "%01000d", 0).p);
    buf_addz(&b, "0\nRUN a\n");
    is_int(scripts_of(str_cstr(&a, buf_str(&b)), false), 0, "a script that is just small enough");
    buf_addf(&b, "RUN %s\n", str_fmt(&a, "%060000d", 0).p);
    is_int(scripts.n, 2, "is one");
    b.n = 0;
    buf_addz(&b, "FROM a\nRUN <<EOF\n");
    for (int i = 0; i < LIMIT_SCRIPT_BYTES / 100 + 1; i++)
        buf_addf(&b, "%099d\n", i);
    buf_addz(&b, "more\nEOF\nRUN a\n");
    is_int(scripts_of(str_cstr(&a, buf_str(&b)), false), 1, "one that is too large is counted");
    is_int(scripts.n, 1, "and left out");

    b.n = 0;
    buf_addz(&b, "FROM a\n");
    for (int i = 0; i < 3000; i++)
        buf_addf(&b, "ENV variable%d=1\nRUN echo $variable%d $variable%d x$variable0\n", i, i, i);
    scripts_of(str_cstr(&a, buf_str(&b)), false);
    is_str(
        text_of(100),
        "#!/bin/sh\nexport variable100=1 variable0=1\necho $variable100 $variable100 x$variable0\n",
        "of many variables only those a script names");
    size_t all = 0;
    vec_each (&scripts, i)
        all += scripts.v[i].text.n;
    ok(all < 4 * b.n, "so that scripts do not grow with variables");
}

static struct lint_findings found;
static struct lint_codes codes = {.a = &a};

static int reply(const char *json, struct err *e)
{
    struct lint_comments comments[2] = {0};
    found = (struct lint_findings){0};
    int rc = lint_shellcheck_read(&a, str_of(json), STR("/dev/fd/"), 3, comments, 2, e);
    for (size_t i = 0; !rc && i < 2 && i < scripts.n; i++)
        lint_shellcheck_findings(&codes, &a, &scripts.v[i], &comments[i], &found);
    return rc;
}

static struct str place_of(size_t i)
{
    struct span p = i < found.n ? found.v[i].place : (struct span){0};
    return str_slice(file.d.text, p.from, p.to);
}

#define COMMENT(fd, code, level, line, column, end_line, end_column)                               \
    "{\"file\":\"/dev/fd/" #fd "\",\"line\":" #line ",\"endLine\":" #end_line                      \
    ",\"column\":" #column ",\"endColumn\":" #end_column ",\"level\":\"" level                     \
    "\",\"code\":" #code ",\"message\":\"m\",\"fix\":null}"

static void places(void)
{
    struct err e = {0};
    scripts_of("FROM a\nRUN echo \"\xc3\xa9\xff\" \\\n# comment\n  && one two\nRUN <<EOF\nfirst\n"
               "second $x\nEOF\n",
               false);
    ok(!reply("{\"comments\":[" COMMENT(3, 2086, "info", 3, 6, 3, 10) "," COMMENT(
                  3, 1, "style", 3, 16, 3, 19) "," COMMENT(4, 2086, "error", 4, 8, 4, 10) "]}",
              &e),
       "a reply: %s", e.text);
    is_int(found.n, 3, "three places");
    is_str(place_of(0), "\"\xc3\xa9\xff\"", "columns are characters, a wrong byte is one");
    is_str(place_of(1), "one", "places go through continuations");
    is_str(place_of(2), "$x", "and into here-documents");
    is_str(str_of(found.v[0].f.rule->id), "SC2086", "its code is the rule");
    is_str(str_of(found.v[1].f.rule->id), "SC0001", "of four digits");
    ok(found.v[0].f.rule == found.v[2].f.rule, "one rule each");
    ok(found.v[0].f.severity == SEVERITY_LOW && found.v[1].f.severity == SEVERITY_INFO &&
           found.v[2].f.severity == SEVERITY_HIGH,
       "levels are ShellCheck's");
    ok(found.v[0].step == 1 && found.v[2].step == 2, "each is of its RUN");
    ok(!reply("{\"comments\":[" COMMENT(3, 2, "error", 1, 1, 1, 9) "," COMMENT(4, 2, "error", 2, 1,
                                                                               2, 9) "]}",
              &e) &&
           found.n == 0,
       "what is said of lines before the script is no finding");
}

static void hostile(void)
{
    struct err e = {0};
    static const char *const bad[] = {"",
                                      "[]",
                                      "{}",
                                      "{\"comments\":1}",
                                      "{\"comments\":[{}]}",
                                      "{\"comments\":[1]}",
                                      "{\"comments\":[" COMMENT(2, 1, "error", 3, 1, 3, 1) "]}",
                                      "{\"comments\":[" COMMENT(5, 1, "error", 3, 1, 3, 1) "]}",
                                      "{\"comments\":[{\"file\":3}]}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(reply(bad[i], &e) < 0 && e.kind == ERR_INPUT, "refused: %s", bad[i]);
    ok(!reply("{\"comments\":[" COMMENT(3, 1, "error", 3, 9999, 3, 4) "," COMMENT(
                  3, -1, "x", 9999, 1, 2, 1) "," COMMENT(3, 1, "error", 3, 0, 0, 0) "]}",
              &e),
       "lines and columns that are none");
    bool inside = true;
    vec_each (&found, i)
        inside &=
            found.v[i].place.from <= found.v[i].place.to && found.v[i].place.to <= file.d.text.n;
    ok(inside, "are inside of the file all the same");
}

int main(void)
{
    which();
    shells();
    sizes(); /* many */
    places();
    hostile();
    arena_free(&a);
    return done_testing();
}
