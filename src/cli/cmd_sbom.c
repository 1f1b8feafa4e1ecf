/* sbom: an image → the packages and libraries it is made of, as CycloneDX or SPDX. */
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/run_options.h"
#include "image/pack.h"
#include "report/sbom.h"
#include "road/layer_cache.h"
#include "sys/file.h"

struct values {
    struct str format, output, platform;
    bool no_cache;
};

static const struct option_spec options[] = {
    {"format", 'f', OPTION_STR, offsetof(struct values, format), "FORMAT",
     "CycloneDX 1.6 or SPDX 2.3, as JSON (default cyclonedx)", "cyclonedx|spdx"},
    {"output", 'o', OPTION_STR, offsetof(struct values, output), "FILE",
     "write there instead of to standard output", NULL},
    {"platform", 0, OPTION_STR, offsetof(struct values, platform), "OS/ARCH",
     "which image of a multi-platform one", NULL},
    {"no-cache", 0, OPTION_FLAG, offsetof(struct values, no_cache), NULL,
     "read every layer, and remember none", NULL},
};

static int write_to(const struct values *v, const struct sbom *s, struct sink *to, struct err *e)
{
    return str_is(v->format, "spdx") ? report_sbom_spdx(s, to, e) : report_sbom_cyclonedx(s, to, e);
}

static int write_document(const struct values *v, const struct sbom *s, struct err *e)
{
    struct sys_atomic file;
    struct sys_sink to = sys_sink(STDOUT_FILENO);
    if (!v->output.n || str_is(v->output, "-"))
        return write_to(v, s, &to.sink, e);
    if (sys_atomic_begin(v->output, &file, e))
        return -1;
    to = sys_sink(file.fd);
    if (write_to(v, s, &to.sink, e)) {
        sys_atomic_abort(&file);
        return -1;
    }
    return sys_atomic_commit(&file, e);
}

static int read_time(int64_t *ret, struct err *e)
{
    struct str epoch = str_of(getenv("SOURCE_DATE_EPOCH"));
    *ret = (int64_t)time(NULL);
    return epoch.n && pack_time(epoch, ret, e) ? err_wrap(e, "SOURCE_DATE_EPOCH") : 0;
}

static int sbom(struct cli *cli, const struct values *v, const struct image *image, struct str name,
                struct err *e)
{
    struct tree *tree = NULL;
    struct facts facts;
    struct layer_cache cache;
    struct strs notes = {0};
    struct facts_how how = {.wish = FACTS_CONTENT | FACTS_LIBRARIES};
    struct sbom s = {.facts = &facts, .name = name};
    if (read_time(&s.time, e))
        return -1;
    bool cached = !v->no_cache && layer_cache_open(cli->a, &how, &cache);
    how.cache = cached ? &cache.hooks : NULL;
    int rc = facts_read(cli->a, image, &how, &tree, &facts, &notes, e);
    if (cached)
        layer_cache_close(&cache);
    for (size_t i = 0; rc == 0 && i < notes.n; i++)
        command_note(cli, STR_F, STR_A(notes.v[i]));
    if (rc == 0)
        rc = write_document(v, &s, e);
    tree_free(tree);
    return rc;
}

static int run(struct cli *cli, void *values, struct strs arguments, struct err *e)
{
    const struct values *v = values;
    const struct image_platform *want;
    struct image_name name;
    struct image *image;
    if (run_options_platform(cli->a, v->platform, &want, e) ||
        image_name_parse(cli->a, arguments.v[0], &name, e) ||
        image_open(cli->a, &name, want, &image, e))
        return -1;
    int rc = sbom(cli, v, image, arguments.v[0], e);
    image_close(image);
    return rc;
}

const struct command cmd_sbom = {
    .name = "sbom",
    .arguments = "IMAGE",
    .summary = "Write down what an image is made of: CycloneDX or SPDX",
    .details =
        "Packages of dpkg, apk and rpm; libraries of npm, Python, Ruby, Composer, .NET, Java\n"
        "archives (also in each other), Go and Rust programs: each with its version, package URL,\n"
        "declared licence, and the layer that first has it. Only what is in the image as it runs:\n"
        "not what a later layer deleted.\n\n"
        "The same image and SOURCE_DATE_EPOCH give the same bytes. What could not be read is said\n"
        "on standard error.",
    .example = "shuck sbom docker-archive:web.tar --format spdx -o web.spdx.json",
    OPTIONS(options),
    .values_size = sizeof(struct values),
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
