/* rule_history: the config's history → CIS 4.7, 4.9, 4.11, 4.12.
 *
 * History is what the builder says it did. It may be missing or squashed away; a rule that found
 * nothing there says so instead of passing. */
#include "base/buf.h"
#include "base/limits.h"
#include "rules/command_words.h"
#include "facts/history_line.h"
#include "rules/rule.h"

/* Calls see() with the simple commands of every RUN in the history. A RUN may have a hundred
 * thousand: see() walks over them a few times, never once for each. */
static void each_run(struct rule_context *c, void (*see)(struct rule_context *c, size_t line,
                                                         const struct command_list *list))
{
    const struct image_config *config = &c->facts->image->config;
    for (size_t i = 0; i < config->n_history; i++) {
        struct arena scratch = {0};
        struct history_line line;
        struct command_list list;
        history_line_read(&scratch, config->history[i].created_by, &line);
        if (str_is(line.instruction, "RUN")) {
            command_words_split(&scratch, str_slice(line.text, 0, LIMIT_SCRIPT_BYTES), &list);
            see(c, i, &list);
            if (line.text.n > LIMIT_SCRIPT_BYTES)
                rule_add(c, SEVERITY_INFO, rule_at_config(c, "history[%zu]", i),
                         "%zu bytes, of which the first %d were read", line.text.n,
                         LIMIT_SCRIPT_BYTES);
        }
        arena_free(&scratch);
    }
}

static struct str command_text(struct rule_context *c, const struct command_words *command)
{
    enum { SHOWN = 6 };
    struct buf b = {.a = c->a};
    for (size_t i = 0; i < command->words.n && i < SHOWN; i++)
        buf_addf(&b, "%s" STR_F, i ? " " : "", STR_A(str_slice(command->words.v[i], 0, 200)));
    buf_addz(&b, command->words.n > SHOWN ? " …" : "");
    return buf_str(&b);
}

static bool no_history(struct rule_context *c)
{
    if (!c->facts->image->config.n_history)
        rule_skip(c, "the image has no history to read");
    return !c->facts->image->config.n_history;
}

/* ---- 4.9 ---- */

static bool is_archive(struct str name)
{
    static const struct str suffixes[] = {
        STR_INIT(".tar"),  STR_INIT(".tar.gz"), STR_INIT(".tgz"), STR_INIT(".tar.bz2"),
        STR_INIT(".tbz2"), STR_INIT(".tar.xz"), STR_INIT(".txz"), STR_INIT(".tar.zst"),
    };
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (str_ends(name, suffixes[i]))
            return true;
    return false;
}

static bool is_remote(struct str source)
{
    return str_starts(source, STR("http://")) || str_starts(source, STR("https://")) ||
           str_starts(source, STR("git@")) || str_starts(source, STR("git://"));
}

struct add_words {
    struct str source, to; /* the first source */
    bool checksum;
};

static struct add_words read_add(const struct history_line *line)
{
    struct add_words r = {0};
    struct str rest = line->text, word;
    while (str_word(&rest, &word)) {
        if (str_starts(word, STR("--"))) {
            r.checksum |= str_starts(word, STR("--checksum="));
            continue;
        }
        if (line->old_form && str_is(word, "in"))
            continue;
        r.source = r.source.n ? r.source : word;
        r.to = word;
    }
    return r;
}

static void judge_add(struct rule_context *c, size_t i, const struct history_line *line)
{
    struct add_words add = read_add(line);
    struct location where = rule_at_config(c, "history[%zu]", i);
    if (is_remote(add.source)) {
        if (!add.checksum)
            rule_add(c, SEVERITY_MEDIUM, where, "ADD of a download without --checksum: " STR_F,
                     STR_A(add.source));
    } else if (line->old_form) {
        rule_add(c, SEVERITY_LOW, where,
                 "ADD to " STR_F
                 "; history does not tell whether of a file, an archive or a download",
                 STR_A(add.to));
    } else if (!is_archive(add.source)) {
        rule_add(c, SEVERITY_LOW, where, "ADD " STR_F " where COPY does", STR_A(add.source));
    }
}

