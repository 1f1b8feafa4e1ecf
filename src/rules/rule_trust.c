/* rule_trust: CIS 4.4 and 4.5, whose evidence is not in an image: advisories, signatures. */
#include "rules/rule.h"

static void check_scanned(struct rule_context *c)
{
    struct str created = c->facts->image->config.created;
    rule_skip(c, "no advisory database is at hand to hold " STR_F " against%s" STR_F,
              STR_A(rule_count_text(c->a, c->facts->packages.n, "package")),
              created.n ? "; the image was made " : "", STR_A(created));
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
    rule_skip(c, "read from %s, beside which no signature was looked for",
              from[c->facts->image->name.transport]);
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
