/* rule_programs: executables in the merged tree → CIS 4.3: what an intruder would find to work
 * with. (What packages are not needed at all is in rule_needs.c.)
 *
 * Presence is decided by files that can be run, found under their names in the folders programs
 * live in; a BusyBox applet counts through its link. A package that is installed but whose program
 * was removed does not count. */
#include "base/buf.h"
#include "rules/rule_needs.h"

enum category { SHELL, PACKAGE_MANAGER, DOWNLOADER, INTERPRETER, COMPILER, NETWORK, N_CATEGORIES };

static const struct category_info {
    const char *title;
    enum severity severity;
    const char *names; /* blanks between them; a version behind a name is taken off */
} categories[N_CATEGORIES] = {
    [SHELL] = {"shells", SEVERITY_MEDIUM,
               " sh bash dash ash zsh ksh mksh rbash csh tcsh fish busybox toybox "},
    [PACKAGE_MANAGER] = {"package managers", SEVERITY_MEDIUM,
                         " apt apt-get dpkg apk yum dnf microdnf tdnf rpm zypper pacman opkg pip "
                         "pipx uv conda npm npx yarn pnpm gem bundle composer cargo nix-env "},
    [DOWNLOADER] = {"downloaders", SEVERITY_MEDIUM,
                    " curl wget aria2c axel ftp lftp tftp ncftp scp sftp rsync git svn hg http "
                    "lynx links w3m "},
    [INTERPRETER] = {"interpreters", SEVERITY_MEDIUM,
                     " python pypy perl ruby node nodejs deno bun php lua luajit tclsh expect "
                     "guile awk gawk mawk nawk erl Rscript java jshell groovy "},
    [COMPILER] = {"compilers and debuggers", SEVERITY_MEDIUM,
                  " cc gcc g++ c++ clang clang++ tcc as ld make cmake go rustc javac ghc gdb "
                  "strace ltrace "},
    [NETWORK] = {"network tools", SEVERITY_LOW,
                 " nc ncat netcat socat telnet nmap tcpdump tshark ping traceroute dig nslookup "
                 "host ssh sshd dropbear iptables nft ip ss netstat ifconfig arp route "},
};

enum { NAMES_SHOWN = 8, PACKAGES_SHOWN = 4, PATH_FOLDERS = 64, KEPT = 64 };

struct found {
    struct str names[KEPT]; /* different ones; more are only counted */
    size_t n_names, more_names;
    const struct facts_package *packages[KEPT];
    size_t n_packages;
    const struct tree_node *first;
    uint64_t bytes;
};

struct search {
    struct rule_context *c;
    struct found own[N_CATEGORIES], base[N_CATEGORIES]; /* what came with the base is apart */
    const struct tree_node *folders[PATH_FOLDERS];      /* of the config's PATH */
    size_t n_folders;
    const struct tree_inode *program; /* the interpreter that is the image's program, or NULL */
    uint8_t *counted;                 /* per inode: bit per category whose bytes include it */
};

/* "python3.11" → "python", "x86_64-linux-gnu-gcc-12" → "gcc". */
static struct str plain_name(struct str name)
{
    size_t n = name.n;
    while (n && ((name.p[n - 1] >= '0' && name.p[n - 1] <= '9') || name.p[n - 1] == '.'))
        n--;
    if (n && n < name.n && name.p[n - 1] == '-')
        n--;
    name = str_slice(name, 0, n ? n : name.n);
    size_t triplet = str_find_str(name, STR("-linux-"));
    return triplet < name.n ? str_from(name, str_rfind(name, '-') + 1) : name;
}

static bool category_of(struct str name, enum category *ret)
{
    struct str plain = plain_name(name);
    for (size_t i = 0; i < N_CATEGORIES; i++)
        if (rule_lists(categories[i].names, name) || rule_lists(categories[i].names, plain)) {
            *ret = (enum category)i;
            return true;
        }
    return false;
}

static bool holds_programs(const struct search *s, const struct tree_node *dir)
{
    if (!dir->parent || str_is(dir->name, "bin") || str_is(dir->name, "sbin") ||
        str_is(dir->name, "libexec"))
        return true;
    for (size_t i = 0; i < s->n_folders; i++)
        if (s->folders[i] == dir)
            return true;
    return false;
}

static void find_path_folders(struct search *s)
{
    struct str path = facts_search_path(s->c->facts), one;
    while (path.n && s->n_folders < PATH_FOLDERS) {
        struct tree_lookup lookup;
        str_cut(path, ':', &one, &path);
        if (!str_starts(one, STR("/")))
            continue;
        tree_resolve(s->c->facts->tree, s->c->a, (struct str){0}, one, TREE_FOLLOW, &lookup);
        if (!lookup.error && lookup.node->inode->type == ENTRY_DIR)
            s->folders[s->n_folders++] = lookup.node;
    }
}

/* The file that runs under this name, or NULL. */
static const struct tree_node *runnable(struct search *s, const struct tree_node *node)
{
    struct tree_lookup lookup = {0};
    struct arena_mark mark = arena_mark(s->c->a);
    if (node->inode->type == ENTRY_SYMLINK) {
        tree_resolve(s->c->facts->tree, s->c->a, (struct str){0}, tree_path(s->c->a, node),
                     TREE_FOLLOW, &lookup);
        node = lookup.error ? NULL : lookup.node;
        arena_rewind(s->c->a, mark);
    }
    bool runs = node && node->inode->type == ENTRY_FILE && (node->inode->mode & 0111);
    return runs ? node : NULL;
}

