/* fuzz_secret: a path in the first line and any bytes behind it: as a file in two windows and in
 * one, as evidence that is redacted and as a source that is masked. */
#include <stdlib.h>

#include "secret/redact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct secret_scanner *s = secret_scanner_builtin();
    struct str text = {(const char *)data, n}, rest = text, path = {0};
    struct secret_list list = {0};
    if (!s)
        return 0;
    str_line(&rest, &path);
    struct secret_window w = {.text = rest, .to = rest.n, .path = path};
    secret_scan(s, &a, &w, &list);
    for (size_t i = 0; i < list.n; i++)
        if (list.v[i].at + list.v[i].n > rest.n || !list.v[i].n)
            abort(); /* a value that is not in the text */
    w.to = rest.n / 2;
    secret_scan(s, &a, &w, &list);
    w.from = w.to;
    w.to = rest.n;
    secret_scan(s, &a, &w, &list);
    secret_redact(s, &a, text);
    if (secret_mask(s, &a, text).n != n)
        abort();
    secret_scanner_free(s);
    arena_free(&a);
    return 0;
}
