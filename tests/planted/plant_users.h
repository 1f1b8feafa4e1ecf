/* plant_users: who an image runs as and which accounts it has → CIS 4.1 and what belongs to it. */
#ifndef PLANTED_PLANT_USERS_H
#define PLANTED_PLANT_USERS_H

#include "planted/plot_text.h"

#define PLANTED_APP "elf app 755 0:0 62\nentrypoint [\"/app\"]\n"
#define PLANTED_PASSWD                                                                             \
    "f etc/passwd 644 0:0 root:x:0:0:root:/root:/bin/sh\\n\\w:x:\\u:\\u::/home/\\w:/bin/sh\\n\n"   \
    "f etc/group 644 0:0 root:x:0:\\nstaff-\\w:x:50:\\n\\w:x:\\u:\\n\n"
#define PLANTED_WHO  PLANTED_PASSWD PLANTED_APP
#define PLANTED_ROOT "want - User "

static const char *const users[] = {
    /* root, by whatever spelling */
    PLANTED_APP PLANTED_ROOT "not set",
    PLANTED_WHO PLANTED_ROOT "not set",
    PLANTED_WHO "user \n" PLANTED_ROOT "not set",
    PLANTED_WHO "user root\n" PLANTED_ROOT "uid 0",
    PLANTED_WHO "user root:root\n" PLANTED_ROOT "uid 0",
    PLANTED_WHO "user root:\\w\n" PLANTED_ROOT "uid 0",
    PLANTED_WHO "user root:\\u\n" PLANTED_ROOT "uid 0",
    PLANTED_WHO "user 0\n" PLANTED_ROOT "root",
    PLANTED_WHO "user 00\n" PLANTED_ROOT "root",
    PLANTED_WHO "user +0\n" PLANTED_ROOT "root",
    PLANTED_WHO "user -0\n" PLANTED_ROOT "root",
    PLANTED_WHO "user 0:0\n" PLANTED_ROOT "root",
    PLANTED_WHO "user 0:\\u\n" PLANTED_ROOT "root",
    PLANTED_WHO "user 0:\\w\n" PLANTED_ROOT "root",
    PLANTED_APP "user 0:5678\n" PLANTED_ROOT "root",
    PLANTED_APP
    "f etc/passwd 644 0:0 root:x:0:0::/:\\ntoor:x:0:0::/root:/bin/sh\\n\nuser toor\n" PLANTED_ROOT
    "uid 0",
    PLANTED_APP "f etc/passwd 644 0:0 \\w:x:0:500::/root:/bin/sh\\n\nuser \\w\n" PLANTED_ROOT
                "uid 0",
    PLANTED_APP "f etc/passwd 644 0:0 \\w:x:0:0::/:\\n\\w:x:\\u:\\u::/:\\n\nuser \\w\n" PLANTED_ROOT
                "uid 0",
    PLANTED_APP "f etc/passwd 644 0:0 \\w:x::1000::/:\\n\nuser \\w\n" PLANTED_ROOT "uid 0",
    PLANTED_APP "f etc/passwd 644 0:0 \\w:x:none:1000::/:\\n\nuser \\w\n" PLANTED_ROOT "uid 0",
    PLANTED_APP "f etc/passwd 644 0:0 \\w\\n\nuser \\w\n" PLANTED_ROOT "uid 0",
    PLANTED_APP "f etc/passwd 644 0:0 \\w:x:00000:0::/:\\n\nuser \\w\n" PLANTED_ROOT "uid 0",
    /* said in history, in a label or a variable, but not set */
    PLANTED_APP "meta /bin/sh -c #(nop)  USER \\u\nby COPY app /app # buildkit\n" PLANTED_ROOT
                "not set",
    PLANTED_APP "env USER=\\w\nenv UID=\\u\n" PLANTED_ROOT "not set",
    /* a later layer made the account root, or took it away */
    PLANTED_WHO "user \\w\nlayer\nf etc/passwd 644 0:0 \\w:x:0:0::/:\\n\n" PLANTED_ROOT "uid 0",
    PLANTED_WHO "user \\w\nlayer\ndel etc/passwd\n" PLANTED_ROOT "not in the image",
    PLANTED_WHO "user \\w\nlayer\nopaque etc\nf etc/hosts 644 0:0 x\n" PLANTED_ROOT
                "not in the image",
    PLANTED_WHO "user \\w\nlayer\ndel etc\n" PLANTED_ROOT "not in the image",
    PLANTED_WHO "user \\w\nlayer\nf etc/passwd 644 0:0 root:x:0:0::/:\\n\n" PLANTED_ROOT
                "not in the image",
    /* names that are none */
    PLANTED_APP "user root\n" PLANTED_ROOT "not in the image",
    PLANTED_APP "user nobody\n" PLANTED_ROOT "not in the image",
    PLANTED_WHO "user nobody\n" PLANTED_ROOT "not in the image",
    PLANTED_WHO "user Root\n" PLANTED_ROOT "not in the image",
    PLANTED_WHO "user $APP_USER\n" PLANTED_ROOT "not in the image",
    PLANTED_WHO "user ${UID}:${GID}\n" PLANTED_ROOT "not in the image",
    PLANTED_WHO "user \\w:wheel\n" PLANTED_ROOT "not in the image",
    PLANTED_WHO "user \\u:wheel\n" PLANTED_ROOT "not in the image",
    PLANTED_APP "user \\u:\\w\n" PLANTED_ROOT "not in the image",
    PLANTED_APP "f etc/passwd.bak 644 0:0 \\w:x:\\u:0::/:\\n\nuser \\w\n" PLANTED_ROOT
                "not in the image",
    PLANTED_APP "f usr/etc/passwd 644 0:0 \\w:x:\\u:0::/:\\n\nuser \\w\n" PLANTED_ROOT
                "not in the image",
    PLANTED_APP "f etc/passwd 644 0:0 #\\w:x:\\u:0::/:\\n\nuser \\w\n" PLANTED_ROOT
                "not in the image",
    PLANTED_WHO "user a:b:c\n" PLANTED_ROOT "it does not start",
    PLANTED_WHO "user -1\n" PLANTED_ROOT "it does not start",
    PLANTED_WHO "user 4294967295\n" PLANTED_ROOT "it does not start",
    PLANTED_WHO "user 99999999999\n" PLANTED_ROOT "it does not start",
    PLANTED_WHO "user \\u:99999999999\n" PLANTED_ROOT "it does not start",
    /* a name, which a cluster cannot check */
    PLANTED_WHO "user \\w\n" PLANTED_ROOT "is a name",
    PLANTED_WHO "user \\w:\\w\n" PLANTED_ROOT "is a name",
    PLANTED_WHO "user \\w:0\n" PLANTED_ROOT "is a name",
    PLANTED_WHO "user \\w:staff-\\w\n" PLANTED_ROOT "is a name",
    PLANTED_APP
    "l etc/passwd /nix/store/1b9p07-fake-nss/etc/passwd\n"
    "f nix/store/1b9p07-fake-nss/etc/passwd 644 0:0 \\w:x:\\u:0::/:\\n\nuser \\w\n" PLANTED_ROOT
    "is a name",
    PLANTED_APP "f etc/passwd 644 0:0 \\n\\n\\w:x:\\u:0::/:\nuser \\w\n" PLANTED_ROOT "is a name",
    PLANTED_APP "f etc/passwd 644 0:0 \\w:x:\\u\nuser \\w\n" PLANTED_ROOT "is a name",
    /* programs that only their owner can run */
    "elf \\f/app 700 5678:5678 62\nentrypoint [\"/\\f/app\"]\nuser 5678\n"
    "want 0 \\f/app arbitrary uid",
    "d \\f 700 5678:5678\nelf \\f/app 755 0:0 62\nentrypoint [\"/\\f/app\"]\nuser 5678\n"
    "want 0 \\f/app arbitrary uid",
    "elf \\f/app 750 0:5678 62\nentrypoint [\"/\\f/app\"]\nuser 5678:5678\n"
    "want 0 \\f/app arbitrary uid",
    "f \\f/run.sh 744 0:5678 #!/app\\n\nelf app 755 0:0 62\nentrypoint [\"/\\f/run.sh\"]\n"
    "user 5678:5678\nwant 0 \\f/run.sh arbitrary uid",
};

