/* elf: bytes of an ELF file, hostile ones too → struct elf_facts, by program headers alone.
 *
 * libelf does class and byte order. It trusts counts of section headers with memory, and nothing
 * here needs sections (a stripped file has none), so their place in the header is cleared first.
 *
 * Invariants
 * 1. No byte outside of bytes[0..n) is read, and what is allocated does not grow with what the
 *    headers claim. (fuzz_elf, test_elf_facts: lies)
 * 2. A file with stripped section headers gives the same facts. (test_elf_facts: no sections)
 * 3. Byte order and class do not matter. (test_elf_facts: foreign)
 */
#include <gelf.h>
#include <libelf.h>
#include <stdarg.h>

#include "base/limits.h"
#include "facts/parse.h"

enum { NOTE_DLOPEN = 0x407c0c0a };

struct reader {
    Elf *elf;
    struct str bytes;
    struct arena *a;
    struct elf_facts *f;
    size_t n_segments;
    bool pie;           /* DF_1_PIE */
    struct str strings; /* what DT_STRTAB names */
};

void facts_elf_broken(struct elf_facts *f, struct arena *a, const char *fmt, ...)
{
    char text[256];
    if (f->broken)
        return;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    f->broken = true;
    f->why = str_dup(a, str_of(text));
}

static void clear_sections(char *bytes, size_t n)
{
    if (n < sizeof(Elf64_Ehdr))
        n = 0; /* a 32-bit header alone has no room for sections either */
    if (n && bytes[EI_CLASS] == ELFCLASS64) {
        memset(bytes + offsetof(Elf64_Ehdr, e_shoff), 0, sizeof(Elf64_Off));
        memset(bytes + offsetof(Elf64_Ehdr, e_shentsize), 0, 3 * sizeof(Elf64_Half));
    } else if (n) {
        memset(bytes + offsetof(Elf32_Ehdr, e_shoff), 0, sizeof(Elf32_Off));
        memset(bytes + offsetof(Elf32_Ehdr, e_shentsize), 0, 3 * sizeof(Elf32_Half));
    }
}

/* The part of the file from offset on, size bytes; false when it is not all there. */
static bool part(const struct reader *r, uint64_t offset, uint64_t size, struct str *ret)
{
    if (offset > r->bytes.n || size > r->bytes.n - offset)
        return false;
    *ret = str_slice(r->bytes, (size_t)offset, (size_t)(offset + size));
    return true;
}

/* The file's bytes from an address of memory to the end of its segment. */
static bool at_address(const struct reader *r, uint64_t address, struct str *ret)
{
    for (size_t i = 0; i < r->n_segments; i++) {
        GElf_Phdr ph;
        if (!gelf_getphdr(r->elf, (int)i, &ph) || ph.p_type != PT_LOAD || address < ph.p_vaddr ||
            address - ph.p_vaddr >= ph.p_filesz || ph.p_offset > r->bytes.n)
            continue;
        struct str rest = str_from(r->bytes, (size_t)ph.p_offset);
        uint64_t size = ph.p_filesz < rest.n ? ph.p_filesz : rest.n;
        *ret = str_slice(rest, (size_t)(address - ph.p_vaddr), (size_t)size);
        return ret->n > 0;
    }
    return false;
}

static void read_interpreter(struct reader *r, const GElf_Phdr *ph)
{
    struct str s;
    if (r->f->interpreter.n)
        return;
    if (ph->p_filesz > LIMIT_PATH_BYTES || !part(r, ph->p_offset, ph->p_filesz, &s)) {
        facts_elf_broken(r->f, r->a, "the interpreter's name lies outside of the file");
        return;
    }
    r->f->interpreter = str_dup(r->a, str_slice(s, 0, str_find(s, 0)));
}

