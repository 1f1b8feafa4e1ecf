/* command_line: one line → words, by quotes or as JSON.
 *
 * Invariants
 * 1. A quote that is never closed is an error, not a word. (test_command_line: unterminated)
 */
#include "base/command_line.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/vec.h"

struct words VEC(struct str);

/* What was typed is bad usage, not bad input. */
static int read_json(struct arena *a, struct str text, struct strs *ret, struct err *e)
{
    JSON_AUTO json_t *list = NULL;
    int rc = json_read(text, &list, e);
    JSON_AUTO json_t *wrap = rc ? NULL : json_pack("{s:O}", "command", list);
    if (!rc && !json_get_strs(wrap, "command", a, ret, e))
        return 0;
    e->kind = ERR_USAGE;
    return err_wrap(e, STR_F, STR_A(text));
}

int command_line_words(struct arena *a, struct str text, struct strs *ret, struct err *e)
{
    if (str_starts(str_trim(text), STR("[")))
        return read_json(a, text, ret, e);
    struct words words = {0};
    struct buf word = {.a = a};
    bool open = false;
    char quote = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool blank = !quote && (c == ' ' || c == '\t' || c == '\n');
        if (blank && open)
            *vec_push(a, &words) = buf_str(&word);
        if (blank) {
            word = (struct buf){.a = a};
            open = false;
            continue;
        }
        open = true;
        if (c == '\\' && quote != '\'' && i + 1 < text.n)
            buf_addc(&word, text.p[++i]);
        else if (quote ? c == quote : c == '\'' || c == '"')
            quote = quote ? 0 : c;
        else
            buf_addc(&word, c);
    }
    if (quote)
        return err_set(e, ERR_USAGE, "unterminated quote in: " STR_F, STR_A(text));
    if (open)
        *vec_push(a, &words) = buf_str(&word);
    *ret = (struct strs){words.v, words.n};
    return 0;
}
