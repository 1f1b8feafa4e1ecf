/* rule_history: the config's history → CIS 4.7, 4.9, 4.11. (4.12 is in rule_downloads.c.)
 *
 * History is what the builder says it did. It may be missing or squashed away; a rule that found
 * nothing there says so instead of passing. */
#include "facts/history_line.h"
#include "rules/history_runs.h"
#include "rules/rule_unowned.h"

/* ---- 4.9 ---- */

static bool is_archive(struct str name)
{
    static const struct str suffixes[] = {
        STR_INIT(".tar"),     STR_INIT(".tar.gz"), STR_INIT(".tgz"),      STR_INIT(".tar.bz2"),
        STR_INIT(".tbz2"),    STR_INIT(".tbz"),    STR_INIT(".tar.xz"),   STR_INIT(".txz"),
        STR_INIT(".tar.zst"), STR_INIT(".tzst"),   STR_INIT(".tar.lzma"), STR_INIT(".tar.Z"),
    };
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (str_ends(name, suffixes[i]))
            return true;
    return false;
}

static bool is_remote(struct str source)
{
    return str_starts(source, STR("http://")) || str_starts(source, STR("https://")) ||
           str_starts(source, STR("git@")) || str_starts(source, STR("git://")) ||
           str_starts(source, STR("ssh://"));
}

static bool is_repository(struct str source)
{
    struct str path, fragment;
    str_cut(source, '#', &path, &fragment);
    return !str_starts(source, STR("http")) || str_ends(path, STR(".git"));
}

/* …#0123… of a whole commit, perhaps with a folder behind it: what comes is fixed. */
static bool is_pinned(struct str source)
{
    enum { SHA1 = 40, SHA256 = 64 };
    struct str path, commit, folder;
    size_t n = 0;
    str_cut(source, '#', &path, &commit);
    str_cut(commit, ':', &commit, &folder);
    while (n < commit.n && strchr("0123456789abcdef", commit.p[n]))
        n++;
    return n == commit.n && (n == SHA1 || n == SHA256);
}

struct add_words {
    struct strs sources;
    struct str to;
    bool checksum;
};

static struct add_words read_add(struct arena *a, const struct history_line *line)
{
    struct add_words r = {0};
    struct words VEC(struct str) words = {0};
    struct str rest = line->text, word;
    while (str_word(&rest, &word)) {
        r.checksum |= str_starts(word, STR("--checksum="));
        if (!str_starts(word, STR("--")) && !(line->old_form && str_is(word, "in")))
            *vec_push(a, &words) = word;
    }
    if (words.n)
        r.to = words.v[words.n - 1];
    r.sources = (struct strs){words.v, words.n ? words.n - 1 : 0};
    return r;
}

/* Regular files that layer i still shows in the merged image, counted up to two. */
static size_t files_of_layer(const struct facts *f, size_t layer, const struct tree_node **one)
{
    size_t n = 0;
    for (struct tree_node *node = NULL; n < 2 && (node = tree_next(f->tree, node));)
        if (node->layer == layer && node->inode->type == ENTRY_FILE) {
            *one = node;
            n++;
        }
    return n;
}

/* The old form writes a digest for the source: "file:…", "dir:…" or "multi:…". What the layer holds
 * tells a lone file from what may have been an archive. */
static void judge_old_add(struct rule_context *c, struct location where,
                          const struct add_words *add, size_t layer)
{
    const struct tree_node *one = NULL;
    struct str source = add->sources.n ? add->sources.v[0] : (struct str){0};
    if (str_starts(source, STR("dir:")))
        rule_add(c, SEVERITY_LOW, where, "ADD of a folder to " STR_F ", where COPY does",
                 STR_A(add->to));
    else if (layer < c->facts->tree->n_layers && files_of_layer(c->facts, layer, &one) == 1)
        rule_add(c, SEVERITY_LOW, where, "ADD of one file, " STR_F ", where COPY does",
                 STR_A(tree_path(c->a, one)));
    else
        rule_add(c, SEVERITY_INFO, where,
                 "ADD to " STR_F
                 "; history does not tell whether of files, of an archive or of a download",
                 STR_A(add->to));
}

static void judge_add(struct rule_context *c, struct location where, const struct add_words *add)
{
    for (size_t i = 0; i < add->sources.n; i++) {
        struct str source = add->sources.v[i];
        bool repository = is_remote(source) && is_repository(source);
        if (repository && !is_pinned(source))
            rule_add(c, SEVERITY_MEDIUM, where, "ADD of a repository without a commit: " STR_F,
                     STR_A(source));
        else if (is_remote(source) && !repository && !add->checksum)
            rule_add(c, SEVERITY_MEDIUM, where, "ADD of a download without --checksum: " STR_F,
                     STR_A(source));
        else if (!is_remote(source) && !is_archive(source))
            rule_add(c, SEVERITY_LOW, where, "ADD " STR_F " where COPY does", STR_A(source));
    }
}

static void check_add(struct rule_context *c)
{
    const struct image_config *config = &c->facts->image->config;
    size_t layer = 0, layers = 0;
    if (rule_no_history(c))
        return;
    for (size_t i = 0; i < config->n_history; i++)
        layers += !config->history[i].empty_layer;
    for (size_t i = 0; i < config->n_history; i++) {
        struct arena scratch = {0};
        struct history_line line;
        history_line_read(&scratch, config->history[i].created_by, &line);
        struct add_words add = read_add(&scratch, &line);
        struct location where = rule_at_config(c, "history[%zu]", i);
        /* the base's own root file system comes with its first layer */
        bool is_add = str_is(line.instruction, "ADD") && !(layer == 0 && str_is(add.to, "/"));
        if (is_add && line.old_form && !(add.sources.n && is_remote(add.sources.v[0])))
            judge_old_add(c, where, &add, layers == c->facts->tree->n_layers ? layer : SIZE_MAX);
        else if (is_add)
            judge_add(c, where, &add);
        layer += !config->history[i].empty_layer;
        arena_free(&scratch);
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
    .of_config = true,
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
                         STR_A(rule_command_text(c, &list->v[i])));
    }
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
    rule_unowned_programs(c);
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
