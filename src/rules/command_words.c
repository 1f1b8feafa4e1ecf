/* command_words: shell text → commands, by the reader of dockerfile/shell.h.
 *
 * Invariants
 * 1. Any bytes give some commands: quotes that do not close end with the text. (test_command_words)
 * 2. A name in the arguments of another program is not a command: `find … -name sudo` runs find.
 *    (test_command_words)
 * 3. What a word runs stands before the command of that word, so that a command and what it is
 *    piped into are neighbours. (test_command_words)
 */
#include "rules/command_words.h"

#include "dockerfile/shell.h"

struct splitter {
    struct arena *a;
    const struct shell_commands *commands;
    bool *replaced; /* by the command it runs */
    struct command_list *list;
};

/* command -v NAME only asks where it is. */
static bool only_asks(const struct shell_command *c)
{
    return str_is(c->program, "command") &&
           (shell_command_has(c, "-v") || shell_command_has(c, "-V"));
}

/* sudo, env and the like: what they run has the rest of their words. */
static void find_replaced(struct splitter *s)
{
    s->replaced = arena_array(s->a, bool, s->commands->n);
    vec_each (s->commands, i) {
        const struct shell_command *c = &s->commands->v[i], *outer;
        if (c->via == SHELL_NONE)
            continue;
        outer = &s->commands->v[c->via];
        if (c->words.n && c->words.v + c->words.n == outer->words.v + outer->words.n &&
            !str_is(outer->program, "find") && !only_asks(outer))
            s->replaced[c->via] = true;
    }
}

static void see_redirect(struct command_words *to, const struct shell_redirect *r)
{
    bool output = str_starts(r->operator, STR(">")) || str_starts(r->operator, STR("&>"));
    bool copy = str_is(r->operator, ">&") || str_is(r->fd, "2");
    if (output && !copy)
        to->writes = r->target.text.s;
    else if (str_is(r->operator, "<<<"))
        to->given = r->target.text.s;
    else if (str_starts(r->operator, STR("<<")))
        to->given = r->body.s;
}

static void add(struct splitter *s, const struct shell_command *c)
{
    if (!c->words.n || !c->words.v[0].text.s.n ||
        (c->via != SHELL_NONE && only_asks(&s->commands->v[c->via])))
        return;
    struct command_words to = {
        .words = {arena_array(s->a, struct str, c->words.n + c->redirects.n), 0},
        .assignments = {arena_array(s->a, struct str, c->assignments.n), c->assignments.n},
        .piped = c->join == SHELL_PIPE,
        .piped_on = c->flags & SHELL_PIPED_ON,
        .in_function = c->flags & SHELL_IN_FUNCTION,
        .in_word = c->flags & SHELL_IN_SUBSTITUTION};
    vec_each (&c->words, i)
        to.words.v[to.words.n++] = c->words.v[i].text.s;
    vec_each (&c->assignments, i)
        to.assignments.v[i] = c->assignments.v[i].text.s;
    /* those of sudo and env are of what it runs */
    const struct shell_command *outer = c;
    size_t depth = 0;
    for (; outer->via != SHELL_NONE && s->replaced[outer->via]; depth++)
        outer = &s->commands->v[outer->via];
    to.through.v = arena_array(s->a, struct str, depth);
    outer = c;
    for (; to.through.n < depth; to.through.n++) {
        outer = &s->commands->v[outer->via];
        to.through.v[to.through.n] = outer->words.v[0].text.s;
    }
    vec_each (&outer->redirects, i) {
        const struct shell_redirect *r = outer->redirects.v[i];
        if (outer == c)
            to.words.v[to.words.n++] = str_fmt(s->a, STR_F STR_F STR_F, STR_A(r->fd),
                                               STR_A(r->operator), STR_A(r->target.text.s));
        see_redirect(&to, r);
    }
    size_t slash = str_rfind(to.words.v[0], '/');
    to.program = slash < to.words.v[0].n ? str_from(to.words.v[0], slash + 1) : to.words.v[0];
    *vec_push(s->a, s->list) = to;
}

/* Command i after those in its words; they nest no deeper than the reader does. Returns the index
 * behind them all. */
static size_t add_tree(struct splitter *s, size_t i)
{
    size_t next = i + 1;
    while (next < s->commands->n && s->commands->v[next].parent == i)
        next = add_tree(s, next);
    if (!s->replaced[i])
        add(s, &s->commands->v[i]);
    return next;
}

void command_words_split(struct arena *a, struct str line, struct command_list *ret)
{
    struct shell_script script;
    struct placed text = placed_plain(a, line, 0);
    struct splitter s = {.a = a, .commands = &script.commands, .list = ret};
    *ret = (struct command_list){0};
    shell_read(a, &text, &script);
    find_replaced(&s);
    for (size_t i = 0; i < script.commands.n;)
        i = add_tree(&s, i);
}

bool command_words_have(const struct command_words *c, const char *word)
{
    for (size_t i = 1; i < c->words.n; i++)
        if (str_is(c->words.v[i], word))
            return true;
    return false;
}
