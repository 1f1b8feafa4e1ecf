/* rule_files: what lies about in the file system → world-writable places, forgotten repositories.
 */
#include "rules/rule.h"

enum { OTHERS_WRITE = 0002, STICKY = 01000 };

static void check_world_writable(struct rule_context *c)
{
    for (struct tree_node *node = NULL; (node = tree_next(c->facts->tree, node));) {
        const struct tree_inode *inode = node->inode;
        bool folder = inode->type == ENTRY_DIR && !(inode->mode & STICKY);
        if (!(inode->mode & OTHERS_WRITE) || !(folder || inode->type == ENTRY_FILE) || rule_full(c))
            continue;
        if (folder)
            /* the layer that set the mode, which need not be the first that has the folder */
            rule_add(c, SEVERITY_MEDIUM, rule_at_layer(c, inode->layer, node),
                     "folder, mode %04o: anyone may replace what is in it", inode->mode);
        else
            rule_add(c, inode->mode & 0111 ? SEVERITY_HIGH : SEVERITY_MEDIUM, rule_at_node(c, node),
                     "%s, mode %04o: anyone may change it", inode->mode & 0111 ? "program" : "file",
                     inode->mode);
    }
    rule_pass(c, "no file that others may write, no such folder without the sticky bit");
}

const struct rule rule_world_writable = {
    .info = {.id = "SHUCK-WORLD-WRITABLE",
             .severity = SEVERITY_MEDIUM,
             .title = "Nothing is writable for everyone",
             .why = "What everyone may write, an intruder with any uid may change: a program, a "
                    "configuration, a script that another user runs later. In a folder without the "
                    "sticky bit that also goes for files he does not own.",
             .remedy =
                 "Take the write permission from others; where a shared folder is needed, set "
                 "the sticky bit as /tmp has it.",
             .example = "RUN chmod o-w FILE && chmod +t FOLDER"},
    .check = check_world_writable,
};

/* Programs that group 0 may change, but not everyone. */
static void check_group_writable(struct rule_context *c)
{
    enum { GROUP_WRITE = 0020, DETAILS = 100 };
    struct strs paths = {arena_array(c->a, struct str, DETAILS), 0};
    const struct tree_node *first = NULL;
    uint32_t n = 0;
    for (struct tree_node *node = NULL; (node = tree_next(c->facts->tree, node));) {
        const struct tree_inode *inode = node->inode;
        const struct file_facts *ff = facts_of(node);
        if (inode->type != ENTRY_FILE || inode->gid != 0 || !(inode->mode & GROUP_WRITE) ||
            !(inode->mode & 0111) || inode->mode & OTHERS_WRITE || !ff ||
            (ff->kind != FILE_ELF && ff->kind != FILE_SCRIPT))
            continue;
        first = first ? first : node;
        n++;
        if (paths.n < DETAILS)
            paths.v[paths.n++] = tree_path(c->a, node);
    }
    if (first) {
        struct finding *f =
            rule_add(c, SEVERITY_LOW, rule_at_node(c, first), STR_F " that group 0 may change",
                     STR_A(rule_count_text(c->a, n, "program")));
        f->count = n;
        f->details = paths;
    }
    rule_pass(c, "no program that group 0 may change");
}

const struct rule rule_group_writable = {
    .info = {.id = "SHUCK-GROUP-WRITABLE",
             .severity = SEVERITY_LOW,
             .title = "No program is writable for group 0",
             .why = "Clusters that choose a uid of their own give it group 0. A program that group "
                    "0 may write is one that an intruder changes and that runs his code from then "
                    "on.",
             .remedy = "Let group 0 read and execute programs, and write only folders of data.",
             .example = "RUN chmod -R g-w /opt/app/bin"},
    .check = check_group_writable,
};

static bool is_folder(const struct tree_node *node, const char *name)
{
    return node->inode->type == ENTRY_DIR && str_is(node->name, name);
}

/* .git, or a bare one under any name. */
static bool is_repository(const struct tree *tree, const struct tree_node *node)
{
    if (node->inode->type != ENTRY_DIR || !tree_child(tree, node, STR("HEAD")))
        return false;
    return is_folder(node, ".git") ||
           (tree_child(tree, node, STR("objects")) && tree_child(tree, node, STR("refs")));
}

static void check_git(struct rule_context *c)
{
    const struct tree *tree = c->facts->tree;
    for (struct tree_node *node = NULL; (node = tree_next(tree, node));)
        if (is_repository(tree, node) && !rule_full(c))
            /* the folder may be older than the repository in it */
            rule_add(c, SEVERITY_MEDIUM,
                     rule_at_layer(c, tree_child(tree, node, STR("HEAD"))->layer, node),
                     "a whole repository with its history")
                ->same = STR("a repository");
    for (size_t i = 0; i < tree->n_hidden; i++) {
        const struct tree_hidden *h = &tree->hidden[i];
        if (str_is(h->node->name, "HEAD") && h->node->parent &&
            str_is(h->node->parent->name, ".git") &&
            !rule_full(c)) /* that folder may have no inode any more */
            rule_add(c, SEVERITY_MEDIUM, rule_at_layer(c, h->layer, h->node->parent),
                     "a repository; layer %u hides it, but whoever unpacks layer %u has it",
                     h->hidden_by, h->layer)
                ->same = STR("a repository");
    }
    rule_pass(c, "no .git folder in any layer");
}

const struct rule rule_git = {
    .info = {.id = "SHUCK-GIT",
             .aliases = {"DKL-LI-0003"},
             .severity = SEVERITY_MEDIUM,
             .title = "No repository was copied into the image",
             .why = "A .git folder holds every version of every file, and with them passwords that "
                    "were removed later, the names of internal servers, and the addresses of those "
                    "who work there.",
             .remedy = "Name .git in .dockerignore, or copy only what the program needs.",
             .example = "echo .git >> .dockerignore"},
    .check = check_git,
};

static void check_expired(struct rule_context *c)
{
    size_t dated = 0;
    vec_each (&c->policy->ignores, i) {
        const struct ignore *one = &c->policy->ignores.v[i];
        dated += one->has_expiry;
        if (!ignore_expired(one, c->today))
            continue;
        struct location where = {.kind = LOCATION_FILE, .path = one->source, .line = one->line};
        rule_add(c, SEVERITY_LOW, where, "the ignore of " STR_F " ended on " STR_F ": " STR_F,
                 STR_A(one->rule), STR_A(ignore_date_text(c->a, one->expires)), STR_A(one->reason));
    }
    rule_pass(c, STR_F ", %zu with a last day",
              STR_A(rule_count_text(c->a, c->policy->ignores.n, "ignore")), dated);
}

const struct rule rule_ignore_expired = {
    .info = {.id = "SHUCK-IGNORE-EXPIRED",
             .severity = SEVERITY_LOW,
             .title = "No ignore is past its last day",
             .why = "An ignore with a last day was a promise to look again. After that day it "
                    "covers nothing, so what it hid counts again.",
             .remedy = "Mend what was ignored, or decide again and give the ignore a new day.",
             .example = "expires: 2027-03-31"},
    .check = check_expired,
};
