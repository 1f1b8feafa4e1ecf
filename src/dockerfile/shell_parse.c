/* shell_parse: words and operators → simple commands, over all that groups them.
 *
 * A reader of lists: each keyword that opens a group reads the lists inside it and then passes the
 * keyword that closes it. One that closes what is not open is an error and is passed.
 *
 * Invariants
 * 1. Recursion ends at LIMIT_SHELL_DEPTH, where the rest of that text is given up with an error.
 *    (test_shell: deep; fuzz_shell)
 * 2. Each round of a list passes a byte or ends it. (fuzz_shell)
 */
#include "dockerfile/shell_parse.h"

#include <stdarg.h>

#include "base/limits.h"

/* Keywords that end a list, as bits. */
enum {
    END_THEN = 1,
    END_ELIF = 2,
    END_ELSE = 4,
    END_FI = 8,
    END_DO = 16,
    END_DONE = 32,
    END_ESAC = 64,
    END_BRACE = 128,
    END_BRACKET = 256, /* ) */
    END_BRANCH = 512,  /* ;; and its kin */
    END_TEXT = 1024,
};
static const struct {
    struct str word;
    unsigned end;
} enders[] = {
    {STR_INIT("then"), END_THEN}, {STR_INIT("elif"), END_ELIF}, {STR_INIT("else"), END_ELSE},
    {STR_INIT("fi"), END_FI},     {STR_INIT("do"), END_DO},     {STR_INIT("done"), END_DONE},
    {STR_INIT("esac"), END_ESAC}, {STR_INIT("}"), END_BRACE},
};

static unsigned read_list(struct shell_reader *r, unsigned ends);

void shell_complain(struct shell_reader *r, size_t from, size_t to, const char *fmt, ...)
{
    if (r->out->errors.n >= LIMIT_DOCKERFILE_ERRORS)
        return;
    char text[256];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    *vec_push(r->a, &r->out->errors) =
        (struct shell_error){placed_span(&r->text, from, to), str_dup(r->a, str_of(text))};
}

bool shell_too_deep(struct shell_reader *r)
{
    if (r->depth < LIMIT_SHELL_DEPTH)
        return false;
    shell_complain(r, r->at, r->at + 1 < r->text.s.n ? r->at + 1 : r->text.s.n,
                   "nested deeper than %d", LIMIT_SHELL_DEPTH);
    r->at = r->text.s.n;
    return true;
}

/* ---- looking ahead ---- */

/* The plain word that begins here, without passing it. */
static struct str look(const struct shell_reader *r)
{
    struct str s = r->text.s;
    size_t to = r->at;
    while (to < s.n && to - r->at < 16 && !strchr(" \t\r\n;&|()<>", s.p[to]))
        to++;
    return str_slice(s, r->at, to);
}

static bool takes(struct shell_reader *r, const char *word)
{
    if (!str_is(look(r), word))
        return false;
    r->at += strlen(word);
    return true;
}

static void pass_comment(struct shell_reader *r)
{
    if (shell_peek(r, 0) == '#')
        r->at += str_find(str_from(r->text.s, r->at), '\n');
}

/* Blanks, comments and newlines. */
static void pass_lines(struct shell_reader *r)
{
    for (;;) {
        shell_pass_blanks(r);
        pass_comment(r);
        if (shell_peek(r, 0) != '\n')
            return;
        shell_pass_newline(r);
    }
}

/* Which end of a list stands here, or 0. */
static unsigned end_here(struct shell_reader *r)
{
    char c = shell_peek(r, 0);
    if (r->at >= r->text.s.n)
        return END_TEXT;
    if (c == ')')
        return END_BRACKET;
    if (c == ';' && (shell_peek(r, 1) == ';' || shell_peek(r, 1) == '&'))
        return END_BRANCH;
    struct str word = look(r);
    for (size_t i = 0; i < sizeof enders / sizeof *enders; i++)
        if (str_eq(word, enders[i].word))
            return enders[i].end;
    return 0;
}

