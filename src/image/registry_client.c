/* registry_client: see registry_client.h.
 *
 * Invariants
 * 1. What is handed over has the digest that was asked for, or that HEAD named. (registry.t: lies)
 * 2. A login goes to its registry and to a token server of the same people; a token to its
 * registry. Neither goes where a redirect leads. (registry.t: login, redirect)
 * 3. A reference takes no longer than WHOLE_MS, and a host where nobody answers is asked once.
 *    (registry.t: slow, nobody)
 */
#include "image/registry_client.h"

#include <inttypes.h>
#include <poll.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/late_crypto.h"
#include "base/limits.h"
#include "base/map.h"
#include "image/credentials.h"
#include "image/manifest.h"
#include "image/registry_http.h"
#include "sys/spawn.h"

enum { WHOLE_MS = 30 * 1000, TRIES = 3, LONGEST_WAIT = 20, OK = 200 };

static const struct str manifest_types =
    STR_INIT(MANIFEST_TYPE_OCI_INDEX ", " MANIFEST_TYPE_DOCKER_INDEX ", " MANIFEST_TYPE_OCI
                                     ", " MANIFEST_TYPE_DOCKER);

/* What is known of one server. */
struct host {
    bool plain;       /* it is on this machine and does not speak TLS */
    bool asked_login; /* credentials were looked for */
    struct credentials login;
    struct map authorization; /* repository → struct str: what it is shown */
    struct err dead;          /* kind not ERR_NONE: why it is not asked any more */
};

struct registry {
    struct arena a;
    struct registry_http *http;
    struct map hosts;
};

int registry_open(struct registry **ret, struct err *e)
{
    struct registry_http *http;
    if (registry_http_open(&http, e))
        return -1;
    struct registry *r = calloc(1, sizeof *r);
    if (!r)
        abort(); /* no memory: as arena.h has it */
    r->http = http;
    r->hosts.a = &r->a;
    *ret = r;
    return 0;
}

void registry_close(struct registry *r)
{
    if (!r)
        return;
    registry_http_close(r->http);
    arena_free(&r->a);
    free(r);
}

static struct host *host_of(struct registry *r, struct str name)
{
    void **at = map_at(&r->hosts, name);
    if (!*at) {
        struct host *h = arena_new(&r->a, struct host);
        r->hosts.v[r->hosts.n - 1].key = str_dup(&r->a, name);
        h->authorization.a = &r->a;
        *at = h;
    }
    return *at;
}

/* ---- one conversation about one reference ---- */

struct talk {
    struct registry *r;
    struct arena *a;
    const struct reference *ref;
    struct host *host;
    struct str server;
    int64_t deadline;
};

static struct talk begin(struct registry *r, const struct reference *ref, struct arena *a)
{
    struct str server = reference_server(ref);
    return (struct talk){r, a, ref, host_of(r, server), server, sys_now_ms() + WHOLE_MS};
}

/* {"errors":[{"code":…,"message":…}]}: the first one's words, or what there is. */
static struct str said(struct arena *a, struct str body)
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

