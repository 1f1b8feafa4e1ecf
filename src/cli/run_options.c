/* run_options: option values → struct road_options. */
#include "cli/run_options.h"

#include "base/safe.h"

static struct strs list_of(const struct option_list *l)
{
    return (struct strs){l->v, l->n};
}

int run_options_platform(struct arena *a, struct str text, const struct image_platform **ret,
                         struct err *e)
{
    struct image_platform *p = arena_new(a, struct image_platform);
    struct str rest;
    *ret = NULL;
    if (!text.n)
        return 0;
    if (!str_cut(text, '/', &p->os, &rest) || !p->os.n || !rest.n)
        return err_set(e, ERR_USAGE,
                       "--platform takes OS/ARCH[/VARIANT], as linux/arm64, not \"" STR_F "\"",
                       STR_A(text));
    str_cut(rest, '/', &p->arch, &p->variant);
    *ret = p;
    return 0;
}

int run_options_fill(struct cli *cli, const struct run_values *v, struct strs arguments,
                     struct road_options *ret, struct err *e)
{
    if (image_name_parse(cli->a, arguments.v[0], &ret->input, e) ||
        run_options_platform(cli->a, v->platform, &ret->platform, e))
        return -1;
    for (size_t i = 0; i < v->env.n; i++)
        if (str_find(v->env.v[i], '=') == v->env.v[i].n)
            return err_set(e, ERR_USAGE, "--env takes NAME=VALUE, not \"" STR_F "\"",
                           STR_A(v->env.v[i]));
    ret->sandbox = (struct sandbox_options){
        .runtime = v->runtime, .work_dir = v->work_dir, .keep = v->keep_work};
    ret->wish = (struct exercise_wish){
        .https = list_of(&v->https),
        .execs = list_of(&v->execs),
        .scripts = list_of(&v->scripts),
        .ports = list_of(&v->ports),
        .env = list_of(&v->env),
        .ready_log = v->ready_log,
        .ready_exit = v->ready_exit,
        .ready_seconds = v->ready_timeout,
        .stop_seconds = v->stop_timeout,
        .arguments = {arguments.v + 1, arguments.n - 1},
    };
    ret->color = cli->color;
    return 0;
}
