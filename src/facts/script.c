/* script: the first line of a file → the interpreter the kernel would start.
 *
 * Invariants
 * 1. Takes what Linux's binfmt_script takes: one interpreter, and all the rest of the line as one
 *    argument. (test_script: table)
 */
#include "facts/parse.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool facts_script_read(struct str head, struct arena *a, struct script_facts *ret)
{
    if (!str_starts(head, STR("#!")))
        return false;
    struct str line = str_slice(head, 2, str_find(head, '\n'));
    line = str_slice(line, 0, str_find(line, 0));
    while (line.n && is_blank(line.p[0]))
        line = str_from(line, 1);
    while (line.n && (is_blank(line.p[line.n - 1]) || line.p[line.n - 1] == '\r'))
        line.n--;
    size_t n = 0;
    while (n < line.n && !is_blank(line.p[n]))
        n++;
    if (!n)
        return false;
    struct str argument = str_from(line, n);
    while (argument.n && is_blank(argument.p[0]))
        argument = str_from(argument, 1);
    *ret = (struct script_facts){str_dup(a, str_slice(line, 0, n)), str_dup(a, argument)};
    return true;
}

static struct str last_name(struct str path)
{
    size_t slash = str_rfind(path, '/');
    return slash < path.n ? str_from(path, slash + 1) : path;
}

bool facts_script_is_shell(const struct script_facts *s)
{
    static const char *const shells[] = {"sh",   "bash", "dash", "ash",     "ksh",
                                         "mksh", "zsh",  "yash", "busybox", "rbash"};
    struct str rest = s->argument, word = last_name(s->interpreter);
    if (str_is(word, "env")) /* the first word that is neither an option nor a setting */
        while (str_word(&rest, &word))
            if (word.p[0] != '-' && str_find(word, '=') == word.n)
                break;
    word = last_name(word);
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (str_is(word, shells[i]))
            return true;
    return false;
}
