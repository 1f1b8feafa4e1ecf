/* wording: names and values of settings → do they tell of a secret?
 *
 * Invariants
 * 1. References, switches, numbers, paths and placeholders are no secrets.
 *    (test_redact: is no secret)
 */
#include "secret/kinds.h"
#include "secret/redact.h"

/* ---- names ---- */

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Lower-case words of a name: split at what is no letter or digit, and at aB. */
struct words {
    struct str v[16];
    size_t n;
    char text[160];
};

static void split_name(struct str name, struct words *w)
{
    size_t at = 0;
    bool in_word = false;
    char before = 0;
    for (size_t i = 0; i < name.n && at < sizeof w->text; i++) {
        char c = name.p[i];
        bool upper = c >= 'A' && c <= 'Z', hump = upper && before >= 'a' && before <= 'z';
        before = c;
        if (!is_alnum(c)) {
            in_word = false;
            continue;
        }
        if (!in_word || hump) {
            if (w->n == sizeof w->v / sizeof *w->v)
                return;
            w->v[w->n++] = (struct str){w->text + at, 0};
            in_word = true;
        }
        w->text[at++] = upper ? (char)(c | 0x20) : c;
        w->v[w->n - 1].n++;
    }
}

static bool is_one_of(struct str word, const char *const *list)
{
    for (; *list; list++)
        if (str_is(word, *list))
            return true;
    return false;
}

static bool has_one_of(struct str word, const char *const *list)
{
    for (; *list; list++)
        if (str_has(word, str_of(*list)))
            return true;
    return false;
}

/* KEY alone says nothing (GPG_KEY, SORT_KEY): it takes a word before it that does. */
static const char *const secret_words[] = {
    "password",   "passwd",       "passphrase",   "secret",     "token",        "apikey",
    "credential", "credentials",  "privatekey",   "secretkey",  "accesskey",    "pwd",
    "authtoken",  "accesstoken",  "pass",         "passcode",   "apitoken",     "pat",
    "dbpassword", "userpassword", "rootpassword", "mypassword", "clientsecret", "appsecret",
    "pw",         "pswd",         "bearer",       NULL};
static const char *const key_words[] = {"api",     "access", "secret", "private", "encryption",
                                        "signing", "master", "auth",   "app",     NULL};
static const char *const harmless_words[] = {
    "public",      "file",       "path",     "version", "url",      "uri",      "dir",
    "length",      "len",        "min",      "max",     "ttl",      "expiry",   "expires",
    "policy",      "name",       "type",     "header",  "endpoint", "issuer",   "empty",
    "enabled",     "sha256",     "sha512",   "sha1",    "md5",      "digest",   "hash",
    "checksum",    "algorithm",  "required", "prefix",  "count",    "limit",    "timeout",
    "id",          "label",      "field",    "prompt",  "method",   "mode",     "format",
    "provider",    "class",      "encoder",  "regex",   "pattern",  "hint",     "placeholder",
    "description", "title",      "message",  "help",    "forgot",   "rules",    "validator",
    "strength",    "encryption", "column",   "table",   "commit",   "revision", "ref",
    "refs",        "command",    "salt",     NULL};

bool secret_name_tells(struct str name)
{
    struct words w = {0};
    bool tells = false;
    split_name(name, &w);
    for (size_t i = 0; i < w.n; i++) {
        bool encryption_key =
            str_is(w.v[i], "encryption") && i + 1 < w.n && str_is(w.v[i + 1], "key");
        if (is_one_of(w.v[i], harmless_words) && !encryption_key)
            return false;
        tells |= is_one_of(w.v[i], secret_words) ||
                 (str_is(w.v[i], "key") && i && is_one_of(w.v[i - 1], key_words));
    }
    /* a shell's own: PWD and OLDPWD */
    return tells && !str_is(name, "PWD") && !str_is(name, "OLDPWD");
}

/* No word of the name is harmless. */
static bool name_may_tell(struct str name)
{
    struct words w = {0};
    split_name(name, &w);
    for (size_t i = 0; i < w.n; i++)
        if (is_one_of(w.v[i], harmless_words))
            return false;
    return true;
}

bool secret_name_may_tell(struct str name)
{
    static const char *const more[] = {"key", "keys", "auth", "login", "bearer", NULL};
    struct words w = {0};
    bool tells = false;
    split_name(name, &w);
    for (size_t i = 0; i < w.n; i++)
        tells |= is_one_of(w.v[i], secret_words) || is_one_of(w.v[i], more) ||
                 str_ends(w.v[i], STR("key")) || str_ends(w.v[i], STR("token")) ||
                 str_ends(w.v[i], STR("password"));
    return tells && name_may_tell(name);
}

