/* checks_off: see checks_off.h.
 *
 * Invariants
 * 1. Each row means the same in a Dockerfile and in the history of its image. (test_checks_off)
 */
#include "rules/checks_off.h"

#include "rules/rule.h"

#define UNSIGNED   CHECKS_OFF_UNSIGNED
#define UNCERTAIN  CHECKS_OFF_UNCERTAIN
#define ANY_SOURCE CHECKS_OFF_ANY_SOURCE

#define APTS " apt apt-get apt-fast aptitude nala "
#define DNFS " dnf dnf5 yum microdnf tdnf yum-config-manager "
#define PIPS " pip pip2 pip3 pipx pipenv poetry uv python python2 python3 "
#define NPMS " npm yarn pnpm npx "

const char checks_off_apts[] = APTS, checks_off_dnfs[] = DNFS, checks_off_npms[] = NPMS;

const struct check_off checks_off[] = {
    {APTS, "--allow-unauthenticated", UNSIGNED, false},
    {APTS, "--force-yes", UNSIGNED, false},
    {APTS, "--allow-insecure-repositories", ANY_SOURCE, false},
    {" dpkg ", "--force-bad-verify", UNSIGNED, false},
    {" apk ", "--allow-untrusted", UNSIGNED, false},
    {DNFS, "--nogpgcheck", UNSIGNED, false},
    {DNFS, "--no-gpgcheck", UNSIGNED, false},
    {DNFS, "--no-gpgchecks", UNSIGNED, false},
    {" rpm ", "--nosignature", UNSIGNED, false},
    {" rpm ", "--nodigest", UNSIGNED, false},
    {" zypper ", "--no-gpg-checks", UNSIGNED, false},
    {" zypper ", "--no-gpgcheck", ANY_SOURCE, false},
    {" zypper ", "--allow-unsigned-rpm", UNSIGNED, false},
    {" opkg ", "--force-signature", UNSIGNED, false},
    {PIPS, "--trusted-host", UNCERTAIN, true},
    {PIPS, "global.trusted-host", UNCERTAIN, true},
    {PIPS, "install.trusted-host", UNCERTAIN, true},
    {PIPS, "--allow-insecure-host", UNCERTAIN, true},
    {NPMS, "--no-strict-ssl", UNCERTAIN, true},
    {NULL, NULL, NULL, false},
};

const struct check_off *checks_off_find(struct str program, struct str word)
{
    for (const struct check_off *o = checks_off; o->word; o++) {
        struct str name = str_of(o->word);
        /* --trusted-host x, --trusted-host=x */
        if (str_starts(word, name) && (word.n == name.n || word.p[name.n] == '=') &&
            rule_lists(o->programs, program))
            return o;
    }
    return NULL;
}

const struct check_off_variable checks_off_variables[] = {
    {"GOSUMDB", "off", "trusts modules without their checksum", false},
    {"GONOSUMCHECK", NULL, "trusts modules without their checksum", false},
    {"GOFLAGS", "-insecure", "trusts modules without encryption", false},
    {"GOINSECURE", NULL, "trusts module servers as they are", true},
    {"NODE_TLS_REJECT_UNAUTHORIZED", "0", "trusts any server", true},
    {"GIT_SSL_NO_VERIFY", NULL, "trusts any server", true},
    {"PYTHONHTTPSVERIFY", "0", "trusts any server", true},
    {"NPM_CONFIG_STRICT_SSL", "false", UNCERTAIN, true},
    {"npm_config_strict_ssl", "false", UNCERTAIN, true},
    {"PIP_TRUSTED_HOST", NULL, UNCERTAIN, true},
    {"UV_INSECURE_HOST", NULL, UNCERTAIN, true},
    {"CONDA_SSL_VERIFY", "false", UNCERTAIN, true},
    {NULL, NULL, NULL, false},
};

const struct check_off_variable *checks_off_variable(struct str name, struct str value)
{
    for (const struct check_off_variable *v = checks_off_variables; v->name; v++)
        if (str_is(name, v->name) &&
            (v->value ? str_is(value, v->value) : value.n && !rule_lists(" 0 false ", value)))
            return v;
    return NULL;
}
