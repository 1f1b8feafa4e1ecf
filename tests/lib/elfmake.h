/* elfmake: small ELF files from what a loader reads of them. For unit tests only.
 *
 *     struct str lib = elfmake(&a, &(struct elfmake){.soname = "libx.so.1", .needed =
 * {"libc.so.6"}});
 *
 * 64 bit, little endian, x86-64 unless `machine` says otherwise; nothing in it can be run. */
#ifndef TESTS_ELFMAKE_H
#define TESTS_ELFMAKE_H

#include <elf.h>

#include "base/buf.h"

struct elfmake {
    const char *interpreter, *soname, *rpath, *runpath;
    const char *needed[8], *filter, *auxiliary;
    uint64_t flags_1; /* DF_1_… */
    uint16_t machine;
    const char *dlopen_note; /* JSON of a .note.dlopen */
};

struct elfmake_dynamic {
    Elf64_Dyn v[32];
    size_t n;
    struct buf strings;
};

static inline void elfmake_tag(struct elfmake_dynamic *d, int64_t tag, const char *text)
{
    if (!text)
        return;
    d->v[d->n++] = (Elf64_Dyn){.d_tag = tag, .d_un.d_val = d->strings.n};
    buf_add(&d->strings, (struct str){text, strlen(text) + 1});
}

static inline struct str elfmake(struct arena *a, const struct elfmake *m)
{
    struct elfmake_dynamic d = {.strings = {.a = a}};
    buf_addc(&d.strings, 0);
    for (size_t i = 0; i < 8 && m->needed[i]; i++)
        elfmake_tag(&d, DT_NEEDED, m->needed[i]);
    elfmake_tag(&d, DT_SONAME, m->soname);
    elfmake_tag(&d, DT_RPATH, m->rpath);
    elfmake_tag(&d, DT_RUNPATH, m->runpath);
    elfmake_tag(&d, DT_FILTER, m->filter);
    elfmake_tag(&d, DT_AUXILIARY, m->auxiliary);
    if (m->flags_1)
        d.v[d.n++] = (Elf64_Dyn){.d_tag = DT_FLAGS_1, .d_un.d_val = m->flags_1};

    struct buf note = {.a = a};
    if (m->dlopen_note) {
        Elf64_Nhdr h = {4, (Elf64_Word)strlen(m->dlopen_note) + 1, 0x407c0c0a};
        buf_add(&note, (struct str){(const char *)&h, sizeof h});
        buf_add(&note, (struct str){"FDO", 4});
        buf_add(&note, (struct str){m->dlopen_note, h.n_descsz});
        while (note.n % 4)
            buf_addc(&note, 0);
    }
    size_t interp_n = m->interpreter ? strlen(m->interpreter) + 1 : 0;
    Elf64_Half segments = (Elf64_Half)(2 + (interp_n > 0) + (note.n > 0));
    size_t dynamic = sizeof(Elf64_Ehdr) + segments * sizeof(Elf64_Phdr);
    size_t strings = dynamic + (d.n + 3) * sizeof(Elf64_Dyn);
    size_t interp = strings + d.strings.n, notes = (interp + interp_n + 7) & ~(size_t)7;
    size_t end = notes + note.n;
    d.v[d.n++] = (Elf64_Dyn){.d_tag = DT_STRTAB, .d_un.d_val = strings};
    d.v[d.n++] = (Elf64_Dyn){.d_tag = DT_STRSZ, .d_un.d_val = d.strings.n};
    d.v[d.n++] = (Elf64_Dyn){.d_tag = DT_NULL};

    Elf64_Ehdr h = {.e_type = ET_DYN,
                    .e_machine = m->machine ? m->machine : EM_X86_64,
                    .e_version = EV_CURRENT,
                    .e_phoff = sizeof h,
                    .e_ehsize = sizeof h,
                    .e_phentsize = sizeof(Elf64_Phdr),
                    .e_phnum = segments};
    memcpy(h.e_ident, ELFMAG, SELFMAG);
    h.e_ident[EI_CLASS] = ELFCLASS64;
    h.e_ident[EI_DATA] = ELFDATA2LSB;
    h.e_ident[EI_VERSION] = EV_CURRENT;
    Elf64_Phdr p[4] = {{.p_type = PT_LOAD, .p_filesz = end, .p_memsz = end},
                       {.p_type = PT_DYNAMIC,
                        .p_offset = dynamic,
                        .p_vaddr = dynamic,
                        .p_filesz = d.n * sizeof(Elf64_Dyn),
                        .p_memsz = d.n * sizeof(Elf64_Dyn)}};
    size_t at = 2;
    if (interp_n)
        p[at++] = (Elf64_Phdr){.p_type = PT_INTERP,
                               .p_offset = interp,
                               .p_vaddr = interp,
                               .p_filesz = interp_n,
                               .p_memsz = interp_n};
    if (note.n)
        p[at++] = (Elf64_Phdr){.p_type = PT_NOTE,
                               .p_offset = notes,
                               .p_vaddr = notes,
                               .p_filesz = note.n,
                               .p_memsz = note.n,
                               .p_align = 4};
    struct buf b = {.a = a};
    buf_add(&b, (struct str){(const char *)&h, sizeof h});
    buf_add(&b, (struct str){(const char *)p, segments * sizeof *p});
    buf_add(&b, (struct str){(const char *)d.v, d.n * sizeof *d.v});
    buf_add(&b, buf_str(&d.strings));
    buf_add(&b, (struct str){m->interpreter, interp_n});
    while (b.n < notes)
        buf_addc(&b, 0);
    buf_add(&b, buf_str(&note));
    return buf_str(&b);
}

#endif
