/* names: verdicts, grades, steps and errnos ⇄ the words that reports use.
 *
 * Invariants
 * 1. Every value has a name and grades read back from theirs. (test_verdict: names)
 */
#include <errno.h>

#include "prove/prove.h"

static const char *const grades[] = {
    [GRADE_A_PLUS] = "A+", [GRADE_A] = "A", [GRADE_B] = "B", [GRADE_C] = "C",
    [GRADE_D] = "D",       [GRADE_E] = "E", [GRADE_F] = "F",
};

const char *prove_grade_name(enum prove_grade g)
{
    return grades[g];
}

int prove_grade_parse(struct str text, enum prove_grade *ret, struct err *e)
{
    for (size_t i = 0; i < sizeof grades / sizeof *grades; i++)
        if (str_is(text, grades[i])) {
            *ret = (enum prove_grade)i;
            return 0;
        }
    return err_set(e, ERR_INPUT, "\"" STR_F "\" is no grade; they are A+ A B C D E F", STR_A(text));
}

const char *prove_verdict_name(enum prove_verdict v)
{
    static const char *const names[] = {
        [VERDICT_SUCCEEDED] = "succeeded",
        [VERDICT_BLOCKED] = "blocked",
        [VERDICT_NOT_APPLICABLE] = "not applicable",
        [VERDICT_INCONCLUSIVE] = "inconclusive",
    };
    return names[v];
}

const char *prove_step_name(enum prove_step s)
{
    static const char *const names[] = {
        [STEP_NONE] = "nothing",
        [STEP_USER] = "non-root user",
        [STEP_SHELL] = "no shell",
        [STEP_PACKAGE_MANAGER] = "no package manager",
        [STEP_DOWNLOADER] = "no downloader",
        [STEP_INTERPRETER] = "no interpreter",
        [STEP_READ_ONLY] = "read-only root",
        [STEP_SETUID] = "no setuid files",
        [STEP_CAPABILITIES] = "no capabilities",
        [STEP_NO_NEW_PRIVS] = "no new privileges",
        [STEP_SECCOMP] = "seccomp",
        [STEP_TOKEN] = "no token",
        [STEP_SECRETS] = "no secrets",
        [STEP_LIMITS] = "limits",
        [STEP_NETWORK] = "network policy",
        [STEP_MASKED] = "masked paths",
    };
    return names[s];
}

struct str prove_error_name(struct arena *a, int error)
{
    const char *name = strerrorname_np(error);
    return name ? str_of(name) : str_fmt(a, "errno %d", error);
}
