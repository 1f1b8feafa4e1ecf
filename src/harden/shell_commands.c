/* shell_commands: a scanner that knows quoting and where a command begins.
 *
 * POSIX shell grammar (XCU 2.10), read with one token of state: whether the next word names a
 * command. A separator (; & | newline, an opening bracket, `then`, `do`, …) sets it, a word clears
 * it; assignments, redirections and options of commands that run another command keep it. Bodies
 * of $( ), ` ` and <( ) are scripts of their own.
 *
 * Invariants
 * 1. Every byte is passed once per level of nesting, and nesting ends at MAX_DEPTH.
 *    (test_shell_commands: deep)
 * 2. A word with an expansion, a pattern or a quoted operator in it is never reported changed: it
 *    is reported as it will be, or left out. (test_shell_commands)
 * 3. Builtins and keywords are never reported. (test_shell_commands)
 */
#include "harden/shell_commands.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"

enum { MAX_DEPTH = 32 };

/* What every sh that images carry does itself (dash, bash, busybox ash). */
static const struct str builtins[] = {
    STR_INIT("."),       STR_INIT(":"),         STR_INIT("["),        STR_INIT("[["),
    STR_INIT("alias"),   STR_INIT("bg"),        STR_INIT("break"),    STR_INIT("builtin"),
    STR_INIT("caller"),  STR_INIT("cd"),        STR_INIT("chdir"),    STR_INIT("command"),
    STR_INIT("compgen"), STR_INIT("complete"),  STR_INIT("continue"), STR_INIT("declare"),
    STR_INIT("echo"),    STR_INIT("eval"),      STR_INIT("exec"),     STR_INIT("exit"),
    STR_INIT("export"),  STR_INIT("false"),     STR_INIT("fc"),       STR_INIT("fg"),
    STR_INIT("getopts"), STR_INIT("hash"),      STR_INIT("help"),     STR_INIT("jobs"),
    STR_INIT("kill"),    STR_INIT("let"),       STR_INIT("local"),    STR_INIT("mapfile"),
    STR_INIT("popd"),    STR_INIT("printf"),    STR_INIT("pushd"),    STR_INIT("pwd"),
    STR_INIT("read"),    STR_INIT("readarray"), STR_INIT("readonly"), STR_INIT("return"),
    STR_INIT("set"),     STR_INIT("shift"),     STR_INIT("shopt"),    STR_INIT("source"),
    STR_INIT("test"),    STR_INIT("times"),     STR_INIT("trap"),     STR_INIT("true"),
    STR_INIT("type"),    STR_INIT("typeset"),   STR_INIT("ulimit"),   STR_INIT("umask"),
    STR_INIT("unalias"), STR_INIT("unset"),     STR_INIT("wait"),
};

/* Keywords after which a command begins. */
static const struct str openers[] = {
    STR_INIT("if"),    STR_INIT("then"),  STR_INIT("elif"),   STR_INIT("else"),
    STR_INIT("while"), STR_INIT("until"), STR_INIT("do"),     STR_INIT("{"),
    STR_INIT("!"),     STR_INIT("time"),  STR_INIT("coproc"),
};
/* Keywords after which an operator follows. */
static const struct str closers[] = {STR_INIT("fi"), STR_INIT("done"), STR_INIT("esac"),
                                     STR_INIT("}"), STR_INIT("]]")};

/* Programs whose first plain argument is a command. `value` lists their options that take the next
 * word; `plain` words come before the command. */
static const struct wrapper {
    struct str name;
    const char *value;
    unsigned plain;
} wrappers[] = {
    {STR_INIT("exec"), "a", 0},
    {STR_INIT("command"), "", 0},
    {STR_INIT("builtin"), "", 0},
    {STR_INIT("env"), "uCS", 0},
    {STR_INIT("nice"), "n", 0},
    {STR_INIT("nohup"), "", 0},
    {STR_INIT("setsid"), "", 0},
    {STR_INIT("ionice"), "cnp", 0},
    {STR_INIT("stdbuf"), "ioe", 0},
    {STR_INIT("timeout"), "ks", 1},
    {STR_INIT("sudo"), "ugpCrt", 0},
    {STR_INIT("doas"), "uC", 0},
    {STR_INIT("gosu"), "", 1},
    {STR_INIT("su-exec"), "", 1},
    {STR_INIT("setpriv"), "", 0},
    {STR_INIT("chroot"), "", 1},
    {STR_INIT("tini"), "peg", 0},
    {STR_INIT("dumb-init"), "r", 0},
    {STR_INIT("xargs"), "aEIiLnPsd", 0},
    {STR_INIT("catatonit"), "", 0},
    {STR_INIT("chpst"), "ueUbnlLmdorpfct", 0},
    {STR_INIT("s6-setuidgid"), "", 1},
    {STR_INIT("watch"), "nd", 0},
    {STR_INIT("strace"), "eopsu", 0},
};

