/* lint_setuid: programs that run as another user than the one who starts them → CIS 4.8.
 *
 * Invariants
 * 1. What a later step of the same stage, or of one made from it, takes away is not held against
 *    the file. (test_lint_table: tables)
 * 2. Each command is looked at a fixed number of times. (test_lint_table: tables)
 */
#include "base/map.h"
#include "lint/lint_args.h"
#include "lint/lint_around.h"
#include "lint/lint_rules.h"

/* Packages of distributions that bring a setuid or setgid program, or one with capabilities. */
static const char packages[] =
    " at bubblewrap busybox-suid chromium-sandbox cifs-utils cron cronie dbus doas ecryptfs-utils "
    "exim4 firejail fuse fuse3 fuse-overlayfs inetutils-ping iputils iputils-ping lxc-user-nic "
    "mlocate mtr mtr-tiny nfs-common ntfs-3g openssh-client openssh-clients openssh-server "
    "opendoas "
    "pkexec plocate policykit-1 polkit polkitd postfix ppp procmail rsh-client screen sendmail "
    "shadow shadow-uidmap snapd sudo tcptraceroute uidmap usermode virtualbox xserver-xorg-legacy ";

/* ---- reading modes ---- */

enum { SETUID = 1, SETGID = 2 };

/* 4755, 06755; u+s, +s, ug=rws, a+xs; what takes a bit away gives none. */
static unsigned bits_of(struct str mode)
{
    uint64_t octal;
    unsigned bits = 0;
    if (!str_u64(mode, 8, &octal))
        return (octal & 04000 ? SETUID : 0) | (octal & 02000 ? SETGID : 0);
    struct str rest = mode, clause;
    while (rest.n) {
        str_cut(rest, ',', &clause, &rest);
        size_t op = 0;
        while (op < clause.n && !strchr("+-=", clause.p[op]))
            op++;
        if (op == clause.n || clause.p[op] == '-' ||
            str_find(str_from(clause, op), 's') >= clause.n - op)
            continue;
        struct str who = str_slice(clause, 0, op);
        bool all = !who.n || str_find(who, 'a') < who.n;
        bits |= all || str_find(who, 'u') < who.n ? SETUID : 0;
        bits |= all || str_find(who, 'g') < who.n ? SETGID : 0;
    }
    return bits;
}

/* In a folder of programs: setgid on another file is most often a folder that a group shares. */
static bool is_program(struct str path)
{
    struct str folder = str_slice(path, 0, str_rfind(path, '/'));
    size_t slash = str_rfind(folder, '/');
    struct str last = slash < folder.n ? str_from(folder, slash + 1) : folder;
    return str_find(path, '/') < path.n && lint_lists(" bin sbin libexec ", last);
}

/* ---- what a file takes away ---- */

struct position {
    size_t step, command;
};

struct removals {
    struct position *all; /* of each stage: the last command that takes every bit away */
    bool *any;            /* there is one */
    struct map packages;  /* "STAGE NAME" → struct position of its last removal */
};

static bool is_behind(struct position x, struct position y)
{
    return x.step > y.step || (x.step == y.step && x.command >= y.command);
}

/* find / -perm /6000 with something that acts on what it finds. */
static bool clears_all(const struct lint_command *command)
{
    bool root = false, perm = false, acts = command->shell->flags & SHELL_PIPED_ON;
    if (!str_is(command->program, "find"))
        return false;
    for (size_t k = 1; k < command->words.n; k++) {
        struct str word = command->words.v[k].text;
        root |= str_is(word, "/");
        acts |= lint_lists(" -exec -execdir -delete -ok ", word);
        if (k && str_is(command->words.v[k - 1].text, "-perm")) {
            while (word.n && strchr("-/+", word.p[0]))
                word = str_from(word, 1);
            perm |= bits_of(word) != 0;
        }
    }
    return root && perm && acts;
}

static struct str package_key(struct lint_context *c, int stage, struct str name)
{
    return str_fmt(c->a, "%d " STR_F, stage, STR_A(name));
}

static const char removers[] = " remove purge autoremove del erase rm ";
static const char installers[] = " install add in reinstall ";
static const char managers[] = " apt apt-get aptitude apk yum dnf microdnf zypper ";

