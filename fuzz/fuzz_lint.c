/* Any bytes as a Dockerfile that rules look at and repair: places stay inside it, a repaired file
 * has no more errors than before, and repairing it again changes nothing. */
#include <stdint.h>

#include "lint/lint_repair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_report(const struct lint_report *r, size_t n)
{
    vec_each (&r->findings, i) {
        const struct lint_finding *f = &r->findings.v[i];
        if (f->place.from > f->place.to || f->place.to > n || !f->f.evidence.n)
            abort();
        if (f->step != LINT_NO_STEP && f->step >= r->file->steps.n)
            abort();
        vec_each (&f->fix.edits, k)
            if (f->fix.edits.v[k].place.from > f->fix.edits.v[k].place.to ||
                f->fix.edits.v[k].place.to > n)
                abort();
    }
}

static void check(struct str text, bool compat, enum fix_safety most)
{
    struct arena a = {0};
    struct lint_config config = {0};
    struct lint_reading how = {.compat = compat};
    struct lint_options options = {.config = &config, .compat = compat};
    struct lint_file file;
    struct lint_report report;
    struct lint_repaired once, twice;
    lint_file_read(&a, STR("Dockerfile"), text, &how, &file);
    lint_check(&a, &file, &options, NULL, &report);
    check_report(&report, text.n);
    lint_repair(&a, STR("Dockerfile"), text, &how, &options, most, &once);
    check_report(&once.left, once.text.n);
    lint_repair(&a, STR("Dockerfile"), once.text, &how, &options, most, &twice);
    if (once.file.errors.n > file.errors.n || twice.n || !str_eq(once.text, twice.text))
        abort();
    arena_free(&a);
}

/* Rules pass over a file dozens of times: a short one is enough. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n > 4096)
        return 0;
    struct str text = {(const char *)data, n};
    check(text, false, FIX_UNSAFE);
    check(text, false, FIX_SAFE);
    check(text, true, FIX_UNSAFE);
    return 0;
}
