/* What rules_audit() itself does: ignores, folding, what is inherited, thresholds, limits. */
#include "base/buf.h"
#include "base/limits.h"
#include "lib/ruletext.h"
#include "lib/tap.h"

static const char setuid_image[] = "f bin/su 4755 0:0 x\nf bin/mount 4755 0:0 x\n";

static void test_ignored(void)
{
    struct arena a = {0};
    struct audited x;
    struct policy policy = {0};
    *vec_push(&a, &policy.ignores) = (struct ignore){
        .rule = STR("CIS-DI-0008"), .path = STR("/bin/su"), .reason = STR("needed")};
    audit_text(&a, setuid_image, &policy, &x);
    const struct check *check = check_of(&x.report, "CIS-4.8");
    ok(check->status == CHECK_FAIL && check->n == 2, "one of two ignored: the check fails");
    is_str(x.report.findings.v[check->first + 1].ignored, "needed", "the reason is kept");
    is_int(x.report.counts.ignored, 1, "and counted");
    audited_close(&x);

    *vec_push(&a, &policy.ignores) =
        (struct ignore){.rule = STR("CIS-4.8"), .reason = STR("all of them")};
    audit_text(&a, setuid_image, &policy, &x);
    check = check_of(&x.report, "CIS-4.8");
    ok(check->status == CHECK_IGNORED, "both ignored: the check is");
    struct audit_threshold t;
    struct err e;
    ok(rules_threshold_read(STR("CIS-4.8"), &a, &t, &e) == 0 && !rules_over(&x.report, &t),
       "ignored findings reach no threshold");
    audited_close(&x);

    policy.ignores.n = 1;
    policy.ignores.v[0].has_expiry = true;
    policy.ignores.v[0].expires = TODAY - 1;
    audit_text(&a, setuid_image, &policy, &x);
    is_int(x.report.counts.ignored, 0, "an expired ignore covers nothing");
    is_int(x.report.notes.n, 0, "and is no note, but a finding");
    audited_close(&x);

    policy.ignores.n = 0;
    *vec_push(&a, &policy.ignores) = (struct ignore){.rule = STR("CIS-4.8"),
                                                     .path = STR("/bin/ping"),
                                                     .reason = STR("x"),
                                                     .source = STR("s.yaml"),
                                                     .line = 2};
    *vec_push(&a, &policy.ignores) = (struct ignore){
        .rule = STR("CIS-9.9"), .reason = STR("x"), .source = STR("s.yaml"), .line = 5};
    audit_text(&a, setuid_image, &policy, &x);
    is_int(x.report.notes.n, 2, "an ignore that covers nothing is noted");
    is_str(x.report.notes.v[0], "s.yaml:2: the ignore of CIS-4.8 at /bin/ping covers nothing",
           "with its place");
    is_str(x.report.notes.v[1], "s.yaml:5: the ignore of CIS-9.9 covers nothing", "every one");
    e = (struct err){0};
    policy.ignores.v[1].column = 13;
    ok(rules_check_policy(&policy, &a, &e) && e.kind == ERR_INPUT, "no such rule is refused");
    ok(str_has(str_of(e.text), STR("s.yaml:5:13: there is no rule \"CIS-9.9\" to ignore")),
       "with its place: %s", e.text);
    policy.ignores.n--;
    is_int(rules_check_policy(&policy, &a, &e), 0, "rules that there are are not");
    policy.fail_on = STR("high,often");
    policy.fail_on_line = 7;
    policy.fail_on_column = 10;
    policy.source = STR("s.yaml");
    ok(rules_check_policy(&policy, &a, &e) && e.kind == ERR_INPUT &&
           str_starts(str_of(e.text), STR("s.yaml:7:10: \"often\" is no threshold")),
       "a threshold that is none is refused, with its place: %s", e.text);
    policy.fail_on = (struct str){0};
    audited_close(&x);
    arena_free(&a);
}

static bool in_layer(const struct audited *x, const char *rule, uint32_t layer, const char *says)
{
    const struct check *check = check_of(&x->report, rule);
    const struct finding *f = &x->report.findings.v[check->first];
    return check->n == 1 && f->where.layer == layer && str_has(f->evidence, str_of(says));
}

