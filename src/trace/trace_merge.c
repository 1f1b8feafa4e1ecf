/* trace_merge: two runs of one program → what either saw.
 *
 * Invariants
 * 1. Merging a trace with itself adds no lookup, listener or word of refusal. (test_trace_merge:
 *    itself)
 * 2. The result is complete only when both were. (test_trace_merge: complete)
 */
#include "base/map.h"
#include "trace/trace.h"

static struct str lookup_key(struct arena *a, const struct trace_lookup *l)
{
    unsigned flags = (unsigned)l->nofollow | (unsigned)l->write << 1 | (unsigned)l->create << 2 |
                     (unsigned)l->dir << 3;
    return str_fmt(a, "%d %u %d " STR_F, (int)l->call, flags, l->error, STR_A(l->path));
}

/* Marks the key; true when it was not there. */
static bool mark(struct map *seen, struct str key)
{
    void **at = map_at(seen, key);
    if (*at)
        return false;
    *at = seen;
    return true;
}

static void merge_lookups(struct arena *a, struct trace *into, const struct trace *from)
{
    struct map seen = {.a = a};
    vec_each (&into->lookups, i)
        mark(&seen, lookup_key(a, &into->lookups.v[i]));
    vec_each (&from->lookups, i) {
        const struct trace_lookup *l = &from->lookups.v[i];
        if (mark(&seen, lookup_key(a, l))) {
            struct trace_lookup copy = *l;
            copy.path = str_dup0(a, l->path);
            *vec_push(a, &into->lookups) = copy;
        }
    }
}

static struct str exec_key(struct arena *a, const struct trace_exec *x)
{
    struct str key = x->path;
    for (size_t i = 0; i < x->argv.n; i++)
        key = str_fmt(a, STR_F "%c" STR_F, STR_A(key), 0, STR_A(x->argv.v[i]));
    return key;
}

static struct trace_exec exec_copy(struct arena *a, const struct trace_exec *x)
{
    struct trace_exec copy = *x;
    copy.path = str_dup0(a, x->path);
    copy.argv.v = arena_array(a, struct str, x->argv.n);
    for (size_t i = 0; i < x->argv.n; i++)
        copy.argv.v[i] = str_dup0(a, x->argv.v[i]);
    return copy;
}

static void merge_execs(struct arena *a, struct trace *into, const struct trace *from)
{
    struct map seen = {.a = a};
    vec_each (&into->execs, i)
        mark(&seen, exec_key(a, &into->execs.v[i]));
    vec_each (&from->execs, i)
        if (mark(&seen, exec_key(a, &from->execs.v[i])))
            *vec_push(a, &into->execs) = exec_copy(a, &from->execs.v[i]);
}

static struct str listen_key(struct arena *a, const struct trace_listen *l)
{
    return str_fmt(a, "%u %u " STR_F, l->family, l->port, STR_A(l->path));
}

static void merge_listens(struct arena *a, struct trace *into, const struct trace *from)
{
    struct map seen = {.a = a};
    vec_each (&into->listens, i)
        mark(&seen, listen_key(a, &into->listens.v[i]));
    vec_each (&from->listens, i) {
        const struct trace_listen *l = &from->listens.v[i];
        if (mark(&seen, listen_key(a, l)))
            *vec_push(a, &into->listens) =
                (struct trace_listen){l->family, l->port, str_dup0(a, l->path)};
    }
}

void trace_merge(struct arena *a, struct trace *into, const struct trace *from)
{
    bool first = !into->complete && !into->lookups.n && !into->exits.n && !into->refused.n;
    merge_lookups(a, into, from);
    merge_execs(a, into, from);
    merge_listens(a, into, from);
    vec_each (&from->exits, i)
        *vec_push(a, &into->exits) = from->exits.v[i];
    for (size_t i = 0; i < from->refused.n; i++)
        trace_add_refused(a, into, from->refused.v[i]);
    into->complete = from->complete && (into->complete || first);
}
