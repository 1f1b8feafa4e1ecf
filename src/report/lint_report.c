/* lint_report: reports of Dockerfiles → the form asked for, a file at a time.
 *
 * Invariants
 * 1. A piece at a time or all at once give the same bytes. (test_lint_report: in pieces)
 * 2. Findings that are ignored are in no format. (test_lint_report: ignored)
 * 3. A fingerprint stays the same when lines above come or go, and no two findings of a file share
 *    one. (test_lint_report: fingerprint)
 */
#include "base/digest.h"
#include "base/json.h"
#include "lint/lint_told.h"
#include "report/lint_output.h"
#include "secret/redact.h"

static const struct {
    struct str name;
    const struct report_lint_form *form;
} formats[] = {
    [LINT_TTY] = {STR_INIT("tty"), &report_lint_tty},
    [LINT_JSON] = {STR_INIT("json"), &report_lint_json},
    [LINT_CHECKSTYLE] = {STR_INIT("checkstyle"), &report_lint_checkstyle},
    [LINT_CODECLIMATE] = {STR_INIT("codeclimate"), &report_lint_codeclimate},
    [LINT_GITLAB_CODECLIMATE] = {STR_INIT("gitlab_codeclimate"), &report_lint_gitlab},
    [LINT_GNU] = {STR_INIT("gnu"), &report_lint_gnu},
    [LINT_CODACY] = {STR_INIT("codacy"), &report_lint_codacy},
    [LINT_SONARQUBE] = {STR_INIT("sonarqube"), &report_lint_sonarqube},
    [LINT_SARIF] = {STR_INIT("sarif"), &report_lint_sarif},
    [LINT_JUNIT] = {STR_INIT("junit"), &report_lint_junit},
};

bool lint_format_parse(struct str text, enum lint_format *ret)
{
    for (unsigned i = 0; i < sizeof formats / sizeof *formats; i++)
        if (str_eq(text, formats[i].name)) {
            *ret = i;
            return true;
        }
    return false;
}

struct report_lint_output *report_lint_begin(struct arena *a,
                                             const struct report_lint_options *options)
{
    struct report_lint_output *out = arena_new(a, struct report_lint_output);
    *out = (struct report_lint_output){.a = a,
                                       .b = {.a = a},
                                       .form = formats[options->format].form,
                                       .options = *options,
                                       .rules = {.a = a}};
    if (options->format == LINT_TTY && options->compat)
        out->form = &report_lint_plain;
    if (out->form->begin)
        out->form->begin(out);
    return out;
}

static struct secret_scanner *secrets_of(struct report_lint_output *out)
{
    if (!out->options.secrets && !out->own_secrets)
        out->own_secrets = secret_scanner_builtin();
    return out->options.secrets ? out->options.secrets : out->own_secrets;
}

struct str report_lint_masked(struct report_lint_output *out, const struct lint_report *r)
{
    if (!out->text.masked.p) {
        struct lint_told told;
        lint_told_find(out->a, r->file, &told);
        out->text.masked =
            lint_told_mask(out->a, &told, secret_mask(secrets_of(out), out->a, r->file->d.text));
    }
    return out->text.masked;
}

bool report_lint_shows_none(struct report_lint_output *out, struct str text)
{
    return str_eq(secret_mask(secrets_of(out), out->a, text), text);
}

static void count(struct report_lint_output *out, const struct lint_finding *f)
{
    out->found++;
    out->by_level[f->f.severity]++;
    out->safe += f->fix.safety == FIX_SAFE;
    out->unsafe += f->fix.safety == FIX_UNSAFE;
}

void report_lint_file(struct report_lint_output *out, const struct lint_report *r)
{
    out->seen = (struct map){.a = out->a};
    out->text = (struct report_lint_text){0};
    if (out->form->file_begin)
        out->form->file_begin(out, r);
    vec_each (&r->findings, i) {
        const struct lint_finding *f = &r->findings.v[i];
        if (f->f.ignored.n)
            continue;
        out->form->finding(out, r, f);
        count(out, f);
    }
    if (out->form->file_end)
        out->form->file_end(out, r);
    out->files++;
    out->files_found += report_lint_count(r) > 0;
}

