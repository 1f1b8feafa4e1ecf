/* harden_options: option values → struct road_options, for harden and road. */
#include "cli/harden_options.h"

static int fill_user(struct str text, struct road_options *ret, struct err *e)
{
    uint64_t uid;
    if (!text.n)
        return 0;
    ret->user = str_is(text, "keep") ? HARDEN_USER_KEEP : HARDEN_USER_SET;
    if (ret->user == HARDEN_USER_KEEP)
        return 0;
    if (str_u64(text, 10, &uid) || uid > 65535)
        return err_set(e, ERR_USAGE, "--user takes a number up to 65535 or keep, not \"" STR_F "\"",
                       STR_A(text));
    ret->uid = (uint32_t)uid;
    return 0;
}

int harden_options_fill(struct cli *cli, const struct harden_values *v, struct strs arguments,
                        struct road_options *ret, struct err *e)
{
    if (run_options_fill(cli, &v->run, arguments, ret, e) || fill_user(v->user, ret, e))
        return -1;
    if (!v->output.n && !v->dry_run)
        return err_set(e, ERR_USAGE,
                       "where to? Give -o OUT, for example -o oci:out or -o "
                       "docker-archive:out.tar:name:tag");
    if (v->output.n && image_name_parse(cli->a, v->output, &ret->output, e))
        return -1;
    for (enum harden_level l = HARDEN_EXACT; l <= HARDEN_SAFE; l++)
        if (str_is(v->level, harden_level_name(l)))
            ret->harden.level = l;
    ret->harden.keep_paths = (struct strs){v->keep.v, v->keep.n};
    ret->harden.keep_packages = (struct strs){v->keep_packages.v, v->keep_packages.n};
    ret->harden.keep_shell = v->keep_shell;
    ret->shows = (struct strs){v->shows.v, v->shows.n};
    ret->html = v->html;
    ret->list = v->list;
    ret->dry_run = v->dry_run;
    ret->json = str_is(v->format, "json");
    ret->color = cli->color && !v->result.n;
    ret->progress = ret->input.progress = cli->quiet ? NULL : command_progress;
    return 0;
}
