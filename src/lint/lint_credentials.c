/* lint_credentials: secrets that files and commands leave in an image, and what of the machine an
 * image should not ask for.
 *
 * Invariants
 * 1. What the same RUN removes again, or writes into a mount, is not left. (test_lint_table:
 *    tables)
 * 2. Public halves of keys, examples and keys of package sources are not secrets.
 *    (test_lint_table: tables)
 */
#include "lint/lint_args.h"
#include "lint/lint_around.h"
#include "lint/lint_mounts.h"
#include "lint/lint_rules.h"

/* ---- SHUCK-CREDENTIAL-FILE ---- */

static const char secret_names[] =
    " id_rsa id_dsa id_ecdsa id_ed25519 id_ecdsa_sk id_ed25519_sk identity .netrc _netrc .npmrc "
    ".pypirc .git-credentials .pgpass .dockercfg .dockerconfigjson .s3cfg .boto .htpasswd "
    "credentials.json credential.json service-account.json service_account.json "
    "application_default_credentials.json privkey.pem private.pem master.key .vault-token ";

/* The end of a path. */
static const char *const secret_paths[] = {
    "/.aws/credentials",
    ".docker/config.json",
    ".kube/config",
    "/.gem/credentials",
    ".m2/settings.xml",
    ".cargo/credentials",
    ".cargo/credentials.toml",
    ".config/gh/hosts.yml",
    ".composer/auth.json",
    ".config/gcloud",
    "/.ssh",
    "/.aws",
    "/.gnupg",
    "/.kube",
    "/.azure",
};
static const char *const secret_ends[] = {".p12",  ".pfx", ".jks", ".keystore",
                                          ".kdbx", ".key", ".ppk", ".ovpn"};

static struct str last_part(struct str path)
{
    size_t slash = str_rfind(path, '/');
    return slash < path.n ? str_from(path, slash + 1) : path;
}

static bool is_settings(struct str name)
{
    return str_is(name, ".env") ||
           (str_starts(name, STR(".env.")) &&
            !lint_lists(" .env.example .env.sample .env.template .env.dist .env.defaults ", name));
}

/* A file that some program keeps credentials in, in the build's folder or in the image. */
static bool is_store(struct str path)
{
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    for (size_t i = 0; i < sizeof secret_paths / sizeof *secret_paths; i++) {
        struct str end = str_of(secret_paths[i]);
        if (str_ends(path, end) || (end.p[0] == '/' && str_eq(path, str_from(end, 1))))
            return true;
    }
    return lint_lists(secret_names, last_part(path));
}

static bool is_secret(struct str path)
{
    struct str name = last_part(path);
    for (size_t i = 0; i < sizeof secret_ends / sizeof *secret_ends; i++)
        if (str_ends(name, str_of(secret_ends[i])))
            return true;
    return is_store(path) || is_settings(name);
}

