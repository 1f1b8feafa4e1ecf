/* page: answers every request on port 8080 with what is in a file. With a second word: "known":
 * only root and user 33 get it; "clock": never the same. Static, so that it can be an image. */
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int moment(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int)(t.tv_nsec % 100000);
}

int main(int argc, char **argv)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(8080)};
    int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(s, (struct sockaddr *)&any, sizeof any) || listen(s, 9))
        return 1;
    static char page[100] = "no page";
    int f = open(argc > 1 ? argv[1] : "/etc/page", O_RDONLY);
    if (f >= 0)
        page[read(f, page, 99)] = 0;
    if (argc > 2 && !strcmp(argv[2], "known") && getuid() && getuid() != 33)
        strcpy(page, "who are you?");
    if (argc > 2 && !strcmp(argv[2], "warns") && getuid())
        fputs("warning: not root\n", stderr);
    if (argc > 2 && !strcmp(argv[2], "clock"))
        snprintf(page, 99, "%d", moment());
    for (;;) {
        char in[2000];
        int c = accept(s, 0, 0);
        if (read(c, in, sizeof in) > 0 && !(argc > 2 && !strcmp(argv[2], "mute")))
            dprintf(c, "HTTP/1.0 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(page), page);
        close(c);
    }
}
