/* plant: images with what an audit must find and what it must leave alone → OCI layouts below
 * TMPDIR, and on standard output a line for each image and each place in it:
 *
 *     image NAME RULE PATH OPTIONS
 *     want LAYER PLACE WORDS       a finding of the rule there, with these words in its evidence;
 *                                  a | stands between places of which one is enough
 *     leave LAYER PLACE            none there
 *     status STATUS WORDS          the rule ends so, with these words in its evidence
 *
 * with tabs between; of layer -1 are keys of the config, lines of files and "image". Images of one
 * name are counted together. To add a family of plantings: a header like plant_users.h, and a row
 * here. */
#include "planted/plant_adds.h"
#include "planted/plant_base.h"
#include "planted/plant_contents.h"
#include "planted/plant_health.h"
#include "planted/plant_modes.h"
#include "planted/plant_runs.h"
#include "planted/plant_secrets.h"
#include "planted/plant_tokens.h"
#include "planted/plant_users.h"

/* A plant function and the rule that it is about. */
static const struct planting {
    const char *name, *rule;
    void (*plant)(struct plot *p);
} plantings[] = {
    {"secrets in files", "CIS-4.10", plant_files},
    {"secrets in deleted files", "CIS-4.10", plant_deleted},
    {"secrets in overwritten files", "CIS-4.10", plant_overwritten},
    {"secrets in the environment", "CIS-4.10", plant_env},
    {"secrets in labels", "CIS-4.10", plant_labels},
    {"secrets in history", "CIS-4.10", plant_history},
    {"secrets in programs", "CIS-4.10", plant_binaries},
    {"secrets deep in long files", "CIS-4.10", plant_deep},
    {"what only looks like a secret", "CIS-4.10", plant_decoys},
    {"tokens of services in files", "CIS-4.10", plant_tokens},
    {"tokens of services in config", "CIS-4.10", plant_token_config},
    {"blanks where tokens would be", "CIS-4.10", plant_blanks},
};

/* Families that plant an image a case. */
static void (*const families[])(void) = {
    plant_users, plant_health, plant_modes, plant_adds, plant_base, plant_contents, plant_runs,
};

int main(void)
{
    for (size_t i = 0; i < sizeof plantings / sizeof *plantings; i++) {
        struct arena a = {0};
        struct plot p = plot_begin(&a, i);
        plantings[i].plant(&p);
        plot_end(&p, plantings[i].name, plantings[i].rule);
        arena_free(&a);
    }
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        families[i]();
    return 0;
}