/* One request; those who are busy are asked again. */
static int ask(struct talk *t, struct registry_request *q, struct registry_reply *ret,
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
        poll(NULL, 0, seconds * 1000);
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

static int no_login(struct talk *t, struct err *e)
{
    return err_set(e, ERR_MACHINE,
                   STR_F " has no such image, or asks for a login: docker login " STR_F,
                   STR_A(t->server), STR_A(t->ref->host));
}

/* The request for a token: GET with the login as Basic, POST with an identity. */
static void token_request(struct talk *t, const struct challenge *c, bool with_login,
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

static int fetch_token(struct talk *t, const struct address *from, const struct challenge *c,
                       struct str *ret, struct err *e)
{
    struct registry_request q = {.cap = LIMIT_REGISTRY_TEXT};
    struct registry_reply reply;
    enum registry_failure why;
    struct str token;
    if (address_read(c->realm, &q.to, e) || address_allows(from, &q.to, e))
        return err_wrap(e, "its token server");
    bool kin = address_is_kin(from->host, q.to.host);
    token_request(t, c, kin, &q);
    if (ask(t, &q, &reply, &why, e))
        return -1;
    if (reply.status == 401 || reply.status == 403) {
        if (!kin && (t->host->login.user.n || t->host->login.identity.n))
            return err_set(e, ERR_MACHINE,
                           STR_F " gives out the tokens of " STR_F
                                 ", and is no host of the same name: it is not sent your login",
                           STR_A(q.to.host), STR_A(t->server));
        return no_login(t, e);
    }
    if (reply.status != OK)
        return err_set(e, ERR_MACHINE, STR_F " gives no token, but status %ld" STR_F,
                       STR_A(q.to.host), reply.status, STR_A(said(t->a, reply.body)));
    if (challenge_token(t->a, reply.body, &token, e))
        return err_wrap(e, STR_F, STR_A(q.to.host));
    *ret = str_fmt(t->a, "Bearer " STR_F, STR_A(token));
    return 0;
}

/* What the host is shown from now on, for this repository. */
static int log_in(struct talk *t, const struct address *from, struct str header, struct err *e)
{
    struct challenge c = challenge_read(t->a, header);
    struct host *h = t->host;
    struct str shown;
    if (!h->asked_login && credentials_find(&t->r->a, t->ref, &h->login, e))
        return err_wrap(e, "the login for " STR_F, STR_A(t->server));
    h->asked_login = true;
    if (c.kind == CHALLENGE_NONE)
        return err_set(e, ERR_MACHINE,
                       STR_F " asks for a login of a kind that is not known: \"" STR_F "\"",
                       STR_A(t->server), STR_A(str_slice(header, 0, 100)));
    if (c.kind == CHALLENGE_BASIC) {
        if (!h->login.user.n)
            return no_login(t, e);
        shown = basic(t->a, &h->login);
    } else if (fetch_token(t, from, &c, &shown, e)) {
        return -1;
    }
    struct str *kept = arena_new(&t->r->a, struct str);
    *kept = str_dup(&t->r->a, shown);
    *map_at(&h->authorization, str_dup(&t->r->a, t->ref->repository)) = kept;
    return 0;
}

/* ---- asking a registry ---- */

static int follow(struct registry_request *q, const struct registry_reply *reply, int hops,
                  struct err *e)
{
    struct address to;
    if (hops == LIMIT_REGISTRY_HOPS)
        return err_set(e, ERR_INPUT, STR_F " leads round in circles: %d redirects",
                       STR_A(q->to.host), hops);
    if (address_follow(&q->to, reply->location, &to, e) || address_allows(&q->to, &to, e))
        return err_wrap(e, "a redirect");
    q->to = to;
    return 0;
}

static bool is_redirect(long status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Plain HTTP is for a registry on this machine that speaks nothing else. */
static bool goes_plain(struct talk *t, struct registry_request *q, enum registry_failure why)
{
    if (why != REGISTRY_NO_TLS || t->host->plain || !address_is_here(t->server) ||
        !str_eq(q->to.host, t->server))
        return false;
    t->host->plain = true;
    q->to.tls = false;
    return true;
}

/* Until there is an answer that is no detour: from the registry, or where it leads. */
static int converse(struct talk *t, struct registry_request *q, struct registry_reply *ret,
                    struct err *e)
{
    enum registry_failure why;
    bool logged_in = false;
    for (int hops = 0;;) {
        bool home = str_eq(q->to.host, t->server) && q->to.tls == !t->host->plain;
        struct str *shown = map_get(&t->host->authorization, t->ref->repository);
        q->authorization = home && shown ? *shown : (struct str){0};
        if (ask(t, q, ret, &why, e)) {
            if (goes_plain(t, q, why))
                continue;
            if (why != REGISTRY_FAILED && home)
                t->host->dead = *e;
            return -1;
        }
        if (is_redirect(ret->status)) {
            if (follow(q, ret, hops++, e))
                return -1;
        } else if (ret->status == 401 && home && !logged_in) {
            struct address from = q->to;
            if (log_in(t, &from, ret->challenge, e))
                return -1;
            logged_in = true;
        } else {
            return 0;
        }
    }
}

static int request(struct talk *t, struct str path, struct registry_request *q,
                   struct registry_reply *ret, struct err *e)
{
    if (t->host->dead.kind != ERR_NONE) {
        *e = t->host->dead;
        return -1;
    }
    q->to = (struct address){
        !t->host->plain, t->server,
        str_fmt(t->a, "/v2/" STR_F "/" STR_F, STR_A(t->ref->repository), STR_A(path))};
    return converse(t, q, ret, e);
}

static int refusal(struct talk *t, const struct registry_reply *reply, struct err *e)
{
    switch (reply->status) {
    case 401:
    case 403:
        return no_login(t, e);
    case 404:
        return err_set(e, ERR_INPUT, STR_F " has no such image" STR_F, STR_A(t->server),
                       STR_A(said(t->a, reply->body)));
    default:
        return err_set(e, ERR_MACHINE, STR_F " answers with status %ld" STR_F, STR_A(t->server),
                       reply->status, STR_A(said(t->a, reply->body)));
    }
}

/* ---- manifests ---- */

static struct str what(const struct talk *t)
{
    return t->ref->digest.n ? t->ref->digest : t->ref->tag.n ? t->ref->tag : STR("latest");
}

/* The digest behind the tag, if HEAD says it. */
static int look_up(struct talk *t, bool *knows, struct digest *ret, struct err *e)
{
    struct registry_request q = {.method = REGISTRY_HEAD, .accept = manifest_types};
    struct registry_reply reply;
    *knows = false;
    if (request(t, str_fmt(t->a, "manifests/" STR_F, STR_A(what(t))), &q, &reply, e))
        return -1;
    if (reply.status == 405 || reply.status == 501) /* it has no HEAD */
        return 0;
    if (reply.status != OK)
        return refusal(t, &reply, e);
    if (!reply.digest.n)
        return 0;
    if (digest_parse(reply.digest, ret, e))
        return err_wrap(e, STR_F ": its Docker-Content-Digest", STR_A(t->server));
    *knows = true;
    return 0;
}

static bool is_manifest(struct str type)
{
    static const struct str types[] = {STR_INIT(MANIFEST_TYPE_OCI_INDEX),
                                       STR_INIT(MANIFEST_TYPE_DOCKER_INDEX),
                                       STR_INIT(MANIFEST_TYPE_OCI), STR_INIT(MANIFEST_TYPE_DOCKER)};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq(type, types[i]))
            return true;
    return false;
}

static int lies(struct talk *t, const struct digest *is, const struct digest *said_to_be,
                struct err *e)
{
    return err_set(e, ERR_INPUT, STR_F " sends what is " STR_F " and calls it " STR_F,
                   STR_A(t->server), STR_A(digest_text(t->a, is)),
                   STR_A(digest_text(t->a, said_to_be)));
}

static int fetch(struct talk *t, bool knows, const struct digest *digest,
                 struct registry_manifest *ret, struct err *e)
{
    struct registry_request q = {.accept = manifest_types, .cap = LIMIT_JSON_BYTES};
    struct registry_reply reply;
    struct digest named;
    struct str which = knows ? digest_text(t->a, digest) : what(t);
    if (request(t, str_fmt(t->a, "manifests/" STR_F, STR_A(which)), &q, &reply, e))
        return -1;
    if (reply.status != OK)
        return refusal(t, &reply, e);
    struct registry_manifest m = {reply.type, digest_of(reply.body), reply.body};
    if (!is_manifest(m.type))
        return err_set(e, ERR_INPUT, STR_F " sends \"" STR_F "\", which is no manifest",
                       STR_A(t->server), STR_A(str_slice(m.type, 0, 100)));
    if (knows && !digest_eq(&m.digest, digest))
        return lies(t, &m.digest, digest, e);
    if (reply.digest.n) {
        if (digest_parse(reply.digest, &named, e))
            return err_wrap(e, STR_F ": its Docker-Content-Digest", STR_A(t->server));
        if (!digest_eq(&m.digest, &named))
            return lies(t, &m.digest, &named, e);
    }
    *ret = m;
    return 0;
}

int registry_manifest(struct registry *r, const struct reference *ref, struct arena *a,
                      struct registry_manifest *ret, struct err *e)
{
    struct talk t = begin(r, ref, a);
    struct digest digest;
    bool knows = ref->digest.n > 0;
    if (knows ? digest_parse(ref->digest, &digest, e) : look_up(&t, &knows, &digest, e))
        return -1;
    return fetch(&t, knows, &digest, ret, e);
}

int registry_blob(struct registry *r, const struct reference *ref, const struct digest *digest,
                  size_t cap, struct arena *a, struct str *ret, struct err *e)
{
    struct talk t = begin(r, ref, a);
    struct registry_request q = {.cap = cap};
    struct registry_reply reply;
    if (request(&t, str_fmt(a, "blobs/" STR_F, STR_A(digest_text(a, digest))), &q, &reply, e))
        return -1;
    if (reply.status != OK)
        return refusal(&t, &reply, e);
    struct digest is = digest_of(reply.body);
    if (!digest_eq(&is, digest))
        return lies(&t, &is, digest, e);
    *ret = reply.body;
    return 0;
}
