/* lint_file: the text of a Dockerfile → what rules look at: steps, stages, commands.
 *
 * Done once for all rules: variables are put in where they are known, shell is split into commands,
 * stages know what they are made from and whether the result has them. */
#ifndef LINT_LINT_FILE_H
#define LINT_LINT_FILE_H

#include "dockerfile/dockerfile.h"
#include "dockerfile/expand.h"
#include "dockerfile/shell.h"

#define LINT_NO_STEP SIZE_MAX

/* A word after variables were put in. */
struct lint_value {
    struct str text;   /* variables that are not known stand as they are written */
    struct span place; /* of the word as it is written */
    bool known;        /* nothing in it depends on a variable without a known value */
};
struct lint_values VEC(struct lint_value);

struct lint_command {
    const struct shell_command *shell;
    size_t index;             /* in the step's script */
    struct str program;       /* without its folder; empty when it is not known. With compat the
                                 name hadolint has: with folder, of what exec and command run */
    struct lint_values words; /* the program first */
};
struct lint_commands VEC(struct lint_command);

/* Which shell runs the RUNs: by SHELL, by a pragma, or the base's. */
enum lint_shell { LINT_SH, LINT_BASH, LINT_ASH, LINT_DASH, LINT_KSH, LINT_ZSH, LINT_OTHER };

/* A variable that an instruction asks for. */
struct lint_use {
    struct str name;
    struct span place;
    bool declared; /* by an ARG or ENV before, with or without value, or by the builder */
    bool excused;  /* has an operator that says what to do when it is not set */
};
struct lint_uses VEC(struct lint_use);

struct lint_step {
    const struct dockerfile_instruction *i; /* for ONBUILD: what it triggers, if it can be read */
    const struct dockerfile_instruction *outer; /* as written: i, or the ONBUILD around it */
    bool onbuild;
    size_t index;                    /* in lint_file.steps */
    int stage;                       /* in lint_file.stages, or DOCKERFILE_NO_STAGE */
    struct lint_values words;        /* of i->words */
    struct lint_values keys, values; /* of i->pairs */
    struct lint_value whole;         /* of i->args: of WORKDIR, USER, STOPSIGNAL */
    struct lint_uses uses;
    enum lint_shell shell;      /* of RUN and shell forms */
    struct str shell_text;      /* "/bin/bash -o pipefail -c": what SHELL says, or empty */
    bool pipefail;              /* by SHELL */
    struct placed source;       /* the shell text; of a JSON form empty */
    struct shell_script script; /* of RUN, CMD, ENTRYPOINT, HEALTHCHECK */
    struct lint_commands commands;
};
struct lint_steps VEC(struct lint_step);

/* What FROM, COPY --from and --mount=from= name. */
struct lint_reference {
    struct str text;        /* after variables */
    struct str registry;    /* "ghcr.io", "localhost:5000"; empty: none written */
    struct str repository;  /* "library/debian", "debian" */
    struct str tag, digest; /* empty: none; digest with its "sha256:" */
    bool known;             /* no variable without a value is left in it */
    struct span place;      /* where it is written */
};

struct lint_stage {
    const struct dockerfile_stage *s;
    const struct dockerfile_instruction *from;
    size_t index;
    int parent;                 /* the earlier stage that the base names, or DOCKERFILE_NO_STAGE */
    size_t step;                /* of its FROM; its steps end where the next stage begins */
    size_t end;                 /* index behind its last step */
    struct lint_reference base; /* an earlier stage's name, too */
    struct lint_value platform; /* of --platform; text empty: none */
    bool result;                /* the last stage, or one it is made FROM */
};
struct lint_stages VEC(struct lint_stage);

struct lint_file {
    struct arena *a;
    struct str name;
    struct dockerfile d;
    struct lint_steps steps;
    struct lint_stages stages;
    struct dockerfile_errors errors;    /* of d and of expansions, by place */
    const struct str_pairs *build_args; /* as given, or NULL */
};

/* As the command line or a pragma knows it. */
struct lint_reading {
    bool compat; /* as hadolint has it: variables are not put in, in shell each is ${NAME} */
    const struct str_pairs *build_args; /* or NULL */
};

/* Any text makes a file; what is wrong in it is in its errors. What it holds are views into text
 * and name, or stands in the arena: all three stand as long as it does. */
void lint_file_read(struct arena *a, struct str name, struct str text,
                    const struct lint_reading *how, struct lint_file *ret);

/* [REGISTRY/]REPOSITORY[:TAG][@DIGEST] as views into text; `known` and `place` are left to the
 * caller. */
struct lint_reference lint_reference_read(struct str text);

/* The shell that a SHELL instruction's first word, or a name in a pragma, means. */
enum lint_shell lint_shell_named(struct str program);

/* Where the step's instruction begins, its keyword. */
struct span lint_keyword(const struct lint_step *s);

/* From the first word to the last of the command. */
struct span lint_command_place(const struct lint_command *c);

#endif
