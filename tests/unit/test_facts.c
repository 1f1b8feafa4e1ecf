/* test_facts: a whole small image, from layers to facts. With an image's name as argument it prints
 * that image's facts instead, for comparison with dpkg-query and apk. */
#include "facts/facts.h"

#include "lib/fixture.h"
#include "lib/tap.h"

static const struct fixture_entry base[] = {
    {"d", "etc"},
    {"d", "usr/bin"},
    {"l", "bin", .link = "usr/bin"},
    {"f", "etc/passwd", .content = "root:x:0:0:root:/root:/bin/sh\nweb:x:7:8::/srv:/bin/false\n"},
    {"f", "etc/group", .content = "root:x:0:\nweb:x:8:\nlog:x:9:web\n"},
    {"f", "etc/shadow", .content = "root::1:::\nweb:$6$secret:1:::\n"},
    {"f", "usr/bin/dash", .mode = 0755, .content = "#!/nothing\n"},
    {"l", "usr/bin/sh", .link = "dash"},
    {"f", "usr/bin/not-executable", .content = "plain"},
    {"d", "usr/bin/folder"},
    {"f", "srv/run.sh", .mode = 0755, .content = "#!/bin/sh -e\nexec web\n"},
    {"f", "srv/tool.py", .mode = 0755, .content = "#!/usr/bin/env python3\nprint()\n"},
    {"f", "etc/nsswitch.conf", .content = "hosts: files dns\n"},
    {"f", "etc/other.conf", .content = "not kept\n"},
    {0},
};
static const struct fixture_layer layers[] = {{base}, {0}};

struct world {
    struct arena a;
    struct image *image;
    struct tree *tree;
    struct facts f;
    struct strs notes;
};

static void build(struct world *w)
{
    struct err e = {0};
    struct tree_options options = {.visitor = &facts_visitor};
    if (tree_build(w->image, &options, &w->tree, &e) ||
        facts_build(&w->a, w->image, w->tree, &w->f, &w->notes, &e))
        fixture_die("facts", &e);
}

static void drop(struct world *w)
{
    tree_free(w->tree);
    image_close(w->image);
    arena_free(&w->a);
}

static const struct {
    const char *config, *name, *path, *node; /* path NULL: not found */
} programs[] = {
    {"{}", "sh", "/usr/bin/sh", "/usr/bin/dash"},
    {"{}", "dash", "/usr/bin/dash", "/usr/bin/dash"},
    {"{}", "run.sh", NULL, NULL},
    {"{}", "not-executable", NULL, NULL},
    {"{}", "folder", NULL, NULL},
    {"{}", "", NULL, NULL},
    {"{}", "/bin/sh", "/bin/sh", "/usr/bin/dash"},
    {"{}", "//bin/./sh", "/bin/sh", "/usr/bin/dash"},
    {"{}", "/usr/bin/../../bin/sh", "/usr/bin/../../bin/sh", "/usr/bin/dash"},
    {"{}", "/bin/missing", NULL, NULL},
    {"{\"Env\":[\"PATH=/nowhere:/srv\"]}", "run.sh", "/srv/run.sh", "/srv/run.sh"},
    {"{\"Env\":[\"PATH=/nowhere:/srv\"]}", "sh", NULL, NULL},
    {"{\"Env\":[\"PATHS=/srv\",\"PATH=/nowhere:\"],\"WorkingDir\":\"/srv\"}", "run.sh",
     "/srv/run.sh", "/srv/run.sh"},
    {"{\"WorkingDir\":\"/srv\"}", "./run.sh", "/srv/run.sh", "/srv/run.sh"},
    {"{\"WorkingDir\":\"/srv\"}", "../bin/sh", "/srv/../bin/sh", "/usr/bin/dash"},
    {"{\"WorkingDir\":\"/srv\"}", "run.sh", NULL, NULL},
};

static void check_which(void)
{
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        struct world w = {0};
        struct str path = {0};
        w.image = fixture_image(&w.a, layers, programs[i].config);
        build(&w);
        struct tree_node *node = facts_which(&w.f, &w.a, str_of(programs[i].name), &path);
        ok(!node == !programs[i].path, "which %s: found or not", programs[i].name);
        if (node && programs[i].path) {
            is_str(path, programs[i].path, "which %s: path", programs[i].name);
            is_str(tree_path(&w.a, node), programs[i].node, "which %s: node", programs[i].name);
        }
        drop(&w);
    }
}

