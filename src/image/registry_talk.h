/* registry_talk: a conversation with a registry about one reference: requests that are repeated for
 * those who are busy, and what is shown to those who ask who we are. For registry_client.c. */
#ifndef IMAGE_REGISTRY_TALK_H
#define IMAGE_REGISTRY_TALK_H

#include "base/map.h"
#include "image/credentials.h"
#include "image/registry_http.h"

enum { REGISTRY_OK = 200 };

/* What is known of one server. */
struct registry_host {
    bool plain;       /* it is on this machine and does not speak TLS */
    bool asked_login; /* credentials were looked for */
    struct credentials login;
    struct err no_login;      /* kind not ERR_NONE: why they were not found */
    struct map authorization; /* repository → struct str: what it is shown */
    struct err dead;          /* kind not ERR_NONE: why it is not asked any more */
};

struct registry {
    struct arena a;
    struct registry_http *http;
    struct map hosts;
};

struct registry_talk {
    struct registry *r;
    struct arena *a;
    const struct reference *ref;
    struct registry_host *host;
    struct str server;
    int64_t deadline;
};

/* One request; those who are busy are asked again. */
int registry_ask(struct registry_talk *t, struct registry_request *q, struct registry_reply *ret,
                 enum registry_failure *why, struct err *e) MUST_USE;

/* A challenge is answered: from now on the host is shown what it asks for, for this repository.
 * `from` is where it came from. */
int registry_log_in(struct registry_talk *t, const struct address *from, struct str challenge,
                    struct err *e) MUST_USE;

/* " (WORDS)" of {"errors":[{"code":…,"message":…}]}, or empty. */
struct str registry_said(struct arena *a, struct str body);

/* Always −1, ERR_MACHINE: who is not logged in, or has no such image. Registries do not tell which.
 */
int registry_no_login(struct registry_talk *t, struct err *e) MUST_USE;

#endif
