/* library_elf: what the Go and Rust compilers leave in a program → the modules and crates in it.
 *
 * Go: the section .go.buildinfo, or without sections the head of the first writable segment: a
 * magic, then version and module list, since Go 1.18 in place, before as pointers to strings. Rust,
 * built with cargo auditable: the section .dep-v0, JSON under zlib.
 *
 * Headers are read by hand: libelf trusts what sections claim with memory.
 *
 * Invariants
 * 1. No byte outside of the file is read, whatever its headers claim. (fuzz_library,
 *    test_library_elf: lies)
 * 2. A program without section headers, and one of another byte order, says the same of its
 *    modules. (test_library_elf: forms)
 * 3. What Rust's lists of one layer unpack to is bounded together. (test_library_elf: room)
 */
#include <elf.h>
#include <isa-l/igzip_lib.h>

#include "base/json.h"
#include "base/limits.h"
#include "facts/library.h"

enum {
    GO_HEAD = 32,
    GO_ALIGN = 16,
    GO_SEARCH = 1024 * 1024, /* as Go's own reader has it */
    GO_BIG_ENDIAN = 1,
    GO_IN_PLACE = 2,
    GO_MARK = 16, /* bytes around the module list that are none of it */
};

struct elf {
    struct str bytes;
    bool wide, big; /* 64 bit; big endian */
};

/* A number of n bytes; 0 outside of the bytes. */
static uint64_t number(struct str s, uint64_t at, unsigned n, bool big)
{
    uint64_t ret = 0;
    if (at > s.n || s.n - at < n)
        return 0;
    for (unsigned i = 0; i < n; i++)
        ret = ret << 8 | (unsigned char)s.p[at + (big ? i : n - 1 - i)];
    return ret;
}

static struct str piece(struct str s, uint64_t at, uint64_t n)
{
    if (at > s.n || n > s.n - at)
        return (struct str){0};
    return str_slice(s, (size_t)at, (size_t)(at + n));
}

static bool begin(struct str bytes, struct elf *ret)
{
    if (bytes.n < sizeof(Elf64_Ehdr) || !str_starts(bytes, STR("\177ELF")))
        return false;
    *ret = (struct elf){bytes, bytes.p[EI_CLASS] == ELFCLASS64, bytes.p[EI_DATA] == ELFDATA2MSB};
    return true;
}

