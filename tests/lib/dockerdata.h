/* dockerdata: real Dockerfiles below $SHUCK_DATA/dockerfiles, for tests that want them: files of
 * JSON lines, compressed or not, each an object with `id` and `dockerfile`. */
#ifndef TESTS_DOCKERDATA_H
#define TESTS_DOCKERDATA_H

#include <dirent.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/buf.h"
#include "base/json.h"

static struct str data_read(struct arena *a, const char *path)
{
    struct archive *in = archive_read_new();
    struct archive_entry *entry;
    struct buf b = {.a = a};
    archive_read_support_filter_all(in);
    archive_read_support_format_raw(in);
    if (archive_read_open_filename(in, path, 65536) == ARCHIVE_OK &&
        archive_read_next_header(in, &entry) == ARCHIVE_OK)
        for (ssize_t n; (n = archive_read_data(in, buf_room(&b, 65536), 65536)) > 0;)
            buf_took(&b, (size_t)n);
    archive_read_free(in);
    return buf_str(&b);
}

static void data_file(struct str lines, void (*see)(void *, struct str, struct str), void *ctx)
{
    struct str line;
    while (str_line(&lines, &line)) {
        struct arena a = {0};
        struct err e;
        struct str text = {0}, id = {0};
        JSON_AUTO json_t *j = NULL;
        if (!json_read(line, &j, &e) && !json_get_str(j, "dockerfile", &a, &text, &e) &&
            !json_get_str(j, "id", &a, &id, &e))
            see(ctx, id, text);
        arena_free(&a);
    }
}

static void each_dockerfile(void (*see)(void *ctx, struct str id, struct str text), void *ctx)
{
    const char *data = getenv("SHUCK_DATA");
    struct arena a = {0};
    DIR *dir = data ? opendir(str_fmt(&a, "%s/dockerfiles", data).p) : NULL;
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (strstr(entry->d_name, ".jsonl"))
            data_file(data_read(&a, str_fmt(&a, "%s/dockerfiles/%s", data, entry->d_name).p), see,
                      ctx);
    if (dir)
        closedir(dir);
    arena_free(&a);
}

#endif