static void check_whole(void)
{
    struct world w = {0};
    w.image = fixture_image(&w.a, layers,
                            "{\"User\":\"web\",\"Entrypoint\":[\"sh\"],\"Cmd\":[\"-c\",\"true\"]}");
    build(&w);
    const struct facts *f = &w.f;
    is_int(f->n_users, 2, "users");
    ok(f->users[0].empty_password && !f->users[1].empty_password, "shadow: an empty password");
    is_str(facts_text(f, &w.a, STR("/etc/shadow")), "root\n", "shadow: no hash is kept");
    is_int(f->run_as.verdict, USER_BY_NAME, "run as: by name");
    ok(f->run_as.uid == 7 && f->run_as.gid == 8 && f->run_as.n_groups == 1, "run as: ids");
    is_int(f->command.n, 3, "command: entrypoint and cmd");
    is_str(f->program_path, "/usr/bin/sh", "program: as found");
    is_str(tree_path(&w.a, f->program), "/usr/bin/dash", "program: the file");
    is_str(facts_text(f, &w.a, STR("/etc/nsswitch.conf")), "hosts: files dns\n", "text: kept");
    ok(!facts_text(f, &w.a, STR("/etc/other.conf")).p, "text: not kept");
    ok(!facts_text(f, &w.a, STR("/absent")).p, "text: absent");
    struct str script = facts_text(f, &w.a, STR("/srv/run.sh"));
    is_str(script, "#!/bin/sh -e\nexec web\n", "script: a shell's is kept");
    ok(!facts_text(f, &w.a, STR("/srv/tool.py")).p, "script: others are not");
    struct tree_lookup found;
    tree_resolve(w.tree, &w.a, (struct str){0}, STR("/srv/tool.py"), TREE_FOLLOW, &found);
    const struct file_facts *file = facts_of(found.node);
    if (ok(file && file->kind == FILE_SCRIPT, "script: but known"))
        is_str(file->script.argument, "python3", "script: its argument");
    ok(!facts_owner(f, found.node) && !facts_owner(f, NULL), "owner: of nothing");
    ok(!f->packages.n && !w.notes.n, "no packages, no notes");
    is_int(f->base.rung, RUNG_UNKNOWN, "a shell from nowhere");
    drop(&w);
}

static void check_empty(void)
{
    static const struct fixture_entry none[] = {{0}};
    static const struct fixture_layer empty[] = {{none}, {0}};
    struct world w = {0};
    w.image = fixture_image(&w.a, empty, NULL);
    build(&w);
    is_int(w.f.base.rung, RUNG_SCRATCH, "empty image: scratch");
    ok(!w.f.command.n && !w.f.program && !w.f.program_path.n, "empty image: no program");
    is_int(w.f.run_as.verdict, USER_UNSET, "empty image: no user");
    drop(&w);
}

static int print_image(const char *text)
{
    struct world w = {0};
    struct err e = {0};
    struct image_name name;
    if (image_name_parse(&w.a, str_of(text), &name, &e) ||
        image_open(&w.a, &name, NULL, &w.image, &e))
        fixture_die(text, &e);
    build(&w);
    printf("base %d " STR_F "\n", (int)w.f.base.rung, STR_A(w.f.base.evidence));
    printf("user %u:%u program " STR_F "\n", w.f.run_as.uid, w.f.run_as.gid,
           STR_A(w.f.program_path));
    vec_each (&w.f.packages, i) {
        const struct facts_package *p = &w.f.packages.v[i];
        printf("package " STR_F " " STR_F " " STR_F " " STR_F " " STR_F
               " files %zu bytes %llu of %llu layer %u\n",
               STR_A(p->name), STR_A(p->arch), STR_A(p->version), STR_A(p->source),
               STR_A(p->source_version), p->files.n, (unsigned long long)p->bytes,
               (unsigned long long)p->installed_size, p->layer);
    }
    for (struct tree_node *n = NULL; (n = tree_next(w.tree, n));) {
        const struct facts_package *p = facts_owner(&w.f, n);
        struct str owner = p ? p->name : STR("-");
        if (n->inode->type != ENTRY_DIR)
            printf("owner " STR_F " " STR_F "\n", STR_A(owner), STR_A(tree_path(&w.a, n)));
        if (facts_of(n) && facts_of(n)->elf.broken)
            printf("broken " STR_F " " STR_F "\n", STR_A(tree_path(&w.a, n)),
                   STR_A(facts_of(n)->elf.why));
    }
    for (size_t i = 0; i < w.notes.n; i++)
        printf("note " STR_F "\n", STR_A(w.notes.v[i]));
    drop(&w);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return print_image(argv[1]);
    check_which();
    check_whole();
    check_empty();
    fixture_end();
    return done_testing();
}
