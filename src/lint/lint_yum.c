/* lint_yum: commands of yum, dnf and microdnf → findings. */
#include "base/map.h"
#include "lint/lint_packages.h"
#include "lint/lint_rules.h"

static const struct lint_manager yum = {
    .values = " c config d debuglevel e errorlevel x exclude R randomwait releasever installroot "
              "enablerepo disablerepo repo repoid setopt comment advisory bz cve sec-severity "
              "forcearch downloaddir destdir disableexcludes repofrompath ",
    .compat_values = "",
    .installs = " install localinstall in ",
    .compat_installs = " install ",
};

#define YUM " yum "
#define DNF " dnf microdnf "

/* ---- DL3030, DL3038 ---- */

static void check_yes(struct lint_context *c, const struct lint_command *command)
{
    static const char all[] = " install in localinstall groupinstall group module reinstall rei "
                              "update upgrade up upgrade-minimal downgrade remove erase autoremove "
                              "distro-sync swap builddep ";
    struct lint_install install;
    if (!lint_packages_do(c, command, &yum, all, " install groupinstall localinstall ", &install) ||
        lint_args_flag(&install.args, " y assumeyes "))
        return;
    if (!c->options->compat) {
        static const char asks_not[] = " list info enable disable reset provides summary mark ";
        const struct lint_flag *set = lint_args_flag(&install.args, " setopt ");
        if (lint_args_flag(&install.args, " assumeno ") ||
            (set && str_starts(set->value, STR("assumeyes"))) ||
            (install.packages.n && lint_lists(asks_not, install.packages.v[0].text)))
            return;
    }
    lint_packages_asks(c, &install, "-y");
}

#define YES_TITLE  "asks nothing"
#define YES_WHY    "Nobody answers in a build: silence is taken for a no, and the build fails."
#define YES_REMEDY "Add -y."

static const struct lint_rule yum_yes = {
    .info = {.id = "DL3030",
             .severity = SEVERITY_MEDIUM,
             .title = "yum " YES_TITLE,
             .why = YES_WHY,
             .remedy = YES_REMEDY,
             .example = "RUN yum install -y httpd-2.4.62 && yum clean all"},
    .programs = YUM,
    .command = check_yes,
    .repairs = FIX_UNSAFE,
};

static const struct lint_rule dnf_yes = {
    .info = {.id = "DL3038",
             .severity = SEVERITY_MEDIUM,
             .title = "dnf " YES_TITLE,
             .why = YES_WHY,
             .remedy = YES_REMEDY,
             .example = "RUN dnf install -y httpd-2.4.62 && dnf clean all"},
    .programs = DNF,
    .command = check_yes,
    .repairs = FIX_UNSAFE,
};

/* ---- DL3032, DL3040 ---- */

static bool keeps(struct lint_context *c, const struct lint_command *command)
{
    static const char all[] = " install in localinstall groupinstall group module reinstall rei "
                              "update upgrade up upgrade-minimal up-min downgrade distro-sync swap "
                              "builddep makecache ";
    struct lint_install install;
    const char *compat = lint_lists(YUM, command->program)
                             ? " install "
                             : " install in upgrade up upgrade-minimal up-min reinstall rei ";
    return lint_packages_do(c, command, &yum, all, compat, &install);
}

/* One of these programs empties the cache, or rm does. */
static bool cleans(struct lint_context *c, const struct lint_command *command, const char *programs,
                   const char *removed)
{
    static const char *const folders[] = {"/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5",
                                          "/var/cache/*",   "/var/cache/{",   NULL};
    const struct shell_command *shell = command->shell;
    if (lint_lists(programs, command->program)) {
        bool clean = shell_command_has(shell, "clean"), all = shell_command_has(shell, "all");
        return c->options->compat ? clean || all : clean && all;
    }
    if (c->options->compat) /* one of these words will do, so that any rm -rf is taken for it */
        return str_is(command->program, "rm") &&
               (shell_command_has(shell, "-rf") || shell_command_has(shell, removed));
    return lint_packages_removes(command, folders);
}

static bool yum_cleans(struct lint_context *c, const struct lint_command *command)
{
    return cleans(c, command, c->options->compat ? YUM : YUM DNF, "/var/cache/yum/*");
}

static bool dnf_cleans(struct lint_context *c, const struct lint_command *command)
{
    return cleans(c, command, c->options->compat ? " dnf " : YUM DNF, "/var/cache/libdnf5*");
}

static bool microdnf_cleans(struct lint_context *c, const struct lint_command *command)
{
    return cleans(c, command, c->options->compat ? " microdnf " : YUM DNF, "/var/cache/libdnf5*");
}

