/* lint_downloads: how files come into an image: archives that are copied, then unpacked; wget;
 * curl.
 *
 * Invariants
 * 1. What an archive is called is looked up, so that many COPYs and many tars cost no more than
 *    both lists. (test_lint_table: tables)
 */
#include "base/map.h"
#include "lint/lint_args.h"
#include "lint/lint_around.h"
#include "lint/lint_rules.h"

/* ---- DL3010 ---- */

struct copied {
    struct span place;
    struct copied *next; /* of the same name */
};

static bool is_archive(struct str name)
{
    static const struct str suffixes[] = {
        STR_INIT(".tar"), STR_INIT(".Z"),   STR_INIT(".bz2"), STR_INIT(".gz"),   STR_INIT(".lz"),
        STR_INIT(".tZ"),  STR_INIT(".tb2"), STR_INIT(".tbz"), STR_INIT(".tbz2"), STR_INIT(".lzma"),
        STR_INIT(".tgz"), STR_INIT(".tlz"), STR_INIT(".tpz"), STR_INIT(".txz"),  STR_INIT(".xz"),
    };
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (str_ends(name, suffixes[i]))
            return true;
    return false;
}

/* Without folders and quotes, on either kind of system. */
static struct str base_name(struct str path)
{
    while (path.n && strchr("\"'", path.p[path.n - 1]))
        path.n--;
    size_t at = path.n;
    while (at > 0 && !strchr("/\\\"'", path.p[at - 1]))
        at--;
    return str_from(path, at);
}

static void remember(struct lint_context *c, struct map *archives, struct str name,
                     struct span place)
{
    void **at = map_at(archives, name);
    struct copied *one = arena_new(c->a, struct copied);
    *one = (struct copied){place, *at};
    *at = one;
}

static void see_copy(struct lint_context *c, struct map *archives, const struct lint_step *s)
{
    size_t n = s->words.n;
    if (n < 2 || dockerfile_flag(s->i, "from"))
        return;
    /* hadolint has words as they are written, where a backslash parts folders */
    for (size_t k = 0; k < n; k++) {
        struct str word = c->options->compat ? s->i->words.v[k].text.s : s->words.v[k].text;
        struct str target =
            c->options->compat ? s->i->words.v[n - 1].text.s : s->words.v[n - 1].text;
        bool renamed = is_archive(base_name(target));
        if (renamed ? k == n - 1 : k < n - 1 && is_archive(base_name(word)))
            remember(c, archives, base_name(word), s->words.v[renamed ? 0 : k].place);
    }
}

static bool unpacks(const struct lint_context *c, const struct lint_command *command)
{
    bool compat = c->options->compat;
    if (!str_is(command->program, "tar") && !(str_is(command->program, "bsdtar") && !compat))
        /* hadolint counts gunzip and its kin, but ADD unpacks nothing that is not a tar */
        return compat && lint_lists(" unzip gunzip bunzip2 unlzma unxz zgz uncompress zcat gzcat ",
                                    command->program);
    for (size_t k = 1; k < command->words.n; k++) {
        struct str word = command->words.v[k].text;
        bool dash = word.n && word.p[0] == '-', has_x = str_find(word, 'x') < word.n;
        if (str_is(word, "--extract") || str_is(word, "--get"))
            return true;
        if (compat ? dash && has_x : has_x && (dash ? word.p[1] != '-' : k == 1))
            return true;
    }
    return false;
}

static void see_run(struct lint_context *c, struct map *archives, const struct lint_step *s)
{
    vec_each (&s->commands, k) {
        const struct lint_command *command = &s->commands.v[k];
        if (!archives->n || !unpacks(c, command))
            continue;
        for (size_t w = 1; w < command->words.n; w++) {
            struct str word = command->words.v[w].text, name = base_name(word);
            if ((word.n && word.p[0] == '-') || !map_has(archives, name))
                continue;
            void **at = map_at(archives, name);
            for (const struct copied *one = *at; one; one = one->next)
                lint_add(c, one->place, STR_F " is copied, then unpacked by " STR_F, STR_A(name),
                         STR_A(command->program));
            *at = NULL; /* each once */
        }
    }
}

