/* shell_words: bytes of a script → words, with what stands inside them.
 *
 * Invariants
 * 1. Every byte is passed once at each level of nesting, and nesting ends at LIMIT_SHELL_DEPTH.
 *    (test_shell: deep)
 * 2. A word's text has no quotes, and each of its bytes has its place. (test_shell: places)
 * 3. What does not close ends with the text, and is an error where it opens. (test_shell: errors)
 */
#include "base/limits.h"
#include "dockerfile/shell_parse.h"

/* A word that is being read: a part of the text as long as that is in one piece, then a copy. */
struct draft {
    size_t from, to;
    bool copied;
    struct placed_buf b;
    struct shell_word *w;
    size_t command;
};

static void add(struct shell_reader *r, struct draft *d, size_t from, size_t to)
{
    if (from >= to)
        return;
    if (!d->copied && d->from == d->to)
        d->from = d->to = from;
    if (!d->copied && d->to == from) {
        d->to = to;
        return;
    }
    if (!d->copied) {
        d->copied = true;
        d->b.text.a = r->a;
        placed_add(&d->b, &r->text, d->from, d->to);
    }
    placed_add(&d->b, &r->text, from, to);
}

static struct placed so_far(const struct shell_reader *r, const struct draft *d)
{
    return d->copied ? placed_done(&d->b) : placed_sub(&r->text, d->from, d->to);
}

static size_t length(const struct draft *d)
{
    return d->copied ? d->b.text.n : d->to - d->from;
}

static bool ends_word(char c)
{
    return c == '\0' || strchr(" \t\r\n;&|()<>", c) != NULL;
}

void shell_pass_blanks(struct shell_reader *r)
{
    for (;; r->at++) {
        char c = shell_peek(r, 0);
        if (c == '\\' && shell_peek(r, 1) == '\n')
            r->at++;
        else if (c == '\\' && shell_peek(r, 1) == '\r' && shell_peek(r, 2) == '\n')
            r->at += 2;
        else if (c != ' ' && c != '\t' && c != '\r' && !(c == '\0' && r->at < r->text.s.n))
            return;
    }
}

/* ---- what stands in a word ---- */

/* Adds a part that reaches from where the text had `mark` bytes to here. */
static struct shell_part *add_part(struct shell_reader *r, struct draft *d,
                                   enum shell_part_kind kind, size_t mark, bool quoted)
{
    struct shell_part *part = vec_push(r->a, &d->w->parts);
    *part = (struct shell_part){.kind = kind, .from = mark, .to = length(d), .quoted = quoted};
    return part;
}

/* At an opening bracket behind $ or < or >. */
static void substitution(struct shell_reader *r, struct draft *d, size_t from, bool quoted)
{
    size_t mark = length(d), open = r->at++;
    unsigned flags = r->flags;
    enum shell_join join = r->join;
    size_t parent = r->parent;
    r->flags = (flags & ~(unsigned)(SHELL_IN_CONDITION | SHELL_NEGATED)) | SHELL_IN_SUBSTITUTION;
    r->join = SHELL_FIRST;
    r->parent = d->command;
    shell_read_list_to(r, ')');
    r->flags = flags;
    r->join = join;
    r->parent = parent;
    if (shell_peek(r, 0) == ')')
        r->at++;
    else
        shell_complain(r, from, open + 1, "expected a ) for this bracket");
    add(r, d, from, r->at);
    add_part(r, d, SHELL_COMMAND, mark, quoted);
}

static void backquote(struct shell_reader *r, struct draft *d, bool quoted)
{
    struct placed_buf inner = {.text = {.a = r->a}};
    struct str s = r->text.s;
    size_t from = r->at++, mark = length(d), plain = r->at;
    while (r->at < s.n && s.p[r->at] != '`') {
        char next = shell_peek(r, 1);
        if (s.p[r->at] == '\\' && next && (strchr("`\\$", next) || (quoted && next == '"'))) {
            placed_add(&inner, &r->text, plain, r->at);
            plain = r->at + 1;
            r->at++;
        }
        if (r->at < s.n)
            r->at++;
    }
    placed_add(&inner, &r->text, plain, r->at);
    if (r->at >= s.n)
        shell_complain(r, from, from + 1, "expected a second `");
    else
        r->at++;
    struct placed text = placed_done(&inner);
    shell_read_inner(r, &text, r->flags | SHELL_IN_SUBSTITUTION, d->command, r->via);
    add(r, d, from, r->at);
    add_part(r, d, SHELL_COMMAND, mark, quoted);
}