static void check_yum_cache(struct lint_context *c, const struct lint_step *s)
{
    static const struct lint_keeping k = {.manager = &yum,
                                          .programs = YUM,
                                          .keeps = keeps,
                                          .cleans = yum_cleans,
                                          .folders = {"/var/cache/yum", "/var/cache/dnf"},
                                          .clean = "clean all"};
    lint_packages_kept(c, s, &k);
}

static void check_dnf_cache(struct lint_context *c, const struct lint_step *s)
{
    static const struct lint_keeping each[] = {
        {.manager = &yum,
         .programs = " dnf ",
         .keeps = keeps,
         .cleans = dnf_cleans,
         .folders = {"/var/cache/libdnf5", "/var/cache/dnf"},
         .compat_folders = {"/var/cache/libdnf5", ".cache/libdnf5"},
         .clean = "clean all"},
        {.manager = &yum,
         .programs = " microdnf ",
         .keeps = keeps,
         .cleans = microdnf_cleans,
         .folders = {"/var/cache/libdnf5", "/var/cache/yum", "/var/cache/dnf"},
         .compat_folders = {"/var/cache/libdnf5", ".cache/libdnf5"},
         .clean = "clean all"},
    };
    for (size_t i = 0; i < sizeof each / sizeof *each; i++)
        lint_packages_kept(c, s, &each[i]);
}

#define CACHE_WHY                                                                                  \
    "Packages and lists that were fetched are of no use in the finished image and make it "        \
    "larger. "                                                                                     \
    "What a later RUN removes stays in the layer below."

static const struct lint_rule yum_cache = {
    .info = {.id = "DL3032",
             .aliases = {"DS015"},
             .severity = SEVERITY_MEDIUM,
             .title = "yum leaves no cache behind",
             .why = CACHE_WHY,
             .remedy = "End the RUN with yum clean all, or mount a cache at /var/cache/yum.",
             .example = "RUN yum install -y httpd-2.4.62 && yum clean all"},
    .image = true,
    .kinds = LINT_ON(RUN),
    .step = check_yum_cache,
    .repairs = FIX_UNSAFE,
};

static const struct lint_rule dnf_cache = {
    .info = {.id = "DL3040",
             .aliases = {"DS019", "DS027"},
             .severity = SEVERITY_MEDIUM,
             .title = "dnf leaves no cache behind",
             .why = CACHE_WHY,
             .remedy = "End the RUN with dnf clean all, or mount a cache at /var/cache/libdnf5.",
             .example = "RUN dnf install -y httpd-2.4.62 && dnf clean all"},
    .image = true,
    .kinds = LINT_ON(RUN),
    .step = check_dnf_cache,
    .repairs = FIX_UNSAFE,
};

/* ---- DL3033, DL3041 ---- */

/* After the first dash only characters of versions and releases, and a part that begins with a
 * digit: git-core-2.51.0-2.fc42 has one, but git-core has not. */
static bool has_version(struct str name)
{
    bool digit = false;
    size_t dash = str_find(name, '-');
    for (size_t i = dash; i < name.n; i++) {
        char ch = name.p[i];
        bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
        if (ch == '-')
            digit |= i + 1 < name.n && name.p[i + 1] >= '0' && name.p[i + 1] <= '9';
        else if (!letter && !(ch >= '0' && ch <= '9') && !strchr(".~^_:+", ch))
            return false;
    }
    return digit;
}

/* A file, an address, a group, or what provides a path. */
static bool has_no_version(struct str name)
{
    return name.n && (*name.p == '@' || *name.p == '/' || *name.p == '.' ||
                      str_find_str(name, STR("://")) < name.n);
}

static bool package_pinned(const struct lint_context *c, const struct lint_value *package)
{
    struct str s = package->text;
    if (c->options->compat &&
        (str_find(s, '-') == s.n || (!package->known && !str_ends(s, STR(".rpm")))))
        return false;
    if (!c->options->compat && (has_no_version(s) || str_find(s, '=') < s.n ||
                                str_find(s, '<') < s.n || str_find(s, '>') < s.n))
        return true;
    return str_ends(s, STR(".rpm")) || has_version(s);
}

static bool module_pinned(const struct lint_context *c, const struct lint_value *module)
{
    (void)c;
    return str_find(module->text, ':') < module->text.n;
}

static bool any(const struct lint_args *args, const struct lint_options *o, const char *words)
{
    return o->compat ? lint_args_does(args, o, words) : lint_args_plain(args, words);
}

/* Variables by name: ARGs of the whole file so far, ENVs of each stage. */
struct seen {
    struct map args, *envs;
    const struct lint_stages *stages;
};

