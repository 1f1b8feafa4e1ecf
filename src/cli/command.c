/* command: words → option values; option tables → help.
 *
 * Invariants
 * 1. What --help lists is what command_parse() takes: both walk the same table. (test_command:
 * help)
 */
#include "cli/command.h"

#include <stdarg.h>

#include "base/buf.h"
#include "base/safe.h"
#include "sys/file.h"

const struct command *command_find(struct str name)
{
    for (size_t i = 0; commands[i]; i++)
        if (str_is(name, commands[i]->name))
            return commands[i];
    return NULL;
}

static const struct option_spec *find_option(const struct command *c, struct str name, char letter)
{
    for (size_t i = 0; i < c->n_options; i++) {
        const struct option_spec *o = &c->options[i];
        if (letter ? o->letter == letter : str_is(name, o->name))
            return o;
    }
    return NULL;
}

static bool is_choice(const char *choices, struct str value)
{
    struct str rest = str_of(choices), one;
    while (rest.n) {
        str_cut(rest, '|', &one, &rest);
        if (str_eq(one, value))
            return true;
    }
    return false;
}

static int store(const struct option_spec *o, struct arena *a, struct str value, void *values,
                 struct err *e)
{
    char *at = (char *)values + o->at;
    uint64_t number;
    if (o->choices && !is_choice(o->choices, value))
        return err_set(e, ERR_USAGE, "--%s takes %s, not \"" STR_F "\"", o->name, o->choices,
                       STR_A(value));
    switch (o->kind) {
    case OPTION_FLAG:
        *(bool *)at = true;
        return 0;
    case OPTION_STR:
        *(struct str *)at = value;
        return 0;
    case OPTION_STRS:
        *vec_push(a, (struct option_list *)at) = value;
        return 0;
    case OPTION_NUMBER:
        if (str_u64(value, 10, &number) || number > INT64_MAX)
            return err_set(e, ERR_USAGE, "--%s takes a number, not \"" STR_F "\"", o->name,
                           STR_A(value));
        *(int64_t *)at = (int64_t)number;
        return 0;
    }
    return 0;
}

/* One option word, and the next word when the option takes it. Returns how many words, or -1. */
static int parse_option(const struct command *c, struct arena *a, struct strs words, size_t i,
                        void *values, struct err *e)
{
    struct str word = words.v[i], name, value = {0};
    bool is_long = str_starts(word, STR("--"));
    bool has_value = is_long && str_cut(str_from(word, 2), '=', &name, &value);
    const struct option_spec *o =
        is_long ? find_option(c, name, 0) : find_option(c, (struct str){0}, word.p[1]);
    if (!o)
        return err_set(e, ERR_USAGE, "no option " STR_F "; see shuck %s --help", STR_A(word),
                       c->name);
    if (o->kind == OPTION_FLAG) {
        if (has_value || (!is_long && word.n > 2))
            return err_set(e, ERR_USAGE, "--%s takes no value", o->name);
        return store(o, a, value, values, e) ? -1 : 1;
    }
    if (!is_long && word.n > 2) {
        value = str_from(word, 2);
        has_value = true;
    }
    if (has_value)
        return store(o, a, value, values, e) ? -1 : 1;
    if (i + 1 == words.n)
        return err_set(e, ERR_USAGE, "--%s takes a value: --%s %s", o->name, o->name, o->argument);
    return store(o, a, words.v[i + 1], values, e) ? -1 : 2;
}

int command_parse(const struct command *c, struct arena *a, struct strs words, void *values,
                  struct strs *arguments, struct err *e)
{
    struct strs list = {arena_array(a, struct str, words.n), 0};
    bool only_arguments = false;
    for (size_t i = 0; i < words.n;) {
        struct str word = words.v[i];
        if (!only_arguments && str_is(word, "--")) {
            only_arguments = true;
            i++;
        } else if (only_arguments || word.n < 2 || word.p[0] != '-') {
            list.v[list.n++] = word;
            i++;
        } else {
            int took = parse_option(c, a, words, i, values, e);
            if (took < 0)
                return -1;
            i += (size_t)took;
        }
    }
    if (list.n < c->min_arguments)
        return err_set(e, ERR_USAGE, "needs %s; see shuck %s --help", c->arguments, c->name);
    if (list.n > c->max_arguments)
        return err_set(e, ERR_USAGE, "\"" STR_F "\" is one argument too many; see shuck %s --help",
                       STR_A(list.v[c->max_arguments]), c->name);
    *arguments = list;
    return 0;
}

struct str command_help(const struct command *c, struct arena *a)
{
    struct buf b = {.a = a};
    buf_addf(&b, "shuck %s%s%s%s\n\n%s.\n", c->name, c->n_options ? " [options]" : "",
             *c->arguments ? " " : "", c->arguments, c->summary);
    if (c->details)
        buf_addf(&b, "\n%s\n", c->details);
    if (c->n_options)
        buf_addz(&b, "\nOptions\n");
    for (size_t i = 0; i < c->n_options; i++) {
        const struct option_spec *o = &c->options[i];
        struct str left =
            str_fmt(a, "%s--%s%s%s", o->letter ? (char[]){'-', o->letter, ',', ' ', 0} : "    ",
                    o->name, o->argument ? " " : "", o->argument ? o->argument : "");
        buf_addf(&b, "  %-30.*s %s%s%s%s\n", STR_A(left), o->help, o->choices ? " (" : "",
                 o->choices ? o->choices : "", o->choices ? ")" : "");
    }
    if (c->example)
        buf_addf(&b, "\nExample\n  %s\n", c->example);
    return buf_str(&b);
}

struct str command_overview(struct arena *a)
{
    struct buf b = {.a = a};
    buf_addz(
        &b,
        "shuck takes the shell off containers: says what is wrong with an image, makes one that\n"
        "holds only what its program runs, and proves what an intruder lost.\n\n"
        "usage: shuck COMMAND [options] …\n\n");
    for (size_t i = 0; commands[i]; i++)
        buf_addf(&b, "  %-8s %s\n", commands[i]->name, commands[i]->summary);
    buf_addz(&b,
             "\nshuck COMMAND --help says more about one. Images are named docker-archive:FILE, "
             "oci:DIR[:TAG],\n"
             "oci-archive:FILE[:TAG], dir:ROOTFS, docker-daemon:NAME or containers-storage:NAME;\n"
             "a bare path is recognised by what it holds.\n"
             "Exit status: 0 clean, 1 findings, 2 usage, 3 bad input, 4 this machine cannot (shuck "
             "doctor).\n");
    return buf_str(&b);
}

int command_output(struct cli *cli, struct str path, struct str bytes, struct err *e)
{
    (void)cli;
    if (path.n && !str_is(path, "-"))
        return sys_write_file(path, bytes, e);
    if (fwrite(bytes.p, 1, bytes.n, stdout) != bytes.n || fflush(stdout))
        return err_set(e, ERR_MACHINE, "standard output cannot be written");
    return 0;
}

void command_note(const struct cli *cli, const char *fmt, ...)
{
    if (cli->quiet)
        return;
    char text[ERR_TEXT_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    command_progress(str_of(text));
}

void command_progress(struct str line)
{
    struct arena scratch = {0};
    fprintf(stderr, "shuck: " STR_F "\n", STR_A(safe_text(&scratch, line)));
    arena_free(&scratch);
}
