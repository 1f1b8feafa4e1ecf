/* library_text: metadata files of npm, pip, gem, composer and .NET → libraries.
 *
 * Each writes down what it installed in its own way: package.json, METADATA (PEP 566), a gemspec in
 * Ruby, installed.json, NAME.deps.json. Only what is said in plain is read; nothing is run.
 *
 * Invariants
 * 1. Any bytes are read without harm, and add at most LIMIT_PACKAGES. (test_library: odd)
 */
#include "base/json.h"
#include "base/limits.h"
#include "facts/library.h"

struct facts_library *facts_library_add(struct arena *a, struct facts_library_list *list,
                                        enum library_kind kind, struct str name, struct str version)
{
    if (!name.n || name.n > LIMIT_PATH_BYTES || version.n > LIMIT_PATH_BYTES ||
        list->n == LIMIT_PACKAGES)
        return NULL;
    struct facts_library *l = vec_push(a, list);
    *l = (struct facts_library){
        .kind = kind, .name = str_dup(a, name), .version = str_dup(a, version)};
    return l;
}

static struct str text_of(const json_t *value)
{
    return json_is_string(value) ? (struct str){json_string_value(value), json_string_length(value)}
                                 : (struct str){0};
}

static struct str member(const json_t *object, const char *key)
{
    return text_of(json_object_get(object, key));
}

/* npm has a string or {"type": …}, composer a list. */
static struct str licence_of(const json_t *value)
{
    if (json_is_array(value))
        value = json_array_get(value, 0);
    return json_is_object(value) ? member(value, "type") : text_of(value);
}

void facts_npm_read(struct str text, struct arena *a, struct facts_library_list *ret)
{
    json_t *doc JSON_AUTO = NULL;
    struct err ignored;
    if (json_read(text, &doc, &ignored))
        return;
    struct str version = member(doc, "version");
    struct facts_library *l =
        version.n ? facts_library_add(a, ret, LIBRARY_NPM, member(doc, "name"), version) : NULL;
    if (l)
        l->licence = str_dup(a, licence_of(json_object_get(doc, "license")));
}

/* "Name: value" lines up to the first empty one. */
void facts_python_read(struct str text, struct arena *a, struct facts_library_list *ret)
{
    struct str line, key, value, name = {0}, version = {0}, licence = {0};
    while (str_line(&text, &line) && line.n) {
        if (!str_cut(line, ':', &key, &value))
            continue;
        value = str_trim(value);
        if (str_is(key, "Name"))
            name = value;
        else if (str_is(key, "Version"))
            version = value;
        else if (str_is(key, "License-Expression") || (str_is(key, "License") && !licence.n))
            licence = value;
    }
    struct facts_library *l = facts_library_add(a, ret, LIBRARY_PYTHON, name, version);
    if (l && !str_is(licence, "UNKNOWN"))
        l->licence = str_dup(a, licence);
}

/* The first quoted string behind `s.KEY =`. */
static struct str gem_value(struct str line, const char *key)
{
    struct str name, rest, before, value;
    if (!str_cut(str_trim(line), '=', &name, &rest) || !str_is(str_trim(name), key))
        return (struct str){0};
    rest = str_trim(rest);
    size_t at = str_find(rest, '"');
    if (at == rest.n)
        return (struct str){0};
    str_cut(rest, '"', &before, &rest);
    return str_cut(rest, '"', &value, &rest) ? value : (struct str){0};
}

static void keep_first(struct str *to, struct str value)
{
    if (!to->n)
        *to = value;
}

/* What rubygems writes: one assignment a line, literals in double quotes. */
void facts_gem_read(struct str text, struct arena *a, struct facts_library_list *ret)
{
    struct str line, name = {0}, version = {0}, licence = {0};
    while (str_line(&text, &line)) {
        keep_first(&name, gem_value(line, "s.name"));
        keep_first(&version, gem_value(line, "s.version"));
        keep_first(&licence, gem_value(line, "s.licenses"));
    }
    struct facts_library *l = facts_library_add(a, ret, LIBRARY_GEM, name, version);
    if (l)
        l->licence = str_dup(a, licence);
}

void facts_composer_read(struct str text, struct arena *a, struct facts_library_list *ret)
{
    json_t *doc JSON_AUTO = NULL, *packages, *package;
    struct err ignored;
    size_t i;
    if (json_read(text, &doc, &ignored))
        return;
    packages = json_is_array(doc) ? doc : json_object_get(doc, "packages");
    json_array_foreach(packages, i, package)
    {
        struct str version = member(package, "version");
        if (str_starts(version, STR("v"))) /* the registry has it without */
            version = str_from(version, 1);
        struct facts_library *l =
            facts_library_add(a, ret, LIBRARY_COMPOSER, member(package, "name"), version);
        if (l)
            l->licence = str_dup(a, licence_of(json_object_get(package, "license")));
    }
}

void facts_dotnet_read(struct str text, struct arena *a, struct facts_library_list *ret)
{
    json_t *doc JSON_AUTO = NULL, *library;
    const char *key;
    struct err ignored;
    if (json_read(text, &doc, &ignored))
        return;
    json_object_foreach(json_object_get(doc, "libraries"), key, library)
    {
        struct str name, version;
        if (str_is(member(library, "type"), "package") &&
            str_cut(str_of(key), '/', &name, &version))
            facts_library_add(a, ret, LIBRARY_NUGET, name, version);
    }
}
