/* library: the pure parsers of what language package managers leave beside what they install: bytes
 * → libraries. Strings are of the arena. What makes no sense adds nothing. */
#ifndef FACTS_LIBRARY_H
#define FACTS_LIBRARY_H

#include "base/vec.h"
#include "facts/facts.h"

struct facts_library_list VEC(struct facts_library);

/* Adds a library; one without a name, or over LIMIT_PACKAGES, is left out. */
struct facts_library *facts_library_add(struct arena *a, struct facts_library_list *list,
                                        enum library_kind kind, struct str name,
                                        struct str version);

void facts_npm_read(struct str text, struct arena *a, struct facts_library_list *ret);
void facts_python_read(struct str text, struct arena *a, struct facts_library_list *ret);
void facts_gem_read(struct str text, struct arena *a, struct facts_library_list *ret);
void facts_composer_read(struct str text, struct arena *a, struct facts_library_list *ret);
void facts_dotnet_read(struct str text, struct arena *a, struct facts_library_list *ret);

#endif
