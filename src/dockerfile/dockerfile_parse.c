/* dockerfile_parse: bytes → items: blanks, comments, directives, instructions with their lines.
 *
 * Invariants
 * 1. Items tile the file: the first begins at byte 0, each next one where the one before ends, the
 *    last ends with the file. (test_dockerfile: tiles; fuzz_dockerfile)
 * 2. Any bytes give a tree; what is wrong is in the list of errors, with its place.
 *    (test_dockerfile: errors; fuzz_dockerfile)
 * 3. Each line is passed a bounded number of times: searches for terminators that fail together
 *    pass at most four times the file. (test_dockerfile: vain)
 */
#include "dockerfile/dockerfile_parse.h"

#include <stdarg.h>

#include "base/limits.h"

static const char bom[] = "\xef\xbb\xbf";

void dockerfile_complain(struct dockerfile_parser *p, struct span place, const char *fmt, ...)
{
    if (p->d->errors.n >= LIMIT_DOCKERFILE_ERRORS)
        return;
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    *vec_push(p->a, &p->d->errors) =
        (struct dockerfile_error){.place = place,
                                  .at = dockerfile_position(p->d, place.from),
                                  .text = str_dup(p->a, str_of(text))};
}

static void index_lines(struct dockerfile *d)
{
    *vec_push(d->a, &d->lines) = 0;
    for (size_t at = 0; at < d->text.n;) {
        at += str_find(str_from(d->text, at), '\n') + 1;
        if (at < d->text.n)
            *vec_push(d->a, &d->lines) = (uint32_t)at;
    }
}

struct dockerfile_position dockerfile_position(const struct dockerfile *d, uint32_t byte)
{
    size_t low = 0, high = d->lines.n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (d->lines.v[middle] <= byte)
            low = middle;
        else
            high = middle;
    }
    uint32_t begin = d->lines.v[low];
    if (low == 0 && byte >= 3 && str_starts(d->text, STR("\xef\xbb\xbf")))
        begin = 3; /* a byte order mark is no column */
    return (struct dockerfile_position){(uint32_t)low + 1, byte - begin + 1};
}

bool dockerfile_next_line(struct dockerfile_parser *p, struct str *line)
{
    struct str text = p->d->text;
    if (p->at >= text.n)
        return false;
    struct str rest = str_from(text, p->at);
    size_t n = str_find(rest, '\n');
    p->at += (uint32_t)(n < rest.n ? n + 1 : n);
    if (n && rest.p[n - 1] == '\r')
        n--;
    *line = (struct str){rest.p, n};
    return true;
}

static uint32_t offset(const struct dockerfile_parser *p, const char *at)
{
    return (uint32_t)(at - p->d->text.p);
}

static struct span span_of(const struct dockerfile_parser *p, struct str view)
{
    return (struct span){offset(p, view.p), offset(p, view.p + view.n)};
}

static struct str trimmed_left(struct str line)
{
    while (line.n && dockerfile_blank(*line.p))
        line = str_from(line, 1);
    return line;
}

static bool too_long(struct dockerfile_parser *p, struct str line)
{
    if (line.n <= LIMIT_DOCKERFILE_LINE)
        return false;
    dockerfile_complain(p, span_of(p, line),
                        "this line has %zu bytes; builders take at most %d: break it with `%c`",
                        line.n, LIMIT_DOCKERFILE_LINE, p->d->escape);
    return true;
}

/* Length of line without a continuation at its end, or SIZE_MAX when there is none: an odd number
 * of escape characters, then blanks. */
static size_t continued(const struct dockerfile_parser *p, struct str line)
{
    size_t n = line.n, count = 0;
    while (n && (line.p[n - 1] == ' ' || line.p[n - 1] == '\t'))
        n--;
    while (count < n && line.p[n - 1 - count] == p->d->escape)
        count++;
    return count % 2 ? n - 1 : SIZE_MAX;
}

