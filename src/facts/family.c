/* family: what a kept file is known to open by itself, later or elsewhere than the exercise went.
 *
 * A run shows what one exercise touches; a plugin named in a table, a certificate for the first TLS
 * call, a codec for the first odd request are not in it. Each family names the files that give it
 * away and what then has to be there. One that is not triggered keeps nothing: a static program
 * stays a single file.
 *
 * To add a family: a row in the table; a function beside it when paths do not say it all.
 *
 * Invariants
 * 1. A family keeps only what is in the image. (test_family: absent)
 * 2. Without a kept trigger a family keeps nothing. (test_family: without its trigger)
 * 3. Each kept node is shown to the families once. (test_family: once)
 */
#include "facts/keeper.h"

enum { MAX_TRIGGERS = 8, MAX_KEEPS = 20, MAX_LIBRARIES = 4 };

struct family {
    const char *name;
    const char *triggers[MAX_TRIGGERS];   /* file names, with * and ? */
    const char *keeps[MAX_KEEPS];         /* paths as for facts_keep_glob() */
    const char *libraries[MAX_LIBRARIES]; /* by soname, where the program's loader finds them */
    void (*once)(struct facts_keeper *k, struct facts_reason reason);
    /* Shown every kept node with a trigger's name. */
    void (*each)(struct facts_keeper *k, struct tree_node *trigger, struct facts_reason reason);
};

/* ---- families that paths do not say all of ---- */

/* "passwd: files systemd [NOTFOUND=return]" → libnss_files.so.2, libnss_systemd.so.2 */
static void nss_services(struct facts_keeper *k, struct facts_reason reason)
{
    struct str text = facts_text(k->f, k->a, STR("/etc/nsswitch.conf")), line, word;
    while (str_line(&text, &line)) {
        line = str_slice(line, 0, str_find(line, '#'));
        struct str database;
        if (!str_cut(line, ':', &database, &line))
            continue;
        while (str_word(&line, &word))
            if (word.p[0] != '[' && word.n < 32)
                facts_loader_library(k, str_fmt(k->a, "libnss_" STR_F ".so.2", STR_A(word)),
                                     reason);
    }
}

/* TZ=Europe/Berlin of the config. */
static void zone_of_config(struct facts_keeper *k, struct facts_reason reason)
{
    const struct strs *env = &k->f->image->config.env;
    for (size_t i = 0; i < env->n; i++)
        if (str_starts(env->v[i], STR("TZ=")))
            facts_keep_path(
                k, str_fmt(k->a, "/usr/share/zoneinfo/" STR_F, STR_A(str_from(env->v[i], 3))),
                TREE_FOLLOW, reason);
}

/* A locale is a folder of which a program opens one file a category. */
static void whole_locale(struct facts_keeper *k, struct tree_node *trigger,
                         struct facts_reason reason)
{
    struct tree_node *locales = trigger->parent->parent;
    if (locales && str_is(locales->name, "locale") &&
        facts_keep_mark(k, &k->units, trigger->parent))
        facts_keep_subtree(k, trigger->parent, reason);
}

/* Modules named in the service files, wherever this distribution puts them. */
static void pam_modules(struct facts_keeper *k, struct facts_reason reason)
{
    static const char *const dirs[] = {"/lib/security/",   "/usr/lib/security/",
                                       "/lib64/security/", "/usr/lib64/security/",
                                       "/lib/*/security/", "/usr/lib/*/security/"};
    struct tree_lookup pam_d = {0};
    tree_resolve(k->keep->tree, k->a, STR("/"), STR("/etc/pam.d"), TREE_FOLLOW, &pam_d);
    for (struct tree_node *at = pam_d.node ? pam_d.node->child : NULL; at; at = at->next) {
        struct str text = facts_of(at) ? facts_of(at)->text : (struct str){0}, line, word;
        while (str_line(&text, &line)) {
            line = str_slice(line, 0, str_find(line, '#'));
            while (str_word(&line, &word)) {
                if (!str_ends(word, STR(".so")))
                    continue;
                if (word.p[0] == '/')
                    facts_keep_path(k, word, TREE_FOLLOW, reason);
                for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
                    facts_keep_glob(k, str_fmt(k->a, "%s" STR_F, dirs[i], STR_A(word)), reason);
            }
        }
    }
}

/* What of Python's library is for developers, for a terminal, or for a network of the past, by the
 * names of its files: kept only when the run touched it. With them go what they load, such as
 * Kerberos and ncurses. */
