/* lint: Dockerfiles → what is wrong in them; or the same Dockerfiles, repaired. */
#include <errno.h>
#include <signal.h>

#include "cli/command.h"
#include "report/lint_report.h"
#include "road/road_lint.h"
#include "sys/file.h"

struct values {
    struct str format, output, config, compat, threshold, report_name;
    struct option_list error, warning, info, style, ignore, only, registries, labels, build_args,
        pin;
    bool recursive, fix, diff, unsafe, no_shellcheck;
    bool no_fail, no_color, no_pragmas, strict_labels, verbose, version;
};

#define AT(field) offsetof(struct values, field)
static const struct option_spec options[] = {
    {"recursive", 'r', OPTION_FLAG, AT(recursive), NULL,
     "look for Dockerfiles and Containerfiles in folders", NULL},
    {"fix", 0, OPTION_FLAG, AT(fix), NULL, "repair what can be repaired, in the files", NULL},
    {"diff", 0, OPTION_FLAG, AT(diff), NULL,
     "show what repairing would change; exit status 1 when it would", NULL},
    {"unsafe", 0, OPTION_FLAG, AT(unsafe), NULL, "repair also what may change behaviour", NULL},
    {"format", 'f', OPTION_STR, AT(format), "FORMAT", "how to print findings", LINT_FORMATS},
    {"output", 'o', OPTION_STR, AT(output), "FILE", "write there instead of to standard output",
     NULL},
    {"config", 'c', OPTION_STR, AT(config), "FILE", "instead of the first .hadolint.yaml found",
     NULL},
    {"failure-threshold", 't', OPTION_STR, AT(threshold), "LEVEL",
     "exit 1 at findings of this level or higher", "error|warning|info|style|ignore|none"},
    {"no-fail", 0, OPTION_FLAG, AT(no_fail), NULL, "exit 0 whatever is found", NULL},
    {"ignore", 0, OPTION_STRS, AT(ignore), "RULES", "leave these out", NULL},
    {"only", 0, OPTION_STRS, AT(only), "RULES", "only these", NULL},
    {"error", 0, OPTION_STRS, AT(error), "RULES", "their level is error", NULL},
    {"warning", 0, OPTION_STRS, AT(warning), "RULES", "their level is warning", NULL},
    {"info", 0, OPTION_STRS, AT(info), "RULES", "their level is info", NULL},
    {"style", 0, OPTION_STRS, AT(style), "RULES", "their level is style", NULL},
    {"trusted-registry", 0, OPTION_STRS, AT(registries), "REGISTRY",
     "images may come from here; may be repeated", NULL},
    {"require-label", 0, OPTION_STRS, AT(labels), "NAME[:KIND]",
     "a label that images have, and what it holds", NULL},
    {"strict-labels", 0, OPTION_FLAG, AT(strict_labels), NULL, "no other labels than those", NULL},
    {"disable-ignore-pragma", 0, OPTION_FLAG, AT(no_pragmas), NULL,
     "comments in the files ignore nothing", NULL},
    {"build-arg", 0, OPTION_STRS, AT(build_args), "NAME=VALUE", "as the build is given it", NULL},
    {"pin", 0, OPTION_STRS, AT(pin), "WHOM",
     "ask for digests of images: local (docker, podman), registry, oci:DIR", NULL},
    {"compat", 0, OPTION_STR, AT(compat), "TOOL", "judge and end as this tool does", "hadolint"},
    {"no-shellcheck", 0, OPTION_FLAG, AT(no_shellcheck), NULL, "do not run shellcheck", NULL},
    {"file-path-in-report", 0, OPTION_STR, AT(report_name), "NAME",
     "what the file is called in reports", NULL},
    {"no-color", 0, OPTION_FLAG, AT(no_color), NULL, "print without colour", NULL},
    {"verbose", 'V', OPTION_FLAG, AT(verbose), NULL, "say which configuration counts", NULL},
    {"version", 'v', OPTION_FLAG, AT(version), NULL, "print the version", NULL},
};

/* Lists may be repeated, and be written with commas. */
static struct lint_names split(struct arena *a, const struct option_list *list)
{
    struct lint_names words = {0};
    vec_each (list, i)
        lint_names_split(a, list->v[i], &words);
    return words;
}

static void add_overrides(struct arena *a, const struct option_list *list, enum severity level,
                          struct lint_layer *to)
{
    struct lint_names rules = split(a, list);
    vec_each (&rules, i)
        *vec_push(a, &to->overrides) = (struct lint_override){rules.v[i], level, false};
}

