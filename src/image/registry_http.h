/* registry_http: one request over HTTP → one reply, bounded; nothing is followed or repeated. */
#ifndef IMAGE_REGISTRY_HTTP_H
#define IMAGE_REGISTRY_HTTP_H

#include "image/address.h"

struct registry_http; /* a curl handle, which keeps its connections */

int registry_http_open(struct registry_http **ret, struct err *e) MUST_USE;
void registry_http_close(struct registry_http *h); /* NULL is fine */

struct registry_request {
    enum { REGISTRY_GET, REGISTRY_HEAD, REGISTRY_POST } method;
    struct address to;
    struct str accept;        /* types, or empty */
    struct str authorization; /* "Bearer …", or empty */
    struct str form;          /* of POST */
    size_t cap;               /* bytes of a good body */
    int64_t deadline;         /* by sys_now_ms() */
};

struct registry_reply {
    long status;
    struct str type; /* of content, without parameters */
    struct str digest, location, retry_after;
    struct str challenge; /* all of WWW-Authenticate */
    struct str body;      /* of an error cut at LIMIT_REGISTRY_TEXT */
};

/* Why there was no reply. */
enum registry_failure {
    REGISTRY_FAILED,
    REGISTRY_NOBODY, /* nobody is there: asking again would not help */
    REGISTRY_NO_TLS, /* somebody is, who does not speak TLS */
};

/* What is replied lives in the arena. On -1 *why says what kind of failure it was. */
int registry_http_ask(struct registry_http *h, const struct registry_request *request,
                      struct arena *a, struct registry_reply *ret, enum registry_failure *why,
                      struct err *e) MUST_USE;

#endif
