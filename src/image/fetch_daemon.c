/* fetch_daemon: an image's name → the archive that a Docker daemon makes of it.
 *
 * The daemon is asked first what it knows of the name, for a refusal is cheap then, and a bare name
 * would mean all of its tags to an export.
 *
 * Invariants
 * 1. What a daemon sends fills no disk: at LIMIT_FETCH_SPARE bytes of free space it ends.
 *    (inputs.t: endless)
 * 2. Nothing stays, however it ends. (inputs.t: nothing is left)
 */
#include <errno.h>
#include <inttypes.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/late_curl.h"
#include "base/limits.h"
#include "image/fetch.h"
#include "sys/file.h"
#include "sys/machine.h"
#include "sys/spawn.h"

/* A daemon makes the archive of a large image on its disk before it sends the first byte. */
enum { ASK_SECONDS = 60, SILENT_SECONDS = 900, PROGRESS_MS = 2000 };
enum { ANSWER_BYTES = LIMIT_JSON_BYTES, LOOK_EVERY = 64 << 20 };

/* One daemon, and the answer that is coming. */
struct talk {
    struct arena a;
    CURL *curl;
    const struct image_name *name;
    struct str socket;
    char words[CURL_ERROR_SIZE];
    int to; /* where a good answer goes; −1: into text */
    struct buf text;
    uint64_t n, look_at; /* bytes written; when the disk is looked at again */
    uint64_t whole;      /* bytes there will be about; 0: not known */
    int64_t tell_at;
    bool failed; /* err is why it was ended from here */
    struct err err;
};

/* ---- where the daemon is ---- */

static struct str variable(const char *name)
{
    const char *value = getenv(name);
    return str_of(value ? value : "");
}

static int find_socket(struct talk *t, struct err *e)
{
    struct str host = variable("DOCKER_HOST"), run = variable("XDG_RUNTIME_DIR");
    t->socket = STR("/var/run/docker.sock");
    if (str_starts(host, STR("unix://")))
        t->socket = str_from(host, 7);
    else if (host.n)
        return err_set(e, ERR_USAGE,
                       "DOCKER_HOST is " STR_F "; only a daemon on this machine is asked "
                       "(unix://SOCKET). Save the image there: docker save -o image.tar " STR_F,
                       STR_A(host), STR_A(t->name->path));
    else if (run.n && !sys_exists(t->socket)) /* a daemon without root */
        t->socket = str_fmt(&t->a, STR_F "/docker.sock", STR_A(run));
    if (!host.n && !sys_exists(t->socket))
        t->socket = STR("/var/run/docker.sock");
    return 0;
}

/* A name goes into a request's path as it is, so only what names have may be in it. */
static int check_name(struct str name, struct err *e)
{
    static const struct str known =
        STR_INIT("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:@");
    bool good = name.n && !str_has(name, STR("..")) && !str_has(name, STR("//"));
    for (size_t i = 0; i < name.n && good; i++)
        good = str_find(known, name.p[i]) < known.n;
    return good ? 0
                : err_set(e, ERR_USAGE,
                          "is no name of an image; the form is "
                          "docker-daemon:NAME[:TAG] or docker-daemon:NAME@DIGEST");
}

/* ---- answers ---- */

static bool is_good(const struct talk *t)
{
    long status = 0;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    return status == 200;
}

/* The disk has room for more, as far as can be known. */
static int look_at_disk(struct talk *t, struct err *e)
{
    struct err unknown;
    uint64_t left;
    if (t->n < t->look_at)
        return 0;
    t->look_at = t->n + LOOK_EVERY;
    if (t->n > LIMIT_FETCH_BYTES)
        return err_set(e, ERR_INPUT, "is larger than %llu GiB, the most that is fetched",
                       LIMIT_FETCH_BYTES >> 30);
    if (sys_disk_free(sys_work_parent(&t->a, (struct str){0}), &left, &unknown) ||
        left >= LIMIT_FETCH_SPARE)
        return 0;
    return err_set(e, ERR_MACHINE,
                   "no room for it: after %" PRIu64 " MB only %" PRIu64
                   " MB are free where TMPDIR is",
                   t->n / 1000000, left / 1000000);
}

