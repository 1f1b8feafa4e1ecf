/* elf_dlopen: the JSON of a .note.dlopen note → the sonames a program may load while it runs.
 *
 * Follows the "dlopen() Metadata for ELF Files" specification: a list of objects with soname (by
 * preference), feature, description and priority, which is "recommended" when absent.
 *
 * Invariants
 * 1. A note that does not parse is reported and adds nothing. (test_elf_facts: dlopen)
 */
#include "base/json.h"
#include "facts/parse.h"

static int read_entry(const json_t *entry, struct arena *a, struct elf_facts *f, struct err *e)
{
    struct strs sonames = {0};
    struct str priority = STR("recommended");
    if (!json_is_object(entry))
        return err_set(e, ERR_INPUT, "an entry is no object");
    if (json_get_strs(entry, "soname", a, &sonames, e) ||
        json_get_str(entry, "priority", a, &priority, e))
        return -1;
    struct strs *to = str_is(priority, "required")    ? &f->dlopen_required
                      : str_is(priority, "suggested") ? &f->dlopen_suggested
                                                      : &f->dlopen_recommended;
    for (size_t i = 0; i < sonames.n; i++)
        facts_add(a, to, sonames.v[i]);
    return 0;
}

void facts_dlopen_read(struct str json, struct arena *a, struct elf_facts *ret)
{
    struct err e = {0};
    json_t JSON_AUTO *list = NULL;
    bool bad = json_read(json, &list, &e) != 0;
    if (!bad && !json_is_array(list))
        bad = err_set(&e, ERR_INPUT, "no list") != 0;
    for (size_t i = 0; !bad && i < json_array_size(list); i++)
        bad = read_entry(json_array_get(list, i), a, ret, &e) != 0;
    if (bad)
        facts_elf_broken(ret, a, "its note on dlopen: %s", e.text);
}
