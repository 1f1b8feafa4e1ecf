/* lint_trust: checks of signatures and certificates switched off, and packages over plain http →
 * findings of CIS 4.11. Images (4.5) are in lint_pins.c, downloads (4.12) in lint_verify.c.
 */
#include "lint/lint_args.h"
#include "lint/lint_around.h"
#include "lint/lint_rules.h"
#include "rules/checks_off.h"

/* ---- words that switch checks off ---- */

/* Options and variables are in rules/checks_off.c; here are those of downloads, and settings. */

/* How a word of a command gives itself away. */
enum match {
    FLAG,  /* it is this, or begins with this and a = */
    PART,  /* this occurs in it, in small letters */
    WORDS, /* this and the next word: "strict-ssl false" */
};

struct word_off {
    const char *programs; /* NULL: all */
    enum match match;
    const char *text;
    const char *what;
};

static const struct word_off unsigned_words[] = {
    {NULL, PART, "allowunauthenticated=true", "packages without a signature"},
    {NULL, PART, "allowunauthenticated=1", "packages without a signature"},
    {NULL, PART, "allowunauthenticated \"true\"", "packages without a signature"},
    {NULL, PART, "allowunauthenticated \"1\"", "packages without a signature"},
    {NULL, PART, "allowunauthenticated true", "packages without a signature"},
    {NULL, PART, "allowinsecurerepositories=true", "sources without a signature"},
    {NULL, PART, "trusted=yes", "a source without a signature"},
    {NULL, PART, "gpgcheck=0", "packages without a signature"},
    {NULL, PART, "siglevel = never", "packages without a signature"},
};

static const struct word_off tls_words[] = {
    {" curl ", FLAG, "--insecure", "any server"},
    {" wget ", FLAG, "--no-check-certificate", "any server"},
    {" aria2c ", FLAG, "--check-certificate=false", "any server"},
    {" npm yarn pnpm npx ", WORDS, "strict-ssl false", "any package server"},
    {" npm yarn pnpm npx ", PART, "strict-ssl=false", "any package server"},
    {" git ", PART, "http.sslverify=false", "any server"},
    {" git ", WORDS, "http.sslverify false", "any server"},
    {" git ", WORDS, "http.sslverify 0", "any server"},
    {" conda mamba ", WORDS, "ssl_verify false", "any package server"},
    {" conda mamba ", WORDS, "ssl_verify no", "any package server"},
    {" composer ", WORDS, "disable-tls true", "any package server"},
    {" composer ", WORDS, "secure-http false", "package servers without encryption"},
    {" bundle ", WORDS, "ssl_verify_mode 0", "any package server"},
    {" apt apt-get apt-fast aptitude nala ", PART, "verify-peer=false", "any package server"},
    {NULL, PART, "sslverify=0", "any package server"},
    {NULL, PART, "sslverify=false", "any package server"},
};

static bool has_part(struct str word, const char *part)
{
    size_t at = str_find_str(word, str_of(part));
    if (at == word.n)
        return false;
    /* repo_gpgcheck is about lists; packages are checked all the same */
    return !(at && word.p[at - 1] == '_' && !strncmp(part, "gpgcheck", 8));
}

static bool matches(const struct word_off *off, struct str word, struct str next)
{
    struct str text = str_of(off->text), first, second;
    switch (off->match) {
    case FLAG:
        return str_starts(word, text) && (word.n == text.n || word.p[text.n] == '=');
    case PART:
        return has_part(word, off->text);
    case WORDS:
        str_cut(text, ' ', &first, &second);
        return str_eq(word, first) && str_eq(next, second);
    }
    return false;
}

/* What a here-document writes, such as a file of package sources. */
static void see_bodies(struct lint_context *c, const struct lint_command *command,
                       const struct word_off *list, size_t n)
{
    vec_each (&command->shell->redirects, k) {
        const struct placed *body = &command->shell->redirects.v[k]->body;
        struct str text = str_lower(c->a, body->s);
        for (size_t i = 0; i < n && text.n; i++) {
            size_t at = str_find_str(text, str_of(list[i].text));
            if (list[i].programs || list[i].match != PART || !has_part(text, list[i].text))
                continue;
            lint_add(c, placed_span(body, at, at + strlen(list[i].text)),
                     "the here-document with %s trusts %s", list[i].text, list[i].what);
        }
    }
}

