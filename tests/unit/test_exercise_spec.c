#include "road/exercise_spec.h"

#include <signal.h>

#include "lib/tap.h"

static struct arena a;

static struct image image_of(struct image_config config)
{
    return (struct image){.config = config};
}

static void test_start(void)
{
    struct err e = {0};
    struct str entry[] = {STR("/web")}, cmd[] = {STR("-x"), STR("y")},
               port[] = {STR("8080/tcp"), STR("53/udp")};
    struct image image = image_of((struct image_config){.entrypoint = {entry, 1},
                                                        .cmd = {cmd, 2},
                                                        .exposed_ports = {port, 2},
                                                        .stop_signal = STR("SIGQUIT")});
    struct facts f = {.image = &image};
    struct exercise_plan plan;
    ok(!exercise_plan(&a, &f, &(struct exercise_wish){0}, &plan, &e), "a config");
    ok(plan.argv.n == 3 && str_is(plan.argv.v[2], "y"), "entrypoint, then cmd");
    ok(plan.env.n == 1 && str_starts(plan.env.v[0], STR("PATH=/usr/local/sbin:")), "a PATH");
    is_str(plan.cwd, "/", "a folder");
    is_int(plan.exercise.stop_signal, SIGQUIT, "its stop signal");
    ok(plan.exercise.n_ports == 1 && plan.exercise.ports[0] == 8080, "tcp ports only");
    ok(plan.guessed_http && plan.exercise.n_https == 1, "a request is guessed");

    struct str http[] = {STR("GET:/a?b=c"), STR("POST::81/x=y=z")}, args[] = {STR("other")};
    struct exercise_wish wish = {.https = {http, 2}, .arguments = {args, 1}};
    ok(!exercise_plan(&a, &f, &wish, &plan, &e), "wishes");
    ok(plan.argv.n == 2 && str_is(plan.argv.v[1], "other"), "arguments replace cmd");
    ok(!plan.guessed_http && plan.exercise.n_https == 2, "requests");
    is_str(plan.exercise.https[0].path, "/a?b=c", "a GET keeps its query");
    ok(plan.exercise.https[1].port == 81 && str_is(plan.exercise.https[1].body, "y=z"), "a POST");
}

static void test_refused(void)
{
    struct err e = {0};
    struct str entry[] = {STR("/web")};
    struct image image = image_of((struct image_config){.entrypoint = {entry, 1}}), none = {0};
    struct facts f = {.image = &image}, empty = {.image = &none};
    struct exercise_plan plan;
    static const char *const bad[] = {"/", "GET", "GET:x/", "GET:0/", ":/", "GET::99999/"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct str one = str_of(bad[i]);
        struct exercise_wish wish = {.https = {&one, 1}};
        is_err(exercise_plan(&a, &f, &wish, &plan, &e), e, ERR_USAGE, "forms:", "refused: %s",
               bad[i]);
    }
    is_err(exercise_plan(&a, &empty, &(struct exercise_wish){0}, &plan, &e), e, ERR_INPUT,
           "Entrypoint", "nothing to run");
}

int main(void)
{
    test_start();
    test_refused();
    is_int(exercise_signal(STR("TERM")), SIGTERM, "TERM");
    is_int(exercise_signal(STR("3")), 3, "a number");
    is_int(exercise_signal(STR("NOPE")), 0, "none");
    arena_free(&a);
    return done_testing();
}