static void read_notes(struct reader *r, const GElf_Phdr *ph)
{
    struct str s;
    if (!part(r, ph->p_offset, ph->p_filesz, &s) || s.n > LIMIT_ELF_NOTE)
        return; /* notes are hints: debug files have them cut off, core files have huge ones */
    Elf_Data *d = elf_getdata_rawchunk(r->elf, (int64_t)ph->p_offset, s.n,
                                       ph->p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
    if (!d)
        return;
    GElf_Nhdr note;
    size_t name, desc;
    for (size_t at = 0; (at = gelf_getnote(d, at, &note, &name, &desc)) > 0;) {
        struct str all = {d->d_buf, d->d_size};
        if (note.n_type != NOTE_DLOPEN ||
            !str_eq(str_slice(all, name, name + note.n_namesz), (struct str){"FDO", 4}))
            continue;
        struct str json = str_slice(all, desc, desc + note.n_descsz);
        facts_dlopen_read(str_slice(json, 0, str_find(json, 0)), r->a, r->f);
    }
}

static struct str dynamic_string(struct reader *r, uint64_t at)
{
    struct str s = str_from(r->strings, at > r->strings.n ? r->strings.n : (size_t)at);
    size_t n = str_find(str_slice(s, 0, LIMIT_ELF_STRING), 0);
    if (n == s.n || n == LIMIT_ELF_STRING) {
        facts_elf_broken(r->f, r->a, "a name of the dynamic section has no end");
        return (struct str){0};
    }
    return str_dup(r->a, str_slice(s, 0, n));
}

/* First what the strings need, wherever it stands in the table. */
static void read_string_table(struct reader *r, Elf_Data *d, int n)
{
    uint64_t size = UINT64_MAX, address = 0;
    GElf_Dyn dyn;
    for (int i = 0; i < n && gelf_getdyn(d, i, &dyn) && dyn.d_tag != DT_NULL; i++) {
        if (dyn.d_tag == DT_STRTAB)
            address = dyn.d_un.d_ptr;
        else if (dyn.d_tag == DT_STRSZ)
            size = dyn.d_un.d_val;
    }
    if (!address)
        return;
    if (!at_address(r, address, &r->strings))
        facts_elf_broken(r->f, r->a, "the dynamic section's strings lie outside of the file");
    else if (size < r->strings.n)
        r->strings.n = (size_t)size;
}

static void read_tag(struct reader *r, const GElf_Dyn *dyn)
{
    struct elf_facts *f = r->f;
    uint64_t value = dyn->d_un.d_val;
    switch (dyn->d_tag) {
    case DT_NEEDED:
        facts_add(r->a, &f->needed, dynamic_string(r, value));
        break;
    case DT_FILTER:
        facts_add(r->a, &f->filter, dynamic_string(r, value));
        break;
    case DT_AUXILIARY:
        facts_add(r->a, &f->auxiliary, dynamic_string(r, value));
        break;
    case DT_SONAME:
        f->soname = dynamic_string(r, value);
        break;
    case DT_RPATH:
        f->rpath = dynamic_string(r, value);
        break;
    case DT_RUNPATH:
        f->runpath = dynamic_string(r, value);
        break;
    case DT_FLAGS_1:
        f->nodeflib = value & DF_1_NODEFLIB;
        r->pie = value & DF_1_PIE;
        break;
    default:
        break;
    }
}

static void read_dynamic(struct reader *r, const GElf_Phdr *ph)
{
    struct str s;
    if (r->f->dynamic)
        return; /* the loader takes one; a second is a lie, and the first was read */
    r->f->dynamic = true;
    size_t each = gelf_fsize(r->elf, ELF_T_DYN, 1, EV_CURRENT);
    uint64_t size = ph->p_filesz - ph->p_filesz % each;
    if (!part(r, ph->p_offset, size, &s)) {
        facts_elf_broken(r->f, r->a, "the dynamic section lies outside of the file");
        return;
    }
    if (s.n > each * LIMIT_ELF_DYNAMIC)
        s.n = each * LIMIT_ELF_DYNAMIC;
    Elf_Data *d = s.n ? elf_getdata_rawchunk(r->elf, (int64_t)ph->p_offset, s.n, ELF_T_DYN) : NULL;
    if (!d)
        return;
    int n = (int)(s.n / each), i;
    GElf_Dyn dyn;
    read_string_table(r, d, n);
    for (i = 0; i < n && gelf_getdyn(d, i, &dyn) && dyn.d_tag != DT_NULL; i++)
        read_tag(r, &dyn);
    if (i == LIMIT_ELF_DYNAMIC)
        facts_elf_broken(r->f, r->a, "the dynamic section has more than %d entries",
                         LIMIT_ELF_DYNAMIC);
}

static void read_segments(struct reader *r, size_t entry_size)
{
    if (entry_size && entry_size != gelf_fsize(r->elf, ELF_T_PHDR, 1, EV_CURRENT))
        facts_elf_broken(r->f, r->a, "the program headers are said to be of another size");
    if (elf_getphdrnum(r->elf, &r->n_segments) || r->n_segments > LIMIT_ELF_SEGMENTS) {
        r->n_segments = 0;
        facts_elf_broken(r->f, r->a, "the program headers are more than %d or outside of the file",
                         LIMIT_ELF_SEGMENTS);
    }
    for (size_t i = 0; i < r->n_segments; i++) {
        GElf_Phdr ph;
        if (!gelf_getphdr(r->elf, (int)i, &ph)) {
            facts_elf_broken(r->f, r->a, "the program headers lie outside of the file");
            r->n_segments = i;
            break;
        }
        if (ph.p_type == PT_INTERP)
            read_interpreter(r, &ph);
        else if (ph.p_type == PT_DYNAMIC)
            read_dynamic(r, &ph);
        else if (ph.p_type == PT_NOTE)
            read_notes(r, &ph);
    }
}

void facts_elf_read(char *bytes, size_t n, struct arena *a, struct elf_facts *ret)
{
    struct elf_facts f = {0};
    struct reader r = {.bytes = {bytes, n}, .a = a, .f = &f};
    GElf_Ehdr header;
    elf_version(EV_CURRENT);
    clear_sections(bytes, n);
    r.elf = elf_memory(bytes, n);
    if (!r.elf || elf_kind(r.elf) != ELF_K_ELF || !gelf_getehdr(r.elf, &header)) {
        facts_elf_broken(&f, a, "the ELF header is cut off or of no known kind");
    } else {
        f.bits = header.e_ident[EI_CLASS] == ELFCLASS64 ? 64 : 32;
        f.big_endian = header.e_ident[EI_DATA] == ELFDATA2MSB;
        f.machine = header.e_machine;
        f.type = header.e_type;
        read_segments(&r, header.e_phentsize);
        f.executable = f.type == ET_EXEC || (f.type == ET_DYN && (f.interpreter.n || r.pie));
        f.is_static = f.executable && !f.interpreter.n;
    }
    elf_end(r.elf);
    *ret = f;
}