static void read_removal(struct lint_context *c, struct removals *r, const struct lint_step *s,
                         const struct lint_command *command)
{
    struct lint_args args = {0};
    struct position here = {s->index, command->index};
    if (s->stage >= 0 && clears_all(command)) {
        r->all[s->stage] = here;
        r->any[s->stage] = true;
    }
    if (!lint_lists(managers, command->program))
        return;
    lint_args_read(c, command, " o option c config-file t target-release ", &args);
    if (!args.plain.n || !lint_lists(removers, args.plain.v[0].text))
        return;
    for (size_t k = 1; k < args.plain.n; k++) {
        struct position *at = arena_new(c->a, struct position);
        *at = here;
        *map_at(&r->packages, package_key(c, s->stage, args.plain.v[k].text)) = at;
    }
}

static void read_removals(struct lint_context *c, struct removals *r)
{
    *r = (struct removals){.all = arena_array(c->a, struct position, c->file->stages.n),
                           .any = arena_array(c->a, bool, c->file->stages.n),
                           .packages = {.a = c->a}};
    vec_each (&c->file->steps, i) {
        const struct lint_step *s = &c->file->steps.v[i];
        if (s->i->kind == DOCKERFILE_RUN)
            vec_each (&s->commands, k)
                read_removal(c, r, s, &s->commands.v[k]);
    }
    /* a stage of the result that is made from this one comes later */
    for (size_t i = c->file->stages.n; i-- > 0;) {
        const struct lint_stage *stage = &c->file->stages.v[i];
        if (stage->result && stage->parent >= 0 && r->any[i]) {
            r->all[stage->parent] = r->all[i];
            r->any[stage->parent] = true;
        }
    }
}

static bool cleared(const struct removals *r, const struct lint_step *s, size_t command)
{
    return s->stage >= 0 && r->any[s->stage] &&
           is_behind(r->all[s->stage], (struct position){s->index, command});
}

/* ---- SHUCK-SETUID ---- */

static const char *name_of(unsigned bits)
{
    return bits & SETUID ? "setuid" : "setgid";
}

static void see_chmod(struct lint_context *c, const struct lint_command *command)
{
    const struct lint_values *words = &command->words;
    size_t k = 1;
    while (k < words->n && words->v[k].text.n > 1 && words->v[k].text.p[0] == '-' &&
           !strchr("rwxXst", words->v[k].text.p[1]))
        k++;
    if (k + 1 >= words->n)
        return;
    unsigned bits = bits_of(words->v[k].text);
    struct str file = words->v[k + 1].text;
    if (bits & SETUID || (bits && is_program(file)))
        lint_add(c, lint_command_place(command), "chmod makes " STR_F " %s", STR_A(file),
                 name_of(bits));
}

static void see_install(struct lint_context *c, const struct lint_command *command)
{
    struct lint_args args = {0};
    lint_args_read(c, command, " m mode o owner g group t target-directory S suffix strip-program ",
                   &args);
    const struct lint_flag *mode = lint_args_flag(&args, " m mode ");
    if (mode && bits_of(mode->value) & SETUID)
        lint_add(c, lint_command_place(command), "install makes a file setuid");
}

static void see_setcap(struct lint_context *c, const struct lint_command *command)
{
    if (command->words.n < 3 || command->words.v[1].text.p[0] == '-')
        return;
    struct str caps = command->words.v[1].text;
    bool ports = str_has(caps, STR("cap_net_bind_service"));
    lint_add(c, lint_command_place(command), "setcap gives a file " STR_F "%s", STR_A(caps),
             ports ? ", which containers need for no port" : "");
}

static struct str bare(struct str package)
{
    size_t n = 0;
    while (n < package.n && !strchr("=<>~:/", package.p[n]))
        n++;
    return str_slice(package, 0, n);
}

static bool removed_later(struct lint_context *c, const struct removals *r,
                          const struct lint_step *s, size_t command, struct str name)
{
    const struct position *at = map_get(&r->packages, package_key(c, s->stage, name));
    return at && is_behind(*at, (struct position){s->index, command});
}

