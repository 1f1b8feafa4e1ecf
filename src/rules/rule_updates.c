/* rule_updates: RUN lines of the history that fetch package lists and make no use of them → CIS
 * 4.7.
 *
 * Which of a package manager's commands a call is shows in its first word that is one: the words of
 * "apt-get install update-manager" do not make it an update. A use counts when it stands behind the
 * update, or in a function, which is called who knows where.
 */
#include "rules/history_runs.h"

static const struct manager {
    const char *programs, *update, *uses, *others; /* blanks around each word */
    const char *helpers; /* programs of another name that make use of the lists */
} managers[] = {
    {" apt apt-get apt-fast aptitude nala ", " update ",
     " install reinstall upgrade dist-upgrade full-upgrade safe-upgrade dselect-upgrade build-dep "
     "source download satisfy changelog ",
     " remove purge autoremove autopurge clean autoclean check list search show policy depends "
     "edit-sources hold mark markauto ",
     " mk-build-deps unattended-upgrade unattended-upgrades tasksel gdebi install_packages rosdep "
     "debootstrap "},
    {" apk ", " update ", " add upgrade fetch fix ",
     " del info list search cache audit index stats dot policy verify version ", ""},
    {" dnf dnf5 yum microdnf tdnf ", " makecache check-update ",
     " install reinstall localinstall groupinstall upgrade upgrade-minimal update update-minimal "
     "downgrade distro-sync swap builddep build-dep download module group ",
     " remove erase autoremove clean list search info repolist repoquery provides config-manager "
     "history mark versionlock copr ",
     " dnf-3 yum-builddep repoquery yumdownloader "},
    {" zypper ", " refresh ref ",
     " install in update up patch dist-upgrade dup install-new-recommends inr source-install si "
     "download verify ve ",
     " remove rm clean cc search se info if addrepo ar removerepo rr repos lr modifyrepo mr "
     "addlock "
     "al list-updates lu ",
     ""},
    {" opkg ", " update ", " install upgrade download ", " remove list info files search ", ""},
};

enum { N_MANAGERS = sizeof managers / sizeof *managers, PACMAN = N_MANAGERS };

enum call { CALL_OTHER, CALL_UPDATE, CALL_USE };

static enum call call_of(const struct manager *m, const struct command_words *command)
{
    for (size_t i = 1; i < command->words.n; i++) {
        struct str word = command->words.v[i];
        if (rule_lists(m->uses, word))
            return CALL_USE;
        if (rule_lists(m->update, word))
            return CALL_UPDATE;
        if (rule_lists(m->others, word))
            return CALL_OTHER;
    }
    return CALL_OTHER;
}

/* pacman -Sy fetches the lists; with u, or with names, it installs too. */
static enum call call_of_pacman(const struct command_words *command)
{
    bool sync = false, refresh = false, more = false;
    for (size_t i = 1; i < command->words.n; i++) {
        struct str word = command->words.v[i];
        bool letters = word.n > 1 && word.p[0] == '-' && word.p[1] != '-';
        sync |= str_is(word, "--sync") || (letters && str_find(word, 'S') < word.n);
        refresh |= str_is(word, "--refresh") || (letters && str_find(word, 'y') < word.n);
        more |= str_is(word, "--sysupgrade") || (letters && str_find(word, 'u') < word.n) ||
                (word.n && word.p[0] != '-' && !str_has(word, STR(">")));
    }
    if (!sync)
        return CALL_OTHER;
    return more ? CALL_USE : refresh ? CALL_UPDATE : CALL_OTHER;
}

/* A script that lies in the image, or came with the build: what it does with the lists is not in
 * the history. */
static bool runs_script(const struct command_words *command)
{
    static const char shells[] = " sh bash dash ash zsh ksh . source ";
    struct str word = command->words.v[0];
    if (rule_lists(shells, command->program)) {
        for (size_t i = 1; i < command->words.n; i++)
            if (command->words.v[i].n && command->words.v[i].p[0] != '-')
                return true;
            else if (str_ends(command->words.v[i], STR("c")))
                return false; /* -c, -ec: its commands are in the list */
        return false;
    }
    return str_find(word, '/') < word.n && !str_has(word, STR("bin/"));
}

static bool uses_lists(size_t manager, const struct command_words *command)
{
    if (manager == PACMAN)
        return str_is(command->program, "pacman") && call_of_pacman(command) == CALL_USE;
    const struct manager *m = &managers[manager];
    if (rule_lists(m->helpers, command->program))
        return true;
    /* eval apt-get install $PACKAGES */
    bool shifted = str_is(command->program, "eval") && command->words.n > 1 &&
                   rule_lists(m->programs, command->words.v[1]);
    return (shifted || rule_lists(m->programs, command->program)) &&
           call_of(m, command) == CALL_USE;
}

static bool updates_lists(size_t manager, const struct command_words *command)
{
    if (manager == PACMAN)
        return str_is(command->program, "pacman") && call_of_pacman(command) == CALL_UPDATE;
    return rule_lists(managers[manager].programs, command->program) &&
           call_of(&managers[manager], command) == CALL_UPDATE;
}

static void see_manager(struct rule_context *c, size_t line, const struct command_list *list,
                        size_t manager)
{
    bool called = false; /* a function makes use of them */
    size_t last_use = 0; /* index + 1 */
    vec_each (list, i) {
        if (!uses_lists(manager, &list->v[i]) && !runs_script(&list->v[i]))
            continue;
        last_use = i + 1;
        called |= list->v[i].in_function;
    }
    vec_each (list, i) {
        const struct command_words *command = &list->v[i];
        bool used = called || last_use > i + 1 || (command->in_function && last_use);
        if (!used && updates_lists(manager, command) && !rule_full(c))
            rule_add(c, SEVERITY_LOW, rule_at_config(c, "history[%zu]", line),
                     "\"" STR_F "\" in a RUN that installs nothing",
                     STR_A(rule_command_text(c, command)));
    }
}

static void see_updates(struct rule_context *c, size_t line, const struct command_list *list)
{
    for (size_t manager = 0; manager <= PACMAN; manager++)
        see_manager(c, line, list, manager);
}

static void check_update(struct rule_context *c)
{
    if (rule_no_history(c))
        return;
    rule_each_run(c, see_updates);
    rule_pass(c, "no RUN in the history updates package lists without using them");
}

const struct rule rule_cis_4_7 = {
    .info = {.id = "CIS-4.7",
             .aliases = {"CIS-DI-0007", "DS017"},
             .cis = "4.7",
             .severity = SEVERITY_LOW,
             .title = "Package lists are not updated in a RUN of their own",
             .why = "The layer with the lists is cached. A later build installs from lists of long "
                    "ago: old packages with known holes, or none at all.",
             .remedy = "Update and install in one RUN, and remove the lists in it.",
             .example = "RUN apt-get update && apt-get install -y nginx && rm -rf "
                        "/var/lib/apt/lists/*"},
    .check = check_update,
    .of_config = true,
};
