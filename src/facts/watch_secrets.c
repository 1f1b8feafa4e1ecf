/* watch_secrets: the bytes of every file → secrets in it, each with its line.
 *
 * A file passes through a window; a hit is taken when SECRET_REACH bytes behind it are there, or
 * the file's end, and what is kept before it is as much.
 *
 * Invariants
 * 1. How the bytes are cut into pieces does not matter. (test_watch_secrets: pieces)
 * 2. A layer costs WINDOW bytes and at most twice LIMIT_LAYER_SECRETS findings, of which
 *    samples and guesses take no more than the half, whatever its files are.
 *    (test_watch_secrets: many)
 * 3. No value is kept. (test_watch_secrets: short)
 */
#include "base/limits.h"
#include "facts/watch.h"
#include "secret/redact.h"
#include "secret/secret.h"

enum { WINDOW = 512 * 1024, FILE_SECRETS = 100 };

struct layer {
    struct arena *a; /* of the layer */
    struct arena own, scratch;
    struct secret_scanner *scanner; /* NULL: no memory for one */
    char *window;
    size_t kept; /* of the layer */
    /* the file that is read now */
    size_t n;       /* bytes in the window */
    size_t scanned; /* of them, whose hits are taken */
    size_t counted; /* of them, whose lines are counted */
    uint32_t line;
    bool no_text;
    struct str path;
    struct facts_secret found[FILE_SECRETS];
    size_t n_found;
};

static void *begin(struct facts_reading *reading, struct arena *layer_arena, size_t layer)
{
    (void)layer;
    struct layer *l = arena_new(layer_arena, struct layer);
    l->a = layer_arena;
    l->window = arena_alloc(&l->own, WINDOW);
    l->scanner = reading->secrets ? secret_scanner_new(reading->secrets) : NULL;
    return l;
}

static bool open_file(void *state, const struct image_entry *entry)
{
    struct layer *l = state;
    l->n = l->scanned = l->counted = l->n_found = 0;
    l->line = 1;
    l->no_text = false;
    l->path = entry->path; /* stands until the file is done */
    return entry->size > 0 && l->scanner && l->kept < 2 * LIMIT_LAYER_SECRETS;
}

static void count_lines(struct layer *l, size_t to)
{
    const char *end = l->window + to;
    for (const char *p = l->window + l->counted;
         l->counted < to && (p = memchr(p, '\n', (size_t)(end - p))); p++)
        l->line++;
    l->counted = to > l->counted ? to : l->counted;
}

/* Samples are the first to go where there is no room. */
static int weight(enum severity severity, enum secret_doubt doubt)
{
    return doubt ? -1 : (int)severity;
}

/* Where a finding of this weight goes: a new place, or that of a lesser one; NULL: nowhere. */
static struct facts_secret *place_for(struct layer *l, int weighs)
{
    if (l->n_found < FILE_SECRETS && l->kept < (weighs < 0 ? 1 : 2) * LIMIT_LAYER_SECRETS) {
        l->kept++;
        return &l->found[l->n_found++];
    }
    for (size_t i = 0; i < l->n_found; i++)
        if (weight(l->found[i].severity, l->found[i].doubt) < weighs)
            return &l->found[i];
    return NULL;
}

static void note(struct layer *l, const struct secret_found *f)
{
    struct facts_secret *to = place_for(l, weight(f->kind->severity, f->doubt));
    if (!to)
        return;
    count_lines(l, f->at);
    *to = (struct facts_secret){
        .kind = str_of(f->kind->id),
        .title = str_dup(l->a, str_of(f->kind->title)),
        .start = str_dup(l->a, secret_short(&l->scratch, (struct str){l->window + f->at, f->n})),
        .line = l->line,
        .mark = secret_mark((struct str){l->window + f->at, f->n}),
        .severity = f->kind->severity,
        .doubt = f->doubt,
    };
}

/* Takes the hits that end before `to`. */
static void scan(struct layer *l, size_t to)
{
    struct secret_list list = {0};
    struct arena_mark mark = arena_mark(&l->scratch);
    if (!l->no_text && memchr(l->window + l->scanned, 0, l->n - l->scanned))
        l->no_text = true;
    struct secret_window w = {.text = {l->window, l->n},
                              .from = l->scanned,
                              .to = to,
                              .no_text = l->no_text,
                              .path = l->path};
    secret_scan(l->scanner, &l->scratch, &w, &list);
    vec_each (&list, i)
        note(l, &list.v[i]);
    arena_rewind(&l->scratch, mark);
    l->scanned = to;
}

/* The window is full: what is no longer needed goes. */
static void move_on(struct layer *l)
{
    scan(l, l->n - SECRET_REACH);
    size_t gone = l->scanned - SECRET_REACH;
    count_lines(l, gone);
    memmove(l->window, l->window + gone, l->n - gone);
    l->n -= gone;
    l->scanned -= gone;
    l->counted -= gone;
}

static int data(void *state, const void *p, size_t n, struct err *e)
{
    struct layer *l = state;
    const char *from = p;
    (void)e;
    while (n) {
        size_t room = WINDOW - l->n, take = n < room ? n : room;
        memcpy(l->window + l->n, from, take);
        l->n += take;
        from += take;
        n -= take;
        if (l->n == WINDOW)
            move_on(l);
    }
    return 0;
}

static bool done(void *state, struct file_facts *facts)
{
    struct layer *l = state;
    if (l->n > l->scanned)
        scan(l, l->n);
    if (!l->n_found)
        return false;
    facts->secrets = arena_array(l->a, struct facts_secret, l->n_found);
    memcpy(facts->secrets, l->found, l->n_found * sizeof *l->found);
    facts->n_secrets = l->n_found;
    return true;
}

static void end(void *state)
{
    struct layer *l = state;
    secret_scanner_free(l->scanner);
    arena_free(&l->own);
    arena_free(&l->scratch);
}

const struct facts_watcher facts_watch_secrets = {begin, open_file, data, done, end};
