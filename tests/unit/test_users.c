/* test_users: accounts from text, and who the config's User becomes. */
#include "lib/tap.h"

#include "facts/parse.h"

static const char passwd[] = "root:x:0:0:root:/root:/bin/bash\n"
                             "web:x:5678:50:the web:/srv:/sbin/nologin\n"
                             "\n"
                             "web:x:1:1:second:/:/bin/sh\n"
                             "  open::70:70::/:/bin/sh\r\n"
                             "toor:x:0:0::/:\n"
                             "short:x\n"
                             "odd:x:abc:-1:::\n"
                             "nohome:x:71:71:::\n";
static const char group[] = "root:x:0:\n"
                            "web:x:50:\n"
                            "adm:x:4:web,root\n"
                            "ssl:x:101:,open,web,\n"
                            "big:x:70000:root\n";

static const struct {
    const char *user;
    enum user_verdict verdict;
    uint32_t uid, gid;
    const char *home, *groups;
} users[] = {
    {"", USER_UNSET, 0, 0, "/root", "4 70000 "},
    {":adm", USER_UNSET, 0, 4, "/root", ""},
    {"0", USER_NUMERIC, 0, 0, "/root", "4 70000 "},
    {"0:0", USER_NUMERIC, 0, 0, "/root", ""},
    {"root", USER_BY_NAME, 0, 0, "/root", "4 70000 "},
    {"root:root", USER_BY_NAME, 0, 0, "/root", ""},
    {"toor", USER_BY_NAME, 0, 0, "/", ""},
    {"web", USER_BY_NAME, 5678, 50, "/srv", "4 101 "},
    {"web:web", USER_BY_NAME, 5678, 50, "/srv", ""},
    {"web:101", USER_BY_NAME, 5678, 101, "/srv", ""},
    {"web:9999", USER_BY_NAME, 5678, 9999, "/srv", ""},
    {"web:", USER_BY_NAME, 5678, 50, "/srv", "4 101 "},
    {"5678", USER_NUMERIC, 5678, 50, "/srv", "4 101 "},
    {"+5678", USER_NUMERIC, 5678, 50, "/srv", "4 101 "},
    {"9999", USER_NUMERIC, 9999, 0, "/", ""},
    {"9999:web", USER_NUMERIC, 9999, 50, "/", ""},
    {"open", USER_BY_NAME, 70, 70, "/", "101 "},
    {"short", USER_BY_NAME, 0, 0, "/", ""},
    {"odd", USER_BY_NAME, 0, UINT32_MAX, "/", ""},
    {"nohome", USER_BY_NAME, 71, 71, "/", ""},
    {"nobody", USER_UNKNOWN_NAME, 0, 0, "/", ""},
    {"web:nogroup", USER_UNKNOWN_NAME, 5678, 50, "/srv", ""},
    {"nobody:4294967296", USER_UNKNOWN_NAME, 0, 0, "/", ""},
    {" web", USER_UNKNOWN_NAME, 0, 0, "/", ""},
    {"2147483647", USER_NUMERIC, 2147483647, 0, "/", ""},
    {"2147483648", USER_MALFORMED, 0, 0, "/", ""},
    {"-1", USER_MALFORMED, 0, 0, "/", ""},
    {"web:-1", USER_MALFORMED, 5678, 50, "/srv", ""},
    {"web:web:web", USER_MALFORMED, 5678, 50, "/srv", ""},
};

static void check_resolve(struct arena *a, const struct facts *f)
{
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        struct facts_run_as as;
        struct str groups = {0};
        facts_resolve_user(f, a, str_of(users[i].user), &as);
        for (size_t k = 0; k < as.n_groups; k++)
            groups = str_fmt(a, STR_F "%u ", STR_A(groups), as.groups[k]);
        is_int(as.verdict, users[i].verdict, "resolve \"%s\": verdict", users[i].user);
        ok(as.uid == users[i].uid && as.gid == users[i].gid, "resolve \"%s\": %u:%u", users[i].user,
           as.uid, as.gid);
        is_str(as.home, users[i].home, "resolve \"%s\": home", users[i].user);
        is_str(groups, users[i].groups, "resolve \"%s\": groups", users[i].user);
    }
}

int main(void)
{
    struct arena a = {0};
    struct facts f = {0};
    facts_passwd_read(str_of(passwd), &a, &f.users, &f.n_users);
    facts_group_read(str_of(group), &a, &f.groups, &f.n_groups);
    is_int(f.n_users, 8, "entries, empty lines left out");
    is_int(f.users[2].line, 4, "but counted");
    ok(f.users[3].empty_password && !f.users[0].empty_password && !f.users[5].empty_password,
       "an empty second field is an empty password, a missing one is not");
    is_str(f.users[3].shell, "/bin/sh", "blanks around a line do not count");
    is_int(f.n_groups, 5, "groups");
    is_int(f.groups[3].members.n, 2, "members, empty ones left out");
    check_resolve(&a, &f);
    struct facts none = {0};
    struct facts_run_as as;
    facts_resolve_user(&none, &a, STR("5678"), &as);
    ok(as.verdict == USER_NUMERIC && as.uid == 5678 && as.gid == 0, "no files: a number is taken");
    facts_resolve_user(&none, &a, STR("root"), &as);
    is_int(as.verdict, USER_UNKNOWN_NAME, "no files: root is not known");
    is_str(facts_shadow_reduce(STR("root:*:1::\nopen::1:2\n:::\nx:$6$hash:1\nend:"), &a),
           "open\nend\n", "shadow: only names without a password are kept");
    arena_free(&a);
    return done_testing();
}
