/* address: see address.h.
 *
 * Invariants
 * 1. An address that was read has no blank, control character or user in it, and its host is a
 *    name, or a whole IP address: nothing that curl reads in another way. (test_address: refused)
 * 2. Host and path are views into the text that was read, or into where it was followed from; an
 *    address holds no memory of its own. (test_address: follows)
 */
#include "image/address.h"

#include <arpa/inet.h>

#include "base/buf.h"
#include "base/limits.h"

static struct str without_port(struct str host)
{
    size_t colon = str_rfind(host, ':'), close = str_rfind(host, ']');
    return colon < host.n && (close == host.n || colon > close) ? str_slice(host, 0, colon) : host;
}

/* The bytes of an IP address: 4 or 16; 0: it is a name. */
static int ip_of(struct str host, unsigned char to[16])
{
    char text[64];
    struct str bare = without_port(host);
    if (bare.n > 2 && *bare.p == '[' && bare.p[bare.n - 1] == ']')
        bare = str_slice(bare, 1, bare.n - 1);
    if (!bare.n || bare.n >= sizeof text)
        return 0;
    memcpy(text, bare.p, bare.n);
    text[bare.n] = 0;
    if (inet_pton(AF_INET, text, to) == 1)
        return 4;
    if (inet_pton(AF_INET6, text, to) != 1)
        return 0;
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (memcmp(to, mapped, sizeof mapped) != 0)
        return 16;
    memmove(to, to + 12, 4);
    return 4;
}

bool address_is_here(struct str host)
{
    unsigned char ip[16];
    static const unsigned char v6[16] = {[15] = 1};
    int n = ip_of(host, ip);
    if (n)
        return n == 4 ? ip[0] == 127 : !memcmp(ip, v6, sizeof v6);
    return str_eq_case(without_port(host), STR("localhost"));
}

/* Of no public network: RFC 1918, 6598, 3927, 4193, link-local, this machine. */
static bool is_inner(struct str host)
{
    unsigned char ip[16];
    int n = ip_of(host, ip);
    if (address_is_here(host) || str_ends(without_port(host), STR(".localhost")))
        return true;
    if (n == 4)
        return ip[0] == 0 || ip[0] == 10 || (ip[0] == 172 && (ip[1] & 0xf0) == 16) ||
               (ip[0] == 192 && ip[1] == 168) || (ip[0] == 169 && ip[1] == 254) ||
               (ip[0] == 100 && (ip[1] & 0xc0) == 64);
    return n == 16 && ((ip[0] & 0xfe) == 0xfc || (ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80) ||
                       (ip[0] == 0 && ip[1] == 0));
}

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Letters, digits and _, with dashes inside, parted by dots. */
static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool edge = i == 0 || i + 1 == s.n || s.p[i - 1] == '.' || s.p[i + 1] == '.';
        if (!is_alnum(c) && c != '_' && (edge || (c != '-' && c != '.')))
            return false;
    }
    return s.n > 0 && s.n < LIMIT_ADDRESS_HOST;
}

/* Its last label is a number: inet_aton, and so curl, reads it as an IP address, where we would see
 * a name. */
static bool is_number(struct str name)
{
    size_t dot = str_rfind(name, '.');
    struct str last = dot < name.n ? str_from(name, dot + 1) : name;
    bool hex = str_starts_case(last, STR("0x"));
    for (size_t i = hex ? 2 : 0; i < last.n; i++) {
        char c = last.p[i];
        if (!(c >= '0' && c <= '9') && !(hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))))
            return false;
    }
    return true;
}

bool address_is_host(struct str host)
{
    unsigned char ip[16];
    struct str name = without_port(host), port = str_from(host, name.n);
    uint64_t number;
    if (port.n &&
        (port.n > 6 || str_u64(str_from(port, 1), 10, &number) || !number || number > 65535))
        return false;
    if (name.n && *name.p == '[')
        return str_find(name, ':') < name.n && ip_of(name, ip);
    return is_name(name) && (!is_number(name) || ip_of(name, ip));
}

static bool is_path(struct str path)
{
    if (!path.n || *path.p != '/' || path.n > LIMIT_ADDRESS_PATH)
        return false;
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] <= ' ' || path.p[i] >= 0x7f || path.p[i] == '#' || path.p[i] == '\\')
            return false;
    return true;
}

/* What stands behind "https://" or "http://". */
static int read_rest(bool tls, struct str rest, struct address *ret, struct err *e)
{
    size_t end = 0;
    while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?' && rest.p[end] != '#')
        end++;
    struct address to = {tls, str_slice(rest, 0, end), str_from(rest, end)};
    if (!to.path.n)
        to.path = STR("/");
    if (!address_is_host(to.host) || !is_path(to.path))
        return err_set(e, ERR_INPUT, "\"%s" STR_F "\" is no address to go to",
                       tls ? "https://" : "http://", STR_A(str_slice(rest, 0, 200)));
    *ret = to;
    return 0;
}

int address_read(struct str text, struct address *ret, struct err *e)
{
    if (str_starts_case(text, STR("https://")))
        return read_rest(true, str_from(text, 8), ret, e);
    if (str_starts_case(text, STR("http://")))
        return read_rest(false, str_from(text, 7), ret, e);
    return err_set(e, ERR_INPUT, "\"" STR_F "\" is no address of http or https",
                   STR_A(str_slice(text, 0, 200)));
}

int address_follow(const struct address *from, struct str location, struct address *ret,
                   struct err *e)
{
    if (str_starts(location, STR("//")))
        return read_rest(from->tls, str_from(location, 2), ret, e);
    if (!str_starts(location, STR("/")))
        return address_read(location, ret, e);
    if (!is_path(location))
        return err_set(e, ERR_INPUT, "it leads to %s",
                       location.n > LIMIT_ADDRESS_PATH ? "an address that is too long"
                                                       : "what is no address");
    *ret = (struct address){from->tls, from->host, location};
    return 0;
}

struct str address_text(struct arena *a, const struct address *address)
{
    return str_fmt(a, "%s://" STR_F STR_F, address->tls ? "https" : "http", STR_A(address->host),
                   STR_A(address->path));
}

int address_allows(const struct address *from, const struct address *to, struct err *e)
{
    bool home = address_is_here(from->host) && address_is_here(to->host);
    if (!to->tls && !(home && !from->tls))
        return err_set(e, ERR_INPUT, STR_F " leads to http://" STR_F ", where everybody can listen",
                       STR_A(from->host), STR_A(to->host));
    if (is_inner(to->host) && !is_inner(from->host) && !str_eq(from->host, to->host))
        return err_set(e, ERR_INPUT, STR_F " leads to " STR_F ", which is not in a public network",
                       STR_A(from->host), STR_A(to->host));
    return 0;
}

static struct str last_labels(struct str host)
{
    struct str name = without_port(host);
    size_t dot = str_rfind(name, '.');
    if (dot == name.n)
        return name;
    size_t before = str_rfind(str_slice(name, 0, dot), '.');
    return before < dot ? str_from(name, before + 1) : name;
}

bool address_is_kin(struct str host, struct str other)
{
    unsigned char ip[16];
    if (ip_of(host, ip) || ip_of(other, ip))
        return str_eq(without_port(host), without_port(other));
    return str_eq_case(last_labels(host), last_labels(other));
}

struct str address_escape(struct arena *a, struct str s)
{
    struct buf b = {.a = a};
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (is_alnum(c) || (c && strchr("-._~", c)))
            buf_addc(&b, c);
        else
            buf_addf(&b, "%%%02X", (unsigned char)c);
    }
    return buf_str(&b);
}