static void see_words(struct lint_context *c, const struct lint_command *command,
                      const struct word_off *list, size_t n, bool server)
{
    struct str word, next = {0};
    see_bodies(c, command, list, n);
    for (size_t k = 1; k < command->words.n; k++) {
        word = k == 1 ? str_lower(c->a, command->words.v[k].text) : next;
        next = k + 1 < command->words.n ? str_lower(c->a, command->words.v[k + 1].text) : STR("");
        const struct check_off *off = checks_off_find(command->program, word);
        if (off && off->server == server) {
            lint_add(c, command->words.v[k].place, STR_F " with %s %s", STR_A(command->program),
                     off->word, off->what);
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            if ((list[i].programs && !lint_lists(list[i].programs, command->program)) ||
                !matches(&list[i], word, next))
                continue;
            lint_add(c, command->words.v[k].place, STR_F " with %s trusts %s",
                     STR_A(command->program.n ? command->program : STR("a command")), list[i].text,
                     list[i].what);
            break;
        }
    }
}

/* ---- SHUCK-UNSIGNED ---- */

static void see_variable(struct lint_context *c, struct str name, struct str value,
                         struct span place, bool server)
{
    const struct check_off_variable *off = checks_off_variable(name, value);
    if (off && off->server == server)
        lint_add(c, place, STR_F "=" STR_F " %s", STR_A(name), STR_A(value), off->what);
}

/* ENV, ARG, and assignments before commands. */
static void see_variables(struct lint_context *c, const struct lint_step *s, bool server)
{
    vec_each (&s->keys, k)
        see_variable(c, s->keys.v[k].text, s->values.v[k].text, s->keys.v[k].place, server);
    vec_each (&s->script.commands, k) {
        const struct shell_command *command = &s->script.commands.v[k];
        const struct shell_words_list *words[] = {&command->assignments, &command->words};
        for (size_t w = 0; w < 2; w++)
            vec_each (words[w], i) {
                struct str name, value;
                if (w && !lint_lists(" export declare env ", command->program))
                    break;
                if (str_cut(words[w]->v[i].text.s, '=', &name, &value))
                    see_variable(c, name, value, words[w]->v[i].place, server);
            }
    }
}

#define COUNT(list) (sizeof(list) / sizeof *(list))

static void check_unsigned(struct lint_context *c, const struct lint_step *s)
{
    see_variables(c, s, false);
    vec_each (&s->commands, k)
        if (s->i->kind == DOCKERFILE_RUN)
            see_words(c, &s->commands.v[k], unsigned_words, COUNT(unsigned_words), false);
}

static const struct lint_rule unsigned_packages = {
    .info = {.id = "SHUCK-UNSIGNED",
             .aliases = {"CIS-DI-0011"},
             .cis = "4.11",
             .severity = SEVERITY_HIGH,
             .title = "Packages are installed with their signature checked",
             .why = "A package that nobody's signature vouches for may come from anyone between "
                    "the build and the server, and its scripts run as root.",
             .remedy = "Leave the check on, and add the key of the source.",
             .example =
                 "deb [signed-by=/etc/apt/keyrings/x.gpg] https://example.org/debian x main"},
    .ours = true,
    .kinds = LINT_ON(RUN) | LINT_ON(ENV) | LINT_ON(ARG),
    .step = check_unsigned,
};

/* ---- SHUCK-TLS-OFF ---- */

static bool is_here(struct str word)
{
    return str_has(word, STR("//localhost")) || str_has(word, STR("//127.")) ||
           str_has(word, STR("//[::1]"));
}

/* -k, also in a cluster. */
static void see_curl(struct lint_context *c, const struct lint_command *command)
{
    struct lint_args args = {0};
    if (!str_is(command->program, "curl"))
        return;
    for (size_t k = 1; k < command->words.n; k++)
        if (is_here(command->words.v[k].text))
            return;
    lint_args_read(
        c, command,
        " o output H header d data X request A user-agent u user e referer b cookie "
        "c cookie-jar m max-time w write-out x proxy T upload-file F form E cert r range "
        "Q quote C continue-at K config D dump-header y speed-time Y speed-limit "
        "z time-cond P ftp-port t telnet-option ",
        &args);
    const struct lint_flag *off = lint_args_flag(&args, " k ");
    if (off)
        lint_add(c, off->name_place, "curl with -k trusts any server");
}

