/* test_visitor: files by hand through facts_visitor, cut into pieces of any size. */
#include <stdlib.h>

#include "base/limits.h"
#include "facts/facts.h"
#include "lib/tap.h"
#include "sys/file.h"

static const struct file_facts *visit(void *layer, const char *path, struct str bytes, size_t piece)
{
    struct image_entry entry = {.path = str_of(path), .size = bytes.n};
    struct tree_sums sums;
    struct err e = {0};
    void *file = facts_visitor.open(layer, &entry);
    if (!file)
        return NULL;
    for (size_t i = 0; i < bytes.n; i += piece) {
        struct str part = str_slice(bytes, i, i + piece);
        if (facts_visitor.data(file, part.p, part.n, &e)) {
            printf("# %s\n", e.text);
            return NULL;
        }
    }
    return facts_visitor.done(file, &sums);
}

static struct str read_self(struct arena *a)
{
    struct str bytes = {0};
    struct err e = {0};
    if (sys_read_file(STR("/proc/self/exe"), a, 256u << 20, &bytes, &e))
        printf("Bail out! %s\n", e.text);
    return bytes;
}

static void check_pieces(struct arena *a, struct str self)
{
    static const size_t pieces[] = {1, 2, 3, 5, 255, 256, 257, 4096, SIZE_MAX / 2};
    struct str script = STR("#!/bin/bash -e\nexec /bin/true\n"), text = STR("hosts: dns\n");
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        void *layer = facts_visitor.begin(NULL, a, 0);
        const struct file_facts *f =
            visit(layer, "key", STR("-----BEGIN RSA PRIVATE KEY-----\n"), pieces[i]);
        ok(f && f->private_key && !f->text.n, "pieces: a private key");
        f = visit(layer, "run.sh", script, pieces[i]);
        ok(f && f->kind == FILE_SCRIPT && str_eq(f->text, script) &&
               str_is(f->script.interpreter, "/bin/bash"),
           "pieces of %zu: a script", pieces[i]);
        f = visit(layer, "etc/nsswitch.conf", text, pieces[i]);
        ok(f && f->kind == FILE_TEXT && str_eq(f->text, text), "pieces of %zu: a text", pieces[i]);
        f = visit(layer, "bin/self", self, pieces[i]);
        ok(f && f->kind == FILE_ELF && !f->elf.broken && f->elf.needed.n && !f->text.p,
           "pieces of %zu: an ELF file", pieces[i]);
        ok(!visit(layer, "data", STR("some data that is neither"), pieces[i]),
           "pieces of %zu: something else", pieces[i]);
        facts_visitor.end(layer);
    }
}

static const struct {
    const char *path, *content;
    bool known, text;
} paths[] = {
    {"etc/passwd", "x", true, true},
    {"etc/passwd-", "some", false, false},
    {"x/etc/passwd", "some", false, false},
    {"etc/passwd", "", true, true},
    {"etc/passwd", "\177ELF", true, true},
    {"etc/ld.so.conf.d/a.conf", "/a\n", true, true},
    {"etc/ld.so.conf.d/deep/a.conf", "/abc\n", false, false},
    {"etc/ld.so.conf.d/", "/abc\n", false, false},
    {"etc/ld-musl-x86_64.path", "/a\n", true, true},
    {"etc/ld-musl-x86_64.conf", "/abc\n", false, false},
    {"etc/pam.d/login", "x", true, true},
    {"var/lib/dpkg/info/a.list", "/.\n", true, true},
    {"var/lib/dpkg/info/a:amd64.list", "/.\n", true, true},
    {"var/lib/dpkg/info/a.md5sums", "some", false, false},
    {"var/lib/dpkg/info/a.postinst", "#!/bin/sh\n", true, false},
    {"var/lib/dpkg/status.d/tzdata", "x", true, true},
    {"usr/lib/apk/db/installed", "P:x\n", true, true},
    {"bin/a", "#!/bin/sh\n", true, true},
    {"bin/a", "#!/usr/bin/python3\n", true, false},
    {"bin/a", "#!  \n", false, false},
    {"bin/a", "#!", false, false},
    {"bin/a", "\177ELF", true, false},
    {"bin/a", "\177EL", false, false},
    {"srv/a", "-----BEGIN PRIVATE KEY-----\nMII", true, false},
    {"srv/a", "-----BEGIN OPENSSH PRIVATE KEY-----\n", true, false},
    {"srv/a", "-----BEGIN PUBLIC KEY-----\n", false, false},
    {"srv/a", "-----BEGIN CERTIFICATE-----\nPRIVATE KEY", false, false},
    {"srv/a", "-----", false, false},
};

