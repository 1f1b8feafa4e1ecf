/* lint_compat: parts of a Dockerfile → what hadolint reads there. */
#ifndef LINT_LINT_COMPAT_H
#define LINT_LINT_COMPAT_H

#include "lint/lint_file.h"

/* The name of an image in FROM: ANY.ANY/ before it is a registry, however many slashes the first
 * part has; so localhost:5000 is a name with a tag. */
struct lint_reference lint_reference_compat(struct str text);

/* Of --from=: what has a dot before the first slash is a registry, and all else the name. */
struct lint_reference lint_source_compat(struct str text);

/* A word of the command of that index: variables as ${NAME}, $( ) as the words in it. *next is the
 * index behind it for the command's first word, and passed on to the others. */
struct str lint_compat_word(struct arena *a, const struct shell_script *script, size_t index,
                            const struct shell_word *w, size_t *next);

/* What the shell gets: of `RUN <<EOF bash` what stands behind the mark, and the body below it. */
struct placed lint_compat_script(struct arena *a, const struct dockerfile_instruction *i,
                                 const struct placed *otherwise);

#endif
