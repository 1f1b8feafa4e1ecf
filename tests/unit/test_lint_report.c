#include "report/lint_output.h"

#include "base/buf.h"
#include "lib/tap.h"
#include "lint/lint_rule.h"

static struct arena a;

static void judge(const char *name, const char *text, const char *only, struct lint_reports *to)
{
    static const struct lint_reading how;
    static const struct lint_config config;
    struct str *rules = arena_new(&a, struct str);
    struct lint_file *file = arena_new(&a, struct lint_file);
    *rules = str_of(only);
    struct lint_options o = {.config = &config, .only = {rules, only != NULL}};
    lint_file_read(&a, str_of(name), str_of(text), &how, file);
    lint_check(&a, file, &o, NULL, vec_push(&a, to));
}

static struct str shown(const struct lint_reports *reports, enum lint_format format, bool color)
{
    struct report_lint_options o = {.format = format, .color = color};
    return report_lint(&a, reports, &o);
}

/* The bytes without what begins with ESC and ends with m. */
static struct str uncolored(struct str s)
{
    struct buf b = {.a = &a};
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\033')
            while (i < s.n && s.p[i] != 'm')
                i++;
        else
            buf_addc(&b, s.p[i]);
    return buf_str(&b);
}

static void test_pieces(void)
{
    struct lint_reports reports = {0};
    judge("one", "FROM debian\nRUN cd /x\n", NULL, &reports);
    judge("two", "FROM scratch\n", NULL, &reports);
    judge("three", "FORM x\n", NULL, &reports);
    for (unsigned format = LINT_TTY; format <= LINT_JUNIT; format++) {
        struct report_lint_options o = {.format = format};
        struct report_lint_output *out = report_lint_begin(&a, &o);
        struct buf all = {.a = &a};
        for (size_t i = 0; i <= reports.n; i++) {
            buf_add(&all, buf_str(report_lint_text(out)));
            report_lint_text(out)->n = 0;
            i < reports.n ? report_lint_file(out, &reports.v[i]) : report_lint_end(out);
        }
        buf_add(&all, buf_str(report_lint_text(out)));
        ok(str_eq(buf_str(&all), shown(&reports, format, false)), "in pieces: format %u", format);
    }
    ok(str_eq(uncolored(shown(&reports, LINT_TTY, true)), shown(&reports, LINT_TTY, false)),
       "colours change no word");
}

static void test_formats(void)
{
    struct str rest = STR(LINT_FORMATS), name;
    enum lint_format format;
    for (unsigned i = 0; rest.n; i++) {
        str_cut(rest, '|', &name, &rest);
        ok(lint_format_parse(name, &format) && format == i, STR_F " is format %u", STR_A(name), i);
    }
    ok(!lint_format_parse(STR("yaml"), &format), "yaml is none");
}

static void test_ignored(void)
{
    struct lint_reports reports = {0};
    judge("one", "# hadolint global ignore=DL3006\nFROM debian\n", "DL3006", &reports);
    ok(reports.v[0].findings.n == 1 && reports.v[0].findings.v[0].f.ignored.n, "one is ignored");
    for (unsigned format = LINT_TTY; format <= LINT_JUNIT; format++)
        ok(!str_has(shown(&reports, format, false), STR("DL3006")), "ignored: format %u", format);
}

static struct str print_of(const char *text, size_t which)
{
    struct lint_reports reports = {0};
    struct report_lint_options o = {.format = LINT_SARIF};
    struct str print = {0};
    judge("one", text, "DL3006", &reports);
    struct report_lint_output *out = report_lint_begin(&a, &o);
    out->seen = (struct map){.a = &a};
    for (size_t i = 0; i <= which && i < reports.v[0].findings.n; i++)
        print = report_lint_fingerprint(out, &reports.v[0], &reports.v[0].findings.v[i]);
    return print;
}

static void test_fingerprint(void)
{
    struct str one = print_of("FROM debian\nFROM debian\n", 0);
    ok(one.n == 32, "a fingerprint has 32 digits");
    ok(str_eq(one, print_of("# more\n\nFROM debian\n", 0)),
       "fingerprint: lines above do not count");
    ok(!str_eq(one, print_of("FROM debian\nFROM debian\n", 1)), "fingerprint: each its own");
    ok(!str_eq(one, print_of("FROM ubuntu\n", 0)), "fingerprint: the line counts");
}

