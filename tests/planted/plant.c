/* plant: images with what an audit must find and what it must leave alone → OCI layouts below
 * TMPDIR, and on standard output a line for each image and each place in it:
 *
 *     image NAME RULE PATH
 *     want LAYER PLACE WORDS       a finding of the rule there, with these words in its evidence
 *     leave LAYER PLACE            none there
 *
 * with tabs between; of layer -1 are keys of the config. To add a family of plantings: a header
 * like plant_secrets.h, and a row for each image here. */
#include "planted/plant_secrets.h"

static const struct planting plantings[] = {
    {"secrets in files", "CIS-4.10", plant_files},
    {"secrets in deleted files", "CIS-4.10", plant_deleted},
    {"secrets in overwritten files", "CIS-4.10", plant_overwritten},
    {"secrets in the environment", "CIS-4.10", plant_env},
    {"secrets in labels", "CIS-4.10", plant_labels},
    {"secrets in history", "CIS-4.10", plant_history},
    {"secrets in programs", "CIS-4.10", plant_binaries},
    {"secrets deep in long files", "CIS-4.10", plant_deep},
    {"what only looks like a secret", "CIS-4.10", plant_decoys},
};

int main(void)
{
    for (size_t i = 0; i < sizeof plantings / sizeof *plantings; i++) {
        struct arena a = {0};
        struct plot p = {.a = &a,
                         .random = 0x9e3779b97f4a7c15u + i,
                         .env.a = &a,
                         .labels.a = &a,
                         .history.a = &a,
                         .said.a = &a};
        plantings[i].plant(&p);
        plot_end(&p, &plantings[i]);
        arena_free(&a);
    }
    return 0;
}
