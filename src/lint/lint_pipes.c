/* lint_pipes: failures in the middle of a RUN that nobody would see.
 *
 * Invariants
 * 1. One SHELL is put in for all RUNs of a stage that want it. (test_lint_table: tables)
 * 2. A shell that the stage has chosen stays, and gets one option more. (test_lint_table: tables)
 * 3. No shell of a stage gets pipefail while a pipe below has a program that is ended by the next
 *    one: it would fail then. (test_lint_table: cut off)
 */
#include "base/buf.h"
#include "lint/lint_around.h"
#include "lint/lint_rules.h"

/* ---- which pipes ---- */

/* Cannot fail, or is ended by the pipe on purpose: with pipefail `yes | x` would be a failure. */
static bool never_fails(const struct shell_command *command)
{
    return lint_lists(" echo printf yes true : ", command->program);
}

static bool is_pipefail(const struct shell_command *command, const char *program)
{
    if (!str_is(command->program, program))
        return false;
    for (size_t k = 1; k + 1 < command->words.n; k++) {
        struct str option = command->words.v[k].text.s;
        if (option.n > 1 && option.p[0] == '-' && option.p[1] != '-' &&
            option.p[option.n - 1] == 'o' && str_is(command->words.v[k + 1].text.s, "pipefail"))
            return true;
    }
    return false;
}

/* The first pipe of the RUN that could hide a failure. A shell that a command begins (sh -c) has
 * its own options. */
static const struct lint_command *find_pipe(const struct lint_context *c, const struct lint_step *s)
{
    bool compat = c->options->compat, set = false;
    vec_each (&s->commands, k) {
        const struct shell_command *command = s->commands.v[k].shell;
        bool inner = command->flags & SHELL_WRAPPED;
        const struct shell_command *via =
            inner && command->via != SHELL_NONE ? &s->script.commands.v[command->via] : NULL;
        if (!inner && is_pipefail(command, "set"))
            set = true;
        if (!(command->flags & SHELL_PIPED_ON) && !(compat && command->join == SHELL_PIPE))
            continue;
        /* hadolint finds every pipe: behind set -o pipefail, and of what cannot fail */
        if (compat)
            return &s->commands.v[k];
        if (set || never_fails(command) || (via && is_pipefail(via, "bash")))
            continue;
        if (inner && via && !lint_lists(" sh bash dash ash zsh ksh ", via->program))
            continue; /* sudo a | b: the pipe is the outer one's */
        return &s->commands.v[k];
    }
    return NULL;
}

/* ---- pipes that pipefail would break ---- */

/* -q, -m 1, -l of grep, alone or in a cluster, and the same at length. */
static bool stops_grep(struct str word)
{
    if (str_starts(word, STR("--")))
        return lint_lists(" --quiet --silent --max-count --files-with-matches ",
                          str_slice(word, 0, str_find(word, '=')));
    return word.n > 1 && word.p[0] == '-' &&
           (str_find(word, 'q') < word.n || str_find(word, 'm') < word.n ||
            str_find(word, 'l') < word.n);
}

/* 5q, /x/q, $!{p;Q}, but not s/sequel/q/. */
static bool stops_sed(struct str word)
{
    for (size_t i = 0; i < word.n; i++) {
        char before = i ? word.p[i - 1] : ' ', behind = i + 1 < word.n ? word.p[i + 1] : ' ';
        if ((word.p[i] == 'q' || word.p[i] == 'Q') && before &&
            strchr(" \t\n0123456789$/;{}!", before) && behind &&
            strchr(" \t\n0123456789;}", behind))
            return true;
    }
    return false;
}

/* It may be done before all is read. */
static bool reads_a_part(const struct shell_command *command)
{
    bool grep = lint_lists(" grep egrep fgrep zgrep rg ", command->program);
    bool sed = lint_lists(" sed gsed ", command->program);
    bool script = lint_lists(" awk gawk mawk nawk perl ", command->program);
    for (size_t k = 1; k < command->words.n; k++) {
        struct str word = command->words.v[k].text.s;
        if ((grep && stops_grep(word)) || (sed && stops_sed(word)) ||
            (script && str_has(word, STR("exit"))))
            return true;
    }
    return lint_lists(" head true : ", command->program);
}

