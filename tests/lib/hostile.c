/* A program with many ways to misbehave; its first argument names one. After it, most serve. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char block[65536];

static int listen_on(int port)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return bind(s, (void *)&any, sizeof any) || listen(s, 99) ? -1 : s;
}

static void answer(const char *how, int c)
{
    char in[2000];
    if (!strcmp(how, "slam") || read(c, in, sizeof in) <= 0)
        return;
    if (!strcmp(how, "quitter"))
        exit(0);
    if (!strcmp(how, "endless"))
        for (dprintf(c, "HTTP/1.0 200 OK\r\n\r\n"); write(c, block, sizeof block) > 0;)
            ;
    else if (!strcmp(how, "heads"))
        for (dprintf(c, "HTTP/1.0 200 OK\r\n"); dprintf(c, "X-A: %0999d\r\n", 1) > 0;)
            ;
    else if (!strcmp(how, "escape"))
        dprintf(c, "HTTP/1.0 200 \033[31mOK\r\nX-\033[5m: <script>\r\n\r\n\033[31m<script>\n");
    else
        dprintf(c, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

/* Writes a record of the agent's into whatever can be opened; ends with 99 when it could. */
static void forge(int fd)
{
    static const char mark[] = {8 + 5, 0, 0, 0, 7, 1, 0, 0, 0, 0, 5, 0, 'f', 'o', 'r', 'g', 'e'};
    if (fd > 2 && write(fd, mark, sizeof mark) > 0)
        exit(99);
}

static void forge_all(void)
{
    char path[64];
    for (int fd = 3; fd < 256; fd++)
        forge(fd);
    for (int pid = 1; pid < 9; pid++) {
        for (int fd = 3; fd < 20; fd++) {
            snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
            forge(open(path, O_WRONLY | O_NONBLOCK));
        }
        snprintf(path, sizeof path, "/proc/%d/mem", pid);
        if (pid != getpid() && open(path, O_RDWR) >= 0)
            exit(99);
    }
}

static void misbehave(const char *how)
{
    if (!strcmp(how, "exit"))
        exit(3);
    if (!strcmp(how, "sleep"))
        for (;;)
            pause();
    if (!strcmp(how, "bomb"))
        for (;;)
            if (fork() < 0)
                usleep(1000);
    if (!strcmp(how, "many"))
        for (int i = 0; i < 500; i++)
            if (!fork())
                for (;;)
                    pause();
    if (!strcmp(how, "flood"))
        while (write(1, block, sizeof block) > 0)
            (void)!write(2, block, sizeof block);
    if (!strcmp(how, "deaf"))
        for (int i = 1; i < 65; i++)
            signal(i, SIG_IGN);
    if (!strcmp(how, "daemon") && fork())
        exit(0);
    if (!strcmp(how, "killer"))
        for (int i = 1; i < 65; i++)
            kill(1, i == SIGTERM ? SIGKILL : i);
    if (!strcmp(how, "killall"))
        kill(-1, SIGKILL);
    if (!strcmp(how, "forge"))
        forge_all();
    if (!strcmp(how, "ptrace") &&
        (!ptrace(PTRACE_ATTACH, 1, 0, 0) || !ptrace(PTRACE_SEIZE, getppid(), 0, 0)))
        exit(99);
    if (!strcmp(how, "traced"))
        ptrace(PTRACE_TRACEME, 0, 0, 0);
    if (!strcmp(how, "files"))
        for (int i = 0; i < 2000; i++) {
            char path[64];
            snprintf(path, sizeof path, "/tmp/\033[31m\n%d", i);
            close(open(path, O_CREAT | O_WRONLY, 0600));
        }
    if (!strcmp(how, "deep"))
        for (int i = 0; i < 1000 && !mkdir("dddd", 0700) && !chdir("dddd"); i++)
            ;
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "serve";
    signal(SIGPIPE, SIG_IGN);
    misbehave(how);
    int s = listen_on(8080);
    for (;;) {
        int c = accept(s, NULL, NULL);
        if (strcmp(how, "mute") != 0) {
            answer(how, c);
            close(c);
        }
    }
}
