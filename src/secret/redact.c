/* redact: text → secrets in it, by shape and by the name of what holds them.
 *
 * Invariants
 * 1. A text is walked once; every pattern is decided by a fixed prefix and a run of letters, so the
 *    cost is linear in the text. (test_redact: long)
 * 2. secret_redact() leaves at most four characters of each secret. (test_redact: redacted)
 * 3. Versions, digests, paths, public keys and the names of official images' variables are no
 *    secrets. (test_redact: is no secret)
 */
#include "secret/redact.h"

#include "base/buf.h"

enum letters { UPPER_DIGIT = 1, ALNUM, TOKEN, BASE64URL_DOT };

/* A prefix, then at least `least` characters of a kind. */
static const struct shape {
    const char *prefix;
    enum letters letters;
    size_t least, most;
    const char *what;
} shapes[] = {
    {"AKIA", UPPER_DIGIT, 16, 16, "AWS access key id"},
    {"ASIA", UPPER_DIGIT, 16, 16, "AWS temporary access key id"},
    {"ghp_", ALNUM, 36, 255, "GitHub personal access token"},
    {"gho_", ALNUM, 36, 255, "GitHub OAuth token"},
    {"ghu_", ALNUM, 36, 255, "GitHub user token"},
    {"ghs_", ALNUM, 36, 255, "GitHub app token"},
    {"ghr_", ALNUM, 36, 255, "GitHub refresh token"},
    {"github_pat_", TOKEN, 22, 255, "GitHub fine-grained token"},
    {"glpat-", TOKEN, 20, 64, "GitLab personal access token"},
    {"xoxb-", TOKEN, 20, 255, "Slack bot token"},
    {"xoxa-", TOKEN, 20, 255, "Slack token"},
    {"xoxp-", TOKEN, 20, 255, "Slack user token"},
    {"xoxr-", TOKEN, 20, 255, "Slack refresh token"},
    {"xoxs-", TOKEN, 20, 255, "Slack session token"},
    {"sk_live_", ALNUM, 16, 255, "Stripe secret key"},
    {"rk_live_", ALNUM, 16, 255, "Stripe restricted key"},
    {"npm_", ALNUM, 36, 36, "npm access token"},
    {"pypi-AgEIcHlwaS5vcmc", TOKEN, 50, 512, "PyPI upload token"},
    {"dckr_pat_", TOKEN, 20, 64, "Docker Hub access token"},
    {"hf_", ALNUM, 34, 64, "Hugging Face token"},
    {"AIza", TOKEN, 35, 35, "Google API key"},
    {"SG.", BASE64URL_DOT, 60, 80, "SendGrid key"},
    {"eyJ", BASE64URL_DOT, 60, 8192, "JSON web token"},
};

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_letter_of(enum letters kind, char c)
{
    switch (kind) {
    case UPPER_DIGIT:
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    case ALNUM:
        return is_alnum(c);
    case TOKEN:
        return is_alnum(c) || c == '_' || c == '-';
    case BASE64URL_DOT:
        return is_alnum(c) || c == '_' || c == '-' || c == '.';
    }
    return false;
}

/* "eyJ….eyJ….…": header and payload are both JSON objects in base64. */
static bool is_jwt(struct str token)
{
    size_t dot = str_find(token, '.');
    struct str rest = str_from(token, dot + 1);
    return str_starts(rest, STR("eyJ")) && str_find(rest, '.') < rest.n;
}

static bool fits_shape(const struct shape *s, struct str text, size_t at, struct secret_hit *ret)
{
    struct str prefix = str_of(s->prefix), rest = str_from(text, at);
    enum letters before = s->letters == BASE64URL_DOT ? BASE64URL_DOT : TOKEN;
    if (!str_starts(rest, prefix) || (at && is_letter_of(before, text.p[at - 1])))
        return false; /* in the middle of a longer run, which was looked at from its start */
    size_t n = prefix.n, most = prefix.n + s->most;
    while (n < rest.n && n <= most && is_letter_of(s->letters, rest.p[n]))
        n++;
    struct str token = str_slice(rest, 0, n);
    if (n < prefix.n + s->least || n > most || str_ends(token, STR("EXAMPLE")))
        return false; /* AKIAIOSFODNN7EXAMPLE is in every manual */
    if (str_starts(token, STR("eyJ")) && !is_jwt(token))
        return false;
    *ret = (struct secret_hit){at, n, s->what};
    return true;
}

