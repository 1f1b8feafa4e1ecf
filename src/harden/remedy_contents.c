/* remedy_contents: kept files whose text would lie or tempt in the result → the text they get.
 *
 * Invariants
 * 1. passwd and group keep all their entries: which ones a program asks for cannot be known. What
 *    stands in a password field becomes "x". (test_plan: passwd)
 * 2. A package database names the kept packages. (test_package_db)
 */
#include "base/buf.h"
#include "harden/choose.h"
#include "harden/remedy.h"

static void replace(struct remedy *r, const struct facts_kept *kept, struct str content,
                    enum harden_remedy_kind kind, struct str what)
{
    struct str *s = arena_new(r->a, struct str);
    *s = content;
    *map_at(&r->contents, remedy_key((const struct tree_inode *const *)&kept->node->inode)) = s;
    *vec_push(r->a, &r->list) = (struct harden_remedy){kind, what};
}

/* The second field of each line, when it is neither empty, nor "x", nor a lock, becomes "x"; an
 * empty one too: it lets anyone in. */
static struct str without_passwords(struct arena *a, struct str text, size_t *changed)
{
    struct buf b = {.a = a};
    *changed = 0;
    while (text.n) {
        size_t end = str_find(text, '\n');
        struct str line = str_slice(text, 0, end), name, rest, password, tail;
        text = str_from(text, end + 1);
        bool fields = str_cut(line, ':', &name, &rest) && str_cut(rest, ':', &password, &tail);
        if (fields && !str_is(password, "x") && !str_is(password, "*") && !str_is(password, "!")) {
            buf_addf(&b, STR_F ":x:" STR_F, STR_A(name), STR_A(tail));
            ++*changed;
        } else {
            buf_add(&b, line);
        }
        buf_addc(&b, '\n');
    }
    return buf_str(&b);
}

static void accounts(struct remedy *r, struct str path)
{
    const struct facts_kept *kept = map_get(&r->keep->nodes, path);
    const struct file_facts *facts = kept ? facts_of(kept->node) : NULL;
    size_t changed;
    if (!facts || !facts->text.n || kept->node->inode->type != ENTRY_FILE)
        return;
    struct str text = without_passwords(r->a, facts->text, &changed);
    if (changed)
        replace(r, kept, text, REMEDY_PASSWD,
                str_fmt(r->a, STR_F ": %zu password%s → x", STR_A(path), changed,
                        changed == 1 ? "" : "s"));
}

void remedy_contents(struct remedy *r)
{
    accounts(r, STR("/etc/passwd"));
    accounts(r, STR("/etc/group"));
    for (size_t i = 0; i < r->keep->by_node.n; i++) {
        const struct facts_kept *kept = r->keep->by_node.v[i].value;
        struct str name = kept->node->name, text;
        if ((str_is(name, "status") || str_is(name, "installed")) &&
            package_db_trim(r->a, r->f, r->keep, kept->node, &text))
            replace(r, kept, text, REMEDY_PACKAGE_DB,
                    str_fmt(r->a, STR_F ": only packages that are kept", STR_A(kept->path)));
    }
}
