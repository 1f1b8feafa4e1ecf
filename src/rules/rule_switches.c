/* rule_switches: checks of packages that are switched off, in RUN lines of the history, in
 * variables and in the package managers' own files → CIS 4.11. (Files that are not what their
 * packages brought are in rule_changed.c, programs without a package in rule_unowned.c.)
 *
 * An option counts where its program reads it, a setting where it goes into a package manager's
 * file: echo --allow-untrusted and grep gpgcheck=0 switch nothing off.
 */
#include "base/buf.h"
#include "rules/checks_off.h"
#include "rules/history_runs.h"
#include "rules/rule_unowned.h"

#define UNSIGNED   CHECKS_OFF_UNSIGNED
#define UNCERTAIN  CHECKS_OFF_UNCERTAIN
#define ANY_SOURCE CHECKS_OFF_ANY_SOURCE

/* ---- settings ---- */

static const char no_words[] = " 0 false no off ", yes_words[] = " 1 true yes on ";

static const struct setting {
    const char *name;   /* in any case */
    const char *values; /* that switch the check off, in small letters; NULL: any */
    const char *what;
} settings[] = {
    {"APT::Get::AllowUnauthenticated", yes_words, UNSIGNED},
    {"AllowInsecureRepositories", yes_words, ANY_SOURCE},
    {"AllowDowngradeToInsecureRepositories", yes_words, ANY_SOURCE},
    {"Verify-Peer", no_words, UNCERTAIN},
    {"trusted", yes_words, ANY_SOURCE},
    {"gpgcheck", no_words, ANY_SOURCE},
    {"sslverify", no_words, UNCERTAIN},
    {"strict-ssl", no_words, UNCERTAIN},
    {"SigLevel", " never ", UNSIGNED},
    {"trusted-host", NULL, UNCERTAIN},
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool same_letters(struct str a, struct str b)
{
    for (size_t i = 0; i < b.n; i++)
        if (a.n <= i || lower(a.p[i]) != lower(b.p[i]))
            return false;
    return a.n >= b.n;
}

static bool is_name_letter(char c)
{
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || c == '-';
}

/* ` = "value";`, `: value`, ` value` behind a name: the value, in small letters, and where it ends.
 */
static struct str value_behind(struct arena *a, struct str rest, size_t *end)
{
    size_t at = 0, n = 0;
    while (at < rest.n && strchr(" \t=:\"'", rest.p[at]))
        at++;
    *end = at;
    if (!at) /* another, longer name */
        return (struct str){0};
    while (at + n < rest.n && is_name_letter(rest.p[at + n]))
        n++;
    char *small = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++)
        small[i] = lower(rest.p[at + i]);
    *end = at + n;
    return (struct str){small, n};
}

struct made {
    const struct setting *setting;
    struct str text; /* as it is written: "trusted=yes" */
};

/* The first setting of the text that switches a check off; .setting is NULL when there is none. */
static struct made setting_in(struct arena *a, struct str text)
{
    for (size_t at = 0; at < text.n; at++) {
        /* gpgcheck is not repo_gpgcheck; apt's -o may stand before a name without a blank */
        if (at && is_name_letter(text.p[at - 1]) &&
            !(at == 2 && str_starts(text, STR("-o")) && text.p[at] == 'A'))
            continue;
        for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
            const struct setting *s = &settings[i];
            size_t n = strlen(s->name), end;
            if (!same_letters(str_from(text, at), str_of(s->name)))
                continue;
            struct str value = value_behind(a, str_from(text, at + n), &end);
            if (s->values ? rule_lists(s->values, value) : value.n)
                return (struct made){s, str_slice(text, at, at + n + end)};
        }
    }
    return (struct made){0};
}

