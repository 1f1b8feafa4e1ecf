/* test_library: metadata of language packages → names, versions, licences. */
#include "facts/library.h"
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
    arena_free(&a);
    return done_testing();
}
