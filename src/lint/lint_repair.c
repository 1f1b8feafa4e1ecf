/* lint_repair: see lint_repair.h.
 *
 * Invariants
 * 1. A repaired file has no more errors than before. (test_lint_repair: errors)
 * 2. Repairing twice changes nothing the second time. (test_lint_repair: twice, fuzz_lint)
 */
#include "lint/lint_repair.h"

/* Repairs that make room for others: real files are done in two. */
enum { ROUNDS = 16 };

static void look(struct arena *a, struct str name, struct str text, const struct lint_reading *how,
                 const struct lint_options *options, struct lint_repaired *ret)
{
    ret->text = text;
    lint_file_read(a, name, text, how, &ret->file);
    lint_check(a, &ret->file, options, NULL, &ret->left);
}

static size_t take(struct fix_set *set, const struct lint_findings *findings, enum fix_safety most)
{
    size_t n = 0;
    vec_each (findings, i) {
        const struct lint_finding *f = &findings->v[i];
        if (f->fix.safety != FIX_NONE && f->fix.safety <= most && !f->f.ignored.n && f->fix.edits.n)
            n += fix_take(set, &f->fix);
    }
    return n;
}

void lint_repair(struct arena *a, struct str name, struct str text, const struct lint_reading *how,
                 const struct lint_options *options, enum fix_safety most,
                 struct lint_repaired *ret)
{
    *ret = (struct lint_repaired){0};
    look(a, name, text, how, options, ret);
    for (int round = 0; round < ROUNDS; round++) {
        struct fix_set set;
        struct lint_repaired next = {0};
        fix_begin(&set, a, ret->text);
        size_t n = take(&set, &ret->left.findings, most);
        if (!n)
            return;
        look(a, name, fix_apply(&set), how, options, &next);
        if (next.file.errors.n > ret->file.errors.n)
            return;
        next.n = ret->n + n;
        *ret = next;
        ret->left.file = &ret->file;
    }
}
