/* mark: a value → a few bits of its digest.
 *
 * Reports are shared, and baselines are committed. Whatever a report tells of a value, someone who
 * guesses can hold his guesses against, however it is hashed. So of what people choose it tells
 * eight bits: of two hundred and fifty-six wrong guesses one stays, and another report of the same
 * secret tells the same eight. What machines draw nobody guesses, and more of it does no harm.
 *
 * Invariants
 * 1. Of what people may have chosen, and of a team's own kinds, a report tells eight bits at most.
 *    (test_secret_mark: told)
 * 2. What is told depends on nothing but value and kind: not on file, layer, line or day.
 *    (test_secret_mark: told)
 */
#include "secret/kinds.h"

enum { DRAWN_LEAST = 20, TOLD_OF_CHOSEN = 0xff };

uint32_t secret_mark(struct str value)
{
    struct digest d = digest_of(value);
    return (uint32_t)d.b[0] << 16 | (uint32_t)d.b[1] << 8 | d.b[2];
}

/* A machine made it: it has a form of its own, is long, and is no password. */
static bool is_drawn(const struct secret_kind *kind)
{
    static bool (*const chosen[])(const struct secret_value *) = {
        secret_is_literal, secret_is_password, secret_is_setting, secret_is_env,
        secret_is_basic_auth};
    if (!kind || kind->own || kind->named || kind->take == SECRET_USERINFO)
        return false;
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++)
        if (kind->holds == chosen[i])
            return false;
    return kind->take == SECRET_PEM || kind->least >= DRAWN_LEAST;
}

uint32_t secret_mark_told(const struct secret_kind *kind, uint32_t mark)
{
    return (is_drawn(kind) ? mark : mark & TOLD_OF_CHOSEN) + 1;
}
