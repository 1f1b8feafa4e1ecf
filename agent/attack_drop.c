/* attack_drop: moves that write a file and run it (d.…, x.ldso) or leave it to stay (p.…). What was
 * dropped to be run is removed again.
 *
 * Invariants
 * 1. Success is the dropped file's own effect, not that it could be written. (tests/prove.t: d.shm)
 */
#include "agent/attack.h"

#include <linux/elf.h>
#include <linux/mount.h>
#include <linux/stat.h>

static void run_dropped(struct attack *t, const char *path, const char *done, struct ended *ret)
{
    struct self self;
    attack_self(&self, ".effect", NULL);
    attack_run(&(struct task){.path = path, .argv = self.argv, .envp = t->envp}, ret);
    if (had_effect(ret))
        saw_success(t, path, done);
}

static void drop_in(struct attack *t, const char *folder, long *rc, const char **what)
{
    struct line path = {0};
    struct ended e;
    line_add(&path, text_is(folder, "/") ? "" : folder);
    long made = SYS(mkdirat, AT_FDCWD, folder, 0755);
    line_add(&path, "/.shuck-drop");
    *what = "write";
    *rc = attack_copy_self(path.at, 0755);
    if (*rc == -ENOENT && made < 0) {
        *rc = made;
        *what = "not there, and mkdir";
    }
    if (*rc >= 0) {
        run_dropped(t, path.at, "written and run", &e);
        *rc = e.error ? -e.error : 0;
        *what = e.error == EACCES ? "written, but exec (noexec)" : "written, but exec";
    }
    SYS(unlinkat, AT_FDCWD, path.at, 0);
}

void attack_drop(struct attack *t)
{
    static const char *const volume[] = {"/shuck-volume", NULL};
    const char *folder, *first = NULL, *first_what = "", *what;
    long first_rc = 0, rc;
    if (t->control) /* the unrestricted intruder may lift noexec, and has a volume */
        SYS(mount, NULL, "/dev/shm", NULL, MS_REMOUNT | MS_NOSUID | MS_NODEV, NULL);
    if (t->control && !attack_word(t, "", 0)) {
        t->argc = 1;
        t->argv = (char **)volume;
    }
    if (!attack_word(t, "", 0)) {
        saw(t, WIRE_NOT_APPLICABLE, 0,
            text_is(t->move, "d.vol") ? "the image declares no volume" : "no such folder", "");
        return;
    }
    for (int i = 0; (folder = attack_word(t, "", i)) && !t->saw.outcome; i++) {
        drop_in(t, folder, &rc, &what);
        if (!first) {
            first = folder;
            first_rc = rc;
            first_what = what;
        }
    }
    if (first_rc < 0)
        saw_failure(t, first_rc, first, first_what);
    saw(t, WIRE_INCONCLUSIVE, 0, "written, but it ran without effect", first);
}

/* ---- the program's own file ---- */

/* A file that starts with \177ELF is mapped while the program runs, so the kernel refuses to open
 * it for writing; replacing its name is what is left. A script can be written in place. */
