/* challenge: see challenge.h.
 *
 * Invariants
 * 1. A token has no byte that would end its header. (test_challenge: token)
 */
#include "image/challenge.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"

static bool is_token_byte(char c)
{
    return c > ' ' && c < 0x7f && !strchr("\"(),/:;<=>?@[\\]{}", c);
}

static struct str take_token(struct str *rest)
{
    size_t n = 0;
    while (n < rest->n && is_token_byte(rest->p[n]))
        n++;
    struct str token = str_slice(*rest, 0, n);
    *rest = str_from(*rest, n);
    return token;
}

static void skip(struct str *rest, const char *bytes)
{
    while (rest->n && *rest->p && strchr(bytes, *rest->p))
        *rest = str_from(*rest, 1);
}

/* A token, or a string in quotes. */
static struct str take_value(struct arena *a, struct str *rest)
{
    struct buf b = {.a = a};
    if (!rest->n || *rest->p != '"')
        return take_token(rest);
    size_t at = 1;
    while (at < rest->n && rest->p[at] != '"') {
        at += rest->p[at] == '\\' && at + 1 < rest->n;
        buf_addc(&b, rest->p[at++]);
    }
    *rest = str_from(*rest, at + 1);
    return buf_str(&b);
}

struct challenge challenge_read(struct arena *a, struct str header)
{
    struct challenge best = {0}, now = {0};
    size_t number = 0, best_number = 0;
    while (header.n) {
        skip(&header, " \t,");
        struct str word = take_token(&header);
        if (!word.n) {
            header = str_from(header, 1);
            continue;
        }
        if (!header.n || *header.p != '=') {
            number++;
            now =
                (struct challenge){.kind = str_is(str_lower(a, word), "bearer")  ? CHALLENGE_BEARER
                                           : str_is(str_lower(a, word), "basic") ? CHALLENGE_BASIC
                                                                                 : CHALLENGE_NONE};
        } else {
            header = str_from(header, 1);
            struct str value = take_value(a, &header);
            if (str_eq_case(word, STR("realm")))
                now.realm = value;
            else if (str_eq_case(word, STR("service")))
                now.service = value;
        }
        if (now.kind > best.kind || number == best_number) {
            best = now;
            best_number = number;
        }
    }
    return best;
}

int challenge_token(struct arena *a, struct str json, struct str *ret, struct err *e)
{
    JSON_AUTO json_t *j = NULL;
    struct str token = {0};
    if (json_read(json, &j, e))
        return err_wrap(e, "its token");
    if (!json_is_object(j))
        return err_set(e, ERR_INPUT, "its token is no JSON object");
    if (json_get_str(j, "token", a, &token, e) ||
        (!token.n && json_get_str(j, "access_token", a, &token, e)))
        return -1;
    for (size_t i = 0; i < token.n; i++)
        if (token.p[i] <= ' ' || token.p[i] >= 0x7f)
            return err_set(e, ERR_INPUT, "its token has bytes that no token has");
    if (!token.n || token.n > LIMIT_REGISTRY_TOKEN)
        return err_set(e, ERR_INPUT, "it sends %s token", token.n ? "too long a" : "no");
    *ret = token;
    return 0;
}
