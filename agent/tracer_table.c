/* tracer_table: process number → its call in progress; and what was reported already.
 *
 * Memory is bounded by the number of processes that are inside a call at the same time.
 *
 * Invariants
 * 1. Two different records are never taken for the same by chance or by choice: 64 bits, mixed with
 *    a number the program does not know. (tests/agent.t: as strace)
 */
#include "agent/tracer.h"

#include <linux/mman.h>

enum { BUCKETS = 1024, SLAB = 16, PIDS = 4194304, NEWS = 65536, PROBES = 16 };

static struct pending *buckets[BUCKETS], *free_list;

static bool refill(void)
{
    long p = SYS(mmap, 0, SLAB * sizeof(struct pending), PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p < 0 && p > -4096)
        return false;
    struct pending *slab = (struct pending *)p;
    for (int i = 0; i < SLAB; i++) {
        slab[i].next = free_list;
        free_list = &slab[i];
    }
    return true;
}

static struct pending **place(int pid)
{
    struct pending **at = &buckets[(unsigned)pid % BUCKETS];
    while (*at && (*at)->pid != pid)
        at = &(*at)->next;
    return at;
}

struct pending *pending_find(int pid)
{
    return *place(pid);
}

struct pending *pending_take(int pid)
{
    struct pending **at = place(pid);
    if (!*at) {
        if (!free_list && !refill())
            return NULL;
        *at = free_list;
        free_list = free_list->next;
        (*at)->next = NULL;
        (*at)->pid = pid;
    }
    (*at)->listen_fd = -1;
    (*at)->n = 0;
    return *at;
}

static struct pending *unhook(int pid)
{
    struct pending **at = place(pid), *p = *at;
    if (p)
        *at = p->next;
    return p;
}

void pending_drop(int pid)
{
    struct pending *p = unhook(pid);
    if (!p)
        return;
    p->next = free_list;
    free_list = p;
}

void pending_rename(int from, int to)
{
    if (from == to)
        return;
    pending_drop(to);
    struct pending *p = unhook(from);
    if (!p)
        return;
    struct pending **at = place(to);
    p->pid = to;
    p->next = NULL;
    *at = p;
}

static unsigned char threads[PIDS / 8];

void thread_set(int pid, bool is_thread)
{
    if (pid < 0 || pid >= PIDS)
        return;
    unsigned char bit = (unsigned char)(1 << pid % 8);
    if (is_thread)
        threads[pid / 8] |= bit;
    else
        threads[pid / 8] &= (unsigned char)~bit;
}

bool thread_is(int pid)
{
    return pid >= 0 && pid < PIDS && threads[pid / 8] >> pid % 8 & 1;
}

static uint64_t seeds[2], seen[NEWS];

void news_seed(const unsigned char *random)
{
    memcpy(seeds, random, sizeof seeds);
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    __uint128_t product = (__uint128_t)(h ^ v) * 0x9e3779b97f4a7c15ull;
    return (uint64_t)product ^ (uint64_t)(product >> 64) ^ seeds[1];
}

bool news(const void *p, size_t n)
{
    const unsigned char *at = p;
    uint64_t h = seeds[0] ^ n, word;
    for (; n >= sizeof word; n -= sizeof word, at += sizeof word) {
        memcpy(&word, at, sizeof word);
        h = mix(h, word);
    }
    word = 0;
    memcpy(&word, at, n);
    h = mix(mix(h, word), seeds[1]) | 1; /* 0 is a free place */
    for (unsigned i = 0; i < PROBES; i++) {
        uint64_t *slot = &seen[(h >> 8 ^ i) % NEWS];
        if (*slot == h)
            return false;
        if (!*slot) {
            *slot = h;
            return true;
        }
    }
    return true;
}