/* Some program of a pipe in it goes on for ever, or until the next one has enough. */
static bool is_cut_off(const struct lint_step *s)
{
    bool writes = true; /* the command before may have more to say than a pipe holds */
    if (s->i->kind != DOCKERFILE_RUN || s->i->json)
        return false;
    vec_each (&s->script.commands, k) {
        const struct shell_command *command = &s->script.commands.v[k];
        if ((command->flags & SHELL_PIPED_ON && str_is(command->program, "yes")) ||
            (command->join == SHELL_PIPE && writes && reads_a_part(command)))
            return true;
        writes = command->join == SHELL_PIPE || !never_fails(command);
    }
    return false;
}

/* Of each step whether one from there on is cut off in the same shell: up to the next SHELL, also
 * in stages that are made from this one. From the last step to the first. */
static bool *cut_off_below(struct lint_context *c)
{
    const struct lint_file *file = c->file;
    bool *cut = arena_array(c->a, bool, file->steps.n + 1), now = false;
    bool *begins = arena_array(c->a, bool, file->stages.n + 1);
    for (size_t i = file->steps.n; i-- > 0;) {
        const struct lint_step *s = &file->steps.v[i];
        const struct lint_stage *stage = s->stage >= 0 ? &file->stages.v[s->stage] : NULL;
        if (stage && stage->end == i + 1)
            now = begins[s->stage];
        now |= is_cut_off(s);
        cut[i] = now;
        if (s->i->kind == DOCKERFILE_SHELL && !s->onbuild)
            now = false;
        if (stage && stage->step == i && stage->parent >= 0)
            begins[stage->parent] |= now;
    }
    return cut;
}

/* ---- which shells ---- */

static bool is_other_system(struct str shell)
{
    return str_starts(shell, STR("pwsh")) || str_starts(shell, STR("powershell")) ||
           str_starts(shell, STR("cmd"));
}

/* hadolint forgets SHELL at each FROM, even of a stage that had it, and knows pipefail of bash, zsh
 * and ash alone, though /bin/sh of Alpine and of newer systems has it. */
static bool excuses_hadolint(const struct lint_step *shell)
{
    bool option = false, pipefail = false;
    if (!shell || !shell->i->words.n)
        return false;
    const struct dockerfile_words *words = &shell->i->words;
    struct str first = words->v[0].text.s;
    if (is_other_system(first))
        return true;
    for (size_t k = 1; k < words->n; k++)
        for (struct str word, rest = words->v[k].text.s; str_word(&rest, &word);) {
            option |=
                word.n > 1 && word.p[0] == '-' && word.p[1] != '-' && str_find(word, 'o') < word.n;
            pipefail |= str_is(word, "pipefail");
        }
    return option && pipefail && lint_lists(" /bin/bash /bin/zsh /bin/ash bash zsh ash ", first);
}

static bool excuses(const struct lint_context *c, const struct lint_step *s,
                    const struct lint_step *shell)
{
    if (c->options->compat)
        return excuses_hadolint(shell);
    return s->pipefail || (s->shell_text.n && s->shell == LINT_OTHER) ||
           (!s->shell_text.n && lint_system_of(c->file, s->stage) == LINT_SYSTEM_WINDOWS);
}

/* ---- repair ---- */

/* What a stage has so far. */
struct stage_state {
    const struct lint_step *shell; /* the SHELL in effect, or NULL */
    const struct lint_step *first; /* the RUN above which one is put in, or NULL */
    const bool *cut;               /* of each step of the file: see cut_off_below() */
};

static bool uses(const struct lint_step *s, const char *programs)
{
    vec_each (&s->commands, k)
        if (lint_lists(programs, s->commands.v[k].program))
            return true;
    return false;
}

