/* Config bytes to values. */
#include "image/image.h"
#include "lib/tap.h"

#define ROOTFS "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}"

int main(void)
{
    static const struct {
        const char *text, *why;
    } bad[] = {
        {"", "line 1"},
        {"null", "not a JSON object"},
        {"{}", "rootfs"},
        {"{\"rootfs\":{\"type\":\"x\",\"diff_ids\":[]}}", "\"x\""},
        {"{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:\"]}}", "diff id 0"},
        {"{\"os\":3," ROOTFS "}", "\"os\""},
        {"{\"config\":{\"Env\":[3]}," ROOTFS "}", "Env"},
        {"{\"config\":{\"Env\":[],\"Env\":[]}," ROOTFS "}", "duplicate"},
        {"{\"config\":{\"User\":\"\\u0000\"}," ROOTFS "}", "NUL"},
        {"{\"config\":[]," ROOTFS "}", "config"},
        {"{\"history\":[1]," ROOTFS "}", "history 0"},
    };
    struct arena a = {0};
    struct image_config c;
    struct err e = {0};
    is_int(image_config_read(
               STR("{\"architecture\":\"arm64\",\"variant\":\"v8\",\"os\":\"linux\",\"config\":{"
                   "\"User\":\"5678\",\"Env\":[\"A=b\"],\"Cmd\":\"ls\",\"Entrypoint\":[\"/x\"],"
                   "\"ExposedPorts\":{\"80/tcp\":{}},\"Volumes\":null,\"Labels\":{\"k\":\"v\"},"
                   "\"Healthcheck\":{\"Test\":[\"CMD\",\"/h\"],\"Interval\":5000000000}},"
                   "\"history\":[{\"created_by\":\"one\",\"empty_layer\":true}]," ROOTFS "}"),
               &a, &c, &e),
           0, "a config: %s", e.text);
    is_str(c.platform.arch, "arm64", "architecture");
    is_str(c.user, "5678", "user");
    ok(c.cmd.n == 1 && str_is(c.cmd.v[0], "ls"), "a command as one string");
    ok(c.exposed_ports.n == 1 && c.volumes.n == 0 && c.labels.n == 1, "lists");
    ok(c.healthcheck.set && c.healthcheck.interval == 5000000000, "health check");
    ok(c.n_history == 1 && c.history[0].empty_layer, "history");
    is_int(image_config_read(STR("{\"config\":null," ROOTFS "}"), &a, &c, &e), 0, "null config");
    ok(!c.healthcheck.set && !c.user.n && !c.env.n, "is empty");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        is_err(image_config_read(str_of(bad[i].text), &a, &c, &e), e, ERR_INPUT, bad[i].why,
               "refused: %s", bad[i].why);
    arena_free(&a);
    return done_testing();
}