static void double_quoted(struct shell_reader *r, struct draft *d);
static bool dollar(struct shell_reader *r, struct draft *d, bool quoted);

static void single_quoted(struct shell_reader *r, struct draft *d, bool escapes)
{
    struct str s = r->text.s;
    size_t open = r->at++, from = r->at;
    while (r->at < s.n && s.p[r->at] != '\'')
        r->at += escapes && s.p[r->at] == '\\' && r->at + 1 < s.n ? 2 : 1;
    add(r, d, from, r->at);
    d->w->quoted = true;
    if (r->at >= s.n)
        shell_complain(r, open, open + 1, "expected a second ' for this quote");
    else
        r->at++;
}

/* Passes what may stand inside ${…} or (( )), quotes and all: as it is written. */
static void pass_inner(struct shell_reader *r, struct draft *d, bool quoted)
{
    char c = shell_peek(r, 0);
    struct shell_word aside = {0};
    struct draft other = {.w = &aside, .command = d->command};
    if (c == '\\')
        r->at += r->at + 1 < r->text.s.n ? 2 : 1;
    else if (c == '\'' && !quoted)
        single_quoted(r, &other, false);
    else if (c == '"')
        double_quoted(r, &other);
    else if (c == '`')
        backquote(r, &other, quoted);
    else if (c != '$' || !dollar(r, &other, quoted))
        r->at++;
}

/* At the { of ${. */
static void braces(struct shell_reader *r, struct draft *d, size_t from, bool quoted)
{
    size_t mark = length(d), name = ++r->at;
    if (shell_too_deep(r))
        return;
    r->depth++;
    if (strchr("#!", shell_peek(r, 0)) && shell_name_char(shell_peek(r, 1)))
        name = ++r->at;
    while (shell_name_char(shell_peek(r, 0)))
        r->at++;
    if (r->at == name && r->at < r->text.s.n && shell_peek(r, 0) != '}')
        r->at++; /* ${@}, ${#} and their kin */
    size_t name_end = r->at;
    bool plain = shell_peek(r, 0) == '}' && name == from + 2;
    while (r->at < r->text.s.n && shell_peek(r, 0) != '}')
        pass_inner(r, d, quoted);
    r->depth--;
    if (r->at < r->text.s.n)
        r->at++;
    else
        shell_complain(r, from, from + 2, "expected a } for this bracket");
    add(r, d, from, r->at);
    struct shell_part *part = add_part(r, d, SHELL_VARIABLE, mark, quoted);
    part->name = str_slice(r->text.s, name, name_end);
    part->plain = plain;
}

/* Whether )) closes what is behind ((; only brackets and quotes are looked at. */
static bool closes_twice(const struct shell_reader *r, size_t at)
{
    struct str s = r->text.s;
    size_t depth = 0;
    char quote = 0;
    for (; at < s.n; at++) {
        char c = s.p[at];
        if (c == '\\')
            at++;
        else if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '(')
            depth++;
        else if (c == ')' && depth)
            depth--;
        else if (c == ')')
            return at + 1 < s.n && s.p[at + 1] == ')';
    }
    return true; /* never closed: an error in both readings */
}

bool shell_pass_arithmetic(struct shell_reader *r, size_t command)
{
    if (!closes_twice(r, r->at))
        return false;
    struct draft d = {.command = command};
    size_t depth = 0, from = r->at;
    if (shell_too_deep(r))
        return true;
    r->depth++;
    while (r->at < r->text.s.n) {
        char c = shell_peek(r, 0);
        if (c == ')' && !depth)
            break;
        depth += c == '(';
        depth -= c == ')';
        pass_inner(r, &d, false);
    }
    r->depth--;
    if (r->at >= r->text.s.n)
        shell_complain(r, from - 2, from, "expected a )) for these brackets");
    else
        r->at += shell_peek(r, 1) == ')' ? 2 : 1;
    return true;
}