static void check_add(struct rule_context *c)
{
    const struct image_config *config = &c->facts->image->config;
    bool first_layer = true; /* the base's own root file system is added in it */
    if (no_history(c))
        return;
    for (size_t i = 0; i < config->n_history; i++) {
        struct history_line line;
        history_line_read(c->a, config->history[i].created_by, &line);
        if (str_is(line.instruction, "ADD") && !(first_layer && str_is(read_add(&line).to, "/")))
            judge_add(c, i, &line);
        first_layer &= config->history[i].empty_layer;
    }
    rule_pass(c, STR_F " of history, none with an ADD that should be a COPY",
              STR_A(rule_count_text(c->a, config->n_history, "line")));
}

const struct rule rule_cis_4_9 = {
    .info = {.id = "CIS-4.9",
             .aliases = {"CIS-DI-0009", "DL3020", "DS005"},
             .cis = "4.9",
             .severity = SEVERITY_LOW,
             .title = "Files come by COPY, not by ADD",
             .why = "ADD unpacks archives and fetches addresses without being asked to: an archive "
                    "or a server that someone else controls then decides what lands where.",
             .remedy = "Use COPY for files. ADD is right for unpacking a local archive, and for a "
                       "download when --checksum says what must come.",
             .example = "ADD --checksum=sha256:… https://example.org/tool.tar.gz /opt/"},
    .check = check_add,
};

/* ---- 4.7 ---- */

static const struct updater {
    const char *program, *update;
    const char *uses[6]; /* what makes use of the fresh lists */
} updaters[] = {
    {"apt-get",
     "update",
     {"install", "upgrade", "dist-upgrade", "build-dep", "source", "download"}},
    {"apt", "update", {"install", "upgrade", "full-upgrade", "build-dep", "source"}},
    {"aptitude", "update", {"install", "upgrade", "full-upgrade"}},
    {"apk", "update", {"add", "upgrade", "fetch"}},
    {"dnf", "makecache", {"install", "upgrade", "update"}},
    {"yum", "makecache", {"install", "upgrade", "update"}},
    {"zypper", "refresh", {"install", "in", "update", "up", "patch", "dup"}},
};

static bool same_family(struct str a, struct str b)
{
    return str_eq(a, b) || (str_starts(a, STR("apt")) && str_starts(b, STR("apt")));
}

/* A command of the RUN makes use of fresh lists. */
static bool lists_used(const struct updater *u, const struct command_list *list)
{
    vec_each (list, i) {
        for (size_t j = 0; j < sizeof u->uses / sizeof *u->uses && u->uses[j]; j++)
            if (same_family(list->v[i].program, str_of(u->program)) &&
                command_words_have(&list->v[i], u->uses[j]))
                return true;
    }
    return false;
}

static void see_updates(struct rule_context *c, size_t line, const struct command_list *list)
{
    for (size_t u = 0; u < sizeof updaters / sizeof *updaters; u++) {
        bool used = lists_used(&updaters[u], list);
        for (size_t i = 0; i < list->n && !used; i++)
            if (str_is(list->v[i].program, updaters[u].program) &&
                command_words_have(&list->v[i], updaters[u].update) && !rule_full(c))
                rule_add(c, SEVERITY_LOW, rule_at_config(c, "history[%zu]", line),
                         "\"" STR_F "\" in a RUN that installs nothing",
                         STR_A(command_text(c, &list->v[i])));
    }
}

static void check_update(struct rule_context *c)
{
    if (no_history(c))
        return;
    each_run(c, see_updates);
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
};

/* ---- 4.11 ---- */

static const struct {
    const char *word;
    bool part; /* anywhere in a word, not the whole word */
    const char *what;
} switched_off[] = {
    {"--allow-unauthenticated", false, "installs unsigned packages"},
    {"--force-yes", false, "installs unsigned packages"},
    {"--allow-untrusted", false, "installs unsigned packages"},
    {"--nogpgcheck", false, "installs unsigned packages"},
    {"--no-gpg-checks", false, "installs unsigned packages"},
    {"AllowUnauthenticated=true", true, "installs unsigned packages"},
    {"trusted=yes", true, "trusts an unsigned package source"},
    {"gpgcheck=0", true, "trusts an unsigned package source"},
    {"--trusted-host", true, "trusts a package server without its certificate"},
    {"strict-ssl=false", true, "trusts a package server without its certificate"},
};

