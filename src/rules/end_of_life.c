/* end_of_life: see end_of_life.h.
 *
 * Dates are the distributions' own, as of END_OF_LIFE_TABLE; those in the future may move. Support
 * that is paid for is left out: nothing in an image tells whether somebody paid. So are releases
 * for which no date was found (Fedora 44, Alpine 3.24, SLES 16.0): those are said to be unknown.
 *
 * Compared with: Debian's distro-info-data 2026.10.12 (Debian, Ubuntu); osinfo-db 20250606 and the
 * endoflife.date project (Alpine, Fedora, openSUSE, SLES, RHEL, CentOS, Rocky, Alma; where the two
 * differ, endoflife.date, which cites each distribution's page); Amazon's release cadence page and
 * its FAQ of Amazon Linux 2. SLES 15.6 and 15.7 are by SUSE's rules: half a year after the next
 * service pack, and the end of the major version.
 *
 * Invariants
 * 1. Every date of the table is one, and a long term ends no sooner. (test_end_of_life: dates)
 * 2. "3.20.3" is of 3.20 and "8.10" of 8, but "3.2" is not. (test_end_of_life: versions)
 */
#include "rules/end_of_life.h"

#include "finding/ignore.h"

static const struct release {
    const char *id, *version; /* the first parts of VERSION_ID; "" is any: rolling */
    const char *end, *lts;
} releases[] = {
    {"debian", "7", "2016-04-25", "2018-05-31"},
    {"debian", "8", "2018-06-17", "2020-06-30"},
    {"debian", "9", "2020-07-18", "2022-06-30"},
    {"debian", "10", "2022-09-10", "2024-06-30"},
    {"debian", "11", "2024-08-14", "2026-08-31"},
    {"debian", "12", "2026-07-11", "2028-06-30"},
    {"debian", "13", "2028-08-09", "2030-06-30"},
    {"ubuntu", "12.04", "2017-04-28", NULL},
    {"ubuntu", "14.04", "2019-04-25", NULL},
    {"ubuntu", "16.04", "2021-04-30", NULL},
    {"ubuntu", "16.10", "2017-07-20", NULL},
    {"ubuntu", "17.04", "2018-01-13", NULL},
    {"ubuntu", "17.10", "2018-07-19", NULL},
    {"ubuntu", "18.04", "2023-05-31", NULL},
    {"ubuntu", "18.10", "2019-07-18", NULL},
    {"ubuntu", "19.04", "2020-01-23", NULL},
    {"ubuntu", "19.10", "2020-07-17", NULL},
    {"ubuntu", "20.04", "2025-05-29", NULL},
    {"ubuntu", "20.10", "2021-07-22", NULL},
    {"ubuntu", "21.04", "2022-01-20", NULL},
    {"ubuntu", "21.10", "2022-07-14", NULL},
    {"ubuntu", "22.04", "2027-06-01", NULL},
    {"ubuntu", "22.10", "2023-07-20", NULL},
    {"ubuntu", "23.04", "2024-01-25", NULL},
    {"ubuntu", "23.10", "2024-07-11", NULL},
    {"ubuntu", "24.04", "2029-05-31", NULL},
    {"ubuntu", "24.10", "2025-07-10", NULL},
    {"ubuntu", "25.04", "2026-01-15", NULL},
    {"ubuntu", "25.10", "2026-07-09", NULL},
    {"ubuntu", "26.04", "2031-05-29", NULL},
    {"ubuntu", "26.10", "2027-07-15", NULL},
    {"alpine", "3.3", "2017-11-01", NULL},
    {"alpine", "3.4", "2018-05-01", NULL},
    {"alpine", "3.5", "2018-11-01", NULL},
    {"alpine", "3.6", "2019-05-01", NULL},
    {"alpine", "3.7", "2019-11-01", NULL},
    {"alpine", "3.8", "2020-05-01", NULL},
    {"alpine", "3.9", "2020-11-01", NULL},
    {"alpine", "3.10", "2021-05-01", NULL},
    {"alpine", "3.11", "2021-11-01", NULL},
    {"alpine", "3.12", "2022-05-01", NULL},
    {"alpine", "3.13", "2022-11-01", NULL},
    {"alpine", "3.14", "2023-05-01", NULL},
    {"alpine", "3.15", "2023-11-01", NULL},
    {"alpine", "3.16", "2024-05-23", NULL},
    {"alpine", "3.17", "2024-11-22", NULL},
    {"alpine", "3.18", "2025-05-09", NULL},
    {"alpine", "3.19", "2025-11-01", NULL},
    {"alpine", "3.20", "2026-04-01", NULL},
    {"alpine", "3.21", "2026-11-01", NULL},
    {"alpine", "3.22", "2027-05-01", NULL},
    {"alpine", "3.23", "2027-11-01", NULL},
    {"rhel", "5", "2017-03-31", NULL},
    {"rhel", "6", "2020-11-30", NULL},
    {"rhel", "7", "2024-06-30", NULL},
    {"rhel", "8", "2029-05-31", NULL},
    {"rhel", "9", "2032-05-31", NULL},
    {"rhel", "10", "2035-05-31", NULL},
    {"centos", "5", "2017-03-31", NULL},
    {"centos", "6", "2020-11-30", NULL},
    {"centos", "7", "2024-06-30", NULL},
    {"centos", "8", "2024-05-31", NULL}, /* Stream; what was no stream ended in 2021 */
    {"centos", "9", "2027-05-31", NULL},
    {"centos", "10", "2030-01-01", NULL},
    {"rocky", "8", "2029-05-31", NULL},
    {"rocky", "9", "2032-05-31", NULL},
    {"rocky", "10", "2035-05-31", NULL},
    {"almalinux", "8", "2029-03-01", NULL},
    {"almalinux", "9", "2032-05-31", NULL},
    {"almalinux", "10", "2035-05-31", NULL},
    {"fedora", "30", "2020-05-26", NULL},
    {"fedora", "31", "2020-11-24", NULL},
    {"fedora", "32", "2021-05-25", NULL},
    {"fedora", "33", "2021-11-30", NULL},
    {"fedora", "34", "2022-06-07", NULL},
    {"fedora", "35", "2022-12-13", NULL},
    {"fedora", "36", "2023-05-16", NULL},
    {"fedora", "37", "2023-12-05", NULL},
    {"fedora", "38", "2024-05-21", NULL},
    {"fedora", "39", "2024-11-26", NULL},
    {"fedora", "40", "2025-05-13", NULL},
    {"fedora", "41", "2025-12-15", NULL},
    {"fedora", "42", "2026-05-13", NULL},
    {"fedora", "43", "2026-12-09", NULL},
    {"opensuse-leap", "42.1", "2017-05-17", NULL},
    {"opensuse-leap", "42.2", "2018-01-26", NULL},
    {"opensuse-leap", "42.3", "2019-07-01", NULL},
    {"opensuse-leap", "15.0", "2019-12-03", NULL},
    {"opensuse-leap", "15.1", "2021-02-02", NULL},
    {"opensuse-leap", "15.2", "2022-01-04", NULL},
    {"opensuse-leap", "15.3", "2022-12-31", NULL},
    {"opensuse-leap", "15.4", "2023-12-07", NULL},
    {"opensuse-leap", "15.5", "2024-12-31", NULL},
    {"opensuse-leap", "15.6", "2026-04-30", NULL},
    {"opensuse-leap", "16.0", "2027-10-31", NULL},
    {"sles", "12.3", "2019-06-30", NULL},
    {"sles", "12.4", "2020-06-30", NULL},
    {"sles", "12.5", "2024-10-31", NULL},
    {"sles", "15.1", "2021-01-31", NULL},
    {"sles", "15.2", "2021-12-31", NULL},
    {"sles", "15.3", "2022-12-31", NULL},
    {"sles", "15.4", "2023-12-31", NULL},
    {"sles", "15.5", "2024-12-31", NULL},
    {"sles", "15.6", "2025-12-31", NULL},
    {"sles", "15.7", "2031-07-31", NULL},
    {"amzn", "2017.03", "2023-12-31", NULL},
    {"amzn", "2017.09", "2023-12-31", NULL},
    {"amzn", "2018.03", "2023-12-31", NULL},
    {"amzn", "2", "2026-06-30", NULL},
    {"amzn", "2023", "2029-06-30", NULL},
    {"wolfi", "", NULL, NULL},
    {"chainguard", "", NULL, NULL},
    {"opensuse-tumbleweed", "", NULL, NULL},
    {"arch", "", NULL, NULL},
};

static bool is_version(struct str version, const char *first)
{
    struct str want = str_of(first);
    return !want.n ||
           (str_starts(version, want) && (version.n == want.n || version.p[want.n] == '.'));
}

static int32_t day_of(const char *date)
{
    struct err e = {0};
    int32_t day = 0;
    return ignore_date_parse(str_of(date), &day, &e) ? 0 : day;
}

bool end_of_life_of(struct str id, struct str version_id, struct end_of_life *ret)
{
    for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
        const struct release *r = &releases[i];
        if (!str_is(id, r->id) || !is_version(version_id, r->version))
            continue;
        *ret = (struct end_of_life){.rolling = !r->end, .end = r->end, .lts = r->lts};
        if (r->end)
            ret->end_day = ret->lts_day = day_of(r->end);
        if (r->lts)
            ret->lts_day = day_of(r->lts);
        return true;
    }
    return false;
}