/* At a $. False when it stands for itself. */
static bool dollar(struct shell_reader *r, struct draft *d, bool quoted)
{
    size_t from = r->at, mark = length(d);
    char next = shell_peek(r, 1);
    if (next == '(') {
        r->at += 3;
        if (shell_peek(r, 0) && r->text.s.p[r->at - 1] == '(' &&
            shell_pass_arithmetic(r, d->command)) {
            add(r, d, from, r->at);
            add_part(r, d, SHELL_ARITHMETIC, mark, quoted);
            return true;
        }
        r->at = from + 1;
        substitution(r, d, from, quoted);
        return true;
    }
    if (next == '{') {
        r->at++;
        braces(r, d, from, quoted);
        return true;
    }
    if (next == '\'' && !quoted) {
        r->at++;
        single_quoted(r, d, true);
        return true;
    }
    if (next == '"' && !quoted) {
        r->at++;
        double_quoted(r, d);
        return true;
    }
    size_t to = from + 1;
    if (next && strchr("@*#?-$!0123456789", next))
        to++;
    else
        while (to < r->text.s.n && shell_name_char(r->text.s.p[to]))
            to++;
    if (to == from + 1)
        return false;
    r->at = to;
    add(r, d, from, to);
    struct shell_part *part = add_part(r, d, SHELL_VARIABLE, mark, quoted);
    part->name = str_slice(r->text.s, from + 1, to);
    part->plain = true;
    return true;
}

/* At the opening quote. */
static void double_quoted(struct shell_reader *r, struct draft *d)
{
    struct str s = r->text.s;
    size_t open = r->at++;
    d->w->quoted = true;
    for (size_t plain = r->at;; plain = r->at) {
        while (r->at < s.n && !strchr("\"\\$`", s.p[r->at]))
            r->at++;
        add(r, d, plain, r->at);
        char c = shell_peek(r, 0), next = shell_peek(r, 1);
        if (r->at >= s.n || c == '"')
            break;
        if (c == '\\' && next == '\n') {
            r->at += 2;
        } else if (c == '\\' && next && strchr("$`\"\\", next)) {
            add(r, d, r->at + 1, r->at + 2);
            r->at += 2;
        } else if (c == '`') {
            backquote(r, d, true);
        } else if (c != '$' || !dollar(r, d, true)) {
            add(r, d, r->at, r->at + 1);
            r->at++;
        }
    }
    if (r->at >= s.n)
        shell_complain(r, open, open + 1, "expected a second \" for this quote");
    else
        r->at++;
}

/* (…) of an array or of a pattern such as *(a|b): passed as it is written. */
static void bracketed(struct shell_reader *r, struct draft *d)
{
    size_t from = r->at, depth = 0;
    if (shell_too_deep(r))
        return;
    r->depth++;
    do {
        char c = shell_peek(r, 0);
        depth += c == '(';
        depth -= c == ')';
        pass_inner(r, d, false);
    } while (depth && r->at < r->text.s.n);
    r->depth--;
    if (depth)
        shell_complain(r, from, from + 1, "expected a ) for this bracket");
    add(r, d, from, r->at);
}

static bool is_array(const struct shell_reader *r, const struct draft *d,
                     const struct shell_word *w)
{
    struct str s = so_far(r, d).s;
    if (s.n < 2 || s.p[s.n - 1] != '=' || w->quoted || w->parts.n)
        return false;
    for (size_t i = 0; i + 1 < s.n; i++)
        if (!shell_name_char(s.p[i]) && s.p[i] != '+')
            return false;
    return true;
}

static void special(struct shell_reader *r, struct draft *d)
{
    char c = shell_peek(r, 0), next = shell_peek(r, 1);
    if (c == '\'') {
        single_quoted(r, d, false);
    } else if (c == '"') {
        double_quoted(r, d);
    } else if (c == '`') {
        backquote(r, d, false);
    } else if (c == '\\') {
        bool lf = next == '\n' || (next == '\r' && shell_peek(r, 2) == '\n');
        if (!lf && r->at + 1 < r->text.s.n) {
            add(r, d, r->at + 1, r->at + 2);
            d->w->quoted = true;
        }
        r->at += lf && next == '\r' ? 3 : 2;
        if (r->at > r->text.s.n)
            r->at = r->text.s.n;
    } else if (c != '$' || !dollar(r, d, false)) {
        add(r, d, r->at, r->at + 1);
        d->w->glob |= c == '*' || c == '?' || c == '[';
        r->at++;
    }
}

