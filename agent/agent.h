/* agent: what the parts of the agent offer each other.
 *
 * No libc: strings and numbers are in words.c, records for the reader in report.c, becoming the
 * program in launch.c, system calls in syscalls.h. A mode is one function, named in the table of
 * start.c; it gets the words after its own name and returns the exit status.
 *
 * To add a mode: write `int mode_NAME(struct words *w)` in its own file, declare it here, and give
 * it a row in start.c. */
#ifndef AGENT_AGENT_H
#define AGENT_AGENT_H

#include "agent/syscalls.h"
#include "agent/wire.h"

/* What a mode is called with. argv[argc] is NULL; envp is the program's environment. */
struct words {
    int argc;
    char **argv, **envp;
    const unsigned char *random; /* 16 bytes from the kernel, for seeding */
};

int mode_init(struct words *w);
int mode_trace(struct words *w);
int mode_health(struct words *w);
int mode_attack(struct words *w) __attribute__((weak));

/* ---- words.c: memory, strings and numbers ---- */

void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t text_length(const char *s);
bool text_is(const char *a, const char *b);
bool text_starts(const char *s, const char *prefix);
/* The first c in s, or NULL. */
const char *text_find(const char *s, char c);

/* Reads a number in the base from *at and moves *at past it; false, and *at unmoved, when there is
 * no digit or the number is over `most`. */
bool text_number(const char **at, unsigned base, uint64_t most, uint64_t *ret);

/* The value of NAME in an environment, or NULL. */
const char *env_get(char **envp, const char *name);

/* A line of text built in place. What does not fit is cut; at[n] is always NUL. */
struct line {
    size_t n;
    char at[4096];
};
void line_start(struct line *l); /* empty; cheaper than zeroing all of it */
void line_add(struct line *l, const char *s);
void line_bytes(struct line *l, const void *p, size_t n);
void line_number(struct line *l, uint64_t n);
void line_print(struct line *l, int fd); /* with a newline; l is empty afterwards */

/* "no such file or directory" and the like for an errno, in Go's words; "errno 95" for the rest. */
void line_errno(struct line *l, int error);

/* ---- report.c: records to WIRE_REPORT_FD (wire.h) ---- */

/* One record being built. `cut` is set when something did not fit. */
struct record {
    uint32_t n; /* bytes so far, the length field and the type included */
    bool cut;
    unsigned char at[WIRE_RECORD_MAX];
};
void record_begin(struct record *r, enum wire_type type);
void record_u8(struct record *r, uint8_t v);
void record_u16(struct record *r, uint16_t v);
void record_u32(struct record *r, uint32_t v);
/* A u16 length and the bytes, cut to what fits. */
void record_bytes(struct record *r, const void *p, size_t n);
void record_text(struct record *r, const char *s);
/* Writes the record with one call. A reader that is gone is no error: the program runs on. */
void report_send(struct record *r);

void report_hello(void);
void report_bye(void);
void report_refused(const char *words);
void report_refused_errno(const char *words, int error);
void report_exit(uint32_t pid, int status, bool is_main);
void report_mark(enum wire_mark outcome, int error, const char *evidence);

/* ---- launch.c: the arguments of init and trace, and becoming the program ---- */

enum { LAUNCH_GROUPS = 256 };

struct launch {
    uint32_t uid, gid;
    uint32_t groups[LAUNCH_GROUPS];
    size_t n_groups;
    uint64_t capabilities;
    const char *cwd;
    char **argv, **envp;
};

/* UID:GID:G,G,… CAPS CWD -- PROGRAM ARG… . Returns false, with words on stderr, when it is not. */
bool launch_parse(struct words *w, struct launch *ret);

/* In the child: drops to the launch's user and capabilities, changes folder and runs the program.
 * Never returns; what fails is said on stderr and by a WIRE_REFUSED, with status 126, or 127 when
 * the program is not there. */
__attribute__((noreturn)) void launch_become(const struct launch *l);

/* Runs PROGRAM by its name: with a slash as it is, else along PATH. Returns −errno of the failure
 * that matters. For the attacker too. */
long launch_exec(char **argv, char **envp);

/* ---- init.c: being the parent ---- */

/* Closes the agent's own program, guards the report and the agent from the program. After the fork.
 */
void parent_guard(void);
/* Blocks every signal until parent_ready(); to be called before the child is made. */
void parent_prepare(void);
/* In the child: signals as they were. */
void parent_undo(void);
/* From now on signals to the agent are passed to `child`. */
void parent_ready(int child);
/* The main child was reaped: nothing to pass signals to. */
void parent_done(void);
/* Exit status for a wait status: the code, or 128 + signal. */
int parent_status(int wait_status);

#endif
