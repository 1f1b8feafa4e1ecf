/* late_curl: libcurl, which brings 30 libraries with it. */
#ifndef BASE_LATE_CURL_H
#define BASE_LATE_CURL_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/late.h"

#define LATE_CURL_FUNCTIONS(X)                                                                     \
    X(curl_easy_init)                                                                              \
    X(curl_easy_cleanup)                                                                           \
    X(curl_easy_setopt)                                                                            \
    X(curl_easy_getinfo)                                                                           \
    X(curl_easy_perform)                                                                           \
    X(curl_easy_strerror)                                                                          \
    X(curl_multi_init)                                                                             \
    X(curl_multi_cleanup)                                                                          \
    X(curl_multi_add_handle)                                                                       \
    X(curl_multi_remove_handle)                                                                    \
    X(curl_multi_perform)                                                                          \
    X(curl_multi_poll)                                                                             \
    X(curl_multi_info_read)

struct late_curl {
    LATE_CURL_FUNCTIONS(LATE_POINTER)
};

/* As late_load(). */
int late_curl_load(struct err *e) MUST_USE;
const struct late_curl *late_curl(void); /* loads it, too */

#ifndef LATE_ITSELF
#undef curl_easy_setopt
#undef curl_easy_getinfo
#define curl_easy_init           late_curl()->curl_easy_init
#define curl_easy_cleanup        late_curl()->curl_easy_cleanup
#define curl_easy_setopt         late_curl()->curl_easy_setopt
#define curl_easy_getinfo        late_curl()->curl_easy_getinfo
#define curl_easy_perform        late_curl()->curl_easy_perform
#define curl_easy_strerror       late_curl()->curl_easy_strerror
#define curl_multi_init          late_curl()->curl_multi_init
#define curl_multi_cleanup       late_curl()->curl_multi_cleanup
#define curl_multi_add_handle    late_curl()->curl_multi_add_handle
#define curl_multi_remove_handle late_curl()->curl_multi_remove_handle
#define curl_multi_perform       late_curl()->curl_multi_perform
#define curl_multi_poll          late_curl()->curl_multi_poll
#define curl_multi_info_read     late_curl()->curl_multi_info_read
#endif

#endif
