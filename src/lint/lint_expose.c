/* lint_expose: the ports of EXPOSE → findings about how they are written. */
#include "lint/lint_rules.h"

/* Where the text stands, when it stands there as it is. */
static bool written_so(const struct dockerfile_word *word, const struct lint_value *value)
{
    return str_eq(word->text.s, value->text) && word->place.to - word->place.from == value->text.n;
}

static void check_case(struct lint_context *c, const struct lint_step *s)
{
    vec_each (&s->words, i) {
        const struct lint_value *v = &s->words.v[i];
        size_t slash = str_rfind(v->text, '/');
        struct buf small = {.a = c->a};
        bool capital = false;
        for (size_t k = slash + 1; k < v->text.n; k++) {
            char ch = v->text.p[k];
            bool one = ch >= 'A' && ch <= 'Z';
            capital |= one;
            buf_addc(&small, one ? (char)(ch + ('a' - 'A')) : ch);
        }
        if (!capital || !v->known)
            continue;
        struct lint_finding *f =
            lint_add(c, v->place, "the protocol of " STR_F " has capital letters", STR_A(v->text));
        if (!written_so(&s->i->words.v[i], v))
            continue;
        lint_fix(c, f, FIX_SAFE, "writes " STR_F, STR_A(buf_str(&small)));
        lint_edit(c, f, (struct span){v->place.from + (uint32_t)slash + 1, v->place.to}, STR_F,
                  STR_A(buf_str(&small)));
    }
}

static const struct lint_rule protocol_case = {
    .info = {.id = "ExposeProtoCasing",
             .severity = SEVERITY_INFO,
             .title = "Protocols of EXPOSE are in small letters",
             .why = "Builders take tcp and udp in small letters; other tools that read the image "
                    "compare them letter by letter.",
             .remedy = "Write tcp, udp or sctp.",
             .example = "EXPOSE 53/udp"},
    .ours = true,
    .kinds = LINT_ON(EXPOSE),
    .step = check_case,
    .repairs = FIX_SAFE,
};

static void check_format(struct lint_context *c, const struct lint_step *s)
{
    vec_each (&s->words, i) {
        const struct lint_value *v = &s->words.v[i];
        struct str ports = str_slice(v->text, 0, str_find(v->text, '/'));
        size_t colon = str_rfind(ports, ':');
        if (colon == ports.n || colon == 0 || !v->known)
            continue;
        struct lint_finding *f =
            lint_add(c, v->place, STR_F " names an address or a port of the host", STR_A(v->text));
        if (!written_so(&s->i->words.v[i], v) || colon + 1 == ports.n)
            continue;
        lint_fix(c, f, FIX_SAFE, "leaves the container's port");
        lint_edit(c, f, (struct span){v->place.from, v->place.from + (uint32_t)colon + 1}, "%s",
                  "");
    }
}

static const struct lint_rule format = {
    .info = {.id = "ExposeInvalidFormat",
             .severity = SEVERITY_MEDIUM,
             .title = "EXPOSE names ports of the container only",
             .why = "Which address and port of the host leads there is for who runs the container "
                    "to say. Builders drop it in silence, and say that they will refuse it.",
             .remedy = "Leave the port and its protocol; map it with --publish.",
             .example = "EXPOSE 8080/tcp"},
    .ours = true,
    .kinds = LINT_ON(EXPOSE),
    .step = check_format,
    .repairs = FIX_SAFE,
};

const struct lint_rule *const lint_expose[] = {&protocol_case, &format, NULL};
