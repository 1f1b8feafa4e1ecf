/* start: the kernel's stack → argv, environment and auxiliary vector → the mode named first. */
#include "agent/agent.h"

#include <linux/auxvec.h>

#if defined __x86_64__
__asm__(".globl _start\n"
        "_start:\n"
        "    xor %ebp, %ebp\n"
        "    mov %rsp, %rdi\n"
        "    and $-16, %rsp\n"
        "    call agent_start\n"
        "    hlt\n");
#else
__asm__(".globl _start\n"
        "_start:\n"
        "    mov x29, #0\n"
        "    mov x30, #0\n"
        "    mov x0, sp\n"
        "    bl agent_start\n"
        "    brk #0\n");
#endif

static const struct mode {
    const char *name;
    int (*run)(struct words *w);
} modes[] = {
    {"init", mode_init},
    {"trace", mode_trace},
    {"health", mode_health},
    {"attack", mode_attack},
};

static int usage(void)
{
    struct line l = {0};
    line_add(&l, "agent: no such mode; it is started by shuck");
    line_print(&l, 2);
    return 125;
}

static int run_mode(struct words *w)
{
    if (w->argc < 2)
        return usage();
    const char *name = w->argv[1];
    w->argc -= 2;
    w->argv += 2;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (modes[i].run && text_is(name, modes[i].name))
            return modes[i].run(w);
    return usage();
}

__attribute__((noreturn, used)) void agent_start(long *stack);
void agent_start(long *stack)
{
    static const unsigned char none[16];
    struct words w = {
        .argc = (int)stack[0],
        .argv = (char **)(stack + 1),
        .envp = (char **)(stack + stack[0] + 2),
        .random = none,
    };
    char **end = w.envp;
    while (*end)
        end++;
    for (unsigned long *aux = (unsigned long *)(end + 1); aux[0] != AT_NULL; aux += 2)
        if (aux[0] == AT_RANDOM)
            w.random = (const unsigned char *)aux[1];
    sys_exit(run_mode(&w));
}