/* The last name of the line before `end`. */
static struct str name_ending(struct str text, size_t low, size_t end)
{
    while (end > low && !is_alnum(text.p[end - 1]) && text.p[end - 1] != '\n')
        end--;
    size_t from = end;
    while (from > low && (is_alnum(text.p[from - 1]) || strchr("_.-", text.p[from - 1])))
        from--;
    return str_slice(text, from, end);
}

struct str secret_name_before(const struct secret_value *v)
{
    enum { LONGEST = 160 };
    size_t low = v->at > LONGEST ? v->at - LONGEST : 0, end = v->at;
    struct str name = name_ending(v->text, low, end);
    end = (size_t)(name.p - v->text.p);
    /* key="NAME" value="..." */
    bool attribute = str_is(name, "value") && end - low > 2 && strchr("\"'", v->text.p[end - 2]);
    return attribute ? name_ending(v->text, low, end) : name;
}

/* ---- values ---- */

/* Lower case, for looking for words in; only of what is short. */
static struct str lower(struct str value, char *to, size_t most)
{
    size_t n = value.n < most ? value.n : most;
    for (size_t i = 0; i < n; i++)
        to[i] = (char)(value.p[i] >= 'A' && value.p[i] <= 'Z' ? value.p[i] | 0x20 : value.p[i]);
    return (struct str){to, n};
}

/* A reference, a path, a placeholder, or already masked: told by how it begins. */
static bool is_reference(struct str value)
{
    return value.n && (strchr("$/<{*%@(", value.p[0]) || str_starts(value, STR("./")) ||
                       str_starts(value, STR("\\$")) || str_starts(value, STR("ENC(")) ||
                       str_starts(value, STR("ENC[")) || str_starts(value, STR("vault:")) ||
                       str_starts(value, STR("!vault")) || str_starts(value, STR("op://")));
}

bool secret_value_may_be(struct str value)
{
    return !is_reference(value);
}

bool secret_value_is_literal(struct str value)
{
    static const char *const switches[] = {"true", "false", "yes",      "no",   "on",   "off",
                                           "none", "null",  "disabled", "auto", "None", NULL};
    uint64_t number;
    if (value.n < 4 || is_one_of(value, switches) || is_reference(value))
        return false;
    return !(value.n < 6 && str_u64(value, 10, &number) == 0);
}

/* Words that people leave for others to fill in. */
static bool is_placeholder(struct str value)
{
    static const char *const whole[] = {
        "password", "passwd",    "secret",   "user",          "username", "pass",
        "token",    "test",      "foobared", "undefined",     "required", "string",
        "optional", "proxypass", "repopwd",  "geheim$parole", "default",  NULL};
    static const char *const parts[] = {
        "example",   "changeme",   "change_me", "change-me", "placeholder", "your_",     "your-",
        "yourpass",  "yoursecret", "yourtoken", "dummy",     "redacted",    "xxxx",      "****",
        "....",      "<",          "${",        "{{",        "%(",          "$(",        "insert",
        "replace",   "todo",       "sample",    "not-set",   "fixme",       "goes-here", "goeshere",
        "goes_here", "-here",      NULL};
    char text[128];
    struct str low = lower(value, text, sizeof text);
    return is_one_of(low, whole) || has_one_of(low, parts);
}

bool secret_is_literal(const struct secret_value *v)
{
    return v->value.n && !is_reference(v->value) && !is_placeholder(v->value) &&
           (v->value.n < 4 || secret_value_is_literal(v->value));
}

bool secret_is_glued_literal(const struct secret_value *v)
{
    return v->at && is_alnum(v->text.p[v->at - 1]) && secret_is_literal(v) &&
           !str_starts(v->value, STR("assword")); /* one dash is missing */
}

bool secret_is_user_password(const struct secret_value *v)
{
    struct str rest = str_slice(v->text, v->at + v->value.n, v->at + v->value.n + 48);
    size_t pipe = str_find(rest, '|');
    struct str to = str_trim(str_from(rest, pipe + 1));
    if (str_starts(to, STR("sudo ")))
        to = str_trim(str_from(to, 5));
    return pipe < rest.n && str_find(rest, '\n') > pipe && !is_reference(v->value) &&
           (str_starts(to, STR("chpasswd")) || str_starts(to, STR("/usr/sbin/chpasswd")));
}

