/* lint_layout: how instructions are laid out → findings about empty lines inside them, old forms,
 * comments above them, and lines that the instruction above swallows.
 *
 * Invariants
 * 1. `ENV key value` becomes key=value only where both mean the same: quotes go around a value that
 *    has none and no escapes; one that mixes them with blanks is left alone.
 *    (test_lint_table: a value with both quotes and blanks)
 */
#include <strings.h>

#include "lint/lint_pragma.h"
#include "lint/lint_rules.h"

/* ---- NoEmptyContinuation ---- */

/* The line that ends the instruction, without its heredocs: builders report that one. */
static struct span last_line(const struct lint_context *c, const struct dockerfile_instruction *i)
{
    const struct placed *text = &i->text;
    struct span empty = i->empty_lines.v[i->empty_lines.n - 1];
    uint32_t last = text->s.n ? placed_at(text, text->s.n - 1) : i->place.from;
    if (empty.from > last)
        return empty;
    struct dockerfile_position at = dockerfile_position(c->d, last);
    uint32_t from = c->d->lines.v[at.line - 1];
    while (from < last && (c->d->text.p[from] == ' ' || c->d->text.p[from] == '\t'))
        from++;
    return (struct span){from, last + 1};
}

static bool names_instruction(struct str word)
{
    for (int kind = DOCKERFILE_UNKNOWN + 1; kind < DOCKERFILE_KINDS; kind++) {
        struct str name = dockerfile_kind_name((enum dockerfile_kind)kind);
        if (name.n == word.n && !strncasecmp(name.p, word.p, name.n))
            return true;
    }
    return false;
}

/* The line below the empty one looks like an instruction of its own, and would still be swallowed
 * when the empty line, by which a reader sees it, is gone. */
static bool hides_instruction(const struct lint_context *c, struct span empty)
{
    struct str text = str_from(c->d->text, empty.to), line, word;
    str_line(&text, &line); /* its own end */
    while (str_line(&text, &line)) {
        struct str rest = str_trim(line);
        if (!str_starts(rest, STR("#")))
            return str_word(&rest, &word) && names_instruction(word);
    }
    return false;
}

static void check_empty(struct lint_context *c)
{
    vec_each (&c->file->steps, k) {
        const struct dockerfile_instruction *i = c->file->steps.v[k].outer;
        if (!i->empty_lines.n)
            continue;
        struct lint_finding *f =
            lint_add(c, last_line(c, i), "%zu empty line%s in the middle of this " STR_F,
                     i->empty_lines.n, i->empty_lines.n == 1 ? "" : "s", STR_A(i->name.s));
        bool hides = false;
        for (size_t n = 0; n < i->empty_lines.n && !hides; n++)
            hides = hides_instruction(c, i->empty_lines.v[n]);
        if (hides)
            continue;
        lint_fix(c, f, FIX_SAFE, "removes empty lines");
        vec_each (&i->empty_lines, n) {
            struct span line = i->empty_lines.v[n];
            while (line.to < c->d->text.n && c->d->text.p[line.to] != '\n')
                line.to++;
            line.to += line.to < c->d->text.n;
            lint_edit(c, f, line, "%s", "");
        }
    }
}

static const struct lint_rule empty = {
    .info = {.id = "NoEmptyContinuation",
             .severity = SEVERITY_MEDIUM,
             .title = "No empty lines inside an instruction",
             .why = "After an empty line a reader takes the instruction for ended. Builders go on "
                    "for now, and say that they will refuse it.",
             .remedy = "Remove the empty line, or put a # there.",
             .example = "RUN make && \\\n    make install"},
    .ours = true,
    .file_hook = check_empty,
    .repairs = FIX_SAFE,
};

/* ---- SHUCK-SWALLOWED ---- */

/* The line below, with something behind its first word, which is an instruction in capitals and not
 * indented: a reader takes it for one. */
