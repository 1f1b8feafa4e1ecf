/* exercise_spec: command-line words and config values → struct exercise.
 *
 * Invariants
 * 1. The program's arguments, environment and folder are those a runtime would use: entrypoint then
 *    cmd, PATH when the config has none. (test_exercise_spec: start)
 * 2. A wish that does not parse is refused with the form it should have. (test_exercise_spec:
 * refused)
 */
#include "road/exercise_spec.h"

#include <signal.h>

#include "base/command_line.h"

int exercise_signal(struct str text)
{
    static const struct {
        const char *name;
        int number;
    } names[] = {{"TERM", SIGTERM},   {"INT", SIGINT},    {"QUIT", SIGQUIT}, {"HUP", SIGHUP},
                 {"KILL", SIGKILL},   {"USR1", SIGUSR1},  {"USR2", SIGUSR2}, {"WINCH", SIGWINCH},
                 {"ABRT", SIGABRT},   {"ALRM", SIGALRM},  {"CONT", SIGCONT}, {"STOP", SIGSTOP},
                 {"PWR", SIGPWR},     {"IO", SIGIO},      {"CHLD", SIGCHLD}, {"TSTP", SIGTSTP},
                 {"RTMIN+3", 34 + 3}, {"RTMIN+4", 34 + 4}};
    uint64_t number;
    if (!str_u64(text, 10, &number))
        return number > 0 && number < 65 ? (int)number : 0;
    if (str_starts(text, STR("SIG")))
        text = str_from(text, 3);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(text, names[i].name))
            return names[i].number;
    return 0;
}

static int parse_port(struct str text, uint16_t *ret)
{
    uint64_t port;
    if (str_u64(text, 10, &port) || port == 0 || port > 65535)
        return -1;
    *ret = (uint16_t)port;
    return 0;
}

/* METHOD:[:PORT]/path[=body] */
static int parse_http(struct str text, struct exercise_http *ret, struct err *e)
{
    struct exercise_http http = {0};
    struct str rest;
    bool has_method = str_cut(text, ':', &http.method, &rest) && http.method.n;
    size_t slash = str_find(rest, '/');
    struct str port = str_slice(rest, 0, slash);
    http.path = str_from(rest, slash);
    bool has_port = str_starts(port, STR(":")) && !parse_port(str_from(port, 1), &http.port);
    if (!has_method || !http.path.n || (port.n && !has_port))
        return err_set(e, ERR_USAGE,
                       "\"" STR_F
                       "\" is no request; forms: GET:/path, GET::8080/path, POST:/path=body",
                       STR_A(text));
    if (!str_is(http.method, "GET") && !str_is(http.method, "HEAD"))
        str_cut(http.path, '=', &http.path, &http.body);
    *ret = http;
    return 0;
}

static int plan_ports(struct arena *a, const struct image_config *config, const struct strs *asked,
                      struct exercise *ex, struct err *e)
{
    uint16_t *ports = arena_array(a, uint16_t, asked->n + config->exposed_ports.n);
    size_t n = 0;
    for (size_t i = 0; i < asked->n; i++)
        if (parse_port(asked->v[i], &ports[n++]))
            return err_set(e, ERR_USAGE, "\"" STR_F "\" is no port", STR_A(asked->v[i]));
    for (size_t i = 0; !asked->n && i < config->exposed_ports.n; i++) {
        struct str number, protocol;
        str_cut(config->exposed_ports.v[i], '/', &number, &protocol);
        if ((!protocol.n || str_is(protocol, "tcp")) && !parse_port(number, &ports[n]))
            n++;
    }
    ex->ports = ports;
    ex->n_ports = n;
    return 0;
}

static int plan_requests(struct arena *a, const struct exercise_wish *wish,
                         struct exercise_plan *plan, struct err *e)
{
    struct exercise_http *https = arena_array(a, struct exercise_http, wish->https.n + 1);
    size_t n = wish->https.n;
    for (size_t i = 0; i < n; i++)
        if (parse_http(wish->https.v[i], &https[i], e))
            return -1;
    plan->guessed_http = !n && !wish->execs.n && !wish->scripts.n && !wish->ready_exit;
    if (plan->guessed_http)
        https[n++] = (struct exercise_http){.method = STR("GET"), .path = STR("/")};
    struct strs *execs = arena_array(a, struct strs, wish->execs.n);
    for (size_t i = 0; i < wish->execs.n; i++)
        if (command_line_words(a, wish->execs.v[i], &execs[i], e))
            return -1;
    plan->exercise.https = https;
    plan->exercise.n_https = n;
    plan->exercise.execs = execs;
    plan->exercise.n_execs = wish->execs.n;
    plan->exercise.scripts = wish->scripts;
    return 0;
}

static struct strs joined(struct arena *a, struct strs x, struct strs y)
{
    struct strs all = {arena_array(a, struct str, x.n + y.n), x.n + y.n};
    for (size_t i = 0; i < all.n; i++)
        all.v[i] = i < x.n ? x.v[i] : y.v[i - x.n];
    return all;
}

static struct strs plan_env(struct arena *a, struct strs config, struct strs more)
{
    struct strs env = joined(a, config, more);
    for (size_t i = 0; i < env.n; i++)
        if (str_starts(env.v[i], STR("PATH=")))
            return env;
    struct str path = STR("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    return joined(a, (struct strs){&path, 1}, env);
}

int exercise_plan(struct arena *a, const struct facts *f, const struct exercise_wish *wish,
                  struct exercise_plan *ret, struct err *e)
{
    const struct image_config *config = &f->image->config;
    struct exercise_plan plan = {0};
    plan.argv = joined(a, config->entrypoint, wish->arguments.n ? wish->arguments : config->cmd);
    if (!plan.argv.n)
        return err_set(
            e, ERR_INPUT,
            "the image's config has neither Entrypoint nor Cmd, so there is nothing to run; "
            "give the command after --");
    plan.env = plan_env(a, config->env, wish->env);
    plan.cwd = config->workdir.n ? config->workdir : STR("/");
    struct exercise *ex = &plan.exercise;
    ex->ready_log = wish->ready_log;
    ex->ready_exit = wish->ready_exit;
    ex->ready_timeout_ms = wish->ready_seconds * 1000;
    ex->stop_timeout_ms = wish->stop_seconds * 1000;
    ex->health = config->healthcheck.set ? &config->healthcheck : NULL;
    if (config->stop_signal.n && !(ex->stop_signal = exercise_signal(config->stop_signal)))
        return err_set(e, ERR_INPUT, "config StopSignal \"" STR_F "\" is no signal",
                       STR_A(config->stop_signal));
    if (plan_ports(a, config, &wish->ports, ex, e) || plan_requests(a, wish, &plan, e))
        return -1;
    *ret = plan;
    return 0;
}
