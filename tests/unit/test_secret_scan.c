/* test_secret_scan: every kind finds its own sample and leaves the other; windows; long texts;
 * places; what is known. */
#include "lib/tap.h"
#include "secret/file_names.h"
#include "secret/kinds.h"
#include "secret/redact.h"

/* A path for which a kind of certain files is looked for. */
static struct str path_of(struct arena *a, const struct secret_kind *kind)
{
    struct str rest = str_of(kind->files ? kind->files : ""), first = {0};
    if (!str_word(&rest, &first))
        return first;
    const char *name = str_cstr(a, first);
    return str_fmt(a, "srv/%s%s", name[0] == '*' ? "x" : "", name + (name[0] == '*'));
}

static struct secret_list scan_at(struct secret_scanner *s, struct arena *a, struct str path,
                                  struct str text)
{
    struct secret_list list = {0};
    struct secret_window w = {.text = text, .to = text.n, .path = path};
    secret_scan(s, a, &w, &list);
    return list;
}

static const struct secret_found *find(const struct secret_list *list,
                                       const struct secret_kind *kind)
{
    vec_each (list, i)
        if (list->v[i].kind == kind)
            return &list->v[i];
    return NULL;
}

static void check_kinds(struct secret_scanner *s, struct arena *a)
{
    const struct secret_kind *kind;
    size_t n = 0;
    for (; (kind = secret_kind_at(n)) && kind->id; n++) {
        struct str path = path_of(a, kind);
        struct secret_list yes = scan_at(s, a, path, str_of(kind->yes));
        struct secret_list no = scan_at(s, a, path, str_of(kind->no));
        const struct secret_found *f = find(&yes, kind);
        const char *id = str_cstr(a, str_of(kind->id));
        const char *instead = yes.n ? yes.v[0].kind->id : "nothing";
        ok(secret_kind_named(str_of(id)) == kind, "%s: has a name of its own", id);
        ok(f && !f->doubt, "%s: found, or %s %d", id, instead, f ? (int)f->doubt : -1);
        ok(!find(&no, kind), "%s: not found", id);
    }
    ok(n >= 100, "there are %zu kinds", n);
}

/* The same text, cut anywhere, gives the same values. */
static void check_windows(struct secret_scanner *s, struct arena *a)
{
    struct str text = STR("a GITHUB=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 b "
                          "postgres://app:h7Gq2mZ9vB@db:5432/app c");
    size_t bad = 0;
    for (size_t cut = 0; cut <= text.n; cut++) {
        struct secret_list list = {0};
        struct secret_window w = {.text = text, .to = cut};
        secret_scan(s, a, &w, &list);
        w.from = cut;
        w.to = text.n;
        secret_scan(s, a, &w, &list);
        bad += list.n < 2 || list.n > 3;
    }
    ok(bad == 0, "windows: two secrets, wherever the cut is");
}

static void check_long(struct secret_scanner *s, struct arena *a)
{
    static const char *const parts[] = {
        "ghp_AKIAeyJ-----BEGIN PRIVATE KEY-----://a:b@",
        "LS0tLS1CRUdJTi",
        "password = \"aB3$aB3$",
        "eyJhbGciOiJ.eyJhbGciOiJ.",
        "a://b:ccc@d",
        "-----BEGIN PRIVATE KEY-----\n",
    };
    size_t n = 2 << 20;
    char *text = arena_alloc(a, n);
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        struct secret_list list = {0};
        size_t part = strlen(parts[k]);
        for (size_t i = 0; i < n; i++)
            text[i] = parts[k][i % part];
        list = scan_at(s, a, (struct str){0}, (struct str){text, n});
        ok(list.n <= 10000, "long: two megabytes of \"%.12s\", %zu found", parts[k], list.n);
    }
}

#define PASSWORD  "password = \"Xq7vR!m2Lw\""
#define GITHUB    "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"
#define KEY(body) "-----BEGIN PRIVATE KEY-----\n" body "\n-----END PRIVATE KEY-----\n"

