/* parse: the pure parsers behind facts: bytes → values, without tree or image.
 *
 * Strings of what comes from text (passwd, package databases, os-release) are views of the text;
 * those of ELF files and scripts are copied into the arena, as their bytes are not kept. */
#ifndef FACTS_PARSE_H
#define FACTS_PARSE_H

#include "facts/facts.h"

/* What was left out of a folder → one note a kind. */
void facts_gaps_note(const struct image *image, struct arena *a, struct strs *notes);

/* Appends to a list that only facts_add() grows: it doubles where the length is a power of two. */
static inline void facts_add(struct arena *a, struct strs *list, struct str s)
{
    if ((list->n & (list->n - 1)) == 0)
        list->v = arena_grow(a, list->v, list->n * sizeof *list->v,
                             (list->n ? list->n * 2 : 1) * sizeof *list->v);
    list->v[list->n++] = s;
}

/* Any bytes → what an ELF file says of itself. Never fails: what lies makes it `broken`. The bytes
 * are scribbled upon (the place of the section headers is cleared). */
void facts_elf_read(char *bytes, size_t n, struct arena *a, struct elf_facts *ret);

/* The description of one .note.dlopen note, added to the lists. */
void facts_dlopen_read(struct str json, struct arena *a, struct elf_facts *ret);

/* Notes down the first thing that is wrong. */
void facts_elf_broken(struct elf_facts *f, struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The first line of a file → interpreter; false when the kernel would not take it as a script. */
bool facts_script_read(struct str head, struct arena *a, struct script_facts *ret);
bool facts_script_is_shell(const struct script_facts *s);

/* passwd(5), group(5). Lines that are empty are skipped; missing fields are empty. What goes beyond
 * LIMIT_ACCOUNTS is left out. */
void facts_passwd_read(struct str text, struct arena *a, struct facts_user **ret, size_t *n);
void facts_group_read(struct str text, struct arena *a, struct facts_group **ret, size_t *n);
/* shadow(5) → the names whose password is empty, one a line; the rest is not to be kept. */
struct str facts_shadow_reduce(struct str text, struct arena *a);

/* os-release(5): the value of a key without its quotes; empty when absent. */
struct str facts_os_release(struct str text, struct arena *a, struct str key);

/* What package databases may still add, for all of an image's together. */
struct facts_room {
    size_t packages, names, files;
    size_t bytes; /* of paths that stand in pieces in their database */
};
struct facts_room facts_room(void);
static inline bool facts_room_spent(const struct facts_room *room)
{
    return !room->packages || !room->names || !room->files;
}

/* dpkg's status, or one file of status.d (whose packages carry no Status): adds what is on disk. */
void facts_dpkg_read(struct str text, struct arena *a, struct facts_room *room,
                     struct facts_packages *ret);
/* info/NAME.list, one absolute path a line; status.d/NAME.md5sums, a sum and a relative path. */
struct strs facts_dpkg_list(struct str text, struct arena *a, struct facts_room *room);
struct strs facts_dpkg_md5sums(struct str text, struct arena *a, struct facts_room *room);

/* apk's installed database, files included. */
void facts_apk_read(struct str text, struct arena *a, struct facts_room *room,
                    struct facts_packages *ret);

/* Any kind of rpm database → what facts_rpm_read() reads; *note says what is not in it. The bytes
 * are scribbled upon. */
struct str facts_rpm_reduce(char *bytes, size_t n, struct arena *a, struct str *note);
void facts_rpm_read(struct str reduced, struct arena *a, struct facts_room *room,
                    struct facts_packages *ret);

#endif