static void see_packages(struct lint_context *c, const struct removals *r,
                         const struct lint_step *s, const struct lint_command *command)
{
    struct lint_args args = {0};
    lint_args_read(c, command, " t target-release virtual o option c config-file R root ", &args);
    const struct lint_flag *group = lint_args_flag(&args, " t virtual ");
    if (!args.plain.n || !lint_lists(installers, args.plain.v[0].text) ||
        (group && removed_later(c, r, s, command->index, group->value)))
        return;
    for (size_t k = 1; k < args.plain.n; k++) {
        struct str name = bare(args.plain.v[k].text);
        if (!lint_lists(packages, name) || removed_later(c, r, s, command->index, name))
            continue;
        struct lint_finding *f =
            lint_add(c, args.plain.v[k].place,
                     "the package " STR_F " brings a setuid or setgid program", STR_A(name));
        f->f.severity = SEVERITY_LOW;
    }
}

static void see_step(struct lint_context *c, const struct removals *r, const struct lint_step *s)
{
    const struct dockerfile_flag *mode = dockerfile_flag(s->i, "chmod");
    if (mode && (s->i->kind == DOCKERFILE_COPY || s->i->kind == DOCKERFILE_ADD) &&
        bits_of(mode->value.s) & SETUID && !cleared(r, s, 0))
        lint_add(c, mode->place, "--chmod=" STR_F " makes files setuid", STR_A(mode->value.s));
    if (s->i->kind != DOCKERFILE_RUN)
        return;
    vec_each (&s->commands, k) {
        const struct lint_command *command = &s->commands.v[k];
        if (!command->words.n || cleared(r, s, command->index))
            continue;
        if (str_is(command->program, "chmod"))
            see_chmod(c, command);
        else if (str_is(command->program, "install"))
            see_install(c, command);
        else if (str_is(command->program, "setcap"))
            see_setcap(c, command);
        else if (lint_lists(managers, command->program))
            see_packages(c, r, s, command);
    }
}

static void check_setuid(struct lint_context *c)
{
    struct removals r;
    read_removals(c, &r);
    vec_each (&c->file->steps, i)
        see_step(c, &r, &c->file->steps.v[i]);
}

static const struct lint_rule setuid_made = {
    .info = {.id = "SHUCK-SETUID",
             .aliases = {"CIS-DI-0008"},
             .cis = "4.8",
             .severity = SEVERITY_MEDIUM,
             .title = "No setuid files are made",
             .why = "A setuid program runs as its owner, whoever starts it. A hole in one makes an "
                    "intruder root, though the service itself runs as an ordinary user.",
             .remedy = "Leave the bit and the package out, or take all such bits away in the last "
                       "RUN. Containers may open any port without a capability.",
             .example = "RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} +"},
    .ours = true,
    .image = true,
    .file_hook = check_setuid,
};

/* ---- SHUCK-SETUID-KEPT ---- */

static void check_kept(struct lint_context *c)
{
    struct removals r;
    const struct lint_stages *stages = &c->file->stages;
    if (!stages->n)
        return;
    const struct lint_stage *last = &stages->v[stages->n - 1];
    if (lint_system_of(c->file, (int)last->index) == LINT_SYSTEM_EMPTY)
        return;
    read_removals(c, &r);
    if (!r.any[last->index] && !(last->parent >= 0 && r.any[last->parent]))
        lint_add(c, last->base.place, "nothing takes the setuid bits of " STR_F " away",
                 STR_A(last->base.text));
}

static const struct lint_rule setuid_kept = {
    .info = {.id = "SHUCK-SETUID-KEPT",
             .aliases = {"CIS-DI-0008"},
             .cis = "4.8",
             .severity = SEVERITY_LOW,
             .title = "Setuid bits of the base image are taken away",
             .why = "Distributions bring su, mount and passwd as setuid programs. No service needs "
                    "them in a container.",
             .remedy = "Take all such bits away in the last RUN, or let shuck harden leave the "
                       "files out.",
             .example = "RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} +"},
    .off = true,
    .ours = true,
    .file_hook = check_kept,
};

const struct lint_rule *const lint_setuid[] = {&setuid_made, &setuid_kept, NULL};
