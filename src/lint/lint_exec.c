/* lint_exec: see lint_exec.h.
 *
 * Each word is put in quotes where it stands, so continuations and comments between words stay.
 *
 * Invariants
 * 1. What a shell would replace, join or interpret is never made an exec form.
 *    (test_lint_table: only a shell understands)
 * 2. What cmd or PowerShell may run stays theirs. (test_lint_table: Windows)
 */
#include "lint/lint_exec.h"

#include <ctype.h>

#include "lint/lint_around.h"

/* What a shell does itself, or that reads on behind it. */
static const char built_in[] =
    " . : alias bg break cd command continue eval exec exit export fg hash if for while until case "
    "local read readonly return set shift source time times trap type ulimit umask unalias unset "
    "wait ";

/* A path of Windows, whose backslashes a POSIX shell would take away, or %NAME%. What a backslash
 * before a blank or a sign means is the same everywhere that it is written. */
static bool is_windows(const struct dockerfile *d, struct span place)
{
    char quote = 0;
    for (uint32_t i = place.from; i < place.to; i++) {
        char ch = d->text.p[i];
        if (quote) {
            quote = ch == quote ? 0 : quote;
        } else if (ch == '\'' || ch == '"') {
            quote = ch;
        } else if (ch == '\\' && i + 1 < place.to && isalnum((unsigned char)d->text.p[i + 1])) {
            return true;
        } else if (ch == '%') {
            uint32_t k = i + 1;
            while (k < place.to && (isalnum((unsigned char)d->text.p[k]) || d->text.p[k] == '_'))
                k++;
            if (k > i + 1 && k < place.to && d->text.p[k] == '%')
                return true;
        }
    }
    return false;
}

static bool plain_word(const struct dockerfile *d, const struct shell_word *w)
{
    if (w->parts.n || w->glob || !w->text.s.n || is_windows(d, w->place))
        return false;
    for (uint32_t i = w->place.from; i < w->place.to; i++)
        if (d->text.p[i] == '\n' || (!w->quoted && strchr("{}~`\\", d->text.p[i])))
            return false;
    for (uint32_t i = w->place.from; i + 1 < w->place.to; i++)
        if (d->text.p[i] == '$' && strchr("'\"", d->text.p[i + 1]))
            return false; /* which shell would read $'a\n', and how */
    for (size_t i = 0; i < w->text.s.n; i++)
        if ((unsigned char)w->text.s.p[i] < ' ')
            return false;
    return true;
}

/* The one command that is all there is, or NULL. */
static const struct shell_command *only_command(const struct lint_context *c,
                                                const struct lint_step *step)
{
    const struct placed *all = &step->i->shell;
    const struct shell_command *command = step->script.commands.v;
    struct span whole = placed_span(all, 0, all->s.n);
    if (step->i->json || !step->script.commands.n || step->script.errors.n || step->shell_text.n ||
        !command->words.n || command->assignments.n || command->redirects.n || command->flags)
        return NULL;
    for (size_t k = 1; k < step->script.commands.n; k++)
        if (step->script.commands.v[k].via == SHELL_NONE)
            return NULL; /* not what env, sudo or sh -c run, which they do without our shell, too */
    if (command->words.v[0].place.from != whole.from ||
        command->words.v[command->words.n - 1].place.to != whole.to)
        return NULL; /* a comment, an &, braces */
    vec_each (&command->words, k)
        if (!plain_word(c->d, &command->words.v[k]))
            return NULL;
    return command;
}

static struct str json_string(struct arena *a, struct str text)
{
    struct buf b = {.a = a};
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"' || text.p[i] == '\\')
            buf_addz(&b, "\\");
        buf_add(&b, str_slice(text, i, i + 1));
    }
    return buf_str(&b);
}

void lint_exec_form(struct lint_context *c, struct lint_finding *f, const struct lint_step *step)
{
    const struct shell_command *command = only_command(c, step);
    if (!command || c->d->escape == '`' ||
        lint_system_of(c->file, step->stage) == LINT_SYSTEM_WINDOWS)
        return;
    size_t first = 0, last = command->words.n - 1;
    struct str program = command->words.v[0].text.s;
    if (str_is(program, "exec") && last && command->words.v[1].text.s.p[0] != '-')
        program = command->words.v[first = 1].text.s; /* that is what an exec form does */
    if (lint_lists(built_in, program) || str_find(program, '=') < program.n)
        return;
    lint_fix(c, f, FIX_UNSAFE, "writes it as a JSON array");
    for (size_t k = first; k <= last; k++) {
        const struct shell_word *w = &command->words.v[k];
        struct span place = {k == first ? command->words.v[0].place.from : w->place.from,
                             w->place.to};
        lint_edit(c, f, place, "%s\"" STR_F "\"%s", k == first ? "[" : "",
                  STR_A(json_string(c->a, w->text.s)), k == last ? "]" : ",");
    }
}