static void check_paths(struct arena *a)
{
    void *layer = facts_visitor.begin(NULL, a, 0);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const struct file_facts *f = visit(layer, paths[i].path, str_of(paths[i].content), 4096);
        ok(!f == !paths[i].known && (!f || !f->text.p == !paths[i].text), "path %s: %s",
           paths[i].path,
           paths[i].text    ? "its text"
           : paths[i].known ? "known"
                            : "left");
    }
    const struct file_facts *f = visit(layer, "etc/shadow", STR("a:hash:\nb::\nc:*:\n"), 4096);
    is_str(f->text, "b\n", "path etc/shadow: names without a password");
    facts_visitor.end(layer);
}

static void check_large(struct str self)
{
    struct arena a = {0}, bytes = {0};
    size_t n = 6u << 20;
    char *padded = arena_alloc(&bytes, self.n + n);
    memcpy(padded, self.p, self.n);
    void *layer = facts_visitor.begin(NULL, &a, 0);
    const struct file_facts *f = visit(layer, "self", (struct str){padded, self.n + n}, 65536);
    ok(f && f->kind == FILE_ELF && !f->elf.broken && f->elf.needed.n,
       "large: an ELF file through a temporary file");
    memset(padded, '\n', n);
    memcpy(padded, "#!/bin/sh", 9);
    f = visit(layer, "a.sh", (struct str){padded, LIMIT_SCRIPT_BYTES}, 65536);
    ok(f && f->text.n == LIMIT_SCRIPT_BYTES, "large: a script that just fits");
    f = visit(layer, "a.sh", (struct str){padded, LIMIT_SCRIPT_BYTES + 1}, 65536);
    ok(f && f->kind == FILE_SCRIPT && !f->text.p && str_is(f->script.interpreter, "/bin/sh"),
       "large: a script that is too large, but known");
    facts_visitor.end(layer);
    ok(a.held < 1024 * 1024, "large: what is kept is small (%zu)", a.held);
    arena_free(&a);
    arena_free(&bytes);
}

static void check_room(void)
{
    struct arena a = {0}, bytes = {0};
    size_t n = LIMIT_TEXT_BYTES;
    char *p = arena_alloc(&bytes, n + 1);
    void *layer = facts_visitor.begin(NULL, &a, 0);
    const struct file_facts *f;
    f = visit(layer, "etc/passwd", (struct str){p, n + 1}, n);
    ok(f && f->text_left_out && !f->text.p, "room: a text over the limit");
    for (size_t i = 0; i < LIMIT_FACTS_BYTES / LIMIT_TEXT_BYTES; i++)
        f = visit(layer, "etc/passwd", (struct str){p, n}, n);
    ok(f && !f->text_left_out && f->text.n == n, "room: texts that fit");
    f = visit(layer, "etc/group", STR("one more"), n);
    ok(f && f->text_left_out && !f->text.p, "room: a layer's texts over the limit");
    f = visit(layer, "a.sh", STR("#!/bin/sh\n"), n);
    ok(f && f->text_left_out && !f->text.p && f->script.interpreter.n, "room: a script too");
    facts_visitor.end(layer);
    arena_free(&a);
    arena_free(&bytes);
}

int main(void)
{
    struct arena a = {0};
    struct str self = read_self(&a);
    check_pieces(&a, str_slice(self, 0, self.n));
    check_paths(&a);
    check_large(self);
    check_room();
    arena_free(&a);
    return done_testing();
}
