/* harden_list: a plan → its listing.
 *
 * Invariants
 * 1. Everything kept is listed, in the order in which it will be written. (test_harden_list: order)
 * 2. The text holds no byte that a terminal would act on. (test_harden_list: safe)
 */
#include "harden/harden_list.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/safe.h"

const char *harden_remedy_name(enum harden_remedy_kind kind)
{
    static const char *const names[] = {
        [REMEDY_USER] = "user",
        [REMEDY_SETUID] = "setuid",
        [REMEDY_GROUP0] = "group0",
        [REMEDY_LABELS] = "labels",
        [REMEDY_HEALTHCHECK] = "healthcheck",
        [REMEDY_PASSWD] = "passwd",
        [REMEDY_PACKAGE_DB] = "package-db",
    };
    return names[kind];
}

static const char *type_name(enum image_entry_type type)
{
    static const char *const names[] = {
        [ENTRY_FILE] = "file",     [ENTRY_DIR] = "folder",  [ENTRY_SYMLINK] = "link",
        [ENTRY_HARDLINK] = "file", [ENTRY_CHAR] = "device", [ENTRY_BLOCK] = "device",
        [ENTRY_FIFO] = "pipe",
    };
    return names[type];
}

/* The first name of each file's inode counts. */
struct harden_sum harden_sum(struct arena *a, const struct facts_keep *keep)
{
    struct harden_sum sum = {0};
    struct map seen = {.a = a};
    for (size_t i = 0; i < keep->by_node.n; i++) {
        const struct facts_kept *kept = keep->by_node.v[i].value;
        const struct tree_inode *const *inode =
            (const struct tree_inode *const *)&kept->node->inode;
        if ((*inode)->type != ENTRY_FILE)
            continue;
        void **slot = map_at(&seen, (struct str){(const char *)inode, sizeof *inode});
        if (*slot)
            continue;
        *slot = &seen;
        sum.files++;
        sum.bytes += (*inode)->size;
    }
    return sum;
}

/* ---- packages ---- */

static int by_bytes_gone(const void *a, const void *b)
{
    const struct harden_package *x = a, *y = b;
    uint64_t gone_x = x->bytes - x->kept_bytes, gone_y = y->bytes - y->kept_bytes;
    if (gone_x != gone_y)
        return gone_x < gone_y ? 1 : -1;
    return str_cmp(x->package->name, y->package->name);
}

void harden_by_package(struct arena *a, const struct facts *f, const struct facts_keep *keep,
                       struct harden_packages *ret)
{
    size_t n = f->packages.n;
    struct harden_package *list = arena_array(a, struct harden_package, n ? n : 1);
    bool *counted = arena_array(a, bool, f->tree->n_inodes),
         *kept_counted = arena_array(a, bool, f->tree->n_inodes);
    for (size_t i = 0; i < n; i++)
        list[i].package = &f->packages.v[i];
    for (struct tree_node *at = f->tree->root; at; at = tree_next(f->tree, at)) {
        const struct tree_inode *inode = at->inode;
        if (inode->type == ENTRY_DIR || inode->owner == TREE_NO_OWNER || inode->owner > n)
            continue;
        struct harden_package *p = &list[inode->owner - 1];
        bool kept = facts_kept_of(keep, at) != NULL;
        uint64_t size = inode->type == ENTRY_FILE ? inode->size : 0;
        p->files++;
        p->kept_files += kept;
        p->bytes += counted[inode->id] ? 0 : size;
        p->kept_bytes += kept && !kept_counted[inode->id] ? size : 0;
        counted[inode->id] = true;
        kept_counted[inode->id] |= kept;
    }
    qsort(list, n, sizeof *list, by_bytes_gone);
    *ret = (struct harden_packages){list, n, n};
}

/* ---- files ---- */

/* In the order of tree_next(), which is that of the layer. */
struct paths VEC(struct str);
struct kept_list VEC(const struct facts_kept *);

static struct kept_list in_order(struct arena *a, const struct facts_keep *keep)
{
    struct kept_list list = {0};
    for (struct tree_node *at = keep->tree->root; at; at = tree_next(keep->tree, at)) {
        const struct facts_kept *kept = facts_kept_of(keep, at);
        if (kept)
            *vec_push(a, &list) = kept;
    }
    return list;
}

/* Files and links of the original that are not kept, in byte order of their names. */
static void removed_paths(struct arena *a, const struct facts *f, const struct harden_plan *plan,
                          struct paths *ret)
{
    for (const struct tree_node *at = f->tree->root; at; at = tree_next(f->tree, at))
        if (at->inode->type != ENTRY_DIR && !facts_kept_of(&plan->keep, at))
            *vec_push(a, ret) = tree_path(a, at);
}

