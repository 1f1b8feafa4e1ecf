/* Any bytes as .hadolint.yaml: read or refused with a place, both ways; and as variables. */
#include <stdint.h>

#include "lint/lint_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const names[] = {"HADOLINT_IGNORE", "HADOLINT_REQUIRE_LABELS",
                                        "HADOLINT_FAILURE_THRESHOLD", "HADOLINT_NOFAIL"};
    struct arena a = {0};
    struct str text = {(const char *)data, n};
    struct lint_layer file = {0}, environment = {0};
    struct lint_config config;
    struct lint_settings settings;
    struct err e = {0};
    struct str_pair pairs[sizeof names / sizeof *names];
    struct str_pairs all = {pairs, sizeof names / sizeof *names};
    int rc = lint_config_read(&a, text, STR("x"), n % 2, &file, &e);
    if (rc && (e.kind != ERR_INPUT || strncmp(e.text, "x:", 2) != 0))
        abort();
    for (size_t i = 0; i < all.n; i++)
        pairs[i] = (struct str_pair){str_of(names[i]), text};
    if (lint_config_environment(&a, &all, &environment, &e) && e.kind != ERR_USAGE)
        abort();
    lint_lay(&a, &file, &environment);
    lint_settle(&file, &config, &settings);
    if (!settings.format.n || config.ignored.n != file.ignored.n)
        abort();
    arena_free(&a);
    return 0;
}
