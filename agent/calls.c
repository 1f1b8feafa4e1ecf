/* calls: system call number → which arguments are paths, and how they are followed.
 *
 * The numbers are the kernel's tables (arch/x86/entry/syscalls, include/uapi/asm-generic/unistd.h,
 * arch/arm/tools/syscall.tbl): x86-64, i386, arm64, arm; −1 where a machine has no such call. */
#include "agent/calls.h"

enum { CWD = CALL_CWD, NONE = CALL_NONE };
enum { N = WIRE_NOFOLLOW, W = WIRE_WRITE, C = WIRE_CREATE };

#if defined __x86_64__
#define NR(x86_64, i386, arm64, arm)                                                               \
    {                                                                                              \
        x86_64, i386                                                                               \
    }
#else
#define NR(x86_64, i386, arm64, arm)                                                               \
    {                                                                                              \
        arm64, arm                                                                                 \
    }
#endif

const struct call calls[] = {
    /* clang-format off */
    {NR(2, 5, -1, 5), HOW_OPEN, 1, TRACE_OPEN, {{CWD, 0, 0}}, 1}, /* open */
    {NR(257, 295, 56, 322), HOW_OPEN, 2, TRACE_OPEN, {{0, 1, 0}}, 1}, /* openat */
    {NR(437, 437, 437, 437), HOW_OPENAT2, 2, TRACE_OPEN, {{0, 1, 0}}, 1}, /* openat2 */
    {NR(85, 8, -1, 8), HOW_PLAIN, 0, TRACE_OPEN, {{CWD, 0, W | C}}, 1}, /* creat */
    {NR(-1, 18, -1, -1), HOW_PLAIN, 0, TRACE_STAT, {{CWD, 0, 0}}, 1}, /* oldstat */
    {NR(4, 106, -1, 106), HOW_PLAIN, 0, TRACE_STAT, {{CWD, 0, 0}}, 1}, /* stat */
    {NR(-1, 195, -1, 195), HOW_PLAIN, 0, TRACE_STAT, {{CWD, 0, 0}}, 1}, /* stat64 */
    {NR(-1, 84, -1, -1), HOW_PLAIN, 0, TRACE_STAT, {{CWD, 0, N}}, 1}, /* oldlstat */
    {NR(6, 107, -1, 107), HOW_PLAIN, 0, TRACE_STAT, {{CWD, 0, N}}, 1}, /* lstat */
    {NR(-1, 196, -1, 196), HOW_PLAIN, 0, TRACE_STAT, {{CWD, 0, N}}, 1}, /* lstat64 */
    {NR(262, -1, 79, -1), HOW_AT, 3, TRACE_STAT, {{0, 1, 0}}, 1}, /* newfstatat */
    {NR(-1, 300, -1, 327), HOW_AT, 3, TRACE_STAT, {{0, 1, 0}}, 1}, /* fstatat64 */
    {NR(332, 383, 291, 397), HOW_AT, 2, TRACE_STAT, {{0, 1, 0}}, 1}, /* statx */
    {NR(137, 99, 43, 99), HOW_PLAIN, 0, TRACE_STAT, {{CWD, 0, 0}}, 1}, /* statfs */
    {NR(-1, 268, -1, 266), HOW_PLAIN, 0, TRACE_STAT, {{CWD, 0, 0}}, 1}, /* statfs64 */
    {NR(21, 33, -1, 33), HOW_PLAIN, 0, TRACE_ACCESS, {{CWD, 0, 0}}, 1}, /* access */
    {NR(269, 307, 48, 334), HOW_PLAIN, 0, TRACE_ACCESS, {{0, 1, 0}}, 1}, /* faccessat */
    {NR(439, 439, 439, 439), HOW_AT, 3, TRACE_ACCESS, {{0, 1, 0}}, 1}, /* faccessat2 */
    {NR(89, 85, -1, 85), HOW_PLAIN, 0, TRACE_READLINK, {{CWD, 0, N}}, 1}, /* readlink */
    {NR(267, 305, 78, 332), HOW_PLAIN, 0, TRACE_READLINK, {{0, 1, N}}, 1}, /* readlinkat */
    {NR(59, 11, 221, 11), HOW_EXEC, 1, TRACE_EXEC, {{CWD, 0, 0}}, 1}, /* execve */
    {NR(322, 358, 281, 387), HOW_EXEC, 2, TRACE_EXEC, {{0, 1, 0}}, 1}, /* execveat */
    {NR(134, 86, -1, 86), HOW_PLAIN, 0, TRACE_OPEN, {{CWD, 0, 0}}, 1}, /* uselib */
    {NR(80, 12, 49, 12), HOW_PLAIN, 0, TRACE_CHDIR, {{CWD, 0, 0}}, 1}, /* chdir */
    {NR(161, 61, 51, 61), HOW_CHROOT, 0, TRACE_CHDIR, {{CWD, 0, 0}}, 1}, /* chroot */
    {NR(83, 39, -1, 39), HOW_PLAIN, 0, TRACE_MKDIR, {{CWD, 0, W | C | N}}, 1}, /* mkdir */
    {NR(258, 296, 34, 323), HOW_PLAIN, 0, TRACE_MKDIR, {{0, 1, W | C | N}}, 1}, /* mkdirat */
    {NR(133, 14, -1, 14), HOW_PLAIN, 0, TRACE_MKDIR, {{CWD, 0, W | C | N}}, 1}, /* mknod */
    {NR(259, 297, 33, 324), HOW_PLAIN, 0, TRACE_MKDIR, {{0, 1, W | C | N}}, 1}, /* mknodat */
    {NR(84, 40, -1, 40), HOW_PLAIN, 0, TRACE_UNLINK, {{CWD, 0, W | N}}, 1}, /* rmdir */
    {NR(87, 10, -1, 10), HOW_PLAIN, 0, TRACE_UNLINK, {{CWD, 0, W | N}}, 1}, /* unlink */
    {NR(263, 301, 35, 328), HOW_PLAIN, 0, TRACE_UNLINK, {{0, 1, W | N}}, 1}, /* unlinkat */
    {NR(82, 38, -1, 38), HOW_PLAIN, 0, TRACE_RENAME, {{CWD, 0, W | N}, {CWD, 1, W | C | N}}, 2}, /* rename */
    {NR(264, 302, 38, 329), HOW_PLAIN, 0, TRACE_RENAME, {{0, 1, W | N}, {2, 3, W | C | N}}, 2}, /* renameat */
    {NR(316, 353, 276, 382), HOW_PLAIN, 0, TRACE_RENAME, {{0, 1, W | N}, {2, 3, W | C | N}}, 2}, /* renameat2 */
    {NR(86, 9, -1, 9), HOW_PLAIN, 0, TRACE_LINK, {{CWD, 0, W | N}, {CWD, 1, W | C | N}}, 2}, /* link */
    {NR(265, 303, 37, 330), HOW_AT_FOLLOW, 4, TRACE_LINK, {{0, 1, W | N}, {2, 3, W | C | N}}, 2}, /* linkat */
    {NR(88, 83, -1, 83), HOW_PLAIN, 0, TRACE_LINK, {{CWD, 1, W | C | N}}, 1}, /* symlink */
    {NR(266, 304, 36, 331), HOW_PLAIN, 0, TRACE_LINK, {{1, 2, W | C | N}}, 1}, /* symlinkat */
    {NR(90, 15, -1, 15), HOW_PLAIN, 0, TRACE_CHMOD, {{CWD, 0, W}}, 1}, /* chmod */
    {NR(268, 306, 53, 333), HOW_PLAIN, 0, TRACE_CHMOD, {{0, 1, W}}, 1}, /* fchmodat */
    {NR(452, 452, 452, 452), HOW_AT, 3, TRACE_CHMOD, {{0, 1, W}}, 1}, /* fchmodat2 */
    {NR(92, 182, -1, 182), HOW_PLAIN, 0, TRACE_CHOWN, {{CWD, 0, W}}, 1}, /* chown */
    {NR(-1, 212, -1, 212), HOW_PLAIN, 0, TRACE_CHOWN, {{CWD, 0, W}}, 1}, /* chown32 */
    {NR(94, 16, -1, 16), HOW_PLAIN, 0, TRACE_CHOWN, {{CWD, 0, W | N}}, 1}, /* lchown */
    {NR(-1, 198, -1, 198), HOW_PLAIN, 0, TRACE_CHOWN, {{CWD, 0, W | N}}, 1}, /* lchown32 */
    {NR(260, 298, 54, 325), HOW_AT, 4, TRACE_CHOWN, {{0, 1, W}}, 1}, /* fchownat */
    {NR(76, 92, 45, 92), HOW_PLAIN, 0, TRACE_OTHER, {{CWD, 0, W}}, 1}, /* truncate */
    {NR(-1, 193, -1, 193), HOW_PLAIN, 0, TRACE_OTHER, {{CWD, 0, W}}, 1}, /* truncate64 */
    {NR(132, 30, -1, -1), HOW_PLAIN, 0, TRACE_OTHER, {{CWD, 0, W}}, 1}, /* utime */
    {NR(235, 271, -1, 269), HOW_PLAIN, 0, TRACE_OTHER, {{CWD, 0, W}}, 1}, /* utimes */
    {NR(163, 51, 89, 51), HOW_PLAIN, 0, TRACE_OTHER, {{CWD, 0, W}}, 1}, /* acct */
    {NR(261, 299, -1, 326), HOW_PLAIN, 0, TRACE_OTHER, {{0, 1, W}}, 1}, /* futimesat */
    {NR(280, 320, 88, 348), HOW_AT, 3, TRACE_OTHER, {{0, 1, W}}, 1}, /* utimensat */
    {NR(-1, 412, -1, 412), HOW_AT, 3, TRACE_OTHER, {{0, 1, W}}, 1}, /* utimensat_time64 */
    {NR(188, 226, 5, 226), HOW_PLAIN, 0, TRACE_XATTR, {{CWD, 0, W}}, 1}, /* setxattr */
    {NR(189, 227, 6, 227), HOW_PLAIN, 0, TRACE_XATTR, {{CWD, 0, W | N}}, 1}, /* lsetxattr */
    {NR(197, 235, 14, 235), HOW_PLAIN, 0, TRACE_XATTR, {{CWD, 0, W}}, 1}, /* removexattr */
    {NR(198, 236, 15, 236), HOW_PLAIN, 0, TRACE_XATTR, {{CWD, 0, W | N}}, 1}, /* lremovexattr */
    {NR(191, 229, 8, 229), HOW_PLAIN, 0, TRACE_XATTR, {{CWD, 0, 0}}, 1}, /* getxattr */
    {NR(192, 230, 9, 230), HOW_PLAIN, 0, TRACE_XATTR, {{CWD, 0, N}}, 1}, /* lgetxattr */
    {NR(194, 232, 11, 232), HOW_PLAIN, 0, TRACE_XATTR, {{CWD, 0, 0}}, 1}, /* listxattr */
    {NR(195, 233, 12, 233), HOW_PLAIN, 0, TRACE_XATTR, {{CWD, 0, N}}, 1}, /* llistxattr */
    {NR(463, 463, 463, 463), HOW_AT, 2, TRACE_XATTR, {{0, 1, W}}, 1}, /* setxattrat */
    {NR(466, 466, 466, 466), HOW_AT, 2, TRACE_XATTR, {{0, 1, W}}, 1}, /* removexattrat */
    {NR(464, 464, 464, 464), HOW_AT, 2, TRACE_XATTR, {{0, 1, 0}}, 1}, /* getxattrat */
    {NR(465, 465, 465, 465), HOW_AT, 2, TRACE_XATTR, {{0, 1, 0}}, 1}, /* listxattrat */
    {NR(468, 468, 468, 468), HOW_AT, 4, TRACE_STAT, {{0, 1, 0}}, 1}, /* file_getattr */
    {NR(469, 469, 469, 469), HOW_AT, 4, TRACE_OTHER, {{0, 1, W}}, 1}, /* file_setattr */
    {NR(303, 341, 264, 370), HOW_AT_FOLLOW, 4, TRACE_OTHER, {{0, 1, N}}, 1}, /* name_to_handle_at */
    {NR(254, 292, 27, 317), HOW_INOTIFY, 2, TRACE_OTHER, {{CWD, 1, 0}}, 1}, /* inotify_add_watch */
    {NR(301, -1, 263, -1), HOW_FANOTIFY, 1, TRACE_OTHER, {{3, 4, 0}}, 1}, /* fanotify_mark */
    {NR(-1, 339, -1, 368), HOW_FANOTIFY, 1, TRACE_OTHER, {{4, 5, 0}}, 1}, /* fanotify_mark */
    {NR(165, 21, 40, 21), HOW_PLAIN, 0, TRACE_MOUNT, {{CWD, 1, 0}}, 1}, /* mount */
    {NR(166, 52, 39, 52), HOW_PLAIN, 0, TRACE_MOUNT, {{CWD, 0, 0}}, 1}, /* umount2 */
    {NR(-1, 22, -1, -1), HOW_PLAIN, 0, TRACE_MOUNT, {{CWD, 0, 0}}, 1}, /* umount */
    {NR(155, 217, 41, 218), HOW_CHROOT, 0, TRACE_MOUNT, {{CWD, 0, 0}, {CWD, 1, 0}}, 2}, /* pivot_root */
    {NR(428, 428, 428, 428), HOW_AT, 2, TRACE_MOUNT, {{0, 1, 0}}, 1}, /* open_tree */
    {NR(467, 467, 467, 467), HOW_AT, 2, TRACE_MOUNT, {{0, 1, 0}}, 1}, /* open_tree_attr */
    {NR(429, 429, 429, 429), HOW_PLAIN, 0, TRACE_MOUNT, {{0, 1, 0}, {2, 3, 0}}, 2}, /* move_mount */
    {NR(442, 442, 442, 442), HOW_AT, 2, TRACE_MOUNT, {{0, 1, 0}}, 1}, /* mount_setattr */
    {NR(433, 433, 433, 433), HOW_PLAIN, 0, TRACE_MOUNT, {{0, 1, 0}}, 1}, /* fspick */
    {NR(42, 362, 203, 283), HOW_SOCKET, 0, TRACE_CONNECT, {{CWD, NONE, 0}}, 0}, /* connect */
    {NR(49, 361, 200, 282), HOW_SOCKET, 0, TRACE_CONNECT, {{CWD, NONE, W | C | N}}, 0}, /* bind */
    {NR(50, 363, 201, 284), HOW_LISTEN, 0, TRACE_OTHER, {{NONE, NONE, 0}}, 0}, /* listen */
    {NR(-1, 102, -1, -1), HOW_SOCKETCALL, 0, TRACE_OTHER, {{NONE, NONE, 0}}, 0}, /* socketcall */
    {NR(425, 425, 425, 425), HOW_REFUSE, 0, TRACE_OTHER, {{NONE, NONE, 0}}, 0}, /* io_uring_setup */
    {NR(101, 26, 117, 26), HOW_PTRACE, 0, TRACE_OTHER, {{NONE, NONE, 0}}, 0}, /* ptrace */
    /* clang-format on */
};
const size_t n_calls = sizeof calls / sizeof *calls;

