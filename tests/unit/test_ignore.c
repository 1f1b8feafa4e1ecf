/* Ignores: dates, patterns, and what they cover. */
#include "base/limits.h"
#include "finding/ignore.h"
#include "lib/tap.h"

static const struct {
    const char *pattern, *path;
    bool fits;
} globs[] = {
    {"/usr/bin/su", "/usr/bin/su", true},
    {"/usr/bin/su", "/usr/bin/sudo", false},
    {"/usr/bin/s*", "/usr/bin/sudo", true},
    {"/usr/*/su", "/usr/bin/su", true},
    {"/usr/*", "/usr/bin/su", false},
    {"/usr/**", "/usr/bin/su", true},
    {"**/su", "/usr/bin/su", true},
    {"/**/s*", "/usr/bin/su", true},
    {"/usr/bin/s?", "/usr/bin/su", true},
    {"/usr?bin", "/usr/bin", false},
    {"*", "", true},
    {"", "", true},
    {"", "/", false},
    {"Env[3]", "Env[3]", true},
    {"**", "/any/thing", true},
    {"/a*b*c", "/aXbYc", true},
    {"/a*b*c", "/aXbY", false},
};

static const struct {
    const char *text;
    int32_t days; /* -1: refused */
} dates[] = {
    {"1970-01-01", 0},     {"1970-12-31", 364},   {"2000-02-29", 11016},
    {"2000-03-01", 11017}, {"2026-11-21", 20778}, {"9999-12-31", 2932896},
    {"2100-02-29", -1},    {"2027-13-01", -1},    {"2027-00-01", -1},
    {"2027-01-00", -1},    {"1969-12-31", -1},    {"2027-1-01", -1},
    {"2027/01/01", -1},    {"2027-01-011", -1},   {"", -1},
    {"2027-04-31", -1},
};

static void test_dates(struct arena *a)
{
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        int32_t days = -1;
        struct err e = {0};
        int rc = ignore_date_parse(str_of(dates[i].text), &days, &e);
        is_int(days, dates[i].days, "date \"%s\"", dates[i].text);
        if (rc == 0)
            is_str(ignore_date_text(a, days), dates[i].text, "and back");
    }
    for (int32_t d = 0; d < 40000; d += 97) {
        int32_t again;
        struct err e = {0};
        if (ignore_date_parse(ignore_date_text(a, d), &again, &e) || again != d) {
            ok(false, "day %d there and back", d);
            return;
        }
    }
    ok(true, "days there and back");
}

static void test_stars(struct arena *a)
{
    for (size_t i = 0; i < sizeof globs / sizeof *globs; i++)
        ok(ignore_glob(str_of(globs[i].pattern), str_of(globs[i].path)) == globs[i].fits,
           "\"%s\" %s \"%s\"", globs[i].pattern, globs[i].fits ? "fits" : "does not fit",
           globs[i].path);
    char *pattern = arena_alloc(a, LIMIT_GLOB_BYTES), *path = arena_alloc(a, LIMIT_PATH_BYTES + 1);
    for (size_t i = 0; i < LIMIT_GLOB_BYTES; i++)
        pattern[i] = i % 2 ? 'a' : '*';
    memset(path, 'a', LIMIT_PATH_BYTES);
    path[LIMIT_PATH_BYTES - 1] = 'b';
    ok(!ignore_glob((struct str){pattern, LIMIT_GLOB_BYTES}, (struct str){path, LIMIT_PATH_BYTES}),
       "the worst pattern ends");
    ok(!ignore_glob(STR("**"), (struct str){path, LIMIT_PATH_BYTES + 1}),
       "too long a path fits none");
}

static const struct rule_info rule = {.id = "CIS-4.8", .aliases = {"CIS-DI-0008", "X"}};

static void test_covers(void)
{
    struct finding file = {.rule = &rule,
                           .where = {.kind = LOCATION_LAYER, .path = STR("/usr/bin/su")}};
    struct finding key = {.rule = &rule,
                          .where = {.kind = LOCATION_CONFIG, .config_key = STR("Env[3]")}};
    ok(ignore_covers(&(struct ignore){.rule = STR("CIS-4.8")}, file.rule, &file.where), "by id");
    ok(ignore_covers(&(struct ignore){.rule = STR("X")}, file.rule, &file.where),
       "by the last alias");
    ok(!ignore_covers(&(struct ignore){.rule = STR("CIS-4.1")}, file.rule, &file.where),
       "another rule");
    ok(ignore_covers(&(struct ignore){.rule = STR("X"), .path = STR("/usr/**")}, file.rule,
                     &file.where),
       "by path");
    ok(!ignore_covers(&(struct ignore){.rule = STR("X"), .path = STR("/opt/**")}, file.rule,
                      &file.where),
       "another path");
    ok(ignore_covers(&(struct ignore){.rule = STR("X"), .path = STR("Env*")}, key.rule, &key.where),
       "by config key");
    struct ignore dated = {.rule = STR("X"), .has_expiry = true, .expires = 100};
    ok(!ignore_expired(&dated, 100) && ignore_expired(&dated, 101), "the last day still counts");
}

int main(void)
{
    struct arena a = {0};
    test_dates(&a);
    test_stars(&a);
    test_covers();
    arena_free(&a);
    return done_testing();
}
