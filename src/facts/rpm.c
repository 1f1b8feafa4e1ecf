/* rpm: any kind of rpm database → what is kept of it → packages.
 *
 * The databases hold far more than facts need, and are read where they are seen, in their layer's
 * thread: what stays is packages, written by codec.
 *
 * Invariants
 * 1. What is kept is what was read. (test_rpm: sqlite)
 */
#include "facts/rpm.h"
#include "base/limits.h"

static void codec_sums(struct codec *w, struct facts_package *p)
{
    codec_enum(w, p->file_sum_kind, SUM_KINDS - 1);
    if (!w->writing)
        p->file_sums = arena_array(w->a, uint64_t, p->files.n);
    for (size_t i = 0; i < p->files.n; i++)
        codec_u64(w, &p->file_sums[i]);
}

static void codec_package(struct codec *w, struct facts_package *p)
{
    codec_str(w, &p->name);
    codec_str(w, &p->version);
    codec_str(w, &p->arch);
    codec_str(w, &p->source);
    codec_str(w, &p->source_version);
    codec_str(w, &p->licence);
    codec_str(w, &p->section);
    codec_u64(w, &p->installed_size);
    codec_strs(w, &p->files);
    codec_sums(w, p);
    codec_strs(w, &p->depends);
    codec_strs(w, &p->provides);
}

static void read_kind(struct facts_rpm *r, char *bytes, size_t n)
{
    struct str s = {bytes, n};
    if (str_starts(s, STR("SQLite format 3")))
        facts_rpm_sqlite(r, bytes, n);
    else if (str_starts(s, STR("RpmP")))
        facts_rpm_ndb(r, s);
    else if (n)
        facts_rpm_bdb(r, s);
}

struct str facts_rpm_reduce(char *bytes, size_t n, struct arena *a, struct str *note)
{
    struct arena scratch = {0};
    struct facts_rpm r = facts_rpm_begin(&scratch);
    struct codec w = codec_writer(&scratch);
    read_kind(&r, bytes, n);
    codec_count(&w, &r.packages.n);
    vec_each (&r.packages, i)
        codec_package(&w, &r.packages.v[i]);
    struct str ret = str_dup(a, buf_str(&w.out));
    *note = r.note;
    if (!note->n && (facts_room_spent(&r.room) || r.bytes < LIMIT_PATH_BYTES))
        *note = STR("lists more than is read; the rest is left out");
    arena_free(&scratch);
    return ret;
}

void facts_rpm_read(struct str reduced, struct arena *a, struct facts_room *room,
                    struct facts_packages *ret)
{
    struct codec w = codec_reader(a, reduced);
    size_t n = 0;
    if (reduced.n)
        codec_count(&w, &n);
    for (; n && room->packages && room->files && room->names && !w.bad; n--) {
        struct facts_package p = {.kind = PACKAGE_RPM};
        codec_package(&w, &p);
        if (w.bad || p.files.n > room->files || p.depends.n + p.provides.n > room->names)
            return;
        room->packages--;
        room->files -= p.files.n;
        room->names -= p.depends.n + p.provides.n;
        *vec_push(a, ret) = p;
    }
}