static const struct str shells[] = {STR_INIT("sh"),  STR_INIT("bash"),    STR_INIT("dash"),
                                    STR_INIT("ash"), STR_INIT("ksh"),     STR_INIT("mksh"),
                                    STR_INIT("zsh"), STR_INIT("busybox"), STR_INIT("yash")};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static bool is_one_of(struct str word, const struct str *table, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, table[i]))
            return true;
    return false;
}

bool shell_is_shell(struct str name)
{
    return is_one_of(name, shells, COUNT(shells));
}

/* What the scanner expects of the next word. */
enum expect {
    WANT_COMMAND,
    WANT_ARGUMENT, /* of a command that is of no interest */
    WANT_WRAPPED,  /* options, then a command */
    WANT_VALUE,    /* an option's value, then WANT_WRAPPED */
    WANT_SOURCED,  /* the file of `.` */
    WANT_SCRIPT,   /* the words of `eval` */
    WANT_DASH_C,   /* options of a shell; after -c comes a script */
    WANT_NAME,     /* of `for NAME in …` */
    WANT_FUNCTION, /* of `function NAME` */
    WANT_SUBJECT,  /* of `case WORD in` */
    WANT_PATTERN,  /* of a branch of case */
    WANT_FIND      /* arguments of find; -exec is followed by a command */
};

struct word {
    struct str text; /* quotes removed */
    bool literal;    /* nothing in it is expanded */
    bool quoted;     /* some of it was quoted: never a keyword */
    bool argument;   /* "$@", "$*" or "$1" alone */
};

struct heredoc {
    struct str end;
    bool tabs; /* <<- */
};

struct scanner {
    struct str text;
    size_t at;
    struct arena *a;
    struct shell_calls *out;
    struct map *seen;
    unsigned depth;
    enum expect want;
    const struct wrapper *wrapper;
    unsigned plain_left; /* words before a wrapped command */
    unsigned cases;      /* open case statements */
    struct heredoc heredocs[8];
    size_t n_heredocs;
};

static void scan(struct scanner *s);

static char peek(const struct scanner *s, size_t ahead)
{
    return s->at + ahead < s->text.n ? s->text.p[s->at + ahead] : '\0';
}

static void sub_scan(struct scanner *s, struct str text)
{
    if (s->depth >= MAX_DEPTH)
        return;
    struct scanner sub = {
        .text = text, .a = s->a, .out = s->out, .seen = s->seen, .depth = s->depth + 1};
    scan(&sub);
}

/* ---- words ---- */

/* Index after the bracket that closes the one at `at`, with quotes and nesting; text.n when open.
 */
static size_t bracket_end(struct str text, size_t at, char open, char close)
{
    unsigned depth = 0;
    char quote = 0;
    for (; at < text.n; at++) {
        char c = text.p[at];
        if (c == '\\' && quote != '\'')
            at++;
        else if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (c == open)
            depth++;
        else if (c == close && --depth == 0)
            return at + 1;
    }
    return text.n;
}

