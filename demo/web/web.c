/* web: the vulnerable web server of the demo. HTTP requests → answers, one of them far too helpful.
 *
 *   /             Hello, World for the N'th time
 *   /healthz      ok
 *   /rce/?cmd=…   runs the command and answers its output: the hole, on purpose
 *   /ssrf/?uri=…  fetches the address and answers what it got: the other hole, on purpose
 *
 * Listens on port 8080, or PORT. HTTP is libevent's; everything runs in one event loop. */
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 32, OUTPUT_MAX = 1 << 20, SECONDS_MAX = 10 };

struct server {
    struct event_base *base;
    struct evdns_base *dns; /* made by the first fetch: most runs never look a name up */
    unsigned long visits;
};

static void answer(struct evhttp_request *req, int code, const char *text)
{
    struct evbuffer *body = evbuffer_new();
    if (!body)
        return evhttp_send_error(req, HTTP_INTERNAL, NULL);
    evbuffer_add(body, text, strlen(text));
    evhttp_add_header(evhttp_request_get_output_headers(req), "Content-Type", "text/plain");
    evhttp_send_reply(req, code, NULL, body);
    evbuffer_free(body);
}

/* A parameter of the query, decoded, or NULL; freed with the table by the caller. */
static const char *parameter(struct evhttp_request *req, const char *name, struct evkeyvalq *table)
{
    const char *query = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(req));
    if (!query || evhttp_parse_query_str(query, table))
        return NULL;
    return evhttp_find_header(table, name);
}

static void hello(struct evhttp_request *req, void *arg)
{
    struct server *server = arg;
    char text[64];
    snprintf(text, sizeof text, "Hello, World for the %lu'th time\n", ++server->visits);
    answer(req, HTTP_OK, text);
}

static void health(struct evhttp_request *req, void *arg)
{
    (void)arg;
    answer(req, HTTP_OK, "ok\n");
}

/* ---- /rce/ ---- */

struct command {
    struct evhttp_request *req;
    struct bufferevent *output;
    pid_t pid;
};

/* As execvp() would look, but before the fork, so that the answer can say what was not found. */
static int look_up(const char *name, char path[4096])
{
    if (strchr(name, '/'))
        return snprintf(path, 4096, "%s", name) < 4096 ? 0 : -1;
    const char *dirs = getenv("PATH");
    for (const char *at = dirs ? dirs : ""; *at; at += strspn(at, ":")) {
        size_t n = strcspn(at, ":");
        if (snprintf(path, 4096, "%.*s/%s", (int)n, at, name) < 4096 && !access(path, X_OK))
            return 0;
        at += n;
    }
    return -1;
}

static void command_ended(struct bufferevent *output, short what, void *arg)
{
    struct command *c = arg;
    (void)what;
    kill(c->pid, SIGKILL);
    waitpid(c->pid, NULL, 0);
    evhttp_add_header(evhttp_request_get_output_headers(c->req), "Content-Type", "text/plain");
    evhttp_send_reply(c->req, HTTP_OK, NULL, bufferevent_get_input(output));
    bufferevent_free(output);
    free(c);
}

static void command_printed(struct bufferevent *output, void *arg)
{
    if (evbuffer_get_length(bufferevent_get_input(output)) > OUTPUT_MAX)
        command_ended(output, 0, arg);
}

static _Noreturn void become(const char *path, char **words, int output)
{
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execv(path, words);
    dprintf(STDERR_FILENO, "fork/exec %s: %s\n", path, strerror(errno));
    _exit(127);
}

static int start_command(struct server *server, struct evhttp_request *req, const char *path,
                         char **words)
{
    int pair[2];
    struct command *c = calloc(1, sizeof *c);
    if (!c || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) {
        free(c);
        return -1;
    }
    c->req = req;
    c->pid = fork();
    if (c->pid == 0)
        become(path, words, pair[1]);
    close(pair[1]);
    evutil_make_socket_nonblocking(pair[0]);
    c->output = bufferevent_socket_new(server->base, pair[0], BEV_OPT_CLOSE_ON_FREE);
    if (c->pid < 0 || !c->output) {
        close(pair[0]);
        free(c);
        return -1;
    }
    struct timeval most = {SECONDS_MAX, 0};
    bufferevent_set_timeouts(c->output, &most, NULL);
    bufferevent_setcb(c->output, command_printed, NULL, command_ended, c);
    bufferevent_enable(c->output, EV_READ);
    return 0;
}

static void rce(struct evhttp_request *req, void *arg)
{
    struct evkeyvalq table = {0};
    const char *cmd = parameter(req, "cmd", &table);
    char line[4096], path[4096], text[8300], *words[WORDS_MAX + 1] = {0}, *rest = line;
    snprintf(line, sizeof line, "%s", cmd ? cmd : "");
    evhttp_clear_headers(&table);
    int n = 0;
    for (char *word; n < WORDS_MAX && (word = strsep(&rest, " "));)
        if (*word)
            words[n++] = word;
    if (!n)
        return answer(req, HTTP_BADREQUEST, "usage: /rce/?cmd=COMMAND\n");
    if (look_up(words[0], path)) {
        snprintf(text, sizeof text, "exec: \"%s\": executable file not found in $PATH\n", words[0]);
        return answer(req, HTTP_OK, text);
    }
    if (start_command(arg, req, path, words))
        answer(req, HTTP_INTERNAL, "fork/exec: no resources\n");
}