#define PLANTED_FINE "leave - User\n"
static const char *const users_decoys[] = {
    PLANTED_APP "user 5678\n" PLANTED_FINE,
    PLANTED_APP "user \\u:\\u\n" PLANTED_FINE,
    PLANTED_APP "user 65532:65532\n" PLANTED_FINE,
    PLANTED_APP "user 65534\n" PLANTED_FINE,
    PLANTED_APP "user 1001:0\n" PLANTED_FINE,
    PLANTED_APP "user 2147483647\n" PLANTED_FINE,
    PLANTED_APP "user +5678\n" PLANTED_FINE,
    PLANTED_APP "user 05678\n" PLANTED_FINE,
    PLANTED_APP "user 10\n" PLANTED_FINE,
    PLANTED_APP "user 1000\n" PLANTED_FINE,
    PLANTED_WHO "user \\u\n" PLANTED_FINE,
    PLANTED_WHO "user \\u:root\n" PLANTED_FINE,
    PLANTED_WHO "user \\u:0\n" PLANTED_FINE,
    PLANTED_WHO "user \\u:\\w\n" PLANTED_FINE,
    PLANTED_WHO "user \\u:staff-\\w\n" PLANTED_FINE,
    PLANTED_APP "f etc/passwd 644 0:0 root:x:\\u:\\u::/:\\n\nuser \\u\n" PLANTED_FINE,
    PLANTED_APP "f etc/passwd 644 0:0 toor:x:0:0::/:\\n\nuser 5678\n" PLANTED_FINE,
    PLANTED_APP "user 5678\nenv USER=root\n" PLANTED_FINE,
    PLANTED_APP "user 5678\nenv HOME=/root\nenv PUID=0\n" PLANTED_FINE,
    PLANTED_APP "user 5678\nmeta USER root\nby RUN /bin/sh -c apt-get install -y x # buildkit\n"
                "meta USER 5678\n" PLANTED_FINE,
    PLANTED_APP
    "user 5678\nby RUN /bin/sh -c echo USER root >> /etc/notes # buildkit\n" PLANTED_FINE,
    PLANTED_APP "user 5678\nby RUN /bin/sh -c sudo chown root:root /app # buildkit\n" PLANTED_FINE,
    PLANTED_APP "user \\u\nworkdir /root\n" PLANTED_FINE,
    PLANTED_APP "user \\u\nlayer\nf etc/passwd 644 0:0 root:x:0:0::/:\\n\n" PLANTED_FINE,
    PLANTED_APP "user \\u\nlayer\nf etc/sudoers 440 0:0 root ALL=(ALL) ALL\\n\n" PLANTED_FINE,
    "elf \\f/app 755 5678:5678 62\nentrypoint [\"/\\f/app\"]\nuser 5678\n" PLANTED_FINE
    "leave 0 \\f/app\n",
    "elf \\f/app 750 0:0 62\nentrypoint [\"/\\f/app\"]\nuser 5678:0\n" PLANTED_FINE
    "leave 0 \\f/app\n",
    "d \\f 770 5678:0\nelf \\f/app 110 5678:0 62\nentrypoint [\"/\\f/app\"]\nuser "
    "5678\n" PLANTED_FINE "leave 0 \\f/app\n",
    "elf \\f/app 700 5678:5678 62\nentrypoint [\"/\\f/app\"]\nuser 5678\n"
    "layer\nelf \\f/app 755 5678:0 62\n" PLANTED_FINE "leave 1 \\f/app\n",
    "f secret/other 700 0:0 x\n" PLANTED_APP "user 5678\n" PLANTED_FINE "leave 0 secret/other\n",
};

