/* registry_client: see registry_client.h.
 *
 * Invariants
 * 1. What is handed over has the digest that was asked for, or that HEAD named. (registry.t: lies)
 * 2. Neither a login nor a token goes where a redirect leads. (registry.t: redirect)
 * 3. A reference takes no longer than WHOLE_MS, and a host where nobody answers is asked once.
 *    (registry.t: slow, nobody)
 */
#include "image/registry_client.h"

#include "base/limits.h"
#include "image/manifest.h"
#include "image/registry_talk.h"
#include "sys/spawn.h"

enum { WHOLE_MS = 30 * 1000 };

static const struct str manifest_types =
    STR_INIT(MANIFEST_TYPE_OCI_INDEX ", " MANIFEST_TYPE_DOCKER_INDEX ", " MANIFEST_TYPE_OCI
                                     ", " MANIFEST_TYPE_DOCKER);

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

static struct registry_host *host_of(struct registry *r, struct str name)
{
    void **at = map_at(&r->hosts, name);
    if (!*at) {
        struct registry_host *h = arena_new(&r->a, struct registry_host);
        r->hosts.v[r->hosts.n - 1].key = str_dup(&r->a, name);
        h->authorization.a = &r->a;
        *at = h;
    }
    return *at;
}

/* ---- one conversation about one reference ---- */

static struct registry_talk begin(struct registry *r, const struct reference *ref, struct arena *a)
{
    struct str server = reference_server(ref);
    return (struct registry_talk){r, a, ref, host_of(r, server), server, sys_now_ms() + WHOLE_MS};
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
static bool goes_plain(struct registry_talk *t, struct registry_request *q,
                       enum registry_failure why)
{
    if (why != REGISTRY_NO_TLS || t->host->plain || !address_is_here(t->server) ||
        !str_eq(q->to.host, t->server))
        return false;
    t->host->plain = true;
    q->to.tls = false;
    return true;
}

/* Until there is an answer that is no detour: from the registry, or where it leads. */
static int converse(struct registry_talk *t, struct registry_request *q, struct registry_reply *ret,
                    struct err *e)
{
    enum registry_failure why;
    bool logged_in = false;
    for (int hops = 0;;) {
        bool home = str_eq(q->to.host, t->server) && q->to.tls == !t->host->plain;
        struct str *shown = map_get(&t->host->authorization, t->ref->repository);
        q->authorization = home && shown ? *shown : (struct str){0};
        if (registry_ask(t, q, ret, &why, e)) {
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
            if (registry_log_in(t, &from, ret->challenge, e))
                return -1;
            logged_in = true;
        } else {
            return 0;
        }
    }
}

static int request(struct registry_talk *t, struct str path, struct registry_request *q,
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

static int refusal(struct registry_talk *t, const struct registry_reply *reply, struct err *e)
{
    switch (reply->status) {
    case 401:
    case 403:
        return registry_no_login(t, e);
    case 404:
        return err_set(e, ERR_INPUT, STR_F " has no such image" STR_F, STR_A(t->server),
                       STR_A(registry_said(t->a, reply->body)));
    default:
        return err_set(e, ERR_MACHINE, STR_F " answers with status %ld" STR_F, STR_A(t->server),
                       reply->status, STR_A(registry_said(t->a, reply->body)));
    }
}

/* ---- manifests ---- */

static struct str what(const struct registry_talk *t)
{
    return t->ref->digest.n ? t->ref->digest : t->ref->tag.n ? t->ref->tag : STR("latest");
}

/* The digest behind the tag, if HEAD says it. */
static int look_up(struct registry_talk *t, bool *knows, struct digest *ret, struct err *e)
{
    struct registry_request q = {.method = REGISTRY_HEAD, .accept = manifest_types};
    struct registry_reply reply;
    *knows = false;
    if (request(t, str_fmt(t->a, "manifests/" STR_F, STR_A(what(t))), &q, &reply, e))
        return -1;
    if (reply.status == 405 || reply.status == 501) /* it has no HEAD */
        return 0;
    if (reply.status != REGISTRY_OK)
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

static int lies(struct registry_talk *t, const struct digest *is, const struct digest *said_to_be,
                struct err *e)
{
    return err_set(e, ERR_INPUT, STR_F " sends what is " STR_F " and calls it " STR_F,
                   STR_A(t->server), STR_A(digest_text(t->a, is)),
                   STR_A(digest_text(t->a, said_to_be)));
}

static int fetch(struct registry_talk *t, bool knows, const struct digest *digest,
                 struct registry_manifest *ret, struct err *e)
{
    struct registry_request q = {.accept = manifest_types, .cap = LIMIT_JSON_BYTES};
    struct registry_reply reply;
    struct digest named;
    struct str which = knows ? digest_text(t->a, digest) : what(t);
    if (request(t, str_fmt(t->a, "manifests/" STR_F, STR_A(which)), &q, &reply, e))
        return -1;
    if (reply.status != REGISTRY_OK)
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
    struct registry_talk t = begin(r, ref, a);
    struct digest digest;
    bool knows = ref->digest.n > 0;
    if (knows ? digest_parse(ref->digest, &digest, e) : look_up(&t, &knows, &digest, e))
        return -1;
    return fetch(&t, knows, &digest, ret, e);
}

int registry_blob(struct registry *r, const struct reference *ref, const struct digest *digest,
                  size_t cap, struct arena *a, struct str *ret, struct err *e)
{
    struct registry_talk t = begin(r, ref, a);
    struct registry_request q = {.cap = cap};
    struct registry_reply reply;
    if (request(&t, str_fmt(a, "blobs/" STR_F, STR_A(digest_text(a, digest))), &q, &reply, e))
        return -1;
    if (reply.status != REGISTRY_OK)
        return refusal(&t, &reply, e);
    struct digest is = digest_of(reply.body);
    if (!digest_eq(&is, digest))
        return lies(&t, &is, digest, e);
    *ret = reply.body;
    return 0;
}
