/* rule_trust: CIS 4.4 and 4.5, whose evidence is mostly not in an image: advisories, signatures. */
#include "rules/rule.h"

/* Half a year: distributions publish fixes every week. */
enum { OLD_DAYS = 183 };

/* The day the image was made; false when it says none, or one that builders write for the sake of
 * reproducible images. */
static bool day_made(struct str created, int32_t *ret)
{
    enum { DAY = sizeof "2027-03-31" - 1, FIRST = 3653 + 1 /* 1980-01-01, where zip begins */ };
    struct err e = {0};
    return created.n >= DAY && !ignore_date_parse(str_slice(created, 0, DAY), ret, &e) &&
           *ret > FIRST;
}

static void check_scanned(struct rule_context *c)
{
    const struct facts *f = c->facts;
    struct str packages = rule_count_text(c->a, f->packages.n, "package");
    int32_t made = 0;
    bool dated = day_made(f->image->config.created, &made);
    if (!f->packages.n && !f->libraries.n) {
        rule_skip(c, "no packages are recorded in the %s, and no advisory database is at hand",
                  rule_whole(c));
        return;
    }
    if (dated && c->today - made > OLD_DAYS)
        rule_add(c, SEVERITY_LOW, rule_at_image(),
                 "made on " STR_F
                 ", more than half a year ago: fixes since then are not in its " STR_F,
                 STR_A(ignore_date_text(c->a, made)), STR_A(packages));
    if (rule_of_folder(c)) {
        rule_skip(c, "no advisory database is at hand to hold " STR_F " against", STR_A(packages));
        return;
    }
    rule_skip(c, "no advisory database is at hand to hold " STR_F " against; %s" STR_F,
              STR_A(packages),
              dated ? "the image was made on " : "the image does not say when it was made",
              STR_A(dated ? ignore_date_text(c->a, made) : (struct str){0}));
}

const struct rule rule_cis_4_4 = {
    .info = {.id = "CIS-4.4",
             .aliases = {"CIS-DI-0004"},
             .cis = "4.4",
             .severity = SEVERITY_HIGH,
             .title = "Images are scanned and rebuilt with fixes",
             .why = "A package with a published hole is one that an intruder need not search for.",
             .remedy =
                 "Compare the packages with the advisories of their distribution, and build "
                 "again when there is a fixed version. What is not in the image needs no fix.",
             .example = "docker build --pull --no-cache ."},
    .check = check_scanned,
};

static void check_signed(struct rule_context *c)
{
    static const char *const from[] = {
        [IMAGE_AUTO] = "an image",       [IMAGE_DOCKER_ARCHIVE] = "a docker archive",
        [IMAGE_OCI] = "an OCI layout",   [IMAGE_OCI_ARCHIVE] = "an OCI archive",
        [IMAGE_DIR] = "a folder",        [IMAGE_DOCKER_DAEMON] = "a Docker daemon",
        [IMAGE_REGISTRY] = "a registry", [IMAGE_STORAGE] = "podman's storage",
    };
    const struct image *image = c->facts->image;
    if (image->signatures.n)
        rule_skip(c, STR_F " beside the image, not verified here: " STR_F "%s",
                  STR_A(rule_count_text(c->a, image->signatures.n, "signature")),
                  STR_A(image->signatures.v[0]), image->signatures.n > 1 ? ", …" : "");
    else if (image->signatures_sought)
        rule_skip(c,
                  "no signature lies beside the image in its layout; whether its registry has one "
                  "was not asked");
    else
        rule_skip(c,
                  "read from %s, which has no room for signatures; whether a registry has one was "
                  "not asked",
                  from[image->name.transport]);
}

const struct rule rule_cis_4_5 = {
    .info = {.id = "CIS-4.5",
             .aliases = {"CIS-DI-0005"},
             .cis = "4.5",
             .severity = SEVERITY_MEDIUM,
             .title = "The image is signed",
             .why = "Without a signature, whoever can write to the registry decides what runs, and "
                    "nobody can tell afterwards.",
             .remedy = "Sign the image's digest when it is built, and let the cluster admit signed "
                       "digests only.",
             .example = "cosign sign REGISTRY/NAME@sha256:…"},
    .check = check_signed,
};
