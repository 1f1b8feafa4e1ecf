/* main: argv → one command → exit status. The only place that prints errors and exits. */
#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include "base/late.h"
#include "base/safe.h"
#include "cli/command.h"
#include "sys/file.h"

static void out_of_memory(void)
{
    static const char text[] = "shuck: this machine has no memory left\n";
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    _exit(ERR_MACHINE);
}

static void library_missing(const struct err *e)
{
    fprintf(stderr, "shuck: %s\n", e->text);
    _exit(ERR_MACHINE);
}

static bool wants_color(int fd)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
    return !(no && *no) && isatty(fd) && term && strcmp(term, "dumb") != 0;
}

static int complain(struct cli *cli, const char *name, const struct err *e)
{
    struct str text = safe_text(cli->a, str_of(e->text));
    const char *red = cli->color_err ? "\033[31m" : "", *off = cli->color_err ? "\033[0m" : "";
    fprintf(stderr, "%sshuck %s:%s " STR_F "\n", red, name, off, STR_A(text));
    /* a failure without a reason is still no success */
    return e->kind ? (int)e->kind : ERR_MACHINE;
}

/* --quiet and --help belong to every command. */
static struct strs take_common(struct cli *cli, struct strs words, bool *help)
{
    struct strs rest = {arena_array(cli->a, struct str, words.n), 0};
    bool only_arguments = false;
    for (size_t i = 0; i < words.n; i++) {
        only_arguments |= str_is(words.v[i], "--");
        if (!only_arguments && (str_is(words.v[i], "--help") || str_is(words.v[i], "-h")))
            *help = true;
        else if (!only_arguments && (str_is(words.v[i], "--quiet") || str_is(words.v[i], "-q")))
            cli->quiet = true;
        else
            rest.v[rest.n++] = words.v[i];
    }
    return rest;
}

static int run_command(struct cli *cli, const struct command *c, struct strs words)
{
    struct err e = {0};
    struct strs arguments;
    bool help = false;
    words = take_common(cli, words, &help);
    if (help)
        return command_output(cli, (struct str){0}, command_help(c, cli->a), &e)
                   ? complain(cli, c->name, &e)
                   : 0;
    void *values = arena_alloc(cli->a, c->values_size ? c->values_size : 1);
    if (command_parse(c, cli->a, words, values, &arguments, &e))
        return complain(cli, c->name, &e);
    int status = c->run(cli, values, arguments, &e);
    return status < 0 ? complain(cli, c->name, &e) : status;
}

static int run_named(struct cli *cli, struct strs words)
{
    const struct command *c = command_find(words.v[0]);
    if (c)
        return run_command(cli, c, (struct strs){words.v + 1, words.n - 1});
    struct err e = {0};
    err_set(&e, ERR_USAGE, "no command \"" STR_F "\"; shuck help lists them", STR_A(words.v[0]));
    return complain(cli, "help", &e);
}

static int version(struct cli *cli)
{
    struct err e = {0};
    return command_output(cli, (struct str){0}, STR("shuck " SHUCK_VERSION "\n"), &e)
               ? complain(cli, "--version", &e)
               : 0;
}

int main(int argc, char **argv)
{
    /* What is freed goes back to the system. Left alone, glibc takes the first large block that is
     * freed for a sign to keep such ones, and a layer's memory stays with the thread that read it.
     */
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    sys_hold_standard_fds();
    arena_on_exhausted(out_of_memory);
    late_on_missing(library_missing);
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of the write, not the end of us */
    struct arena a = {0};
    struct cli cli = {.a = &a, .color = wants_color(1), .color_err = wants_color(2)};
    struct strs words = {arena_array(&a, struct str, (size_t)argc + 1), 0};
    for (int i = 1; i < argc; i++)
        words.v[words.n++] = str_of(argv[i]);
    if (!words.n || str_is(words.v[0], "--help") || str_is(words.v[0], "-h"))
        *(words.n ? words.v : &words.v[words.n++]) = STR("help");
    int status = str_is(words.v[0], "--version") ? version(&cli) : run_named(&cli, words);
    arena_free(&a);
    return status;
}
