/* test_agent_words: an image's files → what the agent is told; known.c's finding on the way. */
#include "prove/agent_words.h"

#include "base/buf.h"
#include "lib/fixture.h"
#include "lib/tap.h"

static const char elf[] = "\177ELF";

static const struct fixture_entry files[] = {
    {"d", "bin"},
    {"f", "bin/busybox", .mode = 0755, .content = elf},
    {"l", "bin/sh", .link = "busybox"},
    {"f", "bin/su", .mode = 04755, .content = elf},
    {"f", "bin/ping", .mode = 0755, .content = elf, .xattr = "security.capability",
     .value = STR_INIT("\1\0\0\2\0\40\0\0\0\0\0\0\0\0\0\0\0\0\0\0")},
    {"f", "bin/notes", .mode = 04755, .uid = 7, .content = elf},
    {"d", "lib64"},
    {"f", "lib64/ld-linux-x86-64.so.2", .mode = 0755, .content = elf},
    {"d", "opt"},
    {"f", "opt/python3.11", .mode = 0755, .content = elf},
    {"f", "opt/python-config", .mode = 0755, .content = elf},
    {"f", "opt/bash", .mode = 0644, .content = "not executable"},
    {"f", "opt/x86_64-linux-gnu-gcc-12", .mode = 0755, .content = elf},
    {"f", "opt/id_rsa", .mode = 0600, .content = "key"},
    {"f", "opt/server.key", .mode = 0600, .content = "key"},
    {"d", "opt/.aws"},
    {"f", "opt/.aws/credentials", .content = "key"},
    {"f", "opt/credentials", .content = "not a key"},
    {"d", "etc/ssl/certs"},
    {"f", "etc/ssl/certs/ca.pem", .content = "public"},
    {"f", "etc/passwd", .content = "web:x:1000:1000::/home/web:/bin/sh\n"},
    {"f", "web", .mode = 0755, .content = elf},
    {0},
};

static struct str told(struct arena *a, const struct facts *f, const struct known *k,
                       const char *move)
{
    struct buf b = {.a = a};
    struct strs words = prove_words(a, prove_move_find(str_of(move)), f, k);
    for (size_t i = 2; i < words.n; i++)
        buf_addf(&b, "%s" STR_F, i > 2 ? " " : "", STR_A(words.v[i]));
    return buf_str(&b);
}

static const struct {
    const char *move, *words;
} table[] = {
    {"x.ls", "home=/home/web"},
    {"x.sh", "/bin/busybox /bin/sh home=/home/web"},
    {"x.interp", "/opt/python3.11 home=/home/web"},
    {"x.cc", "/opt/x86_64-linux-gnu-gcc-12 home=/home/web"},
    {"x.ldso", "/lib64/ld-linux-x86-64.so.2 home=/home/web"},
    {"x.self", "/web home=/home/web"},
    {"d.app", "/web home=/home/web"},
    {"d.tmp", "/tmp /var/tmp home=/home/web"},
    {"d.home", "/home/web home=/home/web"},
    {"d.vol", "/data home=/home/web"},
    {"t.dl", "/bin/busybox /opt/python3.11 home=/home/web"},
    {"t.lotl", "/bin/busybox /bin/sh /bin/su /opt/python3.11 home=/home/web"},
    {"p.preload", "for=/lib64/ld-linux-x86-64.so.2 home=/home/web"},
    {"p.ssh", "home=/home/web"},
    {"e.suid", "/bin/su home=/home/web"},
    {"e.fcap", "/bin/ping home=/home/web"},
    {"r.file", "/opt/.aws/credentials /opt/id_rsa /opt/server.key home=/home/web"},
    {"q.fork", "limit=192 home=/home/web"},
};

static void test_words(void)
{
    struct arena a = {0};
    struct err e = {0};
    struct tree *tree;
    struct facts f;
    struct known k;
    static const struct tree_options options = {.visitor = &facts_visitor};
    static const struct fixture_layer layers[] = {{files}, {0}};
    struct image *image = fixture_image(
        &a, layers,
        "{\"User\":\"web\",\"Entrypoint\":[\"/web\"],\"Volumes\":{\"/data\":{},\"x\":{}}}");
    if (tree_build(image, &options, &tree, &e) || facts_build(&a, image, tree, &f, NULL, &e)) {
        ok(false, "the image is read: %s", e.text);
        return;
    }
    known_find(&a, &f, &k);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        is_str(told(&a, &f, &k, table[i].move), table[i].words, "%s", table[i].move);
    for (size_t i = 0; i < prove_n_moves; i++) {
        struct strs words = prove_words(&a, &prove_moves[i], &f, &k);
        for (size_t w = 2; w < words.n; w++)
            if (words.v[w].p[0] != '/' && str_find(words.v[w], '=') == words.v[w].n)
                ok(false, "%s: \"" STR_F "\" is a path or named", prove_moves[i].id,
                   STR_A(words.v[w]));
    }
    is_int(k.left_out, 0, "nothing was left out");
    tree_free(tree);
    image_close(image);
    arena_free(&a);
}

static void test_control(void)
{
    struct arena a = {0};
    struct strs words = prove_control_words(&a, prove_move_find(STR("d.tmp")));
    ok(words.n == 6 && str_is(words.v[0], "attack") && str_is(words.v[1], "d.tmp") &&
           str_is(words.v[2], "control") && str_is(words.v[3], "/tmp") &&
           str_is(words.v[5], "home=/root"),
       "a control is told that it is one");
    arena_free(&a);
}

int main(void)
{
    test_words();
    test_control();
    fixture_end();
    return done_testing();
}
