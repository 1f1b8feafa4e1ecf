/* lint_commands: single commands that do not belong in a RUN, or want another option.
 *
 * Invariants
 * 1. sudo is taken away only where the command certainly runs as root already.
 *    (test_lint_table: tables)
 * 2. What follows a RUN whose cd became a WORKDIR runs in the folder it did before.
 *    (test_lint_table: tables)
 */
#include "lint/lint_args.h"
#include "lint/lint_around.h"
#include "lint/lint_mounts.h"
#include "lint/lint_rules.h"

/* ---- DL3001 ---- */

/* ssh with --mount=type=ssh is what that mount is for, and -V asks for no more than a version;
 * hadolint finds these, too. */
static bool is_excused(const struct lint_context *c, const struct lint_command *command,
                       bool has_ssh)
{
    return !c->options->compat && ((has_ssh && str_is(command->program, "ssh")) ||
                                   shell_command_has(command->shell, "-V") ||
                                   shell_command_has(command->shell, "--version"));
}

static void check_pointless(struct lint_context *c, const struct lint_step *s)
{
    struct lint_mounts mounts = {0};
    bool has_ssh = false;
    lint_mounts_read(c->a, s, &mounts);
    vec_each (&mounts, i)
        has_ssh |= str_is(mounts.v[i].type, "ssh");
    vec_each (&s->commands, k) {
        const struct lint_command *command = &s->commands.v[k];
        if (lint_lists(" free kill mount ps service shutdown ssh top vim ", command->program) &&
            !is_excused(c, command, has_ssh))
            lint_add(c, command->words.v[0].place, STR_F " has nothing to do in a build",
                     STR_A(command->program));
    }
}

static const struct lint_rule pointless = {
    .info = {.id = "DL3001",
             .severity = SEVERITY_LOW,
             .title = "No commands that make no sense in a build",
             .why = "A build has no services to start, no screen to watch and no machine to stop: "
                    "what these commands do is gone when the step ends, or fails.",
             .remedy = "Remove the command, or do it when the container starts.",
             .example = "CMD [\"nginx\", \"-g\", \"daemon off;\"]"},
    .kinds = LINT_ON(RUN),
    .step = check_pointless,
};

/* ---- DL3003 ---- */

/* The folder is written plainly: no blanks, variables, home or steps upwards. */
static bool is_plain_folder(const struct lint_command *command)
{
    const struct lint_value *to = &command->words.v[1];
    if (!to->known || !to->text.n || to->text.p[0] == '-' || str_has(to->text, STR("..")))
        return false;
    if (to->place.to - to->place.from != to->text.n)
        return false; /* quotes */
    for (size_t i = 0; i < to->text.n; i++) {
        unsigned char ch = (unsigned char)to->text.p[i];
        if (!((ch | 32) >= 'a' && (ch | 32) <= 'z') && !(ch >= '0' && ch <= '9') &&
            !strchr("/._-", ch))
            return false;
    }
    return true;
}

/* Where what follows "cd x &&" begins in the file, or 0 when it does not follow so plainly. */
static uint32_t behind_and(const struct lint_file *f, uint32_t at)
{
    struct str s = f->d.text;
    while (at < s.n && s.p[at] == ' ')
        at++;
    if (!str_starts(str_from(s, at), STR("&&")))
        return 0;
    at += 2;
    for (bool more = true; more && at < s.n;) {
        char ch = s.p[at];
        more = ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n' || ch == f->d.escape;
        at += more;
    }
    return at < s.n && s.p[at] != '#' ? at : 0;
}

/* The folder does not matter, or is set, before anything else in the stage depends on it. */
static bool folder_is_set_next(const struct lint_file *f, const struct lint_step *s)
{
    for (size_t i = s->index + 1; i < f->steps.n; i++) {
        const struct lint_step *next = &f->steps.v[i];
        unsigned kind = 1u << next->i->kind;
        if (kind & LINT_ON(WORKDIR))
            return !next->onbuild && next->whole.known && next->whole.text.n &&
                   next->whole.text.p[0] == '/';
        if (next->onbuild || !(kind & (LINT_ON(ENV) | LINT_ON(ARG) | LINT_ON(LABEL) |
                                       LINT_ON(USER) | LINT_ON(EXPOSE) | LINT_ON(STOPSIGNAL))))
            return false;
    }
    return false;
}

