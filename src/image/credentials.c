/* credentials: see credentials.h.
 *
 * Invariants
 * 1. Those of one registry are for no other: keys are compared whole, or at the border of a path.
 *    (test_credentials: keys)
 * 2. Errors show nothing of what a file or a helper said. (test_credentials: silent)
 */
#include "image/credentials.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/late_crypto.h"
#include "base/limits.h"
#include "sys/file.h"
#include "sys/parallel.h"

enum { HELPER_MS = 30 * 1000, HUB_KEYS = 3 };

/* ---- files ---- */

/* "https://index.docker.io/v1/" → "docker.io": the host, and perhaps a path in it. */
static struct str plain_key(struct arena *a, struct str key)
{
    static const char *const hub[HUB_KEYS] = {"index.docker.io", "registry-1.docker.io",
                                              "registry.hub.docker.com"};
    struct str host, path;
    for (int tls = 0; tls < 2; tls++)
        if (str_starts(key, tls ? STR("https://") : STR("http://")))
            key = str_from(key, tls ? 8 : 7);
    while (str_ends(key, STR("/")))
        key.n--;
    if (str_ends(key, STR("/v1")) || str_ends(key, STR("/v2")))
        key.n -= 3;
    str_cut(key, '/', &host, &path);
    for (size_t i = 0; i < HUB_KEYS; i++)
        if (str_is(host, hub[i]))
            return str_fmt(a, "docker.io%s" STR_F, path.n ? "/" : "", STR_A(path));
    return key;
}

/* How much of the name the key stands for; 0: it is another's. */
static size_t fit(struct str key, struct str place)
{
    bool fits = key.n && str_starts(place, key) && (place.n == key.n || place.p[key.n] == '/');
    return fits ? key.n : 0;
}

/* The member whose key fits best, or NULL. */
static const json_t *find(struct arena *a, const json_t *object, struct str place)
{
    const json_t *best = NULL, *value;
    const char *key;
    size_t most = 0;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        size_t n = fit(plain_key(a, str_of(key)), place);
        if (n > most) {
            most = n;
            best = value;
        }
    }
    return best;
}

/* base64 of USER:PASSWORD. */
static int read_auth(struct arena *a, struct str auth, struct credentials *ret, struct err *e)
{
    struct str padded = auth, text;
    while (padded.n % 4)
        padded = str_fmt(a, STR_F "=", STR_A(padded));
    unsigned char *to = arena_array(a, unsigned char, padded.n / 4 * 3 + 1);
    int n = padded.n < INT_MAX ? EVP_DecodeBlock(to, (const unsigned char *)padded.p, (int)padded.n)
                               : -1;
    size_t fill = 0;
    while (fill < 2 && fill < padded.n && padded.p[padded.n - 1 - fill] == '=')
        fill++;
    if (n < (int)fill)
        return err_set(e, ERR_INPUT, "\"auth\" of it is no base64");
    text = (struct str){(char *)to, (size_t)n - fill};
    while (text.n && !text.p[text.n - 1])
        text.n--;
    if (!str_cut(text, ':', &ret->user, &ret->password) || !ret->user.n)
        return err_set(e, ERR_INPUT, "\"auth\" of it is not USER:PASSWORD");
    return 0;
}

static int read_entry(struct arena *a, const json_t *entry, struct credentials *ret, struct err *e)
{
    struct str auth = {0};
    if (!json_is_object(entry))
        return err_set(e, ERR_INPUT, "is no object");
    if (json_get_str(entry, "auth", a, &auth, e) ||
        json_get_str(entry, "username", a, &ret->user, e) ||
        json_get_str(entry, "password", a, &ret->password, e) ||
        json_get_str(entry, "identitytoken", a, &ret->identity, e))
        return -1;
    return auth.n ? read_auth(a, auth, ret, e) : 0;
}

static bool is_helper(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c && strchr("-_.", c))))
            return false;
    }
    return name.n > 0;
}

/* The library quotes what stands at the place, which may be a password. */
static int without_quote(struct err *e)
{
    char *quote = strstr(e->text, " near ");
    if (quote)
        *quote = 0;
    return -1;
}

