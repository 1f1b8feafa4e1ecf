/* plot: an image that is made to be found fault with: what is planted in it, and what only looks
 * so.
 *
 * A plant function adds files, variables, labels and lines of history, and says of each place what
 * an audit must say of it (plot_want) or that it must leave it alone (plot_leave). What is expected
 * is what an auditor would say who has the image before him; nothing of it is read from the rules.
 */
#ifndef PLANTED_PLOT_H
#define PLANTED_PLOT_H

#include "base/json.h"
#include "base/vec.h"
#include "tests/lib/fixture.h"

enum { PLOT_LAYERS = 3, PLOT_MOST_LAYERS = 6 };

struct plot {
    struct arena *a;
    uint64_t random;
    struct {
        struct fixture_entry *v;
        size_t n, cap;
    } layers[PLOT_MOST_LAYERS];
    size_t n_layers; /* 0: PLOT_LAYERS */
    json_t *config, *history;
    struct str on;           /* when lines of history were made; empty: not said */
    size_t n_layer_lines;    /* of history; 0: a line a layer is made up */
    const char *arch;        /* NULL: amd64 */
    struct str made, policy; /* empty: 1970, none */
    struct str base_name, base_digest;
    bool is_signed;
    struct buf said; /* what stands on standard output of this image */
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
    size_t slash = str_rfind(path, '/'), name = slash < path.n ? slash + 1 : 0;
    plot_file(p, layer,
              str_fmt(p->a, STR_F ".wh." STR_F, STR_A(str_slice(path, 0, name)),
                      STR_A(str_from(path, name))),
              STR(""));
}

FIXTURE_FN json_t *plot_member(struct plot *p, const char *key, json_t *empty)
{
    json_t *there = json_object_get(p->config, key);
    if (there)
        json_decref(empty);
    else
        json_object_set_new(p->config, key, there = empty);
    return there;
}

/* Each returns the key under which an audit speaks of it. */
FIXTURE_FN struct str plot_env(struct plot *p, struct str text)
{
    json_t *env = plot_member(p, "Env", json_array());
    json_array_append_new(env, json_text(text));
    return str_fmt(p->a, "Env[%zu]", json_array_size(env) - 1);
}

FIXTURE_FN struct str plot_label_named(struct plot *p, const char *key, struct str value)
{
    json_t *labels = plot_member(p, "Labels", json_object());
    json_object_set_new(labels, key, json_text(value));
    return str_fmt(p->a, "Labels[%zu]", json_object_size(labels) - 1);
}

FIXTURE_FN struct str plot_label(struct plot *p, struct str value)
{
    size_t n = json_object_size(plot_member(p, "Labels", json_object()));
    return plot_label_named(p, str_fmt(p->a, "note.%zu", n).p, value);
}

/* A line without a layer, or of the next one. */
FIXTURE_FN struct str plot_line(struct plot *p, struct str line, bool with_layer)
{
    json_t *one = json_object();
    if (!with_layer)
        json_object_set_new(one, "empty_layer", json_true());
    json_object_set_new(one, "created_by", json_text(line));
    if (p->on.n)
        json_object_set_new(one, "created", json_text(p->on));
    json_array_append_new(p->history, one);
    p->n_layer_lines += with_layer;
    return str_fmt(p->a, "history[%zu]", json_array_size(p->history) - 1);
}