static void see_switches(struct rule_context *c, size_t line, const struct command_words *command)
{
    for (size_t w = 1; w < command->words.n; w++)
        for (size_t i = 0; i < sizeof switched_off / sizeof *switched_off; i++) {
            struct str word = command->words.v[w];
            if (switched_off[i].part ? !str_has(word, str_of(switched_off[i].word))
                                     : !str_is(word, switched_off[i].word))
                continue;
            rule_add(c, SEVERITY_HIGH, rule_at_config(c, "history[%zu]", line), STR_F " %s: %s",
                     STR_A(command->program), switched_off[i].word, switched_off[i].what);
        }
}

static void see_verification(struct rule_context *c, size_t line, const struct command_list *list)
{
    vec_each (list, i)
        see_switches(c, line, &list->v[i]);
}

static void check_verification(struct rule_context *c)
{
    struct str files = rule_count_text(c->a, c->facts->n_summed, "file");
    rule_changed_files(c);
    if (no_history(c))
        return;
    each_run(c, see_verification);
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

/* ---- 4.12 ---- */

static bool downloads(const struct command_words *command)
{
    if (!rule_lists(" curl wget aria2c axel ", command->program))
        return false;
    for (size_t i = 1; i < command->words.n; i++)
        if (str_has(command->words.v[i], STR("://")))
            return true;
    return false;
}

static bool is_verified(const struct command_list *list)
{
    vec_each (list, i)
        if (rule_lists(" sha256sum sha512sum sha384sum shasum sha1sum md5sum gpg "
                       "gpgv minisign signify cosign rhash ",
                       list->v[i].program))
            return true;
    return false;
}

static void see_download(struct rule_context *c, size_t line, const struct command_words *command,
                         const struct command_words *next, bool verified)
{
    struct location where = rule_at_config(c, "history[%zu]", line);
    if (command_words_have(command, "-k") || command_words_have(command, "--insecure") ||
        command_words_have(command, "--no-check-certificate"))
        rule_add(c, SEVERITY_HIGH, where, "the server is not verified: " STR_F,
                 STR_A(command_text(c, command)));
    if (next && next->piped &&
        rule_lists(" sh bash dash ash zsh ksh python python3 perl ", next->program))
        rule_add(c, SEVERITY_HIGH, where, "a download is run as it comes: " STR_F " | " STR_F,
                 STR_A(command_text(c, command)), STR_A(next->program));
    else if (!verified)
        rule_add(c, SEVERITY_MEDIUM, where, "a download that nothing verifies afterwards: " STR_F,
                 STR_A(command_text(c, command)));
}

static void see_downloads(struct rule_context *c, size_t line, const struct command_list *list)
{
    bool verified = is_verified(list);
    vec_each (list, i)
        if (downloads(&list->v[i]))
            see_download(c, line, &list->v[i], i + 1 < list->n ? &list->v[i + 1] : NULL, verified);
}

static void check_downloads(struct rule_context *c)
{
    if (no_history(c))
        return;
    each_run(c, see_downloads);
    rule_skip(c, "history shows no unverified download; signatures of the files themselves were "
                 "not looked for");
}

const struct rule rule_cis_4_12 = {
    .info = {.id = "CIS-4.12",
             .cis = "4.12",
             .severity = SEVERITY_MEDIUM,
             .title = "What is downloaded is verified",
             .why =
                 "A download without a checksum or a signature is whatever the server, or who "
                 "sits in front of it, sends that day. Piped into a shell it runs as root before "
                 "anyone has seen it.",
             .remedy = "Check a digest or a signature in the same RUN, before the file is used.",
             .example = "RUN curl -fsSLo t.tgz https://example.org/t.tgz && echo \"…  t.tgz\" | "
                        "sha256sum -c"},
    .check = check_downloads,
};
