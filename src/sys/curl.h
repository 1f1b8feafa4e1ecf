/* curl: libcurl, loaded when it is first needed.
 *
 * It brings 30 libraries with it, which cost more than half of the start of every command, most of
 * which never speak HTTP (bench: start). So it is not linked: whoever includes this header instead
 * of curl's own has called sys_curl_load() before the first call of it. */
#ifndef SYS_CURL_H
#define SYS_CURL_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/err.h"

/* Once is enough; again costs nothing. ERR_MACHINE: libcurl is not installed. */
int sys_curl_load(struct err *e) MUST_USE;

struct sys_curl {
    __typeof__(&curl_easy_init) easy_init;
    __typeof__(&curl_easy_cleanup) easy_cleanup;
    __typeof__(&curl_easy_setopt) easy_setopt;
    __typeof__(&curl_easy_getinfo) easy_getinfo;
    __typeof__(&curl_easy_perform) easy_perform;
    __typeof__(&curl_easy_strerror) easy_strerror;
    __typeof__(&curl_multi_init) multi_init;
    __typeof__(&curl_multi_cleanup) multi_cleanup;
    __typeof__(&curl_multi_add_handle) multi_add_handle;
    __typeof__(&curl_multi_remove_handle) multi_remove_handle;
    __typeof__(&curl_multi_perform) multi_perform;
    __typeof__(&curl_multi_poll) multi_poll;
    __typeof__(&curl_multi_info_read) multi_info_read;
};
const struct sys_curl *sys_curl(void); /* what was loaded */

#ifndef SYS_CURL_ITSELF
#undef curl_easy_setopt
#undef curl_easy_getinfo
#define curl_easy_init           sys_curl()->easy_init
#define curl_easy_cleanup        sys_curl()->easy_cleanup
#define curl_easy_setopt         sys_curl()->easy_setopt
#define curl_easy_getinfo        sys_curl()->easy_getinfo
#define curl_easy_perform        sys_curl()->easy_perform
#define curl_easy_strerror       sys_curl()->easy_strerror
#define curl_multi_init          sys_curl()->multi_init
#define curl_multi_cleanup       sys_curl()->multi_cleanup
#define curl_multi_add_handle    sys_curl()->multi_add_handle
#define curl_multi_remove_handle sys_curl()->multi_remove_handle
#define curl_multi_perform       sys_curl()->multi_perform
#define curl_multi_poll          sys_curl()->multi_poll
#define curl_multi_info_read     sys_curl()->multi_info_read
#endif

#endif
