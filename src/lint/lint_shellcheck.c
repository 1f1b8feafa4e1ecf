/* lint_shellcheck: see lint_shellcheck.h.
 *
 * Invariants
 * 1. A comment's place is of the bytes of the Dockerfile that ShellCheck means, however many
 *    continuations, comments and bytes of a character are in between. (test_lint_shellcheck:
 * places)
 * 2. The scripts of a file are at most a small multiple of its size: variables that a script does
 * not name are left out when there are many. (test_lint_shellcheck: many)
 * 3. Whatever the reply says, findings are inside of the file. (test_lint_shellcheck: hostile)
 */
#include "lint/lint_shellcheck.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/safe.h"
#include "dockerfile/scope.h"

/* Up to so many variables are all exported. */
enum { EXPORT_ALL = 64 };

/* ---- variables ---- */

struct names {
    struct map known; /* name → anything, &is_proxy for those every builder knows */
};
static const char is_proxy;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_name_byte(s.p[i]))
            return false;
    return s.n > 0 && !is_digit(*s.p);
}

static void add_name(struct names *to, struct str name)
{
    if (to->known.n < LIMIT_LINT_VARIABLES && is_name(name))
        *map_at(&to->known, name) = to;
}

static void add_names(struct names *to, const struct names *from)
{
    map_each (&from->known, i)
        if (!map_has(&to->known, from->known.v[i].key))
            add_name(to, from->known.v[i].key);
}

static struct names proxies(struct arena *a)
{
    static const char *const list[] = {"FTP_PROXY", "HTTPS_PROXY", "HTTP_PROXY",  "NO_PROXY",
                                       "ftp_proxy", "http_proxy",  "https_proxy", "no_proxy"};
    struct names names = {{.a = a}};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        *map_at(&names.known, str_of(list[i])) = (void *)(uintptr_t)&is_proxy;
    return names;
}

/* What a step adds. Of ARG hadolint reads one name. */
static void declare(struct names *to, const struct lint_step *s, bool compat)
{
    bool arg = s->i->kind == DOCKERFILE_ARG;
    if (arg || s->i->kind == DOCKERFILE_ENV)
        for (size_t k = 0; k < s->i->pairs.n && !(arg && compat && k); k++)
            add_name(to, s->i->pairs.v[k].key.text.s);
}

/* ---- scripts ---- */

/* The option that makes a shell stop at the first failure, in "/bin/bash -euo pipefail -c". */
static bool stops(struct str shell_text)
{
    struct str word;
    bool first = true, found = false;
    for (; str_word(&shell_text, &word); first = false)
        found |= !first && word.n > 1 && word.p[0] == '-' && word.p[1] != '-' &&
                 str_find(word, 'e') < word.n;
    return found;
}

/* "#!/bin/bash -e\n", or nothing for a shell that ShellCheck does not know. hadolint takes the
 * first word of SHELL as it stands, and asks ShellCheck about any shell but those of Windows. */
static struct str first_line(struct arena *a, const struct lint_step *s, bool compat)
{
    static const char *const shells[] = {"sh", "bash", "dash", "dash", "ksh"};
    struct str rest = s->shell_text, word = {0}, own, none = {0};
    (void)!str_word(&rest, &word);
    if (str_starts(s->source.s, STR("#!")) && !compat) { /* of a here-document */
        (void)!str_cut(s->source.s, '\n', &own, &rest);
        return str_fmt(a, STR_F "\n", STR_A(own));
    }
    if (s->shell < sizeof shells / sizeof *shells)
        return str_fmt(a, "#!/bin/%s%s\n", shells[s->shell],
                       !compat && stops(s->shell_text) ? " -e" : "");
    bool windows =
        str_has(word, STR("pwsh")) || str_has(word, STR("powershell")) || str_has(word, STR("cmd"));
    return compat && !windows ? str_fmt(a, "#!" STR_F "\n", STR_A(word)) : none;
}

static void export(struct buf *b, struct str name, struct map *done)
{
    buf_addf(b, "%s " STR_F "=1", done->n ? "" : "export", STR_A(name));
    *map_at(done, name) = done;
}

