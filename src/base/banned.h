/* banned: calls whose misuse has a history become compile errors, everywhere.
 *
 * Included before every file by the Makefile. That paths are opened in sys/ only is for tools/layers
 * to see. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* macros where a compiler checks their sizes that way */
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat gets strtok system popen tmpnam  \
    mktemp
#pragma GCC poison atoi atol

#endif
