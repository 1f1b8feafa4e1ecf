/* dockerfile: the text of a Dockerfile ⇄ a tree that knows the place of each word.
 *
 * The items tile the file: each byte belongs to exactly one, so printing them gives the file back.
 * Everything points into the text that was parsed, or into the arena; both must outlive the tree.
 * An error never hides what comes after it: the tree is usable beside a list of errors. */
#ifndef DOCKERFILE_DOCKERFILE_H
#define DOCKERFILE_DOCKERFILE_H

#include "dockerfile/placed.h"

enum dockerfile_kind {
    DOCKERFILE_UNKNOWN,
    DOCKERFILE_ADD,
    DOCKERFILE_ARG,
    DOCKERFILE_CMD,
    DOCKERFILE_COPY,
    DOCKERFILE_ENTRYPOINT,
    DOCKERFILE_ENV,
    DOCKERFILE_EXPOSE,
    DOCKERFILE_FROM,
    DOCKERFILE_HEALTHCHECK,
    DOCKERFILE_LABEL,
    DOCKERFILE_MAINTAINER,
    DOCKERFILE_ONBUILD,
    DOCKERFILE_RUN,
    DOCKERFILE_SHELL,
    DOCKERFILE_STOPSIGNAL,
    DOCKERFILE_USER,
    DOCKERFILE_VOLUME,
    DOCKERFILE_WORKDIR,
    DOCKERFILE_KINDS
};

/* A word of an instruction. For a JSON string `text` is what it means and `place` includes its
 * quotes; any other word is as it stands, quotes and variables included: expand.h reads those. */
struct dockerfile_word {
    struct placed text;
    struct span place;
};
struct dockerfile_words VEC(struct dockerfile_word);

/* --name or --name=value, quotes of the value removed. */
struct dockerfile_flag {
    struct str name;
    struct placed value;
    bool has_value;
    struct span place;
};
struct dockerfile_flags VEC(struct dockerfile_flag);

/* One of ENV, LABEL or ARG. */
struct dockerfile_pair {
    struct dockerfile_word key, value;
    bool has_value;
};
struct dockerfile_pairs VEC(struct dockerfile_pair);

struct dockerfile_heredoc {
    struct str name;    /* quotes removed */
    struct placed body; /* leading tabs removed for <<-; ends in a newline unless it is empty */
    struct span mark;   /* <<NAME in the instruction */
    struct span place;  /* body and terminator line */
    bool expands;       /* the name was not quoted */
    bool tabs;          /* <<- */
    bool closed;        /* has its terminator */
};
struct dockerfile_heredocs VEC(struct dockerfile_heredoc);
struct dockerfile_spans VEC(struct span);

enum { DOCKERFILE_NO_STAGE = -1 };

struct dockerfile_instruction {
    enum dockerfile_kind kind;
    int stage;           /* index into stages, or DOCKERFILE_NO_STAGE before the first FROM */
    struct placed text;  /* keyword and arguments: continuations joined, comments gone */
    struct placed name;  /* the keyword as it stands */
    struct placed args;  /* all after the flags, trimmed */
    struct placed shell; /* args, or what follows CMD in a HEALTHCHECK */
    struct span place;   /* keyword to the end of its last line or heredoc, no final newline */
    struct dockerfile_flags flags;
    bool json;                              /* words are a JSON array */
    bool legacy;                            /* ENV or LABEL of the form `key value` */
    struct dockerfile_words words;          /* ADD COPY EXPOSE VOLUME FROM, and all JSON forms */
    struct dockerfile_pairs pairs;          /* ENV LABEL ARG */
    struct dockerfile_heredocs heredocs;    /* ADD COPY RUN, in ONBUILD on the inner one */
    struct dockerfile_instruction *onbuild; /* what ONBUILD triggers, or NULL */
    struct dockerfile_spans comments;       /* inside its continuations */
    struct dockerfile_spans empty_lines;    /* inside its continuations */
};

enum dockerfile_item_kind {
    DOCKERFILE_ITEM_BLANK, /* lines without anything */
    DOCKERFILE_ITEM_COMMENT,
    DOCKERFILE_ITEM_DIRECTIVE,
    DOCKERFILE_ITEM_INSTRUCTION,
    DOCKERFILE_ITEM_REFUSED, /* a line that is too long, what is not text, or too many instructions
                              */
};

struct dockerfile_item {
    enum dockerfile_item_kind kind;
    struct span place; /* with the newline at its end */
    struct str text;   /* of a comment: from # to the end of its line; of a directive: its value */
    struct str key;    /* of a directive, as it stands */
    struct dockerfile_instruction *instruction;
};
struct dockerfile_items VEC(struct dockerfile_item);

struct dockerfile_stage {
    struct dockerfile_instruction *from;
    struct placed base; /* as it stands: variables not expanded */
    struct placed name; /* of `AS name`; empty when there is none */
    int parent;         /* the earlier stage that base names, or DOCKERFILE_NO_STAGE */
    size_t item;        /* index of its FROM */
};
struct dockerfile_stages VEC(struct dockerfile_stage);

struct dockerfile_position {
    uint32_t line, column; /* from 1; columns count bytes */
};

struct dockerfile_error {
    struct span place;
    struct dockerfile_position at;
    struct str text; /* what was expected */
};
struct dockerfile_errors VEC(struct dockerfile_error);
struct dockerfile_lines VEC(uint32_t);

struct dockerfile {
    struct arena *a;
    struct str text;
    struct dockerfile_items items;
    struct dockerfile_stages stages;
    struct dockerfile_errors errors; /* at most LIMIT_DOCKERFILE_ERRORS; by place, heredocs last */
    struct dockerfile_lines lines;   /* the byte each line begins at */
    char escape;                     /* \ or ` */
};

/* Parses any bytes. */
void dockerfile_parse(struct arena *a, struct str text, struct dockerfile *ret);

/* Writes the tree out again. */
void dockerfile_print(const struct dockerfile *d, struct buf *to);

struct dockerfile_position dockerfile_position(const struct dockerfile *d, uint32_t byte);

/* The stage that an earlier FROM … AS name or a number means, seen from the stage `before`. */
int dockerfile_stage_named(const struct dockerfile *d, struct str name, int before);

/* The keyword in capitals. */
struct str dockerfile_kind_name(enum dockerfile_kind kind);

/* The flag of that name, or NULL. */
const struct dockerfile_flag *dockerfile_flag(const struct dockerfile_instruction *i,
                                              const char *name);

/* What the shell gets of a RUN in shell form: the line with its heredocs, or the body of its only
 * heredoc. Also of CMD, ENTRYPOINT and HEALTHCHECK CMD. Empty for a JSON form, and for a heredoc
 * whose #! names another program than a shell. */
struct placed dockerfile_script(struct arena *a, const struct dockerfile *d,
                                const struct dockerfile_instruction *i);

#endif
