#include <errno.h>

#include "lib/tap.h"

int main(void)
{
    struct err e = {0};
    is_int(err_set(&e, ERR_INPUT, "bad %d", 7), -1, "set returns -1");
    is_int(err_wrap(&e, "layer %d", 2), -1, "wrap returns -1");
    is_str(str_of(e.text), "layer 2: bad 7", "wrap puts context before");
    is_int(e.kind, ERR_INPUT, "wrap keeps the kind");
    err_sys(&e, ERR_MACHINE, ENOENT, "opening");
    is_str(str_of(e.text), "opening: No such file or directory", "sys");
    for (int i = 0; i < 500; i++)
        err_wrap(&e, "more and more context");
    is_int(strlen(e.text), ERR_TEXT_MAX - 1, "cut at the end");
    return done_testing();
}
