/* guest: the program tests run inside of containers; static, so that it is a whole image. Each word
 * of the command line is a thing to do, with its arguments behind it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void ids(void)
{
    gid_t groups[32];
    int n = getgroups(32, groups);
    printf("uid %d gid %d groups", (int)getuid(), (int)getgid());
    for (int i = 0; i < n; i++)
        printf(" %d", (int)groups[i]);
    printf("\n");
}

static void descriptors(void)
{
    printf("descriptors");
    for (int fd = 0; fd < 100; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            printf(" %d", fd);
    printf("\n");
}

static void write_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (fd < 0 || write(fd, "x", 1) != 1)
        printf("write %s: %s\n", path, strerror(errno));
}

static void device(const char *path)
{
    int made = mknod(path, S_IFBLK | 0600, makedev(254, 0)) == 0;
    printf("%s: %s, %s\n", path, made ? "made" : "not made",
           open(path, O_RDONLY) < 0 ? "not opened" : "OPENED");
}

static void list(const char *path)
{
    DIR *d = opendir(path);
    printf("in %s:", path);
    for (struct dirent *entry; d && (entry = readdir(d));)
        if (entry->d_name[0] != '.')
            printf(" %s", entry->d_name);
    printf("\n");
}

/* 3 MiB of b, to the end of the connection. */
static void answer_big(int c)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    static char block[65536];
    memset(block, 'b', sizeof block);
    if (write(c, head, sizeof head - 1) < 0)
        return;
    for (int i = 0; i < 48; i++)
        for (ssize_t at = 0, n; at < (ssize_t)sizeof block; at += n)
            if ((n = write(c, block + at, sizeof block - (size_t)at)) < 0)
                return;
}

static void serve(int port)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-Guest: yes\r\n"
                                 "Connection: close\r\n\r\nhello\n";
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    if (bind(s, (struct sockaddr *)&at, sizeof at) || listen(s, 16)) {
        printf("listen: %s\n", strerror(errno));
        exit(1);
    }
    for (;;) {
        char request[4096];
        int c = accept(s, NULL, NULL);
        ssize_t n = read(c, request, sizeof request);
        printf("request %d\n", n > 0);
        if (n > 8 && strncmp(request, "GET /big", 8) == 0)
            answer_big(c);
        else if (write(c, answer, sizeof answer - 1) < 0)
            printf("write: %s\n", strerror(errno));
        close(c);
    }
}

static void flood(long n)
{
    static char block[65536];
    memset(block, 'f', sizeof block);
    for (; n != 0; n--)
        if (write(1, block, sizeof block) < 0 || write(2, block, sizeof block) < 0)
            exit(3);
}

static void end(int sig)
{
    (void)sig;
    _exit(0);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    signal(SIGTERM, end);
    for (int i = 1; i < argc; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : "0";
        if (!strcmp(argv[i], "exit"))
            return atoi(next);
        else if (!strcmp(argv[i], "say"))
            printf("%s\n", argv[++i]);
        else if (!strcmp(argv[i], "complain"))
            fprintf(stderr, "%s\n", argv[++i]);
        else if (!strcmp(argv[i], "ids"))
            ids();
        else if (!strcmp(argv[i], "descriptors"))
            descriptors();
        else if (!strcmp(argv[i], "write"))
            write_file(argv[++i]);
        else if (!strcmp(argv[i], "mkdir"))
            mkdir(argv[++i], 0755);
        else if (!strcmp(argv[i], "remove"))
            unlink(argv[++i]);
        else if (!strcmp(argv[i], "device"))
            device(argv[++i]);
        else if (!strcmp(argv[i], "list"))
            list(argv[++i]);
        else if (!strcmp(argv[i], "serve"))
            serve(atoi(next));
        else if (!strcmp(argv[i], "flood"))
            flood(atol(argv[++i]));
        else if (!strcmp(argv[i], "deaf"))
            for (int sig = 1; sig < 32; sig++)
                signal(sig, SIG_IGN);
        else if (!strcmp(argv[i], "child")) /* something that outlives its parent */
            (void)(fork() == 0 && sleep(1000));
        else if (!strcmp(argv[i], "sleep"))
            for (int s = atoi(next); s > 0; s--)
                usleep(10000);
        else if (!strcmp(argv[i], "signal"))
            kill(getpid(), atoi(next));
    }
    return 0;
}