/* At a '$': passes the expansion and scans what it runs. Returns whether it was an expansion. */
static bool expansion(struct scanner *s, struct word *w)
{
    char next = peek(s, 1);
    if (next == '(') {
        bool arithmetic = peek(s, 2) == '(';
        size_t from = s->at + 2;
        s->at = bracket_end(s->text, s->at + 1, '(', ')');
        if (!arithmetic)
            sub_scan(s, str_slice(s->text, from, s->at - 1));
    } else if (next == '{') {
        size_t from = s->at + 2;
        s->at = bracket_end(s->text, s->at + 1, '{', '}');
        struct str body = str_slice(s->text, from, s->at - 1);
        if (str_find_str(body, STR("$(")) < body.n || str_find(body, '`') < body.n)
            sub_scan(s, str_fmt(s->a, ": " STR_F, STR_A(body))); /* ${x:-$(run this)} */
    } else if (next == '@' || next == '*' || next == '#' || next == '?' || next == '$' ||
               next == '!' || next == '-' || (next >= '0' && next <= '9')) {
        w->argument |= next == '@' || next == '*' || next == '1';
        s->at += 2;
    } else if (next == '_' || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z')) {
        for (s->at++; s->at < s->text.n; s->at++) {
            char c = s->text.p[s->at];
            if (c != '_' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
                !(c >= '0' && c <= '9'))
                break;
        }
    } else {
        return false;
    }
    w->literal = false;
    return true;
}

static void backquote(struct scanner *s, struct word *w)
{
    size_t from = ++s->at;
    while (s->at < s->text.n && s->text.p[s->at] != '`')
        s->at += s->text.p[s->at] == '\\' ? 2 : 1;
    sub_scan(s, str_slice(s->text, from, s->at));
    s->at++;
    w->literal = false;
}

static void double_quoted(struct scanner *s, struct buf *b, struct word *w)
{
    for (s->at++; s->at < s->text.n && s->text.p[s->at] != '"';) {
        char c = s->text.p[s->at];
        if (c == '$' && expansion(s, w))
            continue;
        if (c == '`') {
            backquote(s, w);
            continue;
        }
        if (c == '\\' && strchr("$`\"\\\n", peek(s, 1))) {
            if (peek(s, 1) != '\n')
                buf_addc(b, peek(s, 1));
            s->at += 2;
            continue;
        }
        buf_addc(b, c);
        s->at++;
    }
    s->at++;
}

static bool ends_word(char c)
{
    return c == '\0' || strchr(" \t\r\n;&|()<>", c) != NULL;
}

static struct word read_word(struct scanner *s)
{
    struct word w = {.literal = true};
    struct buf b = {.a = s->a};
    while (s->at < s->text.n && !ends_word(s->text.p[s->at])) {
        char c = s->text.p[s->at];
        if (c == '\'') {
            size_t from = ++s->at;
            s->at += str_find(str_from(s->text, from), '\'');
            buf_add(&b, str_slice(s->text, from, s->at));
            w.quoted = true;
            s->at++;
        } else if (c == '"') {
            double_quoted(s, &b, &w);
            w.quoted = true;
        } else if (c == '\\') {
            if (peek(s, 1) != '\n')
                buf_addc(&b, peek(s, 1)), w.quoted = true;
            s->at += 2;
        } else if (c == '`') {
            backquote(s, &w);
        } else if (c != '$' || !expansion(s, &w)) {
            if (c == '*' || c == '?')
                w.literal = false;
            buf_addc(&b, c);
            s->at++;
        }
    }
    if (s->at > s->text.n)
        s->at = s->text.n;
    w.text = buf_str(&b);
    w.argument = w.argument && !w.text.n;
    return w;
}

/* ---- commands ---- */

static void add_once(struct scanner *s, struct shell_words *to, struct str word)
{
    if (!word.n || word.n > LIMIT_PATH_BYTES)
        return;
    void **slot =
        map_at(s->seen, str_fmt(s->a, "%c" STR_F, to == &s->out->sourced ? '.' : ' ', STR_A(word)));
    if (*slot)
        return;
    *slot = s;
    *vec_push(s->a, to) = word;
}

static struct str last_part(struct str path)
{
    size_t slash = str_rfind(path, '/');
    return slash < path.n ? str_from(path, slash + 1) : path;
}

static bool is_assignment(struct str word)
{
    size_t eq = str_find(word, '=');
    if (eq == 0 || eq == word.n || (word.p[0] >= '0' && word.p[0] <= '9'))
        return false;
    for (size_t i = 0; i < eq; i++) {
        char c = word.p[i];
        if (c != '_' && c != '+' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            !(c >= '0' && c <= '9'))
            return false;
    }
    return true;
}

