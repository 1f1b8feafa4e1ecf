/* Configuration of lint: files, variables, and one laid over the other. */
#include "base/limits.h"
#include "lib/tap.h"
#include "lint/lint_config.h"

static struct lint_layer read_file(struct arena *a, const char *yaml)
{
    struct lint_layer layer = {0};
    struct err e = {0};
    is_int(lint_config_read(a, str_of(yaml), STR("c"), false, &layer, &e), 0, "it is read: %s",
           e.text);
    return layer;
}

static const char everything[] = "ignored: [DL3008, SC2086, UndefinedVar]\n"
                                 "override:\n"
                                 "  error: [DL3007]\n"
                                 "  warning:\n"
                                 "    - DL3059\n"
                                 "  info: DL3033\n"
                                 "  style: []\n"
                                 "trustedRegistries:\n"
                                 "  - docker.io\n"
                                 "  - '*.registry.example:5000'\n"
                                 "label-schema:\n"
                                 "  author: text\n"
                                 "  created: rfc3339\n"
                                 "  version: semver\n"
                                 "strict-labels: true\n"
                                 "disable-ignore-pragma: yes\n"
                                 "failure-threshold: warning\n"
                                 "format: json\n"
                                 "no-fail: false\n"
                                 "no-color: true\n"
                                 "verbose: off\n";

static void test_file(struct arena *a)
{
    struct lint_layer l = read_file(a, everything);
    struct lint_config c;
    struct lint_settings s;
    lint_settle(&l, &c, &s);
    is_int(c.ignored.n, 3, "ignored rules");
    is_str(c.ignored.v[2], "UndefinedVar", "also by the names of other tools");
    is_int(c.overrides.n, 3, "overrides");
    is_int(c.overrides.v[0].severity, SEVERITY_HIGH, "an error");
    is_str(c.overrides.v[2].rule, "DL3033", "one rule without a list");
    is_int(c.trusted_registries.n, 2, "registries");
    is_int(c.labels.n, 3, "labels");
    is_int(c.labels.v[2].kind, LINT_LABEL_SEMVER, "and what they hold");
    ok(c.strict_labels && c.no_pragmas, "switches");
    is_int(s.threshold, SEVERITY_MEDIUM, "threshold");
    ok(!s.never_fail && s.no_color && !s.verbose, "settings");
    is_str(s.format, "json", "format");

    l = read_file(a, "trusted-registries: [a]\nallowedRegistries: b\noutput-format: gnu\n");
    is_int(l.trusted_registries.n, 2, "older names of keys");
    is_str(l.format, "gnu", "and of the format");
    l = read_file(a, "ignored:\noverride:\nlabel-schema: ~\nformat: null\n");
    lint_settle(&l, &c, &s);
    is_int(c.ignored.n + c.labels.n, 0, "keys without a value say nothing");
    is_str(s.format, "tty", "the format unless one is asked for");
    is_int(s.threshold, SEVERITY_LOW, "the threshold unless one is asked for");
    l = read_file(a, "");
    lint_settle(&l, &c, &s);
    ok(!s.never_fail, "an empty file says nothing");
    l = read_file(a, "failure-threshold: none\n");
    lint_settle(&l, &c, &s);
    ok(s.never_fail, "a threshold that nothing reaches");
}

static const struct {
    const char *what, *yaml, *says;
} refused[] = {
    {"an unknown key", "ignore: [DL3008]\n", "c:1:1: no key \"ignore\" here; there are ignored"},
    {"an unknown level", "override:\n  fatal: [DL3008]\n", "c:2:3: no key \"fatal\" here"},
    {"a key twice", "ignored: []\nignored: []\n", "c:2:1: a second \"ignored\""},
    {"rules that are no list", "ignored: {a: b}\n", "c:1:10: ignored is a list"},
    {"a rule that is a list", "ignored: [[a]]\n", "c:1:11: an item of this list is one text"},
    {"a level that is none", "failure-threshold: high\n",
     "c:1:20: \"high\" is no level; there are error, warning"},
    {"a switch that is none", "no-fail: maybe\n", "c:1:10: \"maybe\" is neither true nor false"},
    {"a kind of label", "label-schema:\n  a: date\n", "c:2:6: \"date\" is no kind of label"},
    {"a label twice", "label-schema:\n  a: text\n  a: url\n", "c:3:3: a second \"a\""},
    {"labels as a list", "label-schema: [a]\n", "c:1:15: label-schema is a mapping"},
    {"a list", "- DL3008\n", "c:1:1: the file is a mapping"},
    {"no YAML", "ignored: [\n", "c:"},
};

