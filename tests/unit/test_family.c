/* test_family: triggers and what they bring. */
#include "lib/keepcase.h"

static struct arena arena;

#define ELF(...) elfmake(&arena, &(struct elfmake){__VA_ARGS__})

static void libc(void)
{
    struct fixture_entry entries[] = {
        {"f", "p", .mode = 0755,
         .bytes = ELF(.interpreter = "/lib64/ld-linux-x86-64.so.2", .needed = {"libc.so.6"})},
        {"f", "lib64/ld-linux-x86-64.so.2", .mode = 0755, .bytes = ELF(.soname = "ld")},
        {"f", "lib/libc.so.6", .bytes = ELF(.soname = "libc.so.6")},
        {"f", "lib/libgcc_s.so.1", .bytes = ELF(.soname = "libgcc_s.so.1")},
        {"f", "lib/libnss_own.so.2", .bytes = ELF(.soname = "libnss_own.so.2")},
        {"f", "lib/libnss_other.so.2", .bytes = ELF(.soname = "libnss_other.so.2")},
        {"f", "etc/nsswitch.conf", .content = "passwd: files own [NOTFOUND=return] # other\n"},
        {"f", "etc/passwd", .content = "root:x:0:0::/:/bin/sh\n"},
        {"f", "etc/unrelated", .content = "x"},
        {"l", "etc/localtime", .link = "/usr/share/zoneinfo/Etc/UTC"},
        {"f", "usr/share/zoneinfo/Etc/UTC", .content = "TZif"},
        {"f", "usr/share/zoneinfo/Europe/Paris", .content = "TZif"},
        {"f", "usr/share/zoneinfo/Europe/Rome", .content = "TZif"},
        {"d", "tmp", .mode = 01777},
        {0}};
    struct keepcase c;
    keepcase_open(&c, &arena, entries, "{\"Cmd\":[\"/p\"],\"Env\":[\"TZ=Europe/Paris\"]}");
    keepcase_choose(&c);
    is_str(keepcase_files(&c),
           "/etc/localtime /etc/nsswitch.conf /etc/passwd /lib/libc.so.6 /lib/libgcc_s.so.1 "
           "/lib/libnss_own.so.2 /lib64/ld-linux-x86-64.so.2 /p /usr/share/zoneinfo/Etc/UTC "
           "/usr/share/zoneinfo/Europe/Paris",
           "the C library: names, cancellation, the zone; absent ones are no matter");
    is_kept(&c, "/lib/libgcc_s.so.1", WHY_FAMILY, "by their family");
    is_kept(&c, "/tmp", WHY_FAMILY, "and folders for work");
    keepcase_close(&c);
}

static void languages(void)
{
    struct fixture_entry entries[] = {
        {"f", "usr/bin/python3.11", .mode = 0755, .bytes = ELF(.soname = NULL)},
        {"l", "usr/bin/python3", .link = "python3.11"},
        {"f", "usr/lib/python3.11/os.py"},
        {"f", "usr/lib/python3.11/encodings/utf_8.py"},
        {"f", "usr/lib/python3.11/test/test_os.py"},
        {"f", "usr/lib/python3.11/turtle.py"},
        {"f", "usr/lib/python3.11/__pycache__/os.cpython-311.pyc"},
        {"f", "usr/lib/python3.11/__pycache__/turtle.cpython-311.pyc"},
        {"f", "usr/lib/python3.11/lib-dynload/_json.cpython-311.so"},
        {"f", "usr/lib/python3.11/lib-dynload/nis.cpython-311.so"},
        {"f", "usr/lib/python3.9/os.py"},
        {"f", "app/site-packages/flask/app.py"},
        {"f", "app/site-packages/flask/cli.py"},
        {"f", "app/site-packages/Flask-2.dist-info/METADATA"},
        {"f", "app/site-packages/unused/__init__.py"},
        {"f", "app/site-packages/flaskette-1.dist-info/METADATA"},
        {0}};
    struct keepcase c;
    keepcase_open(&c, &arena, entries, "{\"Cmd\":[\"python3\"]}");
    keepcase_saw(&c, TRACE_OPEN, "/app/site-packages/flask/app.py", 0);
    keepcase_choose(&c);
    is_str(keepcase_files(&c),
           "/app/site-packages/Flask-2.dist-info/METADATA /app/site-packages/flask/app.py "
           "/app/site-packages/flask/cli.py /usr/bin/python3 /usr/bin/python3.11 "
           "/usr/lib/python3.11/__pycache__/os.cpython-311.pyc "
           "/usr/lib/python3.11/encodings/utf_8.py "
           "/usr/lib/python3.11/lib-dynload/_json.cpython-311.so /usr/lib/python3.11/os.py",
           "python: its own library, whole packages of touched files, their metadata");
    keepcase_close(&c);
}

static void links(void)
{
    struct fixture_entry entries[] = {
        {"f", "p", .mode = 0755, .bytes = ELF(.soname = NULL)},
        {"f", "lib/libssl.so.3", .bytes = ELF(.soname = "libssl.so.3")},
        {"l", "etc/ssl/certs/0a.0", .link = "A.pem"},
        {"l", "etc/ssl/certs/A.pem", .link = "/usr/share/ca-certificates/A.crt"},
        {"l", "etc/ssl/certs/gone", .link = "/none"},
        {"f", "usr/share/ca-certificates/A.crt", .content = "A"},
        {"f", "usr/share/ca-certificates/B.crt", .content = "B"},
        {0}};
    struct keepcase c;
    keepcase_open(&c, &arena, entries, "{\"Cmd\":[\"/p\"]}");
    keepcase_choose(&c);
    is_str(keepcase_files(&c), "/p", "without its trigger a family keeps nothing");
    keepcase_saw(&c, TRACE_OPEN, "/lib/libssl.so.3", 0);
    keepcase_choose(&c);
    is_str(keepcase_files(&c),
           "/etc/ssl/certs/0a.0 /etc/ssl/certs/A.pem /lib/libssl.so.3 /p "
           "/usr/share/ca-certificates/A.crt",
           "certificates with the links that lead to them");
    size_t n = c.keep.by_node.n;
    keepcase_choose(&c);
    is_int(c.keep.by_node.n, n, "once: choosing again gives the same");
    keepcase_close(&c);
}

int main(void)
{
    libc();
    languages();
    links();
    fixture_end();
    arena_free(&arena);
    return done_testing();
}
