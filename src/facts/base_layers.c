/* base_layers: see base_layers.h.
 *
 * A manifest does not say where the base ends. Seams in the history, the first that is there:
 * buildah writes "FROM name" beside a line of its own: with --layers the first of a build, else the
 * last, and the lines before it in that build have no layers and no words beside them; a line of a
 * builder that wrote none of the lines above it is the base's, and so is a CMD or ENTRYPOINT with
 * more layers above it (whichever is higher); a root file system that is added as a whole. A seam
 * in the midst of what buildah built at once is where that begins.
 *
 * Invariants
 * 1. A base that is given settles it; one whose layers are not the image's lowest is refused.
 *    (test_base_layers: given)
 * 2. A history that does not fit the layers is believed in nothing. (test_base_layers: does not
 * fit)
 * 3. Where there is no seam, nothing is the base's: what is ours is never laid at its door.
 *    (test_base_layers: ours)
 * 4. Lines that buildah wrote in one build with the line that names the base are not the base's.
 *    (test_base_layers: at once)
 */
#include "facts/base_layers.h"

#include "base/vec.h"
#include "facts/history_line.h"
#include "finding/ignore.h"

/* Who wrote a line of history. */
enum builder { BUILDER_CLASSIC, BUILDER_BUILDKIT, BUILDER_PLAIN, BUILDER_OTHER };

struct seam_line {
    struct history_line text;
    enum builder builder;
    struct str author; /* of BUILDER_OTHER, whose lines have no form of their own */
    bool has_layer;
};

struct seam {
    size_t end; /* lines of the base; 0: none found */
    struct str evidence;
};

static enum builder builder_of(const struct image_history *h, const struct history_line *line)
{
    struct str by = str_trim(h->created_by);
    if (str_starts(h->comment, STR("buildkit")) || str_ends(by, STR("# buildkit")))
        return BUILDER_BUILDKIT;
    if (!line->instruction.n)
        return BUILDER_OTHER;
    /* the old ones name a shell where others name an instruction */
    return line->old_form || !str_starts(by, line->instruction) ? BUILDER_CLASSIC : BUILDER_PLAIN;
}

static struct seam_line *read_lines(struct arena *a, const struct image_config *c)
{
    struct seam_line *lines = arena_array(a, struct seam_line, c->n_history);
    for (size_t i = 0; i < c->n_history; i++) {
        const struct image_history *h = &c->history[i];
        history_line_read(a, h->created_by, &lines[i].text);
        lines[i].builder = builder_of(h, &lines[i].text);
        lines[i].author = lines[i].builder == BUILDER_OTHER ? h->author : (struct str){0};
        lines[i].has_layer = !h->empty_layer;
    }
    return lines;
}

static bool is_hex(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("0123456789abcdef", s.p[i]) || !s.p[i])
            return false;
    return s.n >= 12;
}

/* buildah's "FROM name"; an id in its place is of a step of one build. */
static struct seam seam_from(struct arena *a, const struct image_config *c, struct str *name)
{
    static const struct str from = STR_INIT("FROM ");
    for (size_t i = c->n_history; i-- > 0;) {
        struct str text = str_trim(c->history[i].comment);
        if (!str_starts(text, from))
            continue;
        struct str of = str_trim(str_from(text, from.n));
        if (is_hex(of) || !of.n)
            continue;
        *name = of;
        return (struct seam){i, str_fmt(a, "history[%zu] was built FROM " STR_F, i, STR_A(of))};
    }
    return (struct seam){0};
}

static struct str short_text(struct arena *a, struct str s)
{
    enum { SHOWN = 40 };
    return s.n > SHOWN ? str_fmt(a, STR_F "…", STR_A(str_slice(s, 0, SHOWN))) : s;
}

static struct seam seam_builder(struct arena *a, const struct seam_line *lines, size_t n)
{
    for (size_t i = n - 1; i-- > 0;)
        if (lines[i].builder != lines[n - 1].builder ||
            !str_eq(lines[i].author, lines[n - 1].author))
            return (struct seam){
                i + 1, str_fmt(a, "the lines up to history[%zu] are another builder's", i)};
    return (struct seam){0};
}

