/* test_elf_facts: small ELF files made here, in both classes and byte orders, whole and broken; and
 * this very program. With files as arguments it prints their facts instead, one a line, for
 * tests/facts.t to compare with readelf's. */
#include <elf.h>
#include <stdlib.h>

#include "lib/tap.h"

#include "facts/parse.h"
#include "sys/file.h"

/* Read back from this program by the last test. */
__attribute__((section(".note.dlopen"), used, aligned(4))) static const struct {
    uint32_t name_size, desc_size, type;
    char name[4];
    char desc[80];
} dlopen_note = {4, 80, 0x407c0c0a, "FDO",
                 "[{\"soname\":[\"libx.so.1\",\"libx.so.0\"],\"priority\":\"suggested\"}]"};

struct maker {
    char b[1024];
    size_t n;
    int bits;
    bool big;
};

static void put(struct maker *m, uint64_t v, size_t size)
{
    for (size_t i = 0; i < size; i++)
        m->b[m->n++] = (char)(v >> 8 * (m->big ? size - 1 - i : i));
}

static void put_text(struct maker *m, const char *s)
{
    memcpy(m->b + m->n, s, strlen(s) + 1);
    m->n += strlen(s) + 1;
}

enum {
    BASE = 0x10000,
    STRINGS = 0x140,
    INTERP = 0x1c0,
    NOTE = 0x200,
    DYNAMIC = 0x280,
    END = 0x3c0
};

static void put_word(struct maker *m, uint64_t v)
{
    put(m, v, m->bits == 64 ? 8 : 4);
}

static void put_segment(struct maker *m, uint32_t type, uint64_t offset, uint64_t size)
{
    put(m, type, 4);
    if (m->bits == 64)
        put(m, PF_R, 4);
    put_word(m, offset);
    put_word(m, BASE + offset);
    put_word(m, BASE + offset);
    put_word(m, size);
    put_word(m, size);
    if (m->bits == 32)
        put(m, PF_R, 4);
    put_word(m, 4);
}

static void put_tag(struct maker *m, uint64_t tag, uint64_t value)
{
    put_word(m, tag);
    put_word(m, value);
}

/* A library with everything facts read; sections: the header claims some, out of the file. */
static struct maker make(int bits, bool big, bool sections)
{
    static const char json[] = "[{\"soname\":[\"libr.so\"],\"priority\":\"required\"},"
                               "{\"soname\":[\"libd.so\"],\"feature\":\"d\"}]";
    struct maker m = {.bits = bits, .big = big};
    memcpy(m.b, "\177ELF", 4);
    m.b[EI_CLASS] = bits == 64 ? ELFCLASS64 : ELFCLASS32;
    m.b[EI_DATA] = big ? ELFDATA2MSB : ELFDATA2LSB;
    m.b[EI_VERSION] = EV_CURRENT;
    m.n = EI_NIDENT;
    put(&m, ET_DYN, 2);
    put(&m, EM_PPC64, 2);
    put(&m, EV_CURRENT, 4);
    put_word(&m, 0);
    put_word(&m, bits == 64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr));
    put_word(&m, sections ? 0x7fffff00 : 0);
    put(&m, 0, 4);
    put(&m, bits == 64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr), 2);
    put(&m, bits == 64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr), 2);
    put(&m, 4, 2);
    put(&m, bits == 64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr), 2);
    put(&m, sections ? 0xfe00 : 0, 2);
    put(&m, 0, 2);
    put_segment(&m, PT_LOAD, 0, END);
    put_segment(&m, PT_INTERP, INTERP, 15);
    put_segment(&m, PT_DYNAMIC, DYNAMIC, END - DYNAMIC);
    put_segment(&m, PT_NOTE, NOTE, 16 + sizeof json + (4 - sizeof json % 4) % 4);
    m.n = STRINGS; /* at 1: libc.so.6, 11: libm.so, 19: me.so, 25: /r, 28: $ORIGIN/l, 38: f */
    memcpy(m.b + m.n, "\0libc.so.6\0libm.so\0me.so\0/r\0$ORIGIN/l\0f", 40);
    m.n = INTERP;
    put_text(&m, "/lib/ld.so.1");
    m.n = NOTE;
    put(&m, 4, 4);
    put(&m, sizeof json, 4);
    put(&m, 0x407c0c0a, 4);
    put_text(&m, "FDO");
    put_text(&m, json);
    m.n = DYNAMIC;
    put_tag(&m, DT_NEEDED, 1);
    put_tag(&m, DT_NEEDED, 11);
    put_tag(&m, DT_SONAME, 19);
    put_tag(&m, DT_RPATH, 25);
    put_tag(&m, DT_RUNPATH, 28);
    put_tag(&m, DT_FILTER, 38);
    put_tag(&m, DT_AUXILIARY, 38);
    put_tag(&m, DT_FLAGS_1, DF_1_NODEFLIB);
    put_tag(&m, DT_STRTAB, BASE + STRINGS);
    put_tag(&m, DT_STRSZ, 40);
    put_tag(&m, DT_NULL, 0);
    m.n = END;
    return m;
}

