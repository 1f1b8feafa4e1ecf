/* plot_text: a small image, written as text, with what an audit must say of it → a plot.
 *
 *     f PATH MODE UID:GID CONTENT    a file; d PATH MODE UID:GID, a folder
 *     l PATH TARGET                  a symlink; h a hard link
 *     elf PATH MODE UID:GID MACHINE [INTERPRETER]
 *     cap PATH MODE UID:GID HEX      a file with this value of security.capability
 *     big PATH BYTES                 a file of so many bytes
 *     del PATH / opaque PATH         whiteouts
 *     layer                          what follows is in the next layer
 *     user, workdir, made, arch, base, digest, env, policy, signed
 *     cmd, entrypoint, health, shell: JSON; port, volume
 *     label KEY=VALUE
 *     by LINE / meta LINE            history with and without a layer; on DATE: of those that
 * follow want LAYER PLACE WORDS         a finding; LAYER is "-" for a key of the config, for
 *                                    FILE:LINE and for the whole image, whose place is "image"
 *     leave LAYER PLACE              none there
 *     status STATUS WORDS            the check ends so
 *
 * In each line \n is a newline, \\ a backslash, \w a word, \u a uid, \f a folder (the same ones in
 * all of a case), \d a number, \h a SHA-256 (new ones each time), \T the day now minus the digits
 * behind it. */
#ifndef PLANTED_PLOT_TEXT_H
#define PLANTED_PLOT_TEXT_H

#include <time.h>

#include "planted/plot.h"
#include "tests/lib/elfmake.h"

struct plot_text {
    struct plot *p;
    size_t layer; /* that entries go to */
    size_t first; /* that "0" of the text is */
    const char *word, *folder;
    uint32_t uid;
};

/* ---- what is put in for letters ---- */

static struct str plot_day(struct plot *p, uint64_t days_ago)
{
    time_t then = time(NULL) - (time_t)days_ago * 86400;
    struct tm tm;
    char text[32];
    gmtime_r(&then, &tm);
    strftime(text, sizeof text, "%Y-%m-%d", &tm);
    return str_fmt(p->a, "%s", text);
}

static struct str plot_fill(struct plot_text *t, const char *from)
{
    struct buf b = {.a = t->p->a};
    for (const char *at = from; *at; at++) {
        char next = *at == '\\' ? at[1] : 0;
        at += next != 0 && strchr("n\\wufdhT", next);
        if (next == 'n')
            buf_addc(&b, '\n');
        else if (next == '\\')
            buf_addc(&b, '\\');
        else if (next == 'w')
            buf_addz(&b, t->word);
        else if (next == 'f')
            buf_addz(&b, t->folder);
        else if (next == 'u')
            buf_addf(&b, "%u", t->uid);
        else if (next == 'd')
            buf_addf(&b, "%u", 10 + plot_random(t->p, 900));
        else if (next == 'h')
            buf_add(&b, plot_letters(t->p, "0123456789abcdef", 64));
        else if (next == 'T') {
            char *end;
            buf_add(&b, plot_day(t->p, strtoull(at + 1, &end, 10)));
            at = end - 1;
        } else
            buf_addc(&b, *at);
    }
    return buf_str(&b);
}

/* ---- entries ---- */

static struct fixture_entry *plot_entry(struct plot_text *t, const char *type, struct str path)
{
    struct fixture_entry *e = vec_push(t->p->a, &t->p->layers[t->layer]);
    *e = (struct fixture_entry){type, str_cstr(t->p->a, path)};
    return e;
}

static void plot_rights(struct fixture_entry *e, struct str *rest)
{
    struct str mode = {0}, who = {0}, group;
    uint64_t number = 0;
    str_word(rest, &mode);
    str_word(rest, &who);
    str_u64(mode, 8, &number);
    e->mode = (uint32_t)number;
    str_cut(who, ':', &who, &group);
    str_u64(who, 10, &number);
    e->uid = (uint32_t)number;
    str_u64(group, 10, &number);
    e->gid = (uint32_t)number;
    if (rest->n && rest->p[0] == ' ')
        *rest = str_from(*rest, 1);
}

