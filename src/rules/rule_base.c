/* rule_base: where the image comes from → CIS 4.2. */
#include "rules/audit.h"
#include "rules/end_of_life.h"
#include "rules/rule.h"

enum { DAYS_OLD = 180, DAYS_LEFT = 90 };

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

/* ---- how long there are fixes ---- */

static const char remedy_release[] =
    "Build on a release that gets fixes; what the old one brings stays as it is for ever.";

static void check_end(struct rule_context *c, const struct end_of_life *life)
{
    struct str what = release(&c->facts->base);
    struct finding *f = NULL;
    if (c->today > life->lts_day)
        f = rule_add(c, SEVERITY_HIGH, rule_at_image(),
                     STR_F ": fixes ended on %s%s%s (dates of " END_OF_LIFE_TABLE ")", STR_A(what),
                     life->end, life->lts ? ", long-term ones on " : "",
                     life->lts ? life->lts : "");
    else if (c->today > life->end_day)
        f = rule_add(
            c, SEVERITY_LOW, rule_at_image(),
            STR_F
            ": regular fixes ended on %s; long-term ones end on %s (dates of " END_OF_LIFE_TABLE
            ")",
            STR_A(what), life->end, life->lts);
    else if (life->lts_day - c->today <= DAYS_LEFT)
        f = rule_add(c, SEVERITY_INFO, rule_at_image(),
                     STR_F ": fixes end on %s (dates of " END_OF_LIFE_TABLE ")", STR_A(what),
                     life->lts ? life->lts : life->end);
    if (f)
        f->remedy = str_of(remedy_release);
}

static void check_age(struct rule_context *c)
{
    struct str created = str_slice(c->facts->base.below.created, 0, 10);
    struct err e = {0};
    int32_t day;
    if (ignore_date_parse(created, &day, &e) || c->today - day <= DAYS_OLD)
        return;
    rule_add(c, SEVERITY_LOW, rule_at_image(),
             "the base was made on " STR_F ": whatever was mended in it since is missing",
             STR_A(created))
        ->remedy = STR("Build again on the base as it is today, and do so whenever it changes.");
}

/* "; fixes until 2028-06-30 (dates of …)" */
static struct str support_text(struct rule_context *c, bool known, const struct end_of_life *life)
{
    if (!known)
        return STR("; until when there are fixes for it is not known here");
    if (life->rolling)
        return STR("; a rolling release");
    return str_fmt(c->a, "; fixes until %s (dates of " END_OF_LIFE_TABLE ")",
                   life->lts ? life->lts : life->end);
}

static void check_base(struct rule_context *c)
{
    const struct facts_base *b = &c->facts->base;
    const char *rung = rules_rung_name(b->rung);
    if (b->rung == RUNG_SCRATCH) {
        rule_pass(c, "scratch: there is no base to trust (" STR_F ")", STR_A(b->evidence));
        return;
    }
    struct end_of_life life = {0};
    bool known = end_of_life_of(b->id, b->version_id, &life);
    struct str support = support_text(c, known, &life);
    if (c->policy->trusted_bases.n && !rule_of_folder(c)) /* a folder could not name one */
        check_against_list(c);
    if (known && !life.rolling)
        check_end(c, &life);
    if (!known && b->id.n && b->version_id.n)
        rule_add(c, SEVERITY_INFO, rule_at_image(),
                 STR_F ": this release is unknown to the table of " END_OF_LIFE_TABLE
                       "; whether it still gets fixes is not told",
                 STR_A(release(b)))
            ->remedy = STR("Look up until when the distribution mends this release.");
    check_age(c);
    if (b->name.n && !b->digest.n && !str_has(b->name, STR("@sha256:")))
        rule_add(c, SEVERITY_LOW, rule_at_image(),
                 "base " STR_F " is not pinned by digest: the next build may take another",
                 STR_A(b->name));
    if (b->rung == RUNG_DISTRIBUTION || b->rung == RUNG_UNKNOWN)
        rule_add(c, SEVERITY_LOW, rule_at_image(),
                 "%s (" STR_F "): the ladder is scratch, distroless, busybox, alpine, distribution",
                 rung, STR_A(release(b)));
    if (b->name.n && c->policy->trusted_bases.n)
        rule_pass(c, "%s: " STR_F ", trusted and pinned" STR_F, rung, STR_A(b->name),
                  STR_A(support));
    else if (b->name.n)
        rule_pass(c, "%s: " STR_F ", pinned by digest" STR_F "; no trusted-bases are set", rung,
                  STR_A(b->name), STR_A(support));
    else if (rule_of_folder(c))
        rule_skip(c, "%s (" STR_F ")" STR_F "; a folder does not name what it was made from", rung,
                  STR_A(release(b)), STR_A(support));
    else
        rule_skip(c,
                  "%s (" STR_F ")" STR_F "; the image names no base, and no trusted-bases are set",
                  rung, STR_A(release(b)), STR_A(support));
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
