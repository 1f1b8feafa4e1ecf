/* rule_downloads: what RUN lines of the history fetch, and whether anything looks at it afterwards
 * → CIS 4.12.
 *
 * A check counts when it stands behind the download in the same RUN, or in the RUN that follows it
 * when the download became a file. A sum that is only printed is no check. What is only read, as a
 * version number that a filter cuts out of an answer, is no artefact. */
#include "rules/history_runs.h"

static const char fetchers[] = " curl wget wget2 aria2c axel ";
static const char shells[] = " sh bash dash ash zsh ksh eval source . ";
static const char interpreters[] = " python python2 python3 perl ruby node php ";
static const char filters[] = " jq yq grep egrep sed awk cut head tail sort tr uniq wc xmllint ";
static const char sums[] = " sha256sum sha512sum sha384sum sha224sum shasum sha1sum md5sum b2sum "
                           "b3sum rhash cksum ";

/* Programs that check, with one of these words or, where it begins with a dash, this option. */
static const struct checker {
    const char *programs, *words; /* blanks around each; NULL: whatever it is given */
} checkers[] = {
    {" gpgv gpgv2 sqv debsig-verify dpkg-sig ", NULL},
    {" gpg gpg2 ",
     " --verify --verify-files --decrypt -d --show-keys --fingerprint --with-fingerprint "},
    {" rpm ", " -K --checksig "},
    {" minisign ", " -V -Vm -VQm -Vq -Vqm "},
    {" signify signify-openbsd ", " -V -C "},
    {" cosign ", " verify verify-blob verify-attestation verify-blob-attestation "},
    {" slsa-verifier ", " verify-artifact verify-image verify-npm-package "},
    {" gh ", " attestation "},
    {" jarsigner ", " -verify "},
    {" openssl ", " -verify -prverify -verify_recover verify "},
    {" sq ", " verify "},
    {" notation ", " verify "},
};

/* ---- words ---- */

static bool is_local(struct str address)
{
    size_t scheme = str_find_str(address, STR("://"));
    struct str rest = scheme < address.n ? str_from(address, scheme + 3) : address;
    return str_starts(rest, STR("localhost")) || str_starts(rest, STR("127.")) ||
           str_starts(rest, STR("[::1]"));
}

/* "x.org/tool.tgz": a name with a dot before the first slash. */
static bool is_bare_address(struct str word)
{
    size_t slash = str_find(word, '/');
    size_t dot = str_find(word, '.');
    return slash < word.n && dot && dot < slash && dot + 1 < slash && word.p[0] != '-' &&
           word.p[0] != '>' && word.p[0] != '@';
}

/* "https://…", or a variable that stands for it. */
static bool is_address(struct str word)
{
    bool some = str_has(word, STR("://")) || str_starts(word, STR("$")) || is_bare_address(word);
    return some && !is_local(word);
}

