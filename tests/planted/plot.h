/* plot: an image that is made to be found fault with: what is planted in it, and what only looks
 * so.
 *
 * A plant function adds files, variables, labels and lines of history, and says of each place what
 * an audit must say of it (plot_want) or that it must leave it alone (plot_leave). */
#ifndef PLANTED_PLOT_H
#define PLANTED_PLOT_H

#include "base/vec.h"
#include "tests/lib/fixture.h"

enum { PLOT_LAYERS = 3 };

struct plot {
    struct arena *a;
    uint64_t random;
    struct {
        struct fixture_entry *v;
        size_t n, cap;
    } layers[PLOT_LAYERS];
    struct buf env, labels, history;
    size_t n_env, n_labels, n_history;
    struct buf said; /* what stands on standard output of this image */
};

/* A plant function and the rule that it is about. */
struct planting {
    const char *name, *rule;
    void (*plant)(struct plot *p);
};

/* Small, fast, and the same in every run. */
FIXTURE_FN uint32_t plot_random(struct plot *p, uint32_t under)
{
    p->random ^= p->random << 13;
    p->random ^= p->random >> 7;
    p->random ^= p->random << 17;
    return (uint32_t)(p->random >> 32) % under;
}

/* n letters of an alphabet. */
FIXTURE_FN struct str plot_letters(struct plot *p, const char *alphabet, size_t n)
{
    char *s = arena_alloc(p->a, n + 1);
    for (size_t i = 0; i < n; i++)
        s[i] = alphabet[plot_random(p, (uint32_t)strlen(alphabet))];
    return (struct str){s, n};
}

FIXTURE_FN void plot_file(struct plot *p, size_t layer, struct str path, struct str bytes)
{
    *vec_push(p->a, &p->layers[layer]) =
        (struct fixture_entry){"f", str_cstr(p->a, path), .bytes = bytes};
}

/* The layer takes away what one below has. */
FIXTURE_FN void plot_delete(struct plot *p, size_t layer, struct str path)
{
    size_t slash = str_rfind(path, '/');
    plot_file(p, layer,
              str_fmt(p->a, STR_F "/.wh." STR_F, STR_A(str_slice(path, 0, slash)),
                      STR_A(str_from(path, slash + 1))),
              STR(""));
}

FIXTURE_FN void plot_json(struct buf *b, struct str text)
{
    buf_addc(b, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (strchr("\"\\", text.p[i]))
            buf_addc(b, '\\');
        buf_addc(b, text.p[i]);
    }
    buf_addc(b, '"');
}

/* Each returns the key under which an audit speaks of it. */
FIXTURE_FN struct str plot_env(struct plot *p, struct str text)
{
    buf_addz(&p->env, p->n_env ? "," : "");
    plot_json(&p->env, text);
    return str_fmt(p->a, "Env[%zu]", p->n_env++);
}

FIXTURE_FN struct str plot_label(struct plot *p, struct str value)
{
    buf_addf(&p->labels, "%s\"note.%zu\":", p->n_labels ? "," : "", p->n_labels);
    plot_json(&p->labels, value);
    return str_fmt(p->a, "Labels[%zu]", p->n_labels++);
}

FIXTURE_FN struct str plot_history(struct plot *p, struct str line)
{
    buf_addz(&p->history, "{\"empty_layer\":true,\"created_by\":");
    plot_json(&p->history, line);
    buf_addz(&p->history, "},");
    return str_fmt(p->a, "history[%zu]", p->n_history++);
}

/* layer < 0: `place` is a key of the config. Words stand in the evidence. */
FIXTURE_FN void plot_want(struct plot *p, int layer, struct str place, const char *words)
{
    buf_addf(&p->said, "want\t%d\t" STR_F "\t%s\n", layer, STR_A(place), words);
}

FIXTURE_FN void plot_leave(struct plot *p, int layer, struct str place)
{
    buf_addf(&p->said, "leave\t%d\t" STR_F "\n", layer, STR_A(place));
}

/* Writes the image and prints what was said of it. */
FIXTURE_FN void plot_end(struct plot *p, const struct planting *planting)
{
    struct fixture_layer layers[PLOT_LAYERS + 1] = {0};
    for (size_t i = 0; i < PLOT_LAYERS; i++) {
        plot_file(p, i, str_fmt(p->a, "layer-%zu", i), STR("x"));
        vec_push(p->a, &p->layers[i]); /* the end of the list */
        layers[i].entries = p->layers[i].v;
    }
    struct str config = str_fmt(p->a, "{\"Env\":[" STR_F "],\"Labels\":{" STR_F "}}",
                                STR_A(buf_str(&p->env)), STR_A(buf_str(&p->labels)));
    struct image_draft d = fixture_draft(p->a, layers, config.p);
    static const struct str list = STR_INIT("\"history\":[");
    size_t at = str_find_str(d.config_bytes, list) + list.n;
    d.config_bytes = str_fmt(p->a, STR_F STR_F STR_F, STR_A(str_slice(d.config_bytes, 0, at)),
                             STR_A(buf_str(&p->history)), STR_A(str_from(d.config_bytes, at)));
    struct image_name name = fixture_write(p->a, &d);
    printf("image\t%s\t%s\t" STR_F "\n" STR_F, planting->name, planting->rule, STR_A(name.path),
           STR_A(buf_str(&p->said)));
}

#endif