static bool is_elf(const char *path)
{
    char magic[4] = {0};
    long fd = SYS(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return true; /* cannot tell: the stricter case */
    SYS(read, fd, magic, 4);
    SYS(close, fd);
    return memcmp(magic, "\177ELF", 4) == 0;
}

static long overwrite(const char *path)
{
    long fd = SYS(openat, AT_FDCWD, path, O_WRONLY | O_TRUNC | O_CLOEXEC, 0);
    if (fd < 0)
        return fd;
    long rc = attack_copy_to(fd);
    SYS(close, fd);
    return rc;
}

void attack_app(struct attack *t)
{
    const char *path = attack_word(t, "", 0);
    struct line beside = {0};
    struct ended e;
    if (t->control) {
        path = "/shuck-app";
        attack_copy_self(path, 0755);
    }
    if (!path) {
        saw(t, WIRE_NOT_APPLICABLE, 0, "the image names no program that it holds", "");
        return;
    }
    line_add(&beside, path);
    line_add(&beside, ".shuck");
    long rc = attack_copy_self(beside.at, 0755);
    if (rc >= 0)
        rc = SYS(renameat2, AT_FDCWD, beside.at, AT_FDCWD, path, 0);
    const char *what = "replacing it";
    if (rc < 0 && !is_elf(path)) {
        rc = overwrite(path);
        what = "overwriting it";
    }
    if (rc < 0) {
        SYS(unlinkat, AT_FDCWD, beside.at, 0);
        saw_failure(t, rc, path, what);
        return;
    }
    run_dropped(t, path, "replaced, and the new one ran", &e);
    if (e.error)
        saw_failure(t, -e.error, path, "replaced, but exec");
    saw(t, WIRE_INCONCLUSIVE, 0, "replaced, but it ran without effect", path);
}

/* ---- the dynamic loader ---- */

/* A program that a dynamic loader takes: position independent, with the tables it insists on, all
 * empty, and exit(42) for code. */
struct tiny {
    Elf64_Ehdr head;
    Elf64_Phdr interpreter, load, dynamic;
    Elf64_Dyn tags[6];
    Elf64_Sym none;
    uint32_t hash[4]; /* one bucket, one symbol: the null one */
    char strings[8];  /* the string table, and the name of an interpreter */
    unsigned char code[16];
};

static void make_tiny(struct tiny *p)
{
#if defined __x86_64__
    static const unsigned char code[] = {0xbf, 42,  0, 0, 0, /* mov $42, %edi */
                                         0xb8, 231, 0, 0, 0, /* mov $exit_group, %eax */
                                         0x0f, 0x05};        /* syscall */
    p->head.e_machine = EM_X86_64;
#else
    static const unsigned char code[] = {0x40, 0x05, 0x80, 0xd2,  /* mov x0, #42 */
                                         0xc8, 0x0b, 0x80, 0xd2,  /* mov x8, #exit_group */
                                         0x01, 0x00, 0x00, 0xd4}; /* svc #0 */
    p->head.e_machine = EM_AARCH64;
#endif
    memcpy(p->head.e_ident, "\177ELF\2\1\1", 7);
    p->head.e_type = ET_DYN;
    p->head.e_version = 1;
    p->head.e_entry = offsetof(struct tiny, code);
    p->head.e_phoff = offsetof(struct tiny, interpreter);
    p->head.e_ehsize = sizeof p->head;
    p->head.e_phentsize = sizeof p->load;
    p->head.e_phnum = 3;
    /* glibc's loader hands a program without an interpreter back to the kernel */
    p->interpreter = (Elf64_Phdr){.p_type = PT_INTERP, .p_flags = PF_R, .p_align = 1};
    p->interpreter.p_offset = p->interpreter.p_vaddr = offsetof(struct tiny, strings) + 1;
    p->interpreter.p_filesz = p->interpreter.p_memsz = 6;
    p->load = (Elf64_Phdr){.p_type = PT_LOAD, .p_flags = PF_R | PF_W | PF_X, .p_align = 4096};
    p->load.p_filesz = p->load.p_memsz = sizeof *p;
    p->dynamic = (Elf64_Phdr){.p_type = PT_DYNAMIC, .p_flags = PF_R | PF_W, .p_align = 8};
    p->dynamic.p_offset = p->dynamic.p_vaddr = p->dynamic.p_paddr = offsetof(struct tiny, tags);
    p->dynamic.p_filesz = p->dynamic.p_memsz = sizeof p->tags;
    p->tags[0] = (Elf64_Dyn){DT_HASH, {offsetof(struct tiny, hash)}};
    p->tags[1] = (Elf64_Dyn){DT_STRTAB, {offsetof(struct tiny, strings)}};
    p->tags[2] = (Elf64_Dyn){DT_SYMTAB, {offsetof(struct tiny, none)}};
    p->tags[3] = (Elf64_Dyn){DT_STRSZ, {1}};
    p->tags[4] = (Elf64_Dyn){DT_SYMENT, {sizeof p->none}};
    p->hash[0] = p->hash[1] = 1;
    memcpy(p->strings, "\0ld.so", 7);
    memcpy(p->code, code, sizeof code);
}

static void load_dropped(struct attack *t, const char *loader, const char *path)
{
    char *argv[] = {(char *)loader, (char *)path, NULL};
    struct ended e;
    attack_run(&(struct task){.path = loader, .argv = argv, .envp = t->envp}, &e);
    if (had_effect(&e))
        saw_success(t, loader, "ran a file without execute permission");
    else if (e.error && e.error != ENOENT)
        saw_failure(t, -e.error, loader, "exec");
    else if (!e.error)
        saw(t, e.late ? WIRE_INCONCLUSIVE : WIRE_BLOCKED, 0,
            e.late ? "did not end in time" : "started, but refused the file", loader);
}

void attack_ldso(struct attack *t)
{
    struct tiny tiny = {0};
    struct line path = {0};
    struct ended e;
    const char *loader;
    if (!t->control && !attack_word(t, "", 0)) {
        saw_absent(t, "no dynamic loader");
        return;
    }
    long fd = attack_writable(t, ".shuck-tiny", &path);
    if (fd < 0) {
        saw_failure(t, fd, "", "no folder takes the file");
        return;
    }
    make_tiny(&tiny);
    if (t->control) { /* no loader in an empty image: the file is run by the kernel instead */
        attack_copy_to(fd);
        SYS(fchmod, fd, 0755);
        SYS(close, fd);
        run_dropped(t, path.at, "the agent in its place ran", &e);
    } else {
        SYS(write, fd, &tiny, sizeof tiny);
        SYS(close, fd);
    }
    for (int i = 0; !t->control && (loader = attack_word(t, "", i)) && !t->saw.outcome; i++)
        load_dropped(t, loader, path.at);
    SYS(unlinkat, AT_FDCWD, path.at, 0);
    saw_absent(t, "no dynamic loader");
}

/* ---- staying ---- */

static const struct stay {
    const char *move, *line, *honoured_by;
    const char *paths[5]; /* "~" is the home folder */
} stays[] = {
    {"p.passwd", "shuck::0:0::/:/bin/sh\n", NULL, {"/etc/passwd"}},
    {"p.preload", "/shuck-none.so\n", "a dynamic loader", {"/etc/ld.so.preload"}},
    {"p.cron",
     "* * * * * root true\n",
     "a cron program",
     {"/etc/cron.d/shuck", "/etc/crontab", "/var/spool/cron/crontabs/root", "/etc/crontabs/root"}},
    {"p.ssh",
     "ssh-ed25519 AAAA shuck\n",
     "sshd",
     {"~/.ssh/authorized_keys", "/root/.ssh/authorized_keys"}},
    {"p.rc", ": shuck\n", "a shell", {"~/.bashrc", "~/.profile", "/etc/profile", "/root/.bashrc"}},
};

/* Appends and reads back: 0 or −errno. */
static long append(const char *path, const char *text)
{
    size_t n = text_length(text);
    char back[64];
    long fd = SYS(openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0)
        return fd;
    long rc = SYS(write, fd, text, n);
    SYS(close, fd);
    if (rc < 0)
        return rc;
    fd = SYS(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return fd;
    SYS(lseek, fd, -(long)n, 2 /* SEEK_END */);
    rc = SYS(read, fd, back, n);
    SYS(close, fd);
    return rc == (long)n && memcmp(back, text, n) == 0 ? 0 : -EIO;
}

static void stay_path(const struct attack *t, const char *path, struct line *ret)
{
    const char *home = attack_word(t, "home=", 0);
    ret->n = 0;
    if (*path == '~') {
        line_add(ret, home && !text_is(home, "/") ? home : "");
        path++;
    }
    line_add(ret, path);
}

/* Makes the folders above a path: 0, or −errno of the first that cannot be made. */
static long make_parents(const struct line *path)
{
    struct line parent = {0};
    long rc = 0;
    for (size_t i = 1; i < path->n && rc >= 0; i++) {
        if (path->at[i] != '/')
            continue;
        parent.n = 0;
        line_bytes(&parent, path->at, i);
        rc = SYS(mkdirat, AT_FDCWD, parent.at, 0755);
        rc = rc == -EEXIST ? 0 : rc;
    }
    return rc < 0 ? rc : 0;
}

static bool honoured(const struct attack *t)
{
    const char *path;
    for (int i = 0; (path = attack_word(t, "for=", i)); i++)
        if (SYS(faccessat, AT_FDCWD, path, 0) == 0)
            return true;
    return t->control;
}

void attack_stay(struct attack *t)
{
    const struct stay *s = stays;
    struct line path = {0}, first = {0};
    long rc = -ENOENT, first_rc = 0;
    while (!text_is(s->move, t->move))
        s++;
    for (size_t i = 0; i < 5 && s->paths[i] && rc < 0; i++) {
        stay_path(t, s->paths[i], &path);
        long made = make_parents(&path);
        rc = append(path.at, s->line);
        if (rc == -ENOENT && made < 0)
            rc = made;
        if (i == 0 || first_rc == -ENOENT) {
            first_rc = rc;
            first.n = 0;
            line_add(&first, path.at);
        }
    }
    if (rc < 0) {
        saw_failure(t, first_rc, first.at, "write");
    } else if (!s->honoured_by || honoured(t)) {
        saw_success(t, path.at, "written and read back");
    } else {
        saw(t, WIRE_BLOCKED, ENOENT, "written, but the image has no part that reads it: ", path.at);
        line_add(&t->saw.text, s->honoured_by);
    }
}
