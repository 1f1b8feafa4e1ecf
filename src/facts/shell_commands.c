/* shell_commands: the commands of a script, by the reader of dockerfile/shell.h → names of
 * programs.
 *
 * Invariants
 * 1. A word with an expansion or a pattern in it is left out. (test_shell_commands: commands of
 * case)
 * 2. Builtins and keywords are never reported. (test_shell_commands: commands of case)
 */
#include "facts/shell_commands.h"

#include "base/limits.h"
#include "base/map.h"
#include "dockerfile/shell.h"

/* What every sh that images carry does itself (dash, bash, busybox ash). */
static const struct str builtins[] = {
    STR_INIT("."),       STR_INIT(":"),         STR_INIT("["),        STR_INIT("[["),
    STR_INIT("alias"),   STR_INIT("bg"),        STR_INIT("break"),    STR_INIT("builtin"),
    STR_INIT("caller"),  STR_INIT("cd"),        STR_INIT("chdir"),    STR_INIT("command"),
    STR_INIT("compgen"), STR_INIT("complete"),  STR_INIT("continue"), STR_INIT("declare"),
    STR_INIT("echo"),    STR_INIT("eval"),      STR_INIT("exec"),     STR_INIT("exit"),
    STR_INIT("export"),  STR_INIT("false"),     STR_INIT("fc"),       STR_INIT("fg"),
    STR_INIT("getopts"), STR_INIT("hash"),      STR_INIT("help"),     STR_INIT("jobs"),
    STR_INIT("kill"),    STR_INIT("let"),       STR_INIT("local"),    STR_INIT("mapfile"),
    STR_INIT("popd"),    STR_INIT("printf"),    STR_INIT("pushd"),    STR_INIT("pwd"),
    STR_INIT("read"),    STR_INIT("readarray"), STR_INIT("readonly"), STR_INIT("return"),
    STR_INIT("set"),     STR_INIT("shift"),     STR_INIT("shopt"),    STR_INIT("source"),
    STR_INIT("test"),    STR_INIT("times"),     STR_INIT("trap"),     STR_INIT("true"),
    STR_INIT("type"),    STR_INIT("typeset"),   STR_INIT("ulimit"),   STR_INIT("umask"),
    STR_INIT("unalias"), STR_INIT("unset"),     STR_INIT("wait"),
};

static const struct str shells[] = {STR_INIT("sh"),  STR_INIT("bash"),    STR_INIT("dash"),
                                    STR_INIT("ash"), STR_INIT("ksh"),     STR_INIT("mksh"),
                                    STR_INIT("zsh"), STR_INIT("busybox"), STR_INIT("yash")};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static bool is_one_of(struct str word, const struct str *table, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, table[i]))
            return true;
    return false;
}

bool facts_is_shell(struct str name)
{
    return is_one_of(name, shells, COUNT(shells));
}

/* "$@", "$*" or "$1" alone. */
static bool is_argument(const struct shell_word *w)
{
    if (w->parts.n != 1 || w->parts.v[0].kind != SHELL_VARIABLE ||
        w->parts.v[0].to - w->parts.v[0].from != w->text.s.n)
        return false;
    struct str name = w->parts.v[0].name;
    return str_is(name, "@") || str_is(name, "*") || str_is(name, "1");
}

static void add_once(struct arena *a, struct map *seen, struct shell_words *to,
                     const struct shell_word *w)
{
    struct str word = w->text.s;
    if (!word.n || word.n > LIMIT_PATH_BYTES || w->parts.n || w->glob || map_has(seen, word))
        return;
    *map_at(seen, word) = to;
    *vec_push(a, to) = word;
}

/* The script that `sh FILE` reads, or NULL. */
static const struct shell_word *script_of(const struct shell_command *c)
{
    for (size_t i = 1; i < c->words.n; i++) {
        struct str s = c->words.v[i].text.s;
        if (!s.n || (s.p[0] != '-' && s.p[0] != '+'))
            return &c->words.v[i];
        if (s.n > 1 && s.p[1] != '-' && s.p[s.n - 1] == 'c')
            return NULL;
        i += s.n == 2 && (s.p[1] == 'o' || s.p[1] == 'O');
    }
    return NULL;
}

void facts_shell_commands(struct str text, struct arena *a, struct facts_shell_calls *ret)
{
    struct placed placed = placed_plain(a, text, 0);
    struct map commands = {.a = a}, sourced = {.a = a};
    struct shell_script script;
    *ret = (struct facts_shell_calls){0};
    shell_read(a, &placed, &script);
    vec_each (&script.commands, i) {
        const struct shell_command *c = &script.commands.v[i];
        const struct shell_word *file = NULL;
        if (!c->words.n)
            continue;
        struct str name = c->words.v[0].text.s;
        ret->runs_arguments |= is_argument(&c->words.v[0]);
        if (!is_one_of(name, builtins, COUNT(builtins)))
            add_once(a, &commands, &ret->commands, &c->words.v[0]);
        if ((str_is(name, ".") || str_is(name, "source")) && c->words.n > 1)
            add_once(a, &sourced, &ret->sourced, &c->words.v[1]);
        else if (facts_is_shell(c->program))
            file = script_of(c);
        if (file) {
            add_once(a, &commands, &ret->commands, file);
            add_once(a, &sourced, &ret->sourced, file);
        }
    }
}