/* The name that begins at byte *at, which goes on behind it; else one byte on. */
static struct str name_at(struct str script, size_t *at)
{
    size_t from = *at;
    while (*at < script.n && is_name(str_slice(script, from, from + 1)) &&
           is_name_byte(script.p[*at]))
        ++*at;
    struct str name = str_slice(script, from, *at);
    *at += !name.n;
    return name;
}

/* One line of exports. ShellCheck guesses at misspelt names from those it knows, so it is told of
 * all while they are few; of the proxies, which cost it a third of its time, only with hadolint. */
static void export_names(struct buf *b, const struct names *names, struct str script, bool compat)
{
    struct map done = {.a = b->a};
    map_each (&names->known, i)
        if (names->known.n <= EXPORT_ALL && (compat || names->known.v[i].value != &is_proxy))
            export(b, names->known.v[i].key, &done);
    for (size_t i = 0; i < script.n;) {
        struct str name = name_at(script, &i);
        if (name.n && map_has(&names->known, name) && !map_has(&done, name))
            export(b, name, &done);
    }
    buf_addc(b, '\n');
}

static bool add_script(struct arena *a, const struct lint_step *s, const struct names *names,
                       bool compat, struct lint_scripts *to)
{
    struct buf b = {.a = a};
    struct str shell = first_line(a, s, compat);
    if (!shell.n)
        return true;
    if (s->source.s.n > LIMIT_SCRIPT_BYTES)
        return false;
    buf_add(&b, shell);
    export_names(&b, names, s->source.s, compat);
    size_t prologue = b.n;
    buf_add(&b, s->source.s);
    buf_addc(&b, '\n');
    *vec_push(a, to) = (struct lint_script){buf_str(&b), prologue, s->source, s->index};
    return true;
}

size_t lint_shellcheck_scripts(struct arena *a, const struct lint_file *file, bool compat,
                               struct lint_scripts *to)
{
    struct names *stages = arena_array(a, struct names, file->stages.n + 1);
    struct names before = proxies(a), triggers = proxies(a), *now = &before;
    size_t left_out = 0;
    vec_each (&file->steps, i) {
        const struct lint_step *s = &file->steps.v[i];
        if (s->stage >= 0 && file->stages.v[s->stage].step == i) {
            const struct lint_stage *stage = &file->stages.v[s->stage];
            now = &stages[s->stage];
            *now = proxies(a);
            if (stage->parent >= 0)
                add_names(now, &stages[stage->parent]);
        }
        /* hadolint forgets in ONBUILD what stands outside of it */
        struct names *mine = s->onbuild && compat ? &triggers : now;
        if (s->i->kind == DOCKERFILE_RUN && s->source.s.n)
            left_out += !add_script(a, s, mine, compat, to);
        declare(mine, s, compat);
    }
    return left_out;
}

/* ---- its reply ---- */

/* Left out are files it cannot follow, a second #! line, ash, options in a #! line. hadolint has a
 * ShellCheck of its own, later than 0.9, that has taken back two more: pipefail in sh, needless
 * cat. */
struct strs lint_shellcheck_options(bool compat)
{
    static struct str ours[] = {STR_INIT("--norc"), STR_INIT("--format=json1"),
                                STR_INIT("--exclude=1090,1091,1128,2096,2187")};
    static struct str theirs[] = {STR_INIT("--norc"), STR_INIT("--format=json1"),
                                  STR_INIT("--exclude=1090,1091,1128,2096,2187,2002,3040")};
    return (struct strs){compat ? theirs : ours, 3};
}

static enum severity severity_of(struct str level)
{
    enum severity s = SEVERITY_HIGH;
    bool off;
    (void)!lint_level_parse(level, &s, &off);
    return s;
}

static uint32_t number(const json_t *o, const char *key)
{
    int64_t n = 0;
    struct err ignored;
    return json_get_i64(o, key, &n, &ignored) || n < 0 || n > UINT32_MAX ? 0 : (uint32_t)n;
}

static int read_comment(struct arena *a, const json_t *o, struct str prefix, uint64_t first,
                        struct lint_comments *scripts, size_t n, struct err *e)
{
    struct str file = {0}, level = {0};
    struct lint_comment c = {0};
    uint64_t at;
    if (json_get_str(o, "file", a, &file, e) || json_get_str(o, "level", a, &level, e) ||
        json_get_str(o, "message", a, &c.message, e))
        return -1;
    if (!str_starts(file, prefix) || str_u64(str_from(file, prefix.n), 10, &at) || at < first ||
        at - first >= n)
        return err_set(e, ERR_INPUT, "it speaks of " STR_F, STR_A(file));
    c.code = number(o, "code");
    c.line = number(o, "line");
    c.column = number(o, "column");
    c.end_line = number(o, "endLine");
    c.end_column = number(o, "endColumn");
    c.severity = severity_of(level);
    *vec_push(a, &scripts[at - first]) = c;
    return 0;
}