/* Lines after the first, as long as each asks for one more. */
static void read_continuation(struct dockerfile_parser *p, struct dockerfile_instruction *i,
                              struct placed_buf *b)
{
    struct str line;
    while (dockerfile_next_line(p, &line)) {
        struct str trimmed = trimmed_left(line);
        if (trimmed.n && *trimmed.p == '#') {
            *vec_push(p->a, &i->comments) = span_of(p, trimmed);
            continue;
        }
        if (!trimmed.n) {
            *vec_push(p->a, &i->empty_lines) = span_of(p, line);
            continue;
        }
        if (too_long(p, line))
            return;
        size_t n = continued(p, line);
        placed_add_plain(b, str_slice(line, 0, n), offset(p, line.p));
        if (n == SIZE_MAX)
            return;
    }
}

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* # key=value before anything else. False: an ordinary comment. */
static bool directive(struct dockerfile_parser *p, struct str line, struct dockerfile_item *item)
{
    static const char *const names[] = {"syntax", "escape", "check"};
    struct str rest = trimmed_left(str_from(line, 1)), key = rest;
    while (rest.n && is_word_char(*rest.p))
        rest = str_from(rest, 1);
    key.n -= rest.n;
    rest = trimmed_left(rest);
    if (!rest.n || *rest.p != '=')
        return false;
    struct str value = str_trim(str_from(rest, 1));
    for (unsigned k = 0; k < 3; k++) {
        if (key.n != strlen(names[k]) || strncasecmp(key.p, names[k], key.n) != 0 || !value.n)
            continue;
        item->kind = DOCKERFILE_ITEM_DIRECTIVE;
        item->key = key;
        item->text = value;
        if (p->seen & (1u << k))
            dockerfile_complain(p, span_of(p, key), "only one %s directive can be used", names[k]);
        else if (k == 1 && !str_is(value, "\\") && !str_is(value, "`"))
            dockerfile_complain(p, span_of(p, value), "the escape character must be \\ or `");
        else if (k == 1)
            p->d->escape = *value.p;
        p->seen |= 1u << k;
        return true;
    }
    return false;
}

static void read_instruction(struct dockerfile_parser *p, struct str line,
                             struct dockerfile_item *item)
{
    struct dockerfile_instruction *i = arena_new(p->a, struct dockerfile_instruction);
    size_t n = continued(p, line), from = offset(p, line.p);
    struct str first = str_slice(line, 0, n);
    if (n == SIZE_MAX) {
        i->text = placed_plain(p->a, first, from);
    } else {
        struct placed_buf b = {.text = {.a = p->a}};
        placed_add_plain(&b, first, from);
        read_continuation(p, i, &b);
        i->text = placed_done(&b);
    }
    i->text = dockerfile_trimmed(&i->text);
    if (!i->text.s.n) { /* nothing but escape characters */
        item->kind = DOCKERFILE_ITEM_BLANK;
        return;
    }
    item->kind = DOCKERFILE_ITEM_INSTRUCTION;
    item->instruction = i;
    dockerfile_read_instruction(p, i);
    uint32_t end = p->at;
    while (end > from && (p->d->text.p[end - 1] == '\n' || p->d->text.p[end - 1] == '\r'))
        end--;
    i->place = (struct span){(uint32_t)from, end};
}

static void add_stage(struct dockerfile_parser *p, struct dockerfile_instruction *i)
{
    struct dockerfile *d = p->d;
    if (i->kind == DOCKERFILE_FROM && d->stages.n == LIMIT_STAGES) {
        dockerfile_complain(p, i->place, "more than %d stages; the rest count as one",
                            LIMIT_STAGES);
    } else if (i->kind == DOCKERFILE_FROM) {
        struct dockerfile_stage stage = {
            .from = i, .parent = DOCKERFILE_NO_STAGE, .item = d->items.n - 1};
        if (i->words.n)
            stage.base = i->words.v[0].text;
        if (i->words.n == 3)
            stage.name = i->words.v[2].text;
        if (stage.base.s.n && !(stage.base.s.p[0] >= '0' && stage.base.s.p[0] <= '9'))
            stage.parent = dockerfile_stage_named(d, stage.base.s, (int)d->stages.n);
        *vec_push(p->a, &d->stages) = stage;
    }
    for (struct dockerfile_instruction *in = i; in; in = in->onbuild)
        in->stage = (int)d->stages.n - 1;
}

