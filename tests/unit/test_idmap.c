/* /etc/subuid lines → the maps of a user namespace. */
#include "lib/tap.h"
#include "sys/idmap.h"

static const struct {
    const char *text, *user;
    uint64_t own;
    const char *want; /* inside:outside:count … */
    const char *what;
} cases[] = {
    {"", "bob", 1000, "0:1000:1", "without ranges only the user itself"},
    {"bob:100000:65536\n", "bob", 1000, "0:1000:1 1:100000:65536", "one range"},
    {"1000:100000:65536\n", "bob", 1000, "0:1000:1 1:100000:65536", "a range by number"},
    {"alice:1:2\nbob:100000:10\nbob:300000:5", "bob", 1000, "0:1000:1 1:100000:10 11:300000:5",
     "two ranges, one after the other inside"},
    {"bobby:100000:10\n", "bob", 1000, "0:1000:1", "another's name that begins alike"},
    {"bob:100000\nbob::\nbob:x:5\nbob:5:x\n:1:1\n#bob:1:1\n", "bob", 1000, "0:1000:1",
     "lines that are none"},
    {"bob:100000:0\n", "bob", 1000, "0:1000:1", "an empty range"},
    {"bob:4294967295:2\nbob:1:4294967296\n", "bob", 1000, "0:1000:1", "beyond 32 bits"},
    {":5:5\n", "", 77, "0:77:1", "a user without a name has none by name"},
    {"bob: 100000 : 7 \r\n", "bob", 1000, "0:1000:1 1:100000:7", "blanks and CR"},
};

int main(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sys_id_ranges r;
        struct str got = {0};
        sys_idmap_read(&a, str_of(cases[i].text), str_of(cases[i].user), cases[i].own, &r);
        vec_each (&r, k)
            got = str_fmt(&a, STR_F "%s%llu:%llu:%llu", STR_A(got), k ? " " : "",
                          (unsigned long long)r.v[k].inside, (unsigned long long)r.v[k].outside,
                          (unsigned long long)r.v[k].count);
        is_str(got, cases[i].want, "%s", cases[i].what);
    }
    arena_free(&a);
    return done_testing();
}
