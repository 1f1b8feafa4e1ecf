/* address: "https://HOST/PATH", and where a server's word may lead from there.
 *
 * RFC 3986 as far as registries use it. What comes is a server's word: addresses that lead where
 * they should not are refused. Pure. */
#ifndef IMAGE_ADDRESS_H
#define IMAGE_ADDRESS_H

#include "base/err.h"
#include "base/str.h"

struct address {
    bool tls;
    struct str host; /* with its port, as written */
    struct str path; /* from its / on, with the query */
};

/* HOST, HOST:PORT or [V6]:PORT: a name, or an IP address as it is written by everybody. A name that
 * ends in a number is none: 127.1, 0x7f.1 and 2130706433 are this machine to those who look names
 * up, and a stranger to whom compares them. */
bool address_is_host(struct str host);

/* "https://HOST/PATH?QUERY" or "http://…", without user or fragment. ERR_INPUT: another. */
int address_read(struct str text, struct address *ret, struct err *e) MUST_USE;

/* Where a Location leads from there: a whole address, "//HOST/PATH" or "/PATH". */
int address_follow(const struct address *from, struct str location, struct address *ret,
                   struct err *e) MUST_USE;

struct str address_text(struct arena *a, const struct address *address);

/* HOST, HOST:PORT or [V6]:PORT is this machine: localhost, 127.x.y.z or ::1. */
bool address_is_here(struct str host);

/* A server may lead there: https, or http from this machine to itself; and not from outside to an
 * address of this machine or of a network that is not public. ERR_INPUT: why not. */
int address_allows(const struct address *from, const struct address *to, struct err *e) MUST_USE;

/* Both are run by the same people, as far as names tell: they end in the same two labels. */
bool address_is_kin(struct str host, struct str other);

/* For a query: all but letters, digits and -._~ as %XX. */
struct str address_escape(struct arena *a, struct str s);

#endif