static void refuse_rest(struct dockerfile_parser *p, struct str line, struct dockerfile_item *item)
{
    dockerfile_complain(p, span_of(p, line), "more than %d instructions; the rest is not read",
                        LIMIT_DOCKERFILE_INSTRUCTIONS);
    p->at = (uint32_t)p->d->text.n;
    item->kind = DOCKERFILE_ITEM_REFUSED;
}

static void read_item(struct dockerfile_parser *p)
{
    uint32_t from = p->at;
    struct str line;
    if (!dockerfile_next_line(p, &line))
        return;
    if (from == 0 && str_starts(line, str_of(bom)))
        line = str_from(line, 3);
    struct dockerfile_item *item = vec_push(p->a, &p->d->items);
    line = trimmed_left(line);
    bool comment = line.n && *line.p == '#';
    item->text = comment ? line : (struct str){0};
    if (!line.n)
        item->kind = DOCKERFILE_ITEM_BLANK;
    else if (too_long(p, line))
        item->kind = DOCKERFILE_ITEM_REFUSED;
    else if (comment && !(p->directives && directive(p, line, item)))
        item->kind = DOCKERFILE_ITEM_COMMENT;
    else if (!comment && p->instructions++ == LIMIT_DOCKERFILE_INSTRUCTIONS)
        refuse_rest(p, line, item);
    else if (!comment)
        read_instruction(p, line, item);
    p->directives &= item->kind == DOCKERFILE_ITEM_DIRECTIVE;
    item->place = (struct span){from, p->at};
    if (item->instruction)
        add_stage(p, item->instruction);
}

void dockerfile_parse(struct arena *a, struct str text, struct dockerfile *ret)
{
    *ret = (struct dockerfile){.a = a, .text = text, .escape = '\\'};
    struct dockerfile_parser p = {.a = a, .d = ret, .directives = true};
    size_t whole = text.n;
    if (whole > LIMIT_DOCKERFILE_BYTES)
        ret->text.n = LIMIT_DOCKERFILE_BYTES;
    index_lines(ret);
    size_t nul = str_find(ret->text, '\0');
    if (nul < ret->text.n)
        dockerfile_complain(&p, (struct span){(uint32_t)nul, (uint32_t)nul + 1},
                            "a NUL byte: this is not a text file");
    bool refused = whole > ret->text.n || nul < ret->text.n;
    if (whole > ret->text.n)
        dockerfile_complain(&p, (struct span){(uint32_t)ret->text.n, (uint32_t)ret->text.n},
                            "the file has %zu bytes; at most %d are read", whole,
                            LIMIT_DOCKERFILE_BYTES);
    ret->text.n = whole;
    if (refused) {
        *vec_push(a, &ret->items) = (struct dockerfile_item){.kind = DOCKERFILE_ITEM_REFUSED,
                                                             .place = {0, (uint32_t)whole}};
        return;
    }
    while (p.at < text.n)
        read_item(&p);
}

void dockerfile_print(const struct dockerfile *d, struct buf *to)
{
    vec_each (&d->items, i)
        buf_add(to, str_slice(d->text, d->items.v[i].place.from, d->items.v[i].place.to));
}

int dockerfile_stage_named(const struct dockerfile *d, struct str name, int before)
{
    uint64_t number = 0;
    if (before > (int)d->stages.n)
        before = (int)d->stages.n;
    if (name.n && name.n < 10 && !str_u64(name, 10, &number))
        return number < (uint64_t)(before < 0 ? 0 : before) ? (int)number : DOCKERFILE_NO_STAGE;
    for (int i = before - 1; i >= 0; i--) {
        struct str other = d->stages.v[i].name.s;
        if (name.n && other.n == name.n && strncasecmp(other.p, name.p, name.n) == 0)
            return i;
    }
    return DOCKERFILE_NO_STAGE;
}
