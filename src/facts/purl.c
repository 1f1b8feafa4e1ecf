/* purl: what a package is called → its package URL.
 *
 * Invariants
 * 1. Two names that the type's rules hold for the same give the same URL. (test_purl: normalised)
 * 2. No byte that means something in a URL comes from a name as it is, and no part is "." or "..",
 *    which those who take a URL for a path would follow. (test_purl: encoded)
 */
#include "facts/purl.h"

#include "base/buf.h"

enum { LOWER_NAMESPACE = 1, LOWER_NAME = 2, DASHES = 4 };

static const struct type {
    const char *name;
    unsigned rules;
} types[] = {
    {"apk", LOWER_NAMESPACE | LOWER_NAME},
    {"cargo", 0},
    {"composer", LOWER_NAMESPACE | LOWER_NAME},
    {"deb", LOWER_NAMESPACE | LOWER_NAME},
    {"gem", 0},
    {"golang", LOWER_NAMESPACE | LOWER_NAME},
    {"maven", 0},
    {"npm", LOWER_NAMESPACE},
    {"nuget", 0},
    {"pypi", LOWER_NAME | DASHES},
    {"rpm", LOWER_NAMESPACE},
};

static unsigned rules_of(const char *type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!strcmp(types[i].name, type))
            return types[i].rules;
    return 0;
}

static char changed(char c, bool lower, bool dashes)
{
    if (lower && c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return dashes && c == '_' ? '-' : c;
}

static bool stands_for_itself(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr(".-_~:", c));
}

static void add_encoded(struct buf *b, struct str s, bool lower, bool dashes)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = changed(s.p[i], lower, dashes);
        if (stands_for_itself(c))
            buf_addc(b, c);
        else
            buf_addf(b, "%%%02X", (unsigned)(unsigned char)c);
    }
}

/* A part between slashes: namespace or name. */
static void add_part(struct buf *b, struct str part, bool lower, bool dashes)
{
    if (str_is(part, ".") || str_is(part, ".."))
        buf_addz(b, part.n == 1 ? "%2E" : "%2E%2E");
    else
        add_encoded(b, part, lower, dashes);
}

struct str facts_purl_text(struct arena *a, const struct facts_purl *p)
{
    unsigned rules = rules_of(p->type);
    struct buf b = {.a = a};
    buf_addf(&b, "pkg:%s/", p->type);
    for (struct str rest = p->namespace, part; rest.n;) {
        str_cut(rest, '/', &part, &rest);
        if (!part.n)
            continue;
        add_part(&b, part, rules & LOWER_NAMESPACE, false);
        buf_addc(&b, '/');
    }
    add_part(&b, p->name, rules & LOWER_NAME, rules & DASHES);
    if (p->version.n) {
        buf_addc(&b, '@');
        add_encoded(&b, p->version, false, false);
    }
    char between = '?';
    for (size_t i = 0; i < p->qualifiers.n; i++) {
        const struct str_pair *q = &p->qualifiers.v[i];
        if (!q->value.n)
            continue;
        buf_addf(&b, "%c" STR_F "=", between, STR_A(q->key));
        add_encoded(&b, q->value, false, false);
        between = '&';
    }
    return buf_str(&b);
}

/* rpm's epoch is a qualifier, dpkg's is part of the version. */
struct str facts_package_purl(struct arena *a, const struct facts_base *base,
                              const struct facts_package *p)
{
    static const struct {
        const char *type;
        struct str distribution; /* when os-release names none */
    } kinds[PACKAGE_KINDS] = {
        [PACKAGE_DPKG] = {"deb", STR_INIT("debian")},
        [PACKAGE_APK] = {"apk", STR_INIT("alpine")},
        [PACKAGE_RPM] = {"rpm", STR_INIT("")},
    };
    struct str distro = base->id, epoch = {0}, version = p->version;
    if (base->id.n && base->version_id.n)
        distro = str_fmt(a, STR_F "-" STR_F, STR_A(base->id), STR_A(base->version_id));
    if (p->kind == PACKAGE_RPM && str_find(version, ':') < version.n)
        str_cut(version, ':', &epoch, &version);
    struct str_pair qualifiers[] = {
        {STR("arch"), p->arch}, {STR("distro"), distro}, {STR("epoch"), epoch}};
    struct facts_purl purl = {kinds[p->kind].type,
                              base->id.n ? base->id : kinds[p->kind].distribution,
                              p->name,
                              version,
                              {qualifiers, 3}};
    return facts_purl_text(a, &purl);
}

/* "@scope/name" has a namespace. Other slashes are no names of npm's: they are encoded. */
static bool is_scoped(struct str name)
{
    size_t slash = str_find(name, '/');
    return name.n && name.p[0] == '@' && slash > 1 && slash == str_rfind(name, '/');
}

struct str facts_library_purl(struct arena *a, const struct facts_library *l)
{
    static const struct {
        const char *type;
        char between; /* what parts namespace and name: its last occurrence */
    } kinds[LIBRARY_KINDS] = {
        [LIBRARY_NPM] = {"npm", '/'},   [LIBRARY_PYTHON] = {"pypi", 0},
        [LIBRARY_GEM] = {"gem", 0},     [LIBRARY_COMPOSER] = {"composer", '/'},
        [LIBRARY_NUGET] = {"nuget", 0}, [LIBRARY_JAVA] = {"maven", ':'},
        [LIBRARY_GO] = {"golang", '/'}, [LIBRARY_CARGO] = {"cargo", 0},
    };
    struct facts_purl purl = {.type = kinds[l->kind].type, .name = l->name, .version = l->version};
    size_t at = kinds[l->kind].between ? str_rfind(l->name, kinds[l->kind].between) : l->name.n;
    if (at < l->name.n && (l->kind != LIBRARY_NPM || is_scoped(l->name))) {
        purl.namespace = str_slice(l->name, 0, at);
        purl.name = str_from(l->name, at + 1);
    }
    bool needs_both = l->kind == LIBRARY_JAVA || l->kind == LIBRARY_COMPOSER;
    if (!purl.name.n || (needs_both && !purl.namespace.n))
        return (struct str){0};
    return facts_purl_text(a, &purl);
}