/* What a folder holds is of the layer that brought it, whoever made the folder. */
static void test_layer_of_bytes(void)
{
    struct arena a = {0};
    struct audited x;
    audit_text(&a,
               "f var/lib/apt/lists/lock 644 0:0\nd srv/.git 755\nd root/.aws 700\nlayer\n"
               "big var/lib/apt/lists/a 2000000\nf srv/.git/HEAD 644 0:0 x\n"
               "f root/.aws/config 600 0:0 x\n",
               NULL, &x);
    ok(in_layer(&x, "SHUCK-CACHES", 1, "2.00 MB of apt's package lists"), "layer of the bytes");
    ok(in_layer(&x, "SHUCK-GIT", 1, "a whole repository"), "layer of a repository");
    ok(in_layer(&x, "SHUCK-LEFTOVERS", 1, "cloud's tools"), "layer of settings");
    audited_close(&x);
    audit_text(&a,
               "big var/lib/apt/lists/a 200000\nlayer\nbig var/lib/apt/lists/b 2000000\nlayer\n"
               "big var/lib/apt/lists/c 300000\n",
               NULL, &x);
    ok(in_layer(&x, "SHUCK-CACHES", 1, "2.50 MB of apt's package lists, 500 kB of it in 2 other "),
       "the layer with most bytes, and that there are others");
    audited_close(&x);
    audit_text(&a,
               "big var/lib/apt/lists/a 200000\nlayer\nbig var/lib/apt/lists/b 2000000\nlayer\n"
               "f var/lib/apt/lists/.wh.a 644 0:0\nf var/lib/apt/lists/.wh.b 644 0:0\n",
               NULL, &x);
    ok(in_layer(&x, "SHUCK-CACHES", 1, "200 kB of it in 1 other layer, which layer 2 removes"),
       "of what is removed, too");
    audited_close(&x);
    arena_free(&a);
}

/* The example is where everybody would look. */
static void test_example(void)
{
    struct arena a = {0};
    struct audited x;
    audit_text(&a,
               "f app/bin/bash 755 0:0 x\nf opt/tools/local/bin/sh 755 0:0 x\n"
               "f usr/local/bin/dash 755 0:0 x\nf var/usr/bin/zsh 755 0:0 x\n",
               NULL, &x);
    const struct check *check = check_of(&x.report, "CIS-4.3");
    is_str(x.report.findings.v[check->first].where.path, "/usr/local/bin/dash", "a usual folder");
    audited_close(&x);
    arena_free(&a);
}

/* What was added to a base's interpreters is one's own. */
static void test_added(void)
{
    struct arena a = {0};
    struct audited x;
    audit_text(&a,
               "f usr/bin/perl 755 0:0 x\nf bin/sh 755 0:0 x\nlayer\nf usr/bin/python3 755 0:0 "
               "x\n" UNOWNED_HISTORY,
               NULL, &x);
    const struct check *check = check_of(&x.report, "CIS-4.3");
    const struct finding *f = &x.report.findings.v[check->first];
    is_int(check->n, 3, "added: shells, and interpreters twice");
    ok(f[0].inherited && str_has(f[0].evidence, STR("shells: sh")), "the base's shell");
    ok(!f[1].inherited && str_has(f[1].evidence, STR("interpreters: python3 (")), "one's own");
    ok(f[2].inherited && str_has(f[2].evidence, STR("interpreters: perl (")), "the base's");
    audited_close(&x);
    arena_free(&a);
}

/* A remedy is for what was found, not for the rule at large. */
static void test_remedies(void)
{
    static const struct {
        const char *rule, *remedy, *image;
    } cases[] = {
        {"CIS-4.1", "Make the account", APP "user nobody\n"},
        {"CIS-4.6", "in OCI format", APP},
        {"CIS-4.11", "Install package t anew",
         "f bin/t 755 0:0 #!/bin/sh\\n\nf lib/apk/db/installed 644 0:0 "
         "P:t\\nV:1\\nF:bin\\nR:t\\nZ:Q1hvfkN/qlp/zhXR3cuerq6jd2Z7g=\\n\n"},
        {"CIS-4.12", "Leave the option out",
         "history RUN wget --no-check-certificate https://x.org/a\n"},
        {"CIS-4.12", "from a server that is verified",
         "history RUN curl -k https://x.org/a | sh\n"},
        {"CIS-4.12", "Compare its fingerprint",
         "history RUN curl https://x.org/k | gpg --dearmor -o /etc/apt/k.gpg\n"},
        {"CIS-4.12", "Leave the variable out",
         "env PYTHONHTTPSVERIFY=0\nhistory RUN /bin/sh -c true\n"},
    };
    struct arena a = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct audited x;
        audit_text(&a, cases[i].image, NULL, &x);
        const struct check *check = check_of(&x.report, cases[i].rule);
        struct str remedy = check->n ? x.report.findings.v[check->first].remedy : STR("");
        ok(str_has(remedy, str_of(cases[i].remedy)), "remedy of %s: %s", cases[i].rule,
           cases[i].remedy);
        is_int(check->n, 1, "and one finding only");
        audited_close(&x);
    }
    arena_free(&a);
}