/* Asks for nothing but a status, or sends. */
static bool fetches_nothing(const struct command_words *command)
{
    static const char *const words[] = {"-I",          "--head",        "--spider",
                                        "-T",          "--upload-file", "/dev/null",
                                        "-o/dev/null", "--version",     "--help"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (command_words_have(command, words[i]))
            return true;
    return str_is(command->writes, "/dev/null");
}

/* wget has no option whose value is a bare name with a dot and a slash but these, nor has curl. */
static bool takes_file(struct str option)
{
    static const char taking[] =
        " -o -O -P -T -K -d -F -H -A -e -b -c -E --output --output-document "
        "--directory-prefix --output-dir --config --cacert --cert --key "
        "--data --data-binary --form --header --user-agent --referer ";
    if (option.n > 2 && option.p[0] == '-' && option.p[1] != '-') /* -fsSLo FILE */
        return strchr("oOPKdFHAeb", option.p[option.n - 1]) != NULL;
    return rule_lists(taking, option);
}

static bool downloads(const struct command_words *command)
{
    if (!rule_lists(fetchers, command->program) || fetches_nothing(command))
        return false;
    for (size_t i = 1; i < command->words.n; i++) {
        struct str word = command->words.v[i];
        bool value =
            i > 1 && takes_file(command->words.v[i - 1]) &&
            /* curl's -O takes none */
            !(str_is(command->program, "curl") && str_ends(command->words.v[i - 1], STR("O")));
        if (is_address(word) && (!value || str_has(word, STR("://"))))
            return true;
    }
    return false;
}

/* "-fsSLk": letters up to one that takes the rest as its value. */
static bool has_insecure_letter(struct str word)
{
    if (word.n < 2 || word.p[0] != '-' || word.p[1] == '-')
        return false;
    for (size_t i = 1; i < word.n; i++) {
        if (word.p[i] == 'k')
            return true;
        if (strchr("oHdAbceFuxXTmwrtyYzCDEKPQUh", word.p[i]))
            return false;
    }
    return false;
}

static bool is_insecure(const struct command_words *command)
{
    bool curl = str_is(command->program, "curl");
    for (size_t i = 1; i < command->words.n; i++) {
        struct str word = command->words.v[i];
        if (curl ? str_is(word, "--insecure") || has_insecure_letter(word)
                 : str_is(word, "--no-check-certificate") ||
                       str_is(word, "--check-certificate=false"))
            return true;
    }
    return false;
}

/* Sums are compared: with -c, in what reads them, or as a word of a test. */
static bool compares_sums(const struct command_list *list, size_t i)
{
    static const char readers[] = " grep egrep fgrep cmp diff awk cut sed read test [ ";
    const struct command_words *command = &list->v[i];
    for (size_t k = 1; k < command->words.n; k++) {
        struct str word = command->words.v[k];
        bool letters = word.n > 1 && word.p[0] == '-' && word.p[1] != '-';
        if (str_starts(word, STR("--check")) || str_is(word, "--status") ||
            (letters && str_find(word, 'c') < word.n))
            return true;
    }
    if (command->in_word)
        return true;
    return i + 1 < list->n && list->v[i + 1].piped && rule_lists(readers, list->v[i + 1].program);
}

static bool verifies(const struct command_list *list, size_t i)
{
    const struct command_words *command = &list->v[i];
    bool digest = str_is(command->program, "openssl") &&
                  (command_words_have(command, "dgst") || command_words_have(command, "sha256"));
    if (rule_lists(sums, command->program) || digest)
        if (compares_sums(list, i))
            return true;
    for (size_t k = 0; k < sizeof checkers / sizeof *checkers; k++) {
        if (!rule_lists(checkers[k].programs, command->program))
            continue;
        if (!checkers[k].words)
            return true;
        for (size_t w = 1; w < command->words.n; w++)
            if (rule_lists(checkers[k].words, command->words.v[w]))
                return true;
    }
    return false;
}

/* A key is only read, not taken in. */
static bool gpg_looks(const struct command_words *command)
{
    const struct command_list one = {.v = (struct command_words *)command, .n = 1};
    return verifies(&one, 0);
}

/* Reads its program from its input: a shell without -c, python without -c and -m, and the like. */
static bool runs_input(const struct command_words *command)
{
    bool shell = rule_lists(shells, command->program);
    if (!shell && !rule_lists(interpreters, command->program))
        return false;
    for (size_t i = 1; i < command->words.n; i++) {
        struct str word = command->words.v[i];
        if (str_is(word, "-") || str_is(word, "/dev/stdin") || (shell && str_is(word, "-s")))
            return true;
        if (str_starts(word, STR("--")) || str_has(word, STR(">")))
            continue;
        if (word.n < 2 || word.p[0] != '-')
            return false; /* a program of its own, and what was fetched is its data */
        for (size_t k = 1; k < word.n; k++)
            if (strchr(shell ? "c" : "cmenpr", word.p[k]))
                return false;
    }
    return true;
}

/* bash <(curl …), sh -c "$(curl …)", eval `curl …` */
static bool runs_word(const struct command_words *command, const struct command_words *download)
{
    if (!rule_lists(shells, command->program) && !rule_lists(interpreters, command->program))
        return false;
    for (size_t i = 1; i < command->words.n; i++) {
        struct str word = command->words.v[i];
        size_t at = str_find(word, '(') < word.n ? str_find(word, '(') : str_find(word, '`');
        if (at < word.n && str_starts(str_trim(str_from(word, at + 1)), download->words.v[0]))
            return true;
    }
    return false;
}

/* ---- one download ---- */

static bool writes_file(const struct command_words *command)
{
    for (size_t i = 1; i < command->words.n; i++) {
        struct str word = command->words.v[i];
        if (str_has(word, STR(">")) && !str_has(word, STR("/dev/null")) &&
            !str_has(word, STR(">&")))
            return true;
    }
    return str_is(command->program, "tee");
}

static bool names_key(struct str word)
{
    static const struct str ends[] = {STR_INIT(".gpg"), STR_INIT(".key"), STR_INIT(".asc"),
                                      STR_INIT(".pub"), STR_INIT("/gpg")};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_ends(word, ends[i]))
            return true;
    return str_has(word, STR("/keyrings/")) || str_has(word, STR("trusted.gpg.d"));
}