int lint_shellcheck_read(struct arena *a, struct str reply, struct str prefix, uint64_t first,
                         struct lint_comments *scripts, size_t n, struct err *e)
{
    json_t *whole JSON_AUTO = NULL;
    const json_t *list, *one;
    size_t i;
    if (json_read(reply, &whole, e))
        return -1;
    list = json_object_get(whole, "comments");
    if (!json_is_array(list))
        return err_set(e, ERR_INPUT, "there is no list of comments in it");
    json_array_foreach(list, i,
                       one) if (read_comment(a, one, prefix, first, scripts, n, e)) return -1;
    return 0;
}

/* ---- findings ---- */

static const struct rule_info *rule_of(struct lint_codes *codes, uint32_t code)
{
    struct str id = str_fmt(codes->a, "SC%04u", code);
    codes->rules.a = codes->a;
    void **at = map_at(&codes->rules, id);
    if (*at)
        return *at;
    struct rule_info *rule = arena_new(codes->a, struct rule_info);
    rule->id = id.p;
    rule->severity = SEVERITY_MEDIUM;
    rule->title = str_fmt(codes->a, "ShellCheck has nothing to say about SC%04u", code).p;
    rule->why = "A shell may read the script in another way than it is meant.";
    rule->remedy = str_fmt(codes->a,
                           "Mend the script; the page SC%04u of ShellCheck's wiki explains it and "
                           "shows how.",
                           code)
                       .p;
    *at = rule;
    return rule;
}

/* Lines and columns → bytes of the script. */
struct characters {
    uint32_t *lines; /* index of the first character of each line */
    size_t n_lines;
    uint32_t *begin; /* byte each character begins at, and the end */
    size_t n;
};

static struct characters characters_of(struct arena *a, struct str text)
{
    struct characters c = {.lines = arena_array(a, uint32_t, text.n + 2),
                           .begin = arena_array(a, uint32_t, text.n + 1)};
    const char *p = text.n ? text.p : "";
    c.lines[c.n_lines++] = 0;
    for (size_t i = 0; i < text.n;) {
        size_t width = safe_sequence(str_from(text, i));
        c.begin[c.n++] = (uint32_t)i;
        if (p[i] == '\n')
            c.lines[c.n_lines++] = (uint32_t)c.n;
        i += width ? width : 1;
    }
    c.begin[c.n] = (uint32_t)text.n;
    return c;
}

static size_t byte_of(const struct characters *c, uint32_t line, uint32_t column)
{
    if (!line || line > c->n_lines)
        return c->begin[c->n];
    uint64_t at = (uint64_t)c->lines[line - 1] + (column ? column - 1 : 0);
    size_t end = line < c->n_lines ? c->lines[line] - 1 : c->n;
    return c->begin[at < end ? at : end];
}

void lint_shellcheck_findings(struct lint_codes *codes, struct arena *a,
                              const struct lint_script *script,
                              const struct lint_comments *comments, struct lint_findings *to)
{
    if (!comments->n)
        return;
    struct characters c = characters_of(a, script->text);
    size_t n = script->source.s.n;
    vec_each (comments, i) {
        const struct lint_comment *from = &comments->v[i];
        size_t begin = byte_of(&c, from->line, from->column);
        size_t end = byte_of(&c, from->end_line, from->end_column);
        if (begin < script->prologue)
            continue;
        begin -= script->prologue;
        end = end > script->prologue ? end - script->prologue : 0;
        begin = begin < n ? begin : n;
        end = end < begin ? begin : end < n ? end : n;
        struct lint_finding *f = vec_push(a, to);
        f->f.rule = rule_of(codes, from->code);
        f->f.severity = from->severity;
        f->f.evidence = from->message;
        f->f.count = 1;
        f->place = placed_span(&script->source, begin, end);
        f->step = script->step;
    }
}