/* "-----BEGIN RSA PRIVATE KEY-----" and what follows, to its end line or the end of the text. */
static bool fits_private_key(struct str text, size_t at, struct secret_hit *ret)
{
    struct str rest = str_from(text, at), head;
    if (!str_starts(rest, STR("-----BEGIN ")))
        return false;
    head = str_slice(rest, 11, 11 + 40);
    size_t close = str_find_str(head, STR("-----"));
    if (close == head.n || !str_ends(str_slice(head, 0, close), STR("PRIVATE KEY")))
        return false;
    size_t end = str_find_str(rest, STR("-----END "));
    *ret = (struct secret_hit){at, end, "private key"};
    return true;
}

/* "scheme://user:password@host": the hit is the password. `at` is the "://". */
static bool fits_url(struct str text, size_t at, struct secret_hit *ret)
{
    enum { LONGEST = 256 };
    struct str rest = str_slice(text, at + 3, at + 3 + LONGEST);
    size_t n = 0, colon = 0;
    while (n < rest.n && rest.p[n] > ' ' && !strchr("/@\"'<>`?#", rest.p[n])) {
        if (rest.p[n] == ':' && !colon)
            colon = n;
        n++;
    }
    if (n == rest.n || rest.p[n] != '@' || !colon || n - colon < 4 || rest.p[colon + 1] == '$' ||
        rest.p[colon + 1] == '{')
        return false;
    *ret = (struct secret_hit){at + 3 + colon + 1, n - colon - 1, "password in a URL"};
    return true;
}

