/* net: the calling thread's network namespace. */
#include "sys/net.h"

#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "sys/file.h"

int sys_net_loopback_up(struct err *e)
{
    FD_AUTO int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq lo = {.ifr_name = "lo"};
    if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &lo))
        return err_sys(e, ERR_MACHINE, errno, "the loopback interface");
    lo.ifr_flags = (short)(lo.ifr_flags | IFF_UP);
    if (ioctl(fd, SIOCSIFFLAGS, &lo))
        return err_sys(e, ERR_MACHINE, errno, "bringing loopback up");
    FD_AUTO int start = open("/proc/sys/net/ipv4/ip_unprivileged_port_start", O_WRONLY | O_CLOEXEC);
    if (start >= 0 && write(start, "0", 1) != 1)
        return err_sys(e, ERR_MACHINE, errno, "letting everybody listen on low ports");
    return 0;
}

int sys_net_fresh(struct err *e)
{
    if (unshare(CLONE_NEWNET))
        return err_sys(e, ERR_MACHINE, errno, "a network namespace");
    return sys_net_loopback_up(e);
}

/* "0: 0100007F:1F90 00000000:0000 0A …": the state 0A is LISTEN. */
static void read_table(struct str text, bool v6, struct arena *a, struct sys_listeners *ret)
{
    struct str line, word, address, port;
    str_line(&text, &line); /* heading */
    while (str_line(&text, &line)) {
        struct str state;
        uint64_t number;
        if (!str_word(&line, &word) || !str_word(&line, &address) || !str_word(&line, &word) ||
            !str_word(&line, &state) || !str_is(state, "0A") ||
            !str_cut(address, ':', &address, &port) || str_u64(port, 16, &number))
            continue;
        bool wildcard = true;
        for (size_t i = 0; i < address.n; i++)
            wildcard &= address.p[i] == '0';
        *vec_push(a, ret) = (struct sys_listener){(uint16_t)number, v6, wildcard};
    }
}

int sys_net_listeners(struct arena *a, struct sys_listeners *ret, struct err *e)
{
    static const char *const tables[] = {"/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"};
    for (int v6 = 0; v6 < 2; v6++) {
        struct str text;
        if (v6 && !sys_exists(str_of(tables[v6])))
            continue; /* a kernel without IPv6 */
        if (sys_read_file(str_of(tables[v6]), a, LIMIT_TEXT_BYTES, &text, e))
            return err_wrap(e, "reading the listening sockets");
        read_table(text, v6, a, ret);
    }
    return 0;
}
