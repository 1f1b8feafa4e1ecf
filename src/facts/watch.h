/* watch: those who are shown every regular file of every layer while it is read. One pass; each
 * takes what it wants of a file and adds what it found to the file's facts. */
#ifndef FACTS_WATCH_H
#define FACTS_WATCH_H

#include "facts/facts.h"

/* State is of one layer and one thread; files come one after the other. What a watcher keeps comes
 * from the layer's arena and is bounded (LIMIT_FACTS_BYTES a layer). */
struct facts_watcher {
    void *(*begin)(struct facts_reading *reading, struct arena *layer_arena, size_t layer);
    bool (*open)(void *state, const struct image_entry *entry); /* whether it wants this file */
    int (*data)(void *state, const void *p, size_t n, struct err *e);
    /* Adds to *facts, which others add to as well; whether it did. */
    bool (*done)(void *state, struct file_facts *facts);
    void (*end)(void *state);
};

/* Says what is not known of the file, behind what others said. */
void facts_note(struct arena *a, struct file_facts *facts, struct str note);

extern const struct facts_watcher facts_watch_content; /* ELF, scripts, texts known by path */
extern const struct facts_watcher facts_watch_secrets;
extern const struct facts_watcher facts_watch_libraries;

#endif
