/* watch_secrets: the bytes of every file → secrets in it, and in the archives that files are.
 *
 * An archive is told by its first bytes and held until its end, a large one in an unnamed temporary
 * file. Where it is damaged, its own bytes are searched as well.
 *
 * Invariants
 * 1. An archive is searched in whatever pieces it comes, held in memory or not.
 *    (test_archive_search: pieces)
 * 2. Package managers' indexes and databases are not searched. (test_watch_secrets: index)
 * 3. Beside what search.h has, a layer costs ARCHIVE_IN_MEMORY. (test_archive_search: bounded)
 */
#include "base/buf.h"
#include "base/limits.h"
#include "facts/archive_search.h"
#include "facts/watch.h"
#include "sys/file.h"

enum { ARCHIVE_IN_MEMORY = 16 * 1024 * 1024 };

enum mode { MODE_SNIFF, MODE_SEARCH, MODE_HOLD };

struct layer {
    struct facts_search search;
    uint64_t room; /* what may come out of archives */
    /* the file that is read now */
    enum mode mode;
    struct str path;
    uint64_t size, spooled;
    bool too_large; /* an archive, and more than is held */
    struct arena scratch;
    struct buf held; /* its beginning, or all of it */
    int fd;          /* of the temporary file, or -1 */
};

/* Manual pages and the like, thousands in a distribution: what is found in them counts for nothing.
 */
static bool is_documentation(struct str path)
{
    static const char *const folders[] = {"usr/share/doc/", "usr/share/man/", "usr/share/info/",
                                          "usr/share/locale/", "usr/local/share/man/"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (str_starts(path, str_of(folders[i])))
            return true;
    return false;
}

/* What package managers know of packages, their descriptions among it: the whole world has it. */
static bool is_package_index(struct str path)
{
    static const char *const begins[] = {
        "var/lib/apt/lists/",     "var/cache/apt/",     "var/lib/dpkg/available",
        "var/lib/dpkg/status",    "var/lib/dpkg/info/", "lib/apk/db/",
        "usr/lib/apk/db/",        "var/cache/apk/",     "etc/apk/cache/",
        "var/lib/rpm/",           "var/cache/dnf/",     "usr/lib/sysimage/rpm/",
        "var/cache/yum/",         "var/cache/zypp/",    "var/cache/libdnf5/",
        "var/lib/dnf/",           "var/lib/yum/",       "var/lib/pacman/sync/",
        "var/lib/swcatalog/yaml/"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (str_starts(path, str_of(begins[i])))
            return true;
    return false;
}

static void *begin(struct facts_reading *reading, struct arena *layer_arena, size_t layer)
{
    (void)layer;
    struct layer *l = arena_new(layer_arena, struct layer);
    facts_search_open(&l->search, layer_arena, reading->secrets);
    l->room = LIMIT_ARCHIVE_LAYER;
    l->fd = -1;
    return l;
}

static void drop(struct layer *l)
{
    sys_fd_close(&l->fd);
    l->fd = -1;
    arena_free(&l->scratch);
    l->held = (struct buf){.a = &l->scratch};
}

static bool open_file(void *state, const struct image_entry *entry)
{
    struct layer *l = state;
    l->path = entry->path; /* stands until the file is done */
    l->size = entry->size;
    l->spooled = 0;
    l->mode = MODE_SNIFF;
    drop(l);
    return entry->size > 0 && !is_package_index(entry->path) && facts_search_file(&l->search);
}

/* The first bytes, or all there are, tell what it is. */
static void decide(struct layer *l, struct str head)
{
    bool archive = facts_archive_is(head) && !is_documentation(l->path);
    l->too_large = archive && l->size > LIMIT_ARCHIVE_BYTES;
    archive = archive && !l->too_large;
    l->mode = archive ? MODE_HOLD : MODE_SEARCH;
    if (!archive)
        facts_search_begin(&l->search, l->path, (struct str){0});
}

/* The same, of what was collected because it came in small pieces. */
static void decide_held(struct layer *l)
{
    struct str head = buf_str(&l->held);
    decide(l, head);
    if (l->mode == MODE_SEARCH)
        facts_search_add(&l->search, head.p, head.n);
}

static int hold(struct layer *l, const char *p, size_t n, struct err *e)
{
    if (n > l->size - l->held.n - l->spooled)
        return 0;
    if (l->size <= ARCHIVE_IN_MEMORY) {
        buf_room(&l->held, (size_t)l->size - l->held.n); /* once */
        buf_add(&l->held, (struct str){p, n});
        return 0;
    }
    if (l->fd < 0) {
        struct str head = buf_str(&l->held);
        if (sys_tmpfile(&l->fd, e) || sys_write_all(l->fd, head.p, head.n, e))
            return err_wrap(e, "keeping a large archive");
        l->spooled = head.n;
        l->held.n = 0;
    }
    l->spooled += n;
    return sys_write_all(l->fd, p, n, e) ? err_wrap(e, "keeping a large archive") : 0;
}

static int data(void *state, const void *p, size_t n, struct err *e)
{
    struct layer *l = state;
    const char *from = p;
    if (l->mode == MODE_SNIFF && !l->held.n && n >= ARCHIVE_HEAD) {
        decide(l, (struct str){from, ARCHIVE_HEAD});
    } else if (l->mode == MODE_SNIFF) {
        size_t room = ARCHIVE_HEAD - l->held.n, take = n < room ? n : room;
        buf_add(&l->held, (struct str){from, take});
        from += take;
        n -= take;
        if (l->held.n == ARCHIVE_HEAD)
            decide_held(l);
    }
    if (l->mode == MODE_HOLD && n)
        return hold(l, from, n, e);
    if (l->mode == MODE_SEARCH)
        facts_search_add(&l->search, from, n);
    return 0;
}

static void search_held(struct layer *l, struct str bytes, struct str *note)
{
    if (facts_archive_search(&l->search, bytes, l->path, &l->room, note))
        return;
    l->search.again = l->search.n_found;
    facts_search_begin(&l->search, l->path, (struct str){0});
    facts_search_add(&l->search, bytes.p, bytes.n);
    facts_search_end(&l->search);
}

static bool done(void *state, struct file_facts *facts)
{
    struct layer *l = state;
    struct err e = {0};
    char *map = NULL;
    if (l->mode == MODE_SNIFF)
        decide_held(l);
    struct str note =
        l->too_large
            ? STR("is an archive that is too large to be searched; only its own bytes were")
            : (struct str){0};
    if (l->mode == MODE_SEARCH) {
        facts_search_end(&l->search);
    } else if (l->fd < 0) {
        search_held(l, buf_str(&l->held), &note);
    } else if (sys_map(l->fd, (size_t)l->spooled, &map, &e)) {
        note = str_dup(l->search.a, str_of(e.text));
    } else {
        search_held(l, (struct str){map, (size_t)l->spooled}, &note);
        sys_unmap(map, (size_t)l->spooled);
    }
    drop(l);
    facts->unsearched = note.n > 0;
    facts_note(l->search.a, facts, note);
    return facts_search_take(&l->search, facts) || note.n;
}

static void end(void *state)
{
    struct layer *l = state;
    drop(l);
    facts_search_close(&l->search);
}

const struct facts_watcher facts_watch_secrets = {begin, open_file, data, done, end};
