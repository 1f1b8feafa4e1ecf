/* fuzz_manifest: any bytes as an index, a manifest and a docker-archive's manifest.json. */
#include "image/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct err e;
    struct manifest m;
    struct manifest_dockers dockers;
    struct str text = {(const char *)data, n};
    if (manifest_read(text, (struct str){0}, &a, &m, &e) == 0)
        manifest_annotation(&m.annotations, STR(MANIFEST_KEY_REF));
    if (manifest_read_docker(text, &a, &dockers, &e) == 0 && dockers.n)
        manifest_means(STR("web"), dockers.v[0].config);
    arena_free(&a);
    return 0;
}
