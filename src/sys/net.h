/* net: the calling thread's network namespace. */
#ifndef SYS_NET_H
#define SYS_NET_H

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

/* A new network namespace with only loopback, up, in which everybody may listen on every port (as
 * Docker sets it). The caller moves into it; children started from here on are in it. */
int sys_net_fresh(struct err *e) MUST_USE;

/* Same for a namespace the caller is already in. */
int sys_net_loopback_up(struct err *e) MUST_USE;

struct sys_listener {
    uint16_t port;
    bool v6, wildcard; /* wildcard: bound to every address of its family */
};
struct sys_listeners VEC(struct sys_listener);

/* TCP sockets that listen in the caller's network namespace. Connects nowhere, so the program that
 * listens sees nothing of it. */
int sys_net_listeners(struct arena *a, struct sys_listeners *ret, struct err *e) MUST_USE;

#endif
