/* lint_pragma: one comment → what it asks for. What that does to findings is in lint_ignore.c.
 *
 * Invariants
 * 1. With compat exactly the comments that hadolint understands are pragmas, and one bad id voids
 *    all of it. (test_lint_pragma: as hadolint reads it)
 * 2. Ids are views into the comment, so that a finding can point at them.
 *    (test_lint_pragma: ids)
 */
#include "lint/lint_pragma.h"

#include "lint/lint_rule.h"

/* ---- words of a comment ---- */

static void blanks(struct str *rest)
{
    while (rest->n && (rest->p[0] == ' ' || rest->p[0] == '\t'))
        *rest = str_from(*rest, 1);
}

/* Takes the word off, and the blanks behind it. */
static bool took(struct str *rest, const char *word)
{
    if (!str_starts(*rest, str_of(word)))
        return false;
    *rest = str_from(*rest, strlen(word));
    blanks(rest);
    return true;
}

/* As took(), with at least one blank behind. */
static bool took_word(struct str *rest, const char *word)
{
    size_t n = strlen(word);
    return rest->n > n && (rest->p[n] == ' ' || rest->p[n] == '\t') && took(rest, word);
}

static bool id_byte(char c, bool compat)
{
    if (compat)
        return c && strchr("DLSC0123456789", c);
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

/* ID, ID, … # why */
static bool read_ids(struct arena *a, struct str rest, bool compat, struct lint_pragma *p)
{
    for (;;) {
        size_t n = 0;
        while (n < rest.n && id_byte(rest.p[n], compat))
            n++;
        if (!n)
            return false;
        *vec_push(a, &p->ids) = str_slice(rest, 0, n);
        rest = str_from(rest, n);
        blanks(&rest);
        if (!rest.n)
            return true;
        if (rest.p[0] == '#') {
            p->reason = str_trim(str_from(rest, 1));
            return true;
        }
        if (!took(&rest, ","))
            return false;
    }
}

static bool read_shell(struct str rest, struct lint_pragma *p)
{
    if (!str_word(&rest, &p->shell))
        return false;
    blanks(&rest);
    return !rest.n || rest.p[0] == '#';
}

/* Not an ignore, but names rules as one would: "disable=DL3008", "ignore: DL3008". */
static bool meant(struct str rest)
{
    static const char digits[] = "0123456789";
    for (size_t i = 0; i + 2 < rest.n; i++)
        if ((!strncmp(rest.p + i, "DL", 2) || !strncmp(rest.p + i, "SC", 2)) &&
            strchr(digits, rest.p[i + 2]))
            return true;
    return false;
}

static enum lint_pragma_kind read_hadolint(struct arena *a, struct str rest, bool compat,
                                           struct lint_pragma *p)
{
    enum lint_pragma_kind kind = LINT_PRAGMA_IGNORE;
    if (took(&rest, "shell"))
        return took(&rest, "=") && read_shell(rest, p) ? LINT_PRAGMA_SHELL : LINT_PRAGMA_BAD;
    if (took_word(&rest, "global"))
        kind = LINT_PRAGMA_GLOBAL;
    else if (took_word(&rest, "stage"))
        kind = LINT_PRAGMA_STAGE;
    if (!took(&rest, "ignore") || !took(&rest, "="))
        return meant(rest) ? LINT_PRAGMA_BAD : LINT_PRAGMA_NONE;
    return read_ids(a, rest, compat, p) ? kind : LINT_PRAGMA_BAD;
}

struct lint_pragma lint_pragma_read(struct arena *a, struct str comment, bool compat)
{
    struct str rest = str_trim(str_from(comment, 1));
    struct lint_pragma p = {0}, none = {0};
    if (took_word(&rest, "hadolint"))
        p.kind = read_hadolint(a, rest, compat, &p);
    else if (!compat && took(&rest, "check=")) /* no blanks: a comment may begin "check = …" */
        p = lint_pragma_check(a, rest);
    none.kind = p.kind;
    return p.kind == LINT_PRAGMA_BAD ? none : p;
}

/* ---- check= ---- */

static const char *const checks[] = {
    "StageNameCasing",         "FromAsCasing",
    "NoEmptyContinuation",     "ConsistentInstructionCasing",
    "DuplicateStageName",      "ReservedStageName",
    "JSONArgsRecommended",     "MaintainerDeprecated",
    "UndefinedArgInFrom",      "UndefinedVar",
    "WorkdirRelativePath",     "MultipleInstructionsDisallowed",
    "LegacyKeyValueFormat",    "InvalidBaseImagePlatform",
    "RedundantTargetPlatform", "SecretsUsedInArgOrEnv",
    "InvalidDefaultArgInFrom", "FromPlatformFlagConstDisallowed",
    "CopyIgnoredFile",         "InvalidDefinitionDescription",
    "ExposeProtoCasing",       "ExposeInvalidFormat",
};

bool lint_pragma_is_check(const struct rule_info *rule)
{
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (rule_is(rule, str_of(checks[i])))
            return true;
    return false;
}

struct lint_pragma lint_pragma_check(struct arena *a, struct str value)
{
    struct lint_pragma p = {.kind = LINT_PRAGMA_CHECK};
    for (struct str part, key, rest = value; rest.n;) {
        str_cut(rest, ';', &part, &rest);
        bool has = str_cut(part, '=', &key, &part);
        key = str_trim(key);
        part = str_trim(part);
        if (has && str_is(key, "skip"))
            lint_names_split(a, part, &p.ids);
        else if (has && str_is(key, "experimental"))
            lint_names_split(a, part, &p.experimental);
        else if (has && str_is(key, "error"))
            p.error = lint_lists(" 1 t T TRUE true True ", part);
        else
            p.kind = LINT_PRAGMA_BAD;
    }
    return p;
}

struct lint_pragma lint_pragma_directive(struct arena *a, const struct lint_file *file)
{
    const struct str_pairs *given = file->build_args;
    for (size_t i = 0; given && i < given->n; i++)
        if (str_is(given->v[i].key, "BUILDKIT_DOCKERFILE_CHECK"))
            return lint_pragma_check(a, given->v[i].value);
    vec_each (&file->d.items, i) {
        const struct dockerfile_item *item = &file->d.items.v[i];
        if (item->kind == DOCKERFILE_ITEM_DIRECTIVE && item->key.n == 5 &&
            !strncasecmp(item->key.p, "check", 5))
            return lint_pragma_check(a, item->text);
    }
    return (struct lint_pragma){0};
}
