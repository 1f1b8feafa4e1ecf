/* config_write: config bytes and a change → config bytes.
 *
 * Invariants
 * 1. Keys this program does not know stay, in their places. (test_config_write: unknown)
 * 2. diff_ids and history are always the edit's own. (test_config_write: layers)
 */
#include "base/json.h"
#include "image/image_write.h"

static json_t *strings(const struct strs *list)
{
    json_t *j = json_array();
    for (size_t i = 0; i < list->n; i++)
        json_array_append_new(j, json_text(list->v[i]));
    return j;
}

static void set_text(json_t *obj, const char *key, struct str value)
{
    if (value.n)
        json_object_set_new(obj, key, json_text(value));
}

/* An empty value takes its key away: absent is how these documents say none. */
static void set_or_drop(json_t *obj, const char *key, json_t *value, bool empty)
{
    if (empty) {
        json_decref(value);
        json_object_del(obj, key);
    } else {
        json_object_set_new(obj, key, value);
    }
}

static void set_strings(json_t *obj, const char *key, const struct strs *list)
{
    if (list)
        set_or_drop(obj, key, strings(list), list->n == 0);
}

static json_t *healthcheck(const struct image_healthcheck *h)
{
    const struct {
        const char *key;
        int64_t value;
    } numbers[] = {{"Interval", h->interval},
                   {"Timeout", h->timeout},
                   {"StartPeriod", h->start_period},
                   {"Retries", h->retries}};
    json_t *j = json_object();
    json_object_set_new(j, "Test", strings(&h->test));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].value)
            json_object_set_new(j, numbers[i].key, json_integer(numbers[i].value));
    return j;
}

/* A set is an object with empty objects in it. */
static void edit_set(json_t *obj, const char *key, const struct strs *list)
{
    if (!list)
        return;
    json_t *set = json_object();
    for (size_t i = 0; i < list->n; i++)
        json_object_setn_new(set, list->v[i].p, list->v[i].n, json_object());
    set_or_drop(obj, key, set, list->n == 0);
}

static void edit_labels(json_t *obj, const struct str_pairs *labels)
{
    json_t *j = json_object_get(obj, "Labels");
    if (!labels->n)
        return;
    if (!json_is_object(j)) {
        j = json_object();
        json_object_set_new(obj, "Labels", j);
    }
    for (size_t i = 0; i < labels->n; i++)
        json_object_setn_new(j, labels->v[i].key.p, labels->v[i].key.n,
                             json_text(labels->v[i].value));
}

static json_t *history_lines(const struct image_config_edit *edit)
{
    json_t *list = json_array();
    for (size_t i = 0; i < edit->n_history; i++) {
        const struct image_history *h = &edit->history[i];
        json_t *j = json_object();
        set_text(j, "created", h->created);
        set_text(j, "created_by", h->created_by);
        set_text(j, "author", h->author);
        set_text(j, "comment", h->comment);
        if (h->empty_layer)
            json_object_set_new(j, "empty_layer", json_true());
        json_array_append_new(list, j);
    }
    return list;
}

static void edit_execution(json_t *j, const struct image_config_edit *edit)
{
    if (edit->user)
        set_or_drop(j, "User", json_text(*edit->user), edit->user->n == 0);
    edit_set(j, "ExposedPorts", edit->exposed_ports);
    edit_set(j, "Volumes", edit->volumes);
    set_strings(j, "Env", edit->env);
    set_strings(j, "Entrypoint", edit->entrypoint);
    set_strings(j, "Cmd", edit->cmd);
    if (edit->workdir)
        set_or_drop(j, "WorkingDir", json_text(*edit->workdir), edit->workdir->n == 0);
    edit_labels(j, &edit->labels);
    if (edit->healthcheck)
        set_or_drop(j, "Healthcheck", healthcheck(edit->healthcheck), !edit->healthcheck->set);
}

static void edit_layers(struct arena *a, json_t *j, const struct image_config_edit *edit)
{
    json_t *rootfs = json_object(), *ids = json_array();
    json_object_set_new(rootfs, "type", json_string("layers"));
    json_object_set_new(rootfs, "diff_ids", ids);
    for (size_t i = 0; i < edit->n_diff_ids; i++)
        json_array_append_new(ids, json_text(digest_text(a, &edit->diff_ids[i])));
    json_object_set_new(j, "rootfs", rootfs);
    json_object_set_new(j, "history", history_lines(edit));
}

int image_config_write(struct arena *a, struct str old_bytes, const struct image_config_edit *edit,
                       struct str *ret, struct err *e)
{
    JSON_AUTO json_t *j = NULL;
    if (json_read(old_bytes.n ? old_bytes : STR("{}"), &j, e))
        return err_wrap(e, "config");
    json_t *execution = json_object_get(j, "config");
    if (!json_is_object(j) || (execution && !json_is_object(execution) && !json_is_null(execution)))
        return err_set(e, ERR_INPUT, "config is not a JSON object");
    set_text(j, "created", edit->created);
    if (!json_is_object(execution)) {
        execution = json_object();
        json_object_set_new(j, "config", execution);
    }
    edit_execution(execution, edit);
    edit_layers(a, j, edit);
    *ret = json_write(a, j, 0);
    return 0;
}
