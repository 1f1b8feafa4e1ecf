/* machine: what kind of machine this is, read off the system. */
#ifndef SYS_MACHINE_H
#define SYS_MACHINE_H

#include "base/err.h"
#include "base/str.h"

/* "unified", "hybrid", "legacy" or "none". */
const char *sys_cgroup_layout(void);

/* Bytes an ordinary user may still write in the folder. */
int sys_disk_free(struct str path, uint64_t *ret, struct err *e) MUST_USE;

/* Bytes of memory that can be taken without pushing others out (MemAvailable); 0: not known. */
uint64_t sys_memory_free(void);

/* The folder work folders are made in: `asked`, else $TMPDIR, else /var/tmp. */
struct str sys_work_parent(struct arena *a, struct str asked);

/* vm.memfd_noexec; 0 where the kernel does not know it. */
int sys_memfd_noexec(void);

/* How wide the terminal behind a descriptor is; 0: it is none. */
size_t sys_terminal_columns(int fd);

/* Whether a user namespace can be made by the caller; a child tries it. */
int sys_try_user_namespace(struct err *e) MUST_USE;

#endif
