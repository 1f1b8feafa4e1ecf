/* known: names, modes and attributes of an image's files → candidates for the moves.
 *
 * A name is only a hint of where to look: what counts is what the agent then sees.
 *
 * Invariants
 * 1. One pass over the tree, bounded lists. (test_known: limit)
 * 2. Programs on the image's PATH come before others, else the order of the tree.
 *    (test_known: order)
 */
#include "prove/known.h"

#define USE(u) (1u << KNOWN_##u)

/* Programs with more than one use stand once, with all their uses. The last ones' use is their
 * ability to read, write, run or connect on behalf of whoever calls them. */
static const struct {
    struct str name;
    unsigned uses;
} programs[] = {
    {STR_INIT("sh"), USE(SHELL) | USE(LOTL)},
    {STR_INIT("bash"), USE(SHELL) | USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("dash"), USE(SHELL) | USE(LOTL)},
    {STR_INIT("ash"), USE(SHELL) | USE(LOTL)},
    {STR_INIT("ksh"), USE(SHELL) | USE(LOTL)},
    {STR_INIT("mksh"), USE(SHELL) | USE(LOTL)},
    {STR_INIT("zsh"), USE(SHELL) | USE(LOTL)},
    {STR_INIT("fish"), USE(SHELL) | USE(LOTL)},
    {STR_INIT("csh"), USE(SHELL) | USE(LOTL)},
    {STR_INIT("tcsh"), USE(SHELL) | USE(LOTL)},
    {STR_INIT("busybox"), USE(SHELL) | USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("python"), USE(INTERPRETER) | USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("perl"), USE(INTERPRETER) | USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("ruby"), USE(INTERPRETER) | USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("node"), USE(INTERPRETER) | USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("nodejs"), USE(INTERPRETER) | USE(LOTL)},
    {STR_INIT("php"), USE(INTERPRETER) | USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("lua"), USE(INTERPRETER) | USE(LOTL)},
    {STR_INIT("luajit"), USE(INTERPRETER) | USE(LOTL)},
    {STR_INIT("cc"), USE(COMPILER)},
    {STR_INIT("gcc"), USE(COMPILER) | USE(LOTL)},
    {STR_INIT("clang"), USE(COMPILER)},
    {STR_INIT("tcc"), USE(COMPILER)},
    {STR_INIT("c99"), USE(COMPILER) | USE(LOTL)},
    {STR_INIT("curl"), USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("wget"), USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("nc"), USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("ncat"), USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("netcat"), USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("socat"), USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("telnet"), USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("openssl"), USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("gawk"), USE(DOWNLOADER) | USE(LOTL)},
    {STR_INIT("apt-get"), USE(PACKAGE_MANAGER) | USE(LOTL)},
    {STR_INIT("apt"), USE(PACKAGE_MANAGER) | USE(LOTL)},
    {STR_INIT("dpkg"), USE(PACKAGE_MANAGER) | USE(LOTL)},
    {STR_INIT("apk"), USE(PACKAGE_MANAGER)},
    {STR_INIT("rpm"), USE(PACKAGE_MANAGER) | USE(LOTL)},
    {STR_INIT("dnf"), USE(PACKAGE_MANAGER) | USE(LOTL)},
    {STR_INIT("microdnf"), USE(PACKAGE_MANAGER)},
    {STR_INIT("yum"), USE(PACKAGE_MANAGER) | USE(LOTL)},
    {STR_INIT("zypper"), USE(PACKAGE_MANAGER) | USE(LOTL)},
    {STR_INIT("pacman"), USE(PACKAGE_MANAGER) | USE(LOTL)},
    {STR_INIT("opkg"), USE(PACKAGE_MANAGER)},
    {STR_INIT("cron"), USE(CRON)},
    {STR_INIT("crond"), USE(CRON)},
    {STR_INIT("sshd"), USE(SSHD)},
    {STR_INIT("dropbear"), USE(SSHD)},
};

