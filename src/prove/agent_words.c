/* agent_words: a move and the image's facts → the agent's arguments.
 *
 * Invariants
 * 1. Every path is absolute, so the agent cannot take one for another kind of word.
 *    (test_agent_words)
 */
#include "prove/agent_words.h"

enum { NO_USE = -1, MOST_TRIED = 24, MOST_COUNTED = LIMIT_KNOWN };

/* Which known files a move tries, and which make it worth while. */
static const struct {
    const char *move;
    int tries, worth;
    size_t most;
} uses[] = {
    {"x.sh", KNOWN_SHELL, NO_USE, MOST_TRIED},
    {"x.shmscript", KNOWN_SHELL, NO_USE, MOST_TRIED},
    {"x.interp", KNOWN_INTERPRETER, NO_USE, MOST_TRIED},
    {"x.cc", KNOWN_COMPILER, NO_USE, 4},
    {"x.ldso", KNOWN_LOADER, NO_USE, 6},
    {"t.pkg", KNOWN_PACKAGE_MANAGER, NO_USE, 8},
    {"t.dl", KNOWN_DOWNLOADER, NO_USE, MOST_TRIED},
    {"t.lotl", KNOWN_LOTL, NO_USE, MOST_COUNTED},
    {"p.preload", NO_USE, KNOWN_LOADER, 6},
    {"p.cron", NO_USE, KNOWN_CRON, 4},
    {"p.ssh", NO_USE, KNOWN_SSHD, 4},
    {"p.rc", NO_USE, KNOWN_SHELL, 8},
    {"e.suid", KNOWN_SETUID, NO_USE, 64},
    {"e.fcap", KNOWN_FCAPS, NO_USE, 32},
    {"r.file", KNOWN_SECRET, NO_USE, 64},
};

static const struct {
    const char *move;
    struct str folders[2];
} folders[] = {
    {"d.root", {STR_INIT("/")}},
    {"d.tmp", {STR_INIT("/tmp"), STR_INIT("/var/tmp")}},
    {"d.dev", {STR_INIT("/dev")}},
    {"d.shm", {STR_INIT("/dev/shm")}},
};

struct word_list VEC(struct str);

static void add_known(struct arena *a, const struct prove_move *move, const struct known *known,
                      struct word_list *to)
{
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        if (!str_is(str_of(move->id), uses[i].move))
            continue;
        int use = uses[i].tries != NO_USE ? uses[i].tries : uses[i].worth;
        const struct strs *paths = &known->paths[use];
        const char *prefix = use == uses[i].worth ? "for=" : "";
        for (size_t k = 0; k < paths->n && k < uses[i].most; k++)
            *vec_push(a, to) = str_fmt(a, "%s" STR_F, prefix, STR_A(paths->v[k]));
    }
}

static void add_folders(struct arena *a, const struct prove_move *move, struct word_list *to)
{
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        for (size_t k = 0; str_is(str_of(move->id), folders[i].move) && k < 2; k++)
            if (folders[i].folders[k].n)
                *vec_push(a, to) = folders[i].folders[k];
}

/* A path with a NUL cannot be an argument; the runtime would cut it. */
static void add_path(struct arena *a, struct str path, struct word_list *to)
{
    if (path.n && path.p[0] == '/' && str_find(path, '\0') == path.n)
        *vec_push(a, to) = path;
}

static void add_limit(struct arena *a, const struct prove_move *move, struct word_list *to)
{
    enum { UNLIMITED = 600, BEYOND = 64 };
    uint64_t pids = sandbox_restricted.pids;
    if (str_is(str_of(move->id), "q.fork"))
        *vec_push(a, to) = str_fmt(
            a, "limit=%u", (unsigned)(pids && pids < 4096 - BEYOND ? pids + BEYOND : UNLIMITED));
}

static struct strs done(const struct word_list *words)
{
    return (struct strs){words->v, words->n};
}

struct strs prove_words(struct arena *a, const struct prove_move *move, const struct facts *f,
                        const struct known *known)
{
    struct word_list w = {0};
    struct str id = str_of(move->id), home = f->run_as.home;
    *vec_push(a, &w) = STR("attack");
    *vec_push(a, &w) = id;
    add_known(a, move, known, &w);
    add_folders(a, move, &w);
    add_limit(a, move, &w);
    if (str_is(id, "x.self") || str_is(id, "d.app"))
        add_path(a, f->program_path, &w);
    if (str_is(id, "d.home"))
        add_path(a, home, &w);
    for (size_t i = 0; str_is(id, "d.vol") && i < f->image->config.volumes.n; i++)
        add_path(a, f->image->config.volumes.v[i], &w);
    if (home.n && home.p[0] == '/' && str_find(home, '\0') == home.n)
        *vec_push(a, &w) = str_fmt(a, "home=" STR_F, STR_A(home));
    return done(&w);
}

struct strs prove_control_words(struct arena *a, const struct prove_move *move)
{
    struct word_list w = {0};
    *vec_push(a, &w) = STR("attack");
    *vec_push(a, &w) = str_of(move->id);
    *vec_push(a, &w) = STR("control");
    add_folders(a, move, &w);
    add_limit(a, move, &w);
    if (str_is(str_of(move->id), "d.home"))
        *vec_push(a, &w) = STR("/root");
    *vec_push(a, &w) = STR("home=/root");
    return done(&w);
}
