/* lint_verify: downloads that nothing is compared with → CIS 4.12.
 *
 * Invariants
 * 1. A RUN that compares a checksum or a signature anywhere is believed to compare what it fetched.
 *    (test_lint_table: tables)
 * 2. What is only looked at (jq, grep, a variable), and keys and checksums themselves, are not
 *    findings. (test_lint_table: tables)
 */
#include "lint/lint_args.h"
#include "lint/lint_around.h"
#include "lint/lint_rules.h"

static const char fetchers[] = " curl wget aria2c axel ";
static const char shells[] = " sh bash dash ash zsh ksh python python2 python3 perl ruby node php "
                             "eval source . ";
static const char unpackers[] = " tar bsdtar unzip gunzip zcat xz xzcat bunzip2 bzcat unzstd zstd "
                                "gzip cpio dpkg rpm ";
static const char checkers[] =
    " sha1sum sha224sum sha256sum sha384sum sha512sum b2sum b3sum md5sum shasum rhash openssl gpgv "
    "gpgv2 minisign signify cosign slsa-verifier rpmkeys apksigner jarsigner ";

/* ---- what a command does ---- */

static bool ends_as_proof(struct str word)
{
    static const char *const ends[] = {".asc", ".sig", ".gpg",    ".key",  ".pub",
                                       ".pem", ".crt", ".sha256", ".sha1", ".md5",
                                       "sum",  "sums", ".sha512", "SUMS",  ".minisig"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_ends(word, str_of(ends[i])))
            return true;
    return str_has(word, STR("/keyrings/"));
}

struct fetch {
    bool address; /* it has one, of another machine */
    bool proof;   /* what it fetches is itself what others are compared with */
    bool file;    /* it writes a file */
};

static bool is_nowhere(struct str file)
{
    return str_is(file, "-") || str_is(file, "/dev/null") || str_is(file, "/dev/stdout");
}

static bool writes_file(struct lint_context *c, const struct lint_command *command)
{
    struct lint_args args = {0};
    bool curl = str_is(command->program, "curl");
    vec_each (&command->shell->redirects, k) {
        const struct shell_redirect *r = command->shell->redirects.v[k];
        if (!r->fd.n && (str_is(r->operator, ">") || str_is(r->operator, ">>")))
            return !is_nowhere(r->target.text.s);
    }
    lint_args_read(c, command,
                   curl ? " o output H header d data X request u user A user-agent m max-time "
                          "w write-out x proxy e referer b cookie c cookie-jar T F E r K "
                        : " O output-document P directory-prefix o a header U t T e i Q ",
                   &args);
    const struct lint_flag *to = lint_args_flag(&args, curl ? " o output " : " O output-document ");
    if (to)
        return !is_nowhere(to->value);
    if (curl)
        return lint_args_flag(&args, " O remote-name remote-name-all ");
    return !lint_args_flag(&args, " spider ");
}

static struct fetch read_fetch(struct lint_context *c, const struct lint_command *command)
{
    struct fetch f = {0};
    if (!lint_lists(fetchers, command->program))
        return f;
    for (size_t k = 1; k < command->words.n; k++) {
        struct str word = command->words.v[k].text;
        f.proof |= ends_as_proof(word);
        f.address |= str_has(word, STR("://")) && !str_has(word, STR("//localhost")) &&
                     !str_has(word, STR("//127."));
    }
    f.file = f.address && writes_file(c, command);
    return f;
}

static bool checks(const struct lint_command *command)
{
    if (lint_lists(" gpg gpg2 ", command->program))
        return shell_command_has(command->shell, "--verify");
    if (lint_lists(" rpm gh ", command->program))
        return shell_command_has(command->shell, "-K") ||
               shell_command_has(command->shell, "--checksig") ||
               shell_command_has(command->shell, "attestation");
    return lint_lists(checkers, command->program);
}

/* The program that gets what command k writes, when it is one of these; over tee and its kin. */
static struct str consumer(const struct lint_step *s, size_t k, const char *programs)
{
    const struct shell_command *from = s->commands.v[k].shell;
    if (from->flags & SHELL_IN_SUBSTITUTION && from->parent != SHELL_NONE) {
        struct str program = s->script.commands.v[from->parent].program;
        if (lint_lists(programs, program))
            return program;
    }
    if (!(from->flags & SHELL_PIPED_ON))
        return (struct str){0};
    for (size_t j = k + 1; j < s->commands.n; j++) {
        const struct lint_command *next = &s->commands.v[j];
        bool wrapped = next->shell->flags & SHELL_WRAPPED;
        if (next->shell->parent != from->parent) {
            if (next->shell->parent == SHELL_NONE || next->shell->parent < k)
                break; /* behind the substitution that k stands in */
            continue;  /* inside a word of one of them */
        }
        if ((next->shell->join != SHELL_PIPE && !wrapped) || lint_lists(fetchers, next->program))
            break;
        if (lint_lists(programs, next->program))
            return next->program;
        if (!wrapped && !(next->shell->flags & SHELL_PIPED_ON) && j + 1 < s->commands.n &&
            !(s->commands.v[j + 1].shell->flags & SHELL_WRAPPED))
            break;
    }
    return (struct str){0};
}

