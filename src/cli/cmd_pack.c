/* pack: an image from a root file system and a few config flags. */
#include "base/command_line.h"
#include "cli/command.h"
#include "image/pack.h"

struct values {
    struct str out, entrypoint, cmd, user, workdir, healthcheck, platform, created, ref;
    struct str compression;
    struct option_list env, labels, expose, volumes;
};

static const struct option_spec options[] = {
    {"output", 'o', OPTION_STR, offsetof(struct values, out), "OUT",
     "where the image goes: oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE", NULL},
    {"entrypoint", 0, OPTION_STR, offsetof(struct values, entrypoint), "WORDS",
     "program to run, as words or a JSON array", NULL},
    {"cmd", 0, OPTION_STR, offsetof(struct values, cmd), "WORDS",
     "its arguments unless others are given, as words or a JSON array", NULL},
    {"env", 'e', OPTION_STRS, offsetof(struct values, env), "NAME=VALUE",
     "an environment variable; may be repeated", NULL},
    {"user", 'u', OPTION_STR, offsetof(struct values, user), "USER[:GROUP]",
     "who the program runs as; a number is best", NULL},
    {"workdir", 'w', OPTION_STR, offsetof(struct values, workdir), "DIR",
     "folder the program starts in", NULL},
    {"label", 0, OPTION_STRS, offsetof(struct values, labels), "NAME=VALUE",
     "a label; may be repeated", NULL},
    {"expose", 0, OPTION_STRS, offsetof(struct values, expose), "PORT[/PROTOCOL]",
     "a port the program listens on; may be repeated", NULL},
    {"volume", 0, OPTION_STRS, offsetof(struct values, volumes), "PATH",
     "a folder that outlives the container; may be repeated", NULL},
    {"healthcheck", 0, OPTION_STR, offsetof(struct values, healthcheck), "WORDS",
     "program that tells health, as words or a JSON array; \"none\" for none", NULL},
    {"platform", 0, OPTION_STR, offsetof(struct values, platform), "OS/ARCH[/VARIANT]",
     "what the files are made for; this machine's by default", NULL},
    {"created", 0, OPTION_STR, offsetof(struct values, created), "TIME",
     "time of creation, RFC 3339 or seconds, and the latest of any file", NULL},
    {"ref", 0, OPTION_STR, offsetof(struct values, ref), "REF", "name or tag of the image", NULL},
    {"compression", 0, OPTION_STR, offsetof(struct values, compression), "HOW",
     "how the layer is stored; gzip by default", "gzip|zstd|plain"},
};

static int split_pairs(struct arena *a, const char *option, const struct option_list *list,
                       struct str_pairs *ret, struct err *e)
{
    ret->v = arena_array(a, struct str_pair, list->n);
    for (ret->n = 0; ret->n < list->n; ret->n++) {
        struct str_pair *pair = &ret->v[ret->n];
        if (!str_cut(list->v[ret->n], '=', &pair->key, &pair->value) || !pair->key.n)
            return err_set(e, ERR_USAGE, "--%s takes NAME=VALUE, not \"" STR_F "\"", option,
                           STR_A(list->v[ret->n]));
    }
    return 0;
}

static int read_ports(struct arena *a, const struct option_list *list, struct strs *ret,
                      struct err *e)
{
    ret->v = arena_array(a, struct str, list->n);
    for (ret->n = 0; ret->n < list->n; ret->n++) {
        struct str port, protocol, text = list->v[ret->n];
        uint64_t number;
        bool named = str_cut(text, '/', &port, &protocol);
        if (str_u64(port, 10, &number) || number < 1 || number > 65535 ||
            (named && !str_is(protocol, "tcp") && !str_is(protocol, "udp") &&
             !str_is(protocol, "sctp")))
            return err_set(e, ERR_USAGE,
                           "--expose takes a port as 8080 or 53/udp, not \"" STR_F "\"",
                           STR_A(text));
        ret->v[ret->n] = named ? text : str_fmt(a, STR_F "/tcp", STR_A(text));
    }
    return 0;
}

static int read_health(struct arena *a, struct str text, struct image_healthcheck *ret,
                       struct err *e)
{
    struct strs words, test;
    if (command_line_words(a, text, &words, e))
        return err_wrap(e, "--healthcheck");
    test = (struct strs){arena_array(a, struct str, words.n + 1), words.n + 1};
    test.v[0] = STR("CMD");
    for (size_t i = 0; i < words.n; i++)
        test.v[i + 1] = words.v[i];
    if (words.n == 1 && str_is(words.v[0], "none"))
        test = (struct strs){&test.v[1], 1}, test.v[0] = STR("NONE");
    *ret = (struct image_healthcheck){.set = true, .test = test};
    return 0;
}