static void check_tls(struct lint_context *c, const struct lint_step *s)
{
    see_variables(c, s, true);
    if (s->i->kind != DOCKERFILE_RUN)
        return;
    vec_each (&s->commands, k) {
        see_words(c, &s->commands.v[k], tls_words, COUNT(tls_words), true);
        see_curl(c, &s->commands.v[k]);
    }
}

static const struct lint_rule tls_off = {
    .info = {.id = "SHUCK-TLS-OFF",
             .cis = "4.11",
             .severity = SEVERITY_HIGH,
             .title = "Servers show a certificate that is checked",
             .why = "Without the check anyone on the way can answer for the server, in the build "
                    "and, when a variable or a setting stays in the image, wherever it runs.",
             .remedy =
                 "Leave the check on. When the server has a certificate of your own authority, "
                 "install the certificate of that authority.",
             .example = "COPY ca.crt /usr/local/share/ca-certificates/"},
    .ours = true,
    .kinds = LINT_ON(RUN) | LINT_ON(ENV) | LINT_ON(ARG),
    .step = check_tls,
};

/* ---- SHUCK-PLAIN-HTTP ---- */

/* Sources of packages that come with no signature of their own; those of distributions do. */
static const struct {
    const char *programs, *flags;
} sources[] = {
    {" pip pip2 pip3 uv ", " i index-url extra-index-url f find-links "},
    {" npm yarn pnpm ", " registry "},
    {" gem ", " s source a add "},
};

static const struct {
    const char *programs, *word;
} settings[] = {
    {" npm yarn pnpm ", "registry"},
    {" pip pip2 pip3 ", "global.index-url"},
    {" pip pip2 pip3 ", "global.extra-index-url"},
};

static bool is_plain_http(struct str address)
{
    return str_starts(address, STR("http://")) && !is_here(address);
}

static void check_http(struct lint_context *c, const struct lint_command *command)
{
    for (size_t i = 0; i < COUNT(sources); i++) {
        struct lint_args args = {0};
        if (!lint_lists(sources[i].programs, command->program))
            continue;
        lint_args_read(c, command, sources[i].flags, &args);
        vec_each (&args.flags, k)
            if (lint_lists(sources[i].flags, args.flags.v[k].name) &&
                is_plain_http(args.flags.v[k].value))
                lint_add(c, args.flags.v[k].value_place, STR_F " asks " STR_F,
                         STR_A(command->program), STR_A(args.flags.v[k].value));
    }
    bool setting = false;
    for (size_t k = 1; k < command->words.n; k++) {
        struct str word = command->words.v[k].text, name, value;
        if (setting && is_plain_http(word))
            lint_add(c, command->words.v[k].place, STR_F " asks " STR_F, STR_A(command->program),
                     STR_A(word));
        bool pair = str_cut(word, '=', &name, &value);
        for (size_t i = 0; i < COUNT(settings); i++) {
            bool mine = lint_lists(settings[i].programs, command->program);
            setting |= mine && str_is(word, settings[i].word);
            if (mine && pair && str_is(name, settings[i].word) && is_plain_http(value))
                lint_add(c, command->words.v[k].place, STR_F " asks " STR_F,
                         STR_A(command->program), STR_A(value));
        }
    }
}

static const struct lint_rule plain_http = {
    .info = {.id = "SHUCK-PLAIN-HTTP",
             .cis = "4.11",
             .severity = SEVERITY_HIGH,
             .title = "Packages without a signature come over https",
             .why = "Packages of pip, npm and gem have no signature that is checked: over plain "
                    "http, anyone on the way decides what is installed.",
             .remedy = "Use the address with https.",
             .example = "RUN pip install --index-url https://pypi.example.org/simple app==1.0"},
    .ours = true,
    .programs = " pip pip2 pip3 uv npm yarn pnpm gem ",
    .command = check_http,
};

const struct lint_rule *const lint_trust[] = {&unsigned_packages, &tls_off, &plain_http, NULL};
