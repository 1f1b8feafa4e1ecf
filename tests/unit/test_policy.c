/* .shuck.yaml: what is read, and what is refused with which words and at which place. */
#include "base/buf.h"
#include "base/limits.h"
#include "finding/policy.h"
#include "lib/tap.h"

static const struct {
    const char *what, *yaml, *says;
} refused[] = {
    {"a misspelt key of the file", "ignore: []\n", "x.yaml:1:1: no key \"ignore\" here"},
    {"a misspelt key of an ignore",
     "ignores:\n  - rule: A\n    reason: b\n    expire: 2027-01-01\n",
     "x.yaml:4:5: no key \"expire\" here; there are rule, path, reason, expires"},
    {"a missing reason", "ignores:\n  - rule: CIS-4.8\n", "x.yaml:2:5: an ignore needs a reason"},
    {"an empty reason", "ignores:\n  - {rule: CIS-4.8, reason: \"\"}\n",
     "x.yaml:2:29: reason is empty"},
    {"a missing rule", "ignores:\n  - reason: because\n", "x.yaml:2:5: an ignore needs a rule"},
    {"a bad date", "ignores:\n  - rule: A\n    reason: b\n    expires: 2027-02-30\n",
     "x.yaml:4:14: \"2027-02-30\": the month has no such day"},
    {"another form of date", "ignores:\n  - {rule: A, reason: b, expires: 1/2/2027}\n",
     "x.yaml:2:35: \"1/2/2027\" is no date"},
    {"bytes that are no text", "fail-on: high\n%\227\n", "x.yaml:2:2: this is not UTF-8"},
    {"lists too deep in each other", "a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
     "x.yaml:1:35: this is nested more than 32 deep"},
    {"a list where a mapping belongs", "- a\n", "x.yaml:1:1: the file is a mapping"},
    {"a text where a list belongs", "ignores: yes\n", "x.yaml:1:10: ignores is a list"},
    {"a list where a text belongs", "fail-on: [high]\n", "x.yaml:1:10: fail-on is one text"},
    {"a duplicate key", "fail-on: low\nfail-on: high\n", "x.yaml:2:1: a second \"fail-on\""},
    {"a second document", "fail-on: low\n---\nfail-on: high\n",
     "x.yaml:2:1: a second document; one is read of a file"},
    {"an alias", "trusted-bases: &a [x]\nfail-on: *a\n", "x.yaml:2:10: fail-on is one text"},
    {"an anchored mapping", "&a {fail-on: low}\n", "x.yaml:1:1: anchors are not read here"},
    {"no YAML", "a: b: c: {\n", "x.yaml:1:"},
    {"a tab as indentation", "ignores:\n\t- rule: A\n", "x.yaml:2:"},
};

static void test_refused(struct arena *a)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct policy p = {.fail_on = STR("kept")};
        struct err e = {0};
        int rc = policy_read(str_of(refused[i].yaml), STR("x.yaml"), a, &p, &e);
        is_err(rc, e, ERR_INPUT, refused[i].says, "refused: %s", refused[i].what);
        is_str(p.fail_on, "kept", "and the result is untouched");
    }
    struct buf big = {.a = a};
    memset(buf_room(&big, LIMIT_POLICY_BYTES + 1), ' ', LIMIT_POLICY_BYTES + 1);
    buf_took(&big, LIMIT_POLICY_BYTES + 1);
    struct policy p;
    struct err e = {0};
    is_err(policy_read(buf_str(&big), STR("x.yaml"), a, &p, &e), e, ERR_INPUT, "at most",
           "refused: more bytes than the cap");
}

static void test_read(struct arena *a)
{
    struct policy p = {0};
    struct err e = {0};
    int rc = policy_read(STR("# ours\n"
                             "ignores:\n"
                             "  - rule: CIS-4.8\n"
                             "    path: /usr/bin/su\n"
                             "    reason: the job switches users\n"
                             "    expires: 2027-03-31\n"
                             "  - {rule: DL3057, reason: Kubernetes probes it}\n"
                             "trusted-bases: [docker.io/library/debian:*, 'ours/**']\n"
                             "fail-on: CIS-4.1,critical\n"),
                         STR(".shuck.yaml"), a, &p, &e);
    if (!ok(rc == 0, "a whole file is read"))
        printf("# %s\n", e.text);
    is_int(p.ignores.n, 2, "both ignores");
    is_str(p.ignores.v[0].rule, "CIS-4.8", "rule");
    is_str(p.ignores.v[0].path, "/usr/bin/su", "path");
    is_str(p.ignores.v[0].reason, "the job switches users", "reason");
    is_str(ignore_date_text(a, p.ignores.v[0].expires), "2027-03-31", "expiry");
    is_int(p.ignores.v[0].line, 3, "line of the first");
    is_int(p.ignores.v[1].line, 7, "line of the second");
    ok(!p.ignores.v[1].has_expiry, "the second has none");
    is_int(p.trusted_bases.n, 2, "trusted bases");
    is_str(p.trusted_bases.v[1], "ours/**", "quoted ones too");
    is_str(p.fail_on, "CIS-4.1,critical", "fail-on");

    static const char *const empty[] = {"", "\n", "# only a comment\n", "---\n", "{}\n"};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        struct policy none = {0};
        ok(policy_read(str_of(empty[i]), STR("x"), a, &none, &e) == 0 && !none.ignores.n,
           "an empty file, form %zu", i);
    }
}

int main(void)
{
    struct arena a = {0};
    test_read(&a);
    test_refused(&a);
    arena_free(&a);
    return done_testing();
}
