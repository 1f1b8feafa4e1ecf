/* users: passwd, group and shadow text → accounts; the config's User → ids.
 *
 * Runtimes read these files more loosely than libc does, and what they do is what counts here:
 * a field that is missing is empty, and an id that is no number is 0, which is root.
 *
 * Invariants
 * 1. The first entry that matches wins. (test_users: second)
 * 2. Of shadow nothing but names is kept. (test_users: shadow)
 */
#include "base/buf.h"
#include "base/limits.h"
#include "facts/parse.h"

/* Decimal with an optional sign, as runtimes take ids. */
static bool read_number(struct str s, int64_t *ret)
{
    bool minus = s.n && s.p[0] == '-';
    uint64_t u;
    if (s.n && (minus || s.p[0] == '+'))
        s = str_from(s, 1);
    if (str_u64(s, 10, &u) || u > INT64_MAX)
        return false;
    *ret = minus ? -(int64_t)u : (int64_t)u;
    return true;
}

static uint32_t read_id(struct str s)
{
    int64_t id = 0;
    return read_number(s, &id) ? (uint32_t)id : 0;
}

/* The line's fields; how many there are. */
static size_t split(struct str line, struct str *fields, size_t max)
{
    size_t n = 0;
    bool more = true;
    for (size_t i = 0; i < max; i++)
        fields[i] = (struct str){0};
    while (more && n < max)
        more = str_cut(line, ':', &fields[n++], &line);
    return n;
}

static size_t count_lines(struct str text)
{
    size_t n = 0;
    for (struct str line; n < LIMIT_ACCOUNTS && str_line(&text, &line);)
        n++;
    return n;
}

void facts_passwd_read(struct str text, struct arena *a, struct facts_user **ret, size_t *n)
{
    size_t room = count_lines(text), count = 0;
    struct facts_user *users = arena_array(a, struct facts_user, room);
    struct str line, f[7];
    for (uint32_t number = 1; number <= room && str_line(&text, &line); number++) {
        line = str_trim(line);
        if (!line.n)
            continue;
        size_t has = split(line, f, 7);
        users[count++] = (struct facts_user){
            .name = f[0],
            .home = f[5],
            .shell = f[6],
            .uid = read_id(f[2]),
            .gid = read_id(f[3]),
            .line = number,
            .empty_password = has > 1 && !f[1].n,
        };
    }
    *ret = users;
    *n = count;
}

static struct strs read_members(struct str list, struct arena *a, size_t *left)
{
    struct strs members = {0};
    struct str one;
    while (list.n && *left) {
        str_cut(list, ',', &one, &list);
        if (!one.n)
            continue;
        facts_add(a, &members, one);
        (*left)--;
    }
    return members;
}

void facts_group_read(struct str text, struct arena *a, struct facts_group **ret, size_t *n)
{
    size_t room = count_lines(text), count = 0, members = LIMIT_ACCOUNTS;
    struct facts_group *groups = arena_array(a, struct facts_group, room);
    struct str line, f[4];
    for (size_t i = 0; i < room && str_line(&text, &line); i++) {
        line = str_trim(line);
        if (!line.n)
            continue;
        split(line, f, 4);
        groups[count++] = (struct facts_group){
            .name = f[0], .gid = read_id(f[2]), .members = read_members(f[3], a, &members)};
    }
    *ret = groups;
    *n = count;
}

struct str facts_shadow_reduce(struct str text, struct arena *a)
{
    struct buf b = {.a = a};
    struct str line, f[2];
    while (str_line(&text, &line)) {
        if (split(line, f, 2) < 2 || f[1].n || !f[0].n)
            continue;
        buf_add(&b, f[0]);
        buf_addc(&b, '\n');
    }
    return buf_str(&b);
}

static bool is_member(const struct facts_group *g, struct str name)
{
    for (size_t i = 0; i < g->members.n; i++)
        if (str_eq(g->members.v[i], name))
            return true;
    return false;
}

static void add_supplementary(const struct facts *f, struct arena *a, struct str name,
                              struct facts_run_as *as)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_groups; i++)
        n += is_member(&f->groups[i], name);
    as->groups = arena_array(a, uint32_t, n);
    for (size_t i = 0; i < f->n_groups; i++)
        if (is_member(&f->groups[i], name))
            as->groups[as->n_groups++] = f->groups[i].gid;
}

/* An id a runtime takes: neither negative nor over 2^31 - 1. */
static bool in_range(int64_t id)
{
    return id >= 0 && id <= INT32_MAX;
}

static void take_user(const struct facts *f, struct str user, struct facts_run_as *as,
                      const struct facts_user **entry)
{
    int64_t id = 0;
    bool numeric = read_number(user, &id);
    as->verdict = !user.n ? USER_UNSET : numeric ? USER_NUMERIC : USER_BY_NAME;
    for (size_t i = 0; i < f->n_users && !*entry; i++) {
        const struct facts_user *u = &f->users[i];
        if (numeric || !user.n ? u->uid == id : str_eq(u->name, user))
            *entry = u;
    }
    if (*entry) {
        as->uid = (*entry)->uid;
        as->gid = (*entry)->gid;
        as->home = (*entry)->home;
    } else if (user.n && !numeric) {
        as->verdict = USER_UNKNOWN_NAME;
    } else if (!in_range(id)) {
        as->verdict = USER_MALFORMED;
    } else {
        as->uid = (uint32_t)id;
    }
}

static void take_group(const struct facts *f, struct str group, struct facts_run_as *as)
{
    int64_t id = 0;
    bool numeric = read_number(group, &id);
    for (size_t i = 0; i < f->n_groups; i++) {
        const struct facts_group *g = &f->groups[i];
        if (numeric ? g->gid == id : str_eq(g->name, group)) {
            as->gid = g->gid;
            return;
        }
    }
    if (!numeric)
        as->verdict = USER_UNKNOWN_NAME;
    else if (!in_range(id))
        as->verdict = USER_MALFORMED;
    else
        as->gid = (uint32_t)id;
}

void facts_resolve_user(const struct facts *f, struct arena *a, struct str user,
                        struct facts_run_as *ret)
{
    struct facts_run_as as = {.name = user, .home = STR("/")};
    const struct facts_user *entry = NULL;
    struct str name, group;
    str_cut(user, ':', &name, &group);
    take_user(f, name, &as, &entry);
    if (str_find(group, ':') < group.n) /* some runtimes refuse it, some ignore the rest */
        as.verdict = USER_MALFORMED;
    else if (group.n && as.verdict != USER_UNKNOWN_NAME && as.verdict != USER_MALFORMED)
        take_group(f, group, &as);
    else if (!group.n && entry && entry->name.n)
        add_supplementary(f, a, entry->name, &as);
    if (!as.home.n)
        as.home = STR("/");
    *ret = as;
}
