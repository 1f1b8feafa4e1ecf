/* changes: the sums that package databases have of their files → the files that are others now.
 *
 * dpkg: info/NAME.md5sums, or status.d/NAME.md5sums in distroless images; configuration files are
 * not in them. apk: a Z: line behind each file's name. rpm: digests in the package's header.
 * Databases tell what was installed, to an image that nobody tampered with; who can write a file
 * can write them, too.
 *
 * Invariants
 * 1. Only a file whose own sum was taken counts as changed; a symlink, a missing file and one
 * without a sum do not. (test_changes: not changed)
 */
#include "base/late_crypto.h"
#include "facts/database.h"
#include "facts/sums.h"

struct reading {
    struct facts *f;
    struct arena *a;
    const struct facts_finder *finder;
    const struct tree_node *folders[2]; /* of dpkg's md5sums */
};

static void hold_against(struct reading *r, size_t package, struct str path, uint64_t want,
                         enum facts_sum kind)
{
    struct tree_node *node = r->finder->find(r->finder->ctx, &r->f->packages.v[package], path);
    if (!node || node->inode->type != ENTRY_FILE || node->inode->owner != package + 1)
        return;
    const struct tree_sums *sums = &node->inode->sums;
    const uint64_t known[SUM_KINDS] = {
        [SUM_MD5] = sums->md5, [SUM_SHA1] = sums->sha1, [SUM_SHA256] = sums->sha256};
    uint64_t have = known[kind];
    if (!want)
        return;
    if (!have) {
        r->f->n_unsummed += facts_summed_at(str_from(path, 1));
        return;
    }
    r->f->n_summed++;
    if (have != want)
        *vec_push(r->a, &r->f->changed) = (struct facts_change){(uint32_t)package, node};
}

static const struct file_facts *sums_file(const struct reading *r, const struct tree_node *folder,
                                          struct arena *scratch, const struct facts_package *p)
{
    const struct str names[] = {
        str_fmt(scratch, STR_F ".md5sums", STR_A(p->name)),
        str_fmt(scratch, STR_F ":" STR_F ".md5sums", STR_A(p->name), STR_A(p->arch)),
    };
    for (size_t i = 0; folder && i < sizeof names / sizeof *names; i++) {
        const struct file_facts *file = facts_of(tree_child(r->f->tree, folder, names[i]));
        if (file && file->kind == FILE_TEXT && file->text.n)
            return file;
    }
    return NULL;
}

/* "SUM  path/without/slash" lines. */
static void read_md5sums(struct reading *r, size_t package, struct str text)
{
    struct str line, sum;
    struct arena scratch = {0};
    while (str_line(&text, &line)) {
        struct arena_mark mark = arena_mark(&scratch);
        if (!str_word(&line, &sum) || sum.n != 32)
            continue;
        struct str path = str_trim(line);
        if (str_starts(path, STR("./")))
            path = str_from(path, 2);
        hold_against(r, package, str_fmt(&scratch, "/" STR_F, STR_A(path)), facts_sum_hex(sum),
                     SUM_MD5);
        arena_rewind(&scratch, mark);
    }
    arena_free(&scratch);
}

static void read_dpkg(struct reading *r, size_t package)
{
    struct arena scratch = {0};
    const struct file_facts *file = NULL;
    for (size_t i = 0; i < 2 && !file; i++)
        file = sums_file(r, r->folders[i], &scratch, &r->f->packages.v[package]);
    if (file)
        read_md5sums(r, package, file->text);
    arena_free(&scratch);
}

/* "Q1" and base64 of a SHA-1, or "Q2" and that of a SHA-256. */
static uint64_t apk_sum(struct str text, enum facts_sum *kind)
{
    unsigned char bytes[36];
    bool longer = str_starts(text, STR("Q2"));
    int n = longer ? 44 : 28; /* with their "=": of 32 bytes, of 20 */
    *kind = longer ? SUM_SHA256 : SUM_SHA1;
    if (text.n != (size_t)n + 2 || !(longer || str_starts(text, STR("Q1"))) ||
        EVP_DecodeBlock(bytes, (const unsigned char *)text.p + 2, n) != n / 4 * 3)
        return 0;
    return facts_sum_raw(bytes, longer ? 32 : 20);
}

static void read_apk(struct reading *r, size_t package)
{
    const struct facts_package *p = &r->f->packages.v[package];
    for (size_t i = 0; i < p->files.n && i < p->sums.n; i++) {
        enum facts_sum kind;
        uint64_t want = apk_sum(p->sums.v[i], &kind);
        if (!str_starts(p->files.v[i], STR("/etc/"))) /* apk's protected paths: to be changed */
            hold_against(r, package, p->files.v[i], want, kind);
    }
}

static void read_rpm(struct reading *r, size_t package)
{
    const struct facts_package *p = &r->f->packages.v[package];
    for (size_t i = 0; i < p->files.n; i++)
        hold_against(r, package, p->files.v[i], p->file_sums[i], p->file_sum_kind);
}

static const struct tree_node *folder(const struct reading *r, struct arena *scratch,
                                      const char *path)
{
    struct tree_lookup found = {0};
    tree_resolve(r->f->tree, scratch, (struct str){0}, str_of(path), TREE_FOLLOW, &found);
    return found.error || !found.node ? NULL : found.node;
}

void facts_changes_read(struct facts *f, struct arena *a, const struct facts_finder *finder)
{
    struct arena scratch = {0};
    struct reading r = {.f = f, .a = a, .finder = finder};
    r.folders[0] = folder(&r, &scratch, "/var/lib/dpkg/info");
    r.folders[1] = folder(&r, &scratch, "/var/lib/dpkg/status.d");
    vec_each (&f->packages, i) {
        if (f->packages.v[i].kind == PACKAGE_DPKG)
            read_dpkg(&r, i);
        else if (f->packages.v[i].kind == PACKAGE_APK)
            read_apk(&r, i);
        else if (f->packages.v[i].kind == PACKAGE_RPM)
            read_rpm(&r, i);
    }
    arena_free(&scratch);
}
