/* plan: what is kept → what to write: a selection, edits of the config, and the list of both.
 *
 * The result's labels start with "shuck.": shuck.version, and shuck.original.digest with the digest
 * of the manifest the result was made of (of the config where there is no manifest).
 *
 * Invariants
 * 1. The config changes only by edits that are in the list; the single line of history that the
 *    single layer needs is not one. (test_plan: config)
 * 2. A health check stays exactly when its program is kept. (test_plan: health check)
 * 3. What harden_allows() lets pass is what the plan itself wrote. (test_plan: allows)
 */
#include "harden/choose.h"
#include "harden/remedy.h"

/* What the selection's functions get. */
struct plan_state {
    const struct facts_keep *keep;
    struct remedy remedy;
};

static struct remedy_change *change_of(const struct plan_state *s, const struct tree_node *node)
{
    const struct tree_inode *inode = node->inode;
    return map_get(&s->remedy.changes, remedy_key(&inode));
}

static struct str *content_of(const struct plan_state *s, const struct tree_node *node)
{
    const struct tree_inode *inode = node->inode;
    return map_get(&s->remedy.contents, remedy_key(&inode));
}

static bool plan_keep(void *ctx, const struct tree_node *node)
{
    const struct plan_state *s = ctx;
    return facts_kept_of(s->keep, node) != NULL;
}

static void plan_adjust(void *ctx, const struct tree_node *node, struct image_entry *entry)
{
    const struct remedy_change *c = change_of(ctx, node);
    if (!c)
        return;
    entry->mode = c->mode;
    entry->gid = c->gid;
    entry->xattrs = c->xattrs;
    entry->n_xattrs = c->n_xattrs;
}

static bool plan_replace(void *ctx, const struct tree_node *node, struct str *content)
{
    const struct str *s = content_of(ctx, node);
    if (s)
        *content = *s;
    return s != NULL;
}

bool harden_allows(void *plan, const struct tree_node *was, const struct tree_node *is)
{
    const struct harden_plan *p = plan;
    const struct plan_state *s = p->selection.ctx;
    const struct remedy_change *c = change_of(s, was);
    const struct str *content = content_of(s, was);
    uint32_t mode = c ? c->mode : was->inode->mode, gid = c ? c->gid : was->inode->gid;
    if (is->inode->mode != mode || is->inode->gid != gid || is->inode->uid != was->inode->uid)
        return false;
    if (!content)
        return is->inode->size == was->inode->size &&
               (!is->inode->digest || !was->inode->digest ||
                digest_eq(is->inode->digest, was->inode->digest));
    struct digest d = digest_of(*content);
    return is->inode->size == content->n &&
           (!is->inode->digest || digest_eq(is->inode->digest, &d));
}

/* ---- the config ---- */

static void say(struct arena *a, struct harden_plan *p, enum harden_remedy_kind kind,
                struct str what)
{
    *vec_push(a, &p->remedies) = (struct harden_remedy){kind, what};
}

/* A user by name as a number, which needs no passwd to start; empty when it stays what it is. */
static struct str numeric_user(struct arena *a, const struct facts *f, bool keep_user)
{
    const struct facts_run_as *as = &f->run_as;
    return as->verdict == USER_BY_NAME && !harden_user_is_name(f, keep_user)
               ? str_fmt(a, "%u:%u", as->uid, as->gid)
               : (struct str){0};
}

static void edit_user(struct arena *a, const struct facts *f, const struct harden_config_options *o,
                      struct harden_plan *p)
{
    struct str was = f->image->config.user;
    struct str is = o->set_user ? o->user_text : numeric_user(a, f, o->keep_user);
    if (!is.n || str_eq(was, is))
        return;
    struct str *user = arena_new(a, struct str);
    *user = str_dup(a, is);
    p->edit.user = user;
    say(a, p, REMEDY_USER,
        str_fmt(a, "USER " STR_F " → " STR_F, STR_A(was.n ? was : STR("root")), STR_A(*user)));
}

static void edit_healthcheck(struct arena *a, const struct facts *f, struct harden_plan *p)
{
    const struct image_healthcheck *was = &f->image->config.healthcheck;
    if (!was->set || (was->test.n && str_is(was->test.v[0], "NONE")))
        return;
    const struct tree_node *program = facts_health_program(f, a);
    if (program && facts_kept_of(&p->keep, program))
        return;
    p->edit.healthcheck = arena_new(a, struct image_healthcheck);
    say(a, p, REMEDY_HEALTHCHECK, STR("health check gone: its program is not in the image"));
}

static void edit_labels(struct arena *a, const struct facts *f,
                        const struct harden_config_options *o, struct harden_plan *p)
{
    const struct image *image = f->image;
    struct str_pair *v = arena_array(a, struct str_pair, 2);
    size_t n = 0;
    if (o->tool_version.n)
        v[n++] = (struct str_pair){STR("shuck.version"), str_dup(a, o->tool_version)};
    if (image->manifest.n || image->name.transport != IMAGE_DIR) {
        const struct digest *d =
            image->manifest.n ? &image->manifest_digest : &image->config_digest;
        v[n++] = (struct str_pair){STR("shuck.original.digest"), digest_text(a, d)};
    }
    p->edit.labels = (struct str_pairs){v, n};
    for (size_t i = 0; i < n; i++)
        say(a, p, REMEDY_LABELS,
            str_fmt(a, "label " STR_F "=" STR_F, STR_A(v[i].key), STR_A(v[i].value)));
}

static void edit_history(struct arena *a, const struct facts *f, struct harden_plan *p)
{
    p->edit.history = arena_new(a, struct image_history);
    p->edit.history->created = f->image->config.created;
    p->edit.history->created_by = STR("shuck harden");
    p->edit.n_history = 1;
}

/* The plan stays as it is while more is found to be kept: its maps are its own. */
static struct facts_keep copy_of(struct arena *a, const struct facts_keep *keep)
{
    struct facts_keep copy = {.nodes = {.a = a}, .by_node = {.a = a}, .tree = keep->tree};
    map_each (&keep->nodes, i)
        *map_at(&copy.nodes, keep->nodes.v[i].key) = keep->nodes.v[i].value;
    map_each (&keep->by_node, i)
        *map_at(&copy.by_node, keep->by_node.v[i].key) = keep->by_node.v[i].value;
    return copy;
}

int harden_plan(struct arena *a, const struct facts *f, const struct facts_keep *keep,
                const struct trace *trace, const struct harden_config_options *options,
                struct harden_plan *ret, struct err *e)
{
    (void)e; /* everything a plan needs was read before */
    struct plan_state *s = arena_new(a, struct plan_state);
    struct facts_keep *kept = arena_new(a, struct facts_keep);
    *kept = copy_of(a, keep);
    s->keep = kept;
    s->remedy = (struct remedy){.a = a, .f = f, .keep = kept, .trace = trace, .options = options};
    struct remedy *r = &s->remedy;
    r->gid = options->set_user ? options->gid : f->run_as.gid;
    r->ran.a = r->written.a = r->changes.a = r->contents.a = a;
    struct harden_plan p = {.keep = *kept};
    edit_user(a, f, options, &p);
    edit_healthcheck(a, f, &p);
    remedy_files(r);
    remedy_contents(r);
    vec_each (&r->list, i)
        *vec_push(a, &p.remedies) = r->list.v[i];
    edit_labels(a, f, options, &p);
    edit_history(a, f, &p);
    p.selection = (struct tree_selection){.ctx = s, plan_keep, plan_adjust, plan_replace};
    *ret = p;
    return 0;
}