static bool is_python_extra(struct str name)
{
    static const char *const extra[] = {
        "test",    "tests",     "idlelib",       "tkinter",      "turtledemo",    "turtle.*",
        "lib2to3", "ensurepip", "config-*",      "pydoc_data",   "site-packages", "dist-packages",
        "curses",  "nis.*",     "readline.*",    "_curses*",     "_tkinter*",     "_test*",
        "_xx*",    "xx*",       "_ctypes_test*", "ossaudiodev.*"};
    for (size_t i = 0; i < sizeof extra / sizeof *extra; i++)
        if (facts_keep_matches(name, str_of(extra[i])))
            return true;
    return false;
}

/* "python3.11", "libpython3.11.so.1.0" → all of /usr/lib/python3.11 but the extras. */
static void python_library(struct facts_keeper *k, struct tree_node *trigger,
                           struct facts_reason reason)
{
    static const char *const roots[] = {"/usr/lib/", "/usr/local/lib/"};
    struct str version = str_from(trigger->name, str_find_str(trigger->name, STR("python")));
    size_t n = sizeof "python" - 1;
    while (n < version.n && ((version.p[n] >= '0' && version.p[n] <= '9') || version.p[n] == '.'))
        n++;
    version = str_slice(version, 0, n);
    while (version.n && version.p[version.n - 1] == '.')
        version.n--;
    for (size_t r = 0; r < sizeof roots / sizeof *roots; r++) {
        struct str path = str_fmt(k->a, "%s" STR_F, roots[r], STR_A(version));
        struct tree_node *dir = facts_keep_path(k, path, TREE_FOLLOW, reason);
        if (!dir || !facts_keep_mark(k, &k->units, dir))
            continue;
        for (struct tree_node *at = dir->child; at; at = at->next) {
            bool flat = str_is(at->name, "lib-dynload") || str_is(at->name, "__pycache__");
            for (struct tree_node *in = flat ? at->child : NULL; in; in = in->next)
                if (!is_python_extra(in->name))
                    facts_keep_subtree(k, in, reason);
            if (!flat && !is_python_extra(at->name))
                facts_keep_subtree(k, at, reason);
        }
    }
}

/* The folder that holds lib/server/libjvm.so: a runtime image is one piece. */
static void java_home(struct facts_keeper *k, struct tree_node *trigger, struct facts_reason reason)
{
    struct tree_node *home = trigger->parent;
    while (home->parent && !str_is(home->name, "lib"))
        home = home->parent;
    home = home->parent;
    if (home && home->parent && facts_keep_mark(k, &k->units, home))
        facts_keep_subtree(k, home, reason);
}

/* ---- the table ---- */

#define LIBC "libc.so.6", "ld-musl-*.so.1"