/* The shell with pipefail that the base has, for all that is known, or NULL. */
static const char *shell_of(const struct lint_context *c, const struct lint_step *s)
{
    switch (lint_system_of(c->file, s->stage)) {
    case LINT_SYSTEM_BUSYBOX:
        return "/bin/ash";
    case LINT_SYSTEM_GNU:
        return "/bin/bash";
    case LINT_SYSTEM_UNKNOWN:
        if (uses(s, " apk "))
            return "/bin/ash";
        return uses(s, " apt-get apt yum dnf microdnf zypper ") ? "/bin/bash" : NULL;
    default:
        return NULL;
    }
}

static void offer_pipefail(struct lint_context *c, struct lint_finding *f,
                           struct stage_state *state, const struct lint_step *s,
                           const struct lint_command *pipe)
{
    const struct lint_step *shell = state->shell;
    if (s->i->json || pipe->shell->flags & SHELL_WRAPPED)
        return;
    if (s->i->heredocs.n && str_starts(s->source.s, STR("#!")))
        return; /* chooses its own shell */
    if (shell) {
        size_t n = shell->i->words.n;
        enum lint_shell kind = s->shell;
        if (n < 2 || !shell->i->json || !str_is(shell->i->words.v[n - 1].text.s, "-c") ||
            (kind != LINT_BASH && kind != LINT_ASH && kind != LINT_ZSH && kind != LINT_KSH) ||
            state->cut[shell->index])
            return;
        uint32_t at = shell->i->words.v[n - 1].place.from;
        lint_fix(c, f, FIX_UNSAFE, "adds -o pipefail to the shell");
        lint_edit(c, f, (struct span){at, at}, "\"-o\", \"pipefail\", ");
        return;
    }
    const struct lint_step *first = state->first ? state->first : s;
    const char *program = shell_of(c, first);
    if (!program || state->cut[first->index])
        return;
    uint32_t above = lint_above(c->file, first);
    state->first = first;
    lint_fix(c, f, FIX_UNSAFE, "runs it in a shell with pipefail");
    lint_edit(c, f, (struct span){above, above}, "SHELL [\"%s\", \"-o\", \"pipefail\", \"-c\"]%s",
              program, lint_newline(c->file));
}

/* ---- DL4006 ---- */

static void see_run(struct lint_context *c, struct stage_state *state, const struct lint_step *s)
{
    if (excuses(c, s, state->shell))
        return;
    const struct lint_command *pipe = find_pipe(c, s);
    if (!pipe)
        return;
    struct lint_finding *f =
        lint_add(c, pipe->shell->place, "nobody sees when " STR_F " fails in this pipe",
                 STR_A(pipe->program.n ? pipe->program : STR("a command")));
    offer_pipefail(c, f, state, s, pipe);
}

static void check_pipes(struct lint_context *c)
{
    struct stage_state *ends = arena_array(c->a, struct stage_state, c->file->stages.n);
    const bool *cut = cut_off_below(c);
    struct stage_state now = {.cut = cut};
    vec_each (&c->file->steps, i) {
        const struct lint_step *s = &c->file->steps.v[i];
        if (lint_unseen(c, s))
            continue;
        if (s->i->kind == DOCKERFILE_FROM) {
            int parent = s->stage >= 0 ? c->file->stages.v[s->stage].parent : DOCKERFILE_NO_STAGE;
            bool inherits = parent != DOCKERFILE_NO_STAGE && !c->options->compat;
            now = inherits ? ends[parent] : (struct stage_state){.cut = cut};
        } else if (s->i->kind == DOCKERFILE_SHELL && !s->onbuild)
            now = (struct stage_state){.shell = s, .cut = cut};
        else if (s->i->kind == DOCKERFILE_RUN)
            see_run(c, &now, s);
        if (s->stage >= 0)
            ends[s->stage] = now;
    }
}

