/* agent_words: what the agent is told for one move. Pure. */
#ifndef PROVE_AGENT_WORDS_H
#define PROVE_AGENT_WORDS_H

#include "prove/known.h"
#include "prove/prove.h"

/* "attack", the move, and what the host knows of the image that helps to try it. */
struct strs prove_words(struct arena *a, const struct prove_move *move, const struct facts *f,
                        const struct known *known);
/* The same for a run in the empty image. */
struct strs prove_control_words(struct arena *a, const struct prove_move *move);

#endif