/* What becomes of a download: the commands it is piped through. */
struct fate {
    const struct command_words *runner; /* that runs it as it comes, or NULL */
    bool read_only;                     /* a filter takes some words out of it */
    bool kept;                          /* as a file, which a later RUN may look at */
    bool key;
};

enum { PIPED = 16 }; /* commands of one pipe that are looked at */

static struct fate fate_of(const struct command_list *list, size_t i)
{
    const struct command_words *download = &list->v[i];
    struct fate fate = {0};
    for (size_t w = 1; w < download->words.n; w++)
        fate.key |= names_key(download->words.v[w]);
    if (i + 1 < list->n && runs_word(&list->v[i + 1], download))
        fate.runner = &list->v[i + 1];
    const struct command_words *last = download;
    for (size_t j = i + 1; j < list->n && j <= i + PIPED && !fate.runner; j++) {
        /* "| (cd /opt && sh)": what follows cd reads the pipe */
        bool passed = last != download && rule_lists(" cd set export umask ", last->program);
        if (!list->v[j].piped && !passed)
            break;
        last = &list->v[j];
        if (runs_input(last))
            fate.runner = last;
        fate.key |= str_is(last->program, "apt-key") ||
                    (rule_lists(" gpg gpg2 rpm ", last->program) && !gpg_looks(last));
    }
    bool filtered = rule_lists(filters, last->program) || rule_lists(interpreters, last->program);
    fate.kept = last == download && !download->in_word;
    fate.read_only = last != download && filtered && !writes_file(last);
    return fate;
}

static bool same_words(const struct command_words *a, const struct command_words *b)
{
    if (a->words.n != b->words.n)
        return false;
    for (size_t i = 0; i < a->words.n; i++)
        if (!str_eq(a->words.v[i], b->words.v[i]))
            return false;
    return true;
}

/* What is known of the commands of one RUN. */
struct checks_of_run {
    size_t last;      /* index + 1 of the last check */
    bool asked, next; /* whether the next RUN checks something */
};

static bool is_checked(struct rule_context *c, size_t line, size_t i, const struct fate *fate,
                       struct checks_of_run *checks)
{
    if (checks->last > i + 1)
        return true;
    if (!checks->asked && fate->kept) {
        checks->next = rule_run_behind(c, line, verifies);
        checks->asked = true;
    }
    return fate->kept && checks->next;
}

static const char remedy_server[] =
    "Leave the option out; where the server's authority is not known in the image, add its "
    "certificate. Check a digest or a signature in the same RUN, too.";
static const char remedy_runner[] =
    "Save it as a file, from a server that is verified, and check a digest or a signature in the "
    "same RUN, before it is run.";
static const char remedy_key[] =
    "Compare its fingerprint in the same RUN with one that you know (gpg --show-keys), or copy "
    "the key in from beside the Dockerfile.";

