/* audit: an image → what is wrong with it, by the CIS Docker Benchmark and more. */
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/policy_option.h"
#include "cli/run_options.h"
#include "facts/facts.h"
#include "report/audit_report.h"
#include "road/layer_cache.h"
#include "rules/audit_part.h"
#include "sys/file.h"
#include "sys/machine.h"

struct values {
    struct str format, output, fail_on, config, platform, base, benchmark, since;
    bool all, no_cache;
};

static const struct option_spec options[] = {
    {"format", 'f', OPTION_STR, offsetof(struct values, format), "FORMAT", "how to print it",
     AUDIT_FORMATS},
    {"output", 'o', OPTION_STR, offsetof(struct values, output), "FILE",
     "write there instead of to standard output", NULL},
    {"fail-on", 0, OPTION_STR, offsetof(struct values, fail_on), "WHAT",
     "severity, rule ids or never; exit 1 at or over it (default high)", NULL},
    {"config", 0, OPTION_STR, offsetof(struct values, config), "FILE",
     "ignores, trusted bases, threshold (default .shuck.yaml)", NULL},
    {"platform", 0, OPTION_STR, offsetof(struct values, platform), "OS/ARCH",
     "which image of a multi-platform one", NULL},
    {"base", 0, OPTION_STR, offsetof(struct values, base), "IMAGE",
     "what it is built on, to tell what came with that from what is yours", NULL},
    {"benchmark", 0, OPTION_STR, offsetof(struct values, benchmark), "NAME",
     "its items only, in order, with verdict, evidence and remedy", "cis"},
    {"since", 0, OPTION_STR, offsetof(struct values, since), "FILE",
     "only what is new against an earlier --format json", NULL},
    {"all", 0, OPTION_FLAG, offsetof(struct values, all), NULL,
     "every check and every finding, not a screenful", NULL},
    {"no-cache", 0, OPTION_FLAG, offsetof(struct values, no_cache), NULL,
     "read every layer, and remember none", NULL},
};

static int print(struct cli *cli, const struct values *v, const struct audit_report *report,
                 struct err *e)
{
    bool to_file = v->output.n && !str_is(v->output, "-");
    struct report_audit_options how = {.format = report_audit_format(v->format),
                                       .color = cli->color && !to_file,
                                       .all = v->all,
                                       .columns =
                                           to_file ? 0 : sys_terminal_columns(STDOUT_FILENO)};
    return command_output(cli, v->output, report_audit(cli->a, report, &how), e);
}

static int audit(struct cli *cli, const struct values *v, const struct image *image,
                 const struct image *base, const struct audit_baseline *baseline,
                 const struct audit_options *asked, const struct audit_threshold *threshold,
                 struct err *e)
{
    struct tree *tree = NULL;
    struct facts facts;
    struct audit_report report;
    struct layer_cache cache;
    struct facts_how how = {.base = base,
                            .wish = FACTS_CONTENT | FACTS_SECRETS | FACTS_LIBRARIES | FACTS_SUMS,
                            .secrets = asked->secrets};
    bool cached = !v->no_cache && layer_cache_open(cli->a, &how, &cache);
    struct audit_options audit_how = *asked;
    how.cache = cached ? &cache.hooks : NULL;
    int rc = facts_read(cli->a, image, &how, &tree, &facts, &audit_how.notes, e);
    if (cached)
        layer_cache_close(&cache);
    if (rc == 0) {
        rules_audit(cli->a, &facts, &audit_how, &report);
        if (v->benchmark.n)
            rules_only_cis(cli->a, &report);
        if (v->since.n)
            rules_since(cli->a, baseline, &report);
        rc = print(cli, v, &report, e);
    }
    tree_free(tree);
    return rc ? rc : rules_over(&report, threshold);
}

static int read_baseline(struct arena *a, struct str path, struct audit_baseline *ret,
                         struct err *e)
{
    struct str bytes;
    return sys_read_file(path, a, LIMIT_JSON_BYTES, &bytes, e) ||
                   rules_baseline_read(bytes, path, a, ret, e)
               ? -1
               : 0;
}

static int run(struct cli *cli, void *values, struct strs arguments, struct err *e)
{
    const struct values *v = values;
    struct policy policy = {0};
    struct audit_threshold threshold;
    struct audit_baseline baseline;
    const struct image_platform *want;
    struct image_name name, base_name = {0};
    struct image *image, *base = NULL;
    if (policy_option(cli, v->config, &policy, e) ||
        run_options_platform(cli->a, v->platform, &want, e))
        return -1;
    struct str fail_on = v->fail_on.n       ? v->fail_on
                         : policy.fail_on.n ? policy.fail_on
                                            : STR("high");
    if (rules_threshold_read(fail_on, cli->a, &threshold, e) ||
        image_name_parse(cli->a, arguments.v[0], &name, e) ||
        (v->since.n && read_baseline(cli->a, v->since, &baseline, e)) ||
        (v->base.n && image_name_parse(cli->a, v->base, &base_name, e)))
        return -1;
    name.progress = base_name.progress = cli->quiet ? NULL : command_progress;
    if (image_open(cli->a, &name, want, &image, e))
        return -1;
    struct secret_db *secrets = NULL;
    int rc = v->base.n ? image_open(cli->a, &base_name, &image->config.platform, &base, e) : 0;
    if (!rc)
        rc = secret_db_open(&policy, &secrets, e);
    struct audit_options how = {
        .policy = &policy, .today = (int32_t)(time(NULL) / 86400), .secrets = secrets};
    if (!rc)
        rc = audit(cli, v, image, base, &baseline, &how, &threshold, e);
    secret_db_close(secrets);
    image_close(base);
    image_close(image);
    return rc;
}

const struct command cmd_audit = {
    .name = "audit",
    .arguments = "IMAGE",
    .summary = "Say what is wrong with an image: CIS 4.1 to 4.12, with evidence",
    .details =
        "Every finding says where, what was seen and what to do; shuck explain ID says why.\n"
        "A check that could not run is skipped with its reason, never passed.\n\n"
        ".shuck.yaml in the current folder holds ignores, each with a reason and perhaps a last\n"
        "day, trusted-bases, and fail-on. Exit status 1: a finding at or over --fail-on that no\n"
        "ignore covers, among those that --benchmark and --since leave.\n\n"
        "What came with the base is told from what is yours by history; --base settles it.",
    .example = "shuck audit docker-archive:web.tar --fail-on medium",
    OPTIONS(options),
    .values_size = sizeof(struct values),
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