static void offer_workdir(struct lint_context *c, struct lint_finding *f, const struct lint_step *s,
                          const struct lint_around *around)
{
    const struct lint_command *cd = &s->commands.v[0];
    const struct shell_script *script = &s->script;
    if (s->onbuild || s->i->json || s->i->heredocs.n || script->errors.n || cd->words.n != 2 ||
        script->commands.n < 2 || script->commands.v[1].join != SHELL_AND || cd->index ||
        cd->shell->redirects.n || cd->shell->assignments.n || !is_plain_folder(cd))
        return;
    struct str to = cd->words.v[1].text;
    uint32_t rest = behind_and(c->file, cd->words.v[1].place.to), above = lint_above(c->file, s);
    bool set_next = folder_is_set_next(c->file, s);
    if (!rest || (!set_next && !around->workdir.n) || (to.p[0] != '/' && !around->workdir.n))
        return;
    const char *nl = lint_newline(c->file);
    lint_fix(c, f, FIX_UNSAFE, "makes it a WORKDIR");
    if (to.p[0] == '/')
        lint_edit(c, f, (struct span){above, above}, "WORKDIR " STR_F "%s", STR_A(to), nl);
    else
        lint_edit(c, f, (struct span){above, above}, "WORKDIR " STR_F "%s" STR_F "%s",
                  STR_A(around->workdir), str_ends(around->workdir, STR("/")) ? "" : "/", STR_A(to),
                  nl);
    lint_edit(c, f, (struct span){cd->words.v[0].place.from, rest}, "%s", "");
    if (!set_next)
        lint_edit(c, f, (struct span){s->outer->place.to, s->outer->place.to}, "%sWORKDIR " STR_F,
                  nl, STR_A(around->workdir));
}

/* The RUN begins with it, but for set. */
static bool begins_with(const struct lint_step *s, size_t k)
{
    const struct shell_command *cd = s->commands.v[k].shell;
    while (k-- > 0)
        if (!str_is(s->commands.v[k].program, "set"))
            return false;
    return !(cd->flags & ~(unsigned)SHELL_PIPED_ON);
}

static void check_cd(struct lint_context *c)
{
    const struct lint_around *around = lint_around_read(c->a, c->file);
    vec_each (&c->file->steps, i) {
        const struct lint_step *s = &c->file->steps.v[i];
        if (s->i->kind != DOCKERFILE_RUN || lint_unseen(c, s))
            continue;
        vec_each (&s->commands, k) {
            const struct lint_command *cd = &s->commands.v[k];
            if (!str_is(cd->program, "cd"))
                continue;
            /* hadolint finds every cd; one in the middle of a RUN goes to what the RUN itself has
             * made, where no WORKDIR can go, and one in a subshell is meant to end with it */
            if (!c->options->compat && !begins_with(s, k))
                break;
            struct lint_finding *f =
                lint_add(c, lint_command_place(cd), "the RUN begins with a change of folder");
            if (!c->options->compat || !k)
                offer_workdir(c, f, s, &around[i]);
            break;
        }
    }
}

static const struct lint_rule folder = {
    .info = {.id = "DL3003",
             .aliases = {"DS013"},
             .severity = SEVERITY_MEDIUM,
             .title = "Folders are changed by WORKDIR",
             .why = "A cd holds for one RUN only. Who reads the next instruction has to know that "
                    "it is back where the stage was.",
             .remedy = "Write a WORKDIR before the RUN.",
             .example = "WORKDIR /usr/src/app"},
    .file_hook = check_cd,
    .repairs = FIX_UNSAFE,
};

/* ---- DL3004 ---- */

/* Takes sudo away, and those of its options that change nothing for root. */
static void offer_no_sudo(struct lint_context *c, struct lint_finding *f, const struct lint_step *s,
                          const struct lint_command *sudo)
{
    size_t n = 1;
    while (n < sudo->words.n && lint_lists(" -E -H -n -S -- ", sudo->words.v[n].text))
        n++;
    if (n == sudo->words.n || s->i->json || !sudo->words.v[n].text.n ||
        sudo->words.v[n].text.p[0] == '-')
        return;
    struct span gone = {sudo->words.v[0].place.from, sudo->words.v[n - 1].place.to};
    struct str text = c->d->text, what = str_slice(text, gone.from, gone.to);
    if (sudo->words.v[n].place.from < gone.to || str_find(what, '\n') < what.n)
        return; /* words of a variable, or over lines */
    while (gone.to < text.n && text.p[gone.to] == ' ')
        gone.to++;
    lint_fix(c, f, FIX_UNSAFE, "takes sudo away");
    lint_edit(c, f, gone, "%s", "");
}

static void check_sudo(struct lint_context *c)
{
    const struct lint_around *around = lint_around_read(c->a, c->file);
    vec_each (&c->file->steps, i) {
        const struct lint_step *s = &c->file->steps.v[i];
        if (s->i->kind != DOCKERFILE_RUN)
            continue;
        vec_each (&s->commands, k) {
            const struct lint_command *sudo = &s->commands.v[k];
            if (!str_is(sudo->program, "sudo"))
                continue;
            struct lint_finding *f =
                lint_add(c, sudo->words.v[0].place,
                         around[i].root ? "sudo, where the command runs as root already"
                                        : "sudo in a build");
            if (around[i].root)
                offer_no_sudo(c, f, s, sudo);
        }
    }
}

static const struct lint_rule needless_sudo = {
    .info = {.id = "DL3004",
             .aliases = {"DS010", "DKL-DI-0001"},
             .severity = SEVERITY_HIGH,
             .title = "Builds do not use sudo",
             .why =
                 "A build runs as root until USER says otherwise, and does not need it. An image "
                 "that has sudo gives an intruder a setuid program and its rules.",
             .remedy = "Run what needs root before USER, or switch back with USER for it.",
             .example = "USER root"},
    .file_hook = check_sudo,
    .repairs = FIX_UNSAFE,
};

