/* test_harden_list: a plan's listing. */
#include "harden/harden_list.h"

#include "base/json.h"
#include "lib/keepcase.h"

static struct arena arena;

int main(void)
{
    struct fixture_entry entries[] = {
        {"f", "p", .mode = 0755, .bytes = elfmake(&arena, &(struct elfmake){0})},
        {"f", "a/\033[31m", .content = "12345"},
        {"h", "a/same", .link = "p"},
        {0}};
    struct keepcase c;
    struct harden_plan plan;
    struct err e = {0};
    struct harden_config_options o = {0};
    keepcase_open(&c, &arena, entries, "{\"Cmd\":[\"/p\"]}");
    keepcase_saw(&c, TRACE_OPEN, "/a/\033[31m", 0);
    keepcase_saw(&c, TRACE_OPEN, "/a/same", 0);
    keepcase_choose(&c);
    ok(harden_plan(&arena, &c.facts, &c.keep, &c.trace, &o, &plan, &e) == 0, "a plan");
    struct str text = harden_list_text(&arena, &c.facts, &plan);
    ok(str_find(text, '\033') == text.n, "safe: no escape goes to a terminal");
    ok(str_find_str(text, STR("/a/same")) < str_find_str(text, STR("/p ")), "order: that of names");
    is_int(harden_sum(&arena, &c.keep).files, 2, "a file with two names counts once");
    JSON_AUTO json_t *j = NULL;
    ok(json_read(harden_list_json(&arena, &c.facts, &plan), &j, &e) == 0, "JSON");
    is_int(json_array_size(json_object_get(j, "kept")), c.keep.nodes.n, "lists everything kept");
    keepcase_close(&c);
    fixture_end();
    arena_free(&arena);
    return done_testing();
}
