/* lint_extend: see lint_extend.h.
 *
 * Invariants
 * 1. A command is added where it runs after all others have, and its status is the RUN's only when
 *    theirs was good. (test_lint_extend: cases)
 * 2. Nothing is added behind a comment, a here-document or a command that does not come back.
 *    (test_lint_extend: refused)
 */
#include "lint/lint_extend.h"

bool lint_extend_plain(const struct lint_context *c, const struct lint_step *step,
                       const struct lint_value *word)
{
    return !step->i->json && word->known && !step->script.errors.n &&
           str_eq(str_slice(c->d->text, word->place.from, word->place.to), word->text);
}

bool lint_extend_word(struct lint_context *c, struct lint_finding *f, const struct lint_step *step,
                      const struct lint_value *word, const char *option)
{
    if (!lint_extend_plain(c, step, word))
        return false;
    lint_edit(c, f, (struct span){word->place.to, word->place.to}, " %s", option);
    return true;
}

/* ---- what the script is like ---- */

/* -e, -ex, -euo. */
static bool has_e(struct str option)
{
    return option.n > 1 && option.p[0] == '-' && option.p[1] != '-' &&
           str_find(option, 'e') < option.n;
}

bool lint_extend_stops(const struct lint_step *step)
{
    struct str rest = step->source.s, shebang, word;
    if (!str_starts(rest, STR("#!")) || !str_line(&rest, &shebang))
        shebang = step->shell_text;
    while (str_word(&shebang, &word))
        if (has_e(word) || str_is(word, "errexit"))
            return true;
    vec_each (&step->commands, i) {
        const struct lint_command *c = &step->commands.v[i];
        for (size_t k = 1; str_is(c->program, "set") && k < c->words.n; k++)
            if (has_e(c->words.v[k].text) || str_is(c->words.v[k].text, "errexit"))
                return true;
    }
    return false;
}

/* The body of the RUN's only heredoc is the script. */
static bool is_heredoc(const struct lint_step *step)
{
    const struct dockerfile_heredocs *h = &step->i->heredocs;
    return h->n == 1 && step->source.s.n && placed_at(&step->source, 0) >= h->v[0].place.from;
}

/* A here-document ends a line that nothing may follow; the last command may not come back. */
static bool comes_back(const struct lint_step *step)
{
    const struct shell_command *last = NULL;
    vec_each (&step->script.commands, i) {
        const struct shell_command *c = &step->script.commands.v[i];
        vec_each (&c->redirects, k)
            if (str_is(c->redirects.v[k]->operator, "<<") ||
                str_is(c->redirects.v[k]->operator, "<<-"))
                return false;
        if (!(c->flags & (SHELL_WRAPPED | SHELL_IN_SUBSTITUTION)))
            last = c;
    }
    return last && !lint_lists(" exit exec return ", last->program);
}

/* Where the script's text ends but for blanks and a semicolon; 0: not where a command can be added.
 */
static size_t end_of(struct str s)
{
    size_t end = str_trim(s).n + (size_t)(str_trim(s).p - s.p);
    if (end && s.p[end - 1] == ';')
        end = str_trim(str_slice(s, 0, end - 1)).n + (size_t)(str_trim(s).p - s.p);
    size_t line = end;
    while (line && s.p[line - 1] != '\n')
        line--;
    for (size_t i = line; i < end; i++) /* perhaps a comment */
        if (s.p[i] == '#' && (i == line || strchr(" \t;&|()", s.p[i - 1])))
            return 0;
    return end && !strchr("&|;\\", s.p[end - 1]) ? end : 0;
}

/* ---- layout ---- */

struct layout {
    enum layout_style { ONE_LINE, LEADS, TRAILS, SEMICOLONS } style;
    struct str indent;
    bool joined; /* by a line that joins two commands, not by one that only goes on */
};

