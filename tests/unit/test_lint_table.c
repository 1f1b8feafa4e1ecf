/* Every tests/table/lint_*.table: what rules find in small Dockerfiles, and what repairs make of
 * them.
 *
 *     rules DL3014 DL3015      the rules that the cases below are about
 *     case NAME
 *     mode compat              judged as hadolint does
 *     % label-schema: …        a line of .hadolint.yaml
 *     & *.log                  a line of .dockerignore
 *     knows debian:12 sha256:… [alone] [linux/amd64…]     what is known of an image; - for no
 * digest | FROM debian            the Dockerfile finds DL3014 2:5 [LEVEL] in the order of the file;
 * without any, nothing is found fix safe                 repairs that are made below: safe, or else
 * all of these rules > FROM debian            the file after that
 *
 * Each rule that `rules` names must be found in some case and not in another. */
#include <glob.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/map.h"
#include "lib/tap.h"
#include "lint/lint_config.h"
#include "lint/lint_known.h"
#include "lint/lint_repair.h"
#include "lint/lint_rule.h"
#include "sys/file.h"

struct table {
    struct arena *a;
    const char *path;
    struct strs rules;
    struct map found, quiet; /* rules that were, and were not found in some case */
};

struct one {
    struct str name;
    struct buf text, want, fixed, yaml, dockerignore;
    struct lint_known known;
    bool compat, safe, has_fixed;
    bool begun;
};

static struct str found_text(struct table *t, const struct lint_report *r, bool levels)
{
    struct buf b = {.a = t->a};
    vec_each (&r->findings, i) {
        const struct lint_finding *f = &r->findings.v[i];
        if (f->f.ignored.n)
            continue;
        buf_addf(&b, "%s %u:%u%s%s\n", f->f.rule->id, f->f.where.line, f->f.where.column,
                 levels ? " " : "", levels ? lint_level_name(f->f.severity) : "");
    }
    return buf_str(&b);
}

/* Levels stand in what is wanted where they matter. */
static bool agrees(struct table *t, const struct lint_report *r, struct str want)
{
    struct str bare = found_text(t, r, false), full = found_text(t, r, true), x, y, z;
    while (str_line(&want, &x)) {
        if (!str_line(&bare, &y) || !str_line(&full, &z) || (!str_eq(x, y) && !str_eq(x, z)))
            return false;
    }
    return bare.n == 0;
}

static void count(struct table *t, const struct lint_report *r)
{
    for (size_t i = 0; i < t->rules.n; i++) {
        bool found = false;
        vec_each (&r->findings, k)
            found |=
                rule_is(r->findings.v[k].f.rule, t->rules.v[i]) && !r->findings.v[k].f.ignored.n;
        *map_at(found ? &t->found : &t->quiet, t->rules.v[i]) = t;
    }
}

static void show(const char *what, struct str text)
{
    struct str line;
    while (str_line(&text, &line))
        printf("# %s " STR_F "\n", what, STR_A(line));
}

static void check_fix(struct table *t, const struct one *c, const struct lint_reading *how,
                      const struct lint_options *options)
{
    struct lint_repaired once, twice;
    enum fix_safety most = c->safe ? FIX_SAFE : FIX_UNSAFE;
    lint_repair(t->a, STR("Dockerfile"), buf_str(&c->text), how, options, most, &once);
    lint_repair(t->a, STR("Dockerfile"), once.text, how, options, most, &twice);
    bool good = !c->has_fixed || str_eq(once.text, buf_str(&c->fixed));
    ok(good && str_eq(once.text, twice.text), "%s: " STR_F ": repaired, and repaired once", t->path,
       STR_A(c->name));
    if (!good) {
        show("want", buf_str(&c->fixed));
        show("got ", once.text);
    }
}

/* What the case's lines of .hadolint.yaml say. Rules that are off are tested, too. */
static void configure(struct table *t, const struct one *c, struct lint_config *ret)
{
    struct lint_layer all = {0}, file = {0};
    struct lint_settings settings;
    struct err e = {0};
    for (size_t i = 0; i < t->rules.n; i++) {
        const struct lint_rule *rule = lint_rule_find(t->rules.v[i]);
        if (rule && rule->off)
            *vec_push(t->a, &all.overrides) =
                (struct lint_override){t->rules.v[i], rule->info.severity, false};
    }
    if (lint_config_read(t->a, buf_str(&c->yaml), STR(".hadolint.yaml"), c->compat, &file, &e))
        ok(false, "%s: " STR_F ": %s", t->path, STR_A(c->name), e.text);
    lint_lay(t->a, &all, &file);
    lint_settle(&all, ret, &settings);
}