#define FIELD(e, at, head, member)                                                                 \
    ((e)->wide ? number((e)->bytes, (at) + offsetof(Elf64_##head, member),                         \
                        sizeof(((Elf64_##head *)0)->member), (e)->big)                             \
               : number((e)->bytes, (at) + offsetof(Elf32_##head, member),                         \
                        sizeof(((Elf32_##head *)0)->member), (e)->big))
#define SIZE(e, head) ((e)->wide ? sizeof(Elf64_##head) : sizeof(Elf32_##head))

/* The bytes of a section of that name, or none. */
static struct str section(const struct elf *e, struct str name)
{
    uint64_t at = FIELD(e, 0, Ehdr, e_shoff), n = FIELD(e, 0, Ehdr, e_shnum),
             names = FIELD(e, 0, Ehdr, e_shstrndx), each = FIELD(e, 0, Ehdr, e_shentsize);
    if (!at || at >= e->bytes.n || each != SIZE(e, Shdr) || names >= n ||
        n > (e->bytes.n - at) / each)
        return (struct str){0};
    struct str table = piece(e->bytes, FIELD(e, at + names * each, Shdr, sh_offset),
                             FIELD(e, at + names * each, Shdr, sh_size));
    for (uint64_t i = 0; i < n; i++) {
        uint64_t head = at + i * each;
        if (FIELD(e, head, Shdr, sh_type) == SHT_NOBITS ||
            !str_eq(piece(table, FIELD(e, head, Shdr, sh_name), name.n), name) ||
            number(table, FIELD(e, head, Shdr, sh_name) + name.n, 1, false))
            continue;
        return piece(e->bytes, FIELD(e, head, Shdr, sh_offset), FIELD(e, head, Shdr, sh_size));
    }
    return (struct str){0};
}

/* The bytes from an address on, to the end of its segment; or with address 0 those of the first
 * writable one. */
static struct str segment(const struct elf *e, uint64_t address)
{
    uint64_t at = FIELD(e, 0, Ehdr, e_phoff), n = FIELD(e, 0, Ehdr, e_phnum);
    if (FIELD(e, 0, Ehdr, e_phentsize) != SIZE(e, Phdr) || n > LIMIT_ELF_SEGMENTS)
        return (struct str){0};
    for (uint64_t i = 0; i < n; i++) {
        uint64_t head = at + i * SIZE(e, Phdr), start = FIELD(e, head, Phdr, p_vaddr),
                 size = FIELD(e, head, Phdr, p_filesz);
        bool writable = (FIELD(e, head, Phdr, p_flags) & (PF_X | PF_W)) == PF_W;
        if (FIELD(e, head, Phdr, p_type) != PT_LOAD ||
            (address ? address < start || address - start >= size : !writable))
            continue;
        struct str all = piece(e->bytes, FIELD(e, head, Phdr, p_offset), size);
        return str_from(all, address ? (size_t)(address - start) : 0);
    }
    return (struct str){0};
}

/* ---- Go ---- */

/* From the magic on. */
static struct str go_info(const struct elf *e)
{
    static const struct str magic = STR_INIT("\xff Go buildinf:");
    struct str s = section(e, STR(".go.buildinfo"));
    if (!s.n)
        s = str_slice(segment(e, 0), 0, GO_SEARCH);
    for (size_t at; (at = str_find_str(s, magic)) < s.n; s = str_from(s, at + 1))
        if (at % GO_ALIGN == 0 || str_starts(s, magic))
            return str_from(s, at);
    return (struct str){0};
}

/* A length as unsigned LEB128 and as many bytes. */
static struct str take_counted(struct str *s)
{
    uint64_t n = 0;
    for (unsigned shift = 0; s->n && shift < 63; shift += 7) {
        unsigned char c = (unsigned char)*s->p;
        *s = str_from(*s, 1);
        n |= (uint64_t)(c & 0x7f) << shift;
        if (c & 0x80)
            continue;
        struct str ret = piece(*s, 0, n);
        *s = str_from(*s, ret.n);
        return ret;
    }
    return (struct str){0};
}

/* The string whose (pointer, length) stand at an address. */
static struct str take_pointed(const struct elf *e, uint64_t address, unsigned size, bool big)
{
    struct str pair = segment(e, address ? address : UINT64_MAX);
    uint64_t at = number(pair, 0, size, big), n = number(pair, size, size, big);
    return at ? piece(segment(e, at), 0, n) : (struct str){0};
}

/* "go1.22.1 X:experiment" → the standard library, 1.22.1. */
static void add_go_itself(struct str version, struct arena *a, struct facts_library_list *ret)
{
    struct str rest;
    str_cut(version, ' ', &version, &rest);
    if (str_starts(version, STR("go1")))
        facts_library_add(a, ret, LIBRARY_GO, STR("stdlib"), str_from(version, 2));
}

static void add_modules(struct str list, struct arena *a, struct facts_library_list *ret)
{
    struct str line, kind, path, version;
    struct facts_library *last = NULL;
    while (str_line(&list, &line)) {
        str_cut(line, '\t', &kind, &line);
        str_cut(line, '\t', &path, &line);
        str_cut(line, '\t', &version, &line);
        if (str_is(version, "(devel)"))
            version = (struct str){0};
        if (str_is(kind, "mod") || str_is(kind, "dep")) {
            last = facts_library_add(a, ret, LIBRARY_GO, path, version);
        } else if (str_is(kind, "=>") && last && path.n && path.n <= LIMIT_PATH_BYTES &&
                   version.n <= LIMIT_PATH_BYTES) { /* stands in for the module before */
            last->name = str_dup(a, path);
            last->version = str_dup(a, version);
        }
    }
}

void facts_go_read(struct str bytes, struct arena *a, struct facts_library_list *ret)
{
    struct elf e;
    struct str info, version, modules;
    if (!begin(bytes, &e) || !(info = go_info(&e)).n || info.n < GO_HEAD)
        return;
    unsigned size = (unsigned char)info.p[14], flags = (unsigned char)info.p[15];
    if (flags & GO_IN_PLACE) {
        info = str_from(info, GO_HEAD);
        version = take_counted(&info);
        modules = take_counted(&info);
    } else if (size == 4 || size == 8) {
        bool big = flags & GO_BIG_ENDIAN;
        version = take_pointed(&e, number(info, 16, size, big), size, big);
        modules = take_pointed(&e, number(info, 16 + size, size, big), size, big);
    } else {
        return;
    }
    if (modules.n >= 2 * GO_MARK + 1 && modules.p[modules.n - GO_MARK - 1] == '\n')
        modules = str_slice(modules, GO_MARK, modules.n - GO_MARK);
    add_go_itself(version, a, ret);
    add_modules(modules, a, ret);
}

/* ---- Rust ---- */

/* False when it is more than may be unpacked; what is damaged is empty. */
static bool unpack(struct str packed, uint64_t *room, struct arena *a, struct str *ret)
{
    struct inflate_state *z = arena_new(a, struct inflate_state);
    *ret = (struct str){0};
    if (packed.n > LIMIT_CARGO_BYTES)
        return false;
    *room += LIMIT_CARGO_ROOM * (uint64_t)packed.n;
    uint32_t most = *room < LIMIT_CARGO_BYTES ? (uint32_t)*room : LIMIT_CARGO_BYTES;
    char *out = arena_alloc(a, most);
    isal_inflate_init(z);
    z->crc_flag = ISAL_ZLIB;
    z->next_in = (uint8_t *)(uintptr_t)packed.p;
    z->avail_in = (uint32_t)packed.n;
    z->next_out = (uint8_t *)out;
    z->avail_out = most;
    int rc = isal_inflate(z);
    *room -= most - z->avail_out;
    if (rc == ISAL_DECOMP_OK && z->block_state == ISAL_BLOCK_FINISH)
        *ret = (struct str){out, most - z->avail_out};
    return rc != ISAL_DECOMP_OK || z->avail_out || z->block_state == ISAL_BLOCK_FINISH;
}

static struct str text_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_string(value) ? (struct str){json_string_value(value), json_string_length(value)}
                                 : (struct str){0};
}

bool facts_cargo_read(struct str bytes, uint64_t *room, struct arena *a,
                      struct facts_library_list *ret)
{
    struct elf e;
    struct str packed, text;
    struct arena scratch = {0};
    json_t *doc JSON_AUTO = NULL, *package;
    struct err ignored;
    size_t i;
    if (!begin(bytes, &e) || !(packed = section(&e, STR(".dep-v0"))).n)
        return true;
    bool fits = unpack(packed, room, &scratch, &text);
    if (text.n && !json_read(text, &doc, &ignored)) {
        json_array_foreach(json_object_get(doc, "packages"), i, package)
        {
            if (!str_is(text_of(package, "kind"), "build")) /* those ran while it was built */
                facts_library_add(a, ret, LIBRARY_CARGO, text_of(package, "name"),
                                  text_of(package, "version"));
        }
    }
    arena_free(&scratch);
    return fits;
}