static struct str line_at(struct str text, size_t at)
{
    size_t from = at, to = at;
    while (from && text.p[from - 1] != '\n')
        from--;
    while (to < text.n && text.p[to] != '\n')
        to++;
    return str_slice(text, from, to);
}

static struct str indent_of(struct str line)
{
    size_t n = 0;
    while (n < line.n && (line.p[n] == ' ' || line.p[n] == '\t'))
        n++;
    return str_slice(line, 0, n);
}

/* A line without blanks around it and without the continuation at its end. */
static struct str content(struct str line, char escape)
{
    line = str_trim(line);
    if (line.n && line.p[line.n - 1] == escape)
        line = str_trim(str_slice(line, 0, line.n - 1));
    return line;
}

/* Lines inside brackets are joined deeper than the chain that the brackets stand in. */
static void take_style(struct layout *l, enum layout_style style, struct str indent)
{
    if (!l->joined || l->style != style || indent.n < l->indent.n)
        *l = (struct layout){style, indent, true};
}

/* How the lines from `from` to `end` join their commands: as the last that does. */
static struct layout layout_of(const struct dockerfile *d, size_t from, size_t end)
{
    struct layout l = {.style = ONE_LINE};
    struct str rest = str_slice(d->text, from, end), line;
    enum layout_style trails = ONE_LINE; /* how the line before ends */
    for (bool first = true; str_line(&rest, &line); first = false) {
        struct str s = content(line, d->escape);
        if (!s.n || *s.p == '#')
            continue;
        if (trails != ONE_LINE)
            take_style(&l, trails, indent_of(line));
        else if (!first && str_starts(s, STR("&&")))
            take_style(&l, LEADS, indent_of(line));
        else if (!first && l.style == ONE_LINE)
            l = (struct layout){.style = LEADS, .indent = indent_of(line)};
        trails = str_ends(s, STR("&&")) ? TRAILS : str_ends(s, STR(";")) ? SEMICOLONS : ONE_LINE;
    }
    return l;
}

/* The indentation of the line on which the last command of a heredoc begins. */
static struct str heredoc_indent(struct str body, size_t end)
{
    struct str line = line_at(body, end - 1);
    while (line.p > body.p) {
        struct str before = line_at(body, (size_t)(line.p - body.p) - 1);
        if (!str_ends(str_trim(before), STR("\\")))
            break;
        line = before;
    }
    return indent_of(line);
}

bool lint_extend_script(struct lint_context *c, struct lint_finding *f,
                        const struct lint_step *step, const char *command)
{
    const struct dockerfile *d = c->d;
    bool heredoc = is_heredoc(step), stops = lint_extend_stops(step);
    size_t end = end_of(step->source.s);
    if (step->i->json || !end || step->shell == LINT_OTHER || step->script.errors.n ||
        (step->i->heredocs.n && !heredoc) || !comes_back(step))
        return false;
    uint32_t at = placed_at(&step->source, end - 1) + 1;
    if (at > d->text.n || d->text.p[at - 1] != step->source.s.p[end - 1])
        return false;
    const char *lf = str_ends(line_at(d->text, at), STR("\r")) ? "\r\n" : "\n";
    struct span place = {at, at};
    if (heredoc) {
        uint32_t from = step->i->heredocs.v[0].place.from;
        struct str indent = heredoc_indent(str_from(d->text, from), at - from);
        lint_edit(c, f, place, "%s%s" STR_F "%s", stops ? "" : " &&", lf, STR_A(indent), command);
        return true;
    }
    struct layout l = layout_of(d, step->outer->place.from, at);
    const char *join = l.style == SEMICOLONS && stops ? ";" : " &&";
    if (l.style == ONE_LINE)
        lint_edit(c, f, place, " && %s", command);
    else if (l.style == LEADS)
        lint_edit(c, f, place, " %c%s" STR_F "&& %s", d->escape, lf, STR_A(l.indent), command);
    else
        lint_edit(c, f, place, "%s %c%s" STR_F "%s", join, d->escape, lf, STR_A(l.indent), command);
    return true;
}