/* The options in the form image/ takes them. */
struct config {
    struct strs entrypoint, cmd, env, ports, volumes;
    struct image_healthcheck health;
};

static int read_config(struct arena *a, struct values *v, struct config *c, struct pack *p,
                       struct err *e)
{
    struct image_config_edit *edit = &p->edit;
    struct str_pairs checked;
    if (split_pairs(a, "env", &v->env, &checked, e) ||
        split_pairs(a, "label", &v->labels, &edit->labels, e) ||
        read_ports(a, &v->expose, &c->ports, e))
        return -1;
    if (command_line_words(a, v->entrypoint, &c->entrypoint, e))
        return err_wrap(e, "--entrypoint");
    if (command_line_words(a, v->cmd, &c->cmd, e))
        return err_wrap(e, "--cmd");
    if (v->healthcheck.n && read_health(a, v->healthcheck, &c->health, e))
        return -1;
    c->env = (struct strs){v->env.v, v->env.n};
    edit->entrypoint = &c->entrypoint;
    edit->cmd = &c->cmd;
    edit->env = &c->env;
    c->volumes = (struct strs){v->volumes.v, v->volumes.n};
    edit->exposed_ports = &c->ports;
    edit->volumes = &c->volumes;
    edit->user = &v->user;
    edit->workdir = &v->workdir;
    edit->healthcheck = &c->health;
    return 0;
}

/* Without a wish files keep their times: some programs (Python's caches) compare them. */
static int read_created(struct str text, struct pack *p, struct err *e)
{
    const char *option = "--created";
    if (!text.n) {
        text = str_of(getenv("SOURCE_DATE_EPOCH"));
        option = "SOURCE_DATE_EPOCH";
    }
    p->clamp = text.n > 0;
    if (p->clamp && pack_time(text, &p->created, e))
        return err_wrap(e, "%s", option);
    return 0;
}

static int run(struct cli *cli, void *values, struct strs arguments, struct err *e)
{
    struct values *v = values;
    struct config c = {0};
    struct pack p = {.from = arguments.v[0], .compression = IMAGE_GZIP};
    struct pack_result result;
    struct image_name to;
    if (!v->out.n)
        return err_set(e, ERR_USAGE, "needs -o OUT, where the image goes");
    if (image_name_parse(cli->a, v->out, &to, e) ||
        pack_platform(cli->a, v->platform, &p.platform, e) || read_created(v->created, &p, e) ||
        read_config(cli->a, v, &c, &p, e))
        return -1;
    if (v->ref.n)
        to.ref = v->ref;
    if (str_is(v->compression, "zstd"))
        p.compression = IMAGE_ZSTD;
    else if (str_is(v->compression, "plain"))
        p.compression = IMAGE_PLAIN;
    if (pack_write(&p, &to, &result, e))
        return -1;
    if (result.n_sockets)
        command_note(cli, "%zu socket%s left out", result.n_sockets,
                     result.n_sockets == 1 ? " is" : "s are");
    command_note(cli, STR_F ": %zu entries, layer of %llu bytes",
                 STR_A(image_name_text(cli->a, &to)), result.n_entries,
                 (unsigned long long)result.layer_bytes);
    return command_output(cli, (struct str){0},
                          str_fmt(cli->a, STR_F "\n", STR_A(digest_text(cli->a, &result.manifest))),
                          e);
}

const struct command cmd_pack = {
    .name = "pack",
    .arguments = "DIR",
    .summary = "Make an image of a root file system and a few config flags",
    .details =
        "DIR is a folder, or a tar of one (plain, gzip or zstd). The image has one layer; owners,\n"
        "modes, links, devices and file capabilities are kept, sockets are left out. The same\n"
        "input gives the same bytes; with --created (or SOURCE_DATE_EPOCH) no time in the image "
        "is\n"
        "later than that, so trees that differ in times only give the same bytes too. Prints the\n"
        "digest of the image's manifest.",
    .example = "shuck pack rootfs -o oci:web:v1 --entrypoint /server --user 5678 --expose 8080",
    OPTIONS(options),
    .values_size = sizeof(struct values),
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
