/* history_runs: the RUN lines of a config's history → their commands, for rules that look at those.
 */
#include "rules/history_runs.h"

#include "base/buf.h"
#include "base/limits.h"
#include "facts/history_line.h"

size_t rule_each_run(struct rule_context *c, void (*see)(struct rule_context *c, size_t line,
                                                         const struct command_list *list))
{
    const struct image_config *config = &c->facts->image->config;
    size_t runs = 0;
    for (size_t i = 0; i < config->n_history; i++) {
        struct arena scratch = {0};
        struct history_line line;
        struct command_list list;
        history_line_read(&scratch, config->history[i].created_by, &line);
        if (str_is(line.instruction, "RUN")) {
            runs++;
            command_words_split(&scratch, str_slice(line.text, 0, LIMIT_SCRIPT_BYTES), &list);
            see(c, i, &list);
            if (line.text.n > LIMIT_SCRIPT_BYTES)
                rule_add(c, SEVERITY_LOW, rule_at_config(c, "history[%zu]", i),
                         "%zu bytes, of which the first %d were read", line.text.n,
                         LIMIT_SCRIPT_BYTES);
        }
        arena_free(&scratch);
    }
    return runs;
}

bool rule_run_behind(struct rule_context *c, size_t line,
                     bool (*is)(const struct command_list *list, size_t command))
{
    const struct image_config *config = &c->facts->image->config;
    bool found = false, run = false;
    for (size_t i = line + 1; i < config->n_history && !run; i++) {
        struct arena scratch = {0};
        struct history_line next;
        struct command_list list = {0};
        history_line_read(&scratch, config->history[i].created_by, &next);
        run = str_is(next.instruction, "RUN");
        if (run)
            command_words_split(&scratch, str_slice(next.text, 0, LIMIT_SCRIPT_BYTES), &list);
        for (size_t k = 0; k < list.n && !found; k++)
            found = is(&list, k);
        arena_free(&scratch);
    }
    return found;
}

struct str rule_command_text(struct rule_context *c, const struct command_words *command)
{
    enum { SHOWN = 6 };
    struct buf b = {.a = c->a};
    for (size_t i = 0; i < command->words.n && i < SHOWN; i++)
        buf_addf(&b, "%s" STR_F, i ? " " : "", STR_A(str_slice(command->words.v[i], 0, 200)));
    buf_addz(&b, command->words.n > SHOWN ? " …" : "");
    return buf_str(&b);
}

bool rule_no_history(struct rule_context *c)
{
    if (!c->facts->image->config.n_history)
        rule_skip(c, "the image has no history to read");
    return !c->facts->image->config.n_history;
}
