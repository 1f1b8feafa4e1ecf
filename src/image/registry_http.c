/* registry_http: see registry_http.h.
 *
 * Invariants
 * 1. A reply ends at its cap, its headers at LIMIT_REGISTRY_HEADER, all of it at the deadline.
 *    (registry.t: endless, headers, slow)
 * 2. curl follows nothing and adds no login of its own. (registry.t: redirect, netrc)
 */
#include "image/registry_http.h"

#include <strings.h>

#include "base/buf.h"
#include "base/late_curl.h"
#include "base/limits.h"
#include "sys/spawn.h"

enum { CONNECT_MS = 15 * 1000 };

struct registry_http {
    CURL *curl;
    char words[CURL_ERROR_SIZE];
    /* of the request that is under way */
    const struct registry_request *request;
    struct registry_reply *reply;
    struct arena *a;
    struct buf body;
    size_t header_bytes;
    const char *stopped; /* why it was ended from here */
};

int registry_http_open(struct registry_http **ret, struct err *e)
{
    if (late_curl_load(e))
        return -1;
    struct registry_http *h = calloc(1, sizeof *h);
    if (!h || !(h->curl = curl_easy_init()))
        abort(); /* no memory: as arena.h has it */
    *ret = h;
    return 0;
}

void registry_http_close(struct registry_http *h)
{
    if (!h)
        return;
    curl_easy_cleanup(h->curl);
    free(h);
}

/* ---- what comes ---- */

static size_t take_body(char *p, size_t one, size_t n, void *ctx)
{
    struct registry_http *h = ctx;
    long status = 0;
    (void)one;
    curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200) {
        if (h->body.n + n > h->request->cap) {
            h->stopped = "it sends more than there may be";
            return 0;
        }
    } else if (h->body.n + n > LIMIT_REGISTRY_TEXT) {
        h->stopped = "its error has no end";
        return 0;
    }
    buf_add(&h->body, (struct str){p, n});
    return n;
}

static void take_field(struct registry_http *h, struct str name, struct str value)
{
    struct registry_reply *r = h->reply;
    const struct {
        struct str name;
        struct str *to;
    } fields[] = {
        {STR_INIT("content-type"), &r->type},
        {STR_INIT("docker-content-digest"), &r->digest},
        {STR_INIT("location"), &r->location},
        {STR_INIT("retry-after"), &r->retry_after},
    };
    if (str_eq_case(name, STR("www-authenticate")))
        r->challenge = str_fmt(h->a, STR_F "%s" STR_F, STR_A(r->challenge),
                               r->challenge.n ? ", " : "", STR_A(value));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (str_eq_case(name, fields[i].name))
            *fields[i].to = str_dup(h->a, value);
}

static size_t take_header(char *p, size_t one, size_t n, void *ctx)
{
    struct registry_http *h = ctx;
    struct str line = {p, n}, name, value;
    (void)one;
    h->header_bytes += n;
    if (h->header_bytes > LIMIT_REGISTRY_HEADER) {
        h->stopped = "its headers have no end";
        return 0;
    }
    if (str_starts(line, STR("HTTP/"))) /* what came before was of an interim answer */
        *h->reply = (struct registry_reply){0};
    else if (str_cut(line, ':', &name, &value))
        take_field(h, name, str_trim(value));
    return n;
}

/* ---- asking ---- */

static struct curl_slist *add_line(struct registry_http *h, struct curl_slist *list,
                                   const char *name, struct str value)
{
    struct curl_slist *one = arena_new(h->a, struct curl_slist);
    one->data = str_cstr(h->a, str_fmt(h->a, "%s: " STR_F, name, STR_A(value)));
    one->next = list;
    return one;
}