static const struct family families[] = {
    {.name = "accounts and names",
     .triggers = {LIBC, "nsswitch.conf"},
     .keeps = {"/etc/nsswitch.conf", "/etc/passwd", "/etc/group", "/etc/host.conf", "/etc/gai.conf",
               "/etc/services", "/etc/protocols"},
     .libraries = {"libnss_files.so.2", "libnss_dns.so.2"},
     .once = nss_services},
    {.name = "folders for work",
     .triggers = {LIBC},
     .keeps = {"/tmp", "/var/tmp", "/run", "/var/run"}},
    {.name = "thread cancellation",
     .triggers = {"libc.so.6", "libpthread.so.0"},
     .libraries = {"libgcc_s.so.1"}},
    {.name = "time zone",
     .triggers = {LIBC},
     .keeps = {"/etc/localtime", "/etc/timezone"},
     .once = zone_of_config},
    {.name = "time zones",
     .triggers = {"tzdata.zi", "zone.tab", "zone1970.tab"},
     .keeps = {"/usr/share/zoneinfo/**"}},
    {.name = "locale", .triggers = {"LC_*"}, .each = whole_locale},
    {.name = "character sets",
     .triggers = {"gconv-modules*"},
     .keeps = {"/usr/lib/*/gconv/gconv-modules*", "/usr/lib/*/gconv/gconv-modules.d/*",
               "/usr/lib64/gconv/gconv-modules*", "/usr/lib64/gconv/gconv-modules.d/*"}},
    {.name = "unicode data",
     .triggers = {"libicuuc.so.*"},
     .keeps = {"/usr/share/icu/*/icudt*.dat"}},
    {.name = "openssl",
     .triggers = {"libssl.so*", "libcrypto.so*"},
     .keeps = {"/etc/ssl/openssl.cnf", "/usr/lib/ssl/openssl.cnf", "/etc/pki/tls/openssl.cnf",
               "/usr/local/ssl/openssl.cnf", "/usr/lib/ssl/*", "/usr/lib/*/ossl-modules/*.so",
               "/usr/lib/ossl-modules/*.so", "/usr/lib64/ossl-modules/*.so",
               "/usr/lib/*/engines-*/*.so", "/usr/lib/engines-*/*.so",
               "/usr/lib64/engines-*/*.so"}},
    {.name = "certificates",
     .triggers = {"libssl.so*", "libgnutls.so*", "libnss3.so", "libmbedtls.so*", "libwolfssl.so*"},
     .keeps = {"/etc/ssl/cert.pem", "/etc/ssl/certs/*", "/etc/ssl/ca-bundle.pem",
               "/etc/pki/tls/cert.pem", "/etc/pki/tls/certs/ca-bundle.crt",
               "/etc/pki/ca-trust/extracted/pem/*", "/usr/local/share/ca-certificates/*",
               "/var/lib/ca-certificates/ca-bundle.pem"},
     .libraries = {"libnssckbi.so", "libsoftokn3.so", "libfreebl3.so"}},
    {.name = "tokens",
     .triggers = {"libp11-kit.so*"},
     .keeps = {"/usr/lib/*/pkcs11/*.so", "/usr/lib/pkcs11/*.so", "/usr/share/p11-kit/modules/*",
               "/etc/pkcs11/**"}},
    {.name = "pam",
     .triggers = {"libpam.so*"},
     .keeps = {"/etc/pam.conf", "/etc/pam.d/*", "/etc/security/**", "/usr/lib/pam.d/*"},
     .once = pam_modules},
    {.name = "sasl",
     .triggers = {"libsasl2.so*"},
     .keeps = {"/usr/lib/*/sasl2/*", "/usr/lib/sasl2/*", "/usr/lib64/sasl2/*", "/etc/sasl2/*"}},
    {.name = "kerberos",
     .triggers = {"libkrb5.so*", "libgssapi_krb5.so*"},
     .keeps = {"/etc/krb5.conf", "/etc/krb5.conf.d/*", "/usr/lib/*/krb5/plugins/**",
               "/usr/lib/krb5/plugins/**", "/etc/gss/**"}},
    {.name = "fonts",
     .triggers = {"libfontconfig.so*"},
     .keeps = {"/etc/fonts/**", "/usr/share/fontconfig/**"}},
    {.name = "file types",
     .triggers = {"libmagic.so*"},
     .keeps = {"/etc/magic*", "/usr/share/misc/magic*", "/usr/lib/file/magic*",
               "/usr/share/file/**"}},
    {.name = "python",
     .triggers = {"python[0-9].*", "libpython[0-9].*"},
     .keeps = {"/usr/lib/python3/dist-packages/*.pth", "/usr/local/lib/python*/site-packages/*.pth",
               "/usr/lib/python*/site-packages/*.pth", "/usr/local/lib/python*/dist-packages/*.pth",
               "/etc/python*/**"},
     .each = python_library},
    {.name = "node",
     .triggers = {"node", "nodejs", "libnode.so*"},
     .keeps = {"/usr/share/nodejs/undici/**", "/usr/share/nodejs/acorn*/**",
               "/usr/share/nodejs/cjs-module-lexer/**", "/etc/nodejs/**",
               "/usr/share/node_modules_builtin/**"}},
    {.name = "ruby",
     .triggers = {"ruby[0-9]*", "ruby", "libruby*.so*"},
     .keeps = {"/usr/lib/ruby/[0-9]*/**", "/usr/lib/ruby/vendor_ruby/**",
               "/usr/lib/*/ruby/[0-9]*/**", "/usr/lib/*/ruby/vendor_ruby/**",
               "/usr/local/lib/ruby/[0-9]*/**", "/usr/local/lib/ruby/site_ruby/**",
               "/usr/lib/ruby/gems/*/specifications/**",
               "/usr/local/lib/ruby/gems/*/specifications/**", "/var/lib/gems/*/specifications/**",
               "/usr/share/rubygems-integration/**"}},
    {.name = "perl",
     .triggers = {"perl", "perl5*", "libperl.so*"},
     .keeps = {"/etc/perl/**", "/usr/lib/*/perl-base/**", "/usr/share/perl/5*/unicore/**",
               "/usr/lib/perl5/core_perl/**", "/usr/share/perl5/core_perl/unicore/**",
               "/usr/share/perl5/unicore/**", "/usr/local/lib/perl5/5*/**"}},
    {.name = "php",
     .triggers = {"php", "php[0-9]*", "php-fpm*", "libphp*.so", "php-cgi*"},
     .keeps = {"/etc/php/**", "/etc/php[0-9]*/**", "/usr/lib/php/**",
               "/usr/lib/php[0-9]*/modules/**", "/usr/local/etc/php/**", "/usr/local/etc/php-fpm*",
               "/usr/local/etc/php-fpm.d/*", "/usr/local/lib/php/extensions/**"}},
    {.name = "java",
     .triggers = {"libjvm.so"},
     .keeps = {"/etc/java-*/**", "/etc/ssl/certs/java/*"},
     .each = java_home},
    /* Servers of files: what one request did not fetch, the next one will. */
    {.name = "nginx",
     .triggers = {"nginx"},
     .keeps = {"/etc/nginx/**", "/usr/share/nginx/html/**", "/var/www/**", "/var/log/nginx",
               "/var/lib/nginx/**", "/var/cache/nginx/**", "/run"}},
    {.name = "apache",
     .triggers = {"apache2", "httpd"},
     .keeps = {"/etc/apache2/**", "/etc/httpd/**", "/usr/local/apache2/conf/**",
               "/usr/local/apache2/htdocs/**", "/usr/local/apache2/modules/**", "/var/www/**",
               "/usr/lib/apache2/modules/*", "/var/log/apache2", "/run", "/etc/mime.types"}},
    {.name = "postgresql",
     .triggers = {"postgres"},
     .keeps = {"/usr/lib/postgresql/*/lib/**", "/usr/share/postgresql/*/**",
               "/usr/local/lib/postgresql/**", "/usr/local/share/postgresql/**"}},
};

