/* test_package_db: databases that tell of kept packages only. */
#include "harden/choose.h"
#include "lib/keepcase.h"

static struct arena arena;

static struct str trimmed(struct keepcase *c, const char *path)
{
    struct str text = {0};
    const struct facts_kept *kept = keepcase_kept(c, path);
    if (!kept || !package_db_trim(&arena, &c->facts, &c->keep, kept->node, &text))
        return STR("no database");
    return text;
}

int main(void)
{
    struct str web = elfmake(&arena, &(struct elfmake){0});
    struct fixture_entry apk[] = {
        {"f", "bin/web", .mode = 0755, .bytes = web},
        {"f", "bin/own", .mode = 0755, .bytes = web},
        {"f", "etc/os-release", .content = "ID=alpine\n"},
        {"f", "lib/apk/db/installed",
         .content = "C:Q1\nP:other\nV:1\nF:bin\nR:none\n\nP:web\nV:2\nF:bin\nR:web\n\n"},
        {0}};
    struct keepcase c;
    keepcase_open(&c, &arena, apk, "{\"Cmd\":[\"web\"]}");
    keepcase_choose(&c);
    is_str(trimmed(&c, "/lib/apk/db/installed"), "P:web\nV:2\nF:bin\nR:web\n\n",
           "apk: the kept package's paragraph");
    ok(keepcase_kept(&c, "/etc/os-release") != NULL, "with the distribution's name");
    is_str(trimmed(&c, "/bin/web"), "no database", "another file is none");
    keepcase_close(&c);
    keepcase_open(&c, &arena, apk, "{\"Cmd\":[\"own\"]}");
    keepcase_choose(&c);
    is_str(keepcase_files(&c), "/bin/own", "none: a file of no package brings no database");
    keepcase_close(&c);
    fixture_end();
    arena_free(&arena);
    return done_testing();
}