FIXTURE_FN struct str plot_history(struct plot *p, struct str line)
{
    return plot_line(p, line, false);
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

FIXTURE_FN struct plot plot_begin(struct arena *a, uint64_t seed)
{
    return (struct plot){.a = a,
                         .random = 0x9e3779b97f4a7c15u + seed,
                         .config = json_object(),
                         .history = json_array(),
                         .said.a = a};
}

/* The config that fits the draft's layers, with all that was planted in it. */
FIXTURE_FN void plot_document(struct plot *p, struct image_draft *d)
{
    struct err e;
    JSON_AUTO json_t *whole = NULL;
    if (json_read(d->config_bytes, &whole, &e))
        fixture_die("config", &e);
    if (!p->n_layer_lines)
        json_array_extend(p->history, json_object_get(whole, "history"));
    json_object_set_new(whole, "config", p->config);
    json_object_set_new(whole, "history", p->history);
    if (p->arch)
        json_object_set_new(whole, "architecture", json_string(p->arch));
    if (p->arch)
        d->platform.arch = str_of(p->arch);
    if (p->made.n)
        json_object_set_new(whole, "created", json_text(p->made));
    d->config_bytes = json_write(p->a, whole, 0);
}

FIXTURE_FN void plot_annotate(struct plot *p, struct image_draft *d)
{
    struct str_pair *v = arena_array(p->a, struct str_pair, 2);
    d->annotations = (struct str_pairs){v, 0};
    if (p->base_name.n)
        v[d->annotations.n++] =
            (struct str_pair){STR("org.opencontainers.image.base.name"), p->base_name};
    if (p->base_digest.n)
        v[d->annotations.n++] =
            (struct str_pair){STR("org.opencontainers.image.base.digest"), p->base_digest};
}

/* The policy as a file, and the words for a command line; empty when there is none. */
FIXTURE_FN struct str plot_policy(struct plot *p)
{
    struct str path = fixture_path(p->a, str_fmt(p->a, "policy-%u.yaml", fixture_count).p);
    FILE *to = p->policy.n ? fopen(path.p, "w") : NULL;
    if (!to)
        return (struct str){0};
    if (fwrite(p->policy.p, 1, p->policy.n, to) != p->policy.n || fclose(to))
        fixture_die("policy", NULL);
    return str_fmt(p->a, "--config " STR_F, STR_A(path));
}

/* Another image in the layout, under the tag that cosign gives a signature of the first. */
FIXTURE_FN void plot_sign(struct plot *p, const struct image_name *name,
                          const struct digest *digest)
{
    static const struct fixture_entry none[] = {{"f", "signature", .content = "x"}, {0}};
    static const struct fixture_layer layers[] = {{none}, {0}};
    struct err e;
    struct image_draft d = fixture_draft(p->a, layers, NULL);
    struct image_name beside = *name;
    beside.ref = str_fmt(p->a, "sha256-" STR_F ".sig", STR_A(digest_hex(p->a, digest)));
    if (image_write(&beside, &d, NULL, &e))
        fixture_die("signature", &e);
    image_blob_close(&d.layers[0]);
}

/* Writes the image and prints what was said of it. */
FIXTURE_FN void plot_end(struct plot *p, const char *what, const char *rule)
{
    struct err e;
    struct digest digest;
    struct fixture_layer layers[PLOT_MOST_LAYERS + 1] = {0};
    size_t n = p->n_layers ? p->n_layers : PLOT_LAYERS;
    for (size_t i = 0; i < n; i++) {
        if (!p->layers[i].n)
            plot_file(p, i, str_fmt(p->a, "srv/data/layer-%zu", i), STR("x"));
        vec_push(p->a, &p->layers[i]); /* the end of the list */
        layers[i].entries = p->layers[i].v;
    }
    struct image_draft d = fixture_draft(p->a, layers, "{}");
    plot_document(p, &d);
    plot_annotate(p, &d);
    fixture_count++;
    struct image_name name = fixture_name(p->a);
    name.ref = STR("latest");
    if (image_write(&name, &d, &digest, &e))
        fixture_die("image", &e);
    for (size_t i = 0; i < d.n_layers; i++)
        image_blob_close(&d.layers[i]);
    if (p->is_signed)
        plot_sign(p, &name, &digest);
    printf("image\t%s\t%s\t" STR_F ":latest\t" STR_F "\n" STR_F, what, rule, STR_A(name.path),
           STR_A(plot_policy(p)), STR_A(buf_str(&p->said)));
}

#endif