/* Another value in the same place is another secret; the same in another place is not. */
static void test_rotated(void)
{
    struct arena a = {0};
    struct audited x;
    audit_text(&a,
               "f srv/a 600 0:0 glpat-6T3O1k2NUsod_Wh7m3qd\n"
               "layer\n"
               "f srv/a 600 0:0 glpat-9Kp2WvXy4ZtR_mQ8b5Lc\n"
               "f srv/b 600 0:0 glpat-9Kp2WvXy4ZtR_mQ8b5Lc\n"
               "f srv/c 600 0:0 glpat-9Kp2WvXy4ZtR_mQ8b5Lc\n",
               NULL, &x);
    const struct check *check = check_of(&x.report, "CIS-4.10");
    is_int(check->n, 2, "rotated: two secrets");
    const struct finding *f = &x.report.findings.v[check->first];
    is_int(f[0].count, 3, "the same in three files");
    ok(str_has(f[0].evidence, STR("; also in /srv/b of layer 1, /srv/c of layer 1")),
       "which are named: " STR_F, STR_A(f[0].evidence));
    ok(f[1].where.layer == 0 && str_has(f[1].evidence, STR("layer 1 hides it")),
       "the older one is hidden: " STR_F, STR_A(f[1].evidence));
    audited_close(&x);
    arena_free(&a);
}

/* The same value in several places: an ignore of one says nothing of the others, whichever is the
 * first. */
static void test_folded(void)
{
    static const char image[] = "f srv/a 600 0:0 glpat-9Kp2WvXy4ZtR_mQ8b5Lc\n"
                                "f srv/b 600 0:0 glpat-9Kp2WvXy4ZtR_mQ8b5Lc\n"
                                "f srv/c 600 0:0 glpat-9Kp2WvXy4ZtR_mQ8b5Lc\n"
                                "env DB_PASSWORD=opensesame99\n"
                                "history RUN |1 DB_PASSWORD=opensesame99 /bin/sh -c x # buildkit\n";
    static const struct {
        const char *path;  /* ignored */
        const char *first; /* place of the finding that stays, among those of its value */
        unsigned count;    /* it stands for */
    } ignores[] = {
        {"/srv/a", "/srv/b", 2},     {"/srv/b", "/srv/a", 2},
        {"/srv/c", "/srv/a", 2},     {"**", NULL, 0},
        {"/srv/?", "Env[0]", 2},     {"Env[0]", "history[0]", 1},
        {"history[*]", "Env[0]", 1},
    };
    struct arena a = {0};
    for (size_t i = 0; i < sizeof ignores / sizeof *ignores; i++) {
        struct audited x;
        struct policy policy = {0};
        bool stays = false;
        size_t ignored = 0;
        *vec_push(&a, &policy.ignores) = (struct ignore){
            .rule = STR("4.10"), .path = str_of(ignores[i].path), .reason = STR("known")};
        audit_text(&a, image, &policy, &x);
        const struct check *check = check_of(&x.report, "CIS-4.10");
        for (size_t k = 0; k < check->n; k++) {
            const struct finding *f = &x.report.findings.v[check->first + k];
            const struct location *l = &f->where;
            ignored += f->ignored.n ? f->count : 0;
            stays |= !f->ignored.n && f->count == ignores[i].count && ignores[i].first &&
                     str_is(l->kind == LOCATION_CONFIG ? l->config_key : l->path, ignores[i].first);
        }
        ok(stays == (ignores[i].first != NULL), "folded: ignoring %s leaves the rest",
           ignores[i].path);
        ok(ignored > 0, "folded: %s is ignored", ignores[i].path);
        audited_close(&x);
    }
    arena_free(&a);
}

