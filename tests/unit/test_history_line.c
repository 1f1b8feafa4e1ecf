/* History as builders write it → the instruction behind it. */
#include "facts/history_line.h"
#include "lib/tap.h"

static const struct {
    const char *text, *instruction, *rest;
    size_t build_args;
    bool old_form;
} cases[] = {
    {"/bin/sh -c #(nop) ADD file:0b1a in / ", "ADD", "file:0b1a in /", 0, true},
    {"/bin/sh -c #(nop)  CMD [\"bash\"]", "CMD", "[\"bash\"]", 0, true},
    {"/bin/sh -c apt-get update", "RUN", "apt-get update", 0, false},
    {"/bin/bash -o pipefail -c a | b", "RUN", "a | b", 0, false},
    {"RUN /bin/sh -c set -ex; x # buildkit", "RUN", "set -ex; x", 0, false},
    {"RUN /bin/bash -exc x # buildkit", "RUN", "x", 0, false},
    {"RUN |2 A=b C=d e /bin/sh -c x $A # buildkit", "RUN", "x $A", 3, false},
    {"|1 A=b /bin/sh -c x", "RUN", "x", 1, false},
    {"COPY a b # buildkit", "COPY", "a b", 0, false},
    {"ENV A=b", "ENV", "A=b", 0, false},
    {"# debian.sh --arch 'amd64' out/ 'bookworm'", "", "# debian.sh --arch 'amd64' out/ 'bookworm'",
     0, false},
    {"bazel build ...", "", "bazel build ...", 0, false},
    {"", "", "", 0, false},
    {"RUN", "RUN", "", 0, false},
    {"|", "", "|", 0, false},
    {"/bin/sh", "", "/bin/sh", 0, false},
};

int main(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct history_line line;
        history_line_read(&a, str_of(cases[i].text), &line);
        is_str(line.instruction, cases[i].instruction, "\"%s\": instruction", cases[i].text);
        is_str(line.text, cases[i].rest, "its text");
        is_int(line.build_args.n, cases[i].build_args, "its build arguments");
        ok(line.old_form == cases[i].old_form, "its form");
    }
    arena_free(&a);
    return done_testing();
}
