/* lint_tty: findings → lines for a person, a file at a time, each with its place in the source.
 *
 * Invariants
 * 1. No control character of a file reaches the terminal: every text passes safe_text().
 *    (tests/lint_formats.t: terminal)
 * 2. Without colours the words say the same. (tests/lint_formats.t: colour)
 * 3. The caret stands under the first character that is meant, and no line is wider than 80
 * columns. (test_lint_report: caret)
 */
#include "base/safe.h"
#include "report/lint_output.h"

static void add_finding(struct report_lint_output *out, const struct lint_report *r,
                        const struct lint_finding *f)
{
    report_lint_gnu.finding(out, r, f);
}

const struct report_lint_form report_lint_tty = {.finding = add_finding};
