/* shell: a script → the simple commands in it, each word with its place in the file.
 *
 * Reads POSIX sh and what bash adds to it. All commands stand in one list, in the order in which
 * they begin: those of every branch, of functions, of $( ), ` `, <( ), of here-documents, and those
 * that another command runs (sudo, env, xargs, sh -c …), which know through what. Nothing is
 * expanded or run. Any bytes give a list, beside a list of errors. */
#ifndef DOCKERFILE_SHELL_H
#define DOCKERFILE_SHELL_H

#include "dockerfile/placed.h"

/* A part of a word that a shell would replace. */
enum shell_part_kind {
    SHELL_VARIABLE,   /* $x or ${x…} */
    SHELL_COMMAND,    /* $( ), ` ` or <( ) */
    SHELL_ARITHMETIC, /* $(( )) */
};
struct shell_part {
    enum shell_part_kind kind;
    size_t from, to; /* in the word's text */
    struct str name; /* of the variable */
    bool plain;      /* $x or ${x}, nothing else */
    bool quoted;     /* inside double quotes */
};
struct shell_parts VEC(struct shell_part);

struct shell_word {
    struct placed text; /* quotes removed; what would be replaced stands as it is written */
    struct span place;  /* with its quotes */
    bool quoted;        /* some of it */
    bool glob;          /* an unquoted * ? or [ */
    struct shell_parts parts;
};
struct shell_words_list VEC(struct shell_word);

struct shell_redirect {
    struct str operator; /* one of < > >> <> >| >& <& &> &>> << <<- <<< */
    struct str fd;       /* digits before it, or empty */
    struct shell_word target;
    struct placed body; /* of a here-document, tabs not removed */
};
struct shell_redirects VEC(struct shell_redirect *);

/* How a command follows the one before it. */
enum shell_join {
    SHELL_FIRST, /* of a script, or of a substitution */
    SHELL_THEN,  /* ; or newline, or in another branch */
    SHELL_AND,
    SHELL_OR,
    SHELL_PIPE,
    SHELL_BACKGROUND, /* after & */
};

enum shell_flag {
    SHELL_IN_SUBSTITUTION = 1, /* $( ), ` ` or <( ) */
    SHELL_IN_FUNCTION = 2,
    SHELL_IN_SUBSHELL = 4,
    SHELL_IN_LOOP = 8,
    SHELL_IN_BRANCH = 16,    /* of if or case: may not run */
    SHELL_IN_CONDITION = 32, /* of if, while or until */
    SHELL_NEGATED = 64,      /* after ! */
    SHELL_WRAPPED = 128,     /* run by the command `via`, or in the script it was given */
    SHELL_PIPED_ON = 256,    /* a | follows */
};

#define SHELL_NONE SIZE_MAX

struct shell_command {
    struct shell_words_list words;       /* the program first; none for redirections of a group */
    struct shell_words_list assignments; /* NAME=value before it */
    struct shell_redirects redirects;
    struct str program; /* words.v[0] without its folder; empty when it is not known */
    enum shell_join join;
    unsigned flags; /* enum shell_flag */
    size_t parent;  /* the command whose word it stands in, or SHELL_NONE */
    size_t via;     /* the command that runs it (sudo, sh -c), or SHELL_NONE */
    struct span place;
};
struct shell_commands VEC(struct shell_command);

struct shell_error {
    struct span place;
    struct str text; /* what was expected */
};
struct shell_errors VEC(struct shell_error);

struct shell_script {
    struct shell_commands commands;
    struct shell_errors errors; /* at most LIMIT_DOCKERFILE_ERRORS */
    size_t words;               /* read so far */
};

void shell_read(struct arena *a, const struct placed *text, struct shell_script *ret);

/* A command that is given as words, as in a JSON form: texts and their places. */
void shell_read_words(struct arena *a, const struct placed *words, size_t n,
                      struct shell_script *ret);

/* The word's text with plain variables replaced where lookup knows them. *known says whether
 * nothing is left that a shell would replace. */
struct str shell_word_value(struct arena *a, const struct shell_word *w,
                            bool (*lookup)(const void *ctx, struct str name, struct str *value),
                            const void *ctx, bool *known);

/* One of its words after the first is exactly this. */
bool shell_command_has(const struct shell_command *c, const char *word);

#endif