static const struct str lotl[] = {
#define P(name) STR_INIT(name)
    P("ar"),           P("aria2c"),      P("arp"),         P("as"),
    P("ascii-xfr"),    P("aspell"),      P("at"),          P("awk"),
    P("base32"),       P("base64"),      P("basenc"),      P("batch"),
    P("bconsole"),     P("bridge"),      P("bundle"),      P("bzip2"),
    P("capsh"),        P("cat"),         P("certbot"),     P("chmod"),
    P("chown"),        P("chroot"),      P("cmp"),         P("column"),
    P("comm"),         P("composer"),    P("cp"),          P("cpan"),
    P("cpio"),         P("cpulimit"),    P("crontab"),     P("csplit"),
    P("cupsfilter"),   P("cut"),         P("date"),        P("dd"),
    P("debugfs"),      P("dialog"),      P("diff"),        P("dig"),
    P("dmesg"),        P("dmsetup"),     P("docker"),      P("dosbox"),
    P("easy_install"), P("ed"),          P("efax"),        P("emacs"),
    P("env"),          P("eqn"),         P("espeak"),      P("expand"),
    P("expect"),       P("file"),        P("find"),        P("finger"),
    P("flock"),        P("fmt"),         P("fold"),        P("ftp"),
    P("gdb"),          P("gem"),         P("genisoimage"), P("git"),
    P("grep"),         P("gtester"),     P("gzip"),        P("hd"),
    P("head"),         P("hexdump"),     P("hping3"),      P("iconv"),
    P("iftop"),        P("install"),     P("ionice"),      P("ip"),
    P("irb"),          P("jjs"),         P("join"),        P("journalctl"),
    P("jq"),           P("jrunscript"),  P("ldconfig"),    P("less"),
    P("ln"),           P("logsave"),     P("look"),        P("ltrace"),
    P("lwp-download"), P("lwp-request"), P("mail"),        P("make"),
    P("man"),          P("mawk"),        P("more"),        P("mosquitto"),
    P("mount"),        P("msgattrib"),   P("msgcat"),      P("mtr"),
    P("mv"),           P("mysql"),       P("nano"),        P("nawk"),
    P("nft"),          P("nice"),        P("nl"),          P("nm"),
    P("nmap"),         P("nohup"),       P("npm"),         P("nroff"),
    P("nsenter"),      P("od"),          P("paste"),       P("pdb"),
    P("perf"),         P("pg"),          P("pic"),         P("pico"),
    P("pip"),          P("pkexec"),      P("pr"),          P("psql"),
    P("ptx"),          P("puppet"),      P("readelf"),     P("red"),
    P("restic"),       P("rev"),         P("rlwrap"),      P("rsync"),
    P("run-parts"),    P("rview"),       P("rvim"),        P("scp"),
    P("screen"),       P("script"),      P("sed"),         P("service"),
    P("setarch"),      P("sftp"),        P("shuf"),        P("smbclient"),
    P("sort"),         P("split"),       P("sqlite3"),     P("ss"),
    P("ssh"),          P("ssh-keygen"),  P("ssh-keyscan"), P("start-stop-daemon"),
    P("stdbuf"),       P("strace"),      P("strings"),     P("su"),
    P("sudo"),         P("sysctl"),      P("systemctl"),   P("tac"),
    P("tail"),         P("tar"),         P("taskset"),     P("tbl"),
    P("tclsh"),        P("tcpdump"),     P("tee"),         P("tftp"),
    P("time"),         P("timedatectl"), P("timeout"),     P("tmux"),
    P("top"),          P("troff"),       P("ul"),          P("unexpand"),
    P("uniq"),         P("unshare"),     P("unzip"),       P("update-alternatives"),
    P("uudecode"),     P("uuencode"),    P("vi"),          P("view"),
    P("vigr"),         P("vim"),         P("vimdiff"),     P("vipw"),
    P("w3m"),          P("watch"),       P("wc"),          P("whiptail"),
    P("whois"),        P("wish"),        P("xargs"),       P("xmodmap"),
    P("xxd"),          P("xz"),          P("yarn"),        P("zip"),
    P("zsoelim"),
#undef P
};

/* Names of files that hold credentials; with a parent folder where the name alone says nothing. */
static const struct {
    struct str parent, name; /* name "*.x": ends with .x */
} secrets[] = {
    {STR_INIT(""), STR_INIT("id_rsa")},
    {STR_INIT(""), STR_INIT("id_dsa")},
    {STR_INIT(""), STR_INIT("id_ecdsa")},
    {STR_INIT(""), STR_INIT("id_ed25519")},
    {STR_INIT(""), STR_INIT(".netrc")},
    {STR_INIT(""), STR_INIT(".git-credentials")},
    {STR_INIT(""), STR_INIT(".pypirc")},
    {STR_INIT(""), STR_INIT(".pgpass")},
    {STR_INIT(""), STR_INIT(".dockercfg")},
    {STR_INIT(""), STR_INIT(".env")},
    {STR_INIT(""), STR_INIT(".htpasswd")},
    {STR_INIT(""), STR_INIT("kubeconfig")},
    {STR_INIT(".docker"), STR_INIT("config.json")},
    {STR_INIT(".aws"), STR_INIT("credentials")},
    {STR_INIT(".kube"), STR_INIT("config")},
    {STR_INIT("secrets"), STR_INIT("*")},
    {STR_INIT(""), STR_INIT("*.pem")},
    {STR_INIT(""), STR_INIT("*.key")},
};

