/* search: a text, as it comes, → the secrets in it, each with its line. A text is a file, or a
 * member of an archive in a file. */
#ifndef FACTS_SEARCH_H
#define FACTS_SEARCH_H

#include "facts/facts.h"

enum {
    SEARCH_TEXT_SECRETS = 100, /* kept of one text */
    SEARCH_FILE_SECRETS = 1000 /* and of all texts of one file */
};

/* How the letters of a text are written. */
enum search_coding {
    SEARCH_UNKNOWN, /* its first bytes are not there yet */
    SEARCH_BYTES,
    SEARCH_UTF16_LE, /* as Windows' tools write settings */
    SEARCH_UTF16_BE,
};
enum { SEARCH_HEAD = 4 }; /* bytes that tell */

/* Of one layer and one thread. */
struct facts_search {
    struct arena *a; /* of the layer: what is found lives there */
    struct arena own, scratch;
    struct secret_scanner *scanner; /* NULL: no memory for one */
    char *window;
    size_t kept; /* of the layer */
    /* the text that is read now */
    struct str path, inside; /* "srv/app.jar!/a.yml", "a.yml" */
    size_t n;                /* bytes in the window */
    size_t scanned;          /* of them, whose hits are taken */
    size_t counted;          /* of them, whose lines are counted */
    uint32_t line;
    bool no_text;
    enum search_coding coding;
    unsigned char head[SEARCH_HEAD]; /* while it is unknown, and the first half of a UTF-16 unit */
    size_t n_head;
    size_t first; /* of its findings */
    size_t again; /* findings before that may come again: set by who reads an archive twice */
    /* of the file, by place */
    struct facts_secret found[SEARCH_FILE_SECRETS];
    size_t n_found;
};

/* db may be NULL: nothing is found. */
void facts_search_open(struct facts_search *s, struct arena *layer_arena,
                       const struct secret_db *db);
void facts_search_close(struct facts_search *s);

/* Another file: nothing is found in it yet. False: the layer has all that is kept. */
bool facts_search_file(struct facts_search *s);

/* A text of the file; path and inside (empty: it is the file) stand until its end. */
void facts_search_begin(struct facts_search *s, struct str path, struct str inside);
void facts_search_add(struct facts_search *s, const void *p, size_t n);
void facts_search_end(struct facts_search *s);

/* What was found in the file, as its facts; whether anything was. */
bool facts_search_take(struct facts_search *s, struct file_facts *facts);

#endif