static void pass_end(struct shell_reader *r, unsigned end)
{
    for (size_t i = 0; i < sizeof enders / sizeof *enders; i++)
        if (enders[i].end == end)
            r->at += enders[i].word.n;
    if (end == END_BRACKET)
        r->at++;
    if (end == END_BRANCH)
        r->at += shell_peek(r, 1) == ';' && shell_peek(r, 2) == '&' ? 3 : 2;
}

/* ---- redirections ---- */

static const char *const operators[] = {"<<<", "<<-", "&>>", "<<", ">>", "<>",
                                        ">|",  ">&",  "<&",  "&>", "<",  ">"};

/* The redirection here, with its digits; NULL when there is none. */
static struct shell_redirect *redirect(struct shell_reader *r, size_t command)
{
    size_t fd = r->at, at = fd;
    struct str s = r->text.s;
    while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
        at++;
    if (at >= s.n || !strchr("<>&", s.p[at]) || (s.p[at] == '&' && at > fd))
        return NULL;
    if ((s.p[at] == '<' || s.p[at] == '>') && at + 1 < s.n && s.p[at + 1] == '(')
        return NULL; /* <( is a word */
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        struct str op = str_of(operators[i]);
        if (!str_starts(str_from(s, at), op))
            continue;
        struct shell_redirect *ret = arena_new(r->a, struct shell_redirect);
        ret->fd = str_slice(s, fd, at);
        ret->operator= str_slice(s, at, at + op.n);
        r->at = at + op.n;
        shell_pass_blanks(r);
        if (!shell_next_word(r, &ret->target, command))
            shell_complain(r, at, at + op.n, "expected a word after %s", operators[i]);
        else if (op.n >= 2 && op.p[0] == '<' && op.p[1] == '<' && !str_is(op, "<<<"))
            *vec_push(r->a, &r->pending) = ret;
        return ret;
    }
    return NULL;
}

/* ---- simple commands ---- */

static bool is_assignment(const struct shell_word *w)
{
    struct str s = w->text.s;
    size_t n = 0;
    while (n < s.n && shell_name_char(s.p[n]))
        n++;
    if (n < s.n && s.p[n] == '[' && n) /* a[0]= */
        n += str_find(str_from(s, n), ']') + 1;
    if (n < s.n && s.p[n] == '+')
        n++;
    return n && n < s.n && s.p[n] == '=' && !(s.p[0] >= '0' && s.p[0] <= '9');
}

static size_t new_command(struct shell_reader *r)
{
    size_t index = r->out->commands.n;
    struct shell_command *c = vec_push(r->a, &r->out->commands);
    *c = (struct shell_command){
        .join = r->join, .flags = r->flags, .parent = r->parent, .via = r->via};
    if (r->via != SHELL_NONE)
        c->flags |= SHELL_WRAPPED;
    r->join = SHELL_THEN;
    return index;
}

/* Words inside [[ ]], where brackets and < are no operators. */
static void read_test(struct shell_reader *r, struct shell_command *c, size_t index)
{
    struct shell_word word;
    while (r->at < r->text.s.n) {
        shell_pass_blanks(r);
        size_t from = r->at;
        char ch = shell_peek(r, 0);
        if (ch == '\n' || ch == '(' || ch == ')' || ch == '<' || ch == '>' || ch == '|' ||
            ch == '&' || ch == ';') {
            r->at++;
            continue;
        }
        if (!shell_next_word(r, &word, index)) {
            r->at += r->at == from && from < r->text.s.n;
            continue;
        }
        *vec_push(r->a, &c->words) = word;
        if (!word.quoted && str_is(word.text.s, "]]"))
            return;
    }
    shell_complain(r, r->text.s.n, r->text.s.n, "expected a ]]");
}

static void set_program(struct shell_command *c)
{
    if (!c->words.n || c->words.v[0].parts.n)
        return;
    struct str word = c->words.v[0].text.s;
    size_t slash = str_rfind(word, '/');
    c->program = slash < word.n ? str_from(word, slash + 1) : word;
}

