/* test_end_of_life: releases, and until when there are fixes for them. */
#include "rules/end_of_life.h"

#include "lib/tap.h"

static const struct {
    const char *id, *version, *end; /* NULL: not known; "": rolling */
} table[] = {
    {"debian", "12", "2026-07-11"},
    {"debian", "", NULL},
    {"debian", "99", NULL},
    {"ubuntu", "22.04", "2027-06-01"},
    {"alpine", "3.20.3", "2026-04-01"},
    {"alpine", "3.2", NULL},
    {"alpine", "3.20_alpha", NULL},
    {"alpine", "3.9.6", "2020-11-01"},
    {"alpine", "3.22.1", "2027-05-01"},
    {"centos", "10", "2030-01-01"},
    {"fedora", "43", "2026-12-09"},
    {"opensuse-leap", "15.6", "2026-04-30"},
    {"sles", "15.7", "2031-07-31"},
    {"rhel", "8.10", "2029-05-31"},
    {"rhel", "80", NULL},
    {"rocky", "9.3", "2032-05-31"},
    {"amzn", "2", "2026-06-30"},
    {"amzn", "2023", "2029-06-30"},
    {"wolfi", "20230201", ""},
    {"arch", "", ""},
    {"nothing", "1", NULL},
};

int main(void)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct end_of_life got = {0};
        bool known = end_of_life_of(str_of(table[i].id), str_of(table[i].version), &got);
        const char *want = table[i].end;
        bool right = !want    ? !known
                     : !*want ? known && got.rolling
                              : known && got.end && !strcmp(got.end, want);
        ok(right, "versions: %s %s", table[i].id, table[i].version);
        ok(!known || got.rolling || (got.end_day > 0 && got.lts_day >= got.end_day), "dates: %s %s",
           table[i].id, table[i].version);
    }
    return done_testing();
}
