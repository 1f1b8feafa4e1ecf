/* package_lists: see package_lists.h.
 *
 * Which of a package manager's commands a call is shows in its first word that is one: the words of
 * "apt-get install update-manager" do not make it an update. A use counts when it stands behind the
 * update, or in a function, which is called who knows where; so do scripts of the build and
 * commands by a variable that is not known.
 *
 * Invariants
 * 1. Each word of the table means the same in a Dockerfile and in the history of its image.
 *    (test_package_lists)
 */
#include "rules/package_lists.h"

#include "rules/rule.h"

const struct package_lists package_lists[] = {
    {" apt apt-get apt-fast aptitude nala ", " update ",
     " install reinstall upgrade dist-upgrade full-upgrade safe-upgrade dselect-upgrade build-dep "
     "source download satisfy changelog ",
     " remove purge autoremove autopurge clean autoclean check list search show policy depends "
     "edit-sources hold mark markauto ",
     " mk-build-deps unattended-upgrade unattended-upgrades tasksel gdebi install_packages rosdep "
     "debootstrap ",
     "/var/lib/apt/lists"},
    {" apk ", " update ", " add upgrade fetch fix ",
     " del info list search cache audit index stats dot policy verify version ", "",
     "/var/cache/apk"},
    {" dnf dnf5 yum microdnf tdnf ", " makecache check-update ",
     " install in reinstall localinstall groupinstall upgrade up upgrade-minimal update "
     "update-minimal downgrade distro-sync swap builddep build-dep download module group ",
     " remove erase autoremove clean list search info repolist repoquery provides config-manager "
     "history mark versionlock copr ",
     " dnf-3 yum-builddep repoquery yumdownloader ", "/var/cache"},
    {" zypper ", " refresh ref ",
     " install in update up patch dist-upgrade dup install-new-recommends inr source-install si "
     "download verify ve ",
     " remove rm clean cc search se info if addrepo ar removerepo rr repos lr modifyrepo mr "
     "addlock al list-updates lu ",
     "", "/var/cache/zypp"},
    {" opkg ", " update ", " install upgrade download ", " remove list info files search ", "",
     "/var/opkg-lists"},
    {" pacman ", "", "", "", "", "/var/lib/pacman/sync"}, /* its letters: call_of_pacman() */
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

enum call { CALL_OTHER, CALL_UPDATE, CALL_USE };

/* It may do anything. */
static bool is_variable(struct str word)
{
    return str_starts(word, STR("$"));
}

static enum call call_by_word(const struct package_lists *m, const struct command_words *command)
{
    for (size_t i = 1; i < command->words.n; i++) {
        struct str word = command->words.v[i];
        if (rule_lists(m->uses, word))
            return CALL_USE;
        if (rule_lists(m->update, word))
            return CALL_UPDATE;
        if (rule_lists(m->others, word))
            return CALL_OTHER;
        if (is_variable(word))
            return CALL_USE;
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

/* A script that lies in the image, or came with the build, or a command by a variable: what it does
 * with the lists is not told. */
static bool runs_script(const struct command_words *command)
{
    static const char shells[] = " sh bash dash ash zsh ksh . source ";
    struct str word = command->words.n ? command->words.v[0] : (struct str){0};
    if (is_variable(word))
        return true;
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

static enum call call_of(const struct package_lists *m, const struct command_words *command)
{
    return *m->update ? call_by_word(m, command) : call_of_pacman(command);
}

static bool uses_lists(const struct package_lists *m, const struct command_words *command)
{
    if (rule_lists(m->helpers, command->program))
        return true;
    /* eval apt-get install $PACKAGES */
    bool shifted = str_is(command->program, "eval") && command->words.n > 1 &&
                   rule_lists(m->programs, command->words.v[1]);
    return (shifted || rule_lists(m->programs, command->program)) &&
           call_of(m, command) == CALL_USE;
}

void package_lists_alone(const struct package_lists *m, const struct command_list *list,
                         bool *alone)
{
    bool called = false; /* a function makes use of them */
    size_t last_use = 0; /* index + 1 */
    vec_each (list, i) {
        if (!uses_lists(m, &list->v[i]) && !runs_script(&list->v[i]))
            continue;
        last_use = i + 1;
        called |= list->v[i].in_function;
    }
    vec_each (list, i) {
        const struct command_words *command = &list->v[i];
        bool used = called || last_use > i + 1 || (command->in_function && last_use);
        alone[i] |= !used && rule_lists(m->programs, command->program) &&
                    call_of(m, command) == CALL_UPDATE;
    }
}
