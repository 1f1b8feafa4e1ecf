/* library: the pure parsers of what language package managers and compilers leave: bytes →
 * libraries. Strings are of the arena. What makes no sense adds nothing. */
#ifndef FACTS_LIBRARY_H
#define FACTS_LIBRARY_H

#include "base/vec.h"
#include "facts/facts.h"

struct facts_library_list VEC(struct facts_library);

/* Adds a library; one without a name, or over LIMIT_PACKAGES, is left out. */
struct facts_library *facts_library_add(struct arena *a, struct facts_library_list *list,
                                        enum library_kind kind, struct str name,
                                        struct str version);

/* What a library costs to keep. */
static inline size_t facts_library_bytes(const struct facts_library *l)
{
    return sizeof *l + l->name.n + l->version.n + l->licence.n + l->inside.n;
}

void facts_npm_read(struct str text, struct arena *a, struct facts_library_list *ret);
void facts_python_read(struct str text, struct arena *a, struct facts_library_list *ret);
void facts_gem_read(struct str text, struct arena *a, struct facts_library_list *ret);
void facts_composer_read(struct str text, struct arena *a, struct facts_library_list *ret);
void facts_dotnet_read(struct str text, struct arena *a, struct facts_library_list *ret);

/* What is in a program: Go's modules, Rust's crates (of cargo auditable). Any bytes. *room: bytes
 * that may still be unpacked of its layer; false: more than that was left out. */
void facts_go_read(struct str bytes, struct arena *a, struct facts_library_list *ret);
bool facts_cargo_read(struct str bytes, uint64_t *room, struct arena *a,
                      struct facts_library_list *ret);

/* A Java archive by its name (.jar, .war, .ear, .par); what it holds. *room: bytes that may still
 * be unpacked of its layer, to which it brings its own. *note: static words on what was not read,
 * or empty. */
bool facts_jar_is(struct str path);
void facts_jar_read(struct str bytes, struct str path, uint64_t *room, struct arena *a,
                    struct facts_library_list *ret, struct str *note);

#endif