static int read_flags(struct arena *a, const struct values *v, struct lint_layer *ret,
                      struct err *e)
{
    struct lint_layer flags = {.ignored = split(a, &v->ignore),
                               .trusted_registries = split(a, &v->registries),
                               .strict_labels = v->strict_labels ? LINT_YES : LINT_UNSAID,
                               .no_pragmas = v->no_pragmas ? LINT_YES : LINT_UNSAID,
                               .no_fail = v->no_fail ? LINT_YES : LINT_UNSAID,
                               .no_color = v->no_color ? LINT_YES : LINT_UNSAID,
                               .verbose = v->verbose ? LINT_YES : LINT_UNSAID,
                               .format = v->format,
                               .threshold = v->threshold};
    add_overrides(a, &v->error, SEVERITY_HIGH, &flags);
    add_overrides(a, &v->warning, SEVERITY_MEDIUM, &flags);
    add_overrides(a, &v->info, SEVERITY_LOW, &flags);
    add_overrides(a, &v->style, SEVERITY_INFO, &flags);
    struct lint_names labels = split(a, &v->labels);
    vec_each (&labels, i)
        if (lint_label_read(labels.v[i], vec_push(a, &flags.labels), e))
            return -1;
    *ret = flags;
    return 0;
}

static int read_options(struct arena *a, const struct values *v, struct strs paths,
                        struct road_lint_options *ret, struct err *e)
{
    struct str_pairs *args = arena_new(a, struct str_pairs);
    struct lint_names only = split(a, &v->only), whom = split(a, &v->pin);
    struct strs pin = {whom.v, whom.n};
    args->v = arena_array(a, struct str_pair, v->build_args.n);
    vec_each (&v->build_args, i) {
        struct str_pair *arg = &args->v[args->n++];
        (void)!str_cut(v->build_args.v[i], '=', &arg->key, &arg->value);
    }
    *ret = (struct road_lint_options){.paths = paths,
                                      .recursive = v->recursive,
                                      .config = v->config,
                                      .only = {only.v, only.n},
                                      .build_args = args,
                                      .compat = v->compat.n > 0,
                                      .no_shellcheck = v->no_shellcheck,
                                      .mode = v->diff  ? ROAD_LINT_DIFF
                                              : v->fix ? ROAD_LINT_FIX
                                                       : ROAD_LINT_CHECK,
                                      .unsafe = v->unsafe,
                                      .report_name = v->report_name};
    return pin_sources_read(a, &pin, &ret->pin, e) || read_flags(a, v, &ret->flags, e) ? -1 : 0;
}

/* ---- printing ---- */

struct printer {
    struct cli *cli;
    struct report_lint_output *out;
    FILE *to; /* NULL: kept for --output */
    struct buf kept;
};