enum { N_FAMILIES = sizeof families / sizeof *families };
_Static_assert(N_FAMILIES <= 64, "keeper.fired has a bit for each family");

/* ---- packages of languages: one touched file wants the others ---- */

static const char *const unit_parents[] = {"site-packages", "dist-packages", "node_modules",
                                           "gems"};

static bool is_metadata_of(struct str name, struct str unit)
{
    if (!str_ends(name, STR(".dist-info")) && !str_ends(name, STR(".egg-info")))
        return false;
    if (str_ends(unit, STR(".py")))
        unit.n -= 3;
    for (size_t i = 0; i < unit.n; i++) {
        char c = i < name.n ? name.p[i] : 0, u = unit.p[i];
        bool same = c == u || ((c | 32) == (u | 32) && (u | 32) >= 'a' && (u | 32) <= 'z') ||
                    (strchr("-_.", u) && c && strchr("-_.", c));
        if (!same)
            return false;
    }
    return name.n > unit.n && strchr("-.", name.p[unit.n]);
}

/* …/site-packages/flask/app.py → all of flask, and its metadata. */
static void language_package(struct facts_keeper *k, struct tree_node *node)
{
    struct tree_node *unit = node, *dir = node->parent;
    for (; dir; unit = dir, dir = dir->parent) {
        bool parent = false;
        for (size_t i = 0; i < sizeof unit_parents / sizeof *unit_parents; i++)
            parent |= str_is(dir->name, unit_parents[i]);
        if (parent)
            break;
    }
    if (!dir || str_is(unit->name, "__pycache__"))
        return;
    if (unit->name.n && unit->name.p[0] == '@' && unit != node) { /* a scope of npm */
        struct tree_node *scoped = node;
        while (scoped->parent != unit)
            scoped = scoped->parent;
        unit = scoped;
    }
    struct facts_reason reason = {WHY_FAMILY, STR("family: package of a language")};
    if (!facts_keep_mark(k, &k->units, unit))
        return;
    facts_keep_subtree(k, unit, reason);
    for (struct tree_node *at = dir->child; at; at = at->next)
        if (is_metadata_of(at->name, unit->name))
            facts_keep_subtree(k, at, reason);
}

/* ---- firing ---- */

static void fire(struct facts_keeper *k, size_t i, struct tree_node *node)
{
    const struct family *f = &families[i];
    struct facts_reason reason = {WHY_FAMILY, str_fmt(k->a, "family: %s", f->name)};
    bool fresh = !(k->fired >> i & 1);
    k->fired |= 1ull << i;
    for (size_t j = 0; fresh && j < MAX_KEEPS && f->keeps[j]; j++)
        facts_keep_glob(k, str_of(f->keeps[j]), reason);
    for (size_t j = 0; fresh && j < MAX_LIBRARIES && f->libraries[j]; j++)
        facts_loader_library(k, str_of(f->libraries[j]), reason);
    if (fresh && f->once)
        f->once(k, reason);
    if (f->each)
        f->each(k, node, reason);
}

static void show(struct facts_keeper *k, const struct facts_kept *kept)
{
    if (kept->node->inode->type == ENTRY_DIR)
        return;
    for (size_t i = 0; i < N_FAMILIES; i++)
        for (size_t j = 0; j < MAX_TRIGGERS && families[i].triggers[j]; j++)
            if (facts_keep_matches(kept->node->name, str_of(families[i].triggers[j]))) {
                fire(k, i, kept->node);
                break;
            }
    if (kept->reason.why < WHY_FAMILY)
        language_package(k, kept->node);
}

void facts_family_fire(struct facts_keeper *k)
{
    for (; k->seen < k->keep->by_node.n; k->seen++)
        show(k, k->keep->by_node.v[k->seen].value);
}
