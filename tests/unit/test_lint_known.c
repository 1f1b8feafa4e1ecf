/* Which images of a Dockerfile somebody is asked for, and where their digests would go. */
#include "lib/tap.h"
#include "lint/lint_known.h"

static struct lint_file *read_file(struct arena *a, const char *text, const struct str_pairs *args)
{
    struct lint_reading how = {.build_args = args};
    struct lint_file *f = arena_new(a, struct lint_file);
    lint_file_read(a, STR("Dockerfile"), str_of(text), &how, f);
    return f;
}

/* "debian:12 golang+": + where platforms are wanted */
static struct str wants(struct arena *a, const char *text, const struct str_pairs *args)
{
    struct lint_wants list = {0};
    struct buf b = {.a = a};
    lint_known_wants(a, read_file(a, text, args), &list);
    vec_each (&list, i)
        buf_addf(&b, "%s" STR_F "%s", i ? " " : "", STR_A(list.v[i].name),
                 list.v[i].platforms ? "+" : "");
    return buf_str(&b);
}

static void test_wants(struct arena *a)
{
    static struct str_pair arm[] = {{STR_INIT("TARGETPLATFORM"), STR_INIT("linux/arm64")}};
    static const struct str_pairs args = {arm, 1};
    static const struct {
        const char *text, *want, *what;
    } rows[] = {
        {"FROM debian:12\nFROM debian:12\n", "debian:12", "each once"},
        {"FROM scratch\nFROM a AS b\nFROM b\nCOPY --from=b / /\nCOPY --from=0 / /\n", "a",
         "no stages, and not scratch"},
        {"FROM a\nCOPY --from=ctx / /\nCOPY --from=x/y / /\nRUN --mount=from=z:1,target=/a b\n",
         "a x/y z:1", "not what may be a build context"},
        {"ARG X\nFROM $X\nFROM a$X\n", "", "not what nobody knows the name of"},
        {"FROM --platform=linux/arm64 a\nFROM --platform=$BUILDPLATFORM b\n", "a+ b",
         "platforms where one is asked for"},
        {"FROM --platform=linux/arm64 a@sha256:00\nFROM b@sha256:00\n", "a@sha256:00+",
         "platforms of what has a digest"},
        {"ARG T=1\nFROM a:$T-x\n", "", "not where a digest could not be added"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        is_str(wants(a, rows[i].text, NULL), rows[i].want, "wants: %s", rows[i].what);
    is_str(wants(a, "FROM a\n", &args), "a+", "wants: the platform that the build is given");
}

/* Why the last name has no place for a digest, or "". */
static struct str why(struct arena *a, const char *text, const struct str_pairs *args)
{
    struct lint_pins pins = {0};
    lint_pins_read(a, read_file(a, text, args), &pins);
    return str_of(pins.n && pins.v[pins.n - 1].why ? pins.v[pins.n - 1].why : "");
}

static void test_variables(struct arena *a)
{
    static struct str_pair given[] = {{STR_INIT("X"), STR_INIT("debian:12")}};
    static const struct str_pairs args = {given, 1};
    static const char elsewhere[] = "its variable is set or used elsewhere, too, or has no default";
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"ARG X=debian:12\nFROM $X\n", ""},
        {"ARG X=debian:12\nFROM $X\nRUN echo $X\n", ""}, /* another variable, and not set */
        {"ARG X=debian:12\nFROM ${X}\nFROM $X\n", elsewhere},
        {"ARG X=debian:12\nFROM $X\nARG X\nRUN echo $X\n", elsewhere},
        {"ARG X=debian:12\nARG Y=$X\nFROM $X\n", elsewhere},
        {"ARG X=debian:12\nARG XY=$XZ\nFROM $X\n", ""},
        {"ARG X1Y=debian:12\nARG Z=$X1YZ\nFROM $X1Y\n", ""},
        {"ARG X1Y=debian:12\nARG Z=${X1Y}\nFROM $X1Y\n", elsewhere},
        {"ARG X1Y=debian:12\nARG Z=${X1Y:-a}\nFROM $X1Y\n", elsewhere},
        {"ARG X=debian:12\nFROM --platform=$X $X\n", elsewhere},
        {"ARG X=debian:12\nARG X=debian:12\nFROM $X\n", elsewhere},
        {"ARG X=debian:12\nFROM ${X:-a}\n", "its name is made of more than one variable's default"},
        {"ARG X=1\nFROM a:$X\nFROM b:$X\n", elsewhere},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        is_str(why(a, rows[i].text, NULL), rows[i].why, "variables: row %zu", i);
    is_str(why(a, "ARG X=a\nFROM $X\n", &args), "its variable is given by the build",
           "variables: given");
}

static void test_lookup(struct arena *a)
{
    struct lint_image image = {.digest = STR("sha256:aa")};
    struct lint_known known = {.images = {.a = a}};
    *map_at(&known.images, STR("a:1")) = &image;
    ok(lint_known_image(&known, STR("a:1")) == &image, "by name");
    ok(lint_known_image(&known, STR("a:1@sha256:aa")) == &image, "with its digest");
    ok(!lint_known_image(&known, STR("a:1@sha256:bb")), "not with another");
    ok(!lint_known_image(&known, STR("a")), "not by another name");
    ok(!lint_known_image(NULL, STR("a")), "when nobody was asked");
}

int main(void)
{
    struct arena a = {0};
    test_wants(&a);
    test_variables(&a);
    test_lookup(&a);
    arena_free(&a);
    return done_testing();
}