static const char *const passwords[] = {
    "f etc/passwd 644 0:0 root::0:0:root:/root:/bin/ash\\n\nwant - /etc/passwd:1 root",
    "f etc/passwd 644 0:0 root:x:0:0::/:/bin/sh\\n\\w::\\u:\\u::/:/bin/sh\\n\n"
    "want - /etc/passwd:2 \\w",
    "f etc/passwd 644 0:0 \\n# accounts\\nroot::0:0::/:/bin/sh\\n\nwant - /etc/passwd:3 root",
    "f etc/passwd 644 0:0 root:x:0:0::/:/bin/sh\\n\nf etc/shadow 640 0:42 root::19700:0:::::\\n\n"
    "want - /etc/passwd:1 root",
    "f etc/passwd 644 0:0 root:x:0:0::/:/bin/sh\\n\nf etc/shadow 640 0:42 root:::0:::::\\n\n"
    "want - /etc/passwd:1 root",
    "f etc/passwd 644 0:0 root:x:0:0::/:/bin/sh\\n\\w:x:\\u:\\u::/:/bin/sh\\n\n"
    "f etc/shadow 600 0:0 root:!:19700::::::\\n\\w::19700:0:99999:7:::\\n\nwant - /etc/passwd:2 "
    "\\w",
    "f etc/passwd 644 0:0 root:x:0:0::/:/bin/sh\\n\nf etc/shadow 600 0:0 root:!::0:::::\\n\n"
    "layer\nf etc/shadow 600 0:0 root:::0:::::\\n\nwant - /etc/passwd:1 root",
    "f etc/passwd 644 0:0 root:x:0:0::/:/bin/sh\\n\nlayer\nf etc/passwd 644 0:0 "
    "root:x:0:0::/:/bin/sh\\ntoor::0:0::/:/bin/sh\\n\nwant - /etc/passwd:2 toor",
    "f etc/passwd 644 0:0 root:x:0:0::/:/bin/sh\\n\nf nix/store/7q-etc/etc/shadow 640 0:42 "
    "root::1::::::\\n\n"
    "l etc/shadow ../nix/store/7q-etc/etc/shadow\nwant - /etc/passwd:1 root",
    "f etc/passwd 644 0:0 root::0:0::/:/bin/sh\\n\\w::\\u:1::/:/bin/sh\\n\n"
    "want - /etc/passwd:1 root\nwant - /etc/passwd:2 \\w",
};
static const char *const passwords_decoys[] = {
    "f etc/passwd 644 0:0 root:x:0:0::/:/bin/sh\\n\nleave - /etc/passwd:1",
    "f etc/passwd 644 0:0 root:*:0:0::/:/bin/sh\\n\nleave - /etc/passwd:1",
    "f etc/passwd 644 0:0 root:!:0:0::/:/bin/sh\\n\nleave - /etc/passwd:1",
    "f etc/passwd 644 0:0 root:x:0:0:::\\n\nleave - /etc/passwd:1",
    "f etc/passwd 644 0:0 root:x:0:0::/:/bin/sh\\n\nf etc/shadow 640 0:42 root:*:1::::::\\n\n"
    "leave - /etc/passwd:1",
    "f etc/passwd 644 0:0 root:x:0:0::/:/bin/sh\\n\nf etc/shadow 640 0:42 root:!!:1::::::\\n\n"
    "leave - /etc/passwd:1",
    "f etc/passwd 644 0:0 root:x:0:0::/:/bin/sh\\n\n"
    "f etc/shadow 640 0:42 root:$6$ab$\\h:1::::::\\n\nleave - /etc/passwd:1",
    "f etc/passwd 644 0:0 root:x:0:0::/:/bin/sh\\n\nf etc/shadow 640 0:42 \\w::1::::::\\n\n"
    "leave - /etc/passwd:1",
    "f etc/passwd 644 0:0 root:x:0:0::/:/bin/sh\\n\nf etc/shadow 600 0:0 root:::0:::::\\n\nlayer\n"
    "f etc/shadow 600 0:0 root:!::0:::::\\n\nleave - /etc/passwd:1",
    "f etc/passwd 644 0:0 root::0:0::/:/bin/sh\\n\nlayer\nf etc/passwd 644 0:0 "
    "root:x:0:0::/:/bin/sh\\n\nleave - /etc/passwd:1",
    "f etc/passwd 644 0:0 root::0:0::/:/bin/sh\\n\nlayer\ndel etc/passwd\nleave - /etc/passwd:1",
    "f etc/passwd- 644 0:0 root::0:0::/:/bin/sh\\n\nf etc/passwd 644 0:0 root:x:0:0::/:/\\n\n"
    "leave - /etc/passwd:1",
    "f etc/group 644 0:0 root::0:\\n\\w::\\u:\\n\nf etc/passwd 644 0:0 root:x:0:0::/:/\\n\n"
    "leave - /etc/passwd:1",
};

