/* watch_libraries: files that language package managers leave → the libraries they tell of.
 *
 * A table says by their paths which files these are and who reads them. One is held whole while it
 * is read.
 *
 * Invariants
 * 1. A layer costs at most LIMIT_TEXT_BYTES for the file that is read, and LIMIT_FACTS_BYTES for
 * what is kept. (test_library: room)
 */
#include "base/buf.h"
#include "base/limits.h"
#include "facts/library.h"
#include "facts/watch.h"

typedef void reader(struct str text, struct arena *a, struct facts_library_list *ret);

/* The path has `folder` in it (NULL: any), and ends so. */
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

struct layer {
    struct arena *a;
    struct arena scratch; /* of the file that is read */
    struct buf text;
    const struct place *place;
    size_t kept;
};

static void *begin(struct facts_reading *reading, struct arena *layer_arena, size_t layer)
{
    (void)reading;
    (void)layer;
    struct layer *l = arena_new(layer_arena, struct layer);
    l->a = layer_arena;
    return l;
}

static const struct place *place_of(struct str path)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (str_ends(path, str_of(places[i].end)) &&
            (!places[i].folder || str_has(path, str_of(places[i].folder))))
            return &places[i];
    return NULL;
}

static bool open_file(void *state, const struct image_entry *entry)
{
    struct layer *l = state;
    l->place = entry->size && entry->size <= LIMIT_TEXT_BYTES && l->kept < LIMIT_FACTS_BYTES
                   ? place_of(entry->path)
                   : NULL;
    l->text = (struct buf){.a = &l->scratch};
    return l->place;
}

static int data(void *state, const void *p, size_t n, struct err *e)
{
    struct layer *l = state;
    (void)e;
    buf_add(&l->text, (struct str){p, n});
    return 0;
}

static bool done(void *state, struct file_facts *facts)
{
    struct layer *l = state;
    struct facts_library_list list = {0};
    l->place->read(buf_str(&l->text), l->a, &list);
    arena_free(&l->scratch);
    facts->libraries = list.v;
    facts->n_libraries = list.n;
    vec_each (&list, i)
        l->kept += sizeof list.v[i] + list.v[i].name.n + list.v[i].version.n;
    return list.n > 0;
}

static void end(void *state)
{
    struct layer *l = state;
    arena_free(&l->scratch);
}

const struct facts_watcher facts_watch_libraries = {begin, open_file, data, done, end};