static struct elf_facts read_copy(struct arena *a, const char *p, size_t n)
{
    struct elf_facts f;
    char *copy = malloc(n ? n : 1); /* exact, so that asan sees a read past the end */
    memcpy(copy, p, n);
    facts_elf_read(copy, n, a, &f);
    free(copy);
    return f;
}

static void check_all(struct arena *a, struct maker m, const char *name)
{
    struct elf_facts f = read_copy(a, m.b, m.n);
    ok(!f.broken, "%s: sound " STR_F, name, STR_A(f.why));
    ok(f.bits == m.bits && f.big_endian == m.big && f.machine == EM_PPC64 && f.type == ET_DYN,
       "%s: header", name);
    ok(f.dynamic && f.executable && !f.is_static && f.nodeflib, "%s: kind", name);
    is_str(f.interpreter, "/lib/ld.so.1", "%s: interpreter", name);
    is_str(f.soname, "me.so", "%s: soname", name);
    is_str(f.rpath, "/r", "%s: rpath", name);
    is_str(f.runpath, "$ORIGIN/l", "%s: runpath", name);
    ok(f.needed.n == 2 && str_is(f.needed.v[0], "libc.so.6") && str_is(f.needed.v[1], "libm.so"),
       "%s: needed in order", name);
    ok(f.filter.n == 1 && f.auxiliary.n == 1 && str_is(f.filter.v[0], "f"), "%s: filters", name);
    ok(f.dlopen_required.n == 1 && str_is(f.dlopen_required.v[0], "libr.so") &&
           f.dlopen_recommended.n == 1 && str_is(f.dlopen_recommended.v[0], "libd.so"),
       "%s: dlopen; recommended when not said", name);
}

/* Every length, every byte set to a few values: facts come out, asan has no complaint. */
static void check_lies(struct arena *a)
{
    static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff};
    for (int kind = 0; kind < 4; kind++) {
        struct maker m = make(kind & 1 ? 64 : 32, kind & 2, false);
        size_t broken = 0;
        for (size_t n = 0; n <= m.n; n++) {
            struct arena_mark mark = arena_mark(a);
            broken += read_copy(a, m.b, n).broken;
            arena_rewind(a, mark);
        }
        ok(broken > 300, "lies: cut short is broken (%zu)", broken);
        for (size_t i = 0; i < m.n; i++)
            for (size_t v = 0; v < sizeof values; v++) {
                char was = m.b[i];
                struct arena_mark mark = arena_mark(a);
                m.b[i] = (char)values[v];
                (void)read_copy(a, m.b, m.n);
                m.b[i] = was;
                arena_rewind(a, mark);
            }
        ok(true, "lies: any byte");
    }
    struct maker m = make(64, false, false);
    memset(m.b + offsetof(Elf64_Ehdr, e_phnum), 0xff, 2);
    ok(read_copy(a, m.b, m.n).broken, "lies: 65535 program headers");
    m = make(64, false, false);
    m.b[offsetof(Elf64_Ehdr, e_phentsize)]++;
    ok(read_copy(a, m.b, m.n).broken, "lies: program headers of another size");
    m = make(64, false, false);
    memset(m.b + DYNAMIC + 9 * 16 + 8, 0xff, 8); /* DT_STRSZ */
    ok(!read_copy(a, m.b, m.n).broken, "lies: a too large DT_STRSZ is cut to the segment");
    m.b[DYNAMIC + 8] = 0x7f; /* DT_NEEDED beyond the strings */
    m.b[DYNAMIC + 9] = 0x7f;
    struct elf_facts f = read_copy(a, m.b, m.n);
    ok(f.broken && f.needed.n == 2 && str_is(f.needed.v[1], "libm.so"),
       "lies: the rest is still read: " STR_F, STR_A(f.why));
}

