/* test_plan: what is kept → modes, texts and config of the result. */
#include "harden/harden_list.h"
#include "lib/keepcase.h"

static struct arena arena;

#define ELF(...) elfmake(&arena, &(struct elfmake){__VA_ARGS__})

#define PYC "/app/__pycache__/a.cpython-311.pyc"

static struct fixture_entry entries[16];

static void image(struct keepcase *c, const char *config)
{
    struct fixture_entry list[] = {
        {"f", "p", .mode = 0700, .bytes = ELF(.soname = NULL)},
        {"f", "bin/su", .mode = 04755, .bytes = ELF(.soname = "su")},
        {"f", "bin/ping", .mode = 0755, .bytes = ELF(.soname = "ping"),
         .xattr = "security.capability", .value = STR("\1\0\0\2")},
        {"f", "etc/passwd", .content = "root:$6$hash:0:0::/root:/bin/sh\nweb::9:9::/:/bin/sh\n"},
        {"f", "etc/group", .content = "root:x:0:\n"},
        {"f", "etc/shadow", .mode = 0640, .gid = 42, .content = "root:*:::::::\n"},
        {"d", "var/log/p", .mode = 0750, .uid = 33, .gid = 4},
        {"f", "etc/key", .mode = 0600, .content = "key"},
        {"f", "app/__pycache__/a.cpython-311.pyc", .mode = 0644, .content = "code"},
        {0}};
    memcpy(entries, list, sizeof list);
    keepcase_open(c, &arena, entries, config);
    static const char *const seen[] = {
        "/bin/su", "/bin/ping", "/etc/passwd", "/etc/group", "/etc/shadow", "/etc/key", PYC};
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
        keepcase_saw(c, TRACE_OPEN, seen[i], 0);
    *vec_push(&arena, &c->trace.lookups) = (struct trace_lookup){
        .call = TRACE_OPEN, .path = STR("/var/log/p/log"), .write = true, .create = true};
    *vec_push(&arena, &c->trace.lookups) = (struct trace_lookup){
        .call = TRACE_RENAME, .path = STR(PYC), .write = true, .create = true};
    keepcase_choose(c);
}

static struct image_entry adjusted(const struct keepcase *c, const struct harden_plan *p,
                                   const char *path)
{
    const struct tree_node *node = keepcase_kept(c, path)->node;
    const struct tree_inode *i = node->inode;
    struct image_entry entry = {.mode = i->mode,
                                .uid = i->uid,
                                .gid = i->gid,
                                .xattrs = i->xattrs,
                                .n_xattrs = i->n_xattrs};
    p->selection.adjust(p->selection.ctx, node, &entry);
    return entry;
}

static void modes(void)
{
    struct keepcase c;
    struct harden_plan p;
    struct err e = {0};
    image(&c, "{\"Cmd\":[\"/p\"]}");
    struct harden_config_options o = {.set_user = true, .uid = 5678, .user_text = STR("5678")};
    ok(harden_plan(&arena, &c.facts, &c.keep, &c.trace, &o, &p, &e) == 0, "a plan");
    is_int(adjusted(&c, &p, "/p").mode, 0750, "modes: group 0 may run the program");
    is_int(adjusted(&c, &p, "/bin/su").mode, 0755, "setuid goes");
    is_int(adjusted(&c, &p, "/bin/ping").n_xattrs, 0, "file capabilities go");
    is_int(adjusted(&c, &p, "/var/log/p").mode, 0770, "write: the folder it writes to");
    is_int(adjusted(&c, &p, "/var/log/p").gid, 0, "by group 0");
    is_int(adjusted(&c, &p, PYC).mode, 0644, "write: no cache of code, which others would run");
    is_int(adjusted(&c, &p, "/app/__pycache__").mode, 0755, "nor the folder it is renamed into");
    is_int(adjusted(&c, &p, "/etc/key").mode, 0640, "what it read it can still read");
    is_int(adjusted(&c, &p, "/etc/shadow").gid, 42, "but not shadow");
    ok(p.edit.user && str_is(*p.edit.user, "5678"), "config: USER");
    const struct tree_node *su = keepcase_kept(&c, "/bin/su")->node;
    struct tree_inode is = *su->inode;
    struct tree_node now = {.inode = &is};
    ok(!harden_allows(&p, su, &now), "allows: the old mode is not what was planned");
    is.mode = 0755;
    ok(harden_allows(&p, su, &now), "the new one is");
    is.uid = 1;
    ok(!harden_allows(&p, su, &now), "another owner is not");

    o = (struct harden_config_options){.tool_version = STR("1")};
    ok(harden_plan(&arena, &c.facts, &c.keep, &c.trace, &o, &p, &e) == 0, "without a new user");
    is_int(adjusted(&c, &p, "/p").mode, 0750, "the program still runs under any user");
    is_int(adjusted(&c, &p, "/var/log/p").mode, 0750, "data stays as it was");
    ok(!p.edit.user && p.edit.n_history == 1 && p.edit.labels.n == 2, "config: one line, labels");
    struct str text = harden_list_text(&arena, &c.facts, &p);
    ok(str_has(text, STR("/bin/su: mode 4755")) && str_has(text, STR("label shuck.version=1")),
       "list: every change");
    keepcase_close(&c);
}

static void contents(void)
{
    struct keepcase c;
    struct harden_plan p;
    struct err e = {0};
    struct str text = {0};
    image(&c, "{\"Cmd\":[\"/p\"],\"Healthcheck\":{\"Test\":[\"CMD\",\"none\"]}}");
    struct harden_config_options o = {0};
    ok(harden_plan(&arena, &c.facts, &c.keep, &c.trace, &o, &p, &e) == 0, "a plan");
    const struct tree_node *passwd = keepcase_kept(&c, "/etc/passwd")->node;
    ok(p.selection.replace(p.selection.ctx, passwd, &text), "passwd: replaced");
    is_str(text, "root:x:0:0::/root:/bin/sh\nweb:x:9:9::/:/bin/sh\n", "passwd: no password left");
    ok(!p.selection.replace(p.selection.ctx, keepcase_kept(&c, "/etc/group")->node, &text),
       "a file that needs no change is as it was");
    ok(p.edit.healthcheck && !p.edit.healthcheck->set, "health check: gone with its program");
    keepcase_close(&c);
}

int main(void)
{
    modes();
    contents();
    fixture_end();
    arena_free(&arena);
    return done_testing();
}
