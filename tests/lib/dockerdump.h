/* dockerdump: a parsed Dockerfile as short text, for tables of tests. */
#ifndef TESTS_DOCKERDUMP_H
#define TESTS_DOCKERDUMP_H

#include "dockerfile/dockerfile.h"

static void dump_words(struct buf *b, const struct dockerfile_words *words)
{
    vec_each (words, i)
        buf_addf(b, "(" STR_F ")", STR_A(words->v[i].text.s));
}

/* NAME --flag=value json (word)… {key=value}… <<NAME:body */
__attribute__((unused)) static void dump_instruction(struct buf *b,
                                                     const struct dockerfile_instruction *i)
{
    for (; i; i = i->onbuild) {
        buf_add(b, dockerfile_kind_name(i->kind));
        vec_each (&i->flags, k) {
            const struct dockerfile_flag *f = &i->flags.v[k];
            buf_addf(b, " --" STR_F "%s" STR_F, STR_A(f->name), f->has_value ? "=" : "",
                     STR_A(f->value.s));
        }
        if (i->json)
            buf_addz(b, " json");
        if (i->legacy)
            buf_addz(b, " legacy");
        if (i->words.n)
            buf_addc(b, ' ');
        dump_words(b, &i->words);
        vec_each (&i->pairs, k) {
            const struct dockerfile_pair *p = &i->pairs.v[k];
            buf_addf(b, " {" STR_F "%s" STR_F "}", STR_A(p->key.text.s), p->has_value ? "=" : "",
                     STR_A(p->value.text.s));
        }
        if (!i->words.n && !i->pairs.n && !i->onbuild && i->args.s.n)
            buf_addf(b, " [" STR_F "]", STR_A(i->args.s));
        vec_each (&i->heredocs, k)
            buf_addf(b, " <<" STR_F "%s:" STR_F, STR_A(i->heredocs.v[k].name),
                     i->heredocs.v[k].expands ? "" : "'", STR_A(i->heredocs.v[k].body.s));
        buf_addc(b, i->onbuild ? ' ' : '\n');
    }
}

#endif
