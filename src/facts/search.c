/* search: see search.h.
 *
 * A text passes through a window; a hit is taken when SECRET_REACH bytes behind it are there, or
 * the text's end, and what is kept before it is as much.
 *
 * Invariants
 * 1. How the bytes are cut into pieces does not matter. (test_watch_secrets: pieces)
 * 2. A layer costs WINDOW bytes and at most twice LIMIT_LAYER_SECRETS findings, of which
 *    samples and guesses take no more than the half, whatever its files are.
 *    (test_watch_secrets: many)
 * 3. No value is kept. (test_watch_secrets: short)
 * 4. A text in UTF-16 that says so is searched as one in UTF-8. (test_watch_secrets: UTF-16)
 */
#include "facts/search.h"

#include "base/limits.h"
#include "secret/redact.h"

enum { WINDOW = 512 * 1024 };

void facts_search_open(struct facts_search *s, struct arena *layer_arena,
                       const struct secret_db *db)
{
    s->a = layer_arena;
    s->window = arena_alloc(&s->own, WINDOW);
    s->scanner = db ? secret_scanner_new(db) : NULL;
}

void facts_search_close(struct facts_search *s)
{
    secret_scanner_free(s->scanner);
    arena_free(&s->own);
    arena_free(&s->scratch);
}

bool facts_search_file(struct facts_search *s)
{
    s->n_found = 0;
    s->again = 0;
    return s->scanner && s->kept < 2 * LIMIT_LAYER_SECRETS;
}

void facts_search_begin(struct facts_search *s, struct str path, struct str inside)
{
    s->path = path;
    s->inside = inside;
    s->n = s->scanned = s->counted = 0;
    s->line = 1;
    s->no_text = false;
    s->coding = SEARCH_UNKNOWN;
    s->n_head = 0;
    s->first = s->n_found;
}

static void count_lines(struct facts_search *s, size_t to)
{
    const char *end = s->window + to;
    for (const char *p = s->window + s->counted;
         s->counted < to && (p = memchr(p, '\n', (size_t)(end - p))); p++)
        s->line++;
    s->counted = to > s->counted ? to : s->counted;
}

/* Samples are the first to go where there is no room. */
static int weight(enum severity severity, enum secret_doubt doubt)
{
    return doubt ? -1 : (int)severity;
}

/* Where a finding of this weight goes: a new place, or that of a lesser one; NULL: nowhere. */
static struct facts_secret *place_for(struct facts_search *s, int weighs)
{
    if (s->n_found < SEARCH_FILE_SECRETS && s->n_found - s->first < SEARCH_TEXT_SECRETS &&
        s->kept < (weighs < 0 ? 1 : 2) * LIMIT_LAYER_SECRETS) {
        s->kept++;
        return &s->found[s->n_found++];
    }
    for (size_t i = s->first; i < s->n_found; i++)
        if (weight(s->found[i].severity, s->found[i].doubt) < weighs)
            return &s->found[i];
    return NULL;
}

/* Kept with the first that is found in the text. */
static struct str inside_of(struct facts_search *s)
{
    if (s->inside.n && s->n_found == s->first + 1)
        s->inside = str_dup(s->a, s->inside);
    return s->inside;
}

/* Members of a damaged archive come again when it is read in another way, and their values when its
 * own bytes are searched. */
static bool is_known(const struct facts_search *s, const struct secret_found *f)
{
    uint32_t mark = secret_mark((struct str){s->window + f->at, f->n});
    for (size_t i = 0; i < s->again; i++) {
        const struct facts_secret *k = &s->found[i];
        if (k->mark == mark && str_is(k->kind, f->kind->id) &&
            (!s->inside.n || (k->line == s->line && str_eq(k->inside, s->inside))))
            return true;
    }
    return false;
}

static void note(struct facts_search *s, const struct secret_found *f)
{
    count_lines(s, f->at);
    if (is_known(s, f))
        return;
    struct facts_secret *to = place_for(s, weight(f->kind->severity, f->doubt));
    if (!to)
        return;
    *to = (struct facts_secret){
        .kind = str_of(f->kind->id),
        .title = str_dup(s->a, str_of(f->kind->title)),
        .start = str_dup(s->a, secret_start(&s->scratch, (struct str){s->window + f->at, f->n})),
        .line = s->line,
        .inside = inside_of(s),
        .mark = secret_mark((struct str){s->window + f->at, f->n}),
        .severity = f->kind->severity,
        .doubt = f->doubt,
    };
}

