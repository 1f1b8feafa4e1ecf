/* rule_health: the config's Healthcheck → CIS 4.6: is there one, and can it run in this image? */
#include "base/limits.h"
#include "rules/access.h"
#include "rules/command_words.h"
#include "rules/rule.h"

#define REMEDY                                                                                     \
    "Set HEALTHCHECK to something that the image holds; the program's own check option is best, "  \
    "since it needs neither shell nor curl. In Kubernetes, whose probes replace it, ignore this "  \
    "rule with that reason."

/* Its manifest says that its config is the one of the OCI's specification, or nothing else. */
static bool is_oci(const struct image *image)
{
    return str_has(image->manifest, STR("application/vnd.oci.image.config."));
}

static bool is_builtin(struct str word)
{
    static const char builtins[] =
        " [ [[ test : . true false exit echo cd set unset return printf read readonly kill wait "
        "trap export local declare typeset let shift break continue case esac for fi done } umask "
        "ulimit command builtin exec eval source type hash getopts times jobs alias unalias pwd "
        "shopt time pushd popd dirs mapfile readarray ";
    return rule_lists(builtins, word);
}

/* NAME () or function NAME: the line brings it itself. */
static bool defines(struct str line, struct str name)
{
    for (size_t at = 0; at + name.n <= line.n; at++) {
        if (!str_starts(str_from(line, at), name))
            continue;
        struct str behind = str_trim(str_from(line, at + name.n));
        struct str before = str_trim(str_slice(line, 0, at));
        if (str_starts(behind, STR("(")) && str_starts(str_trim(str_from(behind, 1)), STR(")")))
            return true;
        if (str_ends(before, STR("function")))
            return true;
    }
    return false;
}

/* A finding when the program is not in the image, or its user may not run it. */
static void check_program(struct rule_context *c, struct str name)
{
    struct location where = rule_at_config(c, "Healthcheck");
    struct str path = {0};
    struct tree_node *node = facts_which(c->facts, c->a, name, &path);
    struct access_user who = access_run_as(c->facts);
    if (!node)
        rule_add(c, SEVERITY_MEDIUM, where,
                 "runs \"" STR_F "\", which is not in the image: always unhealthy", STR_A(name));
    else if (!access_reach(node, &who, ACCESS_EXECUTE))
        rule_add(c, SEVERITY_MEDIUM, where,
                 "runs " STR_F ", mode %04o owner %u:%u, which uid %u may not execute",
                 STR_A(path.n ? path : name), node->inode->mode, node->inode->uid, node->inode->gid,
                 who.uid);
    else if (rule_missing_starter(c, node).n)
        rule_add(c, SEVERITY_MEDIUM, where,
                 "runs " STR_F ", which needs " STR_F ", which is not in the image: always "
                 "unhealthy",
                 STR_A(path.n ? path : name), STR_A(rule_missing_starter(c, node)));
}

struct named {
    struct rule_context *c;
    struct str line;
    struct map seen;
};

/* False when there are too many. */
static bool check_named(struct named *n, struct str name)
{
    if (is_builtin(name) || str_find(name, '$') < name.n || map_has(&n->seen, name))
        return true;
    if (n->seen.n == LIMIT_HEALTH_PROGRAMS) {
        rule_add(n->c, SEVERITY_INFO, rule_at_config(n->c, "Healthcheck"),
                 "calls more than %d programs, of which the first were looked for",
                 LIMIT_HEALTH_PROGRAMS);
        return false;
    }
    *map_at(&n->seen, name) = n->c;
    if (!defines(n->line, name))
        check_program(n->c, name);
    return true;
}

static void check_shell_form(struct rule_context *c, struct str line)
{
    const struct image_config *config = &c->facts->image->config;
    struct command_list list;
    struct named named = {c, str_slice(line, 0, LIMIT_SCRIPT_BYTES), {.a = c->a}};
    check_program(c, config->shell.n ? config->shell.v[0] : STR("/bin/sh"));
    if (c->check->n)
        return; /* without the shell the rest does not matter */
    command_words_split(c->a, named.line, &list);
    vec_each (&list, i) {
        const struct command_words *command = &list.v[i];
        for (size_t k = 0; k < command->through.n; k++)
            if (!check_named(&named, command->through.v[k]))
                return;
        if (!check_named(&named, command->words.v[0]))
            return;
    }
}

static void check_health(struct rule_context *c)
{
    const struct image_healthcheck *h = &c->facts->image->config.healthcheck;
    struct location where = rule_at_config(c, "Healthcheck");
    if (!h->set || !h->test.n) {
        struct finding *f =
            rule_add(c, SEVERITY_LOW, where, "not set: a program that hangs counts as running");
        if (is_oci(c->facts->image))
            f->remedy = STR(REMEDY " This image is in OCI format, whose config has no health "
                                   "check: builders leave it out even where the Dockerfile has "
                                   "one. podman build and buildah keep it with --format docker.");
        return;
    }
    struct strs words = {h->test.v + 1, h->test.n - 1};
    if (str_is(h->test.v[0], "NONE"))
        rule_add(c, SEVERITY_LOW, where, "switched off (NONE)");
    else if (str_is(h->test.v[0], "CMD-SHELL") && words.n)
        check_shell_form(c, words.v[0]);
    else if (str_is(h->test.v[0], "CMD") && words.n)
        check_program(c, words.v[0]);
    else
        rule_add(c, SEVERITY_MEDIUM, where, "\"" STR_F "\" is no health check that a runtime knows",
                 STR_A(h->test.v[0]));
    rule_pass(c, "runs " STR_F, STR_A(words.n ? words.v[0] : (struct str){0}));
}

const struct rule rule_cis_4_6 = {
    .info = {.id = "CIS-4.6",
             .aliases = {"CIS-DI-0006", "DL3057", "DS026"},
             .cis = "4.6",
             .severity = SEVERITY_LOW,
             .title = "A health check is set and can run",
             .why = "Without a health check nobody notices a program that is still there but "
                    "answers no more. One whose program is missing from the image, as curl is from "
                    "small images, reports a working container as broken.",
             .remedy = REMEDY " The OCI image format has no health check, and podman and buildah "
                              "write that unless told --format docker; skopeo copy to an OCI "
                              "layout drops it, too.",
             .example = "HEALTHCHECK CMD [\"/server\", \"--check\"]"},
    .check = check_health,
    .of_config = true,
};
