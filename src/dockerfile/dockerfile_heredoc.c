/* dockerfile_heredoc: <<NAME in an instruction → the lines up to NAME.
 *
 * Invariants
 * 1. A body is taken as it stands: no continuation, no comment ends or changes it.
 *    (test_dockerfile: heredocs)
 * 2. One without its terminator is an error; it ends before the next line that begins like an
 *    instruction, so that what follows is still read. (test_dockerfile: vain)
 */
#include "base/limits.h"
#include "dockerfile/dockerfile_parse.h"

/* A word [digits]<<[-]NAME. Quotes around the name or parts of it are taken off. */
static bool is_mark(struct arena *a, const struct dockerfile_word *word,
                    struct dockerfile_heredoc *ret)
{
    struct str s = word->text.s;
    size_t at = 0;
    while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
        at++;
    if (!str_starts(str_from(s, at), STR("<<")))
        return false;
    at += 2;
    bool tabs = at < s.n && s.p[at] == '-';
    struct str name = str_from(s, at + tabs);
    if (!name.n || str_find(name, '<') < name.n)
        return false;
    struct buf b = {.a = a};
    bool quoted = false;
    char quote = 0;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (c == '\\' && quote != '\'' && i + 1 < name.n)
            quoted = true, c = name.p[++i];
        else if (quote ? c == quote : c == '"' || c == '\'') {
            quoted = true;
            quote = quote ? 0 : c;
            continue;
        }
        buf_addc(&b, c);
    }
    if (quote || !b.n)
        return false;
    *ret = (struct dockerfile_heredoc){
        .name = buf_str(&b), .mark = word->place, .expands = !quoted, .tabs = tabs};
    return true;
}

static struct str without_tabs(struct str line)
{
    while (line.n && *line.p == '\t')
        line = str_from(line, 1);
    return line;
}

/* A line that begins with a keyword in capitals. */
static bool begins_instruction(struct str line)
{
    size_t n = 0;
    while (n < line.n && line.p[n] >= 'A' && line.p[n] <= 'Z')
        n++;
    if (n < 3 || n >= line.n || line.p[n] != ' ')
        return false;
    for (enum dockerfile_kind k = DOCKERFILE_UNKNOWN + 1; k < DOCKERFILE_KINDS; k++)
        if (str_eq(str_slice(line, 0, n), dockerfile_kind_name(k)))
            return true;
    return false;
}

/* Finds where the body ends. *body_end is before the terminator, p->at after it. */
static bool find_end(struct dockerfile_parser *p, const struct dockerfile_heredoc *h,
                     uint32_t *body_end)
{
    uint32_t from = p->at, recover = (uint32_t)p->d->text.n, before = from;
    struct str line;
    for (; dockerfile_next_line(p, &line); before = p->at) {
        if (h->tabs)
            line = without_tabs(line);
        if (str_eq(line, h->name)) {
            *body_end = before;
            return true;
        }
        if (recover == p->d->text.n && begins_instruction(line))
            recover = before;
    }
    p->in_vain += p->at - from;
    if (p->in_vain <= 4 * p->d->text.n)
        p->at = recover;
    *body_end = p->at;
    return false;
}

static void take_body(struct dockerfile_parser *p, struct dockerfile_heredoc *h, uint32_t from,
                      uint32_t to)
{
    struct str file = p->d->text;
    struct str rest = str_slice(file, from, to), line;
    bool plain = !h->tabs && (!rest.n || !memchr(rest.p, '\r', rest.n));
    if (plain) {
        h->body = placed_plain(p->a, rest, from);
        return;
    }
    struct placed_buf b = {.text = {.a = p->a}};
    while (str_line(&rest, &line)) {
        if (h->tabs)
            line = without_tabs(line);
        placed_add_plain(&b, line, (size_t)(line.p - file.p));
        size_t lf = (size_t)(rest.p - file.p) - 1;
        if (lf < to && file.p[lf] == '\n')
            placed_add_plain(&b, STR("\n"), lf);
    }
    h->body = placed_done(&b);
}

void dockerfile_read_heredocs(struct dockerfile_parser *p, struct dockerfile_instruction *i)
{
    struct dockerfile_word word;
    struct dockerfile_heredoc h;
    if (str_find_str(i->args.s, STR("<<")) == i->args.s.n)
        return;
    for (size_t at = 0; dockerfile_next_word(&i->args, p->d->escape, &at, &word);) {
        if (!is_mark(p->a, &word, &h))
            continue;
        if (i->heredocs.n == LIMIT_HEREDOCS) {
            dockerfile_complain(p, word.place, "more than %d here-documents", LIMIT_HEREDOCS);
            return;
        }
        uint32_t from = p->at, body_end = from;
        h.closed = find_end(p, &h, &body_end);
        if (!h.closed)
            dockerfile_complain(p, h.mark, "expected a line " STR_F " that ends this here-document",
                                STR_A(str_slice(h.name, 0, 64)));
        take_body(p, &h, from, body_end);
        h.place = (struct span){from, p->at};
        *vec_push(p->a, &i->heredocs) = h;
    }
}

/* ---- what the shell gets ---- */

static bool shebang_of_shell(struct str body)
{
    struct str line, word, name;
    if (!str_starts(body, STR("#!")))
        return true;
    body = str_from(body, 2);
    if (!str_line(&body, &line))
        return true;
    while (str_word(&line, &word)) {
        size_t slash = str_rfind(word, '/');
        name = slash < word.n ? str_from(word, slash + 1) : word;
        if (!str_is(name, "env") && !str_starts(name, STR("-")))
            return str_ends(name, STR("sh"));
    }
    return false;
}

struct placed dockerfile_script(struct arena *a, const struct dockerfile *d,
                                const struct dockerfile_instruction *i)
{
    struct placed none = {0};
    if (i->json)
        return none;
    if (!i->heredocs.n)
        return i->shell;
    struct dockerfile_word word = {0};
    struct dockerfile_heredoc mark;
    size_t at = 0;
    bool only = dockerfile_next_word(&i->args, d->escape, &at, &word) && at == i->args.s.n &&
                is_mark(a, &word, &mark);
    if (only)
        return shebang_of_shell(i->heredocs.v[0].body.s) ? i->heredocs.v[0].body : none;
    struct placed_buf b = {.text = {.a = a}};
    placed_add(&b, &i->shell, 0, i->shell.s.n);
    vec_each (&i->heredocs, k) {
        struct span at_file = i->heredocs.v[k].place;
        struct str lines = str_slice(d->text, at_file.from, at_file.to);
        if (at_file.from)
            placed_add_plain(&b, STR("\n"), at_file.from - 1);
        if (str_ends(lines, STR("\n")))
            lines.n--;
        placed_add_plain(&b, lines, at_file.from);
    }
    return placed_done(&b);
}
