/* shell_unwrap: a command that runs another (sudo, env, xargs, sh -c, find -exec) → that one too.
 *
 * Invariants
 * 1. The inner command's words are part of the outer one's array; nothing is copied.
 *    (test_shell: wrappers)
 * 2. Wrappers in wrappers end at LIMIT_SHELL_WRAPPERS. (test_shell: deep)
 */
#include "base/limits.h"
#include "dockerfile/shell_parse.h"

/* Programs whose first plain argument is a command. */
static const struct wrapper {
    struct str name;
    const char *values;         /* short options that take the next word */
    const char *const longs[6]; /* long options that take the next word */
    unsigned plain;             /* words before the command */
} wrappers[] = {
    {STR_INIT("builtin"), "", {0}, 0},
    {STR_INIT("catatonit"), "", {0}, 0},
    {STR_INIT("chpst"), "ueUbnlLmdorpfct", {0}, 0},
    {STR_INIT("chroot"), "", {0}, 1},
    {STR_INIT("chrt"), "TPD", {0}, 1},
    {STR_INIT("command"), "", {0}, 0},
    {STR_INIT("doas"), "uC", {0}, 0},
    {STR_INIT("dumb-init"), "r", {"--rewrite"}, 0},
    {STR_INIT("env"), "uCS", {"--unset", "--chdir"}, 0},
    {STR_INIT("eatmydata"), "", {0}, 0},
    {STR_INIT("exec"), "a", {0}, 0},
    {STR_INIT("fakeroot"), "lsib", {0}, 0},
    {STR_INIT("flock"), "wE", {"--timeout", "--wait"}, 1},
    {STR_INIT("gosu"), "", {0}, 1},
    {STR_INIT("ionice"), "cnp", {"--class", "--classdata"}, 0},
    {STR_INIT("nice"), "n", {"--adjustment"}, 0},
    {STR_INIT("nohup"), "", {0}, 0},
    {STR_INIT("s6-setuidgid"), "", {0}, 1},
    {STR_INIT("setarch"), "", {0}, 1},
    {STR_INIT("setpriv"),
     "",
     {"--reuid", "--regid", "--groups", "--inh-caps", "--bounding-set"},
     0},
    {STR_INIT("setsid"), "", {0}, 0},
    {STR_INIT("stdbuf"), "ioe", {"--input", "--output", "--error"}, 0},
    {STR_INIT("strace"), "eopsuaIOPSX", {0}, 0},
    {STR_INIT("su-exec"), "", {0}, 1},
    {STR_INIT("sudo"), "ugpCrtThRD", {"--user", "--group", "--host", "--chdir", "--prompt"}, 0},
    {STR_INIT("time"), "fo", {"--format", "--output"}, 0},
    {STR_INIT("timeout"), "ks", {"--kill-after", "--signal"}, 1},
    {STR_INIT("tini"), "peg", {0}, 0},
    {STR_INIT("unshare"), "SGRw", {0}, 0},
    {STR_INIT("watch"), "nd", {"--interval"}, 0},
    {STR_INIT("xargs"),
     "aEIiLnPsd",
     {"--arg-file", "--max-args", "--max-procs", "--max-lines", "--delimiter", "--replace"},
     0},
    {STR_INIT("xvfb-run"), "nesfp", {0}, 0},
};

static const struct str shells[] = {STR_INIT("sh"),   STR_INIT("bash"),    STR_INIT("dash"),
                                    STR_INIT("ash"),  STR_INIT("ksh"),     STR_INIT("mksh"),
                                    STR_INIT("zsh"),  STR_INIT("yash"),    STR_INIT("su"),
                                    STR_INIT("eval"), STR_INIT("runuser"), STR_INIT("trap")};

static bool is_word_assignment(struct str s)
{
    size_t n = 0;
    while (n < s.n && shell_name_char(s.p[n]))
        n++;
    return n && n < s.n && s.p[n] == '=';
}

/* Whether this option takes the word behind it. */
static bool takes_value(const struct wrapper *w, struct str option)
{
    if (str_starts(option, STR("--"))) {
        for (size_t i = 0; i < 6 && w->longs[i]; i++)
            if (str_is(option, w->longs[i]))
                return true;
        return false;
    }
    return option.n == 2 && *w->values && strchr(w->values, option.p[1]);
}

/* Index of the first word of the inner command, or words.n. */
static size_t inner_begin(const struct wrapper *w, const struct shell_words_list *words)
{
    unsigned plain = w->plain;
    bool options = true;
    for (size_t i = 1; i < words->n; i++) {
        struct str s = words->v[i].text.s;
        if (options && str_is(s, "--"))
            options = false;
        else if (options && s.n > 1 && s.p[0] == '-')
            i += takes_value(w, s);
        else if (is_word_assignment(s) && (str_is(w->name, "env") || str_is(w->name, "sudo")))
            continue;
        else if (plain)
            plain--;
        else
            return i;
    }
    return words->n;
}

