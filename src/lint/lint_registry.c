/* lint_registry: every rule there is, by family. */
#include "lint/lint_rules.h"

const struct lint_rule *const *const lint_families[] = {
    lint_syntax,   lint_apt,       lint_apk,     lint_yum,         lint_zypper,
    lint_updates,  lint_python,    lint_node,    lint_gem,         lint_go,
    lint_commands, lint_downloads, lint_layers,  lint_pipes,       lint_setuid,
    lint_pinned,   lint_trust,     lint_verify,  lint_credentials, lint_from,
    lint_stages,   lint_copy,      lint_process, lint_health,      lint_user,
    lint_env,      lint_labels,    lint_onbuild, lint_casing,      lint_layout,
    lint_workdir,  lint_variables, lint_expose,  lint_platform,    lint_ignored,
    lint_inline,   NULL,
};

const struct lint_rule *lint_rule_find(struct str id)
{
    for (size_t i = 0; lint_families[i]; i++)
        for (size_t k = 0; lint_families[i][k]; k++)
            if (rule_is(&lint_families[i][k]->info, id))
                return lint_families[i][k];
    return NULL;
}
