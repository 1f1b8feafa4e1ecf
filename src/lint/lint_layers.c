/* lint_layers: RUNs that follow each other and could be one.
 *
 * Invariants
 * 1. RUNs are joined only where the one cannot tell: nothing that holds for the rest of a shell
 *    stands in the first, and the second is a plain chain of &&. (test_lint_table: tables)
 * 2. What runs in the background takes nothing with it there: its RUN stays alone.
 *    (test_lint_table: in the background)
 * 3. Comments between them stay where they are. (test_lint_table: tables)
 */
#include <ctype.h>

#include "base/buf.h"
#include "lint/lint_around.h"
#include "lint/lint_rules.h"

/* What is remembered of the RUN before. */
struct before {
    const struct lint_step *first; /* whose flags and commands are compared; NULL: none */
    const struct lint_step *last;  /* the RUN directly before */
    size_t n;                      /* commands in first */
};

static size_t n_commands(const struct lint_step *s)
{
    size_t n = 0;
    vec_each (&s->commands, k) {
        const struct lint_command *command = &s->commands.v[k];
        n += command->program.n && !(command->shell->flags & SHELL_WRAPPED) &&
             !str_is(command->program, "[") && !str_is(command->program, "[[");
    }
    return n;
}

static bool same_flags(const struct lint_step *x, const struct lint_step *y)
{
    const struct dockerfile_flags *a = &x->i->flags, *b = &y->i->flags;
    if (a->n != b->n)
        return false;
    vec_each (a, k)
        if (!str_eq(a->v[k].name, b->v[k].name) || !str_eq(a->v[k].value.s, b->v[k].value.s))
            return false;
    return true;
}

/* ---- joining ---- */

/* An & that is none of &&, >& and &>, outside of quotes. */
static bool in_background(struct str text)
{
    char quote = 0;
    for (size_t i = 0; i < text.n; i++) {
        char ch = text.p[i];
        char before = i ? text.p[i - 1] : ' ', behind = i + 1 < text.n ? text.p[i + 1] : ' ';
        bool escapes = ch == '\\' && quote != '\'';
        if (escapes || (!quote && ch == '&' && behind == '&'))
            i++;
        else if (quote)
            quote = ch == quote ? 0 : quote;
        else if (ch == '\'' || ch == '"')
            quote = ch;
        else if (ch == '&' && before != '>' && before != '<' && behind != '>')
            return true;
    }
    return false;
}

static bool is_plain(const struct lint_step *s)
{
    return !s->onbuild && !s->i->json && !s->i->heredocs.n && !s->script.errors.n &&
           s->commands.n && !in_background(s->i->args.s) &&
           str_find(s->i->args.s, '#') == s->i->args.s.n &&
           str_find(s->i->args.s, '\n') == s->i->args.s.n;
}

/* What these do holds for the rest of a shell. */
static const char keeps[] =
    " cd export source . set exit exec umask alias ulimit trap pushd popd unset readonly eval "
    "shopt "
    "return declare local typeset read let getopts mapfile readarray builtin enable hash shift "
    "coproc ";

/* ${X=5}, ${X:=5}, and any arithmetic: it may assign, too. */
static bool assigns(struct str text)
{
    if (str_has(text, STR("((")))
        return true;
    for (size_t i = 0; i + 1 < text.n; i++) {
        if (text.p[i] != '$' || text.p[i + 1] != '{')
            continue;
        for (i += 2; i < text.n && (isalnum((unsigned char)text.p[i]) || text.p[i] == '_');)
            i++;
        i += i < text.n && text.p[i] == ':';
        if (i < text.n && text.p[i] == '=')
            return true;
        i--;
    }
    return false;
}

/* Something in it holds for what comes after it in the same shell, or swallows it. */
static bool leaks(const struct lint_step *s)
{
    struct str text = s->i->args.s;
    if (!text.n || strchr("&;|\\", text.p[text.n - 1]) || assigns(text))
        return true;
    vec_each (&s->script.commands, k) {
        const struct shell_command *command = &s->script.commands.v[k];
        if (!command->words.n || command->join == SHELL_BACKGROUND || !command->program.n ||
            command->flags & (SHELL_IN_LOOP | SHELL_IN_FUNCTION) ||
            lint_lists(keeps, command->program) ||
            (str_is(command->program, "printf") && shell_command_has(command, "-v")))
            return true;
    }
    return false;
}

