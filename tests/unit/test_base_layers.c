/* test_base_layers: histories as builders leave them, and where each has its seam. */
#include "facts/base_layers.h"

#include "lib/fixture.h"
#include "lib/tap.h"

#define NOP "/bin/sh -c #(nop) "
#define KIT .comment = STR_INIT("buildkit.dockerfile.v0")
#define LINE(s)                                                                                    \
    {                                                                                              \
        .created_by = STR_INIT(s)                                                                  \
    }
#define EMPTY(s)                                                                                   \
    {                                                                                              \
        .created_by = STR_INIT(s), .empty_layer = true                                             \
    }

static const struct {
    const char *name;
    size_t layers, history; /* of the base */
    const char *evidence, *base;
    size_t n_layers; /* of the image */
    struct image_history h[10];
} table[] = {
    {"debian and a Dockerfile, classic",
     1,
     2,
     "history[1], CMD [\"bash\"], has layers",
     "",
     2,
     {LINE(NOP "ADD file:1 in / "), EMPTY(NOP " CMD [\"bash\"]"), LINE("/bin/sh -c apt-get update"),
      EMPTY(NOP " CMD [\"server\"]")}},
    {"the base's base",
     2,
     5,
     "history[4]",
     "",
     3,
     {LINE(NOP "ADD file:1 in / "), EMPTY(NOP " CMD [\"bash\"]"), LINE("/bin/sh -c install python"),
      EMPTY(NOP " ENV A=b"), EMPTY(NOP " CMD [\"python3\"]"), LINE(NOP "COPY file:2 in /app "),
      EMPTY(NOP " CMD [\"app\"]")}},
    {"classic base, BuildKit above",
     2,
     3,
     "up to history[2] are another builder's",
     "",
     3,
     {LINE(NOP "ADD file:1 in / "),
      EMPTY(NOP " CMD [\"bash\"]"),
      LINE("/bin/sh -c install"),
      {.created_by = STR_INIT("COPY a b # buildkit"), KIT},
      {.created_by = STR_INIT("CMD [\"a\"]"), KIT, .empty_layer = true}}},
    {"debian made by debuerreotype",
     1,
     1,
     "up to history[0] are another builder's",
     "",
     2,
     {{.created_by = STR_INIT("# debian.sh --arch 'amd64' out/ 'bookworm' '@1'"),
       .comment = STR_INIT("debuerreotype 0.15")},
      {.created_by = STR_INIT("RUN /bin/sh -c a # buildkit"), KIT}}},
    {"all BuildKit: the base's command",
     1,
     2,
     "history[1], CMD",
     "",
     2,
     {{.created_by = STR_INIT("ADD alpine.tar.gz / # buildkit"), KIT},
      {.created_by = STR_INIT("CMD [\"/bin/sh\"]"), KIT, .empty_layer = true},
      {.created_by = STR_INIT("COPY a b # buildkit"), KIT}}},
    {"buildah says it",
     1,
     2,
     "built FROM docker.io/library/alpine:3.20",
     "docker.io/library/alpine:3.20",
     3,
     {LINE(NOP "ADD file:1 in / "),
      {.created_by = STR_INIT(NOP " CMD [\"/bin/sh\"]"),
       .created = STR_INIT("2026-01-02T03:04:05Z"),
       .empty_layer = true},
      {.created_by = STR_INIT("/bin/sh -c apk add a"),
       .created = STR_INIT("2026-01-04T03:04:05Z"),
       .comment = STR_INIT("FROM docker.io/library/alpine:3.20")},
      {.created_by = STR_INIT("/bin/sh -c b"), .comment = STR_INIT("FROM 0123456789abcdef")}}},
    {"buildah at once, without --layers",
     3,
     4,
     "built FROM localhost/base:1",
     "localhost/base:1",
     4,
     {LINE(NOP "COPY file:1 in /bin/sh "),
      {.created_by = STR_INIT(NOP "COPY file:2 in / "), .comment = STR_INIT("FROM 0123456789ab")},
      {.created_by = STR_INIT(NOP "COPY file:3 in / "), .comment = STR_INIT("FROM 0123456789ab")},
      {.created_by = STR_INIT(NOP "CMD [\"/bin/sh\"]"),
       .comment = STR_INIT("FROM 0123456789ab"),
       .empty_layer = true},
      EMPTY(NOP "ARG T"),
      EMPTY("|1 T=x /bin/sh -c T=$T true"),
      EMPTY("/bin/sh -c echo hi > /x"),
      {.created_by = STR_INIT(NOP "CMD [\"/bin/sh\"]"),
       .comment = STR_INIT("FROM localhost/base:1")}}},
    {"buildah at once, on what it made at once",
     1,
     2,
     "built FROM localhost/base:1",
     "localhost/base:1",
     2,
     {EMPTY(NOP "COPY file:1 in /bin/sh "),
      LINE(NOP "CMD [\"/bin/sh\"]"),
      EMPTY("|1 T=x /bin/sh -c T=$T true"),
      {.created_by = STR_INIT("/bin/sh -c b"), .comment = STR_INIT("FROM localhost/base:1")}}},
    {"buildah at once, a stage FROM a stage",
     1,
     1,
     "built FROM localhost/base:1",
     "localhost/base:1",
     3,
     {LINE(NOP "COPY file:1 in /bin/sh "),
      EMPTY("|1 T=x /bin/sh -c T=$T true"),
      {.created_by = STR_INIT("/bin/sh -c b"), .comment = STR_INIT("FROM localhost/base:1")},
      {.created_by = STR_INIT("/bin/sh -c c"), .comment = STR_INIT("FROM 0123456789ab")}}},
    {"buildah at once, FROM an id: a command in the midst is ours",
     1,
     1,
     "history[2], CMD",
     "",
     2,
     {LINE(NOP "ADD file:1 in /usr "),
      EMPTY("|1 T=x /bin/sh -c T=$T true"),
      EMPTY(NOP "CMD [\"/bin/sh\"]"),
      {.created_by = STR_INIT("/bin/sh -c b"), .comment = STR_INIT("FROM 0123456789ab")}}},
    {"ko on distroless",
     2,
     2,
     "another builder's",
     "",
     3,
     {{.created_by = STR_INIT("bazel build //base"), .author = STR_INIT("Bazel")},
      {.created_by = STR_INIT("bazel build //base"), .author = STR_INIT("Bazel")},
      {.created_by = STR_INIT("ko build ko://x"), .author = STR_INIT("ko")}}},
    {"a root file system, no command",
     1,
     1,
     "adds a root file system as a whole",
     "",
     2,
     {{.created_by = STR_INIT("ADD rootfs.tar.xz / # buildkit"), KIT},
      {.created_by = STR_INIT("RUN x # buildkit"), KIT}}},
    {"ours: from scratch",
     0,
     0,
     "no seam",
     "",
     2,
     {{.created_by = STR_INIT("COPY a / # buildkit"), KIT},
      {.created_by = STR_INIT("COPY b / # buildkit"), KIT},
      {.created_by = STR_INIT("CMD [\"a\"]"), KIT, .empty_layer = true},
      {.created_by = STR_INIT("EXPOSE 80"), KIT, .empty_layer = true}}},
    {"ours: one layer", 0, 0, "no seam", "", 1, {LINE("packed")}},
    {"does not fit the layers",
     0,
     0,
     "tells of 1 layers, and there are 2",
     "",
     2,
     {LINE(NOP "ADD file:1 in / "), EMPTY(NOP " CMD [\"bash\"]")}},
    {"no history", 0, 0, "no history", "", 2, {{.empty_layer = false}}},
};

