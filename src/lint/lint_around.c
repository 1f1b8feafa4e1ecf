/* lint_around: see lint_around.h.
 *
 * Invariants
 * 1. A stage begins as its parent ends; what an unknown base image sets is not known.
 *    (test_lint_table: tables; test_lint_around: parents)
 * 2. An instruction put above keeps the comments of the one below it, and directives stay first.
 *    (test_lint_around: above)
 */
#include "lint/lint_around.h"

#include "base/limits.h"

/* ---- images ---- */

/* Images that run as root and have GNU's tools; those of languages are made from Debian. */
static const char gnu[] =
    " debian ubuntu fedora centos rockylinux almalinux amazonlinux oraclelinux opensuse/leap "
    "opensuse/tumbleweed archlinux buildpack-deps kalilinux/kali-rolling python node golang ruby "
    "rust php perl openjdk eclipse-temurin maven gradle gcc erlang elixir haskell swift julia "
    "r-base mono pypy httpd nginx postgres mysql mariadb redis memcached tomcat wordpress ";

static bool has(struct str s, const char *part)
{
    return str_has(s, str_of(part));
}

static enum lint_system system_named(const struct lint_reference *base)
{
    struct str name = base->repository;
    if (str_is(base->text, "scratch") || has(base->text, "distroless"))
        return LINT_SYSTEM_EMPTY;
    if (has(base->text, "windows") || has(base->text, "nanoserver"))
        return LINT_SYSTEM_WINDOWS;
    if (has(base->text, "alpine") || has(base->text, "busybox"))
        return LINT_SYSTEM_BUSYBOX;
    if (str_starts(name, STR("library/")))
        name = str_from(name, sizeof "library/" - 1);
    if (lint_lists(gnu, name) || has(name, "debian") || has(name, "ubuntu") || has(name, "centos"))
        return LINT_SYSTEM_GNU;
    return LINT_SYSTEM_UNKNOWN;
}

enum lint_system lint_system_of(const struct lint_file *f, int stage)
{
    enum { DEEPEST = 64 }; /* real files have five stages in a row */
    for (int n = 0; n < DEEPEST && stage >= 0; n++) {
        const struct lint_stage *s = &f->stages.v[stage];
        if (str_starts(s->platform.text, STR("windows")))
            return LINT_SYSTEM_WINDOWS;
        if (s->parent == DOCKERFILE_NO_STAGE)
            return system_named(&s->base);
        stage = s->parent;
    }
    return LINT_SYSTEM_UNKNOWN;
}

/* ---- states ---- */

static bool is_root(const struct lint_value *user)
{
    struct str name, group;
    str_cut(user->text, ':', &name, &group);
    return user->known && (str_is(name, "root") || str_is(name, "0"));
}

/* Images of distributions and languages have no USER; of others only the maker knows. */
static struct lint_around begins(const struct lint_stage *stage, const struct lint_around *ends)
{
    if (stage->parent != DOCKERFILE_NO_STAGE)
        return ends[stage->parent];
    enum lint_system kind = system_named(&stage->base);
    bool plain = !stage->base.registry.n && str_find(stage->base.repository, '/') ==
                                                stage->base.repository.n; /* Docker's own */
    return (struct lint_around){.root = plain &&
                                        (kind == LINT_SYSTEM_GNU || kind == LINT_SYSTEM_BUSYBOX)};
}

static struct str workdir(struct arena *a, const struct lint_step *s, struct str before)
{
    struct str to = s->whole.text;
    if (!s->whole.known || !to.n)
        return (struct str){0};
    if (to.p[0] == '/')
        return to;
    if (before.n + to.n >= LIMIT_PATH_BYTES)
        return (struct str){0}; /* no system has it */
    return before.n ? str_fmt(a, STR_F "%s" STR_F, STR_A(before),
                              before.p[before.n - 1] == '/' ? "" : "/", STR_A(to))
                    : before;
}

struct lint_around *lint_around_read(struct arena *a, const struct lint_file *f)
{
    struct lint_around *at = arena_array(a, struct lint_around, f->steps.n);
    struct lint_around *ends = arena_array(a, struct lint_around, f->stages.n);
    struct lint_around now = {0};
    vec_each (&f->steps, i) {
        const struct lint_step *s = &f->steps.v[i];
        at[i] = now;
        if (s->i->kind == DOCKERFILE_FROM && s->stage >= 0)
            now = begins(&f->stages.v[s->stage], ends);
        else if (s->i->kind == DOCKERFILE_USER && !s->onbuild)
            now.root = is_root(&s->whole);
        else if (s->i->kind == DOCKERFILE_WORKDIR && !s->onbuild)
            now.workdir = workdir(a, s, now.workdir);
        if (s->stage >= 0)
            ends[s->stage] = now;
    }
    return at;
}

/* ---- places ---- */

uint32_t lint_above(const struct lint_file *f, const struct lint_step *s)
{
    const struct dockerfile_items *items = &f->d.items;
    size_t from = 0, to = items->n;
    while (from < to) { /* the first item that begins behind the step's keyword */
        size_t mid = (from + to) / 2;
        if (items->v[mid].place.from <= s->outer->place.from)
            from = mid + 1;
        else
            to = mid;
    }
    size_t at = from ? from - 1 : 0;
    while (at > 0 && items->v[at - 1].kind == DOCKERFILE_ITEM_COMMENT)
        at--;
    return items->v[at].place.from;
}

const char *lint_newline(const struct lint_file *f)
{
    struct str text = f->d.text;
    size_t end = str_find(text, '\n');
    return end && end < text.n && text.p[end - 1] == '\r' ? "\r\n" : "\n";
}

bool lint_unseen(const struct lint_context *c, const struct lint_step *s)
{
    return c->options->compat && s->onbuild;
}

struct map lint_bases(struct arena *a, const struct lint_file *f)
{
    struct map bases = {.a = a};
    vec_each (&f->stages, i)
        *map_at(&bases, f->stages.v[i].base.repository) = &f->stages.v[i];
    return bases;
}

bool lint_dropped(const struct lint_file *f, const struct lint_step *s, const struct map *bases)
{
    if (s->onbuild || !f->stages.n || s->stage < 0)
        return !s->onbuild && f->stages.n > 0;
    const struct lint_stage *last = &f->stages.v[f->stages.n - 1];
    const struct lint_stage *mine = &f->stages.v[s->stage];
    if (mine == last || (mine->s->name.s.n && map_has(bases, mine->s->name.s)))
        return false;
    return mine->s->name.s.n || last->s->name.s.n || !str_eq(mine->base.text, last->base.text) ||
           !str_eq(mine->platform.text, last->platform.text);
}