/* The image exists to run this: python in a Python image is no find. BusyBox is: its name is that
 * of a shell, whichever applet the image runs. */
static void find_the_program(struct search *s)
{
    const struct facts *f = s->c->facts;
    const struct tree_node *node = f->program;
    const struct file_facts *ff = facts_of(node);
    struct tree_lookup lookup = {0};
    enum category category;
    if (ff && ff->kind == FILE_SCRIPT) {
        tree_resolve(f->tree, s->c->a, (struct str){0}, ff->script.interpreter, TREE_FOLLOW,
                     &lookup);
        node = lookup.error ? NULL : lookup.node;
    }
    if (node && category_of(node->name, &category) && category == INTERPRETER)
        s->program = node->inode;
}

/* In a folder of programs that everybody knows: a better example than one below /tmp. */
static bool is_usual(const struct tree_node *node)
{
    const struct tree_node *dir = node->parent, *above = dir->parent;
    if (!above || !(str_is(dir->name, "bin") || str_is(dir->name, "sbin")))
        return false;
    if (above->parent && str_is(above->name, "local"))
        above = above->parent;
    return !above->parent || (str_is(above->name, "usr") && !above->parent->parent);
}

static void note_program(struct search *s, enum category category, const struct tree_node *node,
                         const struct tree_node *target)
{
    bool inherited = node->layer < s->c->facts->base.below.layers;
    struct found *f = inherited ? &s->base[category] : &s->own[category];
    const struct facts_package *owner = facts_owner(s->c->facts, target);
    bool known = false;
    for (size_t i = 0; i < f->n_names && !known; i++)
        known = str_eq(f->names[i], node->name);
    if (!known && f->n_names < KEPT)
        f->names[f->n_names++] = node->name;
    else if (!known)
        f->more_names++;
    if (!f->first || (!is_usual(f->first) && is_usual(node)))
        f->first = node;
    if (s->counted[target->inode->id] & 1u << category)
        return;
    s->counted[target->inode->id] |= (uint8_t)(1u << category);
    f->bytes += target->inode->size;
    for (size_t i = 0; i < f->n_packages && owner; i++)
        owner = f->packages[i] == owner ? NULL : owner;
    if (owner && f->n_packages < KEPT)
        f->packages[f->n_packages++] = owner;
}

static struct str describe(struct arena *a, const struct found *f, const char *title)
{
    struct buf b = {.a = a};
    buf_addf(&b, "%s: ", title);
    for (size_t i = 0; i < f->n_names && i < NAMES_SHOWN; i++)
        buf_addf(&b, "%s" STR_F, i ? ", " : "", STR_A(f->names[i]));
    size_t all = f->n_names + f->more_names;
    if (all > NAMES_SHOWN)
        buf_addf(&b, " and %zu more", all - NAMES_SHOWN);
    buf_addf(&b, " (" STR_F, STR_A(str_size(a, f->bytes)));
    for (size_t i = 0; i < f->n_packages && i < PACKAGES_SHOWN; i++)
        buf_addf(&b, "%s" STR_F,
                 i                   ? ", "
                 : f->n_packages > 1 ? ", packages "
                                     : ", package ",
                 STR_A(f->packages[i]->name));
    if (f->n_packages > PACKAGES_SHOWN)
        buf_addf(&b, " and %zu more", f->n_packages - PACKAGES_SHOWN);
    buf_addc(&b, ')');
    return buf_str(&b);
}

static void add_found(struct rule_context *c, const struct found *f,
                      const struct category_info *category)
{
    if (!f->first)
        return;
    struct str text = describe(c->a, f, category->title);
    rule_add(c, category->severity, rule_at_node(c, f->first), STR_F, STR_A(text))->count =
        (uint32_t)(f->n_names + f->more_names);
}

static void check_programs(struct rule_context *c)
{
    struct search s = {.c = c, .counted = arena_array(c->a, uint8_t, c->facts->tree->n_inodes)};
    find_path_folders(&s);
    find_the_program(&s);
    for (struct tree_node *node = NULL; (node = tree_next(c->facts->tree, node));) {
        enum category category;
        if (!node->parent || node->inode->type == ENTRY_DIR || !holds_programs(&s, node->parent) ||
            !category_of(node->name, &category))
            continue;
        const struct tree_node *target = runnable(&s, node);
        if (target && target->inode != s.program)
            note_program(&s, category, node, target);
    }
    for (size_t i = 0; i < N_CATEGORIES; i++) {
        add_found(c, &s.own[i], &categories[i]);
        add_found(c, &s.base[i], &categories[i]);
    }
    struct str packages = rule_unneeded_packages(c);
    rule_pass(c,
              "no shell, package manager, downloader, interpreter, compiler or network tool" STR_F,
              STR_A(packages));
}

const struct rule rule_cis_4_3 = {
    .info = {.id = "CIS-4.3",
             .aliases = {"CIS-DI-0003"},
             .cis = "4.3",
             .severity = SEVERITY_MEDIUM,
             .title = "Nothing is installed that the program does not need",
             .why =
                 "A hole in the program hands over whatever else is in the image. With a shell "
                 "an intruder types, with a downloader or a package manager he brings more, with "
                 "an interpreter or a compiler he makes it on the spot. Without them a hole that "
                 "runs commands has no command to run.",
             .remedy = "Build in one stage and copy the result into an empty one, or let shuck "
                       "harden take out what the program does not use.",
             .example = "shuck harden IMAGE -o OUT"},
    .check = check_programs,
};