/* The same value in several keys of the config. */
static void test_also_in(void)
{
    struct arena a = {0};
    struct audited x;
    audit_text(&a,
               "label token glpat-6T3O1k2NUsod_Wh7m3qd\n"
               "history LABEL token=glpat-6T3O1k2NUsod_Wh7m3qd glpat-6T3O1k2NUsod_Wh7m3qd\n"
               "history RUN x\n"
               "history RUN |1 T=glpat-6T3O1k2NUsod_Wh7m3qd /bin/sh -c x # buildkit\n",
               NULL, &x);
    const struct check *check = check_of(&x.report, "CIS-4.10");
    const struct finding *f = &x.report.findings.v[check->first];
    is_int(check->n, 1, "also in: one finding");
    is_int(f->count, 3, "also in: of three places");
    ok(str_ends(f->evidence, STR("; also in config history[0], history[2]")),
       "also in: which are named: " STR_F, STR_A(f->evidence));
    ok(f->details.n == 2 && str_is(f->details.v[1], "config history[2]"), "also in: and listed");
    audited_close(&x);
    arena_free(&a);
}

/* Where in config and manifest a secret stands, and what is said of it. */
static const struct {
    const char *image, *key, *says;
} config_cases[] = {
#define TOKEN "glpat-6T3O1k2NUsod_Wh7m3qd"
    {"cmd [\"sh\",\"-c\",\"curl -H PRIVATE-TOKEN:" TOKEN " x\"]\n", "Cmd[2]", "GitLab"},
    {"cmd [\"/x\",\"--token=" TOKEN "\"]\n", "Cmd[1]", "GitLab"},
    {"entrypoint [\"env\",\"DB_PASSWORD=opensesame99\",\"/x\"]\n", "Entrypoint[1]",
     "a literal value for DB_PASSWORD: open"},
    {"cmd [\"/x\",\"--db-password\",\"opensesame99\"]\n", "Cmd[2]", "--db-password: open"},
    {"health [\"CMD-SHELL\",\"curl https://me:sesame12345@x.org/\"]\n", "Healthcheck.Test[1]",
     "password"},
    {"set config.OnBuild [\"USER a\",\"ENV API_TOKEN=opensesame99\"]\n", "OnBuild[1]", "API_TOKEN"},
    {"set config.Shell [\"/bin/sh\",\"-c\",\"" TOKEN "\"]\n", "Shell[2]", "GitLab"},
    {"set config.StopSignal \"" TOKEN "\"\n", "StopSignal", "GitLab"},
    {"user " TOKEN "\n", "User", "GitLab"},
    {"set config.WorkingDir \"/" TOKEN "\"\n", "WorkingDir", "GitLab"},
    {"port " TOKEN "\n", "ExposedPorts[0]", "GitLab"},
    {"volume /data?k=" TOKEN "\n", "Volumes[0]", "GitLab"},
    {"set author \"" TOKEN "\"\n", "author", "GitLab"},
    {"set comment \"x\\n" TOKEN "\"\n", "comment", "GitLab"},
    {"set moby.x {\"" TOKEN "\":[{\"a b\":\"" TOKEN "\"}]}\n", "moby.x[0]", "GitLab"},
    {"set container_config {\"Env\":[\"A=1\",\"DB_PASSWORD=opensesame99\"]}\n",
     "container_config.Env[1]", "DB_PASSWORD"},
    {"annotate org.x.note " TOKEN "\n", "manifest.annotations.org.x.note", "GitLab"},
};

static void test_config(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof config_cases / sizeof *config_cases; i++) {
        struct audited x;
        audit_text(&a, config_cases[i].image, NULL, &x);
        const struct check *check = check_of(&x.report, "CIS-4.10");
        is_int(check->n, 1, "config: %s: said once", config_cases[i].key);
        const struct finding *f = &x.report.findings.v[check->first];
        ok(check->n && str_is(f->where.config_key, config_cases[i].key), "config: %s",
           config_cases[i].key);
        ok(check->n && str_has(f->evidence, str_of(config_cases[i].says)), "which is " STR_F,
           STR_A(f->evidence));
        audited_close(&x);
    }
    arena_free(&a);
}

