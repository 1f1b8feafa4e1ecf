/* curl: see curl.h. */
#define SYS_CURL_ITSELF
#include "sys/curl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

static const struct {
    const char *name;
    size_t at;
} functions[] = {
    {"curl_easy_init", offsetof(struct sys_curl, easy_init)},
    {"curl_easy_cleanup", offsetof(struct sys_curl, easy_cleanup)},
    {"curl_easy_setopt", offsetof(struct sys_curl, easy_setopt)},
    {"curl_easy_getinfo", offsetof(struct sys_curl, easy_getinfo)},
    {"curl_easy_perform", offsetof(struct sys_curl, easy_perform)},
    {"curl_easy_strerror", offsetof(struct sys_curl, easy_strerror)},
    {"curl_multi_init", offsetof(struct sys_curl, multi_init)},
    {"curl_multi_cleanup", offsetof(struct sys_curl, multi_cleanup)},
    {"curl_multi_add_handle", offsetof(struct sys_curl, multi_add_handle)},
    {"curl_multi_remove_handle", offsetof(struct sys_curl, multi_remove_handle)},
    {"curl_multi_perform", offsetof(struct sys_curl, multi_perform)},
    {"curl_multi_poll", offsetof(struct sys_curl, multi_poll)},
    {"curl_multi_info_read", offsetof(struct sys_curl, multi_info_read)},
};

/* Written once, by load() under its lock: a library that is loaded stays for the process's life. */
static struct sys_curl loaded;
static const char *failure = "it was not loaded";
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void)
{
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    failure = library ? NULL : dlerror();
    for (size_t i = 0; i < sizeof functions / sizeof *functions && !failure; i++) {
        void *function = dlsym(library, functions[i].name);
        if (!function)
            failure = dlerror();
        else
            *(void **)((char *)&loaded + functions[i].at) = function;
    }
}

int sys_curl_load(struct err *e)
{
    pthread_once(&once, load);
    return failure ? err_set(e, ERR_MACHINE,
                             "HTTP needs libcurl, which cannot be loaded (package libcurl4): %s",
                             failure)
                   : 0;
}

const struct sys_curl *sys_curl(void)
{
    return &loaded;
}
