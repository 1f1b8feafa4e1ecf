/* place: the path of a file → does what it holds matter?
 *
 * Invariants
 * 1. Whole names of folders count, not parts of names. (test_secret_scan: places)
 * 2. What a team put into its own jar is its own; what it took from others is a library, whatever
 * it is packed in. (test_secret_scan: places)
 */
#include "secret/kinds.h"

/* Some folder of the path has one of these names. */
static bool is_below(struct str path, const char *const *names)
{
    struct str folder, rest = path;
    while (str_cut(rest, '/', &folder, &rest))
        for (const char *const *name = names; *name; name++)
            if (str_is(folder, *name))
                return true;
    return false;
}

bool secret_place_is_example(struct str path)
{
    static const char *const folders[] = {
        "test",      "tests",  "testing",   "testdata", "test_data", "test-data", "__tests__",
        "t",         "spec",   "specs",     "fixtures", "fixture",   "examples",  "example",
        "samples",   "sample", "docs",      "doc",      "man",       "demos",     "e2e",
        "testsuite", "mocks",  "__mocks__", "tutorial", "tutorials", "locale",    NULL};
    static const char *const ends[] = {".md",     ".rst",  ".adoc",     ".po",      ".example",
                                       ".sample", ".dist", ".template", ".pod",     ".html.in",
                                       ".tmpl",   ".3pm",  "/PKG-INFO", "/METADATA"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_ends(path, str_of(ends[i])))
            return true;
    return is_below(path, folders);
}

/* In a jar the classes' folders are libraries' as a rule, with all their messages in all languages;
 * what Spring and servlets call the program's own, and settings beside all folders, are not. */
static bool is_library_in_jar(struct str path)
{
    static const struct str jar = STR_INIT(".jar!/"), boot = STR_INIT("BOOT-INF/classes/"),
                            meta = STR_INIT("META-INF/");
    size_t at = str_find_str(path, jar);
    if (at == path.n)
        return false;
    struct str member = str_from(path, at + jar.n);
    if (str_find_str(member, jar) < member.n)
        return true; /* a jar in a jar */
    if (str_starts(member, boot))
        return false;
    member = str_starts(member, meta) ? str_from(member, meta.n) : member;
    return str_find(member, '/') < member.n;
}

/* What package managers bring as an archive. */
static bool is_packed_library(struct str path)
{
    static const char *const packed[] = {".whl!/",   ".egg!/",   ".gem!/",
                                         ".nupkg!/", ".crate!/", "WEB-INF/lib/"};
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
        if (str_has(path, str_of(packed[i])))
            return true;
    return is_library_in_jar(path);
}

bool secret_place_is_library(struct str path)
{
    static const char *const folders[] = {"node_modules",
                                          "site-packages",
                                          "dist-packages",
                                          "gems",
                                          "vendor",
                                          "bower_components",
                                          ".cargo",
                                          ".m2",
                                          "pkg",
                                          "__pycache__",
                                          "go",
                                          "_cacache",
                                          ".gradle",
                                          ".ivy2",
                                          ".yarn",
                                          ".nuget",
                                          NULL};
    static const char *const roots[] = {
        "usr/share/",           "usr/lib/",      "usr/include/", "usr/src/",
        "usr/local/lib/python", "usr/local/go/", "lib/",         "usr/libexec/"};
    static const char *const ends[] = {
        "package-lock.json", "yarn.lock", "pnpm-lock.yaml", ".lock", "go.sum",
        ".min.js",           ".js.map",   ".css",           ".svg",  ".map"};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (str_starts(path, str_of(roots[i])))
            return true;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_ends(path, str_of(ends[i])))
            return true;
    return is_below(path, folders) || is_packed_library(path);
}