static bool reads_as_instruction(const struct lint_context *c, struct span gap, struct span *place)
{
    struct str text = str_from(c->d->text, gap.to), line, word, rest;
    str_line(&text, &line);
    if (!str_line(&text, &line))
        return false;
    rest = line;
    if (!str_word(&rest, &word) || word.p != line.p)
        return false;
    rest = str_trim(rest);
    if (!rest.n || (rest.n == 1 && rest.p[0] == c->d->escape))
        return false; /* one word of a list */
    uint32_t from = (uint32_t)(word.p - c->d->text.p);
    *place = (struct span){from, from + (uint32_t)word.n};
    for (int kind = DOCKERFILE_UNKNOWN + 1; kind < DOCKERFILE_KINDS; kind++)
        if (str_eq(dockerfile_kind_name((enum dockerfile_kind)kind), word))
            return true;
    return false;
}

static void check_gaps(struct lint_context *c, const struct dockerfile_instruction *i,
                       const struct dockerfile_spans *gaps)
{
    struct span place;
    vec_each (gaps, k)
        if (reads_as_instruction(c, gaps->v[k], &place) && place.from < i->place.to)
            lint_add(c, place, "this line is a part of the " STR_F " above, which has not ended",
                     STR_A(i->name.s));
}

static void check_swallowed(struct lint_context *c)
{
    vec_each (&c->file->steps, k) {
        const struct dockerfile_instruction *i = c->file->steps.v[k].outer;
        check_gaps(c, i, &i->comments);
        check_gaps(c, i, &i->empty_lines);
    }
}

static const struct lint_rule swallowed = {
    .info = {.id = "SHUCK-SWALLOWED",
             .severity = SEVERITY_MEDIUM,
             .title = "No instruction is swallowed by the one above",
             .why = "Behind a line that goes on, comments and empty lines end nothing. What looks "
                    "like the next instruction becomes an argument of the one above: a USER that "
                    "is swallowed leaves the image to root.",
             .remedy = "Take the sign away with which the last line above goes on.",
             .example = "RUN make install\n# nobody's\nUSER 65534"},
    .ours = true,
    .file_hook = check_swallowed,
};

/* ---- LegacyKeyValueFormat ---- */

enum quoting { QUOTE_NO, QUOTE_YES, QUOTE_UNSURE };

/* Whether the value needs quotes to be one word. */
static enum quoting quoting_of(struct str value, char escape)
{
    bool special = false, blank = false;
    char quote = 0;
    for (size_t i = 0; i < value.n; i++) {
        char ch = value.p[i];
        if (ch == '\'' || ch == '"' || ch == escape)
            special = true;
        if (ch == escape && quote != '\'')
            i++;
        else if (quote)
            quote = ch == quote ? 0 : quote;
        else if (ch == '\'' || ch == '"')
            quote = ch;
        else
            blank |= ch == ' ' || ch == '\t';
    }
    if (quote || (blank && special))
        return QUOTE_UNSURE;
    return blank ? QUOTE_YES : QUOTE_NO;
}

static bool plain_key(struct str key)
{
    for (size_t i = 0; i < key.n; i++)
        if (!((key.p[i] >= 'a' && key.p[i] <= 'z') || (key.p[i] >= 'A' && key.p[i] <= 'Z') ||
              (key.p[i] >= '0' && key.p[i] <= '9') || (key.p[i] && strchr("_.-/", key.p[i]))))
            return false;
    return key.n > 0;
}

static bool has_comment(const struct dockerfile_instruction *i, struct span place)
{
    for (size_t k = 0; k < i->comments.n; k++)
        if (i->comments.v[k].from >= place.from && i->comments.v[k].from < place.to)
            return true;
    return false;
}