static void tell(struct talk *t)
{
    int64_t now = sys_now_ms();
    if (!t->name->progress || now < t->tell_at)
        return;
    struct arena a = {0};
    t->tell_at = now + PROGRESS_MS;
    t->name->progress(str_fmt(
        &a, "docker-daemon:" STR_F ": %" PRIu64 " MB%s", STR_A(t->name->path), t->n / 1000000,
        t->whole ? str_fmt(&a, " of about %" PRIu64, t->whole / 1000000).p : ""));
    arena_free(&a);
}

static size_t take(char *p, size_t one, size_t n, void *ctx)
{
    struct talk *t = ctx;
    (void)one;
    if (t->to < 0 || !is_good(t)) {
        if (t->text.n + n <= ANSWER_BYTES)
            buf_add(&t->text, (struct str){p, n});
        else
            t->failed = err_set(&t->err, ERR_INPUT, "answers with more than %d MiB of text",
                                ANSWER_BYTES >> 20);
    } else if (sys_write_all(t->to, p, n, &t->err)) {
        err_wrap(&t->err, "keeping it (set TMPDIR to a folder with more room)");
        t->failed = true;
    } else {
        t->n += n;
        t->failed = look_at_disk(t, &t->err);
        tell(t);
    }
    return t->failed ? 0 : n;
}

/* ---- failures ---- */

static int no_daemon(const struct talk *t, struct err *e)
{
    long errnum = 0;
    curl_easy_getinfo(t->curl, CURLINFO_OS_ERRNO, &errnum);
    if (errnum == EACCES || errnum == EPERM)
        return err_set(e, ERR_MACHINE,
                       "no permission to ask the Docker daemon at " STR_F
                       ": run as root, or as a member of the group docker",
                       STR_A(t->socket));
    return err_set(e, ERR_MACHINE,
                   "no Docker daemon answers at " STR_F
                   " (%s): start it, or name its socket by DOCKER_HOST=unix://SOCKET",
                   STR_A(t->socket), errnum ? strerror((int)errnum) : t->words);
}

static int no_answer(const struct talk *t, CURLcode rc, struct err *e)
{
    if (t->failed) {
        *e = t->err;
        return -1;
    }
    switch (rc) {
    case CURLE_COULDNT_CONNECT:
        return no_daemon(t, e);
    case CURLE_OPERATION_TIMEDOUT:
        return err_set(e, ERR_MACHINE, "the Docker daemon went silent after %" PRIu64 " bytes",
                       t->n);
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
        return err_set(e, ERR_MACHINE,
                       "the Docker daemon ended its answer early, after %" PRIu64 " bytes (%s)",
                       t->n, curl_easy_strerror(rc));
    default:
        return err_set(e, ERR_MACHINE, "asking the Docker daemon at " STR_F ": %s",
                       STR_A(t->socket), *t->words ? t->words : curl_easy_strerror(rc));
    }
}

/* {"message": "…"} of an answer that is no good. */
static int refusal(struct talk *t, struct err *e)
{
    JSON_AUTO json_t *j = NULL;
    struct err ignored;
    struct str message = {0};
    long status = 0;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 404)
        return err_set(e, ERR_INPUT,
                       "the Docker daemon has no such image; docker images lists what it has, "
                       "docker pull gets more");
    if (json_read(buf_str(&t->text), &j, &ignored) ||
        json_get_str(j, "message", &t->a, &message, &ignored) || !message.n)
        message = str_slice(buf_str(&t->text), 0, 200);
    return err_set(e, ERR_MACHINE, "the Docker daemon answers with status %ld: " STR_F, status,
                   STR_A(str_slice(message, 0, 500)));
}

/* ---- requests ---- */

static int ask(struct talk *t, struct str name, const char *what, struct err *e)
{
    struct str url = str_fmt(&t->a, "http://docker/images/" STR_F "/%s", STR_A(name), what);
    bool fetches = t->to >= 0;
    t->text = (struct buf){.a = &t->a};
    t->words[0] = 0;
    curl_easy_setopt(t->curl, CURLOPT_URL, url.p);
    curl_easy_setopt(t->curl, CURLOPT_TIMEOUT, fetches ? 0L : (long)ASK_SECONDS);
    curl_easy_setopt(t->curl, CURLOPT_LOW_SPEED_LIMIT, fetches ? 1L : 0L);
    curl_easy_setopt(t->curl, CURLOPT_LOW_SPEED_TIME, (long)SILENT_SECONDS);
    CURLcode rc = curl_easy_perform(t->curl);
    if (rc != CURLE_OK)
        return no_answer(t, rc, e);
    return is_good(t) ? 0 : refusal(t, e);
}

