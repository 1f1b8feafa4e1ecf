/* lint: Dockerfiles → what is wrong in them. */
#include "base/limits.h"
#include "cli/command.h"
#include "lint/lint.h"
#include "report/lint_report.h"
#include "sys/file.h"

struct values {
    struct str format, compat, output;
    struct option_list ignore, warning, registries, labels, only, build_args;
    bool strict_labels, no_shellcheck;
};

static const struct option_spec options[] = {
    {"format", 'f', OPTION_STR, offsetof(struct values, format), "FORMAT", "how to print it",
     LINT_FORMATS},
    {"compat", 0, OPTION_STR, offsetof(struct values, compat), "TOOL", "judge as this tool does",
     "hadolint"},
    {"ignore", 0, OPTION_STRS, offsetof(struct values, ignore), "RULE", "leave this rule out",
     NULL},
    {"only", 0, OPTION_STRS, offsetof(struct values, only), "RULES", "only these rules", NULL},
    {"warning", 0, OPTION_STRS, offsetof(struct values, warning), "RULE",
     "the level of this rule is warning", NULL},
    {"trusted-registry", 0, OPTION_STRS, offsetof(struct values, registries), "REGISTRY",
     "images may come from here; may be repeated", NULL},
    {"require-label", 0, OPTION_STRS, offsetof(struct values, labels), "NAME:KIND",
     "a label that images have, and what it holds", NULL},
    {"strict-labels", 0, OPTION_FLAG, offsetof(struct values, strict_labels), NULL,
     "no other labels than those", NULL},
    {"build-arg", 0, OPTION_STRS, offsetof(struct values, build_args), "NAME=VALUE",
     "a build argument", NULL},
    {"no-shellcheck", 0, OPTION_FLAG, offsetof(struct values, no_shellcheck), NULL,
     "do not run shellcheck", NULL},
    {"output", 'o', OPTION_STR, offsetof(struct values, output), "FILE",
     "write there instead of to standard output", NULL},
};

static struct strs split(struct arena *a, const struct option_list *list)
{
    struct option_list words = {0};
    vec_each (list, i)
        for (struct str rest = list->v[i], head; rest.n;) {
            str_cut(rest, ',', &head, &rest);
            *vec_push(a, &words) = head;
        }
    return (struct strs){words.v, words.n};
}

static void configure(struct arena *a, const struct values *v, struct lint_config *ret)
{
    static const char *const kinds[] = {"text",    "url",  "semver", "hash",
                                        "rfc3339", "spdx", "email"};
    struct strs on = split(a, &v->warning);
    ret->ignored = split(a, &v->ignore);
    ret->trusted_registries = (struct strs){v->registries.v, v->registries.n};
    ret->strict_labels = v->strict_labels;
    ret->overrides.v = arena_array(a, struct lint_override, on.n);
    for (size_t i = 0; i < on.n; i++)
        ret->overrides.v[ret->overrides.n++] =
            (struct lint_override){on.v[i], SEVERITY_MEDIUM, false};
    ret->labels.v = arena_array(a, struct lint_label, v->labels.n);
    vec_each (&v->labels, i) {
        struct str kind;
        struct lint_label *label = &ret->labels.v[ret->labels.n++];
        str_cut(v->labels.v[i], ':', &label->name, &kind);
        for (unsigned k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (str_is(kind, kinds[k]))
                label->kind = k;
    }
}

static int run(struct cli *cli, void *values, struct strs arguments, struct err *e)
{
    const struct values *v = values;
    struct lint_config config = {0};
    struct lint_options o = {
        .config = &config, .compat = v->compat.n, .only = split(cli->a, &v->only)};
    struct str_pairs args = {arena_array(cli->a, struct str_pair, v->build_args.n), 0};
    struct lint_reading how = {.compat = o.compat, .build_args = &args};
    struct lint_reports reports = {0};
    bool found = false;
    configure(cli->a, v, &config);
    vec_each (&v->build_args, i) {
        struct str_pair *arg = &args.v[args.n++];
        str_cut(v->build_args.v[i], '=', &arg->key, &arg->value);
    }
    for (size_t i = 0; i < arguments.n; i++) {
        struct str text;
        struct lint_file *file = arena_new(cli->a, struct lint_file);
        if (sys_read_file(arguments.v[i], cli->a, LIMIT_DOCKERFILE_BYTES, &text, e))
            return -1;
        lint_file_read(cli->a, arguments.v[i], text, &how, file);
        lint_check(cli->a, file, &o, NULL, vec_push(cli->a, &reports));
        found |= reports.v[i].findings.n > 0;
    }
    struct report_lint_options form = {.color = cli->color, .compat = o.compat};
    (void)lint_format_parse(v->format, &form.format);
    if (command_output(cli, v->output, report_lint(cli->a, &reports, &form), e))
        return -1;
    return found;
}

const struct command cmd_lint = {
    .name = "lint",
    .arguments = "[Dockerfile…]",
    .summary = "Check Dockerfiles",
    .details = "Says what is wrong in Dockerfiles.",
    .example = "shuck lint Dockerfile",
    OPTIONS(options),
    .values_size = sizeof(struct values),
    .max_arguments = 100000,
    .run = run,
};
