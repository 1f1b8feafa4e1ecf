/* sbom_spdx: an image's packages and libraries → SPDX 2.3 (ISO/IEC 5962), as JSON.
 *
 * What nobody has looked into is NOASSERTION: the licences that a package declares are the
 * package's word, not a conclusion. One that SPDX has no identifier for gets one of this document,
 * LicenseRef-…, made from its words, which stand beside it.
 *
 * Invariants
 * 1. Every SPDXID is of one element, and every relationship is between two that are there.
 *    (sbom.t: refs)
 * 2. Every LicenseRef that a package names is explained once. (test_sbom: licences)
 */
#include "base/json.h"
#include "facts/purl.h"
#include "lint/lint_formats.h"
#include "report/sbom.h"

#define ID_DOCUMENT STR("SPDXRef-DOCUMENT")
#define ID_IMAGE    STR("SPDXRef-Image")
#define ID_OS       STR("SPDXRef-OperatingSystem")

static struct str part_id(struct arena *a, size_t number)
{
    return str_fmt(a, "SPDXRef-Package-%zu", number);
}

static json_t *package(struct str id, struct str name, struct str version, const char *purpose)
{
    json_t *p = json_object();
    json_set_text(p, "SPDXID", id);
    json_set_text(p, "name", name);
    if (version.n)
        json_set_text(p, "versionInfo", version);
    json_set_text(p, "primaryPackagePurpose", str_of(purpose));
    json_set_text(p, "supplier", STR("NOASSERTION"));
    json_set_text(p, "downloadLocation", STR("NOASSERTION"));
    json_set(p, "filesAnalyzed", json_false());
    json_set_text(p, "licenseConcluded", STR("NOASSERTION"));
    json_set_text(p, "copyrightText", STR("NOASSERTION"));
    return p;
}

/* ---- licences ---- */

/* "LicenseRef-Fedora-Public-Domain" */
static bool is_ref(struct str word)
{
    static const struct str prefix = STR_INIT("LicenseRef-");
    if (!str_starts(word, prefix) || word.n == prefix.n)
        return false;
    for (size_t i = prefix.n; i < word.n; i++) {
        char c = word.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '.' || c == '-'))
            return false;
    }
    return true;
}

/* Takes the next word off an expression; operators are words, too. */
static bool next_word(struct str *rest, struct str *word)
{
    size_t from = 0, to;
    while (from < rest->n && strchr(" \t()", rest->p[from]))
        from++;
    for (to = from; to < rest->n && !strchr(" \t()", rest->p[to]);)
        to++;
    *word = str_slice(*rest, from, to);
    *rest = str_from(*rest, to);
    return word->n;
}

/* Whether SPDX takes it as it is: references are to be of this document, and well formed. */
static bool is_known(struct str licence)
{
    if (!lint_is_license_expression(licence))
        return false;
    for (struct str word; next_word(&licence, &word);)
        if (str_starts(word, STR("DocumentRef-")) ||
            (str_starts(word, STR("LicenseRef-")) && !is_ref(word)))
            return false;
    return true;
}

static struct str own_ref(struct arena *a, struct str licence)
{
    struct digest sum = digest_of(licence);
    return str_fmt(a, "LicenseRef-shuck-%.16s", digest_hex(a, &sum).p);
}

static void set_licence(json_t *p, struct arena *a, struct str licence)
{
    json_set_text(p, "licenseDeclared",
                  !licence.n          ? STR("NOASSERTION")
                  : is_known(licence) ? licence
                                      : own_ref(a, licence));
}

/* The licences that were explained. */
struct explained {
    struct map refs;
    struct arena a;
    struct sbom_writer *w;
};

static void explain(struct explained *x, struct str ref, struct str text)
{
    if (map_get(&x->refs, ref))
        return;
    *map_at(&x->refs, str_dup(&x->a, ref)) = x;
    json_t *info = json_object();
    json_set_text(info, "licenseId", ref);
    json_set_text(info, "extractedText", text);
    json_set_text(info, "comment", STR("what a package says of its licence, not its text"));
    sbom_value(x->w, info);
}

static void write_licences(const struct sbom *s, struct sbom_writer *w)
{
    struct explained x = {.w = w};
    struct arena a = {0};
    x.refs.a = &x.a;
    for (size_t i = 0; i < sbom_parts(s); i++) {
        struct arena_mark mark = arena_mark(&a);
        struct str licence = sbom_part(s, &a, i).licence, word;
        if (licence.n && !is_known(licence))
            explain(&x, own_ref(&a, licence), licence);
        else
            while (next_word(&licence, &word))
                if (is_ref(word))
                    explain(&x, word, word);
        arena_rewind(&a, mark);
    }
    arena_free(&x.a);
    arena_free(&a);
}

/* ---- packages ---- */

static void set_purl(json_t *p, struct str purl)
{
    if (!purl.n)
        return;
    json_t *list = json_array(), *r = json_object();
    json_set_text(r, "referenceCategory", STR("PACKAGE-MANAGER"));
    json_set_text(r, "referenceType", STR("purl"));
    json_set_text(r, "referenceLocator", purl);
    json_array_append_new(list, r);
    json_set(p, "externalRefs", list);
}

static struct str place_of(const struct sbom *s, struct arena *a, const struct sbom_part *p)
{
    const struct image *image = s->facts->image;
    struct buf b = {.a = a};
    if (p->layer < image->n_layers && image->name.transport != IMAGE_DIR)
        buf_addf(&b, "layer %u, " STR_F, p->layer,
                 STR_A(digest_text(a, &image->layers[p->layer].diff_id)));
    if (p->package)
        buf_addf(&b, "%s%zu files, %llu bytes", b.n ? "; " : "", p->package->files.n,
                 (unsigned long long)p->package->bytes);
    if (p->path.n)
        buf_addf(&b, "%s" STR_F, b.n ? "; " : "", STR_A(p->path));
    if (p->owner)
        buf_addf(&b, ", of package " STR_F, STR_A(p->owner->name));
    return buf_str(&b);
}