static bool is_chain(const struct lint_step *s)
{
    vec_each (&s->script.commands, k) {
        const struct shell_command *command = &s->script.commands.v[k];
        if (command->flags & (SHELL_IN_SUBSTITUTION | SHELL_WRAPPED))
            continue;
        if (command->flags & ~(unsigned)(SHELL_PIPED_ON | SHELL_IN_SUBSHELL) ||
            command->join == SHELL_OR || command->join == SHELL_BACKGROUND ||
            command->join == SHELL_THEN)
            return false;
    }
    return true;
}

/* What stands between two RUNs, as lines of one: comments, without what is empty. False when one of
 * them is for a checker. */
static bool between(const struct lint_file *f, struct span place, struct buf *to)
{
    struct str text = str_slice(f->d.text, place.from, place.to), line;
    while (str_line(&text, &line)) {
        struct str rest = str_trim(line);
        if (str_has(rest, STR("hadolint")) || str_has(rest, STR("shuck")))
            return false;
        if (!rest.n)
            continue;
        if (rest.p[0] != '#')
            return false;
        buf_addf(to, STR_F "%s", STR_A(line), lint_newline(f));
    }
    return true;
}

/* The blanks that the RUN's second line begins with, or four. */
static struct str indent(const struct lint_file *f, const struct lint_step *s)
{
    struct str text = str_slice(f->d.text, s->outer->place.from, s->outer->place.to), line;
    size_t n = 0;
    str_line(&text, &line);
    while (n < text.n && (text.p[n] == ' ' || text.p[n] == '\t'))
        n++;
    return n ? str_slice(text, 0, n) : STR("    ");
}

static void offer_join(struct lint_context *c, struct lint_finding *f, const struct before *before,
                       const struct lint_step *s)
{
    const struct lint_step *last = before->last;
    struct buf b = {.a = c->a};
    if (s->shell == LINT_OTHER) /* Windows PowerShell knows no && */
        return;
    if (!is_plain(last) || !is_plain(s) || leaks(last) || !is_chain(s))
        return;
    struct span place = {last->outer->place.to, placed_at(&s->i->args, 0)};
    while (c->d->text.p[place.from - 1] == ' ' || c->d->text.p[place.from - 1] == '\t')
        place.from--;
    struct span keyword = {s->outer->place.from, place.to}; /* with its flags */
    struct str head = str_slice(c->d->text, keyword.from, keyword.to);
    if (str_find(head, '#') < head.n)
        return;
    buf_addf(&b, " %c%s", c->d->escape, lint_newline(c->file));
    if (!between(c->file, (struct span){place.from, keyword.from}, &b))
        return;
    while (place.from && strchr(" \t", c->d->text.p[place.from - 1]))
        place.from--;
    lint_fix(c, f, FIX_UNSAFE, "joins it to the RUN before");
    lint_edit(c, f, place, STR_F STR_F "&& ", STR_A(buf_str(&b)),
              STR_A(indent(c->file, before->first)));
}

/* ---- DL3059 ---- */

static void see_run(struct lint_context *c, struct before *before, const struct lint_step *s)
{
    enum { FEW = 1 }; /* more are a chain that someone has made on purpose */
    size_t n = n_commands(s);
    if (!before->first || !same_flags(before->first, s) || n > FEW || before->n > FEW)
        *before = (struct before){s, s, n};
    else {
        struct lint_finding *f = lint_add(c, lint_keyword(s), "a RUN directly after another one");
        offer_join(c, f, before, s);
        before->last = s;
    }
}

static void check_layers(struct lint_context *c)
{
    struct before before = {0};
    vec_each (&c->file->steps, i) {
        const struct lint_step *s = &c->file->steps.v[i];
        if (s->i->kind == DOCKERFILE_RUN && !s->onbuild)
            see_run(c, &before, s);
        else
            before = (struct before){0};
    }
}

static const struct lint_rule layers = {
    .info = {.id = "DL3059",
             .severity = SEVERITY_LOW,
             .title = "RUNs that belong together are one",
             .why = "Each RUN is a layer. What one writes and the next removes stays in the image.",
             .remedy = "Join them with &&, or with a here-document that begins with set -e.",
             .example = "RUN ./configure && make install"},
    .image = true,
    .first = true,
    .file_hook = check_layers,
    .repairs = FIX_UNSAFE,
};

const struct lint_rule *const lint_layers[] = {&layers, NULL};
