/* visitor: the bytes of every file of a layer → all that watch it → struct file_facts.
 *
 * Invariants
 * 1. A file that nobody has anything to say of costs no memory. (test_visitor: something else)
 */
#include "facts/summer.h"
#include "facts/watch.h"

static const struct watch {
    const struct facts_watcher *watcher;
    unsigned wish; /* shown files when one of these is wished for */
} watches[] = {
    {&facts_watch_content, FACTS_CONTENT}, /* the first: it begins a file's facts */
    {&facts_watch_secrets, FACTS_SECRETS},
    {&facts_watch_libraries, FACTS_LIBRARIES},
};

enum { WATCHES = sizeof watches / sizeof *watches };

struct layer {
    struct arena *a;
    struct facts_summer *summer; /* NULL: not wished for */
    unsigned sums;               /* that its package managers want, of those seen so far */
    void *states[WATCHES];       /* NULL: not shown anything */
    bool wants[WATCHES];         /* the file that is read now */
    bool summed;                 /* it, too */
};

void facts_note(struct arena *a, struct file_facts *facts, struct str note)
{
    if (!facts->note.n)
        facts->note = note;
    else if (note.n && !str_eq(note, facts->note))
        facts->note = str_fmt(a, STR_F "; " STR_F, STR_A(facts->note), STR_A(note));
}

static void *begin(void *ctx, struct arena *layer_arena, size_t layer)
{
    struct facts_reading *reading = ctx;
    unsigned wish = reading ? reading->wish : FACTS_CONTENT;
    struct layer *l = arena_new(layer_arena, struct layer);
    l->a = layer_arena;
    l->summer = wish & FACTS_SUMS ? facts_summer_new() : NULL;
    for (int i = 0; i < WATCHES; i++)
        if (watches[i].wish & wish)
            l->states[i] = watches[i].watcher->begin(reading, layer_arena, layer);
    return l;
}

static void *open_file(void *layer_state, const struct image_entry *entry)
{
    struct layer *l = layer_state;
    if (l->summer)
        l->sums |= facts_summed_by(entry->path);
    l->summed = l->summer && facts_summed_at(entry->path);
    bool some = l->summed;
    if (l->summed)
        facts_summer_begin(l->summer, l->sums ? l->sums | SUMMED_MD5 : SUMMED_ALL);
    for (int i = 0; i < WATCHES; i++) {
        l->wants[i] = l->states[i] && watches[i].watcher->open(l->states[i], entry);
        some |= l->wants[i];
    }
    return some ? l : NULL;
}

static int data(void *file_state, const void *p, size_t n, struct err *e)
{
    struct layer *l = file_state;
    if (l->summed)
        facts_summer_add(l->summer, p, n);
    for (int i = 0; i < WATCHES; i++)
        if (l->wants[i] && watches[i].watcher->data(l->states[i], p, n, e))
            return -1;
    return 0;
}

static void *done(void *file_state, struct tree_sums *sums)
{
    struct layer *l = file_state;
    struct file_facts facts = {0}, *ret = NULL;
    bool some = false;
    if (l->summed)
        facts_summer_end(l->summer, sums);
    for (int i = 0; i < WATCHES; i++)
        if (l->wants[i])
            some |= watches[i].watcher->done(l->states[i], &facts);
    if (some) {
        ret = arena_new(l->a, struct file_facts);
        *ret = facts;
    }
    return ret;
}

static void settle(void *layer_state)
{
    struct layer *l = layer_state;
    if (l->summer)
        facts_summer_settle(l->summer);
}

static void end(void *layer_state)
{
    struct layer *l = layer_state;
    facts_summer_free(l->summer);
    for (int i = 0; i < WATCHES; i++)
        if (l->states[i])
            watches[i].watcher->end(l->states[i]);
}

static void *codec(void *layer_state, struct codec *w, void *facts)
{
    (void)layer_state;
    return facts_codec(w, facts);
}

const struct tree_visitor facts_visitor = {
    .begin = begin,
    .open = open_file,
    .data = data,
    .done = done,
    .settle = settle,
    .end = end,
    .codec = codec,
};

struct tree_visitor facts_visitor_for(struct facts_reading *reading)
{
    struct tree_visitor v = facts_visitor;
    v.ctx = reading;
    return v;
}
