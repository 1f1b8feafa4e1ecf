/* test_library_elf: modules of Go and crates of Rust in programs of every form. */
#include <elf.h>
#include <isa-l/igzip_lib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "facts/library.h"
#include "lib/tap.h"

enum { DATA = 0x400, ADDRESS = 0x500000, ROOM = 0x2000 };

/* A program with one writable segment, at DATA in the file, and perhaps two sections. */
struct maker {
    struct arena *a;
    char *p;
    bool wide, big;
};

static void put(const struct maker *m, size_t at, unsigned n, uint64_t v)
{
    for (unsigned i = 0; i < n; i++)
        m->p[at + (m->big ? n - 1 - i : i)] = (char)(v >> 8 * i);
}

#define PUT(m, at, head, member, v)                                                                \
    ((m)->wide ? put((m), (at) + offsetof(Elf64_##head, member),                                   \
                     sizeof(((Elf64_##head *)0)->member), (v))                                     \
               : put((m), (at) + offsetof(Elf32_##head, member),                                   \
                     sizeof(((Elf32_##head *)0)->member), (v)))
#define SIZE(m, head) ((m)->wide ? sizeof(Elf64_##head) : sizeof(Elf32_##head))

static void add_sections(const struct maker *m, const char *name, size_t at, size_t n)
{
    const size_t heads = ROOM - 0x200, names = ROOM - 0x80;
    memcpy(m->p + names + 1, name, strlen(name) + 1);
    PUT(m, 0, Ehdr, e_shoff, heads);
    PUT(m, 0, Ehdr, e_shnum, 3);
    PUT(m, 0, Ehdr, e_shstrndx, 2);
    PUT(m, 0, Ehdr, e_shentsize, SIZE(m, Shdr));
    PUT(m, heads + SIZE(m, Shdr), Shdr, sh_name, 1);
    PUT(m, heads + SIZE(m, Shdr), Shdr, sh_type, SHT_PROGBITS);
    PUT(m, heads + SIZE(m, Shdr), Shdr, sh_offset, at);
    PUT(m, heads + SIZE(m, Shdr), Shdr, sh_size, n);
    PUT(m, heads + 2 * SIZE(m, Shdr), Shdr, sh_type, SHT_STRTAB);
    PUT(m, heads + 2 * SIZE(m, Shdr), Shdr, sh_offset, names);
    PUT(m, heads + 2 * SIZE(m, Shdr), Shdr, sh_size, 0x80);
}

static struct maker begin(struct arena *a, bool wide, bool big)
{
    struct maker m = {a, arena_alloc(a, ROOM), wide, big};
    memcpy(m.p, "\177ELF", 4);
    m.p[EI_CLASS] = wide ? ELFCLASS64 : ELFCLASS32;
    m.p[EI_DATA] = big ? ELFDATA2MSB : ELFDATA2LSB;
    PUT(&m, 0, Ehdr, e_phoff, SIZE(&m, Ehdr));
    PUT(&m, 0, Ehdr, e_phnum, 1);
    PUT(&m, 0, Ehdr, e_phentsize, SIZE(&m, Phdr));
    PUT(&m, SIZE(&m, Ehdr), Phdr, p_type, PT_LOAD);
    PUT(&m, SIZE(&m, Ehdr), Phdr, p_flags, PF_R | PF_W);
    PUT(&m, SIZE(&m, Ehdr), Phdr, p_offset, DATA);
    PUT(&m, SIZE(&m, Ehdr), Phdr, p_vaddr, ADDRESS);
    PUT(&m, SIZE(&m, Ehdr), Phdr, p_filesz, 0x1000);
    return m;
}

#define GO_VERSION "go1.22.1 X:loopvar"
#define MARK       "0123456789abcdef"
#define MODULES                                                                                    \
    MARK "path\texample.org/cmd/a\nmod\texample.org/a\t(devel)\t\n"                                \
         "dep\tgithub.com/b/b\tv1.2.3\th1:x=\ndep\tgithub.com/c/c\tv2.0.0\n"                       \
         "=>\tgithub.com/fork/c\tv2.0.1\th1:y=\nbuild\tCGO_ENABLED=0\n" MARK
#define WANT "stdlib 1.22.1;example.org/a ;github.com/b/b v1.2.3;github.com/fork/c v2.0.1;"

static struct str go_in_place(struct arena *a, bool sections)
{
    struct maker m = begin(a, true, false);
    struct buf b = {.a = a};
    buf_add(&b, STR("\xff Go buildinf:\x08\x02"));
    buf_room(&b, 16);
    buf_took(&b, 16);
    buf_addc(&b, sizeof GO_VERSION - 1);
    buf_addz(&b, GO_VERSION);
    buf_addc(&b, (char)((sizeof MODULES - 1) % 128 | 0x80));
    buf_addc(&b, (char)((sizeof MODULES - 1) / 128));
    buf_addz(&b, MODULES);
    memcpy(m.p + DATA + 0x40, b.p, b.n);
    if (sections)
        add_sections(&m, ".go.buildinfo", DATA + 0x40, b.n);
    return (struct str){m.p, ROOM};
}

static struct str go_by_pointers(struct arena *a, bool wide, bool big)
{
    struct maker m = begin(a, wide, big);
    unsigned size = wide ? 8 : 4;
    const char *texts[] = {GO_VERSION, MODULES};
    memcpy(m.p + DATA, "\xff Go buildinf:", 14);
    m.p[DATA + 14] = (char)size;
    m.p[DATA + 15] = big;
    for (unsigned i = 0; i < 2; i++) {
        unsigned pair = 0x100 + i * 0x20, text = 0x200 + i * 0x200;
        put(&m, DATA + 16 + i * size, size, ADDRESS + pair);
        put(&m, DATA + pair, size, ADDRESS + text);
        put(&m, DATA + pair + size, size, strlen(texts[i]));
        memcpy(m.p + DATA + text, texts[i], strlen(texts[i]));
    }
    return (struct str){m.p, ROOM};
}

static struct str pack_zlib(struct arena *a, struct str text)
{
    struct isal_zstream *z = arena_new(a, struct isal_zstream);
    char *out = arena_alloc(a, text.n + 1024);
    isal_deflate_stateless_init(z);
    z->gzip_flag = IGZIP_ZLIB;
    z->end_of_stream = 1;
    z->next_in = (uint8_t *)(uintptr_t)text.p;
    z->avail_in = (uint32_t)text.n;
    z->next_out = (uint8_t *)out;
    z->avail_out = (uint32_t)(text.n + 1024);
    isal_deflate_stateless(z);
    return (struct str){out, z->total_out};
}

static struct str rust(struct arena *a, struct str packed)
{
    struct maker m = begin(a, true, false);
    memcpy(m.p + DATA, packed.p, packed.n);
    add_sections(&m, ".dep-v0", DATA, packed.n);
    return (struct str){m.p, ROOM};
}

static struct str libraries(struct arena *a, struct str bytes)
{
    struct facts_library_list list = {0};
    struct buf got = {.a = a};
    facts_go_read(bytes, a, &list);
    uint64_t room = LIMIT_CARGO_LAYER;
    facts_cargo_read(bytes, &room, a, &list);
    vec_each (&list, i)
        buf_addf(&got, STR_F " " STR_F ";", STR_A(list.v[i].name), STR_A(list.v[i].version));
    return buf_str(&got);
}

/* Exact copies, each with one byte changed or the end cut off: reads past the end show under asan.
 */
static void check_lies(struct arena *a, struct str whole, const char *what)
{
    struct arena scratch = {0};
    for (size_t i = 0; i < whole.n; i++) {
        if (i >= SIZE(&(struct maker){.wide = true}, Ehdr) * 3 && i % 16 && i < ROOM - 0x200)
            continue;
        char *copy = malloc(whole.n);
        memcpy(copy, whole.p, whole.n);
        copy[i] = (char)(copy[i] ^ 0xff);
        libraries(&scratch, (struct str){copy, whole.n});
        copy = realloc(copy, i ? i : 1);
        libraries(&scratch, (struct str){copy, i});
        free(copy);
        arena_free(&scratch);
    }
    ok(libraries(a, whole).n > 0, "lies: %s", what);
}

int main(void)
{
    struct arena a = {0};
    is_str(libraries(&a, go_in_place(&a, true)), WANT, "Go 1.18 and later");
    is_str(libraries(&a, go_in_place(&a, false)), WANT, "forms: without sections");
    is_str(libraries(&a, go_by_pointers(&a, true, false)), WANT, "forms: by pointers");
    is_str(libraries(&a, go_by_pointers(&a, false, true)), WANT,
           "forms: by pointers, 32 bit, big endian");
    struct str packed =
        pack_zlib(&a, STR("{\"packages\":[{\"name\":\"app\",\"version\":\"0.1.0\",\"root\":true},"
                          "{\"name\":\"cc\",\"version\":\"1.0\",\"kind\":\"build\"},"
                          "{\"name\":\"serde\",\"version\":\"1.0.200\"}]}"));
    is_str(libraries(&a, rust(&a, packed)), "app 0.1.0;serde 1.0.200;",
           "Rust; what ran while it was built is not in it");
    size_t bomb = LIMIT_CARGO_BYTES + 1;
    char *blanks = arena_alloc(&a, bomb);
    memset(blanks, ' ', bomb);
    struct str big = pack_zlib(&a, (struct str){blanks, bomb});
    struct maker m = begin(&a, true, false);
    m.p = arena_grow(&a, m.p, ROOM, ROOM + big.n);
    memcpy(m.p + ROOM, big.p, big.n);
    add_sections(&m, ".dep-v0", ROOM, big.n);
    struct facts_library_list list = {0};
    uint64_t room = LIMIT_CARGO_LAYER;
    ok(!facts_cargo_read((struct str){m.p, ROOM + big.n}, &room, &a, &list) && !list.n,
       "room: more than is unpacked");
    ok(room < LIMIT_CARGO_LAYER, "room: of its layer, too");
    room = 0;
    ok(facts_cargo_read(rust(&a, packed), &room, &a, &list) && list.n == 2,
       "room: a small one brings its own");
    check_lies(&a, go_in_place(&a, true), "Go");
    check_lies(&a, go_by_pointers(&a, true, false), "Go, by pointers");
    check_lies(&a, rust(&a, packed), "Rust");
    arena_free(&a);
    return done_testing();
}
