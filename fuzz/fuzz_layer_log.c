/* fuzz_layer_log: any bytes as a remembered layer. What is taken for one is written and read again.
 */
#include <stdlib.h>

#include "facts/facts.h"
#include "tree/layer_log.h"

static void *code_facts(void *state, struct codec *w, void *facts)
{
    (void)state;
    return facts_codec(w, facts);
}

static bool read_log(struct arena *a, struct str bytes, struct tree_log *log)
{
    static const struct tree_log_facts facts = {code_facts, NULL};
    struct codec w = codec_reader(a, bytes);
    tree_log_begin(log, a, 0);
    tree_log_codec(log, &w, &facts);
    return codec_whole(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct tree_log_facts facts = {code_facts, NULL};
    struct arena a = {0};
    struct tree_log log, again;
    if (read_log(&a, (struct str){(const char *)data, n}, &log)) {
        struct codec w = codec_writer(&a);
        tree_log_codec(&log, &w, &facts);
        if (!read_log(&a, buf_str(&w.out), &again) || again.n != log.n)
            abort();
        tree_log_free(&again);
    }
    tree_log_free(&log);
    arena_free(&a);
    return 0;
}