/* A keyword at command position; false when the word is none. */
static bool keyword(struct scanner *s, const struct word *w)
{
    if (w->quoted || !w->literal)
        return false;
    if (is_one_of(w->text, openers, COUNT(openers)))
        s->want = WANT_COMMAND;
    else if (is_one_of(w->text, closers, COUNT(closers))) {
        if (str_is(w->text, "esac") && s->cases)
            s->cases--;
        s->want = WANT_ARGUMENT;
    } else if (str_is(w->text, "function"))
        s->want = WANT_FUNCTION;
    else if (str_is(w->text, "for") || str_is(w->text, "select"))
        s->want = WANT_NAME;
    else if (str_is(w->text, "case"))
        s->want = WANT_SUBJECT;
    else
        return false;
    return true;
}

static size_t blanks(struct str text, size_t at)
{
    while (at < text.n && (text.p[at] == ' ' || text.p[at] == '\t'))
        at++;
    return at;
}

/* f() { …; }: the word was a name, not a call. Passes the brackets. */
static bool function_brackets(struct scanner *s)
{
    size_t open = blanks(s->text, s->at);
    if (open == s->text.n || s->text.p[open] != '(')
        return false;
    size_t close = blanks(s->text, open + 1);
    if (close == s->text.n || s->text.p[close] != ')')
        return false;
    s->at = close + 1;
    return true;
}

static void command_word(struct scanner *s, const struct word *w)
{
    if (is_assignment(w->text) || keyword(s, w))
        return;
    s->want = WANT_ARGUMENT;
    s->out->runs_arguments |= w->argument;
    if (!w->literal)
        return;
    if (function_brackets(s)) {
        s->want = WANT_COMMAND;
        return;
    }
    struct str name = last_part(w->text);
    for (size_t i = 0; i < COUNT(wrappers); i++)
        if (str_eq(name, wrappers[i].name)) {
            s->wrapper = &wrappers[i];
            s->plain_left = wrappers[i].plain;
            s->want = WANT_WRAPPED;
        }
    if (str_is(w->text, ".") || str_is(w->text, "source"))
        s->want = WANT_SOURCED;
    else if (str_is(w->text, "eval") || str_is(w->text, "trap"))
        s->want = WANT_SCRIPT;
    else if (shell_is_shell(name))
        s->want = WANT_DASH_C;
    else if (str_is(name, "find"))
        s->want = WANT_FIND;
    if (!is_one_of(w->text, builtins, COUNT(builtins)))
        add_once(s, &s->out->commands, w->text);
}

/* A word after a command that runs another one. */
static void wrapped_word(struct scanner *s, const struct word *w)
{
    if (w->text.n > 1 && w->text.p[0] == '-') {
        char last = w->text.p[w->text.n - 1];
        bool is_long = w->text.p[1] == '-', takes = strchr(s->wrapper->value, last) != NULL;
        if (!is_long && takes && w->text.n == 2)
            s->want = WANT_VALUE;
        return;
    }
    if (is_assignment(w->text))
        return;
    if (s->plain_left) {
        s->plain_left--;
        return;
    }
    command_word(s, w);
}

static void take_word(struct scanner *s, const struct word *w)
{
    switch (s->want) {
    case WANT_COMMAND:
        command_word(s, w);
        return;
    case WANT_WRAPPED:
        wrapped_word(s, w);
        return;
    case WANT_VALUE:
        s->want = WANT_WRAPPED;
        return;
    case WANT_SOURCED:
        if (w->literal)
            add_once(s, &s->out->sourced, w->text);
        break;
    case WANT_FUNCTION:
        function_brackets(s);
        s->want = WANT_COMMAND;
        return;
    case WANT_SCRIPT:
        if (w->literal)
            sub_scan(s, w->text);
        break;
    case WANT_DASH_C:
        if (w->text.n > 1 && w->text.p[0] == '-') {
            if (w->text.p[w->text.n - 1] == 'c')
                s->want = WANT_SCRIPT;
            return;
        }
        if (w->literal) { /* a script by name, or an applet of busybox */
            add_once(s, &s->out->sourced, w->text);
            add_once(s, &s->out->commands, w->text);
        }
        break;
    case WANT_SUBJECT:
        if (!w->quoted && str_is(w->text, "in")) {
            s->cases++;
            s->want = WANT_PATTERN;
        }
        return;
    case WANT_PATTERN:
        if (!w->quoted && str_is(w->text, "esac")) {
            s->cases -= s->cases > 0;
            s->want = WANT_ARGUMENT;
        }
        return;
    case WANT_FIND:
        if (str_starts(w->text, STR("-exec")) || str_starts(w->text, STR("-ok")))
            s->want = WANT_COMMAND;
        return;
    case WANT_NAME:
    case WANT_ARGUMENT:
        break;
    }
    s->want = WANT_ARGUMENT;
}