/* ---- DL3046 ---- */

enum { DIGITS = 5 };

/* hadolint takes -u alone, and counts the characters of whatever follows. */
static bool compat_high(const struct lint_command *command)
{
    for (size_t i = 1; i + 1 < command->words.n; i++) {
        struct str s = command->words.v[i].text;
        bool is_u = s.n > 1 && s.p[0] == '-' && s.p[1] != '-' && str_find(s, 'u') < s.n;
        if (is_u && command->words.v[i + 1].text.n > DIGITS)
            return true;
    }
    return false;
}

static void check_useradd(struct lint_context *c, const struct lint_command *command)
{
    struct lint_args args = {0};
    lint_args_read(c, command,
                   " b base-dir c comment d home-dir e expiredate f inactive g gid G groups K key "
                   "k skel p password R root s shell u uid Z selinux-user ",
                   &args);
    const struct lint_flag *uid = lint_args_flag(&args, " u uid ");
    bool high = uid && uid->value.n > DIGITS && uid->known;
    if (c->options->compat)
        high = compat_high(command);
    if (!high || !uid || lint_args_flag(&args, " l no-log-init "))
        return;
    struct lint_finding *f =
        lint_add(c, lint_command_place(command),
                 "useradd of uid " STR_F " without -l writes a large file", STR_A(uid->value));
    if (c->step->i->json)
        return;
    uint32_t at = command->words.v[0].place.to;
    lint_fix(c, f, FIX_SAFE, "adds -l");
    lint_edit(c, f, (struct span){at, at}, " -l");
}

static const struct lint_rule high_uid = {
    .info = {.id = "DL3046",
             .severity = SEVERITY_MEDIUM,
             .title = "useradd of a high uid has -l",
             .why = "useradd writes the new user into the log of last logins, a sparse file with a "
                    "place for every uid below. In a layer it is written out: gigabytes of zeros.",
             .remedy = "Add -l, or choose a uid below 100000.",
             .example = "RUN useradd -l -u 123456 app"},
    .programs = " useradd ",
    .command = check_useradd,
    .repairs = FIX_SAFE,
};

/* ---- DL4005 ---- */

static bool is_sh(struct str path)
{
    return str_is(path, "/bin/sh") || str_is(path, "/usr/bin/sh");
}

/* The whole RUN is the ln, perhaps behind an rm of the same. */
static bool does_nothing_else(const struct lint_step *s, const struct lint_command *ln)
{
    if (s->onbuild || s->i->json || s->i->heredocs.n || s->i->flags.n || s->script.errors.n)
        return false;
    vec_each (&s->commands, k) {
        const struct lint_command *other = &s->commands.v[k];
        bool removes = str_is(other->program, "rm") && other->words.n > 1 &&
                       is_sh(other->words.v[other->words.n - 1].text);
        if (other->shell->flags || other->shell->redirects.n || (other != ln && !removes))
            return false;
    }
    return true;
}

static void check_link(struct lint_context *c, const struct lint_command *command)
{
    struct lint_args args = {0};
    if (!shell_command_has(command->shell, "/bin/sh"))
        return;
    lint_args_read(c, command, " S suffix t target-directory ", &args);
    /* hadolint finds a link from /bin/sh to elsewhere, too, which changes no shell */
    if (!c->options->compat && !(args.plain.n > 1 && is_sh(args.plain.v[args.plain.n - 1].text)))
        return;
    struct lint_finding *f =
        lint_add(c, lint_command_place(command), "ln puts another shell at /bin/sh");
    struct str shell = args.plain.n == 2 ? args.plain.v[0].text : STR("");
    if (!shell.n || !args.plain.v[0].known || !is_sh(args.plain.v[1].text) ||
        !lint_lists(" /bin/bash /usr/bin/bash bash /bin/ash /bin/zsh ", shell) ||
        !does_nothing_else(c->step, command))
        return;
    lint_fix(c, f, FIX_UNSAFE, "makes it a SHELL");
    lint_edit(c, f, c->step->outer->place, "SHELL [\"%s" STR_F "\", \"-c\"]",
              shell.p[0] == '/' ? "" : "/bin/", STR_A(shell));
}

static const struct lint_rule shell_link = {
    .info = {.id = "DL4005",
             .severity = SEVERITY_MEDIUM,
             .title = "The shell is chosen by SHELL",
             .why = "A link at /bin/sh changes the shell of every script of the distribution, and "
                    "the next upgrade may change it back.",
             .remedy = "Say with SHELL which shell the following RUNs want.",
             .example = "SHELL [\"/bin/bash\", \"-c\"]"},
    .programs = " ln ",
    .command = check_link,
    .repairs = FIX_UNSAFE,
};

const struct lint_rule *const lint_commands[] = {&pointless, &folder,     &needless_sudo,
                                                 &high_uid,  &shell_link, NULL};
