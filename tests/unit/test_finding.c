/* Findings: the names of severities and places. */
#include "finding/finding.h"
#include "lib/tap.h"

static const struct {
    struct location where;
    const char *text;
} locations[] = {
    {{.kind = LOCATION_IMAGE}, "image"},
    {{.kind = LOCATION_CONFIG, .config_key = STR_INIT("User")}, "config User"},
    {{.kind = LOCATION_LAYER, .layer = 3, .path = STR_INIT("/bin/su")}, "layer 3 /bin/su"},
    {{.kind = LOCATION_LAYER, .layer = 3}, "layer 3"},
    {{.kind = LOCATION_FILE, .path = STR_INIT("Dockerfile"), .line = 7, .column = 3},
     "Dockerfile:7:3"},
    {{.kind = LOCATION_FILE, .path = STR_INIT("Dockerfile"), .line = 7}, "Dockerfile:7"},
    {{.kind = LOCATION_FILE, .path = STR_INIT("Dockerfile"), .column = 3}, "Dockerfile"},
};

static void test_severities(void)
{
    struct err e = {0};
    enum severity s = SEVERITY_INFO;
    for (int i = SEVERITY_INFO; i <= SEVERITY_CRITICAL; i++) {
        const char *name = severity_name((enum severity)i);
        ok(severity_parse(str_of(name), &s, &e) == 0 && (int)s == i, "%s is read back", name);
    }
    s = SEVERITY_LOW;
    is_err(severity_parse(STR("High"), &s, &e), e, ERR_USAGE, "no severity \"High\"",
           "another spelling is refused");
    ok(s == SEVERITY_LOW, "and leaves the result");
    is_str(str_of(check_status_name(CHECK_SKIPPED)), "skipped", "a check's status");
}

static void test_trivy(struct arena *a)
{
    static const struct rule_info rule = {.id = "DL3004", .aliases = {"DKL-DI-0001", "DS010"}};
    static const char *const same[] = {"DL3004", "DKL-DI-0001", "DS010", "DS-0010", "AVD-DS-0010"};
    static const char *const others[] = {
        "DS-010", "AVD-DS010", "DS0010", "AVD-DL3004", "DS-0011", "DS-00100", "DS-0", "AVD-", ""};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        ok(rule_is(&rule, str_of(same[i])), "%s, also as Trivy writes it", same[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ok(!rule_is(&rule, str_of(others[i])), "\"%s\" is another one", others[i]);
    is_str(rule_id_plain(a, STR("AVD-DS-0010")), "DS010", "written short");
    is_str(rule_id_plain(a, STR("DL3004")), "DL3004", "and others as they are");
}

int main(void)
{
    struct arena a = {0};
    test_severities();
    test_trivy(&a);
    for (size_t i = 0; i < sizeof locations / sizeof *locations; i++)
        is_str(location_text(&a, &locations[i].where), locations[i].text, "location %zu", i);
    arena_free(&a);
    return done_testing();
}
