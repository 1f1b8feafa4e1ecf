/* challenge: see challenge.h.
 *
 * Invariants
 * 1. An address that was read has no blank, control character or user in it, and its host is a
 *    name, or a whole IP address: nothing that curl reads in another way. (test_challenge: refused)
 * 2. A token has no byte that would end its header. (test_challenge: token)
 */
#include "image/challenge.h"

#include <arpa/inet.h>

#include "base/buf.h"
#include "base/json.h"

enum { HOST_MOST = 260, PATH_MOST = 16 * 1024, TOKEN_MOST = 16 * 1024 };

/* ---- challenges ---- */

static bool is_token_byte(char c)
{
    return c > ' ' && c < 0x7f && !strchr("\"(),/:;<=>?@[\\]{}", c);
}

static struct str take_token(struct str *rest)
{
    size_t n = 0;
    while (n < rest->n && is_token_byte(rest->p[n]))
        n++;
    struct str token = str_slice(*rest, 0, n);
    *rest = str_from(*rest, n);
    return token;
}

static void skip(struct str *rest, const char *bytes)
{
    while (rest->n && *rest->p && strchr(bytes, *rest->p))
        *rest = str_from(*rest, 1);
}

/* A token, or a string in quotes. */
static struct str take_value(struct arena *a, struct str *rest)
{
    struct buf b = {.a = a};
    if (!rest->n || *rest->p != '"')
        return take_token(rest);
    *rest = str_from(*rest, 1);
    while (rest->n && *rest->p != '"') {
        *rest = str_from(*rest, *rest->p == '\\' && rest->n > 1);
        buf_addc(&b, *rest->p);
        *rest = str_from(*rest, 1);
    }
    *rest = str_from(*rest, 1);
    return buf_str(&b);
}

struct challenge challenge_read(struct arena *a, struct str header)
{
    struct challenge best = {0}, now = {0};
    size_t number = 0, best_number = 0;
    while (header.n) {
        skip(&header, " \t,");
        struct str word = take_token(&header);
        if (!word.n) {
            header = str_from(header, 1);
            continue;
        }
        if (!header.n || *header.p != '=') {
            number++;
            now =
                (struct challenge){.kind = str_is(str_lower(a, word), "bearer")  ? CHALLENGE_BEARER
                                           : str_is(str_lower(a, word), "basic") ? CHALLENGE_BASIC
                                                                                 : CHALLENGE_NONE};
        } else {
            header = str_from(header, 1);
            struct str value = take_value(a, &header);
            if (str_eq_case(word, STR("realm")))
                now.realm = value;
            else if (str_eq_case(word, STR("service")))
                now.service = value;
        }
        if (now.kind > best.kind || number == best_number) {
            best = now;
            best_number = number;
        }
    }
    return best;
}

int challenge_token(struct arena *a, struct str json, struct str *ret, struct err *e)
{
    JSON_AUTO json_t *j = NULL;
    struct str token = {0};
    if (json_read(json, &j, e))
        return err_wrap(e, "its token");
    if (!json_is_object(j))
        return err_set(e, ERR_INPUT, "its token is no JSON object");
    if (json_get_str(j, "token", a, &token, e) ||
        (!token.n && json_get_str(j, "access_token", a, &token, e)))
        return -1;
    for (size_t i = 0; i < token.n; i++)
        if (token.p[i] <= ' ' || token.p[i] >= 0x7f)
            return err_set(e, ERR_INPUT, "its token has bytes that no token has");
    if (!token.n || token.n > TOKEN_MOST)
        return err_set(e, ERR_INPUT, "it sends %s token", token.n ? "too long a" : "no");
    *ret = token;
    return 0;
}

/* ---- addresses ---- */

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

/* A name; an IP address only as it is written by everybody: no 0x7f.1, no 2130706433. */
static bool is_host(struct str host)
{
    unsigned char ip[16];
    struct str name = without_port(host), port = str_from(host, name.n);
    uint64_t number;
    if (port.n && (port.n > 6 || str_u64(str_from(port, 1), 10, &number) || number > 65535))
        return false;
    if (ip_of(host, ip))
        return true;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_' || (c == '.' && i)))
            return false;
    }
    size_t dot = str_rfind(name, '.');
    struct str last = dot < name.n ? str_from(name, dot + 1) : name;
    return name.n && name.n < HOST_MOST && last.n && !(*last.p >= '0' && *last.p <= '9');
}

int address_read(struct str text, struct address *ret, struct err *e)
{
    struct address to = {.tls = str_starts_case(text, STR("https://"))};
    struct str rest = str_from(text, to.tls ? 8 : 7);
    size_t end = 0;
    if (!to.tls && !str_starts_case(text, STR("http://")))
        return err_set(e, ERR_INPUT, "\"" STR_F "\" is no address of http or https",
                       STR_A(str_slice(text, 0, 200)));
    while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?' && rest.p[end] != '#')
        end++;
    to.host = str_slice(rest, 0, end);
    to.path = str_from(rest, end);
    if (!to.path.n)
        to.path = STR("/");
    bool good = is_host(to.host) && *to.path.p == '/' && to.path.n <= PATH_MOST;
    for (size_t i = 0; i < to.path.n && good; i++)
        good = to.path.p[i] > ' ' && to.path.p[i] < 0x7f && to.path.p[i] != '#' &&
               to.path.p[i] != '\\';
    if (!good)
        return err_set(e, ERR_INPUT, "\"" STR_F "\" is no address to go to",
                       STR_A(str_slice(text, 0, 200)));
    *ret = to;
    return 0;
}

int address_follow(const struct address *from, struct str location, struct address *ret,
                   struct err *e)
{
    char text[PATH_MOST + 8];
    struct address to;
    if (str_starts(location, STR("//")) && location.n <= PATH_MOST) {
        int n =
            snprintf(text, sizeof text, "%s:" STR_F, from->tls ? "https" : "http", STR_A(location));
        if (address_read((struct str){text, (size_t)n}, &to, e))
            return -1;
        /* back into what the caller holds: the scheme is not part of host or path */
        to.host.p = location.p + 2;
        to.path.p = to.path.p >= text && to.path.p < text + sizeof text ? location.p + 2 + to.host.n
                                                                        : to.path.p;
        *ret = to;
        return 0;
    }
    if (!str_starts(location, STR("/")))
        return address_read(location, ret, e);
    for (size_t i = 0; i < location.n; i++)
        if (location.p[i] <= ' ' || location.p[i] >= 0x7f || location.p[i] == '#' ||
            location.p[i] == '\\')
            return err_set(e, ERR_INPUT, "it leads to what is no address");
    if (location.n > PATH_MOST)
        return err_set(e, ERR_INPUT, "it leads to an address that is too long");
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
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            (c && strchr("-._~", c)))
            buf_addc(&b, c);
        else
            buf_addf(&b, "%%%02X", (unsigned char)c);
    }
    return buf_str(&b);
}