/* x32 numbers its calls as x86-64 does, with this bit, but for those whose arguments hold pointers
 * to pointers. */
enum { X32_BIT = 0x40000000, X32_EXECVE = 520, X32_PTRACE = 521, X32_EXECVEAT = 545 };

static uint64_t native_number(uint64_t nr)
{
#if defined __x86_64__
    switch (nr & ~(uint64_t)X32_BIT) {
    case X32_EXECVE:
        return __NR_execve;
    case X32_PTRACE:
        return __NR_ptrace;
    case X32_EXECVEAT:
        return __NR_execveat;
    }
    return nr & ~(uint64_t)X32_BIT;
#else
    return nr;
#endif
}

const struct call *calls_find(uint32_t arch, uint64_t nr)
{
    static uint8_t index[2][CALL_NUMBERS]; /* place in calls[] + 1 */
    static bool made;
    if (!made)
        for (size_t i = 0; i < n_calls; i++)
            for (int t = 0; t < 2; t++)
                if (calls[i].nr[t] >= 0)
                    index[t][calls[i].nr[t]] = (uint8_t)(i + 1);
    made = true;
    int table = arch == CALL_ARCH_COMPAT;
    if (!table)
        nr = native_number(nr);
    uint8_t at = nr < CALL_NUMBERS ? index[table][nr] : 0;
    return at ? &calls[at - 1] : NULL;
}
