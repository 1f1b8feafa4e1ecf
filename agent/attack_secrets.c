/* attack_secrets: moves that look for secrets (r.…). Names and paths are reported, never values. */
#include "agent/attack.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Whether `part`, in lower case, occurs in the first n bytes of s. */
static bool holds(const char *s, size_t n, const char *part)
{
    size_t len = text_length(part);
    for (size_t i = 0; i + len <= n; i++) {
        size_t k = 0;
        while (k < len && lower(s[i + k]) == part[k])
            k++;
        if (k == len)
            return true;
    }
    return false;
}

static bool ends(const char *s, size_t n, const char *part)
{
    size_t len = text_length(part);
    return n >= len && holds(s + n - len, len, part);
}

/* A name that says secret, a value that is not empty and not only the path of a file. */
static bool is_secret(const char *variable)
{
    static const char *const words[] = {"password",   "passwd",    "secret",     "token",
                                        "api_key",    "apikey",    "access_key", "private_key",
                                        "credential", "passphrase"};
    const char *equals = text_find(variable, '=');
    size_t n = equals ? (size_t)(equals - variable) : 0;
    if (!n || !equals[1])
        return false;
    if (ends(variable, n, "_file") || ends(variable, n, "_path") || equals[1] == '/')
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (holds(variable, n, words[i]))
            return true;
    return false;
}

/* "scheme://user:password@host" in a value. */
static bool holds_login(const char *variable)
{
    const char *value = text_find(variable, '=');
    for (; value && *value; value++) {
        if (!text_starts(value, "://"))
            continue;
        bool colon = false;
        for (const char *at = value + 3; *at && *at != '/'; at++) {
            if (*at == '@' && colon)
                return true;
            colon |= *at == ':' && at[1] != '@';
        }
    }
    return false;
}

void attack_env(struct attack *t)
{
    struct line names = {0};
    int n = 0;
    for (char **v = t->envp; *v; v++) {
        const char *equals = text_find(*v, '=');
        if (!equals || !(is_secret(*v) || holds_login(*v)))
            continue;
        line_add(&names, n++ ? ", " : "");
        line_bytes(&names, *v, (size_t)(equals - *v));
    }
    if (n)
        saw_success(t, names.at, n == 1 ? "is set" : "are set");
    else
        saw_absent(t, "no variable named like a secret");
}

/* The kind of file is in its name; those that may be harmless have to hold a private key. */
static bool must_hold_key(const char *path)
{
    size_t n = text_length(path);
    return ends(path, n, ".pem") || ends(path, n, ".key");
}

static long look_into(const char *path, bool *is_secret_file)
{
    char text[4096];
    long n = read_text(path, text, sizeof text);
    *is_secret_file = n > 0 && (!must_hold_key(path) || holds(text, (size_t)n, "private key-----"));
    memset(text, 0, sizeof text);
    return n;
}

void attack_file(struct attack *t)
{
    enum { SHOWN = 8 };
    char *own[] = {(char *)"/shuck-secret", NULL};
    struct line paths = {0};
    const char *path, *refused = NULL;
    long refusal = 0;
    int n = 0;
    if (t->control) {
        long made = attack_copy_self("/shuck-secret", 0600);
        if (made < 0)
            saw_failure(t, made, "", "making a file");
        t->argc = 1;
        t->argv = own;
    }
    for (int i = 0; (path = attack_word(t, "", i)); i++) {
        bool secret = false;
        long rc = look_into(path, &secret);
        if (rc < 0 && rc != -ENOENT && !refused) {
            refused = path;
            refusal = rc;
        }
        if (!secret || n++ >= SHOWN)
            continue;
        line_add(&paths, n == 1 ? "" : ", ");
        line_add(&paths, path);
    }
    if (n)
        saw_success(t, paths.at, n > SHOWN ? "and others: readable" : "readable");
    else if (refused)
        saw_failure(t, refusal, refused, "open");
    else
        saw_absent(t, "no file that is known to hold secrets");
}

void attack_token(struct attack *t)
{
    static const char *const paths[] = {
        "/var/run/secrets/kubernetes.io/serviceaccount/token",
        "/run/secrets/kubernetes.io/serviceaccount/token",
        "/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
        "/var/run/secrets/azure/tokens/azure-identity-token",
    };
    bool found;
    if (t->control) {
        SYS(mkdirat, AT_FDCWD, "/run", 0755);
        SYS(mkdirat, AT_FDCWD, "/run/secrets", 0755);
        SYS(mkdirat, AT_FDCWD, "/run/secrets/kubernetes.io", 0755);
        SYS(mkdirat, AT_FDCWD, "/run/secrets/kubernetes.io/serviceaccount", 0755);
        attack_copy_self(paths[1], 0600);
    }
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        long got = look_into(paths[i], &found);
        if (found) {
            saw_success(t, paths[i], "readable");
            return;
        }
        if (got < 0 && got != -ENOENT && got != -ENOTDIR) {
            saw_failure(t, got, paths[i], "open");
            return;
        }
    }
    saw(t, WIRE_NOT_APPLICABLE, 0,
        "no token is in the image; whether one is mounted is the cluster's choice", "");
}