bool known_name_is(struct str name, struct str base)
{
    if (!str_starts(name, base))
        return false;
    if (name.n == base.n)
        return true;
    char next = name.p[base.n];
    return next == '.' || (next >= '0' && next <= '9');
}

/* "x86_64-linux-gnu-gcc-12": the target before it, the version behind. */
static bool is_cross_compiler(struct str name)
{
    size_t at = str_find_str(name, STR("-gcc"));
    struct str rest = str_from(name, at + 4);
    return at < name.n &&
           (!rest.n || (rest.n > 1 && rest.p[0] == '-' && rest.p[1] >= '0' && rest.p[1] <= '9'));
}

static unsigned uses_of_program(struct str name)
{
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (known_name_is(name, programs[i].name))
            return programs[i].uses;
    for (size_t i = 0; i < sizeof lotl / sizeof *lotl; i++)
        if (str_eq(name, lotl[i]))
            return USE(LOTL);
    if (str_starts(name, STR("ld-linux")) || str_starts(name, STR("ld-musl")))
        return USE(LOADER);
    return is_cross_compiler(name) ? USE(COMPILER) : 0;
}

static bool is_secret_name(const struct tree_node *node)
{
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        struct str name = secrets[i].name, parent = secrets[i].parent;
        if (parent.n && (!node->parent || !str_eq(node->parent->name, parent)))
            continue;
        if (name.p[0] == '*' ? str_ends(node->name, str_from(name, 1)) : str_eq(node->name, name))
            return true;
    }
    return false;
}

static bool has_file_capabilities(const struct tree_inode *inode)
{
    for (uint32_t i = 0; i < inode->n_xattrs; i++)
        if (str_is(inode->xattrs[i].name, "security.capability"))
            return true;
    return false;
}

static unsigned uses_of(const struct tree_node *node)
{
    const struct tree_inode *inode = node->inode;
    if (inode->type == ENTRY_SYMLINK) /* an applet, or a name in /etc/alternatives */
        return uses_of_program(node->name);
    if (inode->type != ENTRY_FILE)
        return 0;
    unsigned uses = is_secret_name(node) ? USE(SECRET) : 0;
    if (!(inode->mode & 0111))
        return uses;
    uses |= uses_of_program(node->name);
    if (inode->mode & 04000 && inode->uid == 0)
        uses |= USE(SETUID);
    return has_file_capabilities(inode) ? uses | USE(FCAPS) : uses;
}

/* ---- collecting ---- */

struct found {
    struct strs_vec VEC(struct str) on_path, elsewhere;
};

static bool is_on_path(struct str folders, struct str path)
{
    struct str folder = str_slice(path, 0, str_rfind(path, '/')), one;
    while (folders.n) {
        str_cut(folders, ':', &one, &folders);
        if (str_eq(one, folder))
            return true;
    }
    return false;
}

/* Package managers keep certificates by the hundred, and keys for tests are not secrets. */
static bool is_public_place(struct str path)
{
    return str_starts(path, STR("/etc/ssl/certs/")) ||
           str_starts(path, STR("/usr/share/ca-certificates/")) ||
           str_starts(path, STR("/usr/share/doc/"));
}

static struct strs join(struct arena *a, const struct found *from, size_t *left_out)
{
    size_t n = from->on_path.n + from->elsewhere.n, kept = n < LIMIT_KNOWN ? n : LIMIT_KNOWN;
    struct strs all = {arena_array(a, struct str, kept), 0};
    for (size_t i = 0; i < kept; i++)
        all.v[all.n++] =
            i < from->on_path.n ? from->on_path.v[i] : from->elsewhere.v[i - from->on_path.n];
    *left_out += n - kept;
    return all;
}

void known_find(struct arena *a, const struct facts *f, struct known *ret)
{
    struct found found[KNOWN_USES] = {0};
    struct str folders = facts_search_path(f);
    for (const struct tree_node *node = tree_next(f->tree, NULL); node;
         node = tree_next(f->tree, node)) {
        unsigned uses = uses_of(node);
        if (!uses)
            continue;
        struct str path = tree_path(a, node);
        if (is_public_place(path))
            uses &= ~USE(SECRET);
        bool first = is_on_path(folders, path);
        for (unsigned u = 0; u < KNOWN_USES; u++)
            if (uses >> u & 1)
                *(first ? vec_push(a, &found[u].on_path) : vec_push(a, &found[u].elsewhere)) = path;
    }
    struct known k = {0};
    for (unsigned u = 0; u < KNOWN_USES; u++)
        k.paths[u] = join(a, &found[u], &k.left_out);
    *ret = k;
}
