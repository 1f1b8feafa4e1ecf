/* repairs OUT safe|unsafe [compat] FILE…: what repairs make of real files. Writes OUT/new/NAME and
 * the differences of all to OUT/diff; says what does not hold of a repaired file, and which rules
 * offer repairs that are left out. Status 1 when something does not hold. */
#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "lint/lint_repair.h"
#include "lint/lint_rule.h"
#include "sys/file.h"

struct run {
    struct arena a;
    struct map left; /* rule → how many */
    struct lint_reading how;
    struct lint_options options;
    enum fix_safety most;
    FILE *diff;
    size_t files, changed, repairs, bad;
};

static size_t errors(const struct lint_file *f)
{
    size_t n = f->errors.n;
    vec_each (&f->steps, i)
        n += f->steps.v[i].script.errors.n;
    return n;
}

static size_t live(const struct lint_report *r)
{
    size_t n = 0;
    vec_each (&r->findings, i)
        n += !r->findings.v[i].f.ignored.n;
    return n;
}

static void count_left(struct run *run, struct str name, const struct lint_report *r)
{
    vec_each (&r->findings, i) {
        const struct lint_finding *f = &r->findings.v[i];
        if (f->fix.safety == FIX_NONE || f->fix.safety > run->most || f->f.ignored.n)
            continue;
        void **n = map_at(&run->left, str_of(f->f.rule->id));
        *n = (void *)((uintptr_t)*n + 1);
        printf("# left out: " STR_F ":%u %s\n", STR_A(name), f->f.where.line, f->f.rule->id);
    }
}

static void complain(struct run *run, struct str name, const char *what)
{
    printf("# " STR_F ": %s\n", STR_A(name), what);
    run->bad++;
}

static void check(struct run *run, const char *out, struct str name, struct str text)
{
    struct arena a = {0};
    struct lint_file file;
    struct lint_report report;
    struct lint_repaired once, twice;
    lint_file_read(&a, name, text, &run->how, &file);
    lint_check(&a, &file, &run->options, NULL, &report);
    lint_repair(&a, name, text, &run->how, &run->options, run->most, &once);
    lint_repair(&a, name, once.text, &run->how, &run->options, run->most, &twice);
    if (!str_eq(once.text, twice.text) || twice.n)
        complain(run, name, "repaired twice is not once");
    if (errors(&once.file) > errors(&file))
        complain(run, name, "has more errors");
    if (once.n && str_eq(once.text, text))
        complain(run, name, "repairs that change nothing");
    if (live(&once.left) > live(&report))
        complain(run, name, "has more findings");
    count_left(run, name, &once.left);
    struct str diff = fix_diff(&a, name, text, once.text);
    FILE *f = fopen(str_fmt(&a, "%s/new/" STR_F, out, STR_A(name)).p, "w");
    if (!f || fwrite(once.text.p, 1, once.text.n, f) != once.text.n || fclose(f))
        exit(2);
    fwrite(diff.p, 1, diff.n, run->diff);
    run->files++;
    run->changed += diff.n > 0;
    run->repairs += once.n;
    arena_free(&a);
}

int main(int argc, char **argv)
{
    static struct run run;
    if (argc < 4)
        return 2;
    run.left.a = &run.a;
    run.most = argv[2][0] == 'u' ? FIX_UNSAFE : FIX_SAFE;
    run.how.compat = run.options.compat = !strcmp(argv[3], "compat");
    run.diff = fopen(str_fmt(&run.a, "%s/diff", argv[1]).p, "w");
    if (!run.diff)
        return 2;
    for (int i = run.options.compat ? 4 : 3; i < argc; i++) {
        struct arena a = {0};
        struct str text, path = str_of(argv[i]);
        struct err e;
        if (sys_read_file(path, &a, 64 << 20, &text, &e)) {
            printf("# %s\n", e.text);
            return 2;
        }
        size_t slash = str_rfind(path, '/');
        check(&run, argv[1], str_from(path, slash < path.n ? slash + 1 : 0), text);
        arena_free(&a);
    }
    if (fclose(run.diff))
        return 2;
    printf("# %zu files, %zu changed by %zu repairs; left out:", run.files, run.changed,
           run.repairs);
    map_each (&run.left, i)
        printf(" " STR_F " %zu", STR_A(run.left.v[i].key), (size_t)(uintptr_t)run.left.v[i].value);
    printf("\n");
    arena_free(&run.a);
    return run.bad != 0;
}
