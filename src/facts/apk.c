/* apk: text of apk's installed database → packages with their files.
 *
 * "X:value" lines, an empty line after each package; R: names a file in the folder of the last F:.
 *
 * Invariants
 * 1. What is added is bounded by struct facts_room, joined paths included, whatever the text.
 *    (fuzz_apk, test_apk: room)
 * 2. A conflict ("!name") is no dependency. (test_apk: relations)
 */
#include "base/limits.h"
#include "facts/parse.h"

/* "so:libc.musl-x86_64.so.1 busybox>=1.36 !other" → names without their versions. */
static void add_relations(struct arena *a, struct str list, struct facts_room *room,
                          struct strs *ret)
{
    for (struct str word; room->names && str_word(&list, &word);) {
        size_t n = 0;
        while (n < word.n && !strchr("<>=~@", word.p[n]))
            n++;
        if (!n || word.p[0] == '!')
            continue;
        facts_add(a, ret, str_slice(word, 0, n));
        room->names--;
    }
}

static void add_file(struct arena *a, struct str folder, struct str name, struct facts_room *room,
                     struct facts_package *p)
{
    const char *between = folder.n && name.n ? "/" : "";
    size_t n = folder.n + name.n + 2;
    if (!room->files || n > LIMIT_PATH_BYTES)
        return;
    if (n > room->bytes) { /* one long folder before a million short names */
        room->files = 0;
        return;
    }
    room->bytes -= n;
    facts_add(a, &p->files, str_fmt(a, "/" STR_F "%s" STR_F, STR_A(folder), between, STR_A(name)));
    facts_add(a, &p->sums, (struct str){0});
    room->files--;
}

static void take(struct arena *a, char key, struct str value, struct str *folder,
                 struct facts_room *room, struct facts_package *p)
{
    switch (key) {
    case 'P':
        p->name = value;
        break;
    case 'V':
        p->version = value;
        break;
    case 'A':
        p->arch = value;
        break;
    case 'o':
        p->source = value;
        break;
    case 'L':
        p->licence = value;
        break;
    case 'I':
        if (str_u64(value, 10, &p->installed_size))
            p->installed_size = 0;
        break;
    case 'D':
        add_relations(a, value, room, &p->depends);
        break;
    case 'p':
        add_relations(a, value, room, &p->provides);
        break;
    case 'F':
        *folder = value;
        if (value.n)
            add_file(a, value, (struct str){0}, room, p);
        break;
    case 'R':
        if (value.n)
            add_file(a, *folder, value, room, p);
        break;
    case 'Z':
        if (p->sums.n)
            p->sums.v[p->sums.n - 1] = value;
        break;
    default:
        break;
    }
}

static void finish(struct arena *a, struct facts_package *p, struct facts_room *room,
                   struct facts_packages *ret)
{
    if (!p->name.n)
        return;
    if (!p->source.n)
        p->source = p->name;
    p->source_version = p->version;
    *vec_push(a, ret) = *p;
    room->packages--;
}

void facts_apk_read(struct str text, struct arena *a, struct facts_room *room,
                    struct facts_packages *ret)
{
    struct facts_package p = {.kind = PACKAGE_APK};
    struct str line, folder = {0};
    while (room->packages && str_line(&text, &line)) {
        if (!line.n) {
            finish(a, &p, room, ret);
            p = (struct facts_package){.kind = PACKAGE_APK};
            folder = (struct str){0};
        } else if (line.n >= 2 && line.p[1] == ':') {
            take(a, line.p[0], str_from(line, 2), &folder, room, &p);
        }
    }
    if (room->packages)
        finish(a, &p, room, ret);
}