static void check_archives(struct lint_context *c)
{
    struct map archives = {.a = c->a};
    const struct lint_stages *stages = &c->file->stages;
    /* hadolint forgets at each FROM what it has found */
    size_t first = c->options->compat && stages->n ? stages->v[stages->n - 1].step : 0;
    for (size_t i = first; i < c->file->steps.n; i++) {
        const struct lint_step *s = &c->file->steps.v[i];
        if (lint_unseen(c, s))
            continue;
        if (s->i->kind == DOCKERFILE_FROM)
            archives = (struct map){.a = c->a};
        else if (s->i->kind == DOCKERFILE_COPY)
            see_copy(c, &archives, s);
        else if (s->i->kind == DOCKERFILE_RUN)
            see_run(c, &archives, s);
    }
}

static const struct lint_rule archive = {
    .info = {.id = "DL3010",
             .severity = SEVERITY_LOW,
             .title = "Archives are unpacked by ADD",
             .why = "A COPY puts the archive into a layer, where it stays when a later RUN has "
                    "unpacked and removed it.",
             .remedy = "Use ADD, which unpacks a local tar archive and leaves the archive out. Or "
                       "mount the archive in the RUN that unpacks it.",
             .example = "ADD app.tar.gz /opt/app/"},
    .image = true,
    .file_hook = check_archives,
};

/* ---- DL3047 ---- */

static const char wget_values[] =
    " O output-document P directory-prefix o output-file a append-output U user-agent t tries "
    "T timeout header e execute i input-file w wait Q quota user password post-data post-file "
    "referer ca-certificate certificate private-key load-cookies connect-timeout read-timeout "
    "dns-timeout waitretry limit-rate method body-data ";

static bool is_brief(const struct lint_command *command)
{
    for (size_t k = 1; k < command->words.n; k++)
        if (str_is(command->words.v[k].text, "-nv"))
            return true;
    return false;
}

/* 2>a, &>a, >&a; and 3>&2, which makes another name for it. */
static bool takes_errors(const struct shell_redirect *r)
{
    bool copies = str_is(r->operator, ">&");
    return str_is(r->fd, "2") || str_find(r->operator, '&') == 0 || (copies && !r->fd.n) ||
           (copies && str_is(r->target.text.s, "2") && !str_is(r->fd, "1"));
}

/* Standard error is a part of what the RUN makes: wget writes its progress there. */
static bool keeps_errors(const struct lint_step *step)
{
    const struct shell_script *script = &step->script;
    if (str_has(step->source.s, STR("|&")))
        return true;
    vec_each (&script->commands, k)
        for (size_t r = 0; r < script->commands.v[k].redirects.n; r++)
            if (takes_errors(script->commands.v[k].redirects.v[r]))
                return true;
    return false;
}

/* What the base is not known for: a RUN with the tools of such a system is on one. */
static bool looks_gnu(const struct lint_step *step)
{
    vec_each (&step->commands, k)
        if (lint_lists(" apt-get apt yum dnf microdnf zypper ", step->commands.v[k].program))
            return true;
    return false;
}

static void check_wget(struct lint_context *c, const struct lint_command *command,
                       enum fix_safety safety)
{
    struct lint_args args = {0};
    lint_args_read(c, command, wget_values, &args);
    if (is_brief(command) ||
        lint_args_flag(&args, " progress q quiet o output-file a append-output no-verbose "))
        return;
    if (!c->options->compat && lint_args_flag(&args, " V version help spider b background "))
        return;
    struct lint_finding *f =
        lint_add(c, lint_command_place(command), "wget writes a line of progress for every 50 kB");
    enum lint_system kind = lint_system_of(c->file, c->step->stage);
    uint32_t at = command->words.v[0].place.to;
    if (c->step->i->json || safety == FIX_NONE)
        return;
    /* BusyBox's wget knows no --progress, and its -q still tells errors */
    const char *option = kind == LINT_SYSTEM_BUSYBOX ? "-q" : "--progress=dot:giga";
    lint_fix(c, f, safety, "adds %s", option);
    lint_edit(c, f, (struct span){at, at}, " %s", option);
}

