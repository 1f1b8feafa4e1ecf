/* lint_compat: see lint_compat.h.
 *
 * Invariants
 * 1. Every byte of an image's name is in one part at most, and a variable in braces is never cut.
 *    (test_lint_file: compat references)
 * 2. A word without variables and the like is as it was. (test_lint_args: cases)
 */
#include "lint/lint_compat.h"

/* ---- names of images ---- */

/* Behind what stands before any of these bytes; ${ } is passed over whole. */
static size_t until(struct str s, size_t at, const char *stops)
{
    for (size_t depth = 0; at < s.n; at++) {
        if (s.p[at] == '$' && at + 1 < s.n && s.p[at + 1] == '{')
            depth++;
        else if (s.p[at] == '}' && depth)
            depth--;
        else if (!depth && s.p[at] && strchr(stops, s.p[at]))
            break;
    }
    return at;
}

/* ANY.ANY/ before the name is a registry, however many slashes the first part has; so
 * localhost:5000 is a name with a tag. */
struct lint_reference lint_reference_compat(struct str text)
{
    struct lint_reference r = {.text = text};
    size_t dot = until(text, 0, "."), slash = dot < text.n ? until(text, dot + 1, "/") : text.n;
    size_t name = dot && slash < text.n && slash > dot + 1 ? slash + 1 : 0;
    size_t tag = until(text, name, "@:"), digest = tag;
    if (name)
        r.registry = str_slice(text, 0, name - 1);
    r.repository = str_slice(text, name, tag);
    if (tag < text.n && text.p[tag] == ':') {
        digest = until(text, tag + 1, "@:");
        r.tag = str_slice(text, tag + 1, digest);
    }
    if (digest < text.n)
        r.digest = str_from(text, digest + 1);
    return r;
}

struct lint_reference lint_source_compat(struct str text)
{
    struct lint_reference r = {.text = text, .repository = text};
    struct str first, rest;
    if (str_cut(text, '/', &first, &rest) && str_find(first, '.') < first.n) {
        r.registry = first;
        r.repository = rest;
    }
    return r;
}

/* ---- words of a shell ---- */

/* A variable as ${NAME}, all else that a shell would replace as ${VAR}: so hadolint has it. */
static void add_part(struct buf *b, struct str part)
{
    if (!part.n || *part.p == '<' || *part.p == '>') /* <( ) */
        return;
    if (str_starts(part, STR("${")))
        buf_add(b, part);
    else if (*part.p == '$' && !str_starts(part, STR("$(")))
        buf_addf(b, "${" STR_F "}", STR_A(str_from(part, 1)));
    else
        buf_addz(b, "${VAR}");
}

static void add_word(struct buf *b, const struct shell_word *w)
{
    size_t at = 0;
    vec_each (&w->parts, i) {
        const struct shell_part *part = &w->parts.v[i];
        buf_add(b, str_slice(w->text.s, at, part->from));
        add_part(b, str_slice(w->text.s, part->from, part->to));
        at = part->to;
    }
    buf_add(b, str_from(w->text.s, at));
}

/* Of $( ) hadolint has the words, without blanks between them, but for those of pipes and chains.
 * They are looked for from command *next on, which is then the one behind them. */
static void add_inner(struct buf *b, const struct shell_script *script, size_t index,
                      struct span place, size_t *next)
{
    const struct shell_commands *all = &script->commands;
    buf_addz(b, "${");
    size_t begins = b->n; /* of the last chain */
    for (; *next < all->n && all->v[*next].place.from < place.to; (*next)++) {
        const struct shell_command *inner = &all->v[*next];
        if (inner->parent != index || inner->place.from < place.from ||
            inner->flags & SHELL_WRAPPED)
            continue;
        if (inner->join != SHELL_FIRST && inner->join != SHELL_THEN) {
            b->n = begins;
            continue;
        }
        begins = b->n;
        vec_each (&inner->words, i)
            add_word(b, &inner->words.v[i]);
    }
    buf_addz(b, "}");
}

struct str lint_compat_word(struct arena *a, const struct shell_script *script, size_t index,
                            const struct shell_word *w, size_t *next)
{
    struct buf b = {.a = a};
    size_t at = 0;
    if (!w->parts.n)
        return w->text.s;
    vec_each (&w->parts, i) {
        const struct shell_part *part = &w->parts.v[i];
        struct str text = str_slice(w->text.s, part->from, part->to);
        buf_add(&b, str_slice(w->text.s, at, part->from));
        if (part->kind == SHELL_COMMAND && str_starts(text, STR("$(")))
            add_inner(&b, script, index, placed_span(&w->text, part->from, part->to), next);
        else
            add_part(&b, text);
        at = part->to;
    }
    buf_add(&b, str_from(w->text.s, at));
    return buf_str(&b);
}

/* ---- here-documents ---- */

struct placed lint_compat_script(struct arena *a, const struct dockerfile_instruction *i,
                                 const struct placed *otherwise)
{
    struct placed_buf b = {.text = {.a = a}};
    if (i->kind != DOCKERFILE_RUN || i->heredocs.n != 1)
        return *otherwise;
    const struct dockerfile_heredoc *doc = &i->heredocs.v[0];
    size_t mark = doc->mark.to - doc->mark.from, at = mark;
    while (at < i->args.s.n && i->args.s.p[at] == ' ')
        at++;
    if (!i->args.s.n || placed_at(&i->args, 0) != doc->mark.from || at >= i->args.s.n ||
        at == mark || i->args.s.p[at] == '>' || i->args.s.p[at] == '|')
        return *otherwise;
    placed_add(&b, &i->args, at, i->args.s.n);
    placed_add_wide(&b, STR("\n"), (struct span){doc->mark.to, doc->mark.to});
    placed_add(&b, &doc->body, 0, doc->body.s.n);
    return placed_done(&b);
}
