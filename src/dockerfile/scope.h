/* scope: which variables an instruction sees, and what they are worth.
 *
 * Walk the instructions in order: scope_enter() before looking at one, scope_leave() after. Between
 * the two the values are those of before the instruction, however many it sets itself.
 *
 * - ARG before the first FROM: seen by FROMs, and by an ARG of a stage that names it without value.
 * - A stage that begins from an earlier one has that one's variables; else only its own.
 * - ENV goes before ARG, a build argument before the default of its ARG.
 * - What a base image sets is not known. */
#ifndef DOCKERFILE_SCOPE_H
#define DOCKERFILE_SCOPE_H

#include "base/map.h"
#include "dockerfile/dockerfile.h"
#include "dockerfile/expand.h"

enum scope_state {
    SCOPE_UNDEFINED,
    SCOPE_UNSET, /* an ARG without a value */
    SCOPE_SET,
};

struct scope_stage {
    struct map env, args; /* names → struct scope_value */
    int parent;           /* stage whose variables are seen too, or DOCKERFILE_NO_STAGE */
    bool scratch;         /* nothing comes from a base image */
};

struct scope {
    struct arena *a;
    const struct dockerfile *d;
    const struct str_pairs *given; /* build arguments; may be NULL */
    struct map global;
    struct scope_stage *stages; /* as many as d has */
    int stage;                  /* the one we are in, or DOCKERFILE_NO_STAGE */
    bool in_from;
    uint64_t work;
    struct dockerfile_errors errors; /* of expansions in ARG, ENV and FROM */
};

void scope_begin(struct scope *s, struct arena *a, const struct dockerfile *d,
                 const struct str_pairs *given);
void scope_enter(struct scope *s, const struct dockerfile_instruction *i);
void scope_leave(struct scope *s, const struct dockerfile_instruction *i);

enum scope_state scope_lookup(struct scope *s, struct str name, struct str *value);

/* For expand.h: lookups in s, paid from its work. */
struct expand_env scope_env(struct scope *s);

/* Whether builders expand variables in arguments of this instruction. */
bool scope_expands(enum dockerfile_kind kind);

/* ARGs that builders know without a declaration: in FROM the platform's, in RUN the proxies'. */
bool scope_is_platform(struct str name);
bool scope_is_proxy(struct str name);

#endif