/* Of a base that is not known, wget may be BusyBox's, which fails at an option of GNU's. */
static enum fix_safety safety_of(const struct lint_context *c, const struct lint_step *step)
{
    enum lint_system kind = lint_system_of(c->file, step->stage);
    if (kind == LINT_SYSTEM_WINDOWS || (kind == LINT_SYSTEM_UNKNOWN && !looks_gnu(step)))
        return FIX_NONE;
    return kind == LINT_SYSTEM_UNKNOWN || keeps_errors(step) ? FIX_UNSAFE : FIX_SAFE;
}

static void check_progress(struct lint_context *c, const struct lint_step *step)
{
    enum fix_safety safety = safety_of(c, step);
    vec_each (&step->commands, k)
        if (str_is(step->commands.v[k].program, "wget"))
            check_wget(c, &step->commands.v[k], safety);
}

static const struct lint_rule progress = {
    .info = {.id = "DL3047",
             .severity = SEVERITY_LOW,
             .title = "wget does not fill the log",
             .why = "Without a terminal wget writes dots for every kilobyte. A large download "
                    "buries what the build has to say under thousands of lines.",
             .remedy = "Use --progress=dot:giga, or -nv for one line a file.",
             .example = "RUN wget --progress=dot:giga https://example.org/tool.tar.gz"},
    .kinds = LINT_ON(RUN),
    .step = check_progress,
    .repairs = FIX_SAFE,
};

/* ---- DL4001 ---- */

enum { CURL = 1, WGET = 2 };

struct used {
    unsigned tools;      /* in this stage so far */
    unsigned first_tool; /* the one that came first */
};

static void see_tools(struct lint_context *c, struct used *used, const struct lint_step *s)
{
    unsigned here = 0;
    const struct lint_command *any = NULL, *second = NULL;
    vec_each (&s->commands, k) {
        const struct lint_command *command = &s->commands.v[k];
        unsigned tool = str_is(command->program, "curl")   ? CURL
                        : str_is(command->program, "wget") ? WGET
                                                           : 0;
        if (!tool)
            continue;
        here |= tool;
        any = any ? any : command;
        if (!used->first_tool)
            used->first_tool = tool;
        if (tool != used->first_tool && !second)
            second = command;
    }
    used->tools |= here;
    /* once a stage has both, hadolint finds every RUN that has one; to be left is the second */
    const struct lint_command *at = c->options->compat ? any : second;
    if (at && used->tools == (CURL | WGET))
        lint_add(c, at->words.v[0].place, STR_F " in a stage that has used %s already",
                 STR_A(at->program), used->first_tool == CURL ? "curl" : "wget");
}

static void check_tools(struct lint_context *c)
{
    struct used used[2] = {{0}}; /* below ONBUILD for itself */
    vec_each (&c->file->steps, i) {
        const struct lint_step *s = &c->file->steps.v[i];
        if (s->i->kind == DOCKERFILE_FROM)
            used[s->onbuild] = (struct used){0};
        if (s->i->kind == DOCKERFILE_FROM && !s->onbuild && !c->options->compat)
            used[1] = (struct used){0};
        if (s->i->kind == DOCKERFILE_RUN)
            see_tools(c, &used[s->onbuild], s);
    }
}

static const struct lint_rule tools = {
    .info = {.id = "DL4001",
             .aliases = {"DS014"},
             .severity = SEVERITY_MEDIUM,
             .title = "Downloads use curl or wget, not both",
             .why = "Both do the same. Each is one more program with its own holes, and one more "
                    "way for an intruder to fetch tools.",
             .remedy = "Choose one for the whole stage. ADD --checksum needs neither.",
             .example = "ADD --checksum=sha256:… https://example.org/tool.tar.gz /opt/"},
    .image = true,
    .file_hook = check_tools,
};

const struct lint_rule *const lint_downloads[] = {&archive, &progress, &tools, NULL};
