/* test_identity: findings that are the same, and findings that are not. */
#include "finding/identity.h"

#include "lib/tap.h"

static const struct rule_info setuid = {.id = "CIS-4.8"}, secrets = {.id = "CIS-4.10"};

static struct str identity(struct arena *a, const struct rule_info *rule, struct location where,
                           const char *evidence)
{
    struct map seen = {.a = a};
    struct finding f = {.rule = rule, .where = where, .evidence = str_of(evidence)};
    return finding_identity(&seen, &f);
}

#define LAYER(n, p)                                                                                \
    {                                                                                              \
        .kind = LOCATION_LAYER, .layer = n, .path = STR_INIT(p)                                    \
    }
#define KEY(k)                                                                                     \
    {                                                                                              \
        .kind = LOCATION_CONFIG, .config_key = STR_INIT(k)                                         \
    }

static const struct {
    const char *name;
    struct location was, is;
    const char *was_evidence, *is_evidence;
} stays[] = {
    {"another layer", LAYER(1, "/bin/su"), LAYER(7, "/bin/su"), "setuid", "setuid"},
    {"a version", LAYER(1, "/bin/su"), LAYER(1, "/bin/su"), "package login 1:4.13+dfsg1-1",
     "package login 1:4.16.0-2+really2"},
    {"sizes and lines", LAYER(1, "/k"), LAYER(1, "/k"), "key, 36 bytes, line 3",
     "key, 1024 bytes, line 40"},
    {"a name with a version", LAYER(1, "/k"), LAYER(1, "/k"), "interpreters: perl5.36.0",
     "interpreters: perl5.40"},
    {"a digest", LAYER(1, "/k"), LAYER(1, "/k"), "has sha256:00ff00ff00ff00ff",
     "has sha256:aaaaaaaaaaaaaaaaaaaa"},
    {"lists that grow", KEY("Env[3]"), KEY("Env[12]"), "a literal", "a literal"},
};

static const struct {
    const char *name;
    struct location was, is;
    const char *was_evidence, *is_evidence;
} differs[] = {
    {"path", LAYER(1, "/lib1"), LAYER(1, "/lib2"), "x", "x"},
    {"key", KEY("Env[3]"), KEY("Labels[3]"), "x", "x"},
    {"advisory", LAYER(1, "/a"), LAYER(1, "/a"), "has CVE-2026-1000", "has CVE-2026-1001"},
    {"start of a secret", KEY("Env[3]"), KEY("Env[3]"), "PASS: a1b2…", "PASS: a3b4…"},
    {"words", LAYER(1, "/a"), LAYER(1, "/a"), "python3-pip", "python3-dev"},
};

int main(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof stays / sizeof *stays; i++)
        ok(str_eq(identity(&a, &setuid, stays[i].was, stays[i].was_evidence),
                  identity(&a, &setuid, stays[i].is, stays[i].is_evidence)),
           "stays: %s", stays[i].name);
    for (size_t i = 0; i < sizeof differs / sizeof *differs; i++)
        ok(!str_eq(identity(&a, &setuid, differs[i].was, differs[i].was_evidence),
                   identity(&a, &setuid, differs[i].is, differs[i].is_evidence)),
           "differs: %s", differs[i].name);
    struct location where = LAYER(1, "/a");
    ok(!str_eq(identity(&a, &setuid, where, "x"), identity(&a, &secrets, where, "x")),
       "differs: rule");
    struct finding one = {.rule = &secrets, .where = where, .evidence = STR("token in line 1: a…")};
    struct finding other = one, moved = one;
    one.told = moved.told = 5;
    other.told = 6;
    moved.where.layer = 7;
    moved.evidence = STR("token in line 9: a…");
    struct map none[3] = {{.a = &a}, {.a = &a}, {.a = &a}};
    struct str was = finding_identity(&none[0], &one);
    ok(!str_eq(was, finding_identity(&none[1], &other)), "differs: another secret");
    ok(str_eq(was, finding_identity(&none[2], &moved)),
       "stays: a secret in another layer and line");
    struct finding first_gone = one, hidden = one, covered = one;
    one.same = first_gone.same = hidden.same = covered.same = STR("token: a…");
    first_gone.where.path = STR("/b");
    hidden.evidence = STR("token in line 1: a…; layer 2 hides it; also in /c of layer 1");
    covered.ignored = STR("reason");
    struct map of[4] = {{.a = &a}, {.a = &a}, {.a = &a}, {.a = &a}};
    was = finding_identity(&of[0], &one);
    ok(str_eq(was, finding_identity(&of[1], &first_gone)), "stays: a secret, its first place gone");
    ok(str_eq(was, finding_identity(&of[2], &hidden)), "stays: a secret that a layer hides");
    ok(!str_eq(was, finding_identity(&of[3], &covered)), "differs: what an ignore covers of it");
    is_str(identity_evidence(&a, STR("")), "", "nothing stays nothing");
    is_str(identity_evidence(&a, STR("mode 4755, libssl1.1.1w; x86_64-a ab…1")),
           "mode #, libssl#w; x#_#-a ab…#", "what stays of an evidence");
    struct map seen = {.a = &a};
    struct finding f = {.rule = &setuid, .where = where, .evidence = STR("x")};
    struct str first = finding_identity(&seen, &f), second = finding_identity(&seen, &f);
    ok(first.n == 32 && !str_eq(first, second), "alike: the second has its own");
    ok(str_eq(first, identity(&a, &setuid, where, "x")), "alike: the first is as when alone");
    arena_free(&a);
    return done_testing();
}
