/* idmap: subordinate ids → the maps of a user namespace.
 *
 * Invariants
 * 1. Id 0 inside is the caller; ranges never overlap inside; a range of 0 ids or beyond 32 bits is
 *    dropped. (test_idmap)
 */
#include "sys/idmap.h"

#include <errno.h>
#include <pwd.h>
#include <unistd.h>

#include "sys/file.h"
#include "sys/spawn.h"

enum { RANGES_MAX = 300 /* the kernel takes 340 lines */, TEXT_MAX = 1 << 20 };

void sys_idmap_read(struct arena *a, struct str text, struct str user, uint64_t own,
                    struct sys_id_ranges *ret)
{
    *ret = (struct sys_id_ranges){0};
    *vec_push(a, ret) = (struct sys_id_range){0, own, 1};
    struct str number = str_fmt(a, "%llu", (unsigned long long)own), line, name, start, count;
    uint64_t inside = 1, outside, n;
    while (str_line(&text, &line) && ret->n < RANGES_MAX) {
        if (!str_cut(line, ':', &name, &start) || !str_cut(start, ':', &start, &count) ||
            (!(user.n && str_eq(name, user)) && !str_eq(name, number)))
            continue;
        if (str_u64(str_trim(start), 10, &outside) || str_u64(str_trim(count), 10, &n) || !n ||
            outside > UINT32_MAX || n > UINT32_MAX - outside || n > UINT32_MAX - inside)
            continue;
        *vec_push(a, ret) = (struct sys_id_range){inside, outside, n};
        inside += n;
    }
}

static int read_ranges(struct arena *a, const char *path, struct str user, uint64_t own,
                       struct sys_id_ranges *ret, struct err *e)
{
    struct str text = {0};
    if (sys_exists(str_of(path)) && sys_read_file(str_of(path), a, TEXT_MAX, &text, e))
        return -1;
    sys_idmap_read(a, text, user, own, ret);
    return 0;
}

int sys_idmap_own(struct arena *a, struct sys_idmap *ret, struct err *e)
{
    struct sys_idmap map = {0};
    const struct passwd *entry = getpwuid(geteuid());
    struct str user = entry ? str_dup(a, str_of(entry->pw_name)) : (struct str){0};
    if (!sys_which(a, STR("newuidmap"), &map.newuidmap) ||
        !sys_which(a, STR("newgidmap"), &map.newgidmap))
        return err_set(e, ERR_MACHINE,
                       "newuidmap and newgidmap are missing; apt-get install uidmap");
    if (read_ranges(a, "/etc/subuid", user, geteuid(), &map.uids, e) ||
        read_ranges(a, "/etc/subgid", user, getegid(), &map.gids, e))
        return -1;
    /* ranges of groups are filed under the user's name or number too, not under the group's */
    if (map.gids.n < 2 && geteuid() != getegid()) {
        struct sys_id_ranges by_user;
        if (read_ranges(a, "/etc/subgid", user, geteuid(), &by_user, e))
            return -1;
        by_user.v[0].outside = getegid();
        map.gids = by_user;
    }
    if (map.uids.n < 2 || map.gids.n < 2)
        return err_set(e, ERR_MACHINE,
                       "user " STR_F " has no subordinate ids; as root: usermod "
                       "--add-subuids 100000-165535 --add-subgids 100000-165535 " STR_F,
                       STR_A(user), STR_A(user));
    *ret = map;
    return 0;
}

static int write_map(struct str program, const struct sys_id_ranges *ranges, pid_t pid,
                     struct err *e)
{
    struct arena a = {0};
    struct strs argv = {arena_array(&a, struct str, 2 + 3 * ranges->n), 0};
    argv.v[argv.n++] = program;
    argv.v[argv.n++] = str_fmt(&a, "%d", (int)pid);
    vec_each (ranges, i) {
        const struct sys_id_range *r = &ranges->v[i];
        argv.v[argv.n++] = str_fmt(&a, "%llu", (unsigned long long)r->inside);
        argv.v[argv.n++] = str_fmt(&a, "%llu", (unsigned long long)r->outside);
        argv.v[argv.n++] = str_fmt(&a, "%llu", (unsigned long long)r->count);
    }
    struct str output;
    int status,
        rc = sys_run(&(struct sys_command){.argv = argv}, 10000, 4096, &a, &output, &status, e);
    if (!rc && status)
        rc = err_set(e, ERR_MACHINE, STR_F " failed: " STR_F, STR_A(program),
                     STR_A(str_trim(output)));
    arena_free(&a);
    return rc;
}

int sys_idmap_write(const struct sys_idmap *map, pid_t pid, struct err *e)
{
    return write_map(map->newuidmap, &map->uids, pid, e) ||
                   write_map(map->newgidmap, &map->gids, pid, e)
               ? -1
               : 0;
}

bool sys_in_user_namespace(void)
{
    struct arena a = {0};
    struct str text, word;
    struct err ignored;
    bool whole = false;
    if (sys_read_file(STR("/proc/self/uid_map"), &a, TEXT_MAX, &text, &ignored) == 0)
        whole = str_word(&text, &word) && str_is(word, "0") && str_word(&text, &word) &&
                str_is(word, "0") && str_word(&text, &word) && str_is(str_trim(word), "4294967295");
    arena_free(&a);
    return !whole;
}

/* Lines "INSIDE OUTSIDE COUNT". */
static bool is_mapped(struct str file, uint32_t id)
{
    struct arena a = {0};
    struct str text, line, from, skip, count;
    struct err ignored;
    bool found = false;
    if (sys_read_file(file, &a, TEXT_MAX, &text, &ignored))
        text = (struct str){0};
    while (!found && str_line(&text, &line)) {
        uint64_t first, n;
        found = str_word(&line, &from) && str_word(&line, &skip) && str_word(&line, &count) &&
                !str_u64(from, 10, &first) && !str_u64(count, 10, &n) && id >= first &&
                id - first < n;
    }
    arena_free(&a);
    return found;
}

bool sys_uid_mapped(uint32_t uid)
{
    return is_mapped(STR("/proc/self/uid_map"), uid);
}

bool sys_gid_mapped(uint32_t gid)
{
    return is_mapped(STR("/proc/self/gid_map"), gid);
}
