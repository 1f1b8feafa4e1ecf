/* sbom_cyclonedx: an image's packages and libraries → CycloneDX 1.6 (ECMA-424).
 *
 * Invariants
 * 1. Every bom-ref is of one component, and every ref of a dependency is the bom-ref of one.
 *    (sbom.t: refs)
 */
#include "base/json.h"
#include "lint/lint_formats.h"
#include "report/sbom.h"

enum { REF_IMAGE = -2, REF_OS = -1 };

static struct str ref(struct arena *a, int64_t number)
{
    if (number == REF_IMAGE)
        return STR("image");
    return number == REF_OS ? STR("operating-system") : str_fmt(a, "part-%lld", (long long)number);
}

static json_t *properties_of(json_t *component)
{
    json_t *list = json_object_get(component, "properties");
    if (!list) {
        list = json_array();
        json_set(component, "properties", list);
    }
    return list;
}

static void add_property(json_t *component, const char *name, struct str value)
{
    if (!value.n)
        return;
    json_t *p = json_object();
    json_set_text(p, "name", str_of(name));
    json_set_text(p, "value", value);
    json_array_append_new(properties_of(component), p);
}

static json_t *component(struct arena *a, const char *type, int64_t number, struct str name,
                         struct str version)
{
    json_t *c = json_object();
    json_set_text(c, "type", str_of(type));
    json_set_text(c, "bom-ref", ref(a, number));
    json_set_text(c, "name", name);
    if (version.n)
        json_set_text(c, "version", version);
    return c;
}

/* An expression of SPDX's, or a name that it does not know. */
static void set_licence(json_t *c, struct str licence)
{
    if (!licence.n)
        return;
    json_t *choice = json_object(), *name = json_object(), *list = json_array();
    if (lint_is_license_expression(licence)) {
        json_set_text(choice, "expression", licence);
        json_decref(name);
    } else {
        json_set_text(name, "name", licence);
        json_set(choice, "license", name);
    }
    json_array_append_new(list, choice);
    json_set(c, "licenses", list);
}

static json_t *part_component(const struct sbom *s, struct arena *a, size_t number)
{
    const struct image *image = s->facts->image;
    struct sbom_part p = sbom_part(s, a, number);
    json_t *c = component(a, "library", (int64_t)number, p.name, p.version);
    set_licence(c, p.licence);
    if (p.purl.n)
        json_set_text(c, "purl", p.purl);
    if (p.layer < image->n_layers && image->name.transport != IMAGE_DIR) {
        add_property(c, "shuck:layer", str_number(a, p.layer));
        add_property(c, "shuck:layer:diff-id", digest_text(a, &image->layers[p.layer].diff_id));
    }
    add_property(c, "shuck:path", p.path);
    if (p.owner)
        add_property(c, "shuck:package", p.owner->name);
    if (p.package) {
        add_property(c, "shuck:source", p.package->source);
        add_property(c, "shuck:source-version", p.package->source_version);
        add_property(c, "shuck:files", str_fmt(a, "%zu", p.package->files.n));
        add_property(c, "shuck:bytes", str_fmt(a, "%llu", (unsigned long long)p.package->bytes));
    }
    return c;
}

static json_t *image_component(const struct sbom *s, struct arena *a)
{
    const struct facts *f = s->facts;
    const struct image *image = f->image;
    json_t *c = component(a, "container", REF_IMAGE, s->name, sbom_digest(s, a));
    const struct image_platform *platform = &image->config.platform;
    if (str_starts(sbom_digest(s, a), STR("sha256:"))) {
        json_t *list = json_array(), *sum = json_object();
        json_set_text(sum, "alg", STR("SHA-256"));
        json_set_text(sum, "content", str_from(sbom_digest(s, a), 7));
        json_array_append_new(list, sum);
        json_set(c, "hashes", list);
    }
    add_property(c, "shuck:platform",
                 str_fmt(a, STR_F "/" STR_F "%s" STR_F, STR_A(platform->os), STR_A(platform->arch),
                         platform->variant.n ? "/" : "", STR_A(platform->variant)));
    if (image->name.transport != IMAGE_DIR) {
        add_property(c, "shuck:config", digest_text(a, &image->config_digest));
        for (size_t i = 0; i < image->n_layers; i++)
            add_property(c, "shuck:layers", digest_text(a, &image->layers[i].diff_id));
    }
    add_property(c, "shuck:base", f->base.name);
    add_property(c, "shuck:files", str_fmt(a, "%zu", f->tree->n_files));
    add_property(c, "shuck:bytes", str_fmt(a, "%llu", (unsigned long long)f->tree->bytes));
    return c;
}

