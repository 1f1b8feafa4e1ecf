/* facts_codec: struct file_facts ⇄ bytes, for the cache of layers.
 *
 * Whatever a field is added to struct file_facts is added here; FACTS_VERSION changes with it.
 *
 * Invariants
 * 1. What is read back is what was written. (test_layer_log_codec: facts)
 */
#include "facts/facts.h"

static void codec_elf(struct codec *w, struct elf_facts *f)
{
    codec_u8(w, &f->bits);
    codec_bool(w, &f->big_endian);
    codec_u16(w, &f->machine);
    codec_u16(w, &f->type);
    codec_bool(w, &f->dynamic);
    codec_bool(w, &f->is_static);
    codec_bool(w, &f->executable);
    codec_str(w, &f->interpreter);
    codec_str(w, &f->soname);
    codec_str(w, &f->rpath);
    codec_str(w, &f->runpath);
    codec_strs(w, &f->needed);
    codec_strs(w, &f->filter);
    codec_strs(w, &f->auxiliary);
    codec_bool(w, &f->nodeflib);
    codec_strs(w, &f->dlopen_required);
    codec_strs(w, &f->dlopen_recommended);
    codec_strs(w, &f->dlopen_suggested);
    codec_bool(w, &f->broken);
    codec_str(w, &f->why);
}

static void codec_secrets(struct codec *w, struct file_facts *f)
{
    codec_count(w, &f->n_secrets);
    if (!w->writing)
        f->secrets = arena_array(w->a, struct facts_secret, f->n_secrets);
    for (size_t i = 0; i < f->n_secrets; i++) {
        struct facts_secret *s = &f->secrets[i];
        codec_str(w, &s->kind);
        codec_str(w, &s->title);
        codec_str(w, &s->start);
        codec_str(w, &s->inside);
        codec_u32(w, &s->line);
        codec_u32(w, &s->mark);
        codec_enum(w, s->severity, SEVERITY_CRITICAL);
        codec_enum(w, s->doubt, SECRET_DOUBTS - 1);
    }
}

static void codec_libraries(struct codec *w, struct file_facts *f)
{
    codec_count(w, &f->n_libraries);
    if (!w->writing)
        f->libraries = arena_array(w->a, struct facts_library, f->n_libraries);
    for (size_t i = 0; i < f->n_libraries; i++) {
        struct facts_library *l = &f->libraries[i];
        codec_enum(w, l->kind, LIBRARY_KINDS - 1);
        codec_str(w, &l->name);
        codec_str(w, &l->version);
        codec_str(w, &l->licence);
        codec_str(w, &l->inside);
    }
}

struct file_facts *facts_codec(struct codec *w, struct file_facts *f)
{
    if (!f)
        f = arena_new(w->a, struct file_facts);
    codec_enum(w, f->kind, FILE_TEXT);
    if (f->kind == FILE_ELF)
        codec_elf(w, &f->elf);
    codec_str(w, &f->script.interpreter);
    codec_str(w, &f->script.argument);
    codec_str(w, &f->text);
    codec_bool(w, &f->text_left_out);
    codec_str(w, &f->note);
    codec_bool(w, &f->unsearched);
    codec_bool(w, &f->private_key);
    codec_secrets(w, f);
    codec_libraries(w, f);
    return f;
}
