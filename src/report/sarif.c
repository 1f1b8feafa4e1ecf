/* sarif: see sarif.h.
 *
 * Invariants
 * 1. A name of any bytes becomes a URI reference that no scheme can be read from.
 *    (tests/lint_formats.t: sarif)
 */
#include "report/sarif.h"

#include "base/buf.h"

const char *sarif_level(enum severity s)
{
    return s >= SEVERITY_HIGH ? "error" : s == SEVERITY_MEDIUM ? "warning" : "note";
}

json_t *sarif_text(struct str text)
{
    json_t *o = json_object();
    json_set_text(o, "text", text);
    return o;
}

json_t *sarif_list(json_t *one)
{
    json_t *list = json_array();
    json_array_append_new(list, one);
    return list;
}

/* All but what is always plain is escaped, so that a colon in it
 * makes no scheme. */
struct str sarif_uri(struct arena *a, struct str name)
{
    struct buf b = {.a = a};
    if (str_starts(name, STR("/")))
        buf_addz(&b, "file://");
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c && strchr("-._~/", c));
        if (plain)
            buf_addc(&b, (char)c);
        else
            buf_addf(&b, "%%%02X", c);
    }
    return buf_str(&b);
}

static struct str help_text(struct arena *a, const struct rule_info *rule)
{
    struct str remedy = str_of(rule->remedy);
    return rule->example ? str_fmt(a, STR_F "\n\n%s", STR_A(remedy), rule->example) : remedy;
}

json_t *sarif_rule(struct arena *a, const struct rule_info *rule)
{
    json_t *o = json_object(), *properties = json_object(), *configuration = json_object();
    struct str title = rule->title ? str_of(rule->title) : str_of(rule->id);
    json_set_text(o, "id", str_of(rule->id));
    json_set(o, "shortDescription", sarif_text(title));
    if (rule->why)
        json_set(o, "fullDescription", sarif_text(str_of(rule->why)));
    if (rule->remedy)
        json_set(o, "help", sarif_text(help_text(a, rule)));
    json_set_text(configuration, "level", str_of(sarif_level(rule->severity)));
    json_set(o, "defaultConfiguration", configuration);
    json_set(properties, "aliases", json_texts(rule_aliases(a, rule)));
    if (rule->cis)
        json_set(properties, "tags", sarif_list(json_text(str_fmt(a, "CIS-%s", rule->cis))));
    json_set(o, "properties", properties);
    return o;
}