/* ---- operators ---- */

/* After a newline: the bodies of here-documents that the line announced. */
static void pass_heredocs(struct scanner *s)
{
    for (size_t i = 0; i < s->n_heredocs; i++)
        for (;;) {
            struct str rest = str_from(s->text, s->at), line;
            if (!str_line(&rest, &line))
                break;
            s->at = s->text.n - rest.n;
            while (s->heredocs[i].tabs && line.n && line.p[0] == '\t')
                line = str_from(line, 1);
            if (str_eq(line, s->heredocs[i].end))
                break;
        }
    s->n_heredocs = 0;
}

/* At '<' or '>': passes the operator and its target; the expectation stays. */
static void redirection(struct scanner *s)
{
    if (peek(s, 1) == '(') { /* <( ) and >( ) run a command */
        size_t from = s->at + 2;
        s->at = bracket_end(s->text, s->at + 1, '(', ')');
        sub_scan(s, str_slice(s->text, from, s->at - 1));
        return;
    }
    bool here = peek(s, 0) == '<' && peek(s, 1) == '<' && peek(s, 2) != '<';
    while (s->at < s->text.n && strchr("<>&|", s->text.p[s->at]))
        s->at++;
    bool tabs = here && peek(s, 0) == '-';
    s->at += tabs;
    s->at = blanks(s->text, s->at);
    struct word target = read_word(s);
    if (here && s->n_heredocs < COUNT(s->heredocs))
        s->heredocs[s->n_heredocs++] = (struct heredoc){target.text, tabs};
}

static void operator_byte(struct scanner *s, char c)
{
    s->at++;
    if (c == '\n')
        pass_heredocs(s);
    bool second = c == ';' && (peek(s, 0) == ';' || peek(s, 0) == '&');
    if (c == ')' && s->want == WANT_PATTERN) {
        s->want = WANT_COMMAND;
        return;
    }
    if (s->want == WANT_PATTERN || (s->want == WANT_SUBJECT && c == '\n'))
        return; /* a | b ) and newlines between branches */
    if (second) {
        while (peek(s, 0) == ';' || peek(s, 0) == '&')
            s->at++;
        s->want = s->cases ? WANT_PATTERN : WANT_COMMAND;
        return;
    }
    s->want = c == ')' ? WANT_ARGUMENT : WANT_COMMAND;
}

/* ((…)) is arithmetic at command position. */
static bool arithmetic(struct scanner *s)
{
    if (s->want != WANT_COMMAND || peek(s, 0) != '(' || peek(s, 1) != '(')
        return false;
    s->at = bracket_end(s->text, s->at, '(', ')');
    s->want = WANT_ARGUMENT;
    return true;
}

static void scan(struct scanner *s)
{
    while (s->at < s->text.n) {
        size_t before = s->at;
        char c = s->text.p[s->at];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\0') {
            s->at++;
        } else if (c == '#') { /* inside a word it is read by read_word() */
            s->at += str_find(str_from(s->text, s->at), '\n');
        } else if (c == '\\' && peek(s, 1) == '\n') {
            s->at += 2;
        } else if (c == '<' || c == '>') {
            redirection(s);
        } else if (c == '&' && peek(s, 1) == '>') {
            s->at++;
            redirection(s);
        } else if (strchr(";&|()\n", c)) {
            if (!arithmetic(s))
                operator_byte(s, c);
        } else {
            struct word w = read_word(s);
            bool descriptor = (peek(s, 0) == '<' || peek(s, 0) == '>') && w.literal &&
                              w.text.n == 1 && w.text.p[0] >= '0' && w.text.p[0] <= '9';
            if (!descriptor)
                take_word(s, &w);
        }
        if (s->at == before) /* no byte may hold the scanner */
            s->at++;
    }
}

void shell_commands(struct str text, struct arena *a, struct shell_calls *ret)
{
    struct map seen = {.a = a};
    *ret = (struct shell_calls){0};
    struct scanner s = {.text = text, .a = a, .out = ret, .seen = &seen};
    scan(&s);
}
