/* rule_setuid: modes and file capabilities of the merged tree → CIS 4.8. */
#include "base/buf.h"
#include "rules/access.h"
#include "rules/rule.h"

enum { SETUID = 04000, SETGID = 02000 };

/* linux/capability.h, by number. */
static const char *const capability_names[] = {"chown",
                                               "dac_override",
                                               "dac_read_search",
                                               "fowner",
                                               "fsetid",
                                               "kill",
                                               "setgid",
                                               "setuid",
                                               "setpcap",
                                               "linux_immutable",
                                               "net_bind_service",
                                               "net_broadcast",
                                               "net_admin",
                                               "net_raw",
                                               "ipc_lock",
                                               "ipc_owner",
                                               "sys_module",
                                               "sys_rawio",
                                               "sys_chroot",
                                               "sys_ptrace",
                                               "sys_pacct",
                                               "sys_admin",
                                               "sys_boot",
                                               "sys_nice",
                                               "sys_resource",
                                               "sys_time",
                                               "sys_tty_config",
                                               "mknod",
                                               "lease",
                                               "audit_write",
                                               "audit_control",
                                               "setfcap",
                                               "mac_override",
                                               "mac_admin",
                                               "syslog",
                                               "wake_alarm",
                                               "block_suspend",
                                               "audit_read",
                                               "perfmon",
                                               "bpf",
                                               "checkpoint_restore"};

static uint64_t read_le32(const char *p)
{
    uint32_t value = 0;
    for (int i = 3; i >= 0; i--)
        value = value << 8 | (unsigned char)p[i];
    return value;
}

/* The permitted set of a security.capability value (struct vfs_cap_data): a magic word, then per 32
 * bits the permitted and the inheritable word; version 1 has one such pair, 2 and 3 have two. */
static bool permitted_set(struct str value, uint64_t *ret)
{
    if (value.n < 12)
        return false;
    unsigned version = (unsigned char)value.p[3];
    *ret = read_le32(value.p + 4);
    if (version >= 2 && value.n >= 20)
        *ret |= read_le32(value.p + 12) << 32;
    return *ret != 0;
}

static struct str capabilities_text(struct arena *a, uint64_t set)
{
    struct buf b = {.a = a};
    for (size_t i = 0; i < 64; i++) {
        if (!(set >> i & 1))
            continue;
        buf_addz(&b, b.n ? "," : "");
        if (i < sizeof capability_names / sizeof *capability_names)
            buf_addf(&b, "cap_%s", capability_names[i]);
        else
            buf_addf(&b, "%zu", i);
    }
    return buf_str(&b);
}

static const struct image_xattr *capability_of(const struct tree_inode *inode)
{
    for (size_t i = 0; i < inode->n_xattrs; i++)
        if (str_is(inode->xattrs[i].name, "security.capability"))
            return &inode->xattrs[i];
    return NULL;
}

enum grant { GRANT_NONE, GRANT_SETUID, GRANT_SETGID, GRANT_CAPABILITIES };

static enum grant grant_of(const struct tree_inode *inode, uint64_t *set)
{
    if (inode->type != ENTRY_FILE || !(inode->mode & 0111))
        return GRANT_NONE;
    if (inode->mode & SETUID)
        return GRANT_SETUID;
    const struct image_xattr *xattr = capability_of(inode);
    if (xattr && permitted_set(xattr->value, set))
        return GRANT_CAPABILITIES;
    return inode->mode & SETGID && inode->mode & 0010 ? GRANT_SETGID : GRANT_NONE;
}

static struct str grant_text(struct arena *a, enum grant grant, const struct tree_inode *inode,
                             uint64_t set)
{
    if (grant == GRANT_CAPABILITIES)
        return capabilities_text(a, set);
    if (grant == GRANT_SETGID)
        return str_fmt(a, "setgid gid %u", inode->gid);
    return inode->uid ? str_fmt(a, "setuid uid %u", inode->uid) : STR("setuid root");
}

/* Nothing, when the config's user is none that a container could start as. */
static struct str who_may(struct rule_context *c, const struct access_user *who, bool reachable)
{
    enum user_verdict verdict = c->facts->run_as.verdict;
    if (verdict == USER_UNKNOWN_NAME || verdict == USER_MALFORMED)
        return STR("");
    return str_fmt(c->a, "; uid %u %s run it", who->uid, reachable ? "may" : "may not");
}

static void check_setuid(struct rule_context *c)
{
    const struct facts *f = c->facts;
    struct access_user who = access_run_as(f);
    bool *seen = arena_array(c->a, bool, f->tree->n_inodes);
    for (struct tree_node *node = NULL; (node = tree_next(f->tree, node));) {
        const struct tree_inode *inode = node->inode;
        uint64_t set = 0;
        enum grant grant = grant_of(inode, &set);
        if (!grant || seen[inode->id])
            continue; /* perhaps another name of the same file */
        seen[inode->id] = true;
        if (rule_full(c))
            continue;
        bool reachable = access_reach(node, &who, ACCESS_EXECUTE);
        rule_add(c, reachable && grant != GRANT_SETGID ? SEVERITY_MEDIUM : SEVERITY_LOW,
                 rule_at_node(c, node), STR_F ", mode %04o, " STR_F STR_F,
                 STR_A(grant_text(c->a, grant, inode, set)), inode->mode,
                 STR_A(rule_owner_text(c, node)), STR_A(who_may(c, &who, reachable)));
    }
    rule_pass(c, STR_F ", none with setuid, setgid or file capabilities",
              STR_A(rule_count_text(c->a, f->tree->n_files, "file")));
}

const struct rule rule_cis_4_8 = {
    .info = {.id = "CIS-4.8",
             .aliases = {"CIS-DI-0008"},
             .cis = "4.8",
             .severity = SEVERITY_MEDIUM,
             .title = "No setuid, setgid or capability-bearing files",
             .why =
                 "A setuid file runs as its owner, whoever starts it: a hole in one of them makes "
                 "an intruder root in the container, even when the program itself runs as an "
                 "ordinary user. Dropped capabilities do not stop it; no_new_privs does.",
             .remedy = "Remove the files or their bits. shuck harden leaves out those that the "
                       "program does not use and takes the bits off the others.",
             .example = "RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} +"},
    .check = check_setuid,
};
