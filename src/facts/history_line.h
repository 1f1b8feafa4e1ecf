/* history_line: one created_by of a config's history → the instruction behind it.
 *
 * Builders write it in three ways: "/bin/sh -c #(nop) ADD file:… in /" and "/bin/sh -c COMMAND"
 * (the old docker build, kaniko, buildah), "ADD x y # buildkit" and "RUN |1 A=b /bin/sh -c COMMAND
 * # buildkit" (BuildKit), and free text (base images built by other tools). */
#ifndef FACTS_HISTORY_LINE_H
#define FACTS_HISTORY_LINE_H

#include "base/str.h"

struct history_line {
    struct str instruction; /* "ADD", "RUN", …; empty for free text */
    struct str text;        /* what follows; of a RUN, the shell text */
    struct strs build_args; /* NAME=value words that a RUN saw */
    bool old_form;          /* of the "#(nop)" kind: sources of ADD and COPY are digests */
};

void history_line_read(struct arena *a, struct str created_by, struct history_line *ret);

#endif