/* Words, assignments and redirections up to an operator. */
static void read_simple(struct shell_reader *r)
{
    size_t index = new_command(r), from = r->at, to = from;
    struct shell_command c = r->out->commands.v[index];
    struct shell_word word;
    for (;; to = r->at) {
        shell_pass_blanks(r);
        if (shell_peek(r, 0) == '#' && r->at > to) {
            pass_comment(r);
            break;
        }
        struct shell_redirect *redir = redirect(r, index);
        if (redir) {
            *vec_push(r->a, &c.redirects) = redir;
            continue;
        }
        if (!shell_next_word(r, &word, index))
            break;
        if (!c.words.n && is_assignment(&word)) {
            *vec_push(r->a, &c.assignments) = word;
            continue;
        }
        *vec_push(r->a, &c.words) = word;
        if (c.words.n == 1 && !word.quoted && str_is(word.text.s, "[["))
            read_test(r, &c, index);
    }
    c.place = placed_span(&r->text, from, to);
    set_program(&c);
    r->out->commands.v[index] = c;
    shell_unwrap(r, index);
}

/* Redirections behind a group belong to a command without words. */
static void group_redirects(struct shell_reader *r)
{
    struct shell_redirects all = {0};
    size_t from = r->at;
    for (;;) {
        shell_pass_blanks(r);
        struct shell_redirect *redir = redirect(r, r->parent);
        if (!redir)
            break;
        *vec_push(r->a, &all) = redir;
    }
    if (!all.n)
        return;
    enum shell_join join = r->join;
    size_t index = new_command(r);
    r->join = join;
    r->out->commands.v[index].redirects = all;
    r->out->commands.v[index].place = placed_span(&r->text, from, r->at);
}

/* ---- groups ---- */

/* A list with more flags, and the end that it must have. */
static unsigned part(struct shell_reader *r, unsigned flags, unsigned ends, size_t open,
                     const char *what)
{
    unsigned before = r->flags;
    r->flags |= flags;
    unsigned end = read_list(r, ends);
    r->flags = before;
    if (end & ends)
        pass_end(r, end);
    else
        shell_complain(r, open, open + 1, "expected %s for what begins here", what);
    return end;
}

static void read_if(struct shell_reader *r, size_t open)
{
    unsigned end = END_ELIF;
    while (end == END_ELIF) {
        if (part(r, SHELL_IN_CONDITION, END_THEN, open, "then") != END_THEN)
            return;
        end = part(r, SHELL_IN_BRANCH, END_ELIF | END_ELSE | END_FI, open, "fi");
    }
    if (end == END_ELSE)
        part(r, SHELL_IN_BRANCH, END_FI, open, "fi");
}

static void read_while(struct shell_reader *r, size_t open)
{
    if (part(r, SHELL_IN_CONDITION | SHELL_IN_LOOP, END_DO, open, "do") == END_DO)
        part(r, SHELL_IN_LOOP, END_DONE, open, "done");
}

static void read_for(struct shell_reader *r, size_t open)
{
    struct shell_word word;
    shell_pass_blanks(r);
    if (shell_peek(r, 0) == '(' && shell_peek(r, 1) == '(') {
        r->at += 2;
        if (!shell_pass_arithmetic(r, r->parent))
            shell_complain(r, open, open + 1, "expected )) for what begins here");
    } else {
        shell_next_word(r, &word, r->parent);
        pass_lines(r);
        if (takes(r, "in"))
            do
                shell_pass_blanks(r);
            while (shell_next_word(r, &word, r->parent));
    }
    pass_lines(r);
    if (shell_peek(r, 0) == ';')
        r->at++;
    pass_lines(r);
    if (takes(r, "{"))
        part(r, SHELL_IN_LOOP, END_BRACE, open, "}");
    else if (takes(r, "do"))
        part(r, SHELL_IN_LOOP, END_DONE, open, "done");
    else
        shell_complain(r, open, open + 1, "expected do for what begins here");
}

