/* test_library: metadata of language packages → names, versions, licences. */
#include "base/buf.h"
#include "base/limits.h"
#include "facts/library.h"
#include "facts/watch.h"
#include "lib/tap.h"

typedef void reader(struct str text, struct arena *a, struct facts_library_list *ret);

static const struct {
    const char *what;
    reader *read;
    const char *text, *want; /* "name version licence;" of each */
} cases[] = {
    {"npm", facts_npm_read,
     "{\"name\":\"@scope/left\",\"version\":\"1.2.3\",\"license\":\"MIT\",\"dependencies\":{}}",
     "@scope/left 1.2.3 MIT;"},
    {"npm, old licence", facts_npm_read,
     "{\"name\":\"a\",\"version\":\"1\",\"license\":{\"type\":\"ISC\"}}", "a 1 ISC;"},
    {"npm, no version: a folder's settings", facts_npm_read, "{\"name\":\"a\",\"type\":\"module\"}",
     ""},
    {"odd: not JSON", facts_npm_read, "{\"name\":", ""},
    {"odd: a list", facts_npm_read, "[1,2]", ""},
    {"odd: numbers", facts_npm_read, "{\"name\":1,\"version\":2}", ""},
    {"python", facts_python_read,
     "Metadata-Version: 2.1\nName: flask\nVersion: 3.0.0\nLicense: BSD\n\nName: other\n",
     "flask 3.0.0 BSD;"},
    {"python, CRLF", facts_python_read, "Name: a\r\nVersion: 1\r\n\r\n", "a 1 ;"},
    {"odd: no name", facts_python_read, "Version: 1\n", ""},
    {"gem", facts_gem_read,
     "Gem::Specification.new do |s|\n  s.name = \"rack\".freeze\n  s.version = \"3.1.7\"\n"
     "  s.licenses = [\"MIT\".freeze]\n  s.name = \"other\"\n",
     "rack 3.1.7 MIT;"},
    {"odd: computed", facts_gem_read, "s.name = NAME\ns.version = \"1\"\n", ""},
    {"odd: open string", facts_gem_read, "s.name = \"a\n", ""},
    {"composer", facts_composer_read,
     "{\"packages\":[{\"name\":\"a/b\",\"version\":\"v1.0\",\"license\":[\"MIT\"]}]}",
     "a/b 1.0 MIT;"},
    {"composer 1", facts_composer_read, "[{\"name\":\"a/b\",\"version\":\"2\"}]", "a/b 2 ;"},
    {".NET", facts_dotnet_read,
     "{\"libraries\":{\"app/1.0\":{\"type\":\"project\"},\"N.Json/"
     "13.0.3\":{\"type\":\"package\"}}}",
     "N.Json 13.0.3 ;"},
};

/* What the watcher says of one file of that many bytes, of which it is shown some. */
static struct str note_of(struct arena *a, const char *path, uint64_t size, struct str shown)
{
    struct facts_reading reading = {.wish = FACTS_LIBRARIES};
    void *state = facts_watch_libraries.begin(&reading, a, 0);
    struct image_entry entry = {.path = str_of(path), .size = size};
    struct file_facts facts = {0};
    struct err e = {0};
    if (facts_watch_libraries.open(state, &entry) &&
        (facts_watch_libraries.data(state, shown.p, shown.n, &e) ||
         !facts_watch_libraries.done(state, &facts)))
        facts.note = (struct str){0};
    facts_watch_libraries.end(state);
    return facts.note;
}

static void check_left_out(struct arena *a)
{
    static const char *const paths[] = {"a/node_modules/b/package.json",  "a.deps.json",
                                        "vendor/composer/installed.json", "x.dist-info/METADATA",
                                        "specifications/x.gemspec",       "a.jar"};
    const char *const words = "is too large to be read; its packages are not known";
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        is_str(note_of(a, paths[i], 4ull << 30, STR("{")), words, "left out: %s", paths[i]);
    struct buf dense = {.a = a};
    for (int i = 0; i <= LIMIT_JSON_MARKS; i++)
        buf_addz(&dense, "[]");
    is_str(note_of(a, "a.deps.json", dense.n, buf_str(&dense)), words, "left out: dense JSON");
    is_str(note_of(a, "a.deps.json", 2, STR("{}")), "", "left out: not a small one");
}

int main(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct facts_library_list list = {0};
        struct buf got = {.a = &a};
        cases[i].read(str_of(cases[i].text), &a, &list);
        vec_each (&list, k)
            buf_addf(&got, STR_F " " STR_F " " STR_F ";", STR_A(list.v[k].name),
                     STR_A(list.v[k].version), STR_A(list.v[k].licence));
        is_str(buf_str(&got), cases[i].want, "%s", cases[i].what);
    }
    struct facts_library_list many = {0};
    for (int i = 0; i < 100000; i++)
        facts_library_add(&a, &many, LIBRARY_NPM, STR("a"), STR("1"));
    ok(many.n == 64 * 1024, "room: %zu of 100000", many.n);
    check_left_out(&a);
    arena_free(&a);
    return done_testing();
}