static void test_inherited(void)
{
    struct arena a = {0};
    struct audited x;
    audit_text(&a,
               "history /bin/sh -c #(nop) ADD file:1 in / \n"
               "empty /bin/sh -c #(nop)  ENV DB_PASSWORD=opensesame99\n"
               "empty /bin/sh -c #(nop)  CMD [\"sh\"]\n"
               "env DB_PASSWORD=opensesame99\n"
               "env API_PASSWORD=opensesame98\n"
               "f bin/su 4755 0:0 x\nlayer\nf bin/mount 4755 0:0 x\n"
               "history RUN build # buildkit\n",
               NULL, &x);
    is_int(x.report.base.layers, 1, "the lowest layer is the base's");
    const struct check *check = check_of(&x.report, "CIS-4.8");
    is_int(check->n, 2, "a finding in each layer");
    for (size_t i = 0; i < check->n; i++) {
        const struct finding *f = &x.report.findings.v[check->first + i];
        ok(f->inherited == (f->where.layer == 0), "inherited: that of layer %u", f->where.layer);
    }
    check = check_of(&x.report, "CIS-4.10");
    for (size_t i = 0; i < check->n; i++) {
        const struct finding *f = &x.report.findings.v[check->first + i];
        ok(f->inherited == !str_has(f->evidence, STR("API_")), "inherited: " STR_F,
           STR_A(f->evidence));
    }
    is_int(check->n, 2, "a secret each");
    is_int(x.report.counts.inherited, 2, "and counted");
    audited_close(&x);
    arena_free(&a);
}

/* The base's secret again in what is ours: it is ours, too. */
static void test_inherited_and_ours(void)
{
    struct arena a = {0};
    struct audited x;
    audit_text(&a,
               "history /bin/sh -c #(nop) ADD file:1 in / \n"
               "empty /bin/sh -c #(nop)  ENV DB_PASSWORD=opensesame99\n"
               "empty /bin/sh -c #(nop)  CMD [\"sh\"]\n"
               "env DB_PASSWORD=opensesame99\n"
               "f srv/a 600 0:0 glpat-9Kp2WvXy4ZtR_mQ8b5Lc\n"
               "layer\n"
               "f srv/b 600 0:0 glpat-9Kp2WvXy4ZtR_mQ8b5Lc\n"
               "history RUN |1 DB_PASSWORD=opensesame99 /bin/sh -c x # buildkit\n",
               NULL, &x);
    const struct check *check = check_of(&x.report, "CIS-4.10");
    is_int(x.report.base.layers, 1, "inherited and ours: the lowest layer is the base's");
    is_int(check->n, 2, "inherited and ours: a secret in the config and one in files");
    for (size_t i = 0; i < check->n; i++) {
        const struct finding *f = &x.report.findings.v[check->first + i];
        ok(!f->inherited, "inherited and ours: " STR_F, STR_A(f->evidence));
    }
    audited_close(&x);
    arena_free(&a);
}

static void test_threshold(void)
{
    struct arena a = {0};
    struct audited x;
    struct audit_threshold t;
    struct err e;
    static const struct {
        const char *text;
        bool over;
    } texts[] = {
        {"high", true},    {"critical", false},      {"never", false},
        {"CIS-4.6", true}, {"DS026", true},          {"CIS-4.10", false},
        {"4.6", true},     {"4.10,DS031", false},    {"critical,CIS-4.6", true},
        {"low", true},     {"critical, high", true},
    };
    audit_text(&a, APP, NULL, &x); /* root: high; no health check: low */
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ok(rules_threshold_read(str_of(texts[i].text), &a, &t, &e) == 0 &&
               rules_over(&x.report, &t) == texts[i].over,
           "threshold %s", texts[i].text);
    is_err(rules_threshold_read(STR("hgih"), &a, &t, &e), e, ERR_USAGE, "\"hgih\" is no threshold",
           "a misspelt threshold");
    is_err(rules_threshold_read(STR(""), &a, &t, &e), e, ERR_USAGE, "no threshold",
           "an empty threshold");
    audited_close(&x);
    arena_free(&a);
}

static void test_many(void)
{
    struct arena a = {0};
    struct audited x;
    struct buf image = {.a = &a};
    for (int i = 0; i < LIMIT_RULE_FINDINGS + 20; i++)
        buf_addf(&image, "history /bin/sh -c apk update\n");
    audit_text(&a, str_cstr(&a, buf_str(&image)), NULL, &x);
    const struct check *check = check_of(&x.report, "CIS-4.7");
    is_int(check->n, LIMIT_RULE_FINDINGS, "findings of one rule are capped");
    is_int(x.report.findings.v[check->first + check->n - 1].count, 21, "the last counts the rest");
    audited_close(&x);
    arena_free(&a);
}