static void test_caret(void)
{
    struct buf text = {.a = &a};
    struct lint_reports reports = {0};
    buf_addz(&text, "FROM scratch\nRUN echo");
    for (int i = 0; i < 200; i++)
        buf_addz(&text, " \xc3\xa4\xc3\xb6");
    buf_addz(&text, "; sudo x; echo");
    for (int i = 0; i < 200; i++)
        buf_addz(&text, " yy");
    buf_addz(&text, "\n\tRUN sudo y\n");
    judge("one", str_cstr(&a, buf_str(&text)), "DL3004", &reports);
    struct str rest = shown(&reports, LINT_TTY, false), line, above = {0};
    size_t carets = 0;
    while (str_line(&rest, &line)) {
        size_t width = 0, columns = 0, at = str_find(line, '^');
        for (size_t i = 0; i < line.n; i++)
            width += ((unsigned char)line.p[i] & 0xc0) != 0x80;
        if (str_starts(line, STR("      | ")))
            ok(width <= 80, "caret: %zu columns", width);
        if (at < line.n && str_starts(line, STR("      | "))) {
            size_t byte = 0;
            while (byte < above.n && columns < at)
                columns += ((unsigned char)above.p[++byte] & 0xc0) != 0x80;
            ok(str_starts(str_from(above, byte), STR("sudo")), "caret: stands under sudo");
            carets++;
        }
        above = line;
    }
    is_int((long)carets, 2, "caret: twice");
}

static void test_secret(void)
{
    struct lint_reports reports = {0};
    judge("one", "FROM scratch\nRUN TOKEN=abcdefghijklmnop cd /x\nWHAT?TOKEN=abcdefghijklmnop\n",
          NULL, &reports);
    ok(reports.v[0].findings.n > 1, "there are findings beside a secret");
    for (unsigned format = LINT_TTY; format <= LINT_JUNIT; format++)
        ok(!str_has(shown(&reports, format, false), STR("abcdefghijklmnop")), "secret: format %u",
           format);
    ok(str_has(shown(&reports, LINT_TTY, false), STR("abcd************")), "secret: masked");
}

static void shows_no_value(const char *text)
{
    struct lint_reports reports = {0};
    judge("one", text, NULL, &reports);
    ok(reports.v[0].findings.n > 0, "told: there are findings");
    for (unsigned format = LINT_TTY; format <= LINT_JUNIT; format++)
        ok(!str_has(shown(&reports, format, false), STR("s3cr3tHunter2Pass")),
           "told: format %u of %zu bytes", format, strlen(text));
}

/* More values than are looked for. */
static void test_told_many(void)
{
    struct buf b = {.a = &a};
    buf_add(&b, STR("FROM a\n"));
    for (int i = 0; i < 300; i++)
        buf_add(&b, str_fmt(&a, "ARG PASSWORD=s3cr3t%dHunter\n", i));
    buf_add(&b, STR("ARG PASSWORD=s3cr3tHunter2Pass\nRUN pip install $PASSWORD\n"));
    shows_no_value(str_cstr(&a, buf_str(&b)));
}

static void test_told(void)
{
    test_told_many();
    shows_no_value("FROM a\nENV PASSWORD=s3cr3tHunter2Pass\nRUN pip install $PASSWORD\n");
    shows_no_value("FROM a\nARG PASSWORD=s3cr3tHunter2Pass\nWORKDIR $PASSWORD\n");
    shows_no_value(
        "FROM a\nENV PASSWORD=s3cr3tHunter2Pass\nENV B=$PASSWORD\nRUN gem install x$B\n");
    shows_no_value("FROM a\nENV A=${DB_PASSWORD:?s3cr3tHunter2Pass}\n");
    shows_no_value("FROM a\nENV PASSWORD s3cr3tHunter2Pass\nCMD app\n");
    shows_no_value("FROM a\nENV PASSWORD \"s3cr3tHunter2Pass\"\nCMD app\n");
    shows_no_value("FROM a\nENV PASSWORD s3cr3tHunter2Pass\\\n\nCMD app\n");
    shows_no_value("FROM a\nCMD app --password s3cr3tHunter2Pass\n");
    shows_no_value(
        "FROM a\nMAINTAINER x\nCMD [\"app\",\"--password\",\"s3cr3tHunter2Pass\"]\nCMD b\n");
    shows_no_value("FROM a\nARG PASSWORD=s3cr3tHunter2Pass\nCOPY --from=$PASSWORD a b\n");
}

int main(void)
{
    test_formats();
    test_pieces();
    test_ignored();
    test_fingerprint();
    test_caret();
    test_secret();
    test_told();
    arena_free(&a);
    return done_testing();
}
