/* Modes × users: who may do what. */
#include "lib/tap.h"
#include "rules/access.h"

static const struct {
    uint32_t mode, uid, gid;
    bool execute, read, write; /* by uid 100, gid 200, group 300 */
} classes[] = {
    {0755, 0, 0, true, true, false},     {0700, 0, 0, false, false, false},
    {0700, 100, 0, true, true, true},    {0070, 100, 200, false, false, false},
    {0750, 0, 200, true, true, false},   {0750, 0, 300, true, true, false},
    {0705, 0, 300, false, false, false}, {0705, 0, 400, true, true, false},
    {0111, 0, 0, true, false, false},    {0222, 1, 1, false, false, true},
    {04711, 0, 0, true, false, false},
};

int main(void)
{
    uint32_t group = 300;
    struct access_user who = {100, 200, &group, 1}, root = {0, 0, NULL, 0};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        struct tree_inode inode = {.type = ENTRY_FILE,
                                   .mode = classes[i].mode,
                                   .uid = classes[i].uid,
                                   .gid = classes[i].gid};
        ok(access_may(&inode, &who, ACCESS_EXECUTE) == classes[i].execute &&
               access_may(&inode, &who, ACCESS_READ) == classes[i].read &&
               access_may(&inode, &who, ACCESS_WRITE) == classes[i].write,
           "classes: mode %04o of %u:%u", inode.mode, inode.uid, inode.gid);
        ok(access_may(&inode, &root, ACCESS_READ | ACCESS_WRITE), "root reads and writes it");
    }
    struct tree_inode plain = {.type = ENTRY_FILE, .mode = 0644, .uid = 1},
                      dir = {.type = ENTRY_DIR, .mode = 0600, .uid = 1};
    ok(!access_may(&plain, &root, ACCESS_EXECUTE), "root does not run a file nobody may run");
    ok(access_may(&dir, &root, ACCESS_EXECUTE), "root passes any folder");

    struct tree_inode open = {.type = ENTRY_DIR, .mode = 0755};
    struct tree_inode program = {.type = ENTRY_FILE, .mode = 0755};
    struct tree_node top = {.inode = &open}, shut = {.inode = &dir, .parent = &top},
                     file = {.inode = &program, .parent = &shut};
    ok(!access_reach(&file, &who, ACCESS_EXECUTE), "a closed folder on the way stops it");
    shut.inode = &open;
    ok(access_reach(&file, &who, ACCESS_EXECUTE), "open ones do not");
    return done_testing();
}