/* A reader that went away has seen enough: that ends us quietly, as it ends other tools. */
static int lost(struct err *e)
{
    if (errno == EPIPE) {
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    return err_set(e, ERR_MACHINE, "the findings cannot be written");
}

static int print(struct printer *p, struct str text, struct err *e)
{
    if (!p->to)
        buf_add(&p->kept, text);
    else if (fwrite(text.p, 1, text.n, p->to) != text.n)
        return lost(e);
    return 0;
}

static int print_report(struct printer *p, struct err *e)
{
    struct buf *text = report_lint_text(p->out);
    int rc = print(p, buf_str(text), e);
    text->n = 0;
    return rc;
}

static int on_report(void *ctx, const struct lint_report *report, struct err *e)
{
    struct printer *p = ctx;
    report_lint_file(p->out, report);
    return print_report(p, e);
}

static int on_text(void *ctx, struct str text, struct err *e)
{
    (void)ctx;
    if (fwrite(text.p, 1, text.n, stdout) != text.n || fflush(stdout))
        return lost(e);
    return 0;
}

static void on_complaint(void *ctx, const struct err *e)
{
    (void)ctx;
    command_progress(str_of(e->text));
}

static void on_note(void *ctx, struct str line)
{
    struct printer *p = ctx;
    command_note(p->cli, STR_F, STR_A(line));
}

/* A repaired standard input is the output, so what is found goes where errors go. */
static FILE *stream_of(const struct road_lint *road, bool to_file)
{
    bool input = false;
    for (size_t i = 0; i < road->options.paths.n; i++)
        input |= str_is(road->options.paths.v[i], "-");
    return to_file ? NULL : input && road->options.mode == ROAD_LINT_FIX ? stderr : stdout;
}

static void say_repairs(struct cli *cli, const struct road_lint *road,
                        const struct road_lint_result *result)
{
    if (road->options.mode != ROAD_LINT_CHECK)
        command_note(cli, "%zu %s %s in %zu of %zu files", result->repairs,
                     result->repairs == 1 ? "repair" : "repairs",
                     road->options.mode == ROAD_LINT_DIFF ? "possible" : "made", result->changed,
                     result->files);
}

static int lint(struct cli *cli, const struct road_lint *road, struct str output, struct err *e)
{
    bool to_file = output.n && !str_is(output, "-");
    struct report_lint_options how = {.compat = road->options.compat,
                                      .secrets = road->options.secrets};
    struct printer p = {.cli = cli, .to = stream_of(road, to_file), .kept = {.a = cli->a}};
    struct road_lint_listener listener = {&p, on_report, on_text, on_complaint, on_note};
    struct road_lint_result result;
    if (!lint_format_parse(road->settings.format, &how.format))
        return err_set(e, ERR_USAGE, "there is no format \"" STR_F "\", but %s",
                       STR_A(road->settings.format), LINT_FORMATS);
    how.color = !road->settings.no_color &&
                (p.to == stdout ? cli->color : p.to == stderr && cli->color_err);
    p.out = report_lint_begin(cli->a, &how);
    if (road_lint(cli->a, road, &listener, &result, e))
        return -1;
    if (road->options.mode != ROAD_LINT_DIFF) {
        report_lint_end(p.out);
        if (print_report(&p, e) || (to_file && command_output(cli, output, buf_str(&p.kept), e)))
            return -1;
    }
    if (p.to && fflush(p.to))
        return lost(e);
    say_repairs(cli, road, &result);
    return road_lint_status(road, &result);
}

static void overlook(void *ctx, const struct err *e)
{
    (void)ctx;
    (void)e; /* told when the file is read */
}

/* The findings would take the place of what they are about. */
static int spare_inputs(struct cli *cli, const struct road_lint *road, struct str output,
                        struct err *e)
{
    const struct road_lint_options *o = &road->options;
    struct lint_paths paths = {0};
    struct stat out, in;
    struct err none;
    if (!output.n || sys_stat(output, &out, &none) || !S_ISREG(out.st_mode))
        return 0;
    for (size_t i = 0; i < o->paths.n; i++)
        lint_paths_add(cli->a, o->paths.v[i], o->recursive, overlook, NULL, &paths);
    vec_each (&paths, i)
        if (!sys_stat(paths.v[i], &in, &none) && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
            return err_set(e, ERR_USAGE, "--output " STR_F " is a file to check", STR_A(output));
    return 0;
}

static int begin(struct cli *cli, const struct values *v, const struct road_lint_options *asked,
                 struct err *e)
{
    struct road_lint road;
    if (road_lint_begin(cli->a, asked, &road, e) || spare_inputs(cli, &road, v->output, e))
        return -1;
    if (road.settings.verbose)
        command_note(cli, "configuration: " STR_F "; fails at: %s",
                     STR_A(road.config_path.n ? road.config_path : STR("none")),
                     road.settings.never_fail ? "nothing"
                                              : lint_level_name(road.settings.threshold));
    return lint(cli, &road, v->output, e);
}

static int run(struct cli *cli, void *values, struct strs arguments, struct err *e)
{
    const struct values *v = values;
    struct road_lint_options asked;
    if (v->version)
        return command_output(cli, (struct str){0}, STR("shuck " SHUCK_VERSION "\n"), e);
    if (read_options(cli->a, v, arguments, &asked, e))
        return -1;
    asked.secrets = secret_scanner_builtin();
    int rc = begin(cli, v, &asked, e);
    secret_scanner_free(asked.secrets);
    return rc;
}

const struct command cmd_lint = {
    .name = "lint",
    .arguments = "[Dockerfile…]",
    .summary = "Check Dockerfiles, and repair them",
    .details =
        "Finds what hadolint, BuildKit's checks and the CIS benchmark ask of Dockerfiles, and "
        "runs\n"
        "the installed shellcheck on RUN. - is standard input; without a file it is Dockerfile.\n"
        "shuck explain ID says more about a rule.\n\n"
        "--fix writes repaired files and prints what is left; a repaired standard input is "
        "printed,\n"
        "and what is left goes to standard error. --diff writes nothing.\n\n"
        "Nothing is fetched, unless --pin says whom to ask: then --fix --unsafe adds digests to "
        "images.\n\n"
        "Configuration is hadolint's: .hadolint.yaml here or in the home folder, HADOLINT_ "
        "variables,\n"
        "# hadolint comments. Exit status 1: a finding at or over --failure-threshold (info); 3: a "
        "file\n"
        "that cannot be read, or has syntax errors; 4: a repaired file that cannot be written.",
    .example = "shuck lint --fix Dockerfile",
    OPTIONS(options),
    .values_size = sizeof(struct values),
    .max_arguments = SIZE_MAX,
    .run = run,
};