static void see(struct lint_context *c, struct seen *seen, const struct lint_step *s)
{
    bool env = s->i->kind == DOCKERFILE_ENV;
    if (!env && s->i->kind != DOCKERFILE_ARG)
        return;
    struct map *to = env ? &seen->envs[s->stage + 1] : &seen->args;
    vec_each (&s->i->pairs, k)
        *map_at(to, str_dup(c->a, s->i->pairs.v[k].key.text.s)) = seen;
}

static bool is_seen(const struct seen *seen, int stage, struct str name)
{
    if (map_has(&seen->args, name))
        return true;
    for (; stage >= 0; stage = seen->stages->v[stage].parent)
        if (map_has(&seen->envs[stage + 1], name))
            return true;
    return false;
}

/* hadolint takes a package with a dash and a variable that the file has set for one with a version,
 * whatever the value is. */
static bool has_variable(const struct seen *seen, int stage, struct str package)
{
    if (str_find(package, '-') == package.n)
        return false;
    for (size_t at = str_find_str(package, STR("${")); at < package.n;) {
        struct str name, rest = str_from(package, at + 2);
        if (str_cut(rest, '}', &name, &rest) && is_seen(seen, stage, name))
            return true;
        at = package.n - rest.n + str_find_str(rest, STR("${"));
    }
    return false;
}

static void judge_version(struct lint_context *c, const struct lint_command *command,
                          const struct seen *seen)
{
    struct lint_install install;
    struct lint_values rest = {0};
    if (!lint_packages_do(c, command, &yum, " install localinstall in module ", " install ",
                          &install))
        return;
    bool module = any(&install.args, c->options, " module ");
    if (module && !lint_args_plain(&install.args, " install "))
        return;
    if (c->options->compat && !module && lint_lists(DNF, command->program) &&
        any(&install.args, c->options, " group "))
        return;
    vec_each (&install.packages, i) {
        const struct lint_value *p = &install.packages.v[i];
        bool excused = c->options->compat && !module && has_variable(seen, c->step->stage, p->text);
        if (!lint_lists(" install module ", p->text) && !excused)
            *vec_push(c->a, &rest) = *p;
    }
    install.packages = rest;
    lint_packages_unpinned(c, &install, module ? module_pinned : package_pinned);
}

static void check_versions(struct lint_context *c, const char *programs)
{
    struct seen both[2]; /* below ONBUILD for itself: nothing else is set there for hadolint */
    for (size_t n = 0; n < 2; n++) {
        both[n] = (struct seen){.args = {.a = c->a}, .stages = &c->file->stages};
        both[n].envs = arena_array(c->a, struct map, c->file->stages.n + 1);
        for (size_t i = 0; i <= c->file->stages.n; i++)
            both[n].envs[i].a = c->a;
    }
    vec_each (&c->file->steps, i) {
        c->step = &c->file->steps.v[i];
        struct seen *seen = &both[c->step->onbuild];
        see(c, seen, c->step);
        for (size_t k = 0; c->step->i->kind == DOCKERFILE_RUN && k < c->step->commands.n; k++)
            if (lint_lists(programs, c->step->commands.v[k].program))
                judge_version(c, &c->step->commands.v[k], seen);
    }
    c->step = NULL;
}

static void check_yum_versions(struct lint_context *c)
{
    check_versions(c, YUM);
}

static void check_dnf_versions(struct lint_context *c)
{
    check_versions(c, DNF);
}

#define VERSION_WHY                                                                                \
    "Two builds of the same file install different packages, and which ones nobody can tell "      \
    "afterwards."
#define VERSION_REMEDY                                                                             \
    "Name the version behind a dash: httpd-2.4.62. Modules take the stream behind a colon."

static const struct lint_rule yum_version = {
    .info = {.id = "DL3033",
             .severity = SEVERITY_MEDIUM,
             .title = "Packages of yum are of a known version",
             .why = VERSION_WHY,
             .remedy = VERSION_REMEDY,
             .example = "RUN yum install -y httpd-2.4.62 && yum clean all"},
    .file_hook = check_yum_versions,
};

static const struct lint_rule dnf_version = {
    .info = {.id = "DL3041",
             .severity = SEVERITY_MEDIUM,
             .title = "Packages of dnf are of a known version",
             .why = VERSION_WHY,
             .remedy = VERSION_REMEDY,
             .example = "RUN dnf install -y httpd-2.4.62 && dnf clean all"},
    .file_hook = check_dnf_versions,
};

const struct lint_rule *const lint_yum[] = {&yum_yes,   &yum_cache,   &yum_version, &dnf_yes,
                                            &dnf_cache, &dnf_version, NULL};
