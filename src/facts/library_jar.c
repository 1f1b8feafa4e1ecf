/* library_jar: a Java archive and those in it → the libraries they are or hold.
 *
 * Maven writes META-INF/maven/GROUP/ARTIFACT/pom.properties; an archive of several libraries has
 * several. One that has none of its own is named by its manifest and its file: Tika-1.2.jar.
 *
 * Invariants
 * 1. What is unpacked is bounded for a whole archive and for all of a layer, and how deep archives
 * stand in archives; what is left unread is noted. (test_library_jar: room)
 * 2. No Maven group is guessed: it is what Maven wrote, or what a symbolic name has before the
 *    artifact's.
 *    (test_library_jar: named)
 * 3. What is kept of an archive's libraries is at most LIMIT_FACTS_BYTES and one more.
 *    (test_library_jar: kept)
 * 4. A manifest costs what it has, however it is cut into lines that go on. (test_library_jar:
 *    folded)
 */

#include "base/buf.h"
#include "base/late_archive.h"
#include "base/limits.h"
#include "facts/library.h"
#include "facts/zip_list.h"

struct jar {
    struct arena *a;
    struct facts_library_list *ret;
    struct str note;
    uint64_t left;  /* bytes that may still be unpacked */
    uint64_t *room; /* and of its layer */
    uint64_t held;  /* bytes of archives in memory, one in the other */
    size_t listed;  /* entries of those archives */
    size_t kept;    /* bytes of libraries */
};

/* What a manifest says of its archive. */
struct manifest {
    struct str version, symbolic_name, bundle_version;
};

/* One archive, while it is read. */
struct opened {
    struct archive *in;
    struct str path, inside; /* its name; where it is in the file, empty for the file itself */
    unsigned depth;
    struct arena texts; /* what is kept of the manifest */
    struct manifest manifest;
    bool own_pom; /* one is of the artifact that it is named after */
};

static void wrong(struct jar *j, struct str what)
{
    if (!j->note.n)
        j->note = what;
}

bool facts_jar_is(struct str path)
{
    static const struct str ends[] = {STR_INIT(".jar"), STR_INIT(".war"), STR_INIT(".ear"),
                                      STR_INIT(".par")};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_ends(path, ends[i]))
            return true;
    return false;
}

/* ---- texts ---- */

/* Up to an empty line; one that goes on behind a blank in the next is one. */
static struct str unfold(struct str text, struct arena *a)
{
    struct buf b = {.a = a};
    struct str line;
    while (str_line(&text, &line) && line.n) {
        bool goes_on = line.p[0] == ' ';
        if (b.n && !goes_on)
            buf_addc(&b, '\n');
        buf_add(&b, str_from(line, goes_on));
    }
    return buf_str(&b);
}

/* "Key: value" lines. What is kept of them is of the arena. */
static void read_manifest(struct str text, struct arena *a, struct manifest *m)
{
    const struct {
        const char *key;
        struct str *to;
    } keys[] = {
        {"Implementation-Version", &m->version},
        {"Bundle-SymbolicName", &m->symbolic_name},
        {"Bundle-Version", &m->bundle_version},
    };
    struct arena scratch = {0};
    struct str rest = unfold(text, &scratch), line, key, value;
    while (str_line(&rest, &line)) {
        if (!str_cut(line, ':', &key, &value))
            continue;
        value = str_trim(value);
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            if (str_is(key, keys[i].key) && !keys[i].to->n && value.n <= LIMIT_PATH_BYTES)
                *keys[i].to = str_dup(a, value);
    }
    str_cut(m->symbolic_name, ';', &m->symbolic_name, &value); /* "name;singleton:=true" */
    arena_free(&scratch);
}

