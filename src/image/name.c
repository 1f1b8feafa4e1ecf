/* name: "transport:path[:ref]" ⇄ struct image_name.
 *
 * Invariants
 * 1. image_name_parse(image_name_text(n)) is n. (test_name: round)
 * 2. The text alone decides; no file is looked at. (test_name)
 */
#include "image/image.h"

enum { NO_REF = 1 };

static const struct {
    struct str prefix;
    enum image_transport transport;
    int flags; /* NO_REF: everything after the prefix is the path */
} forms[] = {
    {STR_INIT("docker-archive:"), IMAGE_DOCKER_ARCHIVE, 0},
    {STR_INIT("oci:"), IMAGE_OCI, 0},
    {STR_INIT("oci-archive:"), IMAGE_OCI_ARCHIVE, 0},
    {STR_INIT("dir:"), IMAGE_DIR, NO_REF},
    {STR_INIT("docker-daemon:"), IMAGE_DOCKER_DAEMON, NO_REF},
    {STR_INIT("docker://"), IMAGE_REGISTRY, NO_REF},
    {STR_INIT("containers-storage:"), IMAGE_STORAGE, NO_REF},
};

int image_name_parse(struct arena *a, struct str text, struct image_name *ret, struct err *e)
{
    struct image_name name = {.transport = IMAGE_AUTO, .path = text};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!str_starts(text, forms[i].prefix))
            continue;
        name.transport = forms[i].transport;
        name.path = str_from(text, forms[i].prefix.n);
        if (forms[i].flags & NO_REF)
            break;
        if (str_cut(name.path, ':', &name.path, &name.ref) && !name.ref.n)
            return err_set(e, ERR_USAGE, "\"" STR_F "\" ends in a colon with no tag after it",
                           STR_A(text));
        break;
    }
    if (!name.path.n)
        return err_set(e, ERR_USAGE,
                       "\"" STR_F "\" names no image; the forms are docker-archive:FILE[:REF], "
                       "oci:DIR[:TAG], oci-archive:FILE[:TAG], dir:ROOTFS, docker-daemon:NAME, "
                       "containers-storage:NAME, or a bare path",
                       STR_A(text));
    name.path = str_dup0(a, name.path);
    name.ref = str_dup0(a, name.ref);
    *ret = name;
    return 0;
}

struct str image_name_text(struct arena *a, const struct image_name *name)
{
    struct str prefix = {0};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].transport == name->transport)
            prefix = forms[i].prefix;
    return str_fmt(a, STR_F STR_F "%s" STR_F, STR_A(prefix), STR_A(name->path),
                   name->ref.n ? ":" : "", STR_A(name->ref));
}