int credentials_read(struct arena *a, struct str json, const struct reference *r,
                     struct credentials_said *ret, struct err *e)
{
    JSON_AUTO json_t *j = NULL;
    const json_t *auths = NULL, *helpers = NULL, *found;
    struct credentials_said said = {0};
    struct str place = reference_place(a, r);
    if (json_read(json, &j, e))
        return without_quote(e);
    if (!json_is_object(j))
        return err_set(e, ERR_INPUT, "is no JSON object");
    if (json_get_object(j, "auths", &auths, e) || json_get_object(j, "credHelpers", &helpers, e) ||
        json_get_str(j, "credsStore", a, &said.helper, e))
        return -1;
    found = helpers ? find(a, helpers, place) : NULL;
    if (json_is_string(found))
        said.helper = str_dup(a, str_of(json_string_value(found)));
    if (said.helper.n && !is_helper(said.helper))
        return err_set(e, ERR_INPUT, "names a helper as no program is called");
    found = auths ? find(a, auths, place) : NULL;
    if (found && read_entry(a, found, &said.c, e))
        return err_wrap(e, "the entry of " STR_F, STR_A(r->host));
    *ret = said;
    return 0;
}

/* ---- helpers ---- */

int credentials_read_helper(struct arena *a, struct str json, struct credentials *ret,
                            struct err *e)
{
    JSON_AUTO json_t *j = NULL;
    struct str user = {0}, secret = {0};
    struct err unsaid; /* it could hold a part of the secret */
    if (json_read(json, &j, &unsaid) || !json_is_object(j) ||
        json_get_str(j, "Username", a, &user, &unsaid) ||
        json_get_str(j, "Secret", a, &secret, &unsaid))
        return err_set(e, ERR_INPUT, "its answer cannot be read");
    *ret = str_is(user, "<token>") ? (struct credentials){.identity = secret}
                                   : (struct credentials){.user = user, .password = secret};
    return 0;
}

static int ask_helper(struct arena *a, struct str name, const struct reference *r,
                      struct credentials *ret, struct err *e)
{
    struct str program = str_fmt(a, "docker-credential-" STR_F, STR_A(name)), path;
    struct str words[2] = {{0}, STR("get")};
    struct str server = str_is(r->host, "docker.io") ? STR("https://index.docker.io/v1/") : r->host;
    if (!sys_which(a, program, &path))
        return err_set(e, ERR_MACHINE, STR_F " is not installed", STR_A(program));
    words[0] = path;
    struct sys_task task = {.command = {.argv = {words, 2}, .env = sys_environment(a)},
                            .input = server};
    if (sys_run_all(&task, 1, HELPER_MS, LIMIT_CREDENTIALS_HELPER, a, e))
        return -1;
    if (task.cut && !str_has(task.output, STR("credentials not found")))
        return err_set(e, ERR_MACHINE, STR_F ": it said too much", STR_A(program));
    if (!task.ended && !task.cut)
        return err_set(e, ERR_MACHINE, STR_F " did not end within %d seconds", STR_A(program),
                       HELPER_MS / 1000);
    if (task.status || task.cut) {
        if (str_has(task.output, STR("credentials not found")))
            return 0;
        return err_set(e, ERR_MACHINE, STR_F " get ends with status %d", STR_A(program),
                       task.status);
    }
    if (credentials_read_helper(a, task.output, ret, e))
        return err_wrap(e, STR_F, STR_A(program));
    return 0;
}

/* ---- where they are ---- */

static struct str below(struct arena *a, const char *variable, const char *rest)
{
    const char *value = getenv(variable);
    return value && *value ? str_fmt(a, "%s%s", value, rest) : (struct str){0};
}

static struct str either(struct str first, struct str second)
{
    return first.n ? first : second;
}

static bool is_there(const struct credentials *c)
{
    return c->user.n || c->identity.n;
}

static int look(struct arena *a, struct str path, const struct reference *r,
                struct credentials *ret, struct err *e)
{
    struct credentials_said said;
    struct str text;
    if (!path.n || !sys_exists(path))
        return 0;
    if (sys_read_file(path, a, LIMIT_CREDENTIALS_BYTES, &text, e))
        return -1;
    if (credentials_read(a, text, r, &said, e))
        return err_wrap(e, STR_F, STR_A(path));
    if (said.helper.n && ask_helper(a, said.helper, r, ret, e))
        return err_wrap(e, STR_F, STR_A(path));
    if (!is_there(ret))
        *ret = said.c;
    return 0;
}

int credentials_find(struct arena *a, const struct reference *r, struct credentials *ret,
                     struct err *e)
{
    struct str paths[] = {
        either(below(a, "DOCKER_CONFIG", "/config.json"), below(a, "HOME", "/.docker/config.json")),
        below(a, "REGISTRY_AUTH_FILE", ""),
        below(a, "XDG_RUNTIME_DIR", "/containers/auth.json"),
        either(below(a, "XDG_CONFIG_HOME", "/containers/auth.json"),
               below(a, "HOME", "/.config/containers/auth.json")),
    };
    struct credentials c = {0};
    for (size_t i = 0; i < sizeof paths / sizeof *paths && !is_there(&c); i++)
        if (look(a, paths[i], r, &c, e))
            return -1;
    *ret = c;
    return 0;
}