static void add(struct jar *j, struct str group, struct str artifact, struct str version,
                struct str inside)
{
    struct str name = artifact;
    if (group.n + artifact.n > LIMIT_PATH_BYTES)
        return;
    if (j->kept > LIMIT_FACTS_BYTES) {
        wrong(j, STR("lists more than is read"));
        return;
    }
    struct arena scratch = {0};
    if (group.n)
        name = str_fmt(&scratch, STR_F ":" STR_F, STR_A(group), STR_A(artifact));
    struct facts_library *l = facts_library_add(j->a, j->ret, LIBRARY_JAVA, name, version);
    arena_free(&scratch);
    if (!l)
        return;
    l->inside = str_dup(j->a, inside);
    j->kept += facts_library_bytes(l);
}

/* "groupId=a" lines. */
static struct str read_pom(struct jar *j, struct str text, struct str inside)
{
    struct str line, key, value, group = {0}, artifact = {0}, version = {0};
    while (str_line(&text, &line)) {
        if (!str_cut(line, '=', &key, &value))
            continue;
        key = str_trim(key);
        if (str_is(key, "groupId"))
            group = str_trim(value);
        else if (str_is(key, "artifactId"))
            artifact = str_trim(value);
        else if (str_is(key, "version"))
            version = str_trim(value);
    }
    if (group.n && artifact.n && version.n)
        add(j, group, artifact, version, inside);
    return artifact;
}

/* "lib/commons-io-2.11.0.jar" → commons-io-2.11.0. */
static struct str stem_of(struct str path)
{
    size_t slash = str_rfind(path, '/');
    struct str name = slash < path.n ? str_from(path, slash + 1) : path;
    return str_slice(name, 0, str_rfind(name, '.'));
}

/* Whether a file of that name is the artifact's: "log4j-1.2-api-2.19.0" of log4j-1.2-api. */
static bool is_artifact(struct str stem, struct str artifact)
{
    return artifact.n && str_starts(stem, artifact) &&
           (stem.n == artifact.n || stem.p[artifact.n] == '-');
}

/* commons-io-2.11.0 → commons-io, 2.11.0: the version begins with a digit. */
static struct str artifact_of(struct str stem, struct str *version)
{
    *version = (struct str){0};
    for (size_t i = 1; i + 1 < stem.n; i++) {
        if (stem.p[i] != '-' || stem.p[i + 1] < '0' || stem.p[i + 1] > '9')
            continue;
        *version = str_from(stem, i + 1);
        return str_slice(stem, 0, i);
    }
    return stem;
}

/* org.apache.x.y-core of y-core → org.apache.x. */
static struct str group_of(const struct manifest *m, struct str artifact)
{
    struct str name = m->symbolic_name;
    if (name.n > artifact.n + 1 && str_ends(name, artifact) &&
        name.p[name.n - artifact.n - 1] == '.')
        return str_slice(name, 0, name.n - artifact.n - 1);
    return (struct str){0};
}

static void add_by_name(struct jar *j, const struct manifest *m, struct str path, struct str inside)
{
    struct str version, artifact = artifact_of(stem_of(path), &version);
    if (!version.n)
        version = m->version.n ? m->version : m->bundle_version;
    if (version.n && artifact.n)
        add(j, group_of(m, artifact), artifact, version, inside);
}

/* ---- archives ---- */

static bool read_member(struct jar *j, struct archive *in, uint64_t most, struct arena *scratch,
                        struct str *ret)
{
    struct buf b = {.a = scratch};
    for (;;) {
        char *room = buf_room(&b, 64 * 1024);
        ssize_t n = archive_read_data(in, room, 64 * 1024);
        if (n == 0)
            break;
        if (n < 0) {
            wrong(j, STR("is an archive that is damaged"));
            return false;
        }
        buf_took(&b, (size_t)n);
        bool spent = (uint64_t)n > j->left || (uint64_t)n > *j->room;
        if (spent)
            j->left = 0; /* and nothing more is read of the file */
        if (spent || b.n > most) {
            wrong(j, STR("holds more than is unpacked; the rest is left out"));
            return false;
        }
        j->left -= (uint64_t)n;
        *j->room -= (uint64_t)n;
    }
    *ret = buf_str(&b);
    return true;
}

