/* signatures: what lies beside an image in its layout and says that it signs it. Found, not
 * verified: whose key it was is for whoever knows the keys.
 *
 * cosign tags a signature with the digest of what it signs, "sha256-….sig"; notation and newer
 * cosign make a manifest whose subject that is (OCI image-spec 1.1).
 *
 * Invariants
 * 1. What cannot be read is passed over: a neighbour does not keep an image from being read.
 *    (test_image_open: signatures)
 */
#include "base/json.h"
#include "base/limits.h"
#include "image/opening.h"

/* Neighbours that are read for their subject. */
enum { NEIGHBOURS = 64 };

static bool is_signature_type(struct str type)
{
    static const struct str parts[] = {STR_INIT("signature"), STR_INIT("sigstore.bundle"),
                                       STR_INIT("cosign.artifact.sig"),
                                       STR_INIT("cosign.simplesigning")};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (str_has(type, parts[i]))
            return true;
    return false;
}

static void add(struct opening *o, const struct manifest_descriptor *d, struct str what)
{
    struct image *image = o->image;
    if (!image->signatures.v)
        image->signatures.v = arena_array(o->a, struct str, NEIGHBOURS);
    if (image->signatures.n < NEIGHBOURS)
        image->signatures.v[image->signatures.n++] =
            str_fmt(o->a, STR_F " (" STR_F ")", STR_A(what), STR_A(digest_text(o->a, &d->digest)));
}

/* The digest of a manifest's subject and what kind of thing it is. */
static bool read_subject(struct str bytes, struct arena *a, struct digest *subject,
                         struct str *type)
{
    JSON_AUTO json_t *j = NULL;
    const json_t *of = NULL, *config = NULL;
    struct str digest = {0};
    struct err e = {0};
    if (json_read(bytes, &j, &e) || !json_is_object(j) || json_get_object(j, "subject", &of, &e) ||
        !of || json_get_str(of, "digest", a, &digest, &e) || digest_parse(digest, subject, &e) ||
        json_get_str(j, "artifactType", a, type, &e) || json_get_object(j, "config", &config, &e))
        return false;
    if (!type->n && config && json_get_str(config, "mediaType", a, type, &e))
        return false;
    return true;
}

static void look_at(struct opening *o, const struct manifest_descriptor *d, struct str tag)
{
    struct str ref = manifest_annotation(&d->annotations, STR(MANIFEST_KEY_REF)), bytes;
    struct digest subject;
    struct str type = {0};
    struct err e = {0};
    if (str_has(ref, tag) && str_ends(ref, STR(".sig"))) {
        add(o, d, STR("cosign's tag"));
        return;
    }
    if (digest_eq(&d->digest, &o->image->manifest_digest) || opening_document(o, d, &bytes, &e) ||
        !read_subject(bytes, o->a, &subject, &type))
        return;
    if (digest_eq(&subject, &o->image->manifest_digest) && is_signature_type(type))
        add(o, d, type);
}

void opening_signatures(struct opening *o, const struct manifest *index)
{
    struct str hex = digest_hex(o->a, &o->image->manifest_digest);
    struct str tag = str_fmt(o->a, "sha256-" STR_F, STR_A(hex));
    for (size_t i = 0; i < index->n_manifests && i < NEIGHBOURS; i++)
        look_at(o, &index->manifests[i], tag);
    o->image->signatures_sought = true;
}
