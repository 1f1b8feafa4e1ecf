/* report: values → records on the report descriptor, as wire.h lays them out.
 *
 * Invariants
 * 1. A record is written by one write(2) of at most WIRE_RECORD_MAX bytes, so that what two
 *    processes write to the pipe is never mixed. (tests/agent.t: long arguments)
 * 2. A record is written before the program goes on, or it was written before: nothing that
 *    happened is lost when the container is killed. (tests/agent.t: killed)
 */
#include "agent/agent.h"

void record_begin(struct record *r, enum wire_type type)
{
    r->n = 4;
    r->cut = false;
    record_u8(r, (uint8_t)type);
}

static void add(struct record *r, const void *p, size_t n)
{
    if (n > sizeof r->at - r->n) {
        r->cut = true;
        return;
    }
    memcpy(r->at + r->n, p, n);
    r->n += (uint32_t)n;
}

/* Both machines are little-endian, as the wire is. */
void record_u8(struct record *r, uint8_t v)
{
    add(r, &v, sizeof v);
}

void record_u16(struct record *r, uint16_t v)
{
    add(r, &v, sizeof v);
}

void record_u32(struct record *r, uint32_t v)
{
    add(r, &v, sizeof v);
}

void record_bytes(struct record *r, const void *p, size_t n)
{
    size_t room = sizeof r->at - r->n;
    if (room < 2) {
        r->cut = true;
        return;
    }
    if (n > room - 2) {
        r->cut = true;
        n = room - 2;
    }
    record_u16(r, (uint16_t)n);
    add(r, p, n);
}

void record_text(struct record *r, const char *s)
{
    record_bytes(r, s, text_length(s));
}

void report_send(struct record *r)
{
    uint32_t payload = r->n - 4;
    memcpy(r->at, &payload, sizeof payload);
    for (uint32_t done = 0; done < r->n;) {
        long n = SYS(write, WIRE_REPORT_FD, r->at + done, r->n - done);
        if (n == -EINTR || n == -EAGAIN)
            continue;
        if (n <= 0)
            return;
        done += (uint32_t)n;
    }
}

void report_hello(void)
{
    struct record r;
    record_begin(&r, WIRE_HELLO);
    record_u32(&r, WIRE_VERSION);
    report_send(&r);
}

void report_bye(void)
{
    struct record r;
    record_begin(&r, WIRE_BYE);
    report_send(&r);
}

void report_refused(const char *words)
{
    struct record r;
    record_begin(&r, WIRE_REFUSED);
    record_text(&r, words);
    report_send(&r);
}

void report_refused_errno(const char *words, int error)
{
    struct line l = {0};
    line_add(&l, words);
    line_add(&l, ": ");
    line_errno(&l, error);
    report_refused(l.at);
}

void report_exit(uint32_t pid, int status, bool is_main)
{
    struct record r;
    record_begin(&r, WIRE_EXIT);
    record_u32(&r, pid);
    record_u32(&r, (uint32_t)status);
    record_u8(&r, is_main);
    report_send(&r);
}

void report_mark(enum wire_mark outcome, int error, const char *evidence)
{
    struct record r;
    record_begin(&r, WIRE_MARK);
    record_u8(&r, (uint8_t)outcome);
    record_u32(&r, (uint32_t)error);
    record_text(&r, evidence);
    report_send(&r);
}