static struct seam seam_command(struct arena *a, const struct seam_line *lines, size_t n)
{
    bool above = false; /* a layer is */
    for (size_t i = n; i-- > 0;) {
        const struct history_line *l = &lines[i].text;
        bool command = str_is(l->instruction, "CMD") || str_is(l->instruction, "ENTRYPOINT");
        if (above && command && !lines[i].has_layer)
            return (struct seam){
                i + 1, str_fmt(a, "history[%zu], " STR_F " " STR_F ", has layers above it", i,
                               STR_A(l->instruction), STR_A(short_text(a, l->text)))};
        above |= lines[i].has_layer;
    }
    return (struct seam){0};
}

/* "ADD file:… in /", "ADD rootfs.tar.xz /": a base that set no command. */
static struct seam seam_root(const struct seam_line *lines, size_t n)
{
    const struct history_line *l = &lines[0].text;
    if (n < 2 || !str_is(l->instruction, "ADD") || !str_ends(l->text, STR(" /")))
        return (struct seam){0};
    return (struct seam){1, STR("history[0] adds a root file system as a whole")};
}

/* The day of a time, as RFC 3339 has it. */
static bool day_of(struct str time, int32_t *ret)
{
    struct err ignored = {0};
    return !ignore_date_parse(str_slice(time, 0, 10), ret, &ignored);
}

/* Made more than a day before: no build takes so long. */
static bool is_older(struct str time, struct str than)
{
    int32_t day, other;
    return day_of(time, &day) && day_of(than, &other) && day + 1 < other;
}

/* Where the build begins that line n is of, when buildah made one layer of it: its last line tells
 * FROM what, and those before it have no layer. A base may end with such lines, too; only that they
 * are older tells them apart. */
static size_t build_begin(const struct image_config *c, size_t n)
{
    size_t last = n;
    while (last < c->n_history && c->history[last].empty_layer && !c->history[last].comment.n)
        last++;
    if (last == c->n_history || !str_starts(str_trim(c->history[last].comment), STR("FROM ")))
        return n;
    while (n > 0 && c->history[n - 1].empty_layer && !c->history[n - 1].comment.n &&
           !is_older(c->history[n - 1].created, c->history[last].created))
        n--;
    return n;
}

static struct seam find_seam(struct arena *a, const struct image_config *c,
                             const struct seam_line *lines, struct str *name)
{
    struct seam from = seam_from(a, c, name);
    if (from.evidence.n)
        return from;
    struct seam builder = seam_builder(a, lines, c->n_history);
    struct seam command = seam_command(a, lines, c->n_history);
    struct seam best = builder.end > command.end ? builder : command;
    return best.end ? best : seam_root(lines, c->n_history);
}

/* ---- what the base set ---- */

/* An instruction of the lines from..to that says NAME=. */
static bool sets(const struct seam_line *lines, size_t from, size_t to, const char *instruction,
                 struct str assignment)
{
    for (size_t i = from; i < to; i++)
        if (str_is(lines[i].text.instruction, instruction) &&
            str_has(lines[i].text.text, assignment))
            return true;
    return false;
}

struct keys VEC(struct str);

static void settings_by_history(struct arena *a, const struct image_config *c,
                                const struct seam_line *lines, size_t end, struct strs *ret)
{
    struct keys keys = {0};
    struct str name, value;
    for (size_t i = 0; i < c->env.n; i++) {
        str_cut(c->env.v[i], '=', &name, &value);
        struct str set = str_fmt(a, STR_F "=", STR_A(name));
        if (sets(lines, 0, end, "ENV", set) && !sets(lines, end, c->n_history, "ENV", set))
            *vec_push(a, &keys) = str_fmt(a, "Env[%zu]", i);
    }
    for (size_t i = 0; i < c->labels.n; i++) {
        struct str set = str_fmt(a, STR_F "=", STR_A(c->labels.v[i].key));
        if (sets(lines, 0, end, "LABEL", set) && !sets(lines, end, c->n_history, "LABEL", set))
            *vec_push(a, &keys) = str_fmt(a, "Labels[%zu]", i);
    }
    *ret = (struct strs){keys.v, keys.n};
}