static const char *const twins[] = {
    "f etc/passwd 644 0:0 root:x:0:0::/:/bin/sh\\ntoor:x:0:0::/:/bin/sh\\n\n"
    "want - /etc/passwd:2 uid 0",
    "f etc/passwd 644 0:0 root:x:0:0::/:/\\n\\w:x:\\u:1::/:/\\nother:x:\\u:2::/:/\\n\n"
    "want - /etc/passwd:3 uid \\u",
    "f etc/passwd 644 0:0 root:x:0:0::/:/\\n\\w:x:\\u:1::/:/\\n\\w:x:7:2::/:/\\n\n"
    "want - /etc/passwd:3 twice",
    "f etc/passwd 644 0:0 root:x:0:0::/:/\\ndaemon:x:1:1::/:/\\nroot2:x:00:7::/:/\\n\n"
    "want - /etc/passwd:3 uid 0",
    "f etc/passwd 644 0:0 root:x:0:0::/:/\\n\\w:x::7::/:/\\n\nwant - /etc/passwd:2 uid 0",
    "f etc/passwd 644 0:0 root:x:0:0::/:/\\n\nlayer\nf etc/passwd 644 0:0 "
    "root:x:0:0::/:/\\n\\w:x:0:0::/:/\\n\nwant - /etc/passwd:2 uid 0",
    "f etc/passwd 644 0:0 a:x:5:0::/:/\\nb:x:5:1::/:/\\nc:x:5:2::/:/\\n\n"
    "want - /etc/passwd:2 uid 5\nwant - /etc/passwd:3 uid 5",
};
static const char *const twins_decoys[] = {
    "f etc/passwd 644 0:0 root:x:0:0::/:/\\n\\w:x:\\u:0::/:/\\n\nleave - /etc/passwd:2",
    "f etc/passwd 644 0:0 a:x:1:100::/:/\\nb:x:2:100::/:/\\nc:x:3:100::/:/\\n\n"
    "leave - /etc/passwd:2\nleave - /etc/passwd:3",
    "f etc/passwd 644 0:0 root:x:0:0::/:/\\ntoor:x:0:0::/:/\\n\nlayer\nf etc/passwd 644 0:0 "
    "root:x:0:0::/:/\\n\nleave - /etc/passwd:2",
    "f etc/passwd 644 0:0 root:x:0:0::/:/\\n\nf etc/group 644 0:0 a:x:7:\\nb:x:7:\\n\n"
    "leave - /etc/passwd:1",
    "f etc/passwd 644 0:0 root:x:0:0::/:/\\nROOT:x:1:0::/:/\\n\nleave - /etc/passwd:2",
    "f etc/passwd 644 0:0 root:x:0:0::/:/\\n\nf etc/passwd- 644 0:0 root:x:0:0::/:/\\n"
    "toor:x:0:0::/:/\\n\nleave - /etc/passwd:2",
    "f etc/passwd 644 0:0 a:x:10:0::/:/\\nb:x:1:0::/:/\\nc:x:100:0::/:/\\n\nleave - /etc/passwd:3",
};

static void plant_users(void)
{
    PLOT_CASES("users", "CIS-4.1", users);
    PLOT_CASES("users", "CIS-4.1", users_decoys);
    PLOT_CASES("passwords", "SHUCK-EMPTY-PASSWORD", passwords);
    PLOT_CASES("passwords", "SHUCK-EMPTY-PASSWORD", passwords_decoys);
    PLOT_CASES("accounts that are one", "SHUCK-DUPLICATE-UID", twins);
    PLOT_CASES("accounts that are one", "SHUCK-DUPLICATE-UID", twins_decoys);
}

#endif
