/* rule_base: where the image comes from → CIS 4.2. */
#include "rules/audit.h"
#include "rules/rule.h"

static bool is_trusted(const struct policy *policy, struct str name)
{
    for (size_t i = 0; i < policy->trusted_bases.n; i++)
        if (ignore_glob(policy->trusted_bases.v[i], name))
            return true;
    return false;
}

static struct str release(const struct facts_base *b)
{
    return b->pretty_name.n ? b->pretty_name : b->evidence;
}

static void check_against_list(struct rule_context *c)
{
    const struct facts_base *b = &c->facts->base;
    if (!b->name.n)
        rule_add(c, SEVERITY_MEDIUM, rule_at_image(),
                 "the image does not name its base, so it cannot be held against trusted-bases")
            ->remedy = STR("Build with the annotation org.opencontainers.image.base.name.");
    else if (!is_trusted(c->policy, b->name))
        rule_add(c, SEVERITY_HIGH, rule_at_image(), "base " STR_F " is not among trusted-bases",
                 STR_A(b->name));
}

static void check_base(struct rule_context *c)
{
    const struct facts_base *b = &c->facts->base;
    const char *rung = rules_rung_name(b->rung);
    if (b->rung == RUNG_SCRATCH) {
        rule_pass(c, "scratch: there is no base to trust (" STR_F ")", STR_A(b->evidence));
        return;
    }
    if (c->policy->trusted_bases.n)
        check_against_list(c);
    if (b->name.n && !b->digest.n)
        rule_add(c, SEVERITY_LOW, rule_at_image(),
                 "base " STR_F " is not pinned by digest: the next build may take another",
                 STR_A(b->name));
    if (b->rung == RUNG_DISTRIBUTION || b->rung == RUNG_UNKNOWN)
        rule_add(c, SEVERITY_LOW, rule_at_image(),
                 "%s (" STR_F "): the ladder is scratch, distroless, busybox, alpine, distribution",
                 rung, STR_A(release(b)));
    if (b->name.n && c->policy->trusted_bases.n)
        rule_pass(c, "%s: " STR_F ", trusted and pinned", rung, STR_A(b->name));
    else if (b->name.n)
        rule_pass(c, "%s: " STR_F ", pinned by digest; no trusted-bases are set", rung,
                  STR_A(b->name));
    else
        rule_skip(c, "%s (" STR_F "); the image names no base, and no trusted-bases are set", rung,
                  STR_A(release(b)));
}

const struct rule rule_cis_4_2 = {
    .info = {.id = "CIS-4.2",
             .aliases = {"CIS-DI-0002", "DL3026", "DL3006", "DL3007", "DS001", "DKL-DI-0006"},
             .cis = "4.2",
             .severity = SEVERITY_LOW,
             .title = "The base image is small, pinned and trusted",
             .why = "Everything in the base is in reach of an intruder, and whoever can change the "
                    "base changes the image. A full distribution brings a shell, a package manager "
                    "and hundreds of files that the program never opens.",
             .remedy = "Start from scratch or a distroless image when the program allows, pin the "
                       "base by digest, and list the bases you trust under trusted-bases in "
                       ".shuck.yaml. shuck harden makes a scratch image from what there is.",
             .example = "FROM debian:bookworm-slim@sha256:…"},
    .check = check_base,
};
