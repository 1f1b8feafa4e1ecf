/* fuzz_config: any bytes as an image's config; what was read can be changed and read again. */
#include "image/image_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct err e;
    struct image_config c, again;
    struct image_config_edit edit = {0};
    struct str text = {(const char *)data, n};
    if (image_config_read(text, &a, &c, &e) == 0) {
        edit.env = &c.env;
        edit.entrypoint = &c.entrypoint;
        edit.exposed_ports = &c.exposed_ports;
        edit.healthcheck = &c.healthcheck;
        edit.labels = c.labels;
        edit.diff_ids = c.diff_ids;
        edit.n_diff_ids = c.n_diff_ids;
        edit.history = c.history;
        edit.n_history = c.n_history;
        if (image_config_write(&a, text, &edit, &text, &e) ||
            image_config_read(text, &a, &again, &e) || again.env.n != c.env.n)
            __builtin_trap();
    }
    arena_free(&a);
    return 0;
}
