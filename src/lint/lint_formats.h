/* lint_formats: the value of a label → whether it is what a schema asks for. */
#ifndef LINT_LINT_FORMATS_H
#define LINT_LINT_FORMATS_H

#include "base/str.h"

bool lint_is_url(struct str text);      /* absolute, RFC 3986 */
bool lint_is_time(struct str text);     /* RFC 3339, date and time */
bool lint_is_git_hash(struct str text); /* 7 or 40 digits */
bool lint_is_email(struct str text);    /* RFC 5322, one address */
/* Zeros before a number are an error, unless loosely. */
bool lint_is_semver(struct str text, bool loosely);

bool lint_is_license(struct str id);              /* one identifier of SPDX */
bool lint_is_license_expression(struct str text); /* with AND, OR, WITH and parentheses, too */

#endif
