/* measure: runs a command some times → median wall and processor time, and largest memory.
 *
 *     measure RUNS COMMAND ARGUMENT…      prints "SECONDS PEAK_MB STATUS CPU_SECONDS"
 *
 * One warm-up run comes first. Output of the command is thrown away. The peak is the largest
 * resident set of any one process of the command (getrusage), which for us and our peers is the one
 * that counts. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int run(char **argv, double *seconds, double *cpu, long *peak)
{
    struct timespec from, to;
    struct rusage usage;
    int status;
    clock_gettime(CLOCK_MONOTONIC, &from);
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0), dup2(null, 1), dup2(null, 2);
        execvp(argv[0], argv);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) < 0)
        return -1;
    clock_gettime(CLOCK_MONOTONIC, &to);
    *seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    *cpu = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    if (usage.ru_maxrss > *peak)
        *peak = usage.ru_maxrss;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
    int runs = argc > 2 ? (int)strtol(argv[1], NULL, 10) : 0, status = -1;
    size_t room = (size_t)(runs > 0 ? runs : 1);
    double *seconds = calloc(room, sizeof *seconds), *cpu = calloc(room, sizeof *cpu), warm, hot;
    long peak = 0;
    if (runs < 1 || !seconds || !cpu)
        return fprintf(stderr, "usage: measure RUNS COMMAND…\n"), 2;
    run(argv + 2, &warm, &hot, &peak);
    for (int i = 0; i < runs; i++)
        status = run(argv + 2, &seconds[i], &cpu[i], &peak);
    qsort(seconds, room, sizeof *seconds, by_value);
    qsort(cpu, room, sizeof *cpu, by_value);
    printf("%.3f %.0f %d %.3f\n", seconds[runs / 2], (double)peak / 1024, status, cpu[runs / 2]);
    free(seconds);
    free(cpu);
    return 0;
}