static void check_places(struct secret_scanner *s, struct arena *a)
{
    static const struct {
        const char *path, *text;
        enum secret_doubt doubt;
        size_t n;
    } cases[] = {
        {"srv/app/config.py", PASSWORD, SECRET_NO_DOUBT, 1},
        {"srv/app/tests/config.py", PASSWORD, SECRET_EXAMPLE, 1},
        {"srv/app/latest/config.py", PASSWORD, SECRET_NO_DOUBT, 1},
        {"srv/node_modules/a/b.js", PASSWORD, SECRET_NO_DOUBT, 0},
        {"srv/node_modules/a/b.js", "sk_live_4uC39HqLyjWDarjtT1zdp7dcQ8v", SECRET_NO_DOUBT, 1},
        {"usr/share/doc/a", "sk_live_4uC39HqLyjWDarjtT1zdp7dcQ8v", SECRET_EXAMPLE, 1},
        {"srv/a.jar!/application.yml", PASSWORD, SECRET_NO_DOUBT, 1},
        {"srv/a.jar!/META-INF/persistence.xml", PASSWORD, SECRET_NO_DOUBT, 1},
        {"srv/a.jar!/BOOT-INF/classes/x/a.yml", PASSWORD, SECRET_NO_DOUBT, 1},
        {"srv/a.jar!/org/x/messages_de.properties", PASSWORD, SECRET_NO_DOUBT, 0},
        {"srv/a.jar!/org/x/messages_de.properties", GITHUB, SECRET_NO_DOUBT, 1},
        {"srv/a.jar!/BOOT-INF/lib/b.jar!/b.yml", PASSWORD, SECRET_NO_DOUBT, 0},
        {"srv/a.war!/WEB-INF/classes/x/a.yml", PASSWORD, SECRET_NO_DOUBT, 1},
        {"srv/a.war!/WEB-INF/lib/b.jar!/b.yml", PASSWORD, SECRET_NO_DOUBT, 0},
        {"srv/a.tar.gz!/conf/a.yml", PASSWORD, SECRET_NO_DOUBT, 1},
        {"srv/a.whl!/a/b.py", PASSWORD, SECRET_NO_DOUBT, 0},
        {"srv/app/docs/a.md", GITHUB, SECRET_NO_DOUBT, 1},
        {"srv/node_modules/a/test/a.js", GITHUB, SECRET_NO_DOUBT, 1},
        {"srv/app/docs/a.md", "ghp_icG01N0MAAOCig0WGUwoqqLzdZIFNI2fnKW6", SECRET_UNSEALED, 1},
        {"srv/app/test/key",
         KEY("MC4CAQAwBQYDK2VwBCIEIFJtHkX3Vw0bKpN1dyWQzZ8cC9l5mG7sT2uH4aE6rB0o"), SECRET_NO_DOUBT,
         1},
        {"srv/node_modules/a/test/key",
         KEY("MC4CAQAwBQYDK2VwBCIEIFJtHkX3Vw0bKpN1dyWQzZ8cC9l5mG7sT2uH4aE6rB0o"), SECRET_EXAMPLE,
         1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct secret_list list = scan_at(s, a, str_of(cases[i].path), str_of(cases[i].text));
        ok(list.n == cases[i].n && (!list.n || list.v[0].doubt == cases[i].doubt), "places: %s",
           cases[i].path);
    }
}

static void check_samples(struct secret_scanner *s, struct arena *a)
{
    static const struct {
        const char *text;
        enum secret_doubt doubt;
    } cases[] = {
        {"AKIAIOSFODNN7EXAMPLE", SECRET_KNOWN},
        {"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", SECRET_KNOWN},
        {"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiw"
         "iaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
         SECRET_KNOWN},
        {"ghp_icG01N0MAAOCig0WGUwoqqLzdZIFNI2fnKW6", SECRET_UNSEALED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct secret_list list = scan_at(s, a, (struct str){0}, str_of(cases[i].text));
        ok(list.n == 1 && list.v[0].doubt == cases[i].doubt, "sample: %.30s", cases[i].text);
    }
}

/* Small letters and digits: most have runs of letters, few of which could be said. */
static void check_words(void)
{
    static const char *const drawn[] = {
        "hj2kljjb7zo6eh493prdbx2symclxyoz", "0jsc2tdbgzajqat0verkncxsv203vf49g13nbrcyi138df00vx",
        "qxkvw7ddjrtlz0pmnbc4", "5rtpkwqx9gfdlsm2vbnc"};
    static const char *const said[] = {"database-connection-timeout-v2", "handlerwithcontext7",
                                       "a1strengthcheckenabled", "org.apache.tomcat.util9"};
    for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++)
        ok(secret_is_random(&(struct secret_value){.value = str_of(drawn[i])}), "words: not in %s",
           drawn[i]);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        ok(!secret_is_random(&(struct secret_value){.value = str_of(said[i])}), "words: in %s",
           said[i]);
}

/* Keys of OpenSSH's and OpenPGP's own forms, made for this test: they open nothing. And what only
 * looks like them. */
static void check_armours(struct secret_scanner *s, struct arena *a)
{
    static const char ssh[] =
        "-----BEGIN OPENSSH PRIVATE KEY-----\n"
        "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
        "QyNTUxOQAAACBjE/gNQUocP3axTtwZFTopzFVf/rYj1nq97v0m0jKg3QAAAIiMmPdajJj3\n"
        "WgAAAAtzc2gtZWQyNTUxOQAAACBjE/gNQUocP3axTtwZFTopzFVf/rYj1nq97v0m0jKg3Q\n"
        "AAAEAouQ/A/rMtC0XUDZKxVr+vI2dPrqXfGYWRmxu4HhDEDmMT+A1BShw/drFO3BkVOinM\n"
        "VV/+tiPWer3u/SbSMqDdAAAAAXQBAgME\n"
        "-----END OPENSSH PRIVATE KEY-----\n";
    static const char pgp[] = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n"
                              "\n"
                              "lFgEaw3xUhYJKwYBBAHaRw8BAQdAd0hDhUpPiWu+YcqEbd1pgn/8+qOr4kXNSDaj\n"
                              "Q0zdXlUAAQCvV6+geJxKDs+Qi6tvaoRcCqjdE4+Ii53LxIqyXcFk+hE4tBF0IDx0\n"
                              "QGV4YW1wbGUub3JnPoiQBBMWCAA4FiEEM//GssgAJwu7Ny4CE3GuwwcE71sFAmsN\n"
                              "8VICGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQE3GuwwcE71vurQD/ZtVM\n"
                              "5SqTzckc8jN7AyvFlvVnGs3IpUBZqIjp3dpyUZsBAKPULRDtF6JlkQIya8FyIEGJ\n"
                              "XVcupAe8PrbtufzuspIO\n"
                              "=Kr5d\n"
                              "-----END PGP PRIVATE KEY BLOCK-----\n";
    static const char *const not [] = {
        "-----BEGIN OPENSSH PRIVATE KEY-----\n...\n-----END OPENSSH PRIVATE KEY-----\n",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nyours\n-----END PGP PRIVATE KEY BLOCK-----\n",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nyours\n-----END PGP PUBLIC KEY BLOCK-----\n",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGMT+A1BShw/drFO3BkVOinMVV/+tiPWer3u/SbSMqDd t\n",
    };
    struct secret_list list = scan_at(s, a, STR("srv/app/test/id"), str_of(ssh));
    ok(list.n == 1 && str_is(str_of(list.v[0].kind->id), "private-key") && !list.v[0].doubt,
       "armour: OpenSSH's, and it proves itself");
    list = scan_at(s, a, STR("srv/key.asc"), str_of(pgp));
    ok(list.n == 1 && str_is(str_of(list.v[0].kind->id), "private-key") && !list.v[0].doubt,
       "armour: OpenPGP's");
    for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
        ok(!scan_at(s, a, STR("srv/key"), str_of(not [i])).n, "armour: %.30s is none", not [i]);
}

/* Keys that need a passphrase, made for this test. */
static void check_locked(struct secret_scanner *s, struct arena *a)
{
    static const char *const texts[] = {
        /* ssh-keygen -N */
        "-----BEGIN OPENSSH PRIVATE KEY-----\n"
        "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABCHLz3RzY\n"
        "T1jCGeblqeixujAAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAILIAQhqloojwd6sa\n"
        "14QHRGlFjWU2GfHGZWR7ekt78LmxAAAAkIsaVuA6HDYDDqWdz7MQo0FHy0Emoa+dJMQOpR\n"
        "aZhrKaY4N78vPiWpmWIqDT4x6QgPatGo8IZcD22vrjfC5duuSB+820uWpCkNqkVfMpkovN\n"
        "FdXmQldUup0WqC7XgAcwdZcVyIe8W7UyUnAJ0rdcuPSxOOQlF9b01DuuZN4REZMortQMkl\n"
        "m1JXH50DYaG3ylBg==\n"
        "-----END OPENSSH PRIVATE KEY-----\n",
        /* openssl genrsa -aes256 -traditional */
        "-----BEGIN RSA PRIVATE KEY-----\n"
        "Proc-Type: 4,ENCRYPTED\n"
        "DEK-Info: AES-256-CBC,7FB830DDB3529D0C37DDC7E58845816B\n"
        "\n"
        "RYEv/Je279oWLIl8jRf2oJOLqyuRBT3D7kvlahRhzfa58/Vs2tvF8TniKRSXZvmH\n"
        "tuvMb9HATpOV+4kW4LtOMyqunKxzrglCzRkXsIcSNZGeOujFKIgpLkjwVgZm4uLV\n"
        "kx859yoRAd2QL677+2MaUp5l1gM8g3idFmQWaZC2Z9e0U04Ku0rXdrmGrj99/8lz\n"
        "u3Z/1veAQrv2YW8Xzb699mx6lvOp1y96qWZjGStCNcOioGp8Rx2mApaYwMUVeKU4\n"
        "yvLVoZCjE55aRdsDKpPyYr0msfb35okVXsHqGKllC9nSluWiEYpgctoQVoSxezhb\n"
        "7TiofXtJCSpTK8aLueek6klwN57lPZXZyzUZ4TYB9okhBwIhIJJv7pbfBj0ndGx9\n"
        "WrH7P4P6DDSSJLyspvsl5cgG1iBRwlSCnrEo0dKyaU8z+j3hO44drxlTG6a5F2N1\n"
        "RkVlwfH5hrCvWAO6LRRhxcjWMA6du2R/CPOv6hYToq5oUxSGlIUKGKL5Ef3BxNor\n"
        "XZfCIAPmZFVD03YjN37uojhuoD5cw+aMnisKnP75xGzzPPygOE6lim8PkAzCFMNb\n"
        "onpbdTQPgQMBdgi3cz008UQeOO230vZ1nlCxDisdUlVOhV6YvhtaUtb/UjkYIVLN\n"
        "3TDE2TBzbBeaGfP/6Rz1skjJjAWn7XsDtFbFLTt4jIOks5sRmC5M8VTg5WCg2Vuu\n"
        "64EEOQkLS65PJViPNwAZHYcYeTZNcDOASV+qIjdYU0p+nSGG0BQqdWOGCLIbKrc7\n"
        "Pry1GcEcgQWGY7xWPVjgOw9fsy+XSXSOav3DTOS8OuEHZhcy7MSa4Z+zjONehPX+\n"
        "-----END RSA PRIVATE KEY-----\n",
    };
    static const char *const starts[] = {"b3Bl…", "RYEv…"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str text = str_of(texts[i]);
        struct secret_list list = scan_at(s, a, STR("srv/key"), text);
        ok(list.n == 1 && str_is(str_of(list.v[0].kind->id), "private-key-locked") &&
               list.v[0].kind->severity == SEVERITY_HIGH,
           "locked: %.30s", texts[i]);
        is_str(secret_start(a, text), starts[i], "locked: the start of its body");
    }
    is_str(secret_start(a, STR("-----BEGIN PRIVATE KEY-----\\nMIIE\\nabcdefghi")), "MIIE…",
           "start: as JSON has it");
    is_str(secret_start(a, STR("-----BEGIN PRIVATE KEY-----")), "…", "start: there is none");
}

/* A key as JSON and shells have it. */
static void check_escaped(struct secret_scanner *s, struct arena *a)
{
    static const char *const texts[] = {
        "{\"key\": \"-----BEGIN PRIVATE KEY-----\\nMC4CAQAwBQYDK2VwBCIEIFJtHkX3Vw0bKpN1dyWQzZ8cC9l5"
        "mG7sT2uH4aE6rB0o\\n-----END PRIVATE KEY-----\\n\"}",
        "KEY=\"-----BEGIN PRIVATE KEY----- MC4CAQAwBQYDK2VwBCIEIFJtHkX3Vw0bKpN1dyWQzZ8cC9l5"
        "mG7sT2uH4aE6rB0o -----END PRIVATE KEY-----\"",
        "- |\r\n  -----BEGIN PRIVATE KEY-----\r\n  MC4CAQAwBQYDK2VwBCIEIFJtHkX3Vw0bKpN1dyWQzZ8cC9l5"
        "mG7sT2uH4aE6rB0o\r\n  -----END PRIVATE KEY-----\r\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct secret_list list = scan_at(s, a, (struct str){0}, str_of(texts[i]));
        ok(list.n == 1 && str_is(str_of(list.v[0].kind->id), "private-key"), "escaped: way %zu",
           i + 1);
    }
}

/* What was compiled when shuck was built finds what is compiled now finds. */
/* The table of file names says what the lists say, one by one. */
static void check_file_names(struct arena *a)
{
    static const char *const paths[] = {".env",
                                        "srv/.env",
                                        "srv/.env.local",
                                        "srv/x.env",
                                        "env",
                                        "a/.envrc",
                                        ".pgpass",
                                        "x.pgpass",
                                        "home/me/.pgpass",
                                        "etc/shadow",
                                        "etc/shadows",
                                        "a/etc/shadow-",
                                        "",
                                        "x",
                                        "conf",
                                        "app/config/master.key",
                                        "config.ini",
                                        "ini",
                                        ".ini",
                                        "a.ini/b",
                                        ".kube/config",
                                        "kube/config"};
    struct secret_kinds kinds = secret_kinds_of(a, SECRET_PART_FILES);
    struct secret_file_names names;
    int yes = 0, other = 0;
    secret_file_names_make(a, &kinds, &names);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        bool want = false, got = secret_file_names_have(&names, str_of(paths[i]));
        for (size_t k = 0; k < kinds.n; k++)
            want |= secret_file_is(kinds.v[k]->files, str_of(paths[i]));
        yes += got;
        other += got != want;
    }
    ok(yes > 5 && !other, "file names: the table says what the lists say (%d, %d)", yes, other);
}

static void check_blob(struct arena *a)
{
    struct err e = {0};
    for (int part = SECRET_PART_ALL; part <= SECRET_PART_FILES; part++) {
        struct secret_kinds kinds = secret_kinds_of(a, part);
        ok(secret_part_is_built_in(part), "as compiled now: part %d is taken as it was built",
           part);
        struct hs_database *db = NULL;
        ok(!secret_compile(a, &kinds, false, false, &db, &e) && db, "and it can be compiled");
        secret_database_free(db);
    }
}

int main(void)
{
    struct arena a = {0};
    struct err e = {0};
    struct secret_db *db = NULL;
    if (!ok(!secret_db_open(NULL, &db, &e), "the database %s", e.text))
        return 1;
    struct secret_scanner *s = secret_scanner_new(db);
    check_kinds(s, &a);
    check_windows(s, &a);
    check_long(s, &a);
    check_places(s, &a);
    check_samples(s, &a);
    check_words();
    check_armours(s, &a);
    check_locked(s, &a);
    check_escaped(s, &a);
    check_blob(&a);
    check_file_names(&a);
    secret_scanner_free(s);
    secret_db_close(db);
    arena_free(&a);
    return done_testing();
}
