/* watch_content: the bytes of files → ELF facts, script facts, and the texts that facts or rules
 * read.
 *
 * What a file is shows in its path (texts, by table) or in its first bytes (ELF, scripts). One
 * buffer a layer holds one file at a time; a large ELF file, or rpm database, goes through an
 * unnamed temporary file, of which only the pages that are read come into memory.
 *
 * Invariants
 * 1. Beyond what it keeps, a layer costs at most the larger of ELF_IN_MEMORY and LIMIT_TEXT_BYTES.
 *    (test_visitor: large)
 * 2. What it keeps of one layer is at most LIMIT_FACTS_BYTES and the structs. (test_visitor: room)
 * 3. How the bytes are cut into pieces does not matter. (test_visitor: pieces)
 */
#include "base/limits.h"
#include "facts/library.h"
#include "facts/parse.h"
#include "facts/watch.h"
#include "sys/file.h"

enum { ELF_IN_MEMORY = 4 * 1024 * 1024, SNIFF = 256 };

enum text_kind { TEXT_PLAIN, TEXT_SHADOW, TEXT_RPM };

/* Files known by path: all of it when there is no suffix, else what is between has no slash. */
static const struct text_file {
    struct str prefix;
    const char *suffix;
    enum text_kind kind;
    unsigned wish; /* only with this; 0: always */
} text_files[] = {
    {STR_INIT("etc/passwd"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("etc/group"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("etc/shadow"), NULL, TEXT_SHADOW, 0},
    /* what Nix's images have below etc are links to these */
    {STR_INIT("nix/store/"), "/etc/passwd", TEXT_PLAIN, 0},
    {STR_INIT("nix/store/"), "/etc/group", TEXT_PLAIN, 0},
    {STR_INIT("nix/store/"), "/etc/shadow", TEXT_SHADOW, 0},
    {STR_INIT("nix/store/"), "/etc/os-release", TEXT_PLAIN, 0},
    {STR_INIT("etc/os-release"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("usr/lib/os-release"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("etc/ld.so.cache"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("etc/ld.so.conf"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("etc/ld.so.conf.d/"), "", TEXT_PLAIN, 0},
    {STR_INIT("etc/ld.so.preload"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("etc/ld-musl-"), ".path", TEXT_PLAIN, 0},
    {STR_INIT("etc/nsswitch.conf"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("usr/etc/nsswitch.conf"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("etc/pam.conf"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("etc/pam.d/"), "", TEXT_PLAIN, 0},
    {STR_INIT("usr/etc/pam.d/"), "", TEXT_PLAIN, 0},
    {STR_INIT("usr/lib/pam.d/"), "", TEXT_PLAIN, 0},
    {STR_INIT("etc/ssl/openssl.cnf"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("var/lib/dpkg/status"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("var/lib/dpkg/diversions"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("var/lib/dpkg/status.d/"), "", TEXT_PLAIN, 0},
    {STR_INIT("var/lib/dpkg/info/"), ".list", TEXT_PLAIN, 0},
    {STR_INIT("var/lib/dpkg/info/"), ".md5sums", TEXT_PLAIN, FACTS_SUMS},
    {STR_INIT("lib/apk/db/installed"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("usr/lib/apk/db/installed"), NULL, TEXT_PLAIN, 0},
    {STR_INIT("var/lib/rpm/rpmdb.sqlite"), NULL, TEXT_RPM, 0},
    {STR_INIT("var/lib/rpm/Packages.db"), NULL, TEXT_RPM, 0},
    {STR_INIT("var/lib/rpm/Packages"), NULL, TEXT_RPM, 0},
    {STR_INIT("usr/lib/sysimage/rpm/rpmdb.sqlite"), NULL, TEXT_RPM, 0},
    {STR_INIT("usr/lib/sysimage/rpm/Packages.db"), NULL, TEXT_RPM, 0},
    {STR_INIT("usr/lib/sysimage/rpm/Packages"), NULL, TEXT_RPM, 0},
};

enum mode { MODE_SNIFF, MODE_SKIP, MODE_HOLD, MODE_SPOOL };

struct visit {
    enum mode mode;
    const struct text_file *text; /* known by path, or NULL */
    struct file_facts facts;
    bool keep_script; /* when it turns out to be a shell's */
    bool interesting;
    uint64_t size;
    size_t n;       /* bytes in the buffer */
    uint64_t spool; /* bytes in the temporary file */
    int fd;
};

struct layer {
    struct arena *a;
    unsigned wish;        /* of enum facts_wish */
    struct arena scratch; /* the buffer alone */
    char *buffer;
    size_t cap;
    uint64_t kept; /* bytes of texts and strings */
    uint64_t room; /* bytes that lists in programs may still unpack */
    struct visit file;
};

static const struct text_file *find_text(struct str path, unsigned wish)
{
    for (size_t i = 0; i < sizeof text_files / sizeof *text_files; i++) {
        const struct text_file *t = &text_files[i];
        if (!str_starts(path, t->prefix) || (t->wish && !(t->wish & wish)))
            continue;
        struct str rest = str_from(path, t->prefix.n), end = str_of(t->suffix);
        if (!t->suffix
                ? !rest.n
                : rest.n > end.n && str_ends(rest, end) && str_find(rest, '/') >= rest.n - end.n)
            return t;
    }
    return NULL;
}

/* The buffer is not cleared between files, and grows to the largest one held. */
static void reserve(struct layer *l, size_t n)
{
    if (n <= l->cap)
        return;
    struct arena grown = {0};
    char *buffer = arena_alloc(&grown, n);
    if (l->file.n)
        memcpy(buffer, l->buffer, l->file.n);
    arena_free(&l->scratch);
    l->scratch = grown;
    l->buffer = buffer;
    l->cap = n;
}

static bool has_room(const struct layer *l, uint64_t n)
{
    return n <= LIMIT_FACTS_BYTES && l->kept <= LIMIT_FACTS_BYTES - n;
}

static void *begin(struct facts_reading *reading, struct arena *layer_arena, size_t layer)
{
    (void)layer;
    struct layer *l = arena_new(layer_arena, struct layer);
    l->a = layer_arena;
    l->wish = reading ? reading->wish : FACTS_CONTENT;
    l->file.fd = -1;
    l->room = LIMIT_CARGO_LAYER;
    return l;
}

static bool open_file(void *state, const struct image_entry *entry)
{
    struct layer *l = state;
    struct str path = entry->path;
    sys_fd_close(&l->file.fd);
    l->file = (struct visit){.fd = -1, .size = entry->size, .text = find_text(path, l->wish)};
    l->file.keep_script =
        entry->size <= LIMIT_SCRIPT_BYTES && !str_starts(path, STR("var/lib/dpkg/info/"));
    if (!l->file.text) {
        reserve(l, SNIFF);
        return entry->size >= 4;
    }
    bool rpm = l->file.text->kind == TEXT_RPM;
    l->file.mode = rpm && entry->size > ELF_IN_MEMORY ? MODE_SPOOL : MODE_HOLD;
    l->file.interesting = true;
    l->file.facts.kind = FILE_TEXT;
    if (l->file.mode == MODE_SPOOL && entry->size <= LIMIT_RPM_BYTES)
        return true; /* the temporary file is made with the first bytes */
    if (entry->size > LIMIT_TEXT_BYTES || !has_room(l, entry->size)) {
        l->file.facts.text_left_out = true;
        l->file.mode = MODE_SKIP;
    } else {
        reserve(l, (size_t)entry->size);
    }
    return true;
}

static int begin_spool(struct layer *l, struct err *e)
{
    struct visit *f = &l->file;
    if (sys_tmpfile(&f->fd, e))
        return -1;
    f->spool = f->n;
    return sys_write_all(f->fd, l->buffer, f->n, e);
}

static int begin_elf(struct layer *l, struct err *e)
{
    struct visit *f = &l->file;
    f->facts.kind = FILE_ELF;
    f->interesting = true;
    if (f->size > LIMIT_ELF_BYTES)
        return 0;
    f->mode = f->size > ELF_IN_MEMORY ? MODE_SPOOL : MODE_HOLD;
    if (f->mode == MODE_SPOOL)
        return begin_spool(l, e);
    reserve(l, (size_t)f->size);
    return 0;
}

/* All of it, or the first line of a large one. */
static void begin_script(struct layer *l)
{
    l->file.facts.kind = FILE_SCRIPT;
    l->file.interesting = true;
    l->file.mode = MODE_HOLD;
    reserve(l, l->file.keep_script ? (size_t)l->file.size : SNIFF);
}

/* The first bytes are there: which kind of file, and how much of it is wanted. */
static int decide(struct layer *l, struct err *e)
{
    struct str head = {l->buffer, l->file.n}; /* until the buffer grows */
    l->file.mode = MODE_SKIP;
    if (str_starts(head, STR("\177ELF")))
        return begin_elf(l, e);
    if (str_starts(head, STR("#!"))) {
        begin_script(l);
    } else if (str_starts(head, STR("----"))) { /* PEM perhaps: done() looks at the first line */
        l->file.mode = MODE_HOLD;
        l->file.interesting = true;
    }
    return 0;
}

/* Holds what fits; how much that was. */
static size_t hold(struct layer *l, const void *p, size_t n, size_t most)
{
    size_t room = most - l->file.n;
    if (n > room)
        n = room;
    if (n)
        memcpy(l->buffer + l->file.n, p, n);
    l->file.n += n;
    return n;
}

static int data(void *state, const void *p, size_t n, struct err *e)
{
    struct layer *l = state;
    struct visit *f = &l->file;
    if (f->mode == MODE_SNIFF) {
        size_t took = hold(l, p, n, SNIFF);
        p = (const char *)p + took;
        n -= took;
        if (f->n >= 4 && decide(l, e))
            return err_wrap(e, "keeping a large ELF file");
    }
    if (f->mode == MODE_HOLD)
        hold(l, p, n, l->cap);
    if (f->mode != MODE_SPOOL || !n || n > f->size - f->spool)
        return 0;
    if (f->fd < 0 && begin_spool(l, e))
        return err_wrap(e, "keeping a large file");
    f->spool += n;
    return sys_write_all(f->fd, p, n, e) ? err_wrap(e, "keeping a large file") : 0;
}

/* What facts_rpm_read() reads, of a database in memory or in a temporary file. */
static void keep_rpm(struct layer *l, struct file_facts *f)
{
    struct visit *file = &l->file;
    struct err e = {0};
    char *map = NULL;
    if (file->mode != MODE_SPOOL) {
        f->text = facts_rpm_reduce(l->buffer, file->n, l->a, &f->note);
    } else if (sys_map(file->fd, (size_t)file->spool, &map, &e)) {
        f->note = str_dup(l->a, str_of(e.text));
    } else {
        f->text = facts_rpm_reduce(map, (size_t)file->spool, l->a, &f->note);
        sys_unmap(map, (size_t)file->spool);
    }
    sys_fd_close(&file->fd);
    f->text_left_out = !has_room(l, f->text.n);
    if (f->text_left_out)
        f->text = (struct str){0};
    l->kept += f->text.n;
}

static void keep_text(struct layer *l, struct file_facts *f)
{
    struct str bytes = {l->buffer, l->file.n};
    if (!has_room(l, bytes.n)) {
        f->text_left_out = true;
        return;
    }
    bool shadow = l->file.text && l->file.text->kind == TEXT_SHADOW;
    f->text = shadow ? facts_shadow_reduce(bytes, l->a) : str_dup(l->a, bytes);
    l->kept += f->text.n;
}

static uint64_t bytes_of(const struct strs *list)
{
    uint64_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += sizeof *list->v + list->v[i].n;
    return n;
}

static void read_elf(struct layer *l, char *bytes, size_t n, struct elf_facts *f)
{
    facts_elf_read(bytes, n, l->a, f);
    l->kept += f->interpreter.n + f->soname.n + f->rpath.n + f->runpath.n + bytes_of(&f->needed) +
               bytes_of(&f->filter) + bytes_of(&f->auxiliary) + bytes_of(&f->dlopen_required) +
               bytes_of(&f->dlopen_recommended) + bytes_of(&f->dlopen_suggested);
}

/* Before the ELF reader, which scribbles on the bytes. */
static void read_libraries(struct layer *l, struct str bytes, struct file_facts *f)
{
    struct facts_library_list list = {0};
    if (!(l->wish & FACTS_LIBRARIES))
        return;
    facts_go_read(bytes, l->a, &list);
    if (!facts_cargo_read(bytes, &l->room, l->a, &list))
        facts_note(l->a, f, STR("has a list of crates that is too large to be read"));
    f->libraries = list.v;
    f->n_libraries = list.n;
    vec_each (&list, i)
        l->kept += facts_library_bytes(&list.v[i]);
}

static void finish_elf(struct layer *l, struct file_facts *facts)
{
    struct elf_facts *f = &facts->elf;
    struct visit *file = &l->file;
    struct err e = {0};
    char *map = NULL;
    if (file->mode == MODE_SKIP) {
        facts_elf_broken(f, l->a, "an ELF file of more than 4 GiB is not read");
    } else if (!has_room(l, 0)) {
        facts_elf_broken(f, l->a, "the layer's ELF files name too many libraries");
    } else if (file->mode == MODE_HOLD) {
        read_libraries(l, (struct str){l->buffer, file->n}, facts);
        read_elf(l, l->buffer, file->n, f);
    } else if (sys_map(file->fd, (size_t)file->spool, &map, &e)) {
        facts_elf_broken(f, l->a, "%s", e.text);
    } else {
        read_libraries(l, (struct str){map, (size_t)file->spool}, facts);
        read_elf(l, map, (size_t)file->spool, f);
        sys_unmap(map, (size_t)file->spool);
    }
    sys_fd_close(&file->fd);
}

/* "-----BEGIN RSA PRIVATE KEY-----" (RFC 7468, and OpenPGP's "… PRIVATE KEY BLOCK"). */
static bool is_private_key(struct str head)
{
    if (!str_starts(head, STR("-----BEGIN ")))
        return false;
    struct str label = str_from(head, 11);
    return str_has(str_slice(label, 0, str_find(label, '-')), STR("PRIVATE KEY"));
}

static bool done(void *state, struct file_facts *ret)
{
    struct layer *l = state;
    struct file_facts facts = l->file.facts;
    struct str head = {l->buffer, l->file.n < SNIFF ? l->file.n : SNIFF};
    if (!l->file.interesting)
        return false;
    switch (facts.kind) {
    case FILE_ELF:
        finish_elf(l, &facts);
        break;
    case FILE_SCRIPT:
        if (!facts_script_read(head, l->a, &facts.script))
            return false;
        if (l->file.keep_script && facts_script_is_shell(&facts.script))
            keep_text(l, &facts);
        break;
    case FILE_TEXT:
        if (facts.text_left_out)
            break;
        if (l->file.text->kind == TEXT_RPM)
            keep_rpm(l, &facts);
        else
            keep_text(l, &facts);
        break;
    case FILE_OTHER:
        facts.private_key = is_private_key(head);
        if (!facts.private_key)
            return false;
        break;
    }
    *ret = facts;
    return true;
}

static void end(void *state)
{
    struct layer *l = state;
    sys_fd_close(&l->file.fd);
    arena_free(&l->scratch);
    l->buffer = NULL;
    l->cap = 0;
}

const struct facts_watcher facts_watch_content = {begin, open_file, data, done, end};
