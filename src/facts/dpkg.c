/* dpkg: text of dpkg's database → packages and their file lists.
 *
 * deb822(5) paragraphs: "Field: value", continued by lines that begin with a blank, ended by an
 * empty line. Only fields that facts need are looked at.
 *
 * Invariants
 * 1. A package counts when its files are on disk: neither "not-installed" nor "config-files".
 *    (test_dpkg: states)
 * 2. What is added is bounded by struct facts_room, whatever the text. (fuzz_dpkg, test_dpkg: room)
 */
#include "base/limits.h"
#include "facts/parse.h"

enum field {
    PACKAGE,
    VERSION,
    ARCHITECTURE,
    SOURCE,
    STATUS,
    SECTION,
    ESSENTIAL,
    INSTALLED_SIZE,
    DEPENDS,
    PRE_DEPENDS,
    PROVIDES,
    N_FIELDS
};

static const struct str field_names[N_FIELDS] = {
    [PACKAGE] = STR_INIT("package"),
    [VERSION] = STR_INIT("version"),
    [ARCHITECTURE] = STR_INIT("architecture"),
    [SOURCE] = STR_INIT("source"),
    [STATUS] = STR_INIT("status"),
    [SECTION] = STR_INIT("section"),
    [ESSENTIAL] = STR_INIT("essential"),
    [INSTALLED_SIZE] = STR_INIT("installed-size"),
    [DEPENDS] = STR_INIT("depends"),
    [PRE_DEPENDS] = STR_INIT("pre-depends"),
    [PROVIDES] = STR_INIT("provides"),
};

struct facts_room facts_room(void)
{
    return (struct facts_room){LIMIT_PACKAGES, LIMIT_PACKAGE_NAMES, LIMIT_PACKAGE_FILES,
                               LIMIT_FACTS_BYTES};
}

/* Field names are compared without regard to case. */
static bool same_name(struct str got, struct str lower)
{
    if (got.n != lower.n)
        return false;
    for (size_t i = 0; i < got.n; i++) {
        char c = got.p[i];
        if ((c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c) != lower.p[i])
            return false;
    }
    return true;
}

/* Takes one paragraph's wanted fields off *rest; false at the end of the text. A folded value is
 * one view from its first to its last line. */
static bool next_paragraph(struct str *rest, struct str fields[N_FIELDS])
{
    struct str line, name, value, *last = NULL;
    bool any = false;
    for (size_t i = 0; i < N_FIELDS; i++)
        fields[i] = (struct str){0};
    while (str_line(rest, &line)) {
        if (!str_trim(line).n) {
            if (any)
                return true;
            continue;
        }
        any = true;
        if (line.p[0] == ' ' || line.p[0] == '\t') {
            if (last)
                last->n = (size_t)(line.p + line.n - last->p);
            continue;
        }
        last = NULL;
        if (!str_cut(line, ':', &name, &value))
            continue;
        for (size_t i = 0; i < N_FIELDS && !last; i++)
            if (same_name(name, field_names[i]))
                last = &fields[i];
        if (last)
            *last = str_trim(value);
    }
    return any;
}

/* "libc6 (>= 2.36), a:any | b [amd64] <!nocheck>" → libc6, a, b. */
static void add_relations(struct arena *a, struct str list, struct facts_room *room,
                          struct strs *ret)
{
    while (list.n && room->names) {
        size_t n = 0;
        while (n < list.n && list.p[n] != ',' && list.p[n] != '|')
            n++;
        struct str one = str_trim(str_slice(list, 0, n));
        list = str_from(list, n + 1);
        n = 0;
        while (n < one.n && !strchr(" \t\n(:[<", one.p[n]))
            n++;
        if (!n)
            continue;
        facts_add(a, ret, str_slice(one, 0, n));
        room->names--;
    }
}

/* "want flag state"; a paragraph without Status (status.d) is of an installed package. */
static bool is_on_disk(struct str status)
{
    struct str state = {0}, word;
    while (str_word(&status, &word))
        state = word;
    return !str_is(state, "not-installed") && !str_is(state, "config-files");
}

static void set_source(struct str source, struct facts_package *p)
{
    struct str version;
    p->source = p->name;
    p->source_version = p->version;
    if (!source.n)
        return;
    bool has_version = str_cut(source, '(', &source, &version);
    p->source = str_trim(source);
    if (has_version)
        p->source_version = str_trim(str_slice(version, 0, str_find(version, ')')));
}

static void set_size(struct str kib, struct facts_package *p)
{
    uint64_t n;
    if (str_u64(kib, 10, &n) == 0 && n < UINT64_MAX / 1024)
        p->installed_size = n * 1024;
}

void facts_dpkg_read(struct str text, struct arena *a, struct facts_room *room,
                     struct facts_packages *ret)
{
    struct str f[N_FIELDS];
    while (room->packages && next_paragraph(&text, f)) {
        if (!f[PACKAGE].n || !is_on_disk(f[STATUS]))
            continue;
        struct facts_package *p = vec_push(a, ret);
        room->packages--;
        p->kind = PACKAGE_DPKG;
        p->name = f[PACKAGE];
        p->version = f[VERSION];
        p->arch = f[ARCHITECTURE];
        p->section = f[SECTION];
        p->essential = str_is(f[ESSENTIAL], "yes");
        set_source(f[SOURCE], p);
        set_size(f[INSTALLED_SIZE], p);
        add_relations(a, f[PRE_DEPENDS], room, &p->depends);
        add_relations(a, f[DEPENDS], room, &p->depends);
        add_relations(a, f[PROVIDES], room, &p->provides);
    }
}

static struct strs line_room(struct str text, struct arena *a, const struct facts_room *room)
{
    size_t n = 0;
    for (struct str line; n < room->files && str_line(&text, &line);)
        n++;
    return (struct strs){arena_array(a, struct str, n), 0};
}

struct strs facts_dpkg_list(struct str text, struct arena *a, struct facts_room *room)
{
    struct strs files = line_room(text, a, room);
    for (struct str line; room->files && str_line(&text, &line);) {
        if (line.n < 2 || line.p[0] != '/' || str_is(line, "/."))
            continue;
        files.v[files.n++] = line;
        room->files--;
    }
    return files;
}

struct strs facts_dpkg_md5sums(struct str text, struct arena *a, struct facts_room *room)
{
    struct strs files = line_room(text, a, room);
    for (struct str line, sum; room->files && str_line(&text, &line);) {
        if (!str_word(&line, &sum) || sum.n != 32)
            continue;
        struct str path = str_trim(line);
        if (str_starts(path, STR("./")))
            path = str_from(path, 2);
        if (!path.n)
            continue;
        files.v[files.n++] = str_fmt(a, "/" STR_F, STR_A(path));
        room->files--;
    }
    return files;
}
