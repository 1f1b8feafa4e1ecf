/* fuzz_passwd: any bytes as passwd, group and shadow; their first line as the config's User and as
 * a script's. */
#include "facts/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct facts f = {0};
    struct facts_run_as as;
    struct script_facts script;
    struct str text = {(const char *)data, n}, rest = text, user = {0};
    if (str_line(&rest, &user))
        text = rest;
    facts_passwd_read(text, &a, &f.users, &f.n_users);
    facts_group_read(text, &a, &f.groups, &f.n_groups);
    facts_shadow_reduce(text, &a);
    facts_resolve_user(&f, &a, user, &as);
    if (facts_script_read(user, &a, &script))
        facts_script_is_shell(&script);
    arena_free(&a);
    return 0;
}
