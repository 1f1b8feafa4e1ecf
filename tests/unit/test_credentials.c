/* What config.json and auth.json of docker and podman say of one registry. */
#include "image/credentials.h"
#include "lib/tap.h"

/* "USER/PASSWORD IDENTITY <HELPER" */
static struct str said(struct arena *a, const char *json, const char *image)
{
    struct reference r;
    struct credentials_said s = {0};
    struct err e = {0};
    if (reference_parse(a, str_of(image), &r, &e) || credentials_read(a, str_of(json), &r, &s, &e))
        return str_dup(a, str_of(e.text));
    return str_fmt(a, STR_F "%s" STR_F "%s" STR_F "%s" STR_F, STR_A(s.c.user),
                   s.c.user.n ? "/" : "", STR_A(s.c.password), s.c.identity.n ? "!" : "",
                   STR_A(s.c.identity), s.helper.n ? "<" : "", STR_A(s.helper));
}

static void test_keys(struct arena *a)
{
    static const char json[] =
        "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"aHViOnBhc3M6d29yZA==\"},"
        "\"registry.example\":{\"auth\":\"YTpi\"},\"registry.example/team\":{\"auth\":\"YzpkZQ\"},"
        "\"https://other.example/v2/\":{\"username\":\"u\",\"password\":\"p\"},"
        "\"localhost:5000\":{\"identitytoken\":\"id\"},\"empty.example\":{}},"
        "\"credHelpers\":{\"helped.example\":\"some-helper\"},\"HttpHeaders\":{}}";
    static const struct {
        const char *image, *want;
    } rows[] = {
        {"debian:12", "hub/pass:word"},
        {"docker.io/team/web", "hub/pass:word"},
        {"registry.example/web", "a/b"},
        {"registry.example/team/web", "c/de"},
        {"registry.example/teammate/web", "a/b"},
        {"registry.example.org/web", ""},
        {"registry.example:5000/web", ""},
        {"other.example/x", "u/p"},
        {"localhost:5000/x", "!id"},
        {"localhost:500/x", ""},
        {"empty.example/x", ""},
        {"helped.example/x", "<some-helper"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        is_str(said(a, json, rows[i].image), rows[i].want, "keys: %s", rows[i].image);
    is_str(said(a, "{\"credsStore\":\"store\",\"credHelpers\":{\"a.example\":\"b\"}}", "x"),
           "<store", "the store is for all");
    is_str(
        said(a, "{\"credsStore\":\"store\",\"credHelpers\":{\"a.example\":\"b\"}}", "a.example/x"),
        "<b", "but for those that have a helper");
    is_str(said(a, "{}", "x"), "", "nothing at all");
}

static void test_bad(struct arena *a)
{
    static const struct {
        const char *json, *words;
    } rows[] = {
        {"", "line"},
        {"[]", "is no JSON object"},
        {"{\"auths\":{\"a\":{\"password\":\"secret\n\"}}}", "line 1 column 33: unexpected newline"},
        {"{\"auths\":{\"a\":{\"password\":secret}}}", "invalid token"},
        {"{\"auths\":[]}", "auths"},
        {"{\"auths\":{\"a.example\":\"secret\"}}", "is no object"},
        {"{\"auths\":{\"a.example\":{\"auth\":\"secret!\"}}}", "is no base64"},
        {"{\"auths\":{\"a.example\":{\"auth\":\"c2VjcmV0\"}}}", "is not USER:PASSWORD"},
        {"{\"auths\":{\"a.example\":{\"auth\":\"=\"}}}", "a.example"},
        {"{\"credsStore\":\"../secret\"}", "names a helper as no program is called"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str got = said(a, rows[i].json, "a.example/x");
        ok(str_has(got, str_of(rows[i].words)) && !str_has(got, STR("secret")),
           "bad and silent: row %zu: " STR_F, i, STR_A(got));
    }
}

static void test_helper(struct arena *a)
{
    struct credentials c = {0};
    struct err e = {0};
    ok(!credentials_read_helper(a, STR("{\"ServerURL\":\"s\",\"Username\":\"u\",\"Secret\":\"p\"}"),
                                &c, &e) &&
           str_is(c.user, "u") && str_is(c.password, "p"),
       "a helper's answer");
    ok(!credentials_read_helper(a, STR("{\"Username\":\"<token>\",\"Secret\":\"p\"}"), &c, &e) &&
           !c.user.n && str_is(c.identity, "p"),
       "a helper's identity token");
    is_err(credentials_read_helper(a, STR("secret"), &c, &e), e, ERR_INPUT, "cannot be read",
           "another answer");
    ok(!strstr(e.text, "secret"), "of which nothing is shown");
}

int main(void)
{
    struct arena a = {0};
    test_keys(&a);
    test_bad(&a);
    test_helper(&a);
    arena_free(&a);
    return done_testing();
}
