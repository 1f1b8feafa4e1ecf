/* inquire: HTTP requests to a running container, and commands run inside of it.
 *
 * Requests go to loopback in the box's own network namespace only: plain http, no proxy, no
 * redirect, no name looked up.
 *
 * A body fills at most BODY_MAX of memory; its digest is of all of it, up to BODY_READ_MAX.
 */
#include "base/late_curl.h"
#include "sandbox/inside.h"
#include "sys/file.h"

enum { BODY_MAX = 1 << 20, BODY_READ_MAX = 256 << 20, HEADERS_MAX = 200 };

struct answer {
    struct arena *a;
    struct headers VEC(struct str_pair) headers;
    struct buf body;
    struct digest_state *digest;
    size_t read;
};

static size_t take_header(char *p, size_t size, size_t n, void *to)
{
    struct answer *r = to;
    struct str line = str_trim((struct str){p, size * n}), name, value;
    if (str_starts(line, STR("HTTP/"))) /* an interim answer came before */
        r->headers.n = 0;
    else if (str_cut(line, ':', &name, &value) && r->headers.n < HEADERS_MAX)
        *vec_push(r->a, &r->headers) =
            (struct str_pair){str_dup(r->a, str_trim(name)), str_dup(r->a, str_trim(value))};
    return size * n;
}

static size_t take_body(char *p, size_t size, size_t n, void *to)
{
    struct answer *r = to;
    size_t got = size * n, room = BODY_MAX - r->body.n;
    r->read += got;
    if (r->read > BODY_READ_MAX)
        return 0;
    digest_add(r->digest, p, got);
    buf_add(&r->body, (struct str){p, got < room ? got : room});
    return got;
}

static void set_up(CURL *c, struct arena *a, const struct exercise_http *asked, uint16_t port,
                   bool v6, struct answer *r)
{
    curl_easy_setopt(c, CURLOPT_URL,
                     str_fmt(a, "http://%s:%u/", v6 ? "[::1]" : "127.0.0.1", port).p);
    curl_easy_setopt(c, CURLOPT_REQUEST_TARGET,
                     str_cstr(a, asked->path.n ? asked->path : STR("/")));
    curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST,
                     str_cstr(a, asked->method.n ? asked->method : STR("GET")));
    if (str_is(asked->method, "HEAD"))
        curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
    if (asked->body.n) {
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)asked->body.n);
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, asked->body.p);
    }
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http");
#else
    curl_easy_setopt(c, CURLOPT_PROTOCOLS, (long)CURLPROTO_HTTP);
#endif
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "shuck");
    curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)HTTP_TIMEOUT_MS);
    curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, r);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, r);
}

/* Drives the request while the container's pipes are drained, for a server may wait for its log. */
static CURLcode perform(struct sandbox *sb, CURLM *m)
{
    int running = 1, left;
    while (running) {
        if (curl_multi_perform(m, &running) || (running && curl_multi_poll(m, NULL, 0, 5, NULL)))
            return CURLE_FAILED_INIT;
        job_pump(sb, 0);
    }
    for (CURLMsg *message; (message = curl_multi_info_read(m, &left));)
        if (message->msg == CURLMSG_DONE)
            return message->data.result;
    return CURLE_FAILED_INIT;
}

/* A request line is three words; anything else could smuggle a second request. */
static bool one_word(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
            return false;
    return true;
}

struct outcome_http inquire_http(struct sandbox *sb, struct arena *a,
                                 const struct exercise_http *asked, uint16_t port, bool v6)
{
    struct str method = asked->method.n ? asked->method : STR("GET");
    struct outcome_http ret = {
        .request = str_fmt(a, STR_F " :%u" STR_F, STR_A(method), port, STR_A(asked->path))};
    if (!one_word(method) || !one_word(asked->path)) {
        ret.error = STR("not a method or path that can be sent");
        return ret;
    }
    struct arena scratch = {0};
    char words[CURL_ERROR_SIZE] = "";
    struct answer r = {.a = a, .body = {.a = a}, .digest = digest_begin()};
    CURLM *m = curl_multi_init();
    CURL *c = curl_easy_init();
    CURLcode rc = CURLE_FAILED_INIT;
    if (m && c) {
        set_up(c, &scratch, asked, port, v6, &r);
        curl_easy_setopt(c, CURLOPT_ERRORBUFFER, words);
        if (!curl_multi_add_handle(m, c)) {
            rc = perform(sb, m);
            curl_multi_remove_handle(m, c);
        }
    }
    if (rc == CURLE_OK) {
        long status = 0;
        curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
        ret.status = (int)status;
        ret.headers = (struct str_pairs){r.headers.v, r.headers.n};
        ret.body = buf_str(&r.body);
        ret.body_digest = digest_end(r.digest);
    } else {
        digest_drop(r.digest);
        ret.error = str_dup(a, str_of(*words ? words : curl_easy_strerror(rc)));
    }
    curl_easy_cleanup(c);
    if (m)
        curl_multi_cleanup(m);
    arena_free(&scratch);
    return ret;
}

static struct str both_streams(struct arena *a, const struct job *j)
{
    struct buf out = {.a = a};
    buf_add(&out, buf_str(&j->out.bytes));
    buf_add(&out, str_slice(buf_str(&j->err.bytes), 0, STREAM_MAX - out.n));
    return buf_str(&out);
}

struct outcome_exec inquire_script(struct sandbox *sb, struct arena *a, struct str command,
                                   int64_t timeout_ms)
{
    struct str *argv = arena_array(a, struct str, 3);
    argv[0] = STR("/bin/sh");
    argv[1] = STR("-c");
    argv[2] = command;
    struct outcome_exec ret = {.argv = {argv + 2, 1}, .status = -1};
    struct job j;
    struct err e = {0};
    job_init(&j, a, (struct str){0}); /* no container, so no runtime leaves its pid */
    j.env = sys_environment(a);
    if (job_start(sb, &j, (struct strs){argv, 3}, timeout_ms, &e)) {
        ret.out = str_dup(a, str_of(e.text));
        return ret;
    }
    job_wait(sb, &j);
    ret.status = j.timed_out ? -1 : j.status;
    ret.out = both_streams(a, &j);
    job_end(sb, &j);
    return ret;
}

struct outcome_exec inquire_exec(struct sandbox *sb, struct arena *a, struct sandbox_container *c,
                                 struct strs argv, int64_t timeout_ms, struct str *report)
{
    struct outcome_exec ret = {.argv = argv, .status = -1};
    struct str folder, why;
    struct job j;
    struct err e = {0};
    *report = (struct str){0};
    if (inside_folder(sb, sb->scratch, "exec", &folder, &e) ||
        sys_write_scratch(str_fmt(&c->a, STR_F "/process.json", STR_A(folder)),
                          bundle_process(&c->a, &c->bundle, argv), &e)) {
        ret.out = str_dup(a, str_of(e.text));
        return ret;
    }
    job_init(&j, &c->a, folder);
    if (job_start(sb, &j, runtime_exec(&c->a, sb, c->job.folder, folder), timeout_ms, &e)) {
        ret.out = str_dup(a, str_of(e.text));
        return ret;
    }
    job_wait(sb, &j);
    if (job_refused(&j, &why))
        ret.out = str_dup(a, why);
    else {
        ret.status = j.timed_out ? -1 : j.status;
        ret.out = both_streams(a, &j);
        *report = str_dup(a, buf_str(&j.report.bytes));
    }
    job_end(sb, &j);
    return ret;
}
