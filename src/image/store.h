/* store: named bytes of an image on disk: files below a folder, or members of a tar archive.
 *
 * Archives are never unpacked: an index of their members is made once, then members are read where
 * they lie. An archive that is compressed as a whole is first unpacked into an unnamed temporary
 * file. */
#ifndef IMAGE_STORE_H
#define IMAGE_STORE_H

#include "base/map.h"
#include "sys/file.h"

struct store {
    int fd;             /* the folder, or the archive */
    bool is_archive;    /* else a folder */
    struct map members; /* struct store_member *, by clean path */
};

/* Takes the path's kind from what is there: a folder, or a file that must be a tar archive. */
int store_open(struct arena *a, struct str path, struct store *ret, struct err *e) MUST_USE;
/* An archive that is open already; fd becomes the store's, or is closed. */
int store_take(struct arena *a, int fd, struct store *ret, struct err *e) MUST_USE;
void store_close(struct store *s);

bool store_has(const struct store *s, struct str name);

/* A blob: n bytes at an offset of a descriptor. */
struct store_span {
    int fd;
    bool owned; /* fd is the span's; else the store's */
    uint64_t at, n;
};
#define SPAN_AUTO __attribute__((cleanup(store_span_close)))
int store_find(const struct store *s, struct str name, struct store_span *ret,
               struct err *e) MUST_USE;
void store_span_close(struct store_span *span);

/* The whole blob; larger than cap is ERR_INPUT. */
int store_read(const struct store *s, struct str name, struct arena *a, size_t cap, struct str *ret,
               struct err *e) MUST_USE;

#endif
