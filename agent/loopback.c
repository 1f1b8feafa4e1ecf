/* loopback: `health http PORT PATH` → one GET to this machine → 0 when the answer is 2xx or 3xx.
 *
 * For images without a shell or curl: a HEALTHCHECK that needs no other file. */
#include "agent/agent.h"

#include <asm/socket.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/socket.h>
#include <linux/time.h>

enum { STREAM = 1, SECONDS = 5, V4 = 2, V6 = 10 };

static long connect_to(uint16_t port, int family)
{
    struct sockaddr_in v4 = {.sin_family = V4, .sin_port = port};
    struct sockaddr_in6 v6 = {.sin6_family = V6, .sin6_port = port};
    v4.sin_addr.s_addr = 0x0100007f; /* 127.0.0.1 */
    v6.sin6_addr.in6_u.u6_addr8[15] = 1;
    long fd = SYS(socket, family, STREAM, 0);
    if (fd < 0)
        return fd;
    int64_t wait[2] = {SECONDS, 0};
    SYS(setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, wait, sizeof wait);
    SYS(setsockopt, fd, SOL_SOCKET, SO_SNDTIMEO, wait, sizeof wait);
    long rc = family == V4 ? SYS(connect, fd, &v4, sizeof v4) : SYS(connect, fd, &v6, sizeof v6);
    if (rc >= 0)
        return fd;
    SYS(close, fd);
    return rc;
}

/* The three digits of "HTTP/1.x NNN", or 0. */
static unsigned status_of(const char *answer, size_t n)
{
    if (n < 12 || memcmp(answer, "HTTP/1.", 7) != 0 || answer[8] != ' ')
        return 0;
    unsigned status = 0;
    for (size_t i = 9; i < 12; i++) {
        if (answer[i] < '0' || answer[i] > '9')
            return 0;
        status = status * 10 + (unsigned)(answer[i] - '0');
    }
    return status;
}

/* Sends the request and reads the start of the answer: its status, or 0 with −errno in *rc. */
static unsigned ask(long fd, const char *path, long *rc)
{
    struct line request = {0};
    line_add(&request, "GET ");
    line_add(&request, path);
    line_add(&request, " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: shuck\r\n"
                       "Accept: */*\r\nConnection: close\r\n\r\n");
    *rc = SYS(sendto, fd, request.at, request.n, 0x4000 /* MSG_NOSIGNAL */, NULL, 0);
    char answer[12];
    size_t n = 0;
    while (*rc > 0 && n < sizeof answer) {
        *rc = SYS(read, fd, answer + n, sizeof answer - n);
        n += *rc > 0 ? (size_t)*rc : 0;
    }
    return status_of(answer, n);
}

int mode_health(struct words *w)
{
    struct line l = {0};
    const char *at = w->argc == 3 ? w->argv[1] : "";
    uint64_t port;
    if (w->argc != 3 || !text_is(w->argv[0], "http") || !text_number(&at, 10, 65535, &port) ||
        *at || w->argv[2][0] != '/') {
        line_add(&l, "health: takes http PORT /PATH");
        line_print(&l, 2);
        return 125;
    }
    uint16_t network_order = __builtin_bswap16((uint16_t)port);
    long fd = connect_to(network_order, V4), rc = fd;
    if (fd < 0)
        fd = connect_to(network_order, V6);
    unsigned status = fd >= 0 ? ask(fd, w->argv[2], &rc) : 0;
    if (status >= 200 && status < 400)
        return 0;
    line_add(&l, "health: port ");
    line_number(&l, port);
    line_add(&l, ": ");
    if (status) {
        line_add(&l, "status ");
        line_number(&l, status);
    } else if (rc < 0) {
        line_errno(&l, (int)-rc);
    } else {
        line_add(&l, "no HTTP answer");
    }
    line_print(&l, 2);
    return 1;
}