static void check_pairs(struct lint_context *c, const struct lint_step *s)
{
    if (!s->i->legacy || !s->i->pairs.n)
        return;
    const struct dockerfile_pair *p = &s->i->pairs.v[0];
    struct str keyword = dockerfile_kind_name(s->i->kind), value = p->value.text.s;
    struct lint_finding *f = lint_add(c, p->key.place, STR_F " " STR_F " has no = before its value",
                                      STR_A(keyword), STR_A(p->key.text.s));
    struct span gap = {p->key.place.to, p->value.place.from};
    enum quoting quoting = quoting_of(value, c->d->escape);
    if (!value.n || !plain_key(p->key.text.s) || quoting == QUOTE_UNSURE || gap.to <= gap.from ||
        has_comment(s->i, gap))
        return;
    lint_fix(c, f, FIX_SAFE, "puts = between name and value");
    lint_edit(c, f, gap, quoting == QUOTE_YES ? "=\"" : "=");
    if (quoting == QUOTE_YES)
        lint_edit(c, f, (struct span){p->value.place.to, p->value.place.to}, "\"");
}

static const struct lint_rule pairs = {
    .info = {.id = "LegacyKeyValueFormat",
             .severity = SEVERITY_INFO,
             .title = "ENV and LABEL have an = between name and value",
             .why = "Without it all that follows is the value, to the end of the line: a second "
                    "variable put there becomes part of the first.",
             .remedy = "Write NAME=value, with quotes around a value that has blanks.",
             .example = "ENV GREETING=\"hello world\""},
    .ours = true,
    .kinds = LINT_ON(ENV) | LINT_ON(LABEL),
    .step = check_pairs,
    .repairs = FIX_SAFE,
};

/* ---- InvalidDefinitionDescription ---- */

static bool describes(const struct dockerfile_instruction *i, const struct dockerfile *d,
                      struct str comment)
{
    struct str word, rest = str_trim(str_from(comment, 1));
    if (!str_word(&rest, &word))
        return true; /* nothing is said */
    if (i->kind == DOCKERFILE_FROM) {
        struct str stage = d->stages.v[i->stage].name.s;
        return word.n == stage.n && !strncasecmp(word.p, stage.p, word.n);
    }
    vec_each (&i->pairs, k)
        if (str_eq(i->pairs.v[k].key.text.s, word))
            return true;
    return false;
}

static bool is_described(const struct dockerfile_instruction *i, const struct dockerfile *d)
{
    if (i->kind == DOCKERFILE_FROM)
        return i->stage >= 0 && d->stages.v[i->stage].from == i && d->stages.v[i->stage].name.s.n;
    return i->kind == DOCKERFILE_ARG && i->pairs.n;
}

static void check_descriptions(struct lint_context *c)
{
    for (size_t k = 1; k < c->d->items.n; k++) {
        const struct dockerfile_item *item = &c->d->items.v[k], *above = item - 1;
        if (item->kind != DOCKERFILE_ITEM_INSTRUCTION || above->kind != DOCKERFILE_ITEM_COMMENT ||
            !is_described(item->instruction, c->d))
            continue;
        if (lint_pragma_read(c->a, above->text, false).kind != LINT_PRAGMA_NONE ||
            describes(item->instruction, c->d, above->text))
            continue;
        const struct placed *keyword = &item->instruction->name;
        lint_add(c, placed_span(keyword, 0, keyword->s.n),
                 "the comment above this " STR_F " does not begin with the name it defines",
                 STR_A(keyword->s));
    }
}

static const struct lint_rule descriptions = {
    .info = {.id = "InvalidDefinitionDescription",
             .severity = SEVERITY_INFO,
             .title = "Comments above ARG and FROM begin with their name",
             .why = "Builders print such a comment as the description of the argument or stage; "
                    "any other one is shown to nobody.",
             .remedy = "Begin the comment with the name, or put an empty line below it.",
             .example = "# VERSION is the release to build\nARG VERSION=1.2"},
    .off = true,
    .ours = true,
    .file_hook = check_descriptions,
};

const struct lint_rule *const lint_layout[] = {&empty, &swallowed, &pairs, &descriptions, NULL};
