/* Any bytes as a script: commands whose words and places stay inside it. */
#include <stdint.h>

#include "dockerfile/shell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(struct span place, size_t n)
{
    if (place.from > place.to || place.to > n)
        abort();
}

static void check_words(const struct shell_words_list *words, size_t n)
{
    vec_each (words, i) {
        const struct shell_word *w = &words->v[i];
        check(w->place, n);
        check(placed_span(&w->text, 0, w->text.s.n), n);
        vec_each (&w->parts, k)
            if (w->parts.v[k].from > w->parts.v[k].to || w->parts.v[k].to > w->text.s.n)
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct placed text = placed_plain(&a, (struct str){(const char *)data, n}, 0);
    struct shell_script s;
    shell_read(&a, &text, &s);
    vec_each (&s.commands, i) {
        const struct shell_command *c = &s.commands.v[i];
        bool known;
        check(c->place, n);
        check_words(&c->words, n);
        check_words(&c->assignments, n);
        if ((c->via != SHELL_NONE && c->via >= i) || (c->parent != SHELL_NONE && c->parent >= i))
            abort();
        vec_each (&c->redirects, k)
            check(c->redirects.v[k]->target.place, n);
        vec_each (&c->words, k)
            shell_word_value(&a, &c->words.v[k], NULL, NULL, &known);
    }
    vec_each (&s.errors, i)
        check(s.errors.v[i].place, n);
    struct shell_script words;
    struct placed args[3] = {placed_plain(&a, STR("sh"), 0), placed_plain(&a, STR("-c"), 0), text};
    shell_read_words(&a, args, 3, &words);
    arena_free(&a);
    return 0;
}