bool secret_find(struct str text, size_t from, struct secret_hit *ret)
{
    for (size_t at = from; at < text.n; at++) {
        char c = text.p[at];
        if (c == '-' && fits_private_key(text, at, ret))
            return true;
        if (c == ':' && text.n - at > 3 && text.p[at + 1] == '/' && text.p[at + 2] == '/' &&
            fits_url(text, at, ret))
            return true;
        if (!is_alnum(c))
            continue;
        for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
            if (shapes[i].prefix[0] == c && fits_shape(&shapes[i], text, at, ret))
                return true;
    }
    return false;
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

/* KEY alone says nothing (GPG_KEY, SORT_KEY): it takes a word before it that does. */
static const char *const secret_words[] = {"password",   "passwd",      "passphrase", "secret",
                                           "token",      "apikey",      "credential", "credentials",
                                           "privatekey", "secretkey",   "accesskey",  "pwd",
                                           "authtoken",  "accesstoken", NULL};
static const char *const key_words[] = {"api",        "access",  "secret", "private",
                                        "encryption", "signing", "master", NULL};
static const char *const harmless_words[] = {
    "public",   "file",   "path",  "version", "url",     "uri",    "dir",    "length", "len",
    "min",      "max",    "ttl",   "expiry",  "expires", "policy", "name",   "type",   "header",
    "endpoint", "issuer", "empty", "enabled", "sha256",  "sha512", "digest", "hash",   "algorithm",
    "required", "prefix", "count", "limit",   "timeout", "id",     NULL};

static bool name_tells(struct str name)
{
    struct words w = {0};
    bool tells = false;
    split_name(name, &w);
    for (size_t i = 0; i < w.n; i++) {
        if (is_one_of(w.v[i], harmless_words))
            return false;
        tells |= is_one_of(w.v[i], secret_words) ||
                 (str_is(w.v[i], "key") && i && is_one_of(w.v[i - 1], key_words));
    }
    /* a shell's own: PWD and OLDPWD */
    return tells && !str_is(name, "PWD") && !str_is(name, "OLDPWD");
}

/* A reference, a path, a placeholder, or already masked: told by how it begins. */
static bool is_reference(struct str value)
{
    return value.n && (strchr("$/<{*%@", value.p[0]) || str_starts(value, STR("./")));
}

static bool value_is_literal(struct str value)
{
    static const char *const switches[] = {"true", "false", "yes",      "no",   "on",   "off",
                                           "none", "null",  "disabled", "auto", "None", NULL};
    uint64_t number;
    if (value.n < 4 || is_one_of(value, switches) || is_reference(value))
        return false;
    return !(value.n < 6 && str_u64(value, 10, &number) == 0);
}

static struct str unquote(struct str value)
{
    bool quoted = value.n >= 2 && (value.p[0] == '"' || value.p[0] == '\'') &&
                  value.p[value.n - 1] == value.p[0];
    return quoted ? str_slice(value, 1, value.n - 1) : value;
}

bool secret_assignment(struct str name, struct str value)
{
    return value_is_literal(unquote(value)) && name_tells(name);
}

struct str secret_short(struct arena *a, struct str secret)
{
    size_t n = 0;
    for (size_t shown = 0; shown < 4 && n < secret.n; shown++)
        do
            n++;
        while (n < secret.n && ((unsigned char)secret.p[n] & 0xc0) == 0x80);
    /* of a short secret, four characters would be the most of it */
    return str_fmt(a, STR_F "…", STR_A(str_slice(secret, 0, secret.n < 12 ? n / 4 : n)));
}

/* Where the value that begins at rest ends: at its quote, or before what ends a word. */
static size_t value_end(struct str rest, char quote)
{
    size_t n = 0;
    while (n < rest.n &&
           (quote ? rest.p[n] != quote : rest.p[n] > ' ' && !strchr(";|&", rest.p[n])))
        n++;
    return n;
}

/* The value of a NAME=value word at `at`, its quotes taken off; n 0: there is none, or a harmless
 * one. Words may begin inside of others, $(A=$(A=…, so the end of a value is only looked for when
 * the value will be taken: name and first letter tell. */
static struct str assigned_value(struct str text, size_t at, struct str *name)
{
    enum { LONGEST_NAME = 128 };
    size_t end = at;
    while (end < text.n && end - at <= LONGEST_NAME && text.p[end] > ' ' &&
           !strchr("\"'=;|&", text.p[end]))
        end++;
    *name = str_slice(text, at, end);
    struct str rest = str_from(text, end);
    if (!rest.n || rest.p[0] != '=' || !name->n || name->n > LONGEST_NAME)
        return (struct str){0};
    rest = str_from(rest, 1);
    char quote = rest.n && (rest.p[0] == '"' || rest.p[0] == '\'') ? rest.p[0] : 0;
    rest = str_from(rest, quote != 0);
    if (is_reference(rest) || !name_tells(*name))
        return (struct str){0};
    struct str value = str_slice(rest, 0, value_end(rest, quote));
    return value_is_literal(unquote(value)) ? value : (struct str){0};
}

bool secret_find_assignment(struct str text, size_t from, struct str *name, struct secret_hit *ret)
{
    for (size_t at = from; at < text.n; at++) {
        if (at && !strchr(" \t\n;|&(\"'", text.p[at - 1]))
            continue;
        struct str value = assigned_value(text, at, name);
        if (!value.n)
            continue;
        *ret = (struct secret_hit){(size_t)(value.p - text.p), value.n, NULL};
        return true;
    }
    return false;
}

/* Secrets of either kind, from the left. */
struct walk {
    struct str text;
    size_t done; /* of text: what is before was looked at */
    bool shapes_end, assigned_end;
    struct secret_hit shape, assigned;
};

/* The next secret, or what of it is not done yet. */
static bool walk_on(struct walk *w, struct str *secret)
{
    struct str name;
    if (!w->shapes_end && w->shape.at + w->shape.n <= w->done)
        w->shapes_end = !secret_find(w->text, w->done, &w->shape);
    if (!w->assigned_end && w->assigned.at + w->assigned.n <= w->done)
        w->assigned_end = !secret_find_assignment(w->text, w->done, &name, &w->assigned);
    if (w->shapes_end && w->assigned_end)
        return false;
    bool is_shape = !w->shapes_end && (w->assigned_end || w->shape.at < w->assigned.at);
    const struct secret_hit *hit = is_shape ? &w->shape : &w->assigned;
    size_t from = hit->at > w->done ? hit->at : w->done;
    w->done = hit->at + hit->n;
    *secret = str_slice(w->text, from, w->done);
    return true;
}

struct str secret_redact(struct arena *a, struct str text)
{
    struct buf b = {.a = a};
    struct walk w = {.text = text};
    struct str secret;
    const char *done = text.p;
    for (; walk_on(&w, &secret); done = secret.p + secret.n) {
        buf_add(&b, (struct str){done, (size_t)(secret.p - done)});
        buf_add(&b, secret_short(a, secret));
    }
    if (!w.done)
        return text;
    buf_add(&b, str_from(text, w.done));
    return buf_str(&b);
}

struct str secret_mask(struct arena *a, struct str text)
{
    struct walk w = {.text = text};
    struct str secret;
    char *masked = NULL;
    while (walk_on(&w, &secret)) {
        if (!masked)
            masked = str_cstr(a, text);
        char *at = masked + (secret.p - text.p);
        size_t shown = secret.n < 12 ? 1 : 4;
        for (size_t i = 0; i < secret.n; i++)
            if (at[i] != '\n' && (i >= shown || at[i] & 0x80))
                at[i] = '*';
    }
    return masked ? (struct str){masked, text.n} : text;
}
