/* watch_libraries: files that language package managers leave, and Java archives → the libraries
 * they tell of.
 *
 * A table says by their paths which files these are and who reads them. One is held whole while it
 * is read, a large archive in an unnamed temporary file.
 *
 * Invariants
 * 1. A layer costs at most LIMIT_TEXT_BYTES for the file that is read, and LIMIT_FACTS_BYTES for
 * what is kept. (test_library: room)
 * 2. A file that is left out because of its size is noted. (test_library: left out)
 * 3. An archive that passed through a temporary file says the same. (test_library_jar: large)
 */
#include "base/buf.h"
#include "base/json.h"
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
    uint64_t most; /* bytes that are read */
    bool json;
} places[] = {
    {"node_modules/", "/package.json", facts_npm_read, LIMIT_JSON_BYTES, true},
    {NULL, ".dist-info/METADATA", facts_python_read, LIMIT_TEXT_BYTES, false},
    {NULL, ".egg-info/PKG-INFO", facts_python_read, LIMIT_TEXT_BYTES, false},
    {NULL, ".egg-info", facts_python_read, LIMIT_TEXT_BYTES, false},
    {"specifications/", ".gemspec", facts_gem_read, LIMIT_TEXT_BYTES, false},
    {NULL, "composer/installed.json", facts_composer_read, LIMIT_JSON_BYTES, true},
    {NULL, ".deps.json", facts_dotnet_read, LIMIT_JSON_BYTES, true},
};
static const struct place jar_place = {.most = LIMIT_JAR_BYTES};

static const struct str too_large = STR_INIT("is too large to be read; its packages are not known");
static const struct str no_room =
    STR_INIT("is left out, as all that follow: its layer lists more packages than are read");

struct layer {
    struct arena *a;
    struct arena scratch; /* of the file that is read */
    struct buf text;
    struct str path; /* of that file */
    const struct place *place;
    struct str note; /* why the file is not read, or empty */
    bool full;       /* and it was said */
    uint64_t size, spooled;
    int fd; /* of the temporary file, or -1 */
    size_t kept;
    uint64_t room; /* bytes that Java archives may still unpack */
};

static void *begin(struct facts_reading *reading, struct arena *layer_arena, size_t layer)
{
    (void)reading;
    (void)layer;
    struct layer *l = arena_new(layer_arena, struct layer);
    l->a = layer_arena;
    l->fd = -1;
    l->room = LIMIT_JAR_LAYER;
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
    l->place = entry->size && !l->full ? place_of(entry->path) : NULL;
    if (!l->place)
        return false;
    l->full = l->kept >= LIMIT_FACTS_BYTES;
    l->note = l->full ? no_room : entry->size > l->place->most ? too_large : (struct str){0};
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
    if (l->note.n)
        return 0;
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
    facts_jar_read((struct str){map, (size_t)l->spooled}, l->path, &l->room, l->a, list, note);
    sys_unmap(map, (size_t)l->spooled);
}

static void read_text(struct layer *l, struct facts_library_list *list, struct str *note)
{
    struct err ignored;
    struct str text = buf_str(&l->text);
    if (l->place->json && json_fits(text, &ignored))
        *note = too_large;
    else
        l->place->read(text, l->a, list);
}

static bool done(void *state, struct file_facts *facts)
{
    struct layer *l = state;
    struct facts_library_list list = {0};
    struct str note = l->note;
    if (!note.n && l->place != &jar_place)
        read_text(l, &list, &note);
    else if (!note.n && l->fd >= 0)
        read_spooled(l, &list, &note);
    else if (!note.n)
        facts_jar_read(buf_str(&l->text), l->path, &l->room, l->a, &list, &note);
    sys_fd_close(&l->fd);
    arena_free(&l->scratch);
    if (!list.n && !note.n)
        return false;
    facts->libraries = list.v;
    facts->n_libraries = list.n;
    facts_note(l->a, facts, note);
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
