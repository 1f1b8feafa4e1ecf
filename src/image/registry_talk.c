/* registry_talk: see registry_talk.h.
 *
 * Invariants
 * 1. A login goes to its registry and to a token server of the same people; a token to its
 * registry. (registry.t: login)
 * 2. Who is busy is asked again a few times, and not before it says. (registry.t: busy)
 */
#include "image/registry_talk.h"

#include "base/json.h"
#include "base/late_crypto.h"
#include "base/limits.h"
#include "image/challenge.h"
#include "sys/spawn.h"

enum { TRIES = 3, LONGEST_WAIT = 20 };

struct str registry_said(struct arena *a, struct str body)
{
    JSON_AUTO json_t *j = NULL;
    struct err ignored;
    struct str code = {0}, message = {0};
    if (!json_read(body, &j, &ignored)) {
        const json_t *first = json_array_get(json_object_get(j, "errors"), 0);
        if (json_is_object(first) && (json_get_str(first, "code", a, &code, &ignored) ||
                                      json_get_str(first, "message", a, &message, &ignored)))
            code = message = (struct str){0};
        if (!message.n && json_is_object(j) && json_get_str(j, "details", a, &message, &ignored))
            message = (struct str){0};
    }
    if (!message.n)
        message = code;
    return message.n ? str_fmt(a, " (" STR_F ")", STR_A(str_slice(message, 0, 300))) : message;
}

/* Seconds to wait for one who is busy; -1: longer than anybody waits. */
static int wait_for(const struct registry_reply *reply, int tried)
{
    uint64_t seconds;
    if (str_u64(reply->retry_after, 10, &seconds))
        return 1 << tried;
    return seconds > LONGEST_WAIT ? -1 : (int)seconds;
}

static bool is_busy(long status)
{
    return status == 408 || status == 429 || status == 500 || (status >= 502 && status <= 504);
}

int registry_ask(struct registry_talk *t, struct registry_request *q, struct registry_reply *ret,
                 enum registry_failure *why, struct err *e)
{
    q->deadline = t->deadline;
    for (int tried = 0;; tried++) {
        if (registry_http_ask(t->r->http, q, t->a, ret, why, e))
            return -1;
        int seconds = wait_for(ret, tried);
        *why = REGISTRY_FAILED;
        if (!is_busy(ret->status))
            return 0;
        if (tried + 1 == TRIES || seconds < 0 || sys_now_ms() + seconds * 1000 >= t->deadline)
            return err_set(
                e, ERR_MACHINE, STR_F " answers with status %ld%s%s" STR_F ": try again later",
                STR_A(q->to.host), ret->status, ret->status == 429 ? ", too many requests" : "",
                ret->retry_after.n ? ", Retry-After " : "",
                STR_A(str_slice(ret->retry_after, 0, 40)));
        sys_sleep_ms(seconds * 1000);
    }
}

/* ---- logging in ---- */

static struct str basic(struct arena *a, const struct credentials *c)
{
    struct str plain = str_fmt(a, STR_F ":" STR_F, STR_A(c->user), STR_A(c->password));
    unsigned char *to = arena_array(a, unsigned char, plain.n / 3 * 4 + 5);
    int n = EVP_EncodeBlock(to, (const unsigned char *)plain.p, (int)plain.n);
    return str_fmt(a, "Basic %.*s", n, (char *)to);
}

int registry_no_login(struct registry_talk *t, struct err *e)
{
    return err_set(e, ERR_MACHINE,
                   STR_F " has no such image, or asks for a login: docker login " STR_F,
                   STR_A(t->server), STR_A(t->ref->host));
}

/* The request for a token: GET with the login as Basic, POST with an identity. */
static void token_request(struct registry_talk *t, const struct challenge *c, bool with_login,
                          struct registry_request *q)
{
    const struct credentials *login = &t->host->login;
    bool identity = with_login && login->identity.n;
    struct str query =
        str_fmt(t->a, "service=" STR_F "&scope=" STR_F, STR_A(address_escape(t->a, c->service)),
                STR_A(address_escape(
                    t->a, str_fmt(t->a, "repository:" STR_F ":pull", STR_A(t->ref->repository)))));
    if (identity) {
        q->method = REGISTRY_POST;
        q->form =
            str_fmt(t->a, "grant_type=refresh_token&client_id=shuck&refresh_token=" STR_F "&" STR_F,
                    STR_A(address_escape(t->a, login->identity)), STR_A(query));
        return;
    }
    q->to.path = str_fmt(t->a, STR_F "%s" STR_F, STR_A(q->to.path),
                         str_find(q->to.path, '?') < q->to.path.n ? "&" : "?", STR_A(query));
    if (with_login && login->user.n)
        q->authorization = basic(t->a, login);
}

static int fetch_token(struct registry_talk *t, const struct address *from,
                       const struct challenge *c, struct str *ret, struct err *e)
{
    struct registry_request q = {.cap = LIMIT_REGISTRY_TEXT};
    struct registry_reply reply;
    enum registry_failure why;
    struct str token;
    if (address_read(c->realm, &q.to, e) || address_allows(from, &q.to, e))
        return err_wrap(e, "its token server");
    bool kin = address_is_kin(from->host, q.to.host);
    token_request(t, c, kin, &q);
    if (registry_ask(t, &q, &reply, &why, e))
        return -1;
    if (reply.status == 401 || reply.status == 403) {
        if (!kin && (t->host->login.user.n || t->host->login.identity.n))
            return err_set(e, ERR_MACHINE,
                           STR_F " gives out the tokens of " STR_F
                                 ", and is no host of the same name: it is not sent your login",
                           STR_A(q.to.host), STR_A(t->server));
        return registry_no_login(t, e);
    }
    if (reply.status != REGISTRY_OK)
        return err_set(e, ERR_MACHINE, STR_F " gives no token, but status %ld" STR_F,
                       STR_A(q.to.host), reply.status, STR_A(registry_said(t->a, reply.body)));
    if (challenge_token(t->a, reply.body, &token, e))
        return err_wrap(e, STR_F, STR_A(q.to.host));
    *ret = str_fmt(t->a, "Bearer " STR_F, STR_A(token));
    return 0;
}

int registry_log_in(struct registry_talk *t, const struct address *from, struct str header,
                    struct err *e)
{
    struct challenge c = challenge_read(t->a, header);
    struct registry_host *h = t->host;
    struct str shown;
    if (!h->asked_login && credentials_find(&t->r->a, t->ref, &h->login, &h->no_login))
        (void)err_wrap(&h->no_login, "the login for " STR_F, STR_A(t->server));
    h->asked_login = true; /* a helper that fails is not run again for each image */
    if (h->no_login.kind != ERR_NONE) {
        *e = h->no_login;
        return -1;
    }
    if (c.kind == CHALLENGE_NONE)
        return err_set(e, ERR_MACHINE,
                       STR_F " asks for a login of a kind that is not known: \"" STR_F "\"",
                       STR_A(t->server), STR_A(str_slice(header, 0, 100)));
    if (c.kind == CHALLENGE_BASIC) {
        if (!h->login.user.n)
            return registry_no_login(t, e);
        shown = basic(t->a, &h->login);
    } else if (fetch_token(t, from, &c, &shown, e)) {
        return -1;
    }
    struct str *kept = arena_new(&t->r->a, struct str);
    *kept = str_dup(&t->r->a, shown);
    *map_at(&h->authorization, str_dup(&t->r->a, t->ref->repository)) = kept;
    return 0;
}