static struct str plot_elf(struct plot_text *t, struct str rest)
{
    struct str machine = {0}, interpreter = {0};
    uint64_t number = 62;
    str_word(&rest, &machine);
    str_word(&rest, &interpreter);
    str_u64(machine, 10, &number);
    return elfmake(
        t->p->a,
        &(struct elfmake){.machine = (uint16_t)number,
                          .flags_1 = DF_1_PIE,
                          .interpreter = interpreter.n ? str_cstr(t->p->a, interpreter) : NULL});
}

static struct str plot_hex(struct plot *p, struct str hex)
{
    struct buf b = {.a = p->a};
    for (size_t i = 0; i + 1 < hex.n; i += 2) {
        uint64_t byte = 0;
        str_u64(str_slice(hex, i, i + 2), 16, &byte);
        buf_addc(&b, (char)byte);
    }
    return buf_str(&b);
}

static bool plot_add_entry(struct plot_text *t, struct str key, struct str rest)
{
    struct str path = {0};
    struct fixture_entry *e;
    str_word(&rest, &path);
    if (str_is(key, "l") || str_is(key, "h")) {
        e = plot_entry(t, str_is(key, "l") ? "l" : "h", path);
        e->link = str_cstr(t->p->a, str_trim(rest));
    } else if (str_is(key, "d") || str_is(key, "f") || str_is(key, "elf") || str_is(key, "cap")) {
        e = plot_entry(t, str_is(key, "d") ? "d" : "f", path);
        plot_rights(e, &rest);
        e->bytes = str_is(key, "elf") ? plot_elf(t, rest) : str_is(key, "f") ? rest : STR("x");
        if (!str_is(key, "cap"))
            return true;
        e->xattr = "security.capability";
        e->value = plot_hex(t->p, str_trim(rest));
    } else if (str_is(key, "big")) {
        uint64_t n = 0;
        e = plot_entry(t, "f", path);
        str_u64(str_trim(rest), 10, &n);
        e->bytes = (struct str){arena_array(t->p->a, char, n), n};
    } else if (str_is(key, "del")) {
        plot_delete(t->p, t->layer, path);
    } else if (str_is(key, "opaque")) {
        plot_entry(t, "f", str_fmt(t->p->a, STR_F "/.wh..wh..opq", STR_A(path)));
    } else {
        return false;
    }
    return true;
}

/* ---- the config ---- */

static bool plot_add_config(struct plot_text *t, struct str key, struct str rest)
{
    static const struct {
        const char *key, *member;
        char kind; /* text, JSON, set, health */
    } members[] = {
        {"user", "User", 't'},      {"workdir", "WorkingDir", 't'},
        {"cmd", "Cmd", 'j'},        {"entrypoint", "Entrypoint", 'j'},
        {"shell", "Shell", 'j'},    {"port", "ExposedPorts", 's'},
        {"volume", "Volumes", 's'}, {"health", "Healthcheck", 'h'},
    };
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct err e;
        json_t *value = NULL;
        if (!str_is(key, members[i].key))
            continue;
        if (strchr("jh", members[i].kind) && json_read(rest, &value, &e))
            fixture_die(str_cstr(t->p->a, rest), &e);
        if (members[i].kind == 's')
            json_object_set_new(plot_member(t->p, members[i].member, json_object()),
                                str_cstr(t->p->a, rest), json_object());
        else if (members[i].kind == 'h')
            json_object_set_new(t->p->config, members[i].member,
                                json_is_array(value) ? json_pack("{so}", "Test", value) : value);
        else
            json_object_set_new(t->p->config, members[i].member, value ? value : json_text(rest));
        return true;
    }
    return false;
}

/* ---- what is expected ---- */