void report_lint_end(struct report_lint_output *out)
{
    if (out->form->end)
        out->form->end(out);
    secret_scanner_free(out->own_secrets);
    out->own_secrets = NULL;
}

struct buf *report_lint_text(struct report_lint_output *out)
{
    return &out->b;
}

struct str report_lint(struct arena *a, const struct lint_reports *reports,
                       const struct report_lint_options *options)
{
    struct report_lint_output *out = report_lint_begin(a, options);
    vec_each (reports, i)
        report_lint_file(out, &reports->v[i]);
    report_lint_end(out);
    return buf_str(&out->b);
}

/* ---- what the formats share ---- */

size_t report_lint_count(const struct lint_report *r)
{
    size_t n = 0;
    vec_each (&r->findings, i)
        n += !r->findings.v[i].f.ignored.n;
    return n;
}

/* Without its end. */
static struct str line_of(const struct lint_report *r, uint32_t line)
{
    const struct dockerfile *d = &r->file->d;
    struct str rest, text = {0};
    if (!line || line > d->lines.n)
        return text;
    rest = str_from(d->text, d->lines.v[line - 1]);
    str_line(&rest, &text);
    return text;
}

struct str report_lint_fingerprint(struct report_lint_output *out, const struct lint_report *r,
                                   const struct lint_finding *f)
{
    enum { LINE_MOST = 256, HEX = 32 };
    struct str line = str_trim(line_of(r, f->f.where.line));
    struct str key =
        str_fmt(out->a, "%s" STR_F, f->f.rule->id, STR_A(str_slice(line, 0, LINE_MOST)));
    uintptr_t *alike = (uintptr_t *)map_at(&out->seen, key);
    struct str all =
        str_fmt(out->a, STR_F "\n" STR_F "\n%zu", STR_A(r->name), STR_A(key), (size_t)(*alike)++);
    struct digest d = digest_of(all);
    return str_slice(digest_hex(out->a, &d), 0, HEX);
}

/* Bytes that begin a character, and those that begin one of two UTF-16 units. */
static uint32_t units_in(struct str s, bool utf16)
{
    uint32_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        n += (c & 0xc0) != 0x80;
        n += utf16 && c >= 0xf0;
    }
    return n;
}

/* Counted once for every BLOCK bytes of a file, so that each place costs the same, however long its
 * line is. */
static void measure(struct report_lint_output *out, struct str text, bool utf16)
{
    struct report_lint_text *t = &out->text;
    size_t blocks = text.n / REPORT_LINT_BLOCK + 1;
    t->before = arena_array(out->a, uint32_t, blocks);
    for (size_t i = 1; i < blocks; i++)
        t->before[i] =
            t->before[i - 1] +
            units_in(str_slice(text, (i - 1) * REPORT_LINT_BLOCK, i * REPORT_LINT_BLOCK), utf16);
}

static uint32_t units_before(const struct report_lint_text *t, struct str text, size_t byte,
                             bool utf16)
{
    size_t block = byte / REPORT_LINT_BLOCK;
    return t->before[block] + units_in(str_slice(text, block * REPORT_LINT_BLOCK, byte), utf16);
}

uint32_t report_lint_column(struct report_lint_output *out, const struct lint_report *r,
                            struct dockerfile_position at, bool utf16)
{
    const struct dockerfile *d = &r->file->d;
    if (!at.line || at.line > d->lines.n)
        return 1;
    if (!out->text.before)
        measure(out, d->text, utf16);
    size_t begin = d->lines.v[at.line - 1];
    if (at.line == 1 && str_starts(d->text, STR("\xef\xbb\xbf")))
        begin = 3; /* a byte order mark is no column */
    size_t byte = begin + at.column - 1 < d->text.n ? begin + at.column - 1 : d->text.n;
    return units_before(&out->text, d->text, byte, utf16) -
           units_before(&out->text, d->text, begin, utf16) + 1;
}
