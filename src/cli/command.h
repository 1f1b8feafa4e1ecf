/* command: a subcommand as data: its options drive parsing, help, completion and the man page.
 *
 * To add a command: write cmd_NAME.c with one `const struct command cmd_NAME`, name it in
 * commands.c, add tests/cli/NAME/. A command's file holds options, a call and printing; no logic.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

enum option_kind {
    OPTION_FLAG,   /* bool */
    OPTION_STR,    /* struct str; the last one counts */
    OPTION_STRS,   /* struct option_list; may be repeated */
    OPTION_NUMBER, /* int64_t, not negative */
};

struct option_list VEC(struct str);

struct option_spec {
    const char *name; /* without "--" */
    char letter;      /* 0: none */
    enum option_kind kind;
    size_t at;            /* offsetof in the command's values */
    const char *argument; /* "FILE" in help; NULL for flags */
    const char *help;     /* one line, no full stop */
    const char *choices;  /* "table|json": other values are refused; NULL: any */
};

/* What every command gets. */
struct cli {
    struct arena *a;
    bool quiet, color; /* color: of standard output */
    bool color_err;
    struct str out_path; /* -o of commands that print a result: set by option "output" */
};

struct command {
    const char *name;
    const char *arguments; /* "IMAGE" */
    const char *summary;   /* one line */
    const char *details;   /* paragraphs for --help and the man page */
    const char *example;   /* a command line */
    const struct option_spec *options;
    size_t n_options;
    size_t values_size;
    size_t min_arguments, max_arguments;
    /* Returns the exit status, or -1 with *e: printed as "shuck NAME: text", exit status e->kind.
     */
    int (*run)(struct cli *cli, void *values, struct strs arguments, struct err *e);
};

extern const struct command *const commands[]; /* NULL-terminated, in the order of help */

/* Parses words into *values (zeroed before) and *arguments. ERR_USAGE names the word. */
int command_parse(const struct command *c, struct arena *a, struct strs words, void *values,
                  struct strs *arguments, struct err *e) MUST_USE;
struct str command_help(const struct command *c, struct arena *a);
struct str command_overview(struct arena *a);
/* docs/shuck.1, in man(7)'s macros. */
struct str command_manual(struct arena *a);
const struct command *command_find(struct str name);

/* Writes a command's result: to standard output, or atomically to path when it is not empty and not
 * "-". */
int command_output(struct cli *cli, struct str path, struct str bytes, struct err *e) MUST_USE;

/* Progress and notes, to standard error, unless --quiet. Bytes unsafe for a terminal are escaped.
 */
void command_note(const struct cli *cli, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A line of progress to standard error, for work that has no struct cli. */
void command_progress(struct str line);

#define OPTIONS(list) .options = list, .n_options = sizeof(list) / sizeof *(list)

#endif