static void plot_expect(struct plot_text *t, bool want, struct str rest)
{
    struct str number = {0}, place = {0};
    uint64_t layer = 0;
    str_word(&rest, &number);
    str_word(&rest, &place);
    int at = str_u64(number, 10, &layer) ? -1 : (int)(layer + t->first);
    if (want)
        plot_want(t->p, at, place, str_cstr(t->p->a, str_trim(rest)));
    else
        plot_leave(t->p, at, place);
}

static void plot_add_label(struct plot *p, struct str text)
{
    struct str key, value;
    str_cut(text, '=', &key, &value);
    json_object_set_new(plot_member(p, "Labels", json_object()), str_cstr(p->a, key),
                        json_text(value));
}

static void plot_add_line(struct plot_text *t, struct str line)
{
    struct plot *p = t->p;
    struct str key, rest;
    str_cut(line, ' ', &key, &rest);
    if (str_is(key, "layer"))
        t->layer++;
    else if (str_is(key, "want") || str_is(key, "leave"))
        plot_expect(t, str_is(key, "want"), rest);
    else if (str_is(key, "status"))
        buf_addf(&p->said, "status\t" STR_F "\n", STR_A(rest));
    else if (str_is(key, "made"))
        p->made = rest;
    else if (str_is(key, "arch"))
        p->arch = str_cstr(p->a, rest);
    else if (str_is(key, "base"))
        p->base_name = rest;
    else if (str_is(key, "digest"))
        p->base_digest = rest;
    else if (str_is(key, "policy"))
        p->policy = rest;
    else if (str_is(key, "signed"))
        p->is_signed = true;
    else if (str_is(key, "on"))
        p->on = rest;
    else if (str_is(key, "label"))
        plot_add_label(p, rest);
    else if (str_is(key, "env"))
        plot_env(p, rest);
    else if (str_is(key, "by") || str_is(key, "meta"))
        plot_line(p, rest, str_is(key, "by"));
    else if (!plot_add_entry(t, key, rest) && !plot_add_config(t, key, rest))
        fixture_die(str_cstr(p->a, line), NULL);
}

/* ---- cases ---- */

/* How often a case is planted, each time with other words: alone, above a base, below what is
 * added later. */
enum plot_shape { SHAPE_ALONE, SHAPE_ABOVE, SHAPE_BELOW, PLOT_SHAPES };

static void plot_case(const char *what, const char *rule, const char *text, uint64_t seed,
                      enum plot_shape shape)
{
    static const char *const words[] = {"web", "app", "svc-run", "shop_7", "node", "ledger"};
    static const char *const folders[] = {"srv/shop", "opt/app/x", "home/pat", "data",
                                          "var/lib/app"};
    struct arena a = {0};
    struct plot p = plot_begin(&a, seed * PLOT_SHAPES + shape);
    for (int i = 0; i < 8; i++)
        plot_random(&p, 2);
    struct plot_text t = {.p = &p,
                          .word = words[plot_random(&p, sizeof words / sizeof *words)],
                          .folder = folders[plot_random(&p, sizeof folders / sizeof *folders)],
                          .uid = 1000 + plot_random(&p, 60000)};
    if (shape == SHAPE_ABOVE && !strstr(text, "\nby ")) { /* whose history tells of its base */
        plot_file(&p, 0, STR("etc/hostname-of-base"), STR("x"));
        t.layer = t.first = 1;
    }
    struct str rest = str_of(text), line;
    while (str_line(&rest, &line))
        if (line.n)
            plot_add_line(&t, plot_fill(&t, str_cstr(&a, line)));
    if (shape == SHAPE_BELOW && !p.n_layer_lines)
        plot_file(&p, ++t.layer, STR("srv/later"), STR("x"));
    p.n_layers = t.layer + 1;
    plot_end(&p, what, rule);
    arena_free(&a);
}

static void plot_cases(const char *what, const char *rule, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (enum plot_shape shape = 0; shape < PLOT_SHAPES; shape++)
            plot_case(what, rule, texts[i], i, shape);
}
#define PLOT_CASES(what, rule, texts) plot_cases(what, rule, texts, sizeof texts / sizeof *texts)

#endif
