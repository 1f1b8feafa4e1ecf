/* test_exercise: an exercise → how long its container may run. */
#include "sandbox/inside.h"

#include "lib/tap.h"

int main(void)
{
    struct strs words = {0};
    struct str scripts[] = {STR_INIT("make test"), STR_INIT("sleep 200")};
    struct exercise_http https[2] = {0};
    struct image_healthcheck slow = {.set = true, .timeout = 60000000000};
    struct exercise ex = {0};
    int64_t plain = exercise_most_ms(&ex);
    ok(plain >= 40000, "starting and stopping have their usual time");
    ex.stop_timeout_ms = 100000;
    ok(exercise_most_ms(&ex) - plain == 90000, "or what was asked for");
    ex.stop_timeout_ms = 0;
    ex.scripts = (struct strs){scripts, 2};
    ok(exercise_most_ms(&ex) - plain >= 600000, "two scripts of five minutes fit");
    ex = (struct exercise){.execs = &words, .n_execs = 1, .https = https, .n_https = 2};
    ok(exercise_most_ms(&ex) - plain >= 70000, "a command and two requests fit");
    ex = (struct exercise){.health = &slow};
    int64_t slow_ms = exercise_most_ms(&ex) - plain;
    ok(slow_ms >= 5 * 30000 && slow_ms < 5 * 60000,
       "every try of a slow health check fits, with the half minute it is given");
    slow.set = false;
    ok(exercise_most_ms(&ex) == plain, "one that is not set takes none");
    return done_testing();
}