/* ---- /ssrf/ ---- */

struct fetch {
    struct evhttp_request *req;
    struct evhttp_connection *connection;
};

static void fetched(struct evhttp_request *got, void *arg)
{
    struct fetch *f = arg;
    if (got && evhttp_request_get_response_code(got))
        evhttp_send_reply(f->req, evhttp_request_get_response_code(got), NULL,
                          evhttp_request_get_input_buffer(got));
    else
        answer(f->req, HTTP_OK, "Get: connection failed\n");
    free(f); /* the connection frees itself: evhttp_connection_free_on_completion() */
}

static int start_fetch(struct server *server, struct evhttp_request *req, const struct evhttp_uri *uri)
{
    const char *path = evhttp_uri_get_path(uri), *query = evhttp_uri_get_query(uri);
    int port = evhttp_uri_get_port(uri);
    char target[4096];
    snprintf(target, sizeof target, "%s%s%s", path && *path ? path : "/", query ? "?" : "",
             query ? query : "");
    if (!server->dns)
        server->dns = evdns_base_new(server->base, EVDNS_BASE_INITIALIZE_NAMESERVERS);
    struct fetch *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    f->req = req;
    f->connection = evhttp_connection_base_new(server->base, server->dns, evhttp_uri_get_host(uri),
                                               (unsigned short)(port < 0 ? 80 : port));
    struct evhttp_request *out = f->connection ? evhttp_request_new(fetched, f) : NULL;
    if (!out) {
        free(f);
        return -1;
    }
    evhttp_connection_set_timeout(f->connection, SECONDS_MAX);
    evhttp_connection_free_on_completion(f->connection);
    evhttp_add_header(evhttp_request_get_output_headers(out), "Host", evhttp_uri_get_host(uri));
    evhttp_add_header(evhttp_request_get_output_headers(out), "Connection", "close");
    return evhttp_make_request(f->connection, out, EVHTTP_REQ_GET, target);
}

static void ssrf(struct evhttp_request *req, void *arg)
{
    struct evkeyvalq table = {0};
    const char *text = parameter(req, "uri", &table);
    struct evhttp_uri *uri = text ? evhttp_uri_parse(text) : NULL;
    if (!uri || !evhttp_uri_get_host(uri))
        answer(req, HTTP_BADREQUEST, "usage: /ssrf/?uri=http://HOST/PATH\n");
    else if (start_fetch(arg, req, uri))
        answer(req, HTTP_OK, "Get: connection failed\n");
    if (uri)
        evhttp_uri_free(uri);
    evhttp_clear_headers(&table);
}

/* ---- start ---- */

static int listen_on(const char *port)
{
    char *end;
    unsigned long number = strtoul(port, &end, 10);
    if (!*port || *end || number == 0 || number > 65535) {
        fprintf(stderr, "PORT is \"%s\", not a number from 1 to 65535\n", port);
        return -1;
    }
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t)number)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        bind(fd, (struct sockaddr *)&any, sizeof any) || listen(fd, 128)) {
        char why[64];
        snprintf(why, sizeof why, "%s", strerror(errno));
        why[0] |= 0x20; /* the tutorial's server words it in lower case */
        fprintf(stderr, "listen tcp :%s: bind: %s\n", port, why);
        return -1;
    }
    return fd;
}

static void stop(evutil_socket_t signal, short what, void *arg)
{
    (void)signal, (void)what;
    event_base_loopbreak(arg);
}

int main(void)
{
    const char *port = getenv("PORT");
    int fd = listen_on(port ? port : "8080");
    if (fd < 0)
        return 1;
    signal(SIGPIPE, SIG_IGN);
    setenv("TZ", "UTC0", 1); /* dates in answers are UTC: no zone file is ever looked for in vain */
    struct server server = {.base = event_base_new()};
    struct evhttp *http = server.base ? evhttp_new(server.base) : NULL;
    if (!http || evhttp_accept_socket(http, fd))
        return fputs("no resources for the event loop\n", stderr), 1;
    evhttp_set_cb(http, "/", hello, &server);
    evhttp_set_cb(http, "/healthz", health, &server);
    evhttp_set_cb(http, "/rce/", rce, &server);
    evhttp_set_cb(http, "/ssrf/", ssrf, &server);
    struct event *term = evsignal_new(server.base, SIGTERM, stop, server.base);
    struct event *interrupt = evsignal_new(server.base, SIGINT, stop, server.base);
    if (!term || !interrupt || evsignal_add(term, NULL) || evsignal_add(interrupt, NULL))
        return 1;
    printf("listening on :%s\n", port ? port : "8080");
    fflush(stdout);
    event_base_dispatch(server.base);
    event_free(term);
    event_free(interrupt);
    evhttp_free(http);
    if (server.dns)
        evdns_base_free(server.dns, 0);
    event_base_free(server.base);
    return 0;
}