static const struct lint_rule pipes = {
    .info = {.id = "DL4006",
             .aliases = {"DS032"},
             .severity = SEVERITY_MEDIUM,
             .title = "A failure in a pipe fails the RUN",
             .why = "A shell asks only the last command of a pipe how it went. When the download "
                    "before it fails, the build goes on with half a file.",
             .remedy = "Set pipefail with SHELL, or with set -o pipefail in the RUN.",
             .example = "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]"},
    .file_hook = check_pipes,
    .repairs = FIX_UNSAFE,
};

/* ---- SHUCK-ERREXIT ---- */

static bool has_e(struct str word)
{
    return word.n > 1 && word.p[0] == '-' && word.p[1] != '-' && str_find(word, 'e') < word.n;
}

/* set -e, set -euxo pipefail, set -o errexit. */
static bool sets_errexit(const struct shell_command *command)
{
    if (!str_is(command->program, "set"))
        return false;
    for (size_t k = 1; k < command->words.n; k++)
        if (has_e(command->words.v[k].text.s) || str_is(command->words.v[k].text.s, "errexit"))
            return true;
    return false;
}

/* bash -e, /bin/sh -ex: of SHELL, or behind #!. */
static bool shell_has_errexit(struct str text)
{
    struct str word;
    bool errexit = false;
    while (str_word(&text, &word))
        errexit |= has_e(word) || str_is(word, "errexit");
    return errexit;
}

static void offer_set(struct lint_context *c, struct lint_finding *f,
                      const struct dockerfile_heredoc *doc)
{
    struct str text = str_slice(c->d->text, doc->place.from, doc->place.to), rest = text, line;
    if (str_starts(text, STR("#!")))
        str_line(&rest, &line);
    size_t blanks = 0;
    while (blanks < rest.n && (rest.p[blanks] == '\t' || rest.p[blanks] == ' '))
        blanks++;
    uint32_t at = doc->place.from + (uint32_t)(rest.p - text.p);
    if (str_has(text, STR("$?")) || str_has(text, STR("${?")) || str_has(text, STR("PIPESTATUS")))
        return; /* looks itself at what failed, and would not come to it */
    lint_fix(c, f, FIX_UNSAFE, "begins it with set -e");
    lint_edit(c, f, (struct span){at, at}, STR_F "set -e%s", STR_A(str_slice(rest, 0, blanks)),
              lint_newline(c->file));
}

static void check_errexit(struct lint_context *c, const struct lint_step *s)
{
    const struct dockerfile_heredocs *docs = &s->i->heredocs;
    if (docs->n != 1 || !docs->v[0].body.s.n || s->source.s.p != docs->v[0].body.s.p ||
        s->script.errors.n || (s->shell_text.n && s->shell == LINT_OTHER))
        return; /* the whole script, for a shell that is known */
    struct str body = s->source.s, line;
    str_line(&body, &line);
    if (shell_has_errexit(str_starts(line, STR("#!")) ? line : s->shell_text))
        return;
    vec_each (&s->commands, k) {
        const struct shell_command *command = s->commands.v[k].shell;
        if (sets_errexit(command))
            return;
        if (command->join != SHELL_THEN || command->flags || !k)
            continue;
        struct lint_finding *f =
            lint_add(c, docs->v[0].mark, "the here-document goes on when a command fails");
        offer_set(c, f, &docs->v[0]);
        return;
    }
}

static const struct lint_rule errexit = {
    .info = {.id = "SHUCK-ERREXIT",
             .severity = SEVERITY_MEDIUM,
             .title = "Here-documents of RUN stop at a failure",
             .why = "Lines of a here-document are a script: only the last one decides whether the "
                    "RUN failed. A download or a check that fails above it goes unseen.",
             .remedy = "Begin it with set -e.",
             .example = "RUN <<EOF\nset -e\napk add --no-cache curl\nEOF"},
    .ours = true,
    .kinds = LINT_ON(RUN),
    .step = check_errexit,
    .repairs = FIX_UNSAFE,
};

const struct lint_rule *const lint_pipes[] = {&pipes, &errexit, NULL};