static void see_download(struct rule_context *c, size_t line, const struct command_list *list,
                         size_t i, struct checks_of_run *checks)
{
    const struct command_words *command = &list->v[i];
    struct location where = rule_at_config(c, "history[%zu]", line);
    struct fate fate = fate_of(list, i);
    bool insecure = is_insecure(command);
    if (fate.runner) {
        struct finding *f =
            rule_add(c, SEVERITY_HIGH, where, "a download is run as it comes%s: " STR_F "%s" STR_F,
                     insecure ? ", from a server that is not verified" : "",
                     STR_A(rule_command_text(c, command)), fate.runner->piped ? " | " : ", by ",
                     STR_A(fate.runner->program));
        if (insecure)
            f->remedy = str_of(remedy_runner);
        return;
    }
    bool loose = !fate.read_only && !is_checked(c, line, i, &fate, checks);
    if (insecure) /* one finding a download: the worst */
        rule_add(c, SEVERITY_HIGH, where, "the server is not verified%s: " STR_F,
                 loose ? ", nor is what it sends" : "", STR_A(rule_command_text(c, command)))
            ->remedy = str_of(remedy_server);
    else if (!loose)
        return;
    else if (fate.key)
        rule_add(c, SEVERITY_LOW, where,
                 "a key is taken as it comes, without a look at its fingerprint: " STR_F,
                 STR_A(rule_command_text(c, command)))
            ->remedy = str_of(remedy_key);
    else
        rule_add(c, SEVERITY_MEDIUM, where, "a download that nothing verifies afterwards: " STR_F,
                 STR_A(rule_command_text(c, command)));
}

static void see_downloads(struct rule_context *c, size_t line, const struct command_list *list)
{
    struct checks_of_run checks = {0};
    const struct command_words *before = NULL;
    vec_each (list, i)
        if (verifies(list, i)) /* that of a function is called who knows where */
            checks.last = list->v[i].in_function || checks.last > list->n ? list->n + 1 : i + 1;
    vec_each (list, i) {
        const struct command_words *command = &list->v[i];
        if (!downloads(command) || rule_full(c))
            continue;
        /* the script of sh -c is read as one word, and as commands */
        if (!before || !same_words(before, command))
            see_download(c, line, list, i, &checks);
        before = command;
    }
}

/* ---- switched off for all programs ---- */

static void see_environment(struct rule_context *c)
{
    static const struct str off[] = {
        STR_INIT("NODE_TLS_REJECT_UNAUTHORIZED=0"),
        STR_INIT("PYTHONHTTPSVERIFY=0"),
        STR_INIT("GIT_SSL_NO_VERIFY=1"),
        STR_INIT("GIT_SSL_NO_VERIFY=true"),
        STR_INIT("NPM_CONFIG_STRICT_SSL=false"),
        STR_INIT("npm_config_strict_ssl=false"),
        STR_INIT("GOINSECURE=*"),
    };
    const struct strs *env = &c->facts->image->config.env;
    for (size_t i = 0; i < env->n; i++)
        for (size_t k = 0; k < sizeof off / sizeof *off; k++)
            if (str_eq(env->v[i], off[k]))
                rule_add(c, SEVERITY_HIGH, rule_at_config(c, "Env[%zu]", i),
                         STR_F ": whatever connects does not verify the server", STR_A(off[k]))
                    ->remedy = STR("Leave the variable out; where a server's authority is not "
                                   "known in the image, add its certificate.");
}

static void check_downloads(struct rule_context *c)
{
    see_environment(c);
    if (rule_no_history(c))
        return;
    size_t runs = rule_each_run(c, see_downloads);
    if (runs)
        rule_pass(c, STR_F " in history, none with a download that nothing verifies",
                  STR_A(rule_count_text(c->a, runs, "RUN")));
    else
        rule_skip(c, "history has no RUN: what was copied in was fetched elsewhere");
}

const struct rule rule_cis_4_12 = {
    .info = {.id = "CIS-4.12",
             .cis = "4.12",
             .severity = SEVERITY_MEDIUM,
             .title = "What is downloaded is verified",
             .why =
                 "A download without a checksum or a signature is whatever the server, or who "
                 "sits in front of it, sends that day. Piped into a shell it runs as root before "
                 "anyone has seen it.",
             .remedy = "Check a digest or a signature in the same RUN, before the file is used.",
             .example = "RUN curl -fsSLo t.tgz https://example.org/t.tgz && echo \"…  t.tgz\" | "
                        "sha256sum -c"},
    .check = check_downloads,
    .of_config = true,
};
