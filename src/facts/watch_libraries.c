/* watch_libraries: files that language package managers leave, and Java archives → the libraries
 * they tell of.
 *
 * A table says by their paths which files these are and who reads them. One is held whole while it
 * is read, a large archive in an unnamed temporary file.
 *
 * Invariants
 * 1. A layer costs at most LIMIT_TEXT_BYTES for the file that is read, and LIMIT_FACTS_BYTES for
 * what is kept. (test_library: room)
 * 2. An archive that passed through a temporary file says the same. (test_library_jar: large)
 */
#include "base/buf.h"
#include "base/limits.h"
#include "facts/library.h"
#include "facts/watch.h"
#include "sys/file.h"

enum { JAR_IN_MEMORY = 4 * 1024 * 1024 };

typedef void reader(struct str text, struct arena *a, struct facts_library_list *ret);

/* The path has `folder` in it (NULL: any), and ends so. Java archives, told by facts_jar_is(), have
 * no reader here. */
static const struct place {
    const char *folder, *end;
    reader *read;
} places[] = {
    {"node_modules/", "/package.json", facts_npm_read},
    {NULL, ".dist-info/METADATA", facts_python_read},
    {NULL, ".egg-info/PKG-INFO", facts_python_read},
    {NULL, ".egg-info", facts_python_read},
    {"specifications/", ".gemspec", facts_gem_read},
    {NULL, "composer/installed.json", facts_composer_read},
    {NULL, ".deps.json", facts_dotnet_read},
};
static const struct place jar_place;

struct layer {
    struct arena *a;
    struct arena scratch; /* of the file that is read */
    struct buf text;
    struct str path; /* of that file */
    const struct place *place;
    uint64_t size, spooled;
    int fd; /* of the temporary file, or -1 */
    size_t kept;
};

static void *begin(struct facts_reading *reading, struct arena *layer_arena, size_t layer)
{
    (void)reading;
    (void)layer;
    struct layer *l = arena_new(layer_arena, struct layer);
    l->a = layer_arena;
    l->fd = -1;
    return l;
}

static const struct place *place_of(struct str path)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (str_ends(path, str_of(places[i].end)) &&
            (!places[i].folder || str_has(path, str_of(places[i].folder))))
            return &places[i];
    return facts_jar_is(path) ? &jar_place : NULL;
}

static bool open_file(void *state, const struct image_entry *entry)
{
    struct layer *l = state;
    l->place = entry->size && l->kept < LIMIT_FACTS_BYTES ? place_of(entry->path) : NULL;
    uint64_t most = l->place == &jar_place ? LIMIT_JAR_BYTES : LIMIT_TEXT_BYTES;
    if (!l->place || entry->size > most)
        return false;
    sys_fd_close(&l->fd);
    arena_free(&l->scratch);
    l->text = (struct buf){.a = &l->scratch};
    l->path = str_dup(&l->scratch, entry->path);
    l->size = entry->size;
    l->spooled = 0;
    return true;
}

static int data(void *state, const void *p, size_t n, struct err *e)
{
    struct layer *l = state;
    if (l->place != &jar_place || l->size <= JAR_IN_MEMORY) {
        buf_add(&l->text, (struct str){p, n});
        return 0;
    }
    if (n > l->size - l->spooled)
        return 0;
    if ((l->fd < 0 && sys_tmpfile(&l->fd, e)) || sys_write_all(l->fd, p, n, e))
        return err_wrap(e, "keeping a large archive");
    l->spooled += n;
    return 0;
}

static void read_spooled(struct layer *l, struct facts_library_list *list, struct str *note)
{
    struct err e = {0};
    char *map = NULL;
    if (sys_map(l->fd, (size_t)l->spooled, &map, &e)) {
        *note = str_dup(l->a, str_of(e.text));
        return;
    }
    facts_jar_read((struct str){map, (size_t)l->spooled}, l->path, l->a, list, note);
    sys_unmap(map, (size_t)l->spooled);
}

static bool done(void *state, struct file_facts *facts)
{
    struct layer *l = state;
    struct facts_library_list list = {0};
    struct str note = {0};
    if (l->place != &jar_place)
        l->place->read(buf_str(&l->text), l->a, &list);
    else if (l->fd >= 0)
        read_spooled(l, &list, &note);
    else
        facts_jar_read(buf_str(&l->text), l->path, l->a, &list, &note);
    sys_fd_close(&l->fd);
    arena_free(&l->scratch);
    if (!list.n && !note.n)
        return false;
    facts->libraries = list.v;
    facts->n_libraries = list.n;
    facts->note = note;
    vec_each (&list, i)
        l->kept += facts_library_bytes(&list.v[i]);
    return true;
}

static void end(void *state)
{
    struct layer *l = state;
    sys_fd_close(&l->fd);
    arena_free(&l->scratch);
}

const struct facts_watcher facts_watch_libraries = {begin, open_file, data, done, end};