static bool begins_process(const struct shell_reader *r)
{
    char c = shell_peek(r, 0);
    return (c == '<' || c == '>') && shell_peek(r, 1) == '(';
}

bool shell_next_word(struct shell_reader *r, struct shell_word *ret, size_t command)
{
    struct str s = r->text.s;
    size_t from = r->at;
    *ret = (struct shell_word){0};
    if (r->out->words++ >= LIMIT_SHELL_WORDS) {
        if (r->out->words == LIMIT_SHELL_WORDS + 1)
            shell_complain(r, from, from, "more than %d words", LIMIT_SHELL_WORDS);
        r->at = s.n;
        return false;
    }
    struct draft d = {.w = ret, .command = command};
    while (r->at < s.n) {
        size_t plain = r->at;
        while (r->at < s.n && !ends_word(s.p[r->at]) && !strchr("'\"`\\$*?[", s.p[r->at]))
            r->at++;
        add(r, &d, plain, r->at);
        if (r->at >= s.n)
            break;
        if (begins_process(r)) {
            r->at++;
            substitution(r, &d, r->at - 1, false);
        } else if (s.p[r->at] == '(' && length(&d) &&
                   (is_array(r, &d, ret) ||
                    (r->at > from && strchr("?*+@!", s.p[r->at - 1]) && !ret->quoted))) {
            bracketed(r, &d);
        } else if (ends_word(s.p[r->at])) {
            break;
        } else {
            special(r, &d);
        }
    }
    ret->text = so_far(r, &d);
    ret->place = placed_span(&r->text, from, r->at);
    return r->at > from;
}

/* ---- here-documents ---- */

/* The commands in a body that is expanded. */
static void read_body(struct shell_reader *r, const struct placed *body)
{
    if (str_find(body->s, '$') == body->s.n && str_find(body->s, '`') == body->s.n)
        return;
    if (shell_too_deep(r))
        return;
    struct shell_word aside = {0};
    struct shell_reader in = *r;
    in.text = *body;
    in.at = 0;
    in.depth++;
    in.pending = (struct shell_pending){0};
    while (in.at < body->s.n) {
        char c = body->s.p[in.at];
        struct draft d = {.w = &aside, .command = r->parent};
        aside.parts.n = 0;
        if (c == '`')
            backquote(&in, &d, true);
        else if (c == '\\')
            in.at += 2;
        else if (c != '$' || !dollar(&in, &d, true))
            in.at++;
    }
}

static void take_body(struct shell_reader *r, struct shell_redirect *h)
{
    struct str s = r->text.s;
    bool tabs = h->operator.n == 3;
    size_t from = r->at;
    while (r->at < s.n) {
        size_t begin = r->at, end = begin + str_find(str_from(s, begin), '\n');
        struct str line = str_slice(s, begin, end);
        r->at = end < s.n ? end + 1 : end;
        while (tabs && line.n && *line.p == '\t')
            line = str_from(line, 1);
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (str_eq(line, h->target.text.s)) {
            h->body = placed_sub(&r->text, from, begin);
            if (!h->target.quoted)
                read_body(r, &h->body);
            return;
        }
    }
    h->body = placed_sub(&r->text, from, s.n);
    if (r->out->errors.n < LIMIT_DOCKERFILE_ERRORS)
        *vec_push(r->a, &r->out->errors) = (struct shell_error){
            h->target.place, str_fmt(r->a, "expected a line " STR_F " that ends this here-document",
                                     STR_A(str_slice(h->target.text.s, 0, 64)))};
}

void shell_pass_newline(struct shell_reader *r)
{
    r->at++;
    struct shell_pending pending = r->pending;
    r->pending = (struct shell_pending){0};
    vec_each (&pending, i)
        take_body(r, pending.v[i]);
}
