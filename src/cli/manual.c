/* manual: the commands' tables → one page in man(7)'s macros.
 *
 * Invariants
 * 1. docs/shuck.1 is what this prints. (tests/manual.t)
 */
#include "base/buf.h"
#include "cli/command.h"

/* Text in roff: backslashes and dashes are literal, a line may not begin with a control character.
 */
static void add_text(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool first = !b->n || b->p[b->n - 1] == '\n';
        if (first && (c == '.' || c == '\''))
            buf_addz(b, "\\&");
        if (c == '\\')
            buf_addz(b, "\\e");
        else if (c == '-')
            buf_addz(b, "\\-");
        else
            buf_addc(b, c);
    }
}

static void add_option(struct buf *b, const struct option_spec *o)
{
    buf_addz(b, ".TP\n.B ");
    if (o->letter)
        add_text(b, (struct str){(char[]){'-', o->letter, ',', ' '}, 4});
    add_text(b, STR("--"));
    add_text(b, str_of(o->name));
    if (o->argument)
        buf_addf(b, " \\fI%s\\fR", o->argument);
    buf_addc(b, '\n');
    add_text(b, str_of(o->help));
    if (o->choices) {
        buf_addz(b, " (");
        add_text(b, str_of(o->choices));
        buf_addc(b, ')');
    }
    buf_addz(b, ".\n");
}

static void add_command(struct buf *b, const struct command *c)
{
    buf_addf(b, ".SS \"shuck %s%s\"\n", c->name, c->n_options ? " [options]" : "");
    if (*c->arguments) {
        buf_addz(b, ".B ");
        add_text(b, str_of(c->arguments));
        buf_addz(b, "\n.PP\n");
    }
    add_text(b, str_of(c->summary));
    buf_addz(b, ".\n");
    if (c->details) {
        buf_addz(b, ".PP\n");
        struct str rest = str_of(c->details), line;
        while (str_line(&rest, &line)) {
            if (!line.n)
                buf_addz(b, ".PP");
            add_text(b, line);
            buf_addc(b, '\n');
        }
    }
    for (size_t i = 0; i < c->n_options; i++)
        add_option(b, &c->options[i]);
    if (c->example) {
        buf_addz(b, ".PP\nExample:\n.PP\n.nf\n");
        add_text(b, str_of(c->example));
        buf_addz(b, "\n.fi\n");
    }
}

struct str command_manual(struct arena *a)
{
    struct buf b = {.a = a};
    buf_addf(&b, ".TH SHUCK 1 \"\" \"shuck %s\" \"User commands\"\n", SHUCK_VERSION);
    buf_addz(
        &b,
        ".SH NAME\nshuck \\- take the shell off containers\n"
        ".SH SYNOPSIS\n.B shuck\n.I command\n[options] ...\n"
        ".SH DESCRIPTION\n"
        "Says what is wrong with a container image, makes one that holds only what its program\n"
        "runs, and proves what an intruder lost.\n"
        ".PP\nEvery command takes\n.B \\-\\-quiet\n(no notes on standard error) and\n.B "
        "\\-\\-help\\fR.\n"
        ".SH COMMANDS\n");
    for (size_t i = 0; commands[i]; i++)
        add_command(&b, commands[i]);
    buf_addz(&b, ".SH IMAGE NAMES\n");
    static const char *const names[][2] = {
        {"docker-archive:FILE[:REF]", "What docker save writes."},
        {"oci:DIR[:TAG]", "An OCI image layout."},
        {"oci-archive:FILE[:TAG]", "The same as a tar file."},
        {"dir:ROOTFS", "An unpacked root file system; for reading only."},
        {"docker-daemon:NAME[:TAG]",
         "An image of the Docker daemon on this machine (DOCKER_HOST names another socket); for "
         "reading only."},
        {"containers-storage:NAME[:TAG]",
         "An image of podman, buildah or CRI-O, fetched by podman or skopeo; for reading only."},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        buf_addz(&b, ".TP\n.B ");
        add_text(&b, str_of(names[i][0]));
        buf_addf(&b, "\n%s\n", names[i][1]);
    }
    buf_addz(&b,
             ".PP\nA bare path is recognised by what it holds.\n"
             ".SH EXIT STATUS\n0 clean; 1 findings at or over \\-\\-fail\\-on or\n"
             "\\-\\-failure\\-threshold; 2 usage; 3 the "
             "input is bad or\n"
             "refused; 4 this machine cannot do it (shuck doctor says why).\n"
             ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nNo colour, even on a terminal.\n"
             ".TP\n.B TMPDIR\nWhere the work folder goes, if not /var/tmp.\n"
             ".TP\n.B SOURCE_DATE_EPOCH\nThe time shuck pack gives an image, and shuck sbom a "
             "document.\n"
             ".TP\n.B HADOLINT_*\nSettings of shuck lint, over those of its file; docs/lint.md.\n"
             ".TP\n.B XDG_CONFIG_HOME\nWhere .hadolint.yaml is looked for, if not ~/.config.\n"
             ".SH FILES\n.TP\n.B .shuck.yaml\nIgnores with reasons, trusted bases, thresholds.\n"
             ".TP\n.B .hadolint.yaml\nWhat shuck lint leaves out, levels, labels, registries.\n");
    return buf_str(&b);
}