/* Adds words[from, to) as a command that `via` runs. Returns its index. */
static size_t add_inner(struct shell_reader *r, size_t via, size_t from, size_t to)
{
    struct shell_command outer = r->out->commands.v[via], *c;
    size_t index = r->out->commands.n;
    c = vec_push(r->a, &r->out->commands);
    *c = outer;
    c->words = (struct shell_words_list){outer.words.v + from, to - from, to - from};
    c->assignments = (struct shell_words_list){0};
    c->redirects = (struct shell_redirects){0};
    c->flags |= SHELL_WRAPPED;
    c->via = via;
    c->place = (struct span){c->words.v[0].place.from, c->words.v[to - from - 1].place.to};
    c->program = (struct str){0};
    if (!c->words.v[0].parts.n) {
        struct str word = c->words.v[0].text.s;
        size_t slash = str_rfind(word, '/');
        c->program = slash < word.n ? str_from(word, slash + 1) : word;
    }
    return index;
}

/* sh -c 'script', su -c script, eval 'script', trap 'script' EXIT. */
static void read_script(struct shell_reader *r, size_t index)
{
    const struct shell_command *c = &r->out->commands.v[index];
    bool wanted = str_is(c->program, "eval") || str_is(c->program, "trap");
    for (size_t i = 1; i < c->words.n; i++) {
        const struct shell_word *w = &c->words.v[i];
        struct str s = w->text.s;
        if (s.n > 1 && (s.p[0] == '-' || s.p[0] == '+') && !wanted) {
            bool is_long = s.p[1] == '-';
            wanted = is_long ? str_is(s, "--command") : s.p[s.n - 1] == 'c' || str_is(s, "-ce");
            i += !is_long && !wanted && (s.p[s.n - 1] == 'o' || s.p[s.n - 1] == 'O');
        } else if (wanted && !(s.n && s.p[0] == '-')) {
            struct placed text = w->text;
            shell_read_inner(r, &text, c->flags, c->parent, index);
            return;
        } else if (!wanted && !str_is(c->program, "su") && !str_is(c->program, "runuser")) {
            return; /* a file with a script */
        }
    }
}

static void find_exec(struct shell_reader *r, size_t index)
{
    const struct shell_words_list words = r->out->commands.v[index].words;
    for (size_t i = 1; i < words.n; i++) {
        struct str s = words.v[i].text.s;
        if (!str_is(s, "-exec") && !str_is(s, "-execdir") && !str_is(s, "-ok"))
            continue;
        size_t from = i + 1, to = from;
        while (to < words.n && !str_is(words.v[to].text.s, ";") && !str_is(words.v[to].text.s, "+"))
            to++;
        if (to > from) {
            r->depth++;
            shell_unwrap(r, add_inner(r, index, from, to));
            r->depth--;
        }
        i = to;
    }
}

/* Too many programs run it through each other. */
static bool is_deep(const struct shell_reader *r, size_t index)
{
    unsigned n = 0;
    while (n < LIMIT_SHELL_WRAPPERS && index != SHELL_NONE) {
        index = r->out->commands.v[index].via;
        n++;
    }
    return index != SHELL_NONE;
}

void shell_unwrap(struct shell_reader *r, size_t index)
{
    while (r->depth < LIMIT_SHELL_DEPTH && !is_deep(r, index)) {
        struct str name = r->out->commands.v[index].program;
        const struct wrapper *wrapper = NULL;
        for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers && !wrapper; i++)
            if (str_eq(name, wrappers[i].name))
                wrapper = &wrappers[i];
        struct shell_words_list words = r->out->commands.v[index].words;
        size_t from = wrapper                                  ? inner_begin(wrapper, &words)
                      : str_is(name, "busybox") && words.n > 1 ? 1
                                                               : words.n;
        if (from < words.n) {
            index = add_inner(r, index, from, words.n);
            continue;
        }
        if (str_is(name, "find"))
            find_exec(r, index);
        for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
            if (str_eq(name, shells[i]))
                read_script(r, index);
        return;
    }
}

struct str shell_word_value(struct arena *a, const struct shell_word *w,
                            bool (*lookup)(const void *ctx, struct str name, struct str *value),
                            const void *ctx, bool *known)
{
    struct buf b = {.a = a};
    size_t at = 0;
    bool all = true;
    if (!w->parts.n) {
        *known = true;
        return w->text.s;
    }
    vec_each (&w->parts, i) {
        const struct shell_part *part = &w->parts.v[i];
        struct str value;
        buf_add(&b, str_slice(w->text.s, at, part->from));
        at = part->to;
        if (part->kind == SHELL_VARIABLE && part->plain && lookup &&
            lookup(ctx, part->name, &value))
            buf_add(&b, value);
        else {
            buf_add(&b, str_slice(w->text.s, part->from, part->to));
            all = false;
        }
    }
    buf_add(&b, str_from(w->text.s, at));
    *known = all;
    return buf_str(&b);
}

bool shell_command_has(const struct shell_command *c, const char *word)
{
    for (size_t i = 1; i < c->words.n; i++)
        if (str_is(c->words.v[i].text.s, word))
            return true;
    return false;
}
