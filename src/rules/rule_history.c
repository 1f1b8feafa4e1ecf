/* rule_history: the ADD lines of the config's history → CIS 4.9. (What RUN lines do is in
 * rule_updates.c, rule_switches.c and rule_downloads.c.)
 *
 * History is what the builder says it did. It may be missing or squashed away; a rule that found
 * nothing there says so instead of passing. */
#include "base/json.h"
#include "facts/history_line.h"
#include "rules/history_runs.h"

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

/* ["a b", "/srv/"], as kaniko writes what stood so in the Dockerfile. */
static bool read_json_add(struct arena *a, struct str text, struct add_words *ret)
{
    JSON_AUTO json_t *list = NULL;
    struct err e;
    size_t n;
    if (!str_starts(text, STR("[")) || json_read(text, &list, &e) || !json_is_array(list) ||
        (n = json_array_size(list)) < 2)
        return false;
    struct str *words = arena_array(a, struct str, n);
    for (size_t i = 0; i < n; i++)
        words[i] = str_dup(a, str_of(json_string_value(json_array_get(list, i))));
    ret->sources = (struct strs){words, n - 1};
    ret->to = words[n - 1];
    return true;
}

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
    if (read_json_add(a, line->text, &r))
        return r;
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
