/* road_lint_begin: flags, environment and configuration file → what is asked for. */
#include "base/limits.h"
#include "lint/lint_rule.h"
#include "road/road_lint.h"
#include "sys/file.h"
#include "sys/spawn.h"

static struct str_pairs environment(struct arena *a)
{
    struct strs words = sys_environment(a);
    struct str_pairs env = {arena_array(a, struct str_pair, words.n), 0};
    for (size_t i = 0; i < words.n; i++) {
        struct str_pair *pair = &env.v[env.n++];
        (void)!str_cut(words.v[i], '=', &pair->key, &pair->value);
    }
    return env;
}

static struct str value_of(const struct str_pairs *env, const char *name)
{
    for (size_t i = 0; i < env->n; i++)
        if (str_is(env->v[i].key, name))
            return env->v[i].value;
    return (struct str){0};
}

/* File, then environment, then flags. */
static int configure(struct arena *a, struct road_lint *road, struct err *e)
{
    struct str_pairs env = environment(a);
    struct lint_layer *all = arena_new(a, struct lint_layer), over = {0};
    struct str text, path = road->options.config;
    if (!path.n)
        path = lint_paths_config(a, value_of(&env, "HOME"), value_of(&env, "XDG_CONFIG_HOME"));
    bool found = !road->options.config.n; /* a pipe is fine where it is named */
    if (path.n &&
        ((found ? sys_read_found : sys_read_file)(path, a, LIMIT_POLICY_BYTES, &text, e) ||
         lint_config_read(a, text, path, road->options.compat, all, e)))
        return -1;
    if (lint_config_environment(a, &env, &over, e))
        return -1;
    lint_lay(a, all, &over);
    lint_lay(a, all, &road->options.flags);
    lint_settle(all, &road->config, &road->settings);
    road->config_path = path;
    return 0;
}

static int choose_paths(struct arena *a, struct road_lint_options *o, struct err *e)
{
    if (o->paths.n)
        return 0;
    o->paths = (struct strs){arena_new(a, struct str), 1};
    o->paths.v[0] = o->recursive ? STR(".") : STR("Dockerfile");
    if (!o->recursive && !sys_exists(o->paths.v[0]))
        return err_set(e, ERR_USAGE,
                       "names no Dockerfile, and there is none in the current folder; "
                       "--recursive looks for some");
    return 0;
}

/* What --only leaves out because it is misspelt would seem to be in order. */
static int check_only(const struct strs *only, struct err *e)
{
    for (size_t i = 0; i < only->n; i++)
        if (!lint_rule_may_be(only->v[i]))
            return err_set(e, ERR_USAGE,
                           "--only names " STR_F
                           ", and there is no such rule; shuck explain lists them",
                           STR_A(only->v[i]));
    return 0;
}

int road_lint_begin(struct arena *a, const struct road_lint_options *options, struct road_lint *ret,
                    struct err *e)
{
    struct road_lint road = {.options = *options, .found = !options->paths.n};
    if (options->unsafe && options->mode == ROAD_LINT_CHECK)
        return err_set(e, ERR_USAGE, "--unsafe says how to repair: it goes with --fix or --diff");
    if (options->compat && options->pin.n)
        return err_set(e, ERR_USAGE, "--pin is for a rule that --compat hadolint leaves out");
    if (!options->compat && check_only(&options->only, e))
        return -1;
    if (choose_paths(a, &road.options, e) || configure(a, &road, e))
        return -1;
    *ret = road;
    return 0;
}

int road_lint_status(const struct road_lint *road, const struct road_lint_result *result)
{
    const struct road_lint_options *o = &road->options;
    if (result->failure)
        return o->compat ? 1 : (int)result->failure;
    /* no threshold is about a file that was not understood, but as hadolint has it */
    if (road->settings.never_fail && (o->compat || road->settings.no_fail || !result->syntax))
        return 0;
    if (o->mode == ROAD_LINT_DIFF)
        return result->changed > 0;
    if (result->syntax)
        return o->compat ? 1 : ERR_INPUT;
    return result->over > 0;
}
