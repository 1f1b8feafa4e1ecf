/* start: the agent's first instructions. Replaced by the tracer and the attacker. */
__attribute__((naked, noreturn)) void _start(void);
void _start(void)
{
    __asm__ volatile("xor %edi, %edi; mov $60, %eax; syscall");
}
