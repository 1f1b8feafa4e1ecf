/* reference: see reference.h.
 *
 * Invariants
 * 1. What is taken has no byte that means something in an address: parts go into one as they are.
 *    (test_reference: refused)
 * 2. A registry is a host that address_is_host() knows, so none that is looked up as another than
 *    it reads: the grammar takes 127.1:5000/x, this does not. (test_reference: numbers)
 */
#include "image/reference.h"

#include "base/digest.h"
#include "base/limits.h"
#include "image/address.h"

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z');
}

static bool has_capital(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 'A' && s.p[i] <= 'Z')
            return true;
    return false;
}

/* Small letters and digits, parted by a dot, one or two underscores, or dashes. */
static bool is_component(struct str s)
{
    size_t i = 0;
    while (i < s.n) {
        size_t from = i;
        while (i < s.n && (is_lower(s.p[i]) || is_digit(s.p[i])))
            i++;
        if (i == from)
            return false;
        if (i == s.n)
            return true;
        size_t dashes = i;
        while (i < s.n && s.p[i] == '-')
            i++;
        if (i > dashes)
            continue;
        i += str_starts(str_from(s, i), STR("__")) ? 2 : s.p[i] == '.' || s.p[i] == '_';
        if (i == dashes)
            return false;
    }
    return false;
}

static bool is_repository(struct str s)
{
    struct str part;
    bool more = true;
    while (more) {
        more = str_cut(s, '/', &part, &s);
        if (!is_component(part))
            return false;
    }
    return true;
}

static bool is_tag(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_alnum(s.p[i]) && s.p[i] != '_' && (!i || (s.p[i] != '.' && s.p[i] != '-')))
            return false;
    return s.n > 0 && s.n <= LIMIT_REFERENCE_TAG;
}

static bool names_host(struct str first)
{
    return str_find(first, '.') < first.n || str_find(first, ':') < first.n ||
           str_is(first, "localhost") || has_capital(first);
}

static int refuse(struct err *e, struct str text, const char *why)
{
    return err_set(e, ERR_INPUT, "\"" STR_F "\" is no name of an image: %s",
                   STR_A(str_slice(text, 0, 300)), why);
}

int reference_parse(struct arena *a, struct str text, struct reference *ret, struct err *e)
{
    struct reference r = {.host = STR("docker.io")};
    struct str rest = text, first, tail;
    struct digest digest;
    if (str_cut(rest, '@', &rest, &r.digest) && digest_parse(r.digest, &digest, e))
        return err_wrap(e, "\"" STR_F "\"", STR_A(str_slice(text, 0, 300)));
    if (str_cut(rest, '/', &first, &tail) && names_host(first)) {
        r.host = first;
        rest = tail;
    }
    if (str_cut(rest, ':', &r.repository, &r.tag) && !is_tag(r.tag))
        return refuse(e, text, "a tag has up to 128 letters, digits, and _ . - inside");
    if (str_is(r.host, "index.docker.io"))
        r.host = STR("docker.io");
    if (!address_is_host(r.host) || str_find(r.host, '_') < r.host.n)
        return refuse(e, text, "what is before the first slash is no registry");
    if (has_capital(r.repository))
        return refuse(e, text, "it is written in small letters");
    if (!is_repository(r.repository))
        return refuse(e, text, "it has small letters and digits, parted by . _ - or /");
    if (str_is(r.host, "docker.io") && str_find(r.repository, '/') == r.repository.n)
        r.repository = str_fmt(a, "library/" STR_F, STR_A(r.repository));
    if (r.host.n + 1 + r.repository.n > LIMIT_REFERENCE_NAME)
        return refuse(e, text, "it is longer than 255 bytes");
    *ret = r;
    return 0;
}

struct str reference_server(const struct reference *r)
{
    return str_is(r->host, "docker.io") ? STR("registry-1.docker.io") : r->host;
}

struct str reference_place(struct arena *a, const struct reference *r)
{
    return str_fmt(a, STR_F "/" STR_F, STR_A(r->host), STR_A(r->repository));
}

struct str reference_text(struct arena *a, const struct reference *r)
{
    return str_fmt(a, STR_F "/" STR_F "%s" STR_F, STR_A(r->host), STR_A(r->repository),
                   r->digest.n ? "@" : ":",
                   STR_A(r->digest.n ? r->digest
                         : r->tag.n  ? r->tag
                                     : STR("latest")));
}
