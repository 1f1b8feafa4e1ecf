/* A config with changes, and with what it does not know left alone. */
#include "image/image_write.h"
#include "lib/tap.h"

int main(void)
{
    struct arena a = {0};
    struct str got, user = STR("5678");
    struct str words[] = {STR_INIT("/server")};
    struct strs entrypoint = {words, 1}, none = {0};
    struct digest id = {{1}};
    struct image_history line = {.created_by = STR("shuck")};
    struct str_pair label = {STR_INIT("k"), STR_INIT("new")};
    struct image_config_edit edit = {.user = &user,
                                     .entrypoint = &entrypoint,
                                     .cmd = &none,
                                     .labels = {&label, 1},
                                     .diff_ids = &id,
                                     .n_diff_ids = 1,
                                     .history = &line,
                                     .n_history = 1};
    struct err e = {0};
    is_int(image_config_write(
               &a,
               STR("{\"x.unknown\":[1.5],\"config\":{\"Cmd\":[\"sh\"],\"StopSignal\":\"SIGQUIT\","
                   "\"Labels\":{\"k\":\"old\",\"l\":\"m\"},\"Mystery\":{\"a\":null}},"
                   "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]},\"os\":\"linux\"}"),
               &edit, &got, &e),
           0, "writes: %s", e.text);
    is_str(got,
           "{\"x.unknown\":[1.5],\"config\":{\"StopSignal\":\"SIGQUIT\",\"Labels\":{\"k\":\"new\","
           "\"l\":\"m\"},\"Mystery\":{\"a\":null},\"User\":\"5678\",\"Entrypoint\":[\"/server\"]},"
           "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:"
           "0100000000000000000000000000000000000000000000000000000000000000\"]},\"os\":\"linux\","
           "\"history\":[{\"created_by\":\"shuck\"}]}",
           "unknown keys pass through, layers are the edit's");
    is_err(image_config_write(&a, STR("[]"), &edit, &got, &e), e, ERR_INPUT, "object", "no object");
    is_err(image_config_write(&a, STR("{"), &edit, &got, &e), e, ERR_INPUT, "config", "no JSON");
    arena_free(&a);
    return done_testing();
}
