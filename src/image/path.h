/* path: names in archives → clean relative paths. */
#ifndef IMAGE_PATH_H
#define IMAGE_PATH_H

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

/* Writes raw without leading and doubled slashes and "." components to `to` (LIMIT_PATH_BYTES) and
 * views it in *ret; empty is the root. ERR_INPUT: a ".." component, a name over LIMIT_NAME_BYTES, a
 * path over LIMIT_PATH_BYTES or LIMIT_PATH_DEPTH. */
int path_clean(struct str raw, char *to, struct str *ret, struct err *e) MUST_USE;

/* The clean path a link at the clean path `from` leads to, ".." followed by the text alone.
 * ERR_INPUT when it leaves the root. */
int path_follow(struct str from, struct str target, char *to, struct str *ret,
                struct err *e) MUST_USE;

#endif