/* "@localhost:5432/", "@127.0.0.1/", "@[::1]": who has the container's network, and no other. */
static bool is_loopback(const struct secret_value *v)
{
    static const char *const hosts[] = {"@localhost", "@127.0.0.1", "@[::1]"};
    struct str rest = str_from(v->text, v->at + v->value.n);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        struct str host = str_of(hosts[i]);
        if (str_eq_case(str_slice(rest, 0, host.n), host))
            return rest.n == host.n || (!is_alnum(rest.p[host.n]) && rest.p[host.n] != '-' &&
                                        rest.p[host.n] != '.' && rest.p[host.n] != ',');
    }
    return false;
}

bool secret_is_local_password(const struct secret_value *v)
{
    return is_loopback(v) && secret_is_literal(v);
}

bool secret_is_remote_password(const struct secret_value *v)
{
    return !is_loopback(v) && secret_is_literal(v);
}

struct mix {
    size_t lower, upper, digit, mark, other;
};

static struct mix mix_of(struct str value)
{
    struct mix m = {0};
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        if (c >= 'a' && c <= 'z')
            m.lower++;
        else if (c >= 'A' && c <= 'Z')
            m.upper++;
        else if (c >= '0' && c <= '9')
            m.digit++;
        else if (strchr("!@#$%^&*+=?~", c))
            m.mark++;
        else
            m.other++;
    }
    return m;
}

/* Of letters and more than letters, as people choose passwords and no program names things. */
static bool is_mixed(struct str value)
{
    struct mix m = mix_of(value);
    return m.lower + m.upper && m.digit + m.mark && m.other * 3 < value.n;
}

bool secret_is_password(const struct secret_value *v)
{
    char text[128];
    struct str low = lower(v->value, text, sizeof text);
    return secret_is_literal(v) && is_mixed(v->value) && secret_entropy(v->value) >= 2.5 &&
           !str_has(low, STR("password")) && !str_has(low, STR("passwd")) &&
           !str_has(v->value, STR("://")) && !str_has(v->value, STR("/")) &&
           name_may_tell(secret_name_before(v));
}

static bool is_hex(struct str value)
{
    for (size_t i = 0; i < value.n; i++)
        if (!secret_letter("0-9A-Fa-f", value.p[i]))
            return false;
    return true;
}

/* As if it could be said: of small letters and digits, as many services draw them, two in five keys
 * have most of themselves in runs of four letters and more. */
static bool is_word(const char *p, size_t n)
{
    size_t vowels = 0, between = 0;
    for (size_t i = 0; i < n; i++) {
        bool vowel = strchr("aeiouy", p[i]);
        between = vowel ? 0 : between + 1;
        vowels += vowel;
        if (between == 7) /* "strengthcheck" has six */
            return false;
    }
    return n >= 4 && vowels * 5 >= n;
}

/* Names in programs have long runs of letters; what a machine draws does not. */
static bool has_words(struct str value)
{
    size_t run = 0, in_words = 0;
    for (size_t i = 0; i <= value.n; i++) {
        bool letter = i < value.n && value.p[i] >= 'a' && value.p[i] <= 'z';
        if (letter) {
            run++;
            continue;
        }
        if (is_word(value.p + i - run, run))
            in_words += run;
        run = 0;
    }
    return in_words * 2 > value.n;
}

bool secret_is_random(const struct secret_value *v)
{
    struct mix m = mix_of(v->value);
    return secret_is_literal(v) && m.digit && m.lower + m.upper && !has_words(v->value) &&
           secret_entropy(v->value) >= (v->value.n < 20 ? 2.5 : 3);
}

/* Whole lines of base64 are of certificates. */
bool secret_is_inline_random(const struct secret_value *v)
{
    size_t end = v->at + v->value.n;
    bool line = (v->at == 0 || v->text.p[v->at - 1] == '\n') &&
                (end == v->text.n || v->text.p[end] == '\n' || v->text.p[end] == '\r');
    return !line && secret_is_random(v);
}

bool secret_is_key(const struct secret_value *v)
{
    return secret_is_random(v) && !secret_is_uuid(v) && !str_has(v->value, STR("://")) &&
           !str_has(v->value, STR("//")) && name_may_tell(secret_name_before(v)) &&
           !(is_hex(v->value) && v->value.n > 64);
}

bool secret_is_env(const struct secret_value *v)
{
    return secret_is_literal(v) && secret_name_tells(secret_name_before(v));
}

bool secret_is_setting(const struct secret_value *v)
{
    return secret_is_password(v) && secret_is_env(v) && !has_words(v->value);
}
