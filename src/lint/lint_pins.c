/* lint_pins: images that are named without a digest → findings of CIS 4.5, and the digest where it
 * is known.
 *
 * Invariants
 * 1. A tag, a platform and a stage's name stay beside the digest. (test_lint_table: what is kept
 * beside it)
 * 2. Without anybody who knows the image there is no repair. (test_lint_table: nobody has a digest)
 */
#include "lint/lint_known.h"
#include "lint/lint_rules.h"

static void offer(struct lint_context *c, struct lint_finding *f, const struct lint_pin *pin,
                  const struct lint_image *image)
{
    if (!image->digest.n || pin->why)
        return;
    lint_fix(c, f, FIX_UNSAFE,
             image->alone ? "adds the digest that " STR_F " has for it, of one platform's image"
                          : "adds the digest that " STR_F " has for it",
             STR_A(image->by));
    lint_edit(c, f, pin->to, "@" STR_F, STR_A(image->digest));
}

static void check_pins(struct lint_context *c)
{
    struct lint_pins pins = {0};
    lint_pins_read(c->a, c->file, &pins);
    vec_each (&pins, i) {
        const struct lint_pin *pin = &pins.v[i];
        const struct lint_image *image = lint_known_image(c->options->known, pin->name);
        bool says_why = c->options->known && pin->why;
        c->step = pin->step;
        struct lint_finding *f =
            lint_add(c, pin->place, STR_F " is named without a digest%s%s", STR_A(pin->name),
                     says_why ? "; none is added: " : "", says_why ? pin->why : "");
        if (image)
            offer(c, f, pin, image);
    }
    c->step = NULL;
}

static const struct lint_rule unpinned = {
    .info = {.id = "SHUCK-UNPINNED-BASE",
             .aliases = {"CIS-DI-0005"},
             .cis = "4.5",
             .severity = SEVERITY_LOW,
             .title = "Images are named by digest",
             .why = "A tag is whatever its registry says today. Only a digest names the image that "
                    "was tested, and that a signature was checked for.",
             .remedy = "Write the digest behind the tag, and let a bot renew it. With --pin, which "
                       "says whom to ask for it, --fix --unsafe does.",
             .example = "FROM debian:12-slim@sha256:…"},
    .ours = true,
    .image = true,
    .repairs = FIX_UNSAFE,
    .file_hook = check_pins,
};

const struct lint_rule *const lint_pinned[] = {&unpinned, NULL};
