/* err: why a function returned -1, in one sentence that gains context on its way up.
 *
 * The caller owns the struct err. A function that fails sets it once with err_set(); each caller on
 * the way may put its own words before (err_wrap). Only cli/ prints it. Text is kept as it came,
 * possibly with bytes from hostile input: it is made safe for a terminal where it is printed. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

/* The values are the program's exit statuses. */
enum err_kind {
    ERR_NONE = 0,
    ERR_USAGE = 2,   /* the command line asks for what does not exist */
    ERR_INPUT = 3,   /* the input is bad or refused */
    ERR_MACHINE = 4, /* this machine cannot do it: no runtime, no space, no permission */
};

enum { ERR_TEXT_MAX = 2048 };

struct err {
    enum err_kind kind;
    char text[ERR_TEXT_MAX]; /* NUL-terminated; what does not fit is cut at the end */
};

#define MUST_USE __attribute__((warn_unused_result))

/* Sets *e and returns -1, so that `return err_set(e, …)` fails in one line. */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As err_set(), with ": " and the system's words for errnum after the text. */
int err_sys(struct err *e, enum err_kind kind, int errnum, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Puts "context: " before the text that is there. Returns -1. */
int err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