static json_t *part_package(const struct sbom *s, struct arena *a, size_t number)
{
    struct sbom_part part = sbom_part(s, a, number);
    json_t *p = package(part_id(a, number), part.name, part.version, "LIBRARY");
    set_licence(p, a, part.licence);
    set_purl(p, part.purl);
    if (part.package)
        json_set_text(p, "sourceInfo",
                      str_fmt(a, "built from " STR_F " " STR_F, STR_A(part.package->source),
                              STR_A(part.package->source_version)));
    json_set_text(p, "comment", place_of(s, a, &part));
    return p;
}

static json_t *image_package(const struct sbom *s, struct arena *a)
{
    const struct facts *f = s->facts;
    const struct image *image = f->image;
    struct str digest = sbom_digest(s, a);
    json_t *p = package(ID_IMAGE, s->name, digest, "CONTAINER");
    struct buf b = {.a = a};
    buf_addf(&b, STR_F "/" STR_F "; %zu files, %llu bytes", STR_A(image->config.platform.os),
             STR_A(image->config.platform.arch), f->tree->n_files,
             (unsigned long long)f->tree->bytes);
    for (size_t i = 0; image->name.transport != IMAGE_DIR && i < image->n_layers; i++)
        buf_addf(&b, "; layer %zu, " STR_F, i, STR_A(digest_text(a, &image->layers[i].diff_id)));
    json_set_text(p, "licenseDeclared", STR("NOASSERTION"));
    json_set_text(p, "comment", buf_str(&b));
    if (str_starts(digest, STR("sha256:"))) {
        json_t *list = json_array(), *sum = json_object();
        json_set_text(sum, "algorithm", STR("SHA256"));
        json_set_text(sum, "checksumValue", str_from(digest, 7));
        json_array_append_new(list, sum);
        json_set(p, "checksums", list);
    }
    return p;
}

static void write_packages(const struct sbom *s, struct sbom_writer *w)
{
    const struct facts_base *base = &s->facts->base;
    struct arena a = {0};
    sbom_value(w, image_package(s, &a));
    json_t *os = package(ID_OS, base->id.n ? base->id : STR("unknown"), base->version_id,
                         "OPERATING_SYSTEM");
    json_set_text(os, "licenseDeclared", STR("NOASSERTION"));
    sbom_value(w, os);
    for (size_t i = 0; i < sbom_parts(s); i++) {
        struct arena_mark mark = arena_mark(&a);
        sbom_value(w, part_package(s, &a, i));
        arena_rewind(&a, mark);
    }
    arena_free(&a);
}

static json_t *relationship(struct str from, const char *type, struct str to)
{
    json_t *r = json_object();
    json_set_text(r, "spdxElementId", from);
    json_set_text(r, "relationshipType", str_of(type));
    json_set_text(r, "relatedSpdxElement", to);
    return r;
}

static void write_relationships(const struct sbom *s, struct sbom_writer *w)
{
    const struct facts *f = s->facts;
    struct arena a = {0};
    struct sbom_needs needs = sbom_needs_begin(f);
    sbom_value(w, relationship(ID_DOCUMENT, "DESCRIBES", ID_IMAGE));
    sbom_value(w, relationship(ID_IMAGE, "CONTAINS", ID_OS));
    for (size_t i = 0; i < sbom_parts(s); i++) {
        struct arena_mark mark = arena_mark(&a);
        struct sbom_numbers to = {0};
        bool of_os = i < f->packages.n;
        sbom_value(w, relationship(of_os ? ID_OS : ID_IMAGE, "CONTAINS", part_id(&a, i)));
        if (of_os)
            sbom_needs_of(&needs, i, &a, &to);
        vec_each (&to, k)
            sbom_value(w, relationship(part_id(&a, i), "DEPENDS_ON", part_id(&a, to.v[k])));
        arena_rewind(&a, mark);
    }
    sbom_needs_end(&needs);
    arena_free(&a);
}

static json_t *creation(const struct sbom *s, struct arena *a)
{
    json_t *c = json_object(), *creators = json_array();
    json_array_append_new(creators, json_text(STR("Tool: shuck-" SHUCK_VERSION)));
    json_set_text(c, "created", sbom_time(s, a));
    json_set(c, "creators", creators);
    return c;
}

int report_sbom_spdx(const struct sbom *s, struct sink *to, struct err *e)
{
    struct sbom_writer w = {.to = to, .e = e};
    struct arena a = {0};
    sbom_text(&w, "{\"spdxVersion\":\"SPDX-2.3\",\"dataLicense\":\"CC0-1.0\",\n"
                  "\"SPDXID\":\"SPDXRef-DOCUMENT\",\n\"name\":");
    sbom_value(&w, json_text(s->name));
    sbom_text(&w, ",\n\"documentNamespace\":\"https://spdx.org/spdxdocs/shuck-");
    sbom_text(&w, sbom_uuid(s, &a).p);
    sbom_text(&w, "\",\n\"creationInfo\":");
    sbom_value(&w, creation(s, &a));
    sbom_text(&w, ",\n\"packages\":[");
    write_packages(s, &w);
    sbom_text(&w, "],\n\"relationships\":[");
    write_relationships(s, &w);
    sbom_text(&w, "],\n\"hasExtractedLicensingInfos\":[");
    write_licences(s, &w);
    sbom_text(&w, "]}\n");
    arena_free(&a);
    return sbom_end(&w);
}