static void read_case(struct shell_reader *r, size_t open)
{
    struct shell_word word;
    shell_pass_blanks(r);
    shell_next_word(r, &word, r->parent);
    pass_lines(r);
    if (!takes(r, "in")) {
        shell_complain(r, open, open + 1, "expected in for what begins here");
        return;
    }
    for (unsigned end = 0; end != END_ESAC;) {
        pass_lines(r);
        if (r->at >= r->text.s.n) {
            shell_complain(r, open, open + 1, "expected esac for what begins here");
            return;
        }
        if (takes(r, "esac"))
            return;
        if (shell_peek(r, 0) == '(')
            r->at++;
        for (;;) {
            shell_pass_blanks(r);
            bool some = shell_next_word(r, &word, r->parent);
            shell_pass_blanks(r);
            if (shell_peek(r, 0) == '|')
                r->at++;
            else if (!some || shell_peek(r, 0) == ')')
                break;
        }
        if (shell_peek(r, 0) != ')') {
            shell_complain(r, r->at, r->at + 1 < r->text.s.n ? r->at + 1 : r->text.s.n,
                           "expected a ) after the pattern");
            r->at += r->at < r->text.s.n;
            continue;
        }
        r->at++;
        end = part(r, SHELL_IN_BRANCH, END_BRANCH | END_ESAC, open, "esac");
        if (end == END_TEXT)
            return;
    }
}

static bool read_command(struct shell_reader *r);

static void read_function(struct shell_reader *r)
{
    unsigned before = r->flags;
    r->flags |= SHELL_IN_FUNCTION;
    pass_lines(r);
    read_command(r);
    r->flags = before;
}

/* NAME (): passes it when it stands here. */
static bool function_name(struct shell_reader *r)
{
    struct str s = r->text.s;
    size_t at = r->at;
    while (at < s.n && (shell_name_char(s.p[at]) || (s.p[at] && strchr("-.:", s.p[at]))))
        at++;
    if (at == r->at)
        return false;
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t'))
        at++;
    if (at >= s.n || s.p[at++] != '(')
        return false;
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t'))
        at++;
    if (at >= s.n || s.p[at] != ')')
        return false;
    r->at = at + 1;
    return true;
}

/* A group by its first word; false when there is none. */
static bool read_group(struct shell_reader *r)
{
    size_t open = r->at;
    if (shell_peek(r, 0) == '(' && shell_peek(r, 1) == '(') {
        r->at += 2;
        if (shell_pass_arithmetic(r, r->parent)) {
            r->join = SHELL_THEN;
            return true;
        }
        r->at = open;
    }
    if (shell_peek(r, 0) == '(') {
        r->at++;
        part(r, SHELL_IN_SUBSHELL, END_BRACKET, open, ")");
    } else if (takes(r, "{")) {
        part(r, 0, END_BRACE, open, "}");
    } else if (takes(r, "if")) {
        read_if(r, open);
    } else if (takes(r, "while") || takes(r, "until")) {
        read_while(r, open);
    } else if (takes(r, "for") || takes(r, "select")) {
        read_for(r, open);
    } else if (takes(r, "case")) {
        read_case(r, open);
    } else if (takes(r, "function")) {
        struct shell_word word;
        shell_pass_blanks(r);
        shell_next_word(r, &word, r->parent);
        shell_pass_blanks(r);
        if (shell_peek(r, 0) == '(' && shell_peek(r, 1) == ')')
            r->at += 2;
        read_function(r);
    } else if (function_name(r)) {
        read_function(r);
    } else {
        return false;
    }
    return true;
}

/* A command or a group. False when nothing that begins one stands here. */
static bool read_command(struct shell_reader *r)
{
    if (shell_too_deep(r))
        return false;
    unsigned before = r->flags;
    for (;; shell_pass_blanks(r)) {
        if (takes(r, "!"))
            r->flags |= SHELL_NEGATED;
        else if (takes(r, "time")) {
            shell_pass_blanks(r);
            takes(r, "-p");
        } else if (!takes(r, "coproc"))
            break;
    }
    size_t from = r->at;
    r->depth++;
    if (read_group(r))
        group_redirects(r);
    else if (!end_here(r) && shell_peek(r, 0) != '\n' && shell_peek(r, 0) != '#')
        read_simple(r);
    r->depth--;
    r->flags = before;
    return r->at > from;
}

