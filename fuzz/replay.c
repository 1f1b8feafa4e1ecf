/* replay: the main of a fuzz target without libFuzzer: runs it over the files it is given. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");
        if (!f || fseek(f, 0, SEEK_END))
            return perror(argv[i]), 1;
        size_t n = (size_t)ftell(f);
        rewind(f);
        uint8_t *data = malloc(n ? n : 1); /* exact size, so that asan sees a read past the end */
        if (!data || fread(data, 1, n, f) != n)
            return perror(argv[i]), 1;
        fclose(f);
        LLVMFuzzerTestOneInput(data, n);
        free(data);
    }
    return 0;
}
