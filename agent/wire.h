/* wire: what the agent writes to its report descriptor, and the arguments it understands.
 *
 * Shared by agent/ (which has no libc) and trace/ (which reads it). Little-endian, packed by hand:
 *
 *     u32 length of what follows | u8 type | payload
 *
 * Strings in payloads are u16 length and bytes. The stream starts with WIRE_HELLO and, when the
 * agent was not cut off, ends with WIRE_BYE. Every record is written with one write(2) of at most
 * PIPE_BUF bytes, so that processes sharing the pipe never mix records. */
#ifndef AGENT_WIRE_H
#define AGENT_WIRE_H

enum {
    WIRE_VERSION = 1,
    WIRE_PROGRAM_FD = 3, /* the agent's own program, run as /proc/self/fd/3 */
    WIRE_REPORT_FD = 4,
    WIRE_RECORD_MAX = 4096,
};

enum wire_type {
    WIRE_HELLO = 1,   /* u32 version */
    WIRE_LOOKUP = 2,  /* u32 pid, u8 call (enum trace_call), u8 flags, i32 error, str path */
    WIRE_EXEC = 3,    /* u32 pid, str path, u16 argc, argc × str */
    WIRE_LISTEN = 4,  /* u32 pid, u8 family (4, 6, 1), u16 port, str path */
    WIRE_EXIT = 5,    /* u32 pid, i32 wait status, u8 main */
    WIRE_REFUSED = 6, /* str words */
    WIRE_MARK = 7,    /* a move's outcome: u8 outcome (enum wire_mark), i32 error, str evidence */
    WIRE_BYE = 8,     /* nothing */
};

/* What a lookup was for. */
enum trace_call {
    TRACE_OPEN,
    TRACE_STAT,
    TRACE_ACCESS,
    TRACE_READLINK,
    TRACE_EXEC,
    TRACE_CHDIR,
    TRACE_CONNECT,
    TRACE_MKDIR,
    TRACE_UNLINK,
    TRACE_RENAME,
    TRACE_LINK,
    TRACE_CHMOD,
    TRACE_CHOWN,
    TRACE_XATTR,
    TRACE_MOUNT,
    TRACE_OTHER,
};

enum wire_flag { WIRE_NOFOLLOW = 1, WIRE_WRITE = 2, WIRE_CREATE = 4, WIRE_DIR = 8 };

enum wire_mark {
    WIRE_SUCCEEDED = 1,
    WIRE_BLOCKED = 2,
    WIRE_NOT_APPLICABLE = 3,
    WIRE_INCONCLUSIVE = 4
};

/* Arguments, after the agent's own name:
 *
 *   init  UID:GID:G,G,… CAPS CWD -- PROGRAM ARG…    runs the program as its child, passes signals
 * on, reaps orphans, ends with its status trace UID:GID:G,G,… CAPS CWD -- PROGRAM ARG…    the same,
 * and reports attack MOVE [ARG…]                              tries one move, reports WIRE_MARK
 *   health http PORT PATH                           GET to loopback; 0 when 2xx or 3xx
 *
 * CAPS is the set the program gets, 16 hex digits. The environment is the program's. PROGRAM
 * without a slash is searched on its PATH. */

#endif
