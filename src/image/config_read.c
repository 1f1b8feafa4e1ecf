/* config_read: config bytes → struct image_config.
 *
 * Invariants
 * 1. Absent and null are alike: empty. (test_config_read: null config)
 * 2. history gets its place only by what it says; the layer it belongs to is for image_open() to
 *    find. (test_image_open: history)
 */
#include "base/json.h"
#include "base/limits.h"
#include "image/image.h"

/* Docker took a command as one string before it took lists; such images still exist. */
static int get_command(const json_t *obj, const char *key, struct arena *a, struct strs *ret,
                       struct err *e)
{
    if (!json_is_string(json_object_get(obj, key)))
        return json_get_strs(obj, key, a, ret, e);
    struct strs one = {arena_new(a, struct str), 1};
    if (json_get_str(obj, key, a, one.v, e))
        return -1;
    *ret = one;
    return 0;
}

static int read_healthcheck(const json_t *obj, struct arena *a, struct image_healthcheck *h,
                            struct err *e)
{
    const json_t *j = NULL;
    if (json_get_object(obj, "Healthcheck", &j, e))
        return -1;
    if (!j)
        return 0;
    if (json_get_strs(j, "Test", a, &h->test, e) || json_get_i64(j, "Interval", &h->interval, e) ||
        json_get_i64(j, "Timeout", &h->timeout, e) ||
        json_get_i64(j, "StartPeriod", &h->start_period, e) ||
        json_get_i64(j, "Retries", &h->retries, e))
        return err_wrap(e, "Healthcheck");
    h->set = h->test.n > 0; /* without a test it only inherits */
    return 0;
}

static int read_execution(const json_t *j, struct arena *a, struct image_config *c, struct err *e)
{
    return json_get_str(j, "User", a, &c->user, e) ||
                   json_get_str(j, "WorkingDir", a, &c->workdir, e) ||
                   json_get_str(j, "StopSignal", a, &c->stop_signal, e) ||
                   json_get_strs(j, "Env", a, &c->env, e) ||
                   get_command(j, "Entrypoint", a, &c->entrypoint, e) ||
                   get_command(j, "Cmd", a, &c->cmd, e) ||
                   json_get_strs(j, "Shell", a, &c->shell, e) ||
                   json_get_strs(j, "OnBuild", a, &c->onbuild, e) ||
                   json_get_keys(j, "ExposedPorts", a, &c->exposed_ports, e) ||
                   json_get_keys(j, "Volumes", a, &c->volumes, e) ||
                   json_get_pairs(j, "Labels", a, &c->labels, e) ||
                   read_healthcheck(j, a, &c->healthcheck, e)
               ? -1
               : 0;
}

static int read_history(const json_t *j, struct arena *a, struct image_config *c, struct err *e)
{
    const json_t *list = NULL;
    if (json_get_array(j, "history", &list, e))
        return -1;
    size_t n = json_array_size(list);
    if (n > LIMIT_CONFIG_ITEMS)
        return err_set(e, ERR_INPUT, "\"history\" has %zu items; at most %d are read", n,
                       LIMIT_CONFIG_ITEMS);
    c->history = arena_array(a, struct image_history, n);
    c->n_history = n;
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        struct image_history *h = &c->history[i];
        if (!json_is_object(one))
            return err_set(e, ERR_INPUT, "history %zu is not an object", i);
        if (json_get_str(one, "created", a, &h->created, e) ||
            json_get_str(one, "created_by", a, &h->created_by, e) ||
            json_get_str(one, "author", a, &h->author, e) ||
            json_get_str(one, "comment", a, &h->comment, e) ||
            json_get_bool(one, "empty_layer", &h->empty_layer, e))
            return err_wrap(e, "history %zu", i);
    }
    return 0;
}

static int read_diff_ids(const json_t *j, struct arena *a, struct image_config *c, struct err *e)
{
    const json_t *rootfs = NULL;
    struct strs ids = {0};
    struct str type = STR("layers");
    if (json_get_object(j, "rootfs", &rootfs, e))
        return -1;
    if (!rootfs)
        return err_set(e, ERR_INPUT, "has no \"rootfs\"; is it an image's config?");
    if (json_get_str(rootfs, "type", a, &type, e) || json_get_strs(rootfs, "diff_ids", a, &ids, e))
        return err_wrap(e, "rootfs");
    if (!str_is(type, "layers"))
        return err_set(e, ERR_INPUT, "rootfs is of type \"" STR_F "\", not \"layers\"",
                       STR_A(type));
    if (ids.n > LIMIT_LAYERS)
        return err_set(e, ERR_INPUT, "has %zu diff ids; at most %d are read", ids.n, LIMIT_LAYERS);
    c->diff_ids = arena_array(a, struct digest, ids.n);
    c->n_diff_ids = ids.n;
    for (size_t i = 0; i < ids.n; i++)
        if (digest_parse(ids.v[i], &c->diff_ids[i], e))
            return err_wrap(e, "diff id %zu", i);
    return 0;
}

int image_config_read(struct str bytes, struct arena *a, struct image_config *ret, struct err *e)
{
    JSON_AUTO json_t *j = NULL;
    struct image_config c = {0};
    const json_t *execution = NULL;
    if (json_read(bytes, &j, e))
        return -1;
    if (!json_is_object(j))
        return err_set(e, ERR_INPUT, "is not a JSON object");
    if (json_get_str(j, "os", a, &c.platform.os, e) ||
        json_get_str(j, "architecture", a, &c.platform.arch, e) ||
        json_get_str(j, "variant", a, &c.platform.variant, e) ||
        json_get_str(j, "created", a, &c.created, e) ||
        json_get_str(j, "author", a, &c.author, e) || json_get_object(j, "config", &execution, e))
        return -1;
    if (execution && read_execution(execution, a, &c, e))
        return err_wrap(e, "config");
    if (read_diff_ids(j, a, &c, e) || read_history(j, a, &c, e))
        return -1;
    *ret = c;
    return 0;
}