static void run_case(struct table *t, struct one *c)
{
    if (!c->begun)
        return;
    struct lint_config config;
    struct lint_reading how = {.compat = c->compat};
    struct lint_options options = {.config = &config,
                                   .only = t->rules,
                                   .compat = c->compat,
                                   .known = c->known.images.n ? &c->known : NULL,
                                   .dockerignore = buf_str(&c->dockerignore)};
    configure(t, c, &config);
    struct lint_file file;
    struct lint_report report;
    lint_file_read(t->a, STR("Dockerfile"), buf_str(&c->text), &how, &file);
    lint_check(t->a, &file, &options, NULL, &report);
    count(t, &report);
    bool good = agrees(t, &report, buf_str(&c->want));
    ok(good, "%s: " STR_F, t->path, STR_A(c->name));
    if (!good) {
        show("want", buf_str(&c->want));
        show("got ", found_text(t, &report, true));
    }
    check_fix(t, c, &how, &options);
    *c = (struct one){0};
}

static struct strs words_of(struct arena *a, struct str text)
{
    struct strs list = {arena_array(a, struct str, text.n / 2 + 1), 0};
    while (str_word(&text, &list.v[list.n]))
        list.n++;
    return list;
}

/* NAME DIGEST [alone] [OS/ARCH[/VARIANT]…] */
static void add_known(struct table *t, struct lint_known *to, struct str line)
{
    struct strs words = words_of(t->a, line);
    struct lint_image *image = arena_new(t->a, struct lint_image);
    if (words.n < 2)
        return;
    image->digest = str_is(words.v[1], "-") ? (struct str){0} : words.v[1];
    image->by = STR("somebody");
    image->platforms.v = arena_array(t->a, struct image_platform, words.n);
    for (size_t i = 2; i < words.n; i++) {
        struct image_platform *p = &image->platforms.v[image->platforms.n];
        image->alone |= str_is(words.v[i], "alone");
        if (!str_cut(words.v[i], '/', &p->os, &p->arch))
            continue;
        str_cut(p->arch, '/', &p->arch, &p->variant);
        image->platforms.n++;
        image->whole = true;
    }
    to->images.a = t->a;
    *map_at(&to->images, words.v[0]) = image;
}

static void add_line(struct buf *b, struct str line)
{
    buf_add(b, str_from(line, line.n > 1 ? 2 : 1)); /* behind "| " */
    buf_addz(b, "\n");
}

static void read_line(struct table *t, struct one *c, struct str line)
{
    struct str key, rest;
    str_cut(line, ' ', &key, &rest);
    if (str_is(key, "|"))
        add_line(&c->text, line);
    else if (str_is(key, "%"))
        add_line(&c->yaml, line);
    else if (str_is(key, "&"))
        add_line(&c->dockerignore, line);
    else if (str_is(key, ">")) {
        c->has_fixed = true;
        add_line(&c->fixed, line);
    } else if (str_is(key, "finds")) {
        buf_add(&c->want, rest);
        buf_addz(&c->want, "\n");
    } else if (str_is(key, "knows"))
        add_known(t, &c->known, rest);
    else if (str_is(key, "fix"))
        c->safe = str_is(rest, "safe");
    else if (str_is(key, "mode"))
        c->compat = str_is(rest, "compat");
    else if (str_is(key, "rules") || str_is(key, "case")) {
        run_case(t, c);
        if (str_is(key, "rules"))
            t->rules = words_of(t->a, rest);
        else
            *c = (struct one){.name = rest,
                              .begun = true,
                              .text = {.a = t->a},
                              .want = {.a = t->a},
                              .fixed = {.a = t->a},
                              .yaml = {.a = t->a},
                              .dockerignore = {.a = t->a}};
    } else if (key.n && key.p[0] != '#')
        ok(false, "%s: what is \"" STR_F "\"?", t->path, STR_A(line));
}

static void run_table(struct arena *a, const char *path)
{
    struct table t = {.a = a, .path = strrchr(path, '/') + 1, .found = {.a = a}, .quiet = {.a = a}};
    struct one c = {0};
    struct str text, line;
    struct err e;
    if (sys_read_file(str_of(path), a, 1 << 20, &text, &e)) {
        ok(false, "%s", e.text);
        return;
    }
    while (str_line(&text, &line))
        read_line(&t, &c, line);
    run_case(&t, &c);
    map_each (&t.quiet, i)
        ok(map_has(&t.found, t.quiet.v[i].key), "%s: some case finds " STR_F, t.path,
           STR_A(t.quiet.v[i].key));
    map_each (&t.found, i)
        ok(map_has(&t.quiet, t.found.v[i].key), "%s: some case does not find " STR_F, t.path,
           STR_A(t.found.v[i].key));
}

int main(void)
{
    struct arena a = {0};
    glob_t tables = {0};
    glob("tests/table/lint_*.table", 0, NULL, &tables);
    ok(tables.gl_pathc > 0, "there are tables");
    for (size_t i = 0; i < tables.gl_pathc; i++)
        run_table(&a, tables.gl_pathv[i]);
    globfree(&tables);
    arena_free(&a);
    return done_testing();
}