/* A file that a package manager reads. */
static bool is_settings_file(struct str path)
{
    static const struct str parts[] = {
        STR_INIT("/apt/"),    STR_INIT("/yum"),  STR_INIT("/dnf/"),  STR_INIT("/zypp/"),
        STR_INIT("pip.conf"), STR_INIT("npmrc"), STR_INIT("yarnrc"), STR_INIT("pacman.conf"),
        STR_INIT("pip/"),     STR_INIT("opkg"),
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (str_has(path, parts[i]))
            return true;
    return false;
}

/* ---- one command ---- */

struct seeing {
    struct rule_context *c;
    size_t line;
    const struct command_words *command;
};

static void say(const struct seeing *s, struct str what_word, const char *what)
{
    if (!rule_full(s->c))
        rule_add(s->c, SEVERITY_HIGH, rule_at_config(s->c, "history[%zu]", s->line),
                 STR_F " " STR_F ": %s", STR_A(s->command->program),
                 STR_A(str_slice(what_word, 0, 100)), what);
}

static bool say_settings(const struct seeing *s, struct arena *a, struct str text)
{
    struct made found = setting_in(a, text);
    if (found.setting)
        say(s, found.text, found.setting->what);
    return found.setting != NULL;
}

static void see_options(const struct seeing *s, struct arena *a)
{
    const struct command_words *command = s->command;
    bool apt = rule_lists(checks_off_apts, command->program),
         npm = rule_lists(checks_off_npms, command->program);
    bool adds = rule_lists(" add-apt-repository apt-add-repository ", command->program);
    for (size_t w = 1; w < command->words.n; w++) {
        struct str word = command->words.v[w];
        const struct check_off *off = checks_off_find(command->program, word);
        if (off)
            say(s, str_of(off->word), off->what);
        if (apt || adds || npm || rule_lists(checks_off_dnfs, command->program)) {
            /* npm config set strict-ssl false */
            bool alone = npm && str_is(word, "strict-ssl") && w + 1 < command->words.n;
            struct str both =
                alone ? str_fmt(a, "strict-ssl=" STR_F, STR_A(command->words.v[w + 1])) : word;
            bool dashes = str_starts(both, STR("--"));
            say_settings(s, a, dashes ? str_from(both, 2) : both);
        }
    }
}

static const struct check_off_variable *off_in(struct str assignment)
{
    struct str name, value;
    return str_cut(assignment, '=', &name, &value) ? checks_off_variable(name, value) : NULL;
}

static void see_variables(const struct seeing *s)
{
    bool sets = rule_lists(" export declare ", s->command->program);
    const struct strs *lists[] = {&s->command->assignments, sets ? &s->command->words : NULL};
    for (size_t l = 0; l < 2 && lists[l]; l++)
        vec_each (lists[l], i) {
            const struct check_off_variable *off = off_in(lists[l]->v[i]);
            if (off)
                say(s, str_of(off->name), off->what);
        }
}

/* The last word that is a file, of tee and sed. */
static struct str settings_file_in(const struct command_words *command)
{
    for (size_t i = command->words.n; i-- > 1;)
        if (!str_starts(command->words.v[i], STR(">")) && is_settings_file(command->words.v[i]) &&
            !str_starts(command->words.v[i], STR("s/")))
            return command->words.v[i];
    return (struct str){0};
}

/* What s/A/B/ puts in A's place; of what is no such command, nothing. */
static struct str put_in(struct str script)
{
    size_t at = 0, parts = 0, from = 0;
    while (at < script.n && script.p[at] != 's')
        at++;
    if (at + 1 >= script.n || (at && is_name_letter(script.p[at - 1]) && script.p[at - 1] > '9'))
        return (struct str){0};
    char by = script.p[++at];
    for (size_t i = at; i < script.n; i++) {
        if (script.p[i] == '\\') {
            i++;
            continue;
        }
        if (script.p[i] != by)
            continue;
        if (++parts == 2)
            from = i + 1;
        else if (parts == 3)
            return str_slice(script, from, i);
    }
    return (struct str){0};
}

static void see_sed(const struct seeing *s, struct arena *a)
{
    if (!settings_file_in(s->command).n)
        return;
    for (size_t i = 1; i < s->command->words.n; i++)
        if (say_settings(s, a, put_in(s->command->words.v[i])))
            return;
}

/* What is written: by itself, or by the tee that reads it. */
static void see_written(const struct seeing *s, struct arena *a, const struct command_words *next)
{
    const struct command_words *command = s->command;
    bool tees = next && next->piped && str_is(next->program, "tee");
    struct str file = is_settings_file(command->writes) ? command->writes
                      : tees                            ? settings_file_in(next)
                                                        : (struct str){0};
    if (!file.n && str_is(command->program, "tee"))
        file = settings_file_in(command);
    if (!file.n || say_settings(s, a, command->given))
        return;
    if (!rule_lists(" echo printf ", command->program))
        return;
    struct buf b = {.a = a};
    for (size_t i = 1; i < command->words.n; i++) {
        struct str word = command->words.v[i];
        for (size_t k = 0; k < word.n; k++) { /* printf's and echo's \n */
            bool newline = word.p[k] == '\\' && k + 1 < word.n && word.p[k + 1] == 'n';
            buf_addc(&b, newline ? '\n' : word.p[k]);
            k += newline;
        }
        buf_addc(&b, ' ');
    }
    say_settings(s, a, buf_str(&b));
}

static void see_verification(struct rule_context *c, size_t line, const struct command_list *list)
{
    struct arena scratch = {0};
    vec_each (list, i) {
        struct seeing s = {c, line, &list->v[i]};
        see_options(&s, &scratch);
        see_variables(&s);
        if (str_is(s.command->program, "sed"))
            see_sed(&s, &scratch);
        else
            see_written(&s, &scratch, i + 1 < list->n ? &list->v[i + 1] : NULL);
    }
    arena_free(&scratch);
}

static void check_environment(struct rule_context *c)
{
    const struct strs *env = &c->facts->image->config.env;
    vec_each (env, i) {
        const struct check_off_variable *off = off_in(env->v[i]);
        if (off && !rule_full(c))
            rule_add(c, SEVERITY_HIGH, rule_at_config(c, "Env[%zu]", i), STR_F ": %s",
                     STR_A(env->v[i]), off->what);
    }
}

static void check_verification(struct rule_context *c)
{
    struct str files = rule_count_text(c->a, c->facts->n_summed, "file");
    rule_changed_files(c);
    rule_unowned_programs(c);
    check_environment(c);
    if (rule_of_folder(c) && c->facts->n_summed) {
        rule_pass(c, STR_F " compared, as installed; a folder has no history to look at",
                  STR_A(files));
        return;
    }
    if (rule_of_folder(c)) {
        rule_skip(c, "a folder has no history to look at, and no package database in it has sums "
                     "to compare files with");
        return;
    }
    if (rule_no_history(c))
        return;
    rule_each_run(c, see_verification);
    if (c->facts->n_summed)
        rule_pass(c,
                  STR_F " of packages compared: as they were installed; history switches no check "
                        "off",
                  STR_A(files));
    else
        rule_skip(c, "history switches no check of packages off; no package database has sums to "
                     "compare files with");
}

const struct rule rule_cis_4_11 = {
    .info = {.id = "CIS-4.11",
             .aliases = {"CIS-DI-0011"},
             .cis = "4.11",
             .severity = SEVERITY_HIGH,
             .title = "Only verified packages are installed",
             .why = "A package that nobody's signature vouches for may come from anyone between "
                    "the build and the server, and it runs its scripts as root.",
             .remedy = "Leave the package manager's checks on, and add the key of a source instead "
                       "of calling the source trusted.",
             .example = "RUN apt-get install -y --no-install-recommends nginx"},
    .check = check_verification,
};