static void test_refused(struct arena *a)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct lint_layer l = {.format = STR("kept")};
        struct err e = {0};
        int rc = lint_config_read(a, str_of(refused[i].yaml), STR("c"), false, &l, &e);
        is_err(rc, e, ERR_INPUT, refused[i].says, "refused: %s", refused[i].what);
        is_str(l.format, "kept", "and the result is untouched");
    }
    struct lint_layer l = {0};
    struct err e = {0};
    is_int(lint_config_read(a, STR("other: 1\nformat: gnu\n"), STR("c"), true, &l, &e), 0,
           "unknown key: passed over as hadolint does");
    is_str(l.format, "gnu", "unknown key: what comes after it counts");
}

static void test_variables(struct arena *a)
{
    struct str_pair v[] = {
        {STR("HADOLINT_IGNORE"), STR("DL3008, DL3009,")},
        {STR("HADOLINT_OVERRIDE_ERROR"), STR("DL3010")},
        {STR("HADOLINT_OVERRIDE_STYLE"), STR("DL3011")},
        {STR("HADOLINT_TRUSTED_REGISTRIES"), STR("registry.example")},
        {STR("HADOLINT_REQUIRE_LABELS"), STR("a:text,b:url,c")},
        {STR("HADOLINT_STRICT_LABELS"), STR("TRUE")},
        {STR("HADOLINT_DISABLE_IGNORE_PRAGMA"), STR("nope")},
        {STR("HADOLINT_NOFAIL"), STR("on")},
        {STR("HADOLINT_FORMAT"), STR("sarif")},
        {STR("HADOLINT_FAILURE_THRESHOLD"), STR("error")},
        {STR("NO_COLOR"), STR("x")},
        {STR("HADOLINT_VERBOSE"), STR("")},
        {STR("HOME"), STR("/root")},
    };
    struct str_pairs all = {v, sizeof v / sizeof *v};
    struct lint_layer l = {0};
    struct err e = {0};
    is_int(lint_config_environment(a, &all, &l, &e), 0, "variables: read");
    is_int(l.ignored.n, 2, "variables: ignored rules");
    is_int(l.overrides.v[1].severity, SEVERITY_INFO, "variables: levels");
    is_int(l.labels.n, 3, "variables: labels");
    is_int(l.labels.v[2].kind, LINT_LABEL_TEXT, "variables: a label without a kind");
    is_int(l.strict_labels, LINT_YES, "variables: a switch");
    is_int(l.no_pragmas, LINT_NO, "variables: what is no yes is a no");
    is_int(l.verbose, LINT_UNSAID, "variables: empty says nothing");
    ok(l.no_fail == LINT_YES && l.no_color == LINT_YES, "variables: more switches");
    v[0] = (struct str_pair){STR("HADOLINT_FAILURE_THRESHOLD"), STR("fatal")};
    is_err(lint_config_environment(a, &all, &l, &e), e, ERR_USAGE,
           "HADOLINT_FAILURE_THRESHOLD: \"fatal\" is no level", "variables: a bad level");
    v[0] = (struct str_pair){STR("HADOLINT_REQUIRE_LABELS"), STR("a:date")};
    is_err(lint_config_environment(a, &all, &l, &e), e, ERR_USAGE,
           "HADOLINT_REQUIRE_LABELS: \"date\" is no kind", "variables: a bad label");
}

static void test_layers(struct arena *a)
{
    struct lint_layer under = read_file(a, everything), nothing = {0}, over = {0};
    struct lint_config c;
    struct lint_settings s;
    lint_lay(a, &under, &nothing);
    ok(under.ignored.n == 3 && under.strict_labels == LINT_YES && str_is(under.format, "json"),
       "layers: nothing over something");
    over.strict_labels = LINT_NO;
    over.no_fail = LINT_YES;
    over.format = STR("tty");
    over.threshold = STR("error");
    *vec_push(a, &over.ignored) = STR("DL3003");
    *vec_push(a, &over.overrides) = (struct lint_override){STR("DL3007"), SEVERITY_INFO, false};
    lint_lay(a, &under, &over);
    lint_settle(&under, &c, &s);
    is_int(c.ignored.n, 4, "layers: lists add up");
    is_str(c.overrides.v[3].rule, "DL3007", "layers: the later override counts");
    ok(!c.strict_labels && s.never_fail, "layers: switches are replaced");
    is_str(s.format, "tty", "layers: and values");
    is_int(s.threshold, SEVERITY_HIGH, "layers: and the threshold");
}

int main(void)
{
    struct arena a = {0};
    test_file(&a);
    test_refused(&a);
    test_variables(&a);
    test_layers(&a);
    arena_free(&a);
    return done_testing();
}