static bool has_label(const struct str_pairs *labels, const struct str_pair *one)
{
    for (size_t i = 0; i < labels->n; i++)
        if (str_eq(labels->v[i].key, one->key) && str_eq(labels->v[i].value, one->value))
            return true;
    return false;
}

static bool has_text(const struct strs *list, struct str one)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], one))
            return true;
    return false;
}

static void settings_by_config(struct arena *a, const struct image_config *c,
                               const struct image_config *base, struct strs *ret)
{
    struct keys keys = {0};
    for (size_t i = 0; i < c->env.n; i++)
        if (has_text(&base->env, c->env.v[i]))
            *vec_push(a, &keys) = str_fmt(a, "Env[%zu]", i);
    for (size_t i = 0; i < c->labels.n; i++)
        if (has_label(&base->labels, &c->labels.v[i]))
            *vec_push(a, &keys) = str_fmt(a, "Labels[%zu]", i);
    *ret = (struct strs){keys.v, keys.n};
}

/* ---- the two ways ---- */

void facts_base_layers_guess(struct arena *a, const struct image *image,
                             struct facts_base_layers *ret)
{
    const struct image_config *c = &image->config;
    size_t with_layer = 0;
    *ret = (struct facts_base_layers){.evidence = STR("the image has no history")};
    if (!c->n_history)
        return;
    for (size_t i = 0; i < c->n_history; i++)
        with_layer += !c->history[i].empty_layer;
    if (with_layer != image->n_layers) {
        ret->evidence = str_fmt(a, "history tells of %zu layers, and there are %zu", with_layer,
                                image->n_layers);
        return;
    }
    struct seam_line *lines = read_lines(a, c);
    struct seam seam = find_seam(a, c, lines, &ret->name);
    seam.end = build_begin(c, seam.end);
    ret->evidence = seam.evidence.n ? seam.evidence : STR("history shows no seam");
    ret->history = seam.end;
    for (size_t i = 0; i < seam.end; i++) {
        ret->layers += lines[i].has_layer;
        if (c->history[i].created.n)
            ret->created = c->history[i].created;
    }
    settings_by_history(a, c, lines, seam.end, &ret->settings);
}

static int check_below(struct arena *a, const struct image *image, const struct image *base,
                       struct err *e)
{
    struct str name = image_name_text(a, &base->name);
    if (base->name.transport == IMAGE_DIR || image->name.transport == IMAGE_DIR)
        return err_set(e, ERR_INPUT, "a folder has no layers to compare with those of a base");
    if (base->n_layers > image->n_layers)
        return err_set(e, ERR_INPUT,
                       STR_F " is not the base of this image: it has %zu layers, the image %zu",
                       STR_A(name), base->n_layers, image->n_layers);
    for (size_t i = 0; i < base->n_layers; i++)
        if (!digest_eq(&base->layers[i].diff_id, &image->layers[i].diff_id))
            return err_set(e, ERR_INPUT,
                           STR_F " is not the base of this image: its layer %zu is " STR_F
                                 ", the image's is " STR_F,
                           STR_A(name), i, STR_A(digest_text(a, &base->layers[i].diff_id)),
                           STR_A(digest_text(a, &image->layers[i].diff_id)));
    return 0;
}

static size_t common_history(const struct image_config *c, const struct image_config *base)
{
    size_t n = 0;
    while (n < c->n_history && n < base->n_history &&
           str_eq(c->history[n].created_by, base->history[n].created_by))
        n++;
    return n;
}

int facts_base_layers_given(struct arena *a, const struct image *image, const struct image *base,
                            struct facts_base_layers *ret, struct err *e)
{
    if (check_below(a, image, base, e))
        return -1;
    *ret = (struct facts_base_layers){
        .layers = base->n_layers,
        .history = common_history(&image->config, &base->config),
        .name = base->refs.n ? base->refs.v[0] : image_name_text(a, &base->name),
        .created = base->config.created,
        .evidence = str_fmt(a, "the layers of " STR_F " are its lowest",
                            STR_A(image_name_text(a, &base->name))),
        .sure = true,
    };
    if (base->manifest.n)
        ret->digest = digest_text(a, &base->manifest_digest);
    settings_by_config(a, &image->config, &base->config, &ret->settings);
    return 0;
}
