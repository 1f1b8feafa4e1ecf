/* rule_updates: RUN lines of the history that fetch package lists and make no use of them → CIS
 * 4.7. What a command does with them is in package_lists.c.
 */
#include "rules/history_runs.h"
#include "rules/package_lists.h"

static void see_updates(struct rule_context *c, size_t line, const struct command_list *list)
{
    struct arena scratch = {0};
    for (const struct package_lists *m = package_lists; m->programs; m++) {
        bool *alone = arena_array(&scratch, bool, list->n);
        package_lists_alone(m, list, alone);
        vec_each (list, i)
            if (alone[i] && !rule_full(c))
                rule_add(c, c->rule->severity, rule_at_config(c, "history[%zu]", line),
                         "\"" STR_F "\" in a RUN that installs nothing",
                         STR_A(rule_command_text(c, &list->v[i])));
    }
    arena_free(&scratch);
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
             .severity = SEVERITY_MEDIUM,
             .title = "Package lists are not updated in a RUN of their own",
             .why = "The layer with the lists is cached. A later build installs from lists of long "
                    "ago: old packages with known holes, or none at all.",
             .remedy = "Update and install in one RUN, and remove the lists in it.",
             .example = "RUN apt-get update && apt-get install -y nginx && rm -rf "
                        "/var/lib/apt/lists/*"},
    .check = check_update,
    .of_config = true,
};
