/* policy_option: a file's name → struct policy. */
#include "cli/policy_option.h"

#include "base/limits.h"
#include "rules/audit.h"
#include "sys/file.h"

int policy_option(struct cli *cli, struct str path, struct policy *ret, struct err *e)
{
    struct str bytes, usual = STR(".shuck.yaml");
    if (!path.n && !sys_exists(usual))
        return 0;
    path = path.n ? path : usual;
    if (sys_read_file(path, cli->a, LIMIT_POLICY_BYTES, &bytes, e))
        return -1;
    if (policy_read(bytes, path, cli->a, ret, e))
        return -1;
    return rules_check_policy(ret, cli->a, e);
}