static void check_dlopen(struct arena *a)
{
    static const char *const bad[] = {
        "", "{", "{}", "[1]", "[{\"soname\":1}]", "[{\"soname\":[\"a\"],\"soname\":[\"b\"]}]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct elf_facts f = {0};
        facts_dlopen_read(str_of(bad[i]), a, &f);
        ok(f.broken && !f.dlopen_recommended.n, "dlopen: %s is refused: " STR_F, bad[i],
           STR_A(f.why));
    }
}

static void check_self(struct arena *a)
{
    struct str bytes;
    struct err e = {0};
    struct elf_facts f;
    if (!ok(!sys_read_file(STR("/proc/self/exe"), a, 256u << 20, &bytes, &e), "self: %s", e.text))
        return;
    facts_elf_read(memcpy(arena_alloc(a, bytes.n), bytes.p, bytes.n), bytes.n, a, &f);
    ok(!f.broken && f.executable && f.dynamic && f.type == ET_DYN, "self: an executable");
    bool libc = false;
    for (size_t i = 0; i < f.needed.n; i++)
        libc |= str_starts(f.needed.v[i], STR("libc."));
    ok(libc && f.interpreter.n, "self: linked with libc");
    ok(f.dlopen_suggested.n == 2 && str_is(f.dlopen_suggested.v[1], "libx.so.0"),
       "self: its dlopen note (%zu)", f.dlopen_suggested.n + (dlopen_note.type == 0));
}

static void print(const char *key, struct str s)
{
    if (s.n)
        printf("%s " STR_F "\n", key, STR_A(s));
}

static int print_files(char **files)
{
    for (; *files; files++) {
        struct arena a = {0};
        struct str bytes;
        struct err e = {0};
        struct elf_facts f;
        if (sys_read_file(str_of(*files), &a, 1u << 30, &bytes, &e))
            return fprintf(stderr, "%s\n", e.text), 1;
        facts_elf_read(memcpy(arena_alloc(&a, bytes.n), bytes.p, bytes.n), bytes.n, &a, &f);
        printf("file %s\nclass %u\ntype %u\n", *files, f.bits, f.type);
        print("interpreter", f.interpreter);
        print("soname", f.soname);
        print("rpath", f.rpath);
        print("runpath", f.runpath);
        for (size_t i = 0; i < f.needed.n; i++)
            print("needed", f.needed.v[i]);
        if (f.nodeflib)
            puts("nodeflib");
        print("broken", f.why);
        arena_free(&a);
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct arena a = {0};
    if (argc > 1)
        return print_files(argv + 1);
    check_all(&a, make(64, false, false), "64-bit little endian");
    check_all(&a, make(64, true, false), "foreign: 64-bit big endian");
    check_all(&a, make(32, true, false), "foreign: 32-bit big endian");
    check_all(&a, make(32, false, false), "foreign: 32-bit little endian");
    check_all(&a, make(64, false, true), "no sections: those claimed are not there");
    check_all(&a, make(32, false, true), "no sections: nor in 32 bits");
    check_lies(&a);
    check_dlopen(&a);
    check_self(&a);
    arena_free(&a);
    return done_testing();
}