/* The operator behind a command sets how the next one follows. False: none. */
static bool pass_operator(struct shell_reader *r)
{
    char c = shell_peek(r, 0), next = shell_peek(r, 1);
    if (c == '|') {
        r->join = next == '|' ? SHELL_OR : SHELL_PIPE;
        if (next != '|' && r->out->commands.n)
            r->out->commands.v[r->out->commands.n - 1].flags |= SHELL_PIPED_ON;
        r->at += next == '|' || next == '&' ? 2 : 1;
    } else if (c == '&') {
        r->join = next == '&' ? SHELL_AND : SHELL_BACKGROUND;
        r->at += next == '&' ? 2 : 1;
    } else if (c == ';') {
        r->join = SHELL_THEN;
        r->at++;
    } else {
        return false;
    }
    return true;
}

/* Commands up to one of the ends, which is not passed. Returns it, or END_TEXT. */
static unsigned read_list(struct shell_reader *r, unsigned ends)
{
    if (shell_too_deep(r))
        return END_TEXT;
    for (;;) {
        pass_lines(r);
        if (r->out->commands.n >= LIMIT_SHELL_COMMANDS && r->at < r->text.s.n) {
            shell_complain(r, r->at, r->at, "more than %d commands", LIMIT_SHELL_COMMANDS);
            r->at = r->text.s.n;
        }
        size_t from = r->at;
        unsigned end = end_here(r);
        if (end & (ends | END_TEXT))
            return end;
        if (end) {
            struct str word = look(r);
            pass_end(r, end);
            shell_complain(r, from, r->at, "found " STR_F " with nothing that it could end",
                           STR_A(word.n ? word : str_slice(r->text.s, from, r->at)));
            continue;
        }
        read_command(r);
        shell_pass_blanks(r);
        pass_comment(r);
        if (end_here(r) & (ends | END_BRANCH))
            continue;
        if (!pass_operator(r) && r->at == from) {
            shell_complain(r, r->at, r->at + 1, "expected a command");
            r->at++;
        }
    }
}

void shell_read_list_to(struct shell_reader *r, char close)
{
    r->depth++;
    read_list(r, close == ')' ? END_BRACKET : END_TEXT);
    r->depth--;
}

void shell_read_inner(struct shell_reader *r, const struct placed *text, unsigned flags,
                      size_t parent, size_t via)
{
    if (shell_too_deep(r))
        return;
    struct shell_reader in = {.a = r->a,
                              .out = r->out,
                              .text = *text,
                              .depth = r->depth + 1,
                              .flags = flags,
                              .parent = parent,
                              .via = via};
    read_list(&in, END_TEXT);
}

void shell_read(struct arena *a, const struct placed *text, struct shell_script *ret)
{
    *ret = (struct shell_script){0};
    struct shell_reader r = {
        .a = a, .out = ret, .text = *text, .parent = SHELL_NONE, .via = SHELL_NONE};
    read_list(&r, END_TEXT);
    vec_each (&r.pending, i)
        shell_complain(&r, text->s.n, text->s.n, "expected the body of here-document " STR_F,
                       STR_A(str_slice(r.pending.v[i]->target.text.s, 0, 64)));
}

void shell_read_words(struct arena *a, const struct placed *words, size_t n,
                      struct shell_script *ret)
{
    *ret = (struct shell_script){0};
    struct shell_reader r = {.a = a, .out = ret, .parent = SHELL_NONE, .via = SHELL_NONE};
    if (!n)
        return;
    size_t index = new_command(&r);
    struct shell_command *c = &ret->commands.v[index];
    c->join = SHELL_FIRST;
    for (size_t i = 0; i < n; i++)
        *vec_push(a, &c->words) = (struct shell_word){
            .text = words[i], .place = placed_span(&words[i], 0, words[i].s.n), .quoted = true};
    c->place = (struct span){c->words.v[0].place.from, c->words.v[n - 1].place.to};
    set_program(c);
    shell_unwrap(&r, index);
}