static void check(struct arena *a, size_t i)
{
    struct image image = {.n_layers = table[i].n_layers};
    struct facts_base_layers got;
    while (image.config.n_history < 10 && table[i].h[image.config.n_history].created_by.n)
        image.config.n_history++;
    image.config.history = (struct image_history *)table[i].h;
    facts_base_layers_guess(a, &image, &got);
    ok(got.layers == table[i].layers && got.history == table[i].history,
       "%s: %zu layers, %zu lines", table[i].name, got.layers, got.history);
    if (!ok(str_has(got.evidence, str_of(table[i].evidence)), "%s: evidence", table[i].name))
        printf("# " STR_F "\n", STR_A(got.evidence));
    is_str(got.name, table[i].base, "%s: name", table[i].name);
}

static void test_settings(struct arena *a)
{
    struct image_history history[] = {LINE(NOP "ADD file:1 in / "), EMPTY(NOP " ENV PATH=/bin"),
                                      EMPTY(NOP " ENV A=1 B=2"),    EMPTY(NOP " LABEL x=1"),
                                      EMPTY(NOP " CMD [\"sh\"]"),   EMPTY(NOP " ENV B=3 C=4"),
                                      LINE("/bin/sh -c x")};
    struct str env[] = {STR("PATH=/bin"), STR("A=1"), STR("B=3"), STR("C=4")};
    struct str_pair labels[] = {{STR("x"), STR("1")}, {STR("y"), STR("1")}};
    struct image image = {
        .n_layers = 2,
        .config = {.history = history, .n_history = 7, .env = {env, 4}, .labels = {labels, 2}}};
    struct facts_base_layers got;
    facts_base_layers_guess(a, &image, &got);
    is_int(got.settings.n, 3, "three settings are the base's");
    is_str(got.settings.v[0], "Env[0]", "PATH");
    is_str(got.settings.v[1], "Env[1]", "A, and not B, which was set anew");
    is_str(got.settings.v[2], "Labels[0]", "a label");
}

static struct image *made(struct arena *a, const struct fixture_entry *one,
                          const struct fixture_entry *two)
{
    struct fixture_layer layers[] = {{one}, {two}, {0}};
    return fixture_image(a, layers, "{\"Env\":[\"A=1\"]}");
}

static void test_given(struct arena *a)
{
    static const struct fixture_entry one[] = {{"f", "a", .content = "a"}, {0}},
                                      two[] = {{"f", "b", .content = "b"}, {0}};
    struct err e = {0};
    struct facts_base_layers got;
    struct image *both = made(a, one, two), *base = made(a, one, NULL), *other = made(a, two, NULL);
    ok(facts_base_layers_given(a, both, base, &got, &e) == 0 && got.layers == 1 && got.sure,
       "given: one layer is the base's");
    is_int(got.history, 1, "given: and one line");
    is_int(got.settings.n, 1, "given: and its environment");
    ok(got.digest.n > 0, "given: its digest is known");
    is_err(facts_base_layers_given(a, both, other, &got, &e), e, ERR_INPUT,
           "is not the base of this image: its layer 0 is sha256:", "given: another's layers");
    is_err(facts_base_layers_given(a, base, both, &got, &e), e, ERR_INPUT,
           "it has 2 layers, the image 1", "given: more layers than the image");
    ok(facts_base_layers_given(a, both, both, &got, &e) == 0 && got.layers == 2,
       "given: an image is its own base");
    image_close(both);
    image_close(base);
    image_close(other);
}

int main(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        check(&a, i);
    test_settings(&a);
    test_given(&a);
    fixture_end();
    arena_free(&a);
    return done_testing();
}