static json_t *metadata(const struct sbom *s, struct arena *a)
{
    json_t *m = json_object(), *tools = json_object(), *list = json_array(), *tool = json_object();
    json_set_text(tool, "type", STR("application"));
    json_set_text(tool, "name", STR("shuck"));
    json_set_text(tool, "version", STR(SHUCK_VERSION));
    json_array_append_new(list, tool);
    json_set(tools, "components", list);
    json_set_text(m, "timestamp", sbom_time(s, a));
    json_set(m, "tools", tools);
    json_set(m, "component", image_component(s, a));
    return m;
}

static json_t *dependency(struct arena *a, int64_t number, json_t **on)
{
    json_t *d = json_object();
    json_set_text(d, "ref", ref(a, number));
    *on = json_array();
    json_set(d, "dependsOn", *on);
    return d;
}

/* The image is made of its operating system and libraries, that of its packages. */
static void write_dependencies(const struct sbom *s, struct sbom_writer *w)
{
    const struct facts *f = s->facts;
    struct arena a = {0};
    json_t *on, *image = dependency(&a, REF_IMAGE, &on);
    json_array_append_new(on, json_text(ref(&a, REF_OS)));
    for (size_t i = f->packages.n; i < sbom_parts(s); i++)
        json_array_append_new(on, json_text(ref(&a, (int64_t)i)));
    sbom_value(w, image);
    json_t *os = dependency(&a, REF_OS, &on);
    vec_each (&f->packages, i)
        json_array_append_new(on, json_text(ref(&a, (int64_t)i)));
    sbom_value(w, os);
    struct sbom_needs needs = sbom_needs_begin(f);
    for (size_t i = 0; i < f->packages.n; i++) {
        struct arena_mark mark = arena_mark(&a);
        struct sbom_numbers to = {0};
        sbom_needs_of(&needs, i, &a, &to);
        json_t *d = dependency(&a, (int64_t)i, &on);
        vec_each (&to, k)
            json_array_append_new(on, json_text(ref(&a, to.v[k])));
        sbom_value(w, d);
        arena_rewind(&a, mark);
    }
    sbom_needs_end(&needs);
    arena_free(&a);
}

static void write_components(const struct sbom *s, struct sbom_writer *w)
{
    const struct facts_base *base = &s->facts->base;
    struct arena a = {0};
    sbom_value(w, component(&a, "operating-system", REF_OS, base->id.n ? base->id : STR("unknown"),
                            base->version_id));
    for (size_t i = 0; i < sbom_parts(s); i++) {
        struct arena_mark mark = arena_mark(&a);
        sbom_value(w, part_component(s, &a, i));
        arena_rewind(&a, mark);
    }
    arena_free(&a);
}

int report_sbom_cyclonedx(const struct sbom *s, struct sink *to, struct err *e)
{
    struct sbom_writer w = {.to = to, .e = e};
    struct arena a = {0};
    sbom_text(&w, "{\"$schema\":\"http://cyclonedx.org/schema/bom-1.6.schema.json\",\n"
                  "\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"version\":1,\n"
                  "\"serialNumber\":\"urn:uuid:");
    sbom_text(&w, sbom_uuid(s, &a).p);
    sbom_text(&w, "\",\n\"metadata\":");
    sbom_value(&w, metadata(s, &a));
    sbom_text(&w, ",\n\"components\":[");
    write_components(s, &w);
    sbom_text(&w, "],\n\"dependencies\":[");
    write_dependencies(s, &w);
    sbom_text(&w, "]}\n");
    arena_free(&a);
    return sbom_end(&w);
}
