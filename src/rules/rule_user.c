/* rule_user: the config's User and the accounts of the image → CIS 4.1 and what belongs to it. */
#include "rules/access.h"
#include "rules/rule.h"

/* OpenShift and others run images as a uid of their own choice with group 0. */
static const struct access_user arbitrary = {.uid = 1000650000, .gid = 0};

/* The program cannot be run by any uid that a cluster may choose. */
static void check_arbitrary_uid(struct rule_context *c)
{
    const struct facts *f = c->facts;
    if (!f->program || access_reach(f->program, &arbitrary, ACCESS_EXECUTE))
        return;
    const struct tree_inode *inode = f->program->inode;
    struct finding *added =
        rule_add(c, SEVERITY_LOW, rule_at_node(c, f->program),
                 "mode %04o, owner %u:%u: an arbitrary uid with group 0 cannot run the program",
                 inode->mode, inode->uid, inode->gid);
    added->remedy = STR("Give the program and its folders group 0 and let the group execute it: "
                        "chgrp -R 0 and chmod -R g=u.");
}

static void check_root_by_name(struct rule_context *c, struct location where)
{
    const struct facts_run_as *as = &c->facts->run_as;
    if (as->verdict == USER_NUMERIC)
        rule_add(c, SEVERITY_HIGH, where, "\"" STR_F "\" is root",
                 STR_A(c->facts->image->config.user));
    else
        rule_add(c, SEVERITY_HIGH, where, "\"" STR_F "\" has uid 0 in the image's /etc/passwd",
                 STR_A(c->facts->image->config.user));
}

static void check_user(struct rule_context *c)
{
    const struct facts_run_as *as = &c->facts->run_as;
    struct str written = c->facts->image->config.user;
    struct location where = rule_at_config(c, "User");
    switch (as->verdict) {
    case USER_UNSET:
        rule_add(c, SEVERITY_HIGH, where, "not set: the program runs as root");
        break;
    case USER_UNKNOWN_NAME:
        rule_add(c, SEVERITY_HIGH, where,
                 "\"" STR_F "\" is not in the image's /etc/passwd or /etc/group: it does not start",
                 STR_A(written))
            ->remedy = STR("Make the account in the image, or write a number other than 0.");
        break;
    case USER_MALFORMED:
        rule_add(c, SEVERITY_HIGH, where, "\"" STR_F "\" is no user: it does not start",
                 STR_A(written))
            ->remedy = STR("Write a number other than 0, or the name of an account of the image.");
        break;
    case USER_NUMERIC:
    case USER_BY_NAME:
        if (as->uid == 0)
            check_root_by_name(c, where);
        else if (as->verdict == USER_BY_NAME)
            rule_add(c, SEVERITY_LOW, where,
                     "\"" STR_F "\" (uid %u) is a name: Kubernetes cannot verify runAsNonRoot",
                     STR_A(written), as->uid)
                ->remedy = str_fmt(c->a, "Write the number: USER %u.", as->uid);
        break;
    }
    check_arbitrary_uid(c);
    rule_pass(c, "runs as uid %u, gid %u", as->uid, as->gid);
}

const struct rule rule_cis_4_1 = {
    .info = {.id = "CIS-4.1",
             .aliases = {"CIS-DI-0001", "DL3002", "DS002"},
             .cis = "4.1",
             .severity = SEVERITY_HIGH,
             .title = "A user other than root runs the program",
             .why = "Whoever takes over the program gets its user. Root in a container owns every "
                    "file of the image, may install what is missing, and is one kernel hole away "
                    "from root on the host.",
             .remedy = "Make a user, or only choose a number, and run the program as it. Write the "
                       "number, so that Kubernetes can see that it is not root, and let group 0 "
                       "execute the program, so that a cluster may choose another number.",
             .example = "USER 5678"},
    .check = check_user,
    .of_config = true,
};

static void check_empty_password(struct rule_context *c)
{
    const struct facts *f = c->facts;
    for (size_t i = 0; i < f->n_users; i++) {
        const struct facts_user *u = &f->users[i];
        if (!u->empty_password)
            continue;
        struct location where = {
            .kind = LOCATION_FILE, .path = STR("/etc/passwd"), .line = u->line};
        rule_add(c, SEVERITY_HIGH, where,
                 "account \"" STR_F "\" (uid %u) has no password: su and login let anyone in",
                 STR_A(u->name), u->uid);
    }
    rule_pass(c, STR_F ", none without a password",
              STR_A(rule_count_text(c->a, f->n_users, "account")));
}

const struct rule rule_empty_password = {
    .info = {.id = "SHUCK-EMPTY-PASSWORD",
             .aliases = {"DKL-LI-0001"},
             .severity = SEVERITY_HIGH,
             .title = "No account has an empty password",
             .why = "With an empty password field any user of the container becomes that account "
                    "with su, without being asked. Alpine's images had root like this for years.",
             .remedy = "Lock the account, or remove it; a program in a container logs in nowhere.",
             .example = "RUN passwd -l root"},
    .check = check_empty_password,
};

struct account {
    const struct facts_user *user;
};

static int by_uid(const void *a, const void *b)
{
    const struct facts_user *x = ((const struct account *)a)->user,
                            *y = ((const struct account *)b)->user;
    if (x->uid != y->uid)
        return x->uid < y->uid ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static void check_duplicate_uid(struct rule_context *c)
{
    const struct facts *f = c->facts;
    struct account *sorted = arena_array(c->a, struct account, f->n_users);
    for (size_t i = 0; i < f->n_users; i++)
        sorted[i].user = &f->users[i];
    qsort(sorted, f->n_users, sizeof *sorted, by_uid);
    for (size_t i = 1; i < f->n_users; i++) {
        const struct facts_user *first = sorted[i - 1].user, *second = sorted[i].user;
        if (first->uid != second->uid)
            continue;
        struct location where = {
            .kind = LOCATION_FILE, .path = STR("/etc/passwd"), .line = second->line};
        rule_add(c, second->uid == 0 ? SEVERITY_HIGH : SEVERITY_LOW, where,
                 "\"" STR_F "\" and \"" STR_F "\" are both uid %u", STR_A(first->name),
                 STR_A(second->name), second->uid);
    }
    struct map names = {.a = c->a};
    for (size_t i = 0; i < f->n_users; i++) {
        struct location where = {
            .kind = LOCATION_FILE, .path = STR("/etc/passwd"), .line = f->users[i].line};
        if (map_has(&names, f->users[i].name))
            rule_add(c, SEVERITY_LOW, where, "\"" STR_F "\" is there twice: the first one counts",
                     STR_A(f->users[i].name));
        *map_at(&names, f->users[i].name) = c;
    }
    rule_pass(c, STR_F " with a uid each", STR_A(rule_count_text(c->a, f->n_users, "account")));
}

const struct rule rule_duplicate_uid = {
    .info = {.id = "SHUCK-DUPLICATE-UID",
             .aliases = {"DKL-LI-0002"},
             .severity = SEVERITY_LOW,
             .title = "No two accounts share a uid",
             .why = "Two names with one uid are one user: what is granted to one is granted to "
                    "both. A second name for uid 0 is a favourite way to stay after a break-in.",
             .remedy = "Give each account a uid of its own, or remove the one that is not needed."},
    .check = check_duplicate_uid,
};
