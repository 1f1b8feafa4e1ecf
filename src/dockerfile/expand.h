/* expand: a word of an instruction, with variables and quotes → what a builder makes of it.
 *
 * $x ${x} ${x:-w} ${x-w} ${x:+w} ${x+w} ${x:?w} ${x?w} ${x#p} ${x##p} ${x%p} ${x%%p} ${x/p/w}
 * ${x//p/w}, patterns with * and ?; quotes and the escape character as builders read them. */
#ifndef DOCKERFILE_EXPAND_H
#define DOCKERFILE_EXPAND_H

#include "base/err.h"
#include "dockerfile/placed.h"

struct expand_env {
    /* The value of a variable; false when it has none. */
    bool (*lookup)(void *ctx, struct str name, struct str *value);
    void *ctx;
    char escape;    /* of the Dockerfile */
    uint64_t *work; /* bytes and steps that may still be spent, over many calls; NULL: on one call
                       LIMIT_EXPANSION_WORK */
};

/* A variable that the text asks for. */
struct expand_use {
    struct str name;
    struct span place;
    bool set;
    bool excused; /* has an operator that says what to do when it is not set */
};
struct expand_uses VEC(struct expand_use);

struct expand_word {
    struct str text;
    struct span place;
};
struct expand_words VEC(struct expand_word);

/* The whole text as one word. On failure *where is the place of what is wrong. */
int expand_text(struct arena *a, const struct placed *text, const struct expand_env *env,
                struct str *ret, struct expand_uses *uses, struct span *where,
                struct err *e) MUST_USE;

/* The text as words: blanks outside quotes part them, also those that variables bring. */
int expand_split(struct arena *a, const struct placed *text, const struct expand_env *env,
                 struct expand_words *ret, struct expand_uses *uses, struct span *where,
                 struct err *e) MUST_USE;

#endif
