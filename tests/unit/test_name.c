/* "transport:path[:ref]" both ways. */
#include "image/image.h"
#include "lib/tap.h"

int main(void)
{
    static const struct {
        const char *text;
        enum image_transport transport;
        const char *path, *ref;
    } good[] = {
        {"docker-archive:a.tar", IMAGE_DOCKER_ARCHIVE, "a.tar", ""},
        {"docker-archive:a.tar:host:5000/web:v1", IMAGE_DOCKER_ARCHIVE, "a.tar",
         "host:5000/web:v1"},
        {"oci:dir:v1", IMAGE_OCI, "dir", "v1"},
        {"oci:/x/dir", IMAGE_OCI, "/x/dir", ""},
        {"oci-archive:f.tar:t", IMAGE_OCI_ARCHIVE, "f.tar", "t"},
        {"dir:root:fs", IMAGE_DIR, "root:fs", ""},
        {"docker-daemon:web:v1", IMAGE_DOCKER_DAEMON, "web:v1", ""},
        {"containers-storage:[vfs@/x]web:v1", IMAGE_STORAGE, "[vfs@/x]web:v1", ""},
        {"docker://host/web:v1", IMAGE_REGISTRY, "host/web:v1", ""},
        {"image.tar", IMAGE_AUTO, "image.tar", ""},
        {"web:v1", IMAGE_AUTO, "web:v1", ""},
    };
    static const char *const bad[] = {"", "oci:", "oci::v1", "dir:", "docker://", "oci:dir:"};
    struct arena a = {0};
    struct image_name name;
    struct err e = {0};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct str text = str_of(good[i].text);
        if (!ok(image_name_parse(&a, text, &name, &e) == 0, "parses %s", good[i].text))
            continue;
        is_int(name.transport, good[i].transport, "transport of %s", good[i].text);
        is_str(name.path, good[i].path, "path of %s", good[i].text);
        is_str(name.ref, good[i].ref, "ref of %s", good[i].text);
        is_str(image_name_text(&a, &name), good[i].text, "round trip");
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        is_err(image_name_parse(&a, str_of(bad[i]), &name, &e), e, ERR_USAGE, "", "refuses \"%s\"",
               bad[i]);
    arena_free(&a);
    return done_testing();
}