static void read_archive(struct jar *j, struct str bytes, struct opened *o);

static void read_nested(struct jar *j, const struct opened *outer, struct str name)
{
    struct arena scratch = {0};
    struct str bytes;
    if (outer->depth == LIMIT_JAR_DEPTH) {
        wrong(j, STR("has archives in archives too deep to be read"));
        return;
    }
    if (read_member(j, outer->in, LIMIT_JAR_HELD - j->held, &scratch, &bytes)) {
        struct opened o = {.path = name, .inside = name, .depth = outer->depth + 1};
        if (outer->inside.n)
            o.inside = str_fmt(&scratch, STR_F "!/" STR_F, STR_A(outer->inside), STR_A(name));
        j->held += bytes.n;
        read_archive(j, bytes, &o);
        j->held -= bytes.n;
    }
    arena_free(&scratch);
}

static void read_entry(struct jar *j, struct opened *o, struct str name)
{
    struct str text;
    if (facts_jar_is(name)) {
        struct arena scratch = {0}; /* the name is libarchive's until the next entry's */
        read_nested(j, o, str_dup(&scratch, name));
        arena_free(&scratch);
    } else if (str_is(name, "META-INF/MANIFEST.MF")) {
        struct arena scratch = {0};
        if (read_member(j, o->in, LIMIT_JAR_TEXT, &scratch, &text))
            read_manifest(text, &o->texts, &o->manifest);
        arena_free(&scratch);
    } else if (str_starts(name, STR("META-INF/maven/")) && str_ends(name, STR("/pom.properties"))) {
        struct arena scratch = {0};
        if (read_member(j, o->in, LIMIT_JAR_TEXT, &scratch, &text))
            o->own_pom |= is_artifact(stem_of(o->path), read_pom(j, text, o->inside));
        arena_free(&scratch);
    }
}

/* Whether it was read to its end. */
static bool read_entries(struct jar *j, struct opened *o)
{
    struct archive_entry *entry;
    for (size_t n = 0; n < LIMIT_JAR_ENTRIES && j->left; n++) {
        int rc = archive_read_next_header(o->in, &entry);
        if (rc == ARCHIVE_EOF)
            return true;
        if (rc < ARCHIVE_WARN)
            return false;
        const char *name = archive_entry_pathname(entry);
        if (!name)
            name = archive_entry_pathname_utf8(entry);
        if (name && strlen(name) <= LIMIT_PATH_BYTES)
            read_entry(j, o, str_of(name));
    }
    return false;
}

static void read_archive(struct jar *j, struct str bytes, struct opened *o)
{
    o->in = archive_read_new();
    if (!o->in)
        return;
    archive_read_support_format_zip_seekable(o->in);
    size_t listed = facts_zip_listed(bytes, LIMIT_JAR_ENTRIES - j->listed);
    j->listed += listed;
    bool whole = j->listed <= LIMIT_JAR_ENTRIES &&
                 archive_read_open_memory(o->in, bytes.p, bytes.n) == ARCHIVE_OK &&
                 read_entries(j, o);
    if (!whole)
        wrong(j, STR("is an archive that is damaged, or lists more than is read"));
    else if (!o->own_pom)
        add_by_name(j, &o->manifest, o->path, o->inside);
    archive_read_free(o->in);
    j->listed -= listed;
    arena_free(&o->texts);
}

void facts_jar_read(struct str bytes, struct str path, uint64_t *room, struct arena *a,
                    struct facts_library_list *ret, struct str *note)
{
    struct jar j = {.a = a, .ret = ret, .left = LIMIT_JAR_UNPACKED, .room = room};
    *room += LIMIT_JAR_ROOM * (uint64_t)bytes.n;
    struct opened o = {.path = path};
    read_archive(&j, bytes, &o);
    *note = j.note;
}