/* A name without tag means the tag latest, where the daemon has it; else it is an id. */
static struct str with_tag(struct talk *t, const struct strs *tags)
{
    struct str name = t->name->path;
    size_t slash = str_rfind(name, '/');
    struct str last = slash < name.n ? str_from(name, slash + 1) : name;
    struct str latest = str_fmt(&t->a, STR_F ":latest", STR_A(name));
    if (str_has(last, STR(":")) || str_has(name, STR("@")))
        return name;
    for (size_t i = 0; i < tags->n; i++)
        if (str_ends(tags->v[i], latest))
            return latest;
    return name;
}

static int look_up(struct talk *t, struct str *ret, struct err *e)
{
    JSON_AUTO json_t *j = NULL;
    struct strs tags = {0};
    int64_t size = 0;
    if (ask(t, t->name->path, "json", e))
        return -1;
    if (json_read(buf_str(&t->text), &j, e) || json_get_strs(j, "RepoTags", &t->a, &tags, e) ||
        json_get_i64(j, "Size", &size, e))
        return err_wrap(e, "what the Docker daemon says of it");
    t->whole = size > 0 ? (uint64_t)size : 0;
    *ret = with_tag(t, &tags);
    return 0;
}

static void set_up(struct talk *t)
{
    curl_easy_setopt(t->curl, CURLOPT_UNIX_SOCKET_PATH, str_cstr(&t->a, t->socket));
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(t->curl, CURLOPT_PROTOCOLS_STR, "http");
#else
    curl_easy_setopt(t->curl, CURLOPT_PROTOCOLS, (long)CURLPROTO_HTTP);
#endif
    curl_easy_setopt(t->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(t->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->curl, CURLOPT_USERAGENT, "shuck");
    curl_easy_setopt(t->curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(t->curl, CURLOPT_CONNECTTIMEOUT, 10L);
    curl_easy_setopt(t->curl, CURLOPT_BUFFERSIZE, 256L * 1024);
    curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, t->words);
    curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, t);
}

static int begin(const struct image_name *name, struct talk **ret, struct err *e)
{
    if (late_curl_load(e))
        return -1;
    struct talk *t = calloc(1, sizeof *t);
    if (!t || !(t->curl = curl_easy_init()))
        abort(); /* no memory: as arena.h has it */
    t->name = name;
    t->to = -1;
    t->tell_at = sys_now_ms() + PROGRESS_MS;
    *ret = t;
    return 0;
}

static void end(struct talk *t)
{
    curl_easy_cleanup(t->curl);
    arena_free(&t->a);
    free(t);
}

int fetch_daemon_says(struct str name, struct arena *a, struct str *json, struct err *e)
{
    struct image_name image = {.transport = IMAGE_DOCKER_DAEMON, .path = name};
    struct talk *t;
    if (begin(&image, &t, e))
        return -1;
    int rc = find_socket(t, e);
    if (!rc && check_name(name, e)) {
        e->kind = ERR_INPUT; /* it is in a file, not on the command line */
        rc = -1;
    }
    if (!rc) {
        set_up(t);
        rc = ask(t, name, "json", e);
    }
    if (!rc)
        *json = str_dup(a, buf_str(&t->text));
    end(t);
    return rc;
}

int fetch_daemon(const struct image_name *name, int *ret, struct err *e)
{
    FD_AUTO int to = -1;
    struct str wanted;
    struct talk *t;
    if (begin(name, &t, e))
        return -1;
    int rc = find_socket(t, e) || check_name(name->path, e) || sys_tmpfile(&to, e) ? -1 : 0;
    if (!rc) {
        set_up(t);
        rc = look_up(t, &wanted, e);
    }
    if (!rc) {
        t->to = to;
        rc = ask(t, wanted, "get", e);
    }
    end(t);
    if (rc)
        return -1;
    *ret = to;
    to = -1;
    return 0;
}