struct str harden_list_text(struct arena *a, const struct facts *f, const struct harden_plan *plan)
{
    struct buf b = {.a = a};
    struct kept_list list = in_order(a, &plan->keep);
    struct harden_sum sum = harden_sum(a, &plan->keep);
    vec_each (&list, i) {
        const struct facts_kept *k = list.v[i];
        struct str path = safe_text(a, k->path), why = safe_text(a, k->reason.detail);
        if (k->node->inode->type == ENTRY_FILE)
            buf_addf(&b, "%10llu  ", (unsigned long long)k->node->inode->size);
        else
            buf_addf(&b, "%10s  ", type_name(k->node->inode->type));
        buf_addf(&b, STR_F "  (" STR_F ")\n", STR_A(path), STR_A(why));
    }
    buf_addf(&b, "\nkept: %zu of %zu files, %llu of %llu bytes\n", sum.files, f->tree->n_files,
             (unsigned long long)sum.bytes, (unsigned long long)f->tree->bytes);
    if (plan->remedies.n)
        buf_addz(&b, "\nchanged:\n");
    vec_each (&plan->remedies, i) {
        struct str what = safe_text(a, plan->remedies.v[i].what);
        buf_addf(&b, "  %-11s  " STR_F "\n", harden_remedy_name(plan->remedies.v[i].kind),
                 STR_A(what));
    }
    struct harden_packages packages;
    harden_by_package(a, f, &plan->keep, &packages);
    if (packages.n)
        buf_addz(&b, "\npackages, files kept of all:\n");
    vec_each (&packages, i) {
        const struct harden_package *p = &packages.v[i];
        struct str name = safe_text(a, p->package->name);
        buf_addf(&b, "  %6zu / %-6zu  " STR_F "\n", p->kept_files, p->files, STR_A(name));
    }
    struct paths removed = {0};
    removed_paths(a, f, plan, &removed);
    if (removed.n)
        buf_addz(&b, "\nnot kept:\n");
    vec_each (&removed, i)
        buf_addf(&b, "  " STR_F "\n", STR_A(safe_text(a, removed.v[i])));
    return buf_str(&b);
}

static json_t *json_kept(const struct facts_kept *k)
{
    const struct tree_inode *inode = k->node->inode;
    json_t *j = json_object();
    json_object_set_new(j, "path", json_text(k->path));
    json_object_set_new(j, "type", json_string(type_name(inode->type)));
    if (inode->type == ENTRY_FILE)
        json_object_set_new(j, "size", json_integer((json_int_t)inode->size));
    json_object_set_new(j, "why", json_string(facts_why_name(k->reason.why)));
    json_object_set_new(j, "reason", json_text(k->reason.detail));
    return j;
}

static json_t *json_package(const struct harden_package *p)
{
    json_t *j = json_object();
    json_object_set_new(j, "name", json_text(p->package->name));
    json_object_set_new(j, "version", json_text(p->package->version));
    json_object_set_new(j, "files", json_integer((json_int_t)p->files));
    json_object_set_new(j, "kept_files", json_integer((json_int_t)p->kept_files));
    json_object_set_new(j, "bytes", json_integer((json_int_t)p->bytes));
    json_object_set_new(j, "kept_bytes", json_integer((json_int_t)p->kept_bytes));
    return j;
}

json_t *harden_list_value(struct arena *a, const struct facts *f, const struct harden_plan *plan)
{
    json_t *j = json_object();
    json_t *files = json_array(), *remedies = json_array(), *list = json_array();
    struct kept_list kept = in_order(a, &plan->keep);
    struct harden_sum sum = harden_sum(a, &plan->keep);
    vec_each (&kept, i)
        json_array_append_new(files, json_kept(kept.v[i]));
    vec_each (&plan->remedies, i) {
        json_t *r = json_object();
        const char *kind = harden_remedy_name(plan->remedies.v[i].kind);
        json_object_set_new(r, "kind", json_string(kind));
        json_object_set_new(r, "what", json_text(plan->remedies.v[i].what));
        json_array_append_new(remedies, r);
    }
    struct harden_packages packages;
    harden_by_package(a, f, &plan->keep, &packages);
    vec_each (&packages, i)
        json_array_append_new(list, json_package(&packages.v[i]));
    json_object_set_new(j, "files", json_integer((json_int_t)f->tree->n_files));
    json_object_set_new(j, "bytes", json_integer((json_int_t)f->tree->bytes));
    json_object_set_new(j, "kept_files", json_integer((json_int_t)sum.files));
    json_object_set_new(j, "kept_bytes", json_integer((json_int_t)sum.bytes));
    json_object_set_new(j, "kept", files);
    json_object_set_new(j, "remedies", remedies);
    json_object_set_new(j, "packages", list);
    return j;
}

struct str harden_list_json(struct arena *a, const struct facts *f, const struct harden_plan *plan)
{
    JSON_AUTO json_t *j = harden_list_value(a, f, plan);
    json_t *list = json_array();
    struct paths removed = {0};
    removed_paths(a, f, plan, &removed);
    vec_each (&removed, i)
        json_array_append_new(list, json_text(removed.v[i]));
    json_object_set_new(j, "removed", list);
    return str_fmt(a, STR_F "\n", STR_A(json_write(a, j, 2)));
}