/* Takes the hits that end before `to`. */
static void scan(struct facts_search *s, size_t to)
{
    struct secret_list list = {0};
    struct arena_mark mark = arena_mark(&s->scratch);
    if (!s->no_text && memchr(s->window + s->scanned, 0, s->n - s->scanned))
        s->no_text = true;
    struct secret_window w = {.text = {s->window, s->n},
                              .from = s->scanned,
                              .to = to,
                              .no_text = s->no_text,
                              .path = s->path};
    secret_scan(s->scanner, &s->scratch, &w, &list);
    vec_each (&list, i)
        note(s, &list.v[i]);
    arena_rewind(&s->scratch, mark);
    s->scanned = to;
}

/* The window is full: what is no longer needed goes. */
static void move_on(struct facts_search *s)
{
    scan(s, s->n - SECRET_REACH);
    size_t gone = s->scanned - SECRET_REACH;
    count_lines(s, gone);
    memmove(s->window, s->window + gone, s->n - gone);
    s->n -= gone;
    s->scanned -= gone;
    s->counted -= gone;
}

static void add_bytes(struct facts_search *s, const void *p, size_t n)
{
    const char *from = p;
    while (n) {
        size_t room = WINDOW - s->n, take = n < room ? n : room;
        memcpy(s->window + s->n, from, take);
        s->n += take;
        from += take;
        n -= take;
        if (s->n == WINDOW)
            move_on(s);
    }
}

/* A mark of byte order alone may begin anything; with a Latin letter behind it, a text. */
static enum search_coding coding_of(const unsigned char *head)
{
    if (head[0] == 0xff && head[1] == 0xfe && head[2] && !head[3])
        return SEARCH_UTF16_LE;
    if (head[0] == 0xfe && head[1] == 0xff && !head[2] && head[3])
        return SEARCH_UTF16_BE;
    return SEARCH_BYTES;
}

/* Halves of a pair of surrogates stay apart: no pattern asks for either. */
static size_t encode(unsigned unit, char *to)
{
    if (unit < 0x80) {
        to[0] = (char)unit;
        return 1;
    }
    size_t n = unit < 0x800 ? 2 : 3;
    to[0] = (char)(n == 2 ? 0xc0 | unit >> 6 : 0xe0 | unit >> 12);
    if (n == 3)
        to[1] = (char)(0x80 | (unit >> 6 & 0x3f));
    to[n - 1] = (char)(0x80 | (unit & 0x3f));
    return n;
}

static void add_utf16(struct facts_search *s, const unsigned char *p, size_t n)
{
    enum { UNIT_MOST = 3 };
    char out[1024];
    size_t n_out = 0;
    for (size_t i = 0; i < n; i++) {
        if (!s->n_head) {
            s->head[s->n_head++] = p[i];
            continue;
        }
        s->n_head = 0;
        unsigned one = s->head[0], two = p[i];
        if (n_out + UNIT_MOST > sizeof out) {
            add_bytes(s, out, n_out);
            n_out = 0;
        }
        n_out +=
            encode(s->coding == SEARCH_UTF16_LE ? two << 8 | one : one << 8 | two, out + n_out);
    }
    add_bytes(s, out, n_out);
}

static void begin_text(struct facts_search *s)
{
    s->coding = s->n_head == SEARCH_HEAD ? coding_of(s->head) : SEARCH_BYTES;
    size_t n = s->n_head;
    s->n_head = 0;
    if (s->coding == SEARCH_BYTES)
        add_bytes(s, s->head, n);
    else
        add_utf16(s, (unsigned char[]){s->head[2], s->head[3]}, 2); /* behind the mark */
}

void facts_search_add(struct facts_search *s, const void *p, size_t n)
{
    const unsigned char *from = p;
    for (; n && s->coding == SEARCH_UNKNOWN; from++, n--) {
        s->head[s->n_head++] = *from;
        if (s->n_head == SEARCH_HEAD)
            begin_text(s);
    }
    if (s->coding == SEARCH_BYTES)
        add_bytes(s, from, n);
    else if (n)
        add_utf16(s, from, n);
}

void facts_search_end(struct facts_search *s)
{
    if (s->coding == SEARCH_UNKNOWN)
        begin_text(s);
    if (s->n > s->scanned)
        scan(s, s->n);
}

bool facts_search_take(struct facts_search *s, struct file_facts *facts)
{
    if (!s->n_found)
        return false;
    facts->secrets = arena_array(s->a, struct facts_secret, s->n_found);
    memcpy(facts->secrets, s->found, s->n_found * sizeof *s->found);
    facts->n_secrets = s->n_found;
    return true;
}