/* Each of these took minutes when the work was once for each pair. */
static void test_crowded(void)
{
    struct arena a = {0};
    struct audited x;
    struct buf image = {.a = &a};
    buf_addz(&image, APP "f bin/sh 755 0:0 x\nenv PATH=");
    for (int i = 0; i < 50000; i++)
        buf_addf(&image, "/%d:", i);
    buf_addz(&image, "/bin\nhealth [\"CMD-SHELL\",\"");
    for (int i = 0; i < 20000; i++)
        buf_addf(&image, "p%d;", i);
    buf_addz(&image, "\"]\nhistory /bin/sh -c ");
    for (int i = 0; i < 10000; i++)
        buf_addz(&image, "curl x://y;");
    for (int i = 0; i < 10000; i++)
        buf_addz(&image, "apt-get update;");
    buf_addz(&image, "sha256sum -c s; apt-get install x\n");
    audit_text(&a, str_cstr(&a, buf_str(&image)), NULL, &x);
    const struct check *health = check_of(&x.report, "CIS-4.6");
    is_int(health->n, LIMIT_HEALTH_PROGRAMS + 1, "a health check's programs are capped");
    ok(says(&x.report, health, "calls more than"), "and it is said");
    is_int(check_of(&x.report, "CIS-4.7")->status, CHECK_PASS, "many updates that are used");
    is_int(check_of(&x.report, "CIS-4.12")->n, 0, "many downloads that are verified");
    audited_close(&x);
    arena_free(&a);
}

static void test_redacted(void)
{
    struct arena a = {0};
    struct audited x;
    audit_text(&a,
               "history ADD https://me:sesame12345@x.org/a /a # buildkit\n"
               "history /bin/sh -c curl -k -H PASSWORD=opensesame99 https://x.org/a\n"
               "env TOKEN=sesame12345\nlabel password=sesame12345\n"
               "cmd [\"/x\",\"--password=sesame12345\"]\n",
               NULL, &x);
    bool leaked = false;
    vec_each (&x.report.findings, i) {
        leaked |= str_has(x.report.findings.v[i].evidence, STR("sesame"));
    }
    for (size_t i = 0; i < x.report.image.command.n; i++)
        leaked |= str_has(x.report.image.command.v[i], STR("sesame1"));
    ok(x.report.findings.n >= 5 && !leaked, "no evidence holds a whole secret");
    audited_close(&x);
    arena_free(&a);
}

/* What is only worth knowing fails no item; with anything more beside it the item fails. */
static void test_noted(void)
{
    struct arena a = {0};
    struct audited x;
    struct policy policy = {0};
    audit_text(&a, "f root/.dockercfg 600 0:0 x\n", NULL, &x);
    const struct check *check = check_of(&x.report, "CIS-4.10");
    ok(check->status == CHECK_NOTED && check->n == 1, "noted: one informational finding");
    ok(x.report.counts.by_status[CHECK_NOTED] > 0, "noted: it is counted");
    struct audit_threshold t;
    struct err e;
    ok(rules_threshold_read(STR("info"), &a, &t, &e) == 0 && rules_over(&x.report, &t),
       "noted: a threshold of info is reached all the same");
    audited_close(&x);
    audit_text(&a, "f root/.dockercfg 600 0:0 x\nf a 644 0:0 " PRIVATE_KEY "\n", NULL, &x);
    check = check_of(&x.report, "CIS-4.10");
    ok(check->status == CHECK_FAIL && check->n == 2, "noted: not beside a worse one");
    audited_close(&x);
    *vec_push(&a, &policy.ignores) =
        (struct ignore){.rule = STR("CIS-4.10"), .path = STR("/a"), .reason = STR("a test's key")};
    audit_text(&a, "f root/.dockercfg 600 0:0 x\nf a 644 0:0 " PRIVATE_KEY "\n", &policy, &x);
    ok(check_of(&x.report, "CIS-4.10")->status == CHECK_NOTED, "noted: when that one is ignored");
    audited_close(&x);
    struct buf image = {.a = &a};
    buf_addz(&image, "history /bin/sh -c :");
    for (int i = 0; i < LIMIT_SCRIPT_BYTES / 2; i++)
        buf_addz(&image, "; :");
    buf_addz(&image, "\n");
    audit_text(&a, str_cstr(&a, buf_str(&image)), NULL, &x);
    check = check_of(&x.report, "CIS-4.7");
    ok(check->status == CHECK_FAIL && says(&x.report, check, "of which the first"),
       "noted: what was read in part fails, as nothing passes that was not seen");
    audited_close(&x);
    arena_free(&a);
}

int main(void)
{
    test_noted();
    test_ignored();
    test_folded();
    test_also_in();
    test_config();
    test_inherited();
    test_layer_of_bytes();
    test_remedies();
    test_example();
    test_inherited_and_ours();
    test_added();
    test_rotated();
    test_threshold();
    test_many();
    test_crowded();
    test_redacted();
    fixture_end();
    return done_testing();
}
