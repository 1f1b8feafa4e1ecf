/* banned: calls whose misuse has a history become compile errors, everywhere.
 *
 * Included before every file by the Makefile. Paths are opened in sys/ only, which defines
 * SYS_MAY_OPEN before its includes. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat gets strtok system popen tmpnam  \
    mktemp
#pragma GCC poison atoi atol

#endif
