/* file: files and folders by a path the user gave, or below a folder's descriptor.
 *
 * Every descriptor is close-on-exec. Errors name the path. */
#ifndef SYS_FILE_H
#define SYS_FILE_H

#include <limits.h>
#include <sys/stat.h>

#include "base/source.h"

#define FD_AUTO __attribute__((cleanup(sys_fd_close)))
void sys_fd_close(int *fd); /* closes *fd when it is >= 0 and sets it to -1 */

/* The door: a view becomes a NUL-terminated path. Empty, too long or with a NUL byte in it:
 * ERR_INPUT.
 */
int sys_to_path(struct str path, char to[PATH_MAX], struct err *e) MUST_USE;

/* Takes up those of descriptors 0, 1 and 2 that the caller was started without, so that no file
 * that is opened gets their numbers, and with it what is printed. Reads and writes of them fail. */
void sys_hold_standard_fds(void);

/* By a path of the user: symlinks are followed. A path with a NUL byte is ERR_INPUT. */
int sys_open_read(struct str path, int *ret, struct err *e) MUST_USE;
int sys_open_dir(struct str path, int *ret, struct err *e) MUST_USE;
int sys_make_dir(struct str path,
                 struct err *e) MUST_USE; /* with its parents; there already is fine */
int sys_stat(struct str path, struct stat *ret, struct err *e) MUST_USE;
bool sys_exists(struct str path);
bool sys_has_name(struct str path); /* also of a symlink that leads nowhere */

/* Below a folder that may be hostile: no component may be a symlink or lead out (openat2 with
 * RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS). flags and mode as in open(2). */
int sys_open_beneath(int dir_fd, struct str path, int flags, mode_t mode, int *ret,
                     struct err *e) MUST_USE;

/* Below a folder as a process confined to it would find it: symlinks are followed, none leads out.
 */
int sys_open_inside(int dir_fd, struct str path, int flags, int *ret, struct err *e) MUST_USE;

/* Whole file into the arena; larger than cap is ERR_INPUT. */
int sys_read_file(struct str path, struct arena *a, size_t cap, struct str *ret,
                  struct err *e) MUST_USE;
/* The same of what nobody named, but was found: it has to be a regular file (ERR_INPUT), since a
 * pipe would be waited for. */
int sys_read_found(struct str path, struct arena *a, size_t cap, struct str *ret,
                   struct err *e) MUST_USE;
int sys_read_fd(int fd, struct arena *a, size_t cap, struct str *ret, struct err *e) MUST_USE;
int sys_read_beneath(int dir_fd, struct str path, struct arena *a, size_t cap, struct str *ret,
                     struct err *e) MUST_USE;
int sys_write_all(int fd, const void *p, size_t n, struct err *e) MUST_USE;

/* A descriptor as a source, from its current offset; the descriptor stays the caller's. */
struct sys_source {
    struct source source;
    int fd;
};
struct sys_source sys_source(int fd);

/* n bytes of a descriptor from an offset on, by pread: several may read one descriptor at once. An
 * early end is ERR_INPUT. */
struct sys_range {
    struct source source;
    int fd;
    uint64_t at, end;
};
struct sys_range sys_range(int fd, uint64_t at, uint64_t n);

struct sys_sink {
    struct sink sink;
    int fd;
};
struct sys_sink sys_sink(int fd);

/* An unnamed file that vanishes with its descriptor, in $TMPDIR or /var/tmp. */
int sys_tmpfile(int *ret, struct err *e) MUST_USE;

/* The first n bytes of a file as memory: a private copy, made page by page when touched, so that a
 * large file costs what is looked at. The file must not shrink meanwhile. n is not 0. */
int sys_map(int fd, size_t n, char **ret, struct err *e) MUST_USE;
void sys_unmap(char *p, size_t n); /* NULL is fine */

/* A file that appears under its name whole or not at all: written in its folder without a name,
 * synced, linked or renamed, its folder synced. Being killed leaves nothing (on file systems
 * without O_TMPFILE at most ".NAME.shuck-XXXXXX"). */
struct sys_atomic {
    int fd;
    int dir_fd;
    bool named; /* temporary exists */
    char temporary[280];
    char name[256];
};
int sys_atomic_begin(struct str path, struct sys_atomic *ret, struct err *e) MUST_USE;
int sys_atomic_begin_at(int dir_fd, struct str name, struct sys_atomic *ret,
                        struct err *e) MUST_USE;
int sys_atomic_commit(struct sys_atomic *f, struct err *e) MUST_USE; /* frees f, also on failure */
void sys_atomic_abort(struct sys_atomic *f);                         /* removes what was written */

/* Waits until no other process holds this lock on the file or folder; given back by closing fd. */
int sys_lock(int fd, struct err *e) MUST_USE;

/* Files made from now on lack these bits of their mode; returns what it was before. */
mode_t sys_umask(mode_t mask);

/* Whole content in one call, by sys_atomic; into a device, a pipe or a symlink's target as it is.
 */
int sys_write_file(struct str path, struct str content, struct err *e) MUST_USE;

/* New content for a file that is there, by sys_atomic: it keeps its mode, its owner, its attributes
 * and the symlinks that lead to it. Refused: one that may not be written, one for which that cannot
 * be kept, one with hard links, and one that no longer holds `before`, which was read from it. */
int sys_rewrite_file(struct str path, struct str before, struct str content,
                     struct err *e) MUST_USE;

/* Removes a folder and all below it without following symlinks. Gone already is fine. */
int sys_remove_tree(int dir_fd, struct str name, struct err *e) MUST_USE;

#endif