static void set_up(struct registry_http *h, int64_t left)
{
    const struct registry_request *q = h->request;
    CURL *c = h->curl;
    struct curl_slist *lines = NULL;
    const char *authorities = getenv("SSL_CERT_FILE");
    if (q->accept.n)
        lines = add_line(h, lines, "Accept", q->accept);
    if (q->authorization.n)
        lines = add_line(h, lines, "Authorization", q->authorization);
    curl_easy_setopt(c, CURLOPT_URL, str_cstr(h->a, address_text(h->a, &q->to)));
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, q->to.tls ? "https" : "http");
#else
    curl_easy_setopt(c, CURLOPT_PROTOCOLS, (long)(q->to.tls ? CURLPROTO_HTTPS : CURLPROTO_HTTP));
#endif
    if (address_is_here(q->to.host))
        curl_easy_setopt(c, CURLOPT_PROXY, "");
    else
        curl_easy_setopt(c, CURLOPT_PROXY, NULL); /* as the environment says */
    if (authorities && *authorities)
        curl_easy_setopt(c, CURLOPT_CAINFO, authorities);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "shuck/" SHUCK_VERSION);
    curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)(left < CONNECT_MS ? left : CONNECT_MS));
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)left);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, h->words);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, h);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, h);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, lines);
    curl_easy_setopt(c, CURLOPT_HTTPGET, 1L); /* undoes NOBODY and POST */
    if (q->method == REGISTRY_HEAD)
        curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
    if (q->method == REGISTRY_POST) {
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)q->form.n);
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, str_cstr(h->a, q->form));
    }
}

static int no_reply(const struct registry_http *h, CURLcode rc, enum registry_failure *why,
                    struct err *e)
{
    struct str host = h->request->to.host;
    const char *words = *h->words ? h->words : curl_easy_strerror(rc);
    *why = REGISTRY_FAILED;
    if (h->stopped)
        return err_set(e, ERR_INPUT, STR_F " is not listened to further: %s", STR_A(host),
                       h->stopped);
    switch (rc) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_PROXY:
        *why = REGISTRY_NOBODY;
        return err_set(e, ERR_MACHINE, "nobody answers at " STR_F " (%s)", STR_A(host), words);
    case CURLE_SSL_CONNECT_ERROR:
        *why = REGISTRY_NO_TLS;
        return err_set(e, ERR_MACHINE, STR_F " does not speak TLS (%s)", STR_A(host), words);
    case CURLE_PEER_FAILED_VERIFICATION:
        *why = REGISTRY_NOBODY;
        return err_set(e, ERR_MACHINE,
                       "the certificate of " STR_F " is not trusted (%s); SSL_CERT_FILE names a "
                       "file of authorities",
                       STR_A(host), words);
    case CURLE_OPERATION_TIMEDOUT:
        *why = REGISTRY_NOBODY;
        return err_set(e, ERR_MACHINE, STR_F " is too slow (%s)", STR_A(host), words);
    default:
        return err_set(e, ERR_MACHINE, "asking " STR_F ": %s", STR_A(host), words);
    }
}

int registry_http_ask(struct registry_http *h, const struct registry_request *request,
                      struct arena *a, struct registry_reply *ret, enum registry_failure *why,
                      struct err *e)
{
    struct registry_reply reply = {0};
    struct str ignored;
    int64_t left = request->deadline - sys_now_ms();
    h->request = request;
    h->reply = &reply;
    h->a = a;
    h->body = (struct buf){.a = a};
    h->header_bytes = 0;
    h->stopped = NULL;
    h->words[0] = 0;
    *why = REGISTRY_NOBODY;
    if (left <= 0)
        return err_set(e, ERR_MACHINE, STR_F " is too slow", STR_A(request->to.host));
    set_up(h, left);
    CURLcode rc = curl_easy_perform(h->curl);
    curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, NULL); /* it was in the arena */
    if (rc != CURLE_OK)
        return no_reply(h, rc, why, e);
    curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &reply.status);
    reply.body = buf_str(&h->body);
    str_cut(reply.type, ';', &reply.type, &ignored);
    reply.type = str_trim(reply.type);
    *ret = reply;
    return 0;
}