/* ---- SHUCK-PIPE-TO-SHELL ---- */

static void check_shells(struct lint_context *c, const struct lint_step *s)
{
    vec_each (&s->commands, k) {
        const struct lint_command *command = &s->commands.v[k];
        if (!read_fetch(c, command).address)
            continue;
        struct str shell = consumer(s, k, shells);
        if (shell.n)
            lint_add(c, lint_command_place(command), "what " STR_F " fetches is run by " STR_F,
                     STR_A(command->program), STR_A(shell));
    }
}

static const struct lint_rule pipe_to_shell = {
    .info = {.id = "SHUCK-PIPE-TO-SHELL",
             .cis = "4.12",
             .severity = SEVERITY_HIGH,
             .title = "Downloads are not piped into a shell",
             .why = "The script is whatever the server, or who sits in front of it, sends that "
                    "day. It runs as root before anyone has seen it, and half of it runs when the "
                    "line breaks.",
             .remedy = "Fetch it into a file, compare its checksum, then run it. Better, install "
                       "a package.",
             .example = "ADD --checksum=sha256:… https://example.org/install.sh /tmp/"},
    .ours = true,
    .kinds = LINT_ON(RUN),
    .step = check_shells,
};

/* ---- SHUCK-UNCHECKED ---- */

static void check_unchecked(struct lint_context *c, const struct lint_step *s)
{
    vec_each (&s->commands, k)
        if (checks(&s->commands.v[k]))
            return;
    vec_each (&s->commands, k) {
        const struct lint_command *command = &s->commands.v[k];
        struct fetch f = read_fetch(c, command);
        if (!f.address || f.proof || consumer(s, k, shells).n)
            continue;
        struct str unpacks = f.file ? (struct str){0} : consumer(s, k, unpackers);
        if (unpacks.n)
            lint_add(c, lint_command_place(command),
                     "what " STR_F " fetches goes into " STR_F " unchecked",
                     STR_A(command->program), STR_A(unpacks));
        else if (f.file)
            lint_add(c, lint_command_place(command),
                     "nothing in this RUN checks what " STR_F " fetches", STR_A(command->program));
    }
}

static const struct lint_rule unchecked = {
    .info = {.id = "SHUCK-UNCHECKED",
             .cis = "4.12",
             .severity = SEVERITY_MEDIUM,
             .title = "What is downloaded is checked in the same RUN",
             .why = "A download without a checksum or a signature is whatever the server sends "
                    "that day. Nobody can tell afterwards what was built in.",
             .remedy = "Compare a checksum or a signature in the same RUN, before the file is "
                       "used; or use ADD --checksum.",
             .example = "RUN curl -fsSLo t.tgz https://example.org/t.tgz && echo \"…  t.tgz\" | "
                        "sha256sum -c"},
    .ours = true,
    .kinds = LINT_ON(RUN),
    .step = check_unchecked,
};

/* ---- SHUCK-ADD-CHECKSUM ---- */

static bool is_commit(struct str ref)
{
    enum { SHA1 = 40 };
    size_t n = 0;
    while (n < ref.n &&
           ((ref.p[n] >= '0' && ref.p[n] <= '9') || (ref.p[n] >= 'a' && ref.p[n] <= 'f')))
        n++;
    return n == SHA1 && (n == ref.n || ref.p[n] == ':');
}

static void check_add(struct lint_context *c, const struct lint_step *s)
{
    if (dockerfile_flag(s->i, "checksum"))
        return;
    for (size_t k = 0; k + 1 < s->words.n; k++) {
        struct str source = s->words.v[k].text, address, ref;
        bool fragment = str_cut(source, '#', &address, &ref);
        bool git = str_ends(address, STR(".git")) || str_starts(source, STR("git@")) ||
                   str_starts(source, STR("git://")) || str_starts(source, STR("ssh://"));
        bool http = str_starts(source, STR("http://")) || str_starts(source, STR("https://"));
        if (git ? !(fragment && is_commit(ref)) : http)
            lint_add(c, s->words.v[k].place,
                     git ? "ADD of a repository without a commit: " STR_F
                         : "ADD of a download without --checksum: " STR_F,
                     STR_A(source));
    }
}

static const struct lint_rule add_checksum = {
    .info = {.id = "SHUCK-ADD-CHECKSUM",
             .cis = "4.12",
             .severity = SEVERITY_MEDIUM,
             .title = "ADD says which download it wants",
             .why = "The file behind an address may be another one tomorrow. With --checksum the "
                    "build stops, without it the image has it.",
             .remedy = "Add --checksum, or for a repository the commit behind a #.",
             .example = "ADD --checksum=sha256:… https://example.org/tool.tar.gz /opt/"},
    .ours = true,
    .kinds = LINT_ON(ADD),
    .step = check_add,
};

const struct lint_rule *const lint_verify[] = {&pipe_to_shell, &unchecked, &add_checksum, NULL};