/* Keys of package sources are public, and so is what ssh knows of others. */
static bool is_public(struct str source, struct str target)
{
    static const char *const places[] = {"/etc/apt/", "keyrings", "rpm-gpg", "/etc/apk/keys"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (str_has(target, str_of(places[i])))
            return true;
    struct str name = last_part(source);
    if (str_is(name, "config"))
        return str_has(target, STR("/.ssh"));
    return str_ends(name, STR(".pub")) || lint_lists(" known_hosts authorized_keys ", name);
}

/* A folder of secrets, named as the destination. */
static bool is_secret_folder(struct str target)
{
    return str_ends(target, STR("/.ssh/")) || str_ends(target, STR("/.ssh")) ||
           str_ends(target, STR("/.aws/")) || str_ends(target, STR("/.aws"));
}

static void check_files(struct lint_context *c, const struct lint_step *s)
{
    size_t n = s->words.n;
    if (n < 2)
        return;
    struct str target = s->words.v[n - 1].text;
    for (size_t k = 0; k + 1 < n; k++) {
        const struct lint_value *source = &s->words.v[k];
        bool folder = is_secret_folder(target);
        if (is_public(source->text, target) && !lint_lists(secret_names, last_part(source->text)))
            continue;
        if (is_secret(source->text))
            lint_add(c, source->place, STR_F " holds credentials, by its name",
                     STR_A(source->text));
        else if (folder || is_secret(target))
            lint_add(c, s->words.v[n - 1].place, STR_F " holds credentials, by its name",
                     STR_A(target));
    }
}

static const struct lint_rule credential_file = {
    .info = {.id = "SHUCK-CREDENTIAL-FILE",
             .aliases = {"CIS-DI-0010", "DS031"},
             .cis = "4.10",
             .severity = SEVERITY_HIGH,
             .title = "No files with credentials are copied",
             .why = "Whoever can pull the image has the key. Removing the file in a later step "
                    "leaves it in the layer below.",
             .remedy =
                 "Mount it in the RUN that needs it: --mount=type=secret, or --mount=type=ssh "
                 "for keys. At run time, let the orchestrator give it.",
             .example = "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci"},
    .ours = true,
    .image = true,
    .kinds = LINT_ON(COPY) | LINT_ON(ADD),
    .step = check_files,
};

/* ---- SHUCK-LOGIN ---- */

static const struct login {
    const char *program;
    const char *words;  /* all of these, of each group "a|b" one */
    const char *flags;  /* one of these flags, or NULL */
    const char *folder; /* where it keeps what it was given */
    const char *logout; /* takes it away again, or NULL */
} logins[] = {
    {"aws", "configure set aws_access_key_id|aws_secret_access_key|aws_session_token", NULL, ".aws",
     NULL},
    {"az", "login", " p password federated-token ", ".azure", "logout"},
    {"gcloud", "auth activate-service-account", NULL, "gcloud", "revoke"},
    {"docker", "login", " p password ", ".docker", "logout"},
    {"podman", "login", " p password ", "auth.json", "logout"},
    {"buildah", "login", " p password ", "auth.json", "logout"},
    {"skopeo", "login", " p password ", "auth.json", "logout"},
    {"helm", "registry login", " p password ", "registry", "logout"},
    {"sshpass", "", " p ", NULL, NULL},
};

static bool has_word(const struct lint_command *command, struct str choices)
{
    struct str one;
    while (choices.n) {
        str_cut(choices, '|', &one, &choices);
        for (size_t k = 1; k < command->words.n; k++)
            if (str_eq(command->words.v[k].text, one))
                return true;
    }
    return false;
}

static bool is_login(struct lint_context *c, const struct lint_command *command,
                     const struct login *l)
{
    struct str words = str_of(l->words), word;
    struct lint_args args = {0};
    if (!str_is(command->program, l->program))
        return false;
    while (str_word(&words, &word))
        if (!has_word(command, word))
            return false;
    if (!l->flags)
        return true;
    lint_args_read(c, command, " p password u username t tenant ", &args);
    const struct lint_flag *flag = lint_args_flag(&args, l->flags);
    return flag && flag->value.n;
}

/* A command behind it takes the folder away, or logs out. */
static bool is_undone(const struct lint_step *s, size_t k, const struct login *l)
{
    for (k++; k < s->commands.n; k++) {
        const struct lint_command *later = &s->commands.v[k];
        if (l->logout && str_is(later->program, l->program) && has_word(later, str_of(l->logout)))
            return true;
        if (l->folder && lint_lists(" rm shred ", later->program))
            for (size_t w = 1; w < later->words.n; w++)
                if (str_has(later->words.v[w].text, str_of(l->folder)))
                    return true;
    }
    return false;
}

static bool is_mounted(const struct lint_mounts *mounts, const char *folder)
{
    vec_each (mounts, i)
        if (folder && str_has(mounts->v[i].target, str_of(folder)))
            return true;
    return false;
}

/* npm config set //host/:_authToken x; also _auth and _password. */
static bool sets_npm_token(const struct lint_command *command)
{
    if (!lint_lists(" npm yarn pnpm ", command->program) || !has_word(command, STR("set")))
        return false;
    for (size_t k = 1; k < command->words.n; k++)
        if (str_has(command->words.v[k].text, STR("_authToken")) ||
            str_has(command->words.v[k].text, STR("_password")))
            return true;
    return false;
}

static void see_writes(struct lint_context *c, const struct lint_command *command)
{
    vec_each (&command->shell->redirects, i) {
        const struct shell_redirect *r = command->shell->redirects.v[i];
        struct str file = r->target.text.s;
        if (str_starts(r->operator, STR(">")) && is_store(file) && !is_public(file, file))
            lint_add(c, r->target.place, "credentials are written to " STR_F, STR_A(file));
    }
}

static void check_logins(struct lint_context *c, const struct lint_step *s)
{
    enum { LOGINS = sizeof logins / sizeof *logins };
    struct lint_mounts mounts = {0};
    bool undone[LOGINS] = {0}; /* looked up once for each kind: the last command decides */
    bool known[LOGINS] = {0};
    lint_mounts_read(c->a, s, &mounts);
    for (size_t k = s->commands.n; k-- > 0;) {
        const struct lint_command *command = &s->commands.v[k];
        see_writes(c, command);
        if (sets_npm_token(command) && !is_mounted(&mounts, "npmrc"))
            lint_add(c, lint_command_place(command), "a token is written into .npmrc");
        for (size_t i = 0; i < LOGINS; i++) {
            if (!is_login(c, command, &logins[i]))
                continue;
            if (!known[i])
                undone[i] = is_undone(s, k, &logins[i]);
            known[i] = true;
            if (!undone[i] && !is_mounted(&mounts, logins[i].folder))
                lint_add(c, lint_command_place(command), "%s keeps the credentials it is given",
                         logins[i].program);
        }
    }
}

static const struct lint_rule login = {
    .info = {.id = "SHUCK-LOGIN",
             .aliases = {"DS031"},
             .cis = "4.10",
             .severity = SEVERITY_HIGH,
             .title = "No command leaves credentials in a layer",
             .why = "What a login is given stands in the history of the image, and what it keeps "
                    "stands in a layer: whoever can pull the image has it.",
             .remedy = "Mount a secret in the RUN that needs it, and read it from there.",
             .example = "RUN --mount=type=secret,id=aws,target=/root/.aws/credentials aws s3 cp …"},
    .ours = true,
    .image = true,
    .kinds = LINT_ON(RUN),
    .step = check_logins,
};

/* ---- what is not an image's to ask for ---- */

static bool is_below(struct str path, const char *const *folders)
{
    for (; *folders; folders++) {
        struct str folder = str_of(*folders);
        if (str_starts(path, folder) && (path.n == folder.n || path.p[folder.n] == '/'))
            return true;
    }
    return false;
}

static void check_volume(struct lint_context *c, const struct lint_step *s)
{
    static const char *const folders[] = {
        "/sys", "/dev", "/proc", "/run/docker.sock", "/var/run/docker.sock", NULL};
    vec_each (&s->words, k)
        if (is_below(s->words.v[k].text, folders))
            lint_add(c, s->words.v[k].place, STR_F " belongs to the machine",
                     STR_A(s->words.v[k].text));
}

static const struct lint_rule system_volume = {
    .info = {.id = "SHUCK-SYSTEM-VOLUME",
             .aliases = {"DKL-DI-0002"},
             .severity = SEVERITY_HIGH,
             .title = "No volume stands for a folder of the machine",
             .why = "A volume at /proc, /sys or /dev hides what the kernel shows there, or asks to "
                    "be given the machine's: the way out of a container.",
             .remedy = "Use a folder of the service's own.",
             .example = "VOLUME /var/lib/app"},
    .ours = true,
    .kinds = LINT_ON(VOLUME),
    .step = check_volume,
};

static void check_workdir(struct lint_context *c, const struct lint_step *s)
{
    static const char *const folders[] = {"/proc",   "/sys",        "/dev", "/boot",
                                          "/initrd", "/lost+found", NULL};
    if (s->whole.known && is_below(s->whole.text, folders))
        lint_add(c, s->whole.place, STR_F " belongs to the machine", STR_A(s->whole.text));
}

static const struct lint_rule system_workdir = {
    .info = {.id = "SHUCK-SYSTEM-WORKDIR",
             .aliases = {"DS030"},
             .severity = SEVERITY_HIGH,
             .title = "WORKDIR is a folder of the service's own",
             .why = "A process whose folder is in /proc or /dev may hold on to files of the "
                    "machine: runtimes had holes of that kind.",
             .remedy = "Use a folder of the service's own.",
             .example = "WORKDIR /srv/app"},
    .ours = true,
    .kinds = LINT_ON(WORKDIR),
    .step = check_workdir,
};

/* 22, 22/tcp, 20-25. */
static bool has_ssh(struct str port)
{
    enum { SSH = 22 };
    struct str numbers, protocol, first, last;
    uint64_t from, to;
    if (str_cut(port, '/', &numbers, &protocol) && !str_is(protocol, "tcp"))
        return false;
    bool range = str_cut(numbers, '-', &first, &last);
    if (str_u64(first, 10, &from) || (range && str_u64(last, 10, &to)))
        return false;
    return from <= SSH && SSH <= (range ? to : from);
}

static void check_port(struct lint_context *c, const struct lint_step *s)
{
    vec_each (&s->words, k)
        if (has_ssh(s->words.v[k].text))
            lint_add(c, s->words.v[k].place, "port 22 is that of ssh");
}

static const struct lint_rule ssh_port = {
    .info = {.id = "SHUCK-SSH-PORT",
             .aliases = {"DS004"},
             .severity = SEVERITY_MEDIUM,
             .title = "No ssh server in a container",
             .why = "An ssh server is a second way in, with users and keys of its own, that nobody "
                    "watches.",
             .remedy = "Remove it; docker exec and kubectl exec do the same. A service of another "
                       "kind can have another port.",
             .example = "EXPOSE 8080"},
    .ours = true,
    .kinds = LINT_ON(EXPOSE),
    .step = check_port,
};

const struct lint_rule *const lint_credentials[] = {&credential_file, &login,    &system_volume,
                                                    &system_workdir,  &ssh_port, NULL};
