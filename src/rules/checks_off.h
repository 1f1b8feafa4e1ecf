/* checks_off: words and variables by which a program leaves out its checks of signatures and
 * certificates (CIS 4.11). The same table for the history of an image and for a Dockerfile. */
#ifndef RULES_CHECKS_OFF_H
#define RULES_CHECKS_OFF_H

#include "base/str.h"

struct check_off {
    const char *programs; /* blanks around each */
    const char *word;     /* or it and "=…" */
    const char *what;     /* "installs unsigned packages" */
    bool server;          /* it is a server's certificate that is not looked at */
};

#define CHECKS_OFF_UNSIGNED   "installs unsigned packages"
#define CHECKS_OFF_UNCERTAIN  "trusts a package server without its certificate"
#define CHECKS_OFF_ANY_SOURCE "trusts an unsigned package source"

/* The last has no word. */
extern const struct check_off checks_off[];

/* The programs that read settings of apt, dnf and npm on their command line. */
extern const char checks_off_apts[], checks_off_dnfs[], checks_off_npms[];

/* The row by which this program, with this word (in small letters or as it is), leaves something
 * out; NULL: none. */
const struct check_off *checks_off_find(struct str program, struct str word);

struct check_off_variable {
    const char *name, *value; /* value NULL: any that is not empty, 0 or false */
    const char *what;
    bool server;
};

/* The last has no name. */
extern const struct check_off_variable checks_off_variables[];

const struct check_off_variable *checks_off_variable(struct str name, struct str value);

#endif
