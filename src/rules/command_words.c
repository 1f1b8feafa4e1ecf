/* command_words: shell text → commands.
 *
 * Invariants
 * 1. Any bytes give some commands: quotes that do not close end with the text. (test_command_words)
 * 2. A name in the arguments of another program is not a command: `find … -name sudo` runs find.
 *    (test_command_words)
 */
#include "rules/command_words.h"

#include "base/buf.h"

struct splitter {
    struct arena *a;
    struct str text;
    size_t at;
    struct words VEC(struct str) words; /* of the command being read */
    struct buf word;
    bool in_word, piped;
    struct command_list *list;
};

static void end_word(struct splitter *s)
{
    if (!s->in_word)
        return;
    *vec_push(s->a, &s->words) = str_dup(s->a, buf_str(&s->word));
    s->word.n = 0;
    s->in_word = false;
}

static bool is_assignment(struct str word)
{
    size_t eq = str_find(word, '=');
    if (eq == word.n || eq == 0)
        return false;
    for (size_t i = 0; i < eq; i++) {
        char c = word.p[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
        if (!letter && !(i && c >= '0' && c <= '9'))
            return false;
    }
    return true;
}

/* Words that stand before a command without being it. */
static bool is_prefix(struct str word)
{
    static const char *const prefixes[] = {"if",   "then", "else", "elif", "while", "until",
                                           "do",   "!",    "{",    "time", "exec",  "command",
                                           "sudo", "env",  "nice", "eval", NULL};
    for (size_t i = 0; prefixes[i]; i++)
        if (str_is(word, prefixes[i]))
            return true;
    return false;
}

static struct str without_folder(struct str path)
{
    size_t slash = str_rfind(path, '/');
    return slash < path.n ? str_from(path, slash + 1) : path;
}

static void end_command(struct splitter *s, bool pipes)
{
    end_word(s);
    size_t first = 0;
    while (first < s->words.n &&
           (is_prefix(without_folder(s->words.v[first])) || is_assignment(s->words.v[first]))) {
        struct str prefix = without_folder(s->words.v[first]);
        bool takes_options = str_is(prefix, "sudo") || str_is(prefix, "env");
        first++;
        while (takes_options && first < s->words.n && str_starts(s->words.v[first], STR("-")))
            first++;
    }
    if (first < s->words.n) {
        struct strs words = {s->words.v + first, s->words.n - first};
        *vec_push(s->a, s->list) =
            (struct command_words){words, s->piped, without_folder(words.v[0])};
    }
    s->words = (struct words){0};
    s->piped = pipes;
}

static void add_char(struct splitter *s, char c)
{
    s->in_word = true;
    buf_addc(&s->word, c);
}

/* From an opening quote to behind the closing one. */
static void quoted(struct splitter *s, char quote)
{
    s->in_word = true;
    s->at++;
    while (s->at < s->text.n && s->text.p[s->at] != quote) {
        if (quote == '"' && s->text.p[s->at] == '\\' && s->at + 1 < s->text.n)
            s->at++;
        add_char(s, s->text.p[s->at++]);
    }
    s->at++;
}

static void comment(struct splitter *s)
{
    while (s->at < s->text.n && s->text.p[s->at] != '\n')
        s->at++;
}

static void step(struct splitter *s)
{
    char c = s->text.p[s->at], next = s->at + 1 < s->text.n ? s->text.p[s->at + 1] : 0;
    switch (c) {
    case '\'':
    case '"':
        quoted(s, c);
        return;
    case '\\':
        if (next && next != '\n')
            add_char(s, next);
        s->at += 2;
        return;
    case ' ':
    case '\t':
    case '\r':
        end_word(s);
        break;
    case '#':
        if (!s->in_word) {
            comment(s);
            return;
        }
        add_char(s, c);
        break;
    case '|':
        end_command(s, next != '|');
        s->at += next == '|' || next == '&';
        break;
    case '&':
        if (next == '>' || (s->at && s->text.p[s->at - 1] == '>')) {
            add_char(s, c); /* &> and 2>&1 */
            break;
        }
        end_command(s, false);
        s->at += next == '&';
        break;
    case '\n':
    case ';':
    case '(':
    case ')':
    case '`':
        end_command(s, false);
        break;
    default:
        add_char(s, c);
    }
    s->at++;
}

void command_words_split(struct arena *a, struct str line, struct command_list *ret)
{
    *ret = (struct command_list){0};
    struct splitter s = {.a = a, .text = line, .word = {.a = a}, .list = ret};
    while (s.at < line.n)
        step(&s);
    end_command(&s, false);
}

bool command_words_have(const struct command_words *c, const char *word)
{
    for (size_t i = 1; i < c->words.n; i++)
        if (str_is(c->words.v[i], word))
            return true;
    return false;
}
