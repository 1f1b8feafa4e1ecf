/* rule: what rules say → findings and checks.
 *
 * Invariants
 * 1. No evidence holds a whole secret: everything passes secret_redact(). (test_audit: redacted)
 * 2. A rule adds at most LIMIT_RULE_FINDINGS findings; the last one counts the rest and is the
 * worst of it. (test_audit: many)
 */
#include "rules/rule.h"

#include <stdarg.h>

#include "base/buf.h"
#include "base/limits.h"
#include "secret/redact.h"

/* What comes from an image may be long: evidence is a line, not a document. */
enum { EVIDENCE_MAX = 400 };

static struct str evidence_of(struct rule_context *c, const char *fmt, va_list ap)
{
    struct str text = secret_redact(c->secrets, c->a, str_vfmt(c->a, fmt, ap));
    if (text.n <= EVIDENCE_MAX)
        return text;
    size_t cut = EVIDENCE_MAX;
    while (cut > EVIDENCE_MAX - 4 && ((unsigned char)text.p[cut] & 0xc0) == 0x80)
        cut--; /* not inside a UTF-8 sequence */
    return str_fmt(c->a, STR_F "…", STR_A(str_slice(text, 0, cut)));
}

bool rule_full(struct rule_context *c)
{
    if (c->check->n < LIMIT_RULE_FINDINGS)
        return false;
    c->findings->v[c->findings->n - 1].count++;
    return true;
}

struct finding *rule_add(struct rule_context *c, enum severity severity, struct location where,
                         const char *evidence, ...)
{
    uint32_t rest = 0;
    struct finding *f = NULL;
    if (c->check->n == LIMIT_RULE_FINDINGS) {
        f = &c->findings->v[c->findings->n - 1];
        if (severity <= f->severity) {
            f->count++;
            c->spare = (struct finding){0};
            return &c->spare;
        }
        rest = f->count; /* what stands for the rest is the worst of it */
    }
    va_list ap;
    va_start(ap, evidence);
    if (!f) {
        f = vec_push(c->a, c->findings);
        c->check->n++;
    }
    *f = (struct finding){.rule = c->rule,
                          .severity = severity,
                          .where = where,
                          .evidence = evidence_of(c, evidence, ap),
                          .count = rest + 1};
    va_end(ap);
    return f;
}

void rule_pass(struct rule_context *c, const char *evidence, ...)
{
    va_list ap;
    va_start(ap, evidence);
    c->check->status = CHECK_PASS;
    c->check->evidence = evidence_of(c, evidence, ap);
    va_end(ap);
}

void rule_skip(struct rule_context *c, const char *why, ...)
{
    va_list ap;
    va_start(ap, why);
    c->check->status = CHECK_SKIPPED;
    c->check->evidence = evidence_of(c, why, ap);
    va_end(ap);
}

bool rule_of_folder(const struct rule_context *c)
{
    return c->facts->image->name.transport == IMAGE_DIR;
}

const char *rule_whole(const struct rule_context *c)
{
    return rule_of_folder(c) ? "folder" : "image";
}

struct location rule_at_image(void)
{
    return (struct location){.kind = LOCATION_IMAGE};
}

struct location rule_at_config(struct rule_context *c, const char *key, ...)
{
    va_list ap;
    va_start(ap, key);
    struct location l = {.kind = LOCATION_CONFIG, .config_key = str_vfmt(c->a, key, ap)};
    va_end(ap);
    return l;
}

struct location rule_at_layer(struct rule_context *c, uint32_t layer, const struct tree_node *node)
{
    struct location l = {.kind = LOCATION_LAYER, .layer = layer, .path = tree_path(c->a, node)};
    if (layer < c->facts->image->n_layers)
        l.layer_diff_id = c->facts->image->layers[layer].diff_id;
    return l;
}

struct location rule_at_node(struct rule_context *c, const struct tree_node *node)
{
    return rule_at_layer(c, node->layer, node);
}

struct str rule_ignores(struct rule_context *c, const struct location *where)
{
    struct buf covering = {.a = c->a};
    vec_each (&c->policy->ignores, i) {
        const struct ignore *one = &c->policy->ignores.v[i];
        if (!ignore_expired(one, c->today) && ignore_covers(one, c->rule, where))
            buf_addf(&covering, "%zu ", i);
    }
    return buf_str(&covering);
}

struct str rule_owner_text(struct rule_context *c, const struct tree_node *node)
{
    const struct facts_package *p = facts_owner(c->facts, node);
    if (!p)
        return STR("no package");
    return str_fmt(c->a, "package " STR_F " " STR_F, STR_A(p->name), STR_A(p->version));
}

bool rule_lists(const char *list, struct str word)
{
    char padded[64];
    int n = snprintf(padded, sizeof padded, " " STR_F " ", STR_A(word));
    return n > 2 && (size_t)n < sizeof padded && strstr(list, padded);
}

struct str rule_count_text(struct arena *a, size_t n, const char *what)
{
    return str_fmt(a, "%zu %s%s", n, what, n == 1 ? "" : "s");
}

bool rule_inherited(const struct rule_context *c, const struct location *l)
{
    const struct facts_base_layers *below = &c->facts->base.below;
    static const struct str line = STR_INIT("history[");
    uint64_t n;
    if (l->kind == LOCATION_LAYER)
        return l->layer < below->layers;
    if (l->kind != LOCATION_CONFIG)
        return false;
    if (str_starts(l->config_key, line))
        return !str_u64(str_slice(l->config_key, line.n, str_find(l->config_key, ']')), 10, &n) &&
               n < below->history;
    for (size_t i = 0; i < below->settings.n; i++)
        if (str_eq(below->settings.v[i], l->config_key))
            return true;
    return false;
}
