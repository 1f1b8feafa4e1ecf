/* plant_modes: bits of files → CIS 4.8, and what everyone or group 0 may write. */
#ifndef PLANTED_PLANT_MODES_H
#define PLANTED_PLANT_MODES_H

#include "planted/plant_users.h"

#define PLANTED_NET_RAW   "0100000200200000000000000000000000000000"
#define PLANTED_V3        "010000030004000000000000000000000000000000000000"
#define PLANTED_INHERITED "0000000200000000002000000000000000000000"

static const char *const granting[] = {
    "f usr/bin/\\w 4755 0:0 x\nwant 0 usr/bin/\\w setuid root",
    "elf usr/bin/\\w 4711 0:0 62\nwant 0 usr/bin/\\w setuid root",
    "elf \\f/\\w 4555 0:0 62\nwant 0 \\f/\\w setuid root",
    "elf \\f/\\w 4755 \\u:\\u 62\nwant 0 \\f/\\w setuid uid \\u",
    "elf \\f/\\w 6755 0:0 62\nwant 0 \\f/\\w setuid root",
    "elf \\f/\\w 4750 0:\\u 62\nuser 5678:\\u\nwant 0 \\f/\\w may run it",
    "elf \\f/\\w 4750 0:\\u 62\nuser 5678\nwant 0 \\f/\\w may not run it",
    "d \\f 700 0:0\nelf \\f/\\w 4755 0:0 62\nuser 5678\nwant 0 \\f/\\w may not run it",
    "elf \\f/\\w 2755 0:\\u 62\nwant 0 \\f/\\w setgid gid \\u",
    "elf \\f/\\w 2711 0:42 62\nwant 0 \\f/\\w setgid gid 42",
    "cap \\f/\\w 755 0:0 " PLANTED_NET_RAW "\nwant 0 \\f/\\w cap_net_raw",
    "cap \\f/\\w 755 0:0 " PLANTED_V3 "\nwant 0 \\f/\\w cap_net_bind_service",
    "cap \\f/\\w 4755 0:0 " PLANTED_NET_RAW "\nwant 0 \\f/\\w setuid root",
    "elf usr/bin/\\w 4755 0:0 62\nh \\f/other usr/bin/\\w\nwant 0 usr/bin/\\w|\\f/other setuid "
    "root",
    "elf usr/bin/\\w 4755 0:0 62\nh \\f/other usr/bin/\\w\nlayer\ndel usr/bin/\\w\n"
    "want 0 \\f/other setuid root",
    "elf usr/bin/\\w 4755 0:0 62\nlayer\nh zz/other usr/bin/\\w\n"
    "want 0 usr/bin/\\w setuid root",
    "elf usr/bin/\\w 755 0:0 62\nlayer\nelf usr/bin/\\w 4755 0:0 62\nwant 1 usr/bin/\\w setuid "
    "root",
    "elf usr/bin/\\w 4755 0:0 62\nlayer\nf srv/x 644 0:0 x\nwant 0 usr/bin/\\w setuid root",
    "elf usr/bin/\\w 4755 0:0 62\nlayer\nd usr/bin 755 0:0\nwant 0 usr/bin/\\w setuid root",
    "elf usr/bin/\\w 4755 0:0 62\nlayer\nl bin usr/bin\nwant 0 usr/bin/\\w setuid root",
    "elf usr/bin/\\w 4755 0:0 62\nlayer\ndel usr/bin/\\w\nlayer\nelf usr/bin/\\w 4755 0:0 62\n"
    "want 2 usr/bin/\\w setuid root",
    "elf usr/bin/\\w 4755 0:0 62\nlayer\nopaque usr/sbin\nf usr/sbin/x 755 0:0 x\n"
    "want 0 usr/bin/\\w setuid root",
    "elf .hidden/...\\w 4755 0:0 62\nwant 0 .hidden/...\\w setuid root",
    "elf tmp/\\w 4777 0:0 62\nwant 0 tmp/\\w setuid root",
    "elf home/pat/\\w.txt 4755 0:0 62\nwant 0 home/pat/\\w.txt setuid root",
};
static const char *const granting_decoys[] = {
    "elf usr/bin/\\w 755 0:0 62\nleave 0 usr/bin/\\w",
    "f usr/bin/\\w 4644 0:0 x\nleave 0 usr/bin/\\w",
    "f usr/bin/\\w 2644 0:0 x\nleave 0 usr/bin/\\w",
    "f srv/\\w 2745 0:\\u x\nleave 0 srv/\\w",
    "d \\f 2755 0:\\u\nf \\f/x 644 0:\\u x\nleave 0 \\f",
    "d \\f 4755 0:0\nleave 0 \\f",
    "d \\f 6777 0:0\nleave 0 \\f",
    "d tmp 1777 0:0\nleave 0 tmp",
    "elf usr/bin/\\w 1755 0:0 62\nleave 0 usr/bin/\\w",
    "cap \\f/\\w 644 0:0 " PLANTED_NET_RAW "\nleave 0 \\f/\\w",
    "cap \\f/\\w 755 0:0 " PLANTED_INHERITED "\nleave 0 \\f/\\w",
    "cap \\f/\\w 755 0:0 0000000200000000000000000000000000000000\nleave 0 \\f/\\w",
    "elf usr/bin/\\w 4755 0:0 62\nlayer\ndel usr/bin/\\w\nleave 0 usr/bin/\\w",
    "elf usr/bin/\\w 4755 0:0 62\nlayer\nelf usr/bin/\\w 755 0:0 62\nleave 0 usr/bin/\\w\n"
    "leave 1 usr/bin/\\w",
    "elf usr/bin/\\w 4755 0:0 62\nlayer\ndel usr/bin\nleave 0 usr/bin/\\w",
    "elf usr/bin/\\w 4755 0:0 62\nlayer\nopaque usr/bin\nelf usr/bin/x 755 0:0 62\n"
    "leave 0 usr/bin/\\w",
    "elf usr/bin/\\w 4755 0:0 62\nlayer\nopaque usr\nelf usr/bin/x 755 0:0 62\n"
    "leave 0 usr/bin/\\w",
    "elf usr/bin/\\w 4755 0:0 62\nlayer\ndel usr/bin/\\w\nl usr/bin/\\w /app\nleave 0 usr/bin/\\w",
    "elf usr/bin/\\w 4755 0:0 62\nlayer\nl usr/bin/\\w /app\nleave 1 usr/bin/\\w",
    "elf \\f/x/\\w 4755 0:0 62\nlayer\nl \\f/x /srv\nleave 0 \\f/x/\\w",
    "cap \\f/\\w 755 0:0 " PLANTED_NET_RAW "\nlayer\nf \\f/\\w 755 0:0 x\nleave 0 \\f/\\w",
    "elf usr/bin/\\w 4755 0:0 62\nh \\f/o usr/bin/\\w\nlayer\ndel usr/bin/\\w\ndel \\f/o\n"
    "leave 0 \\f/o",
    "l usr/bin/su /bin/busybox\nleave 0 usr/bin/su",
    "f usr/share/sudo 644 0:0 x\nleave 0 usr/share/sudo",
    "by RUN /bin/sh -c chmod u+s /bin/x # buildkit\nelf bin/x 755 0:0 62\nleave 0 bin/x",
};

static const char *const open_files[] = {
    "f \\f/\\w 666 0:0 x\nwant 0 \\f/\\w anyone may change",
    "f \\f/\\w 777 0:0 x\nwant 0 \\f/\\w anyone may change",
    "f etc/\\w.conf 646 0:0 x\nwant 0 etc/\\w.conf anyone may change",
    "f \\f/\\w 602 0:0 x\nwant 0 \\f/\\w anyone may change",
    "elf usr/bin/\\w 757 0:0 62\nwant 0 usr/bin/\\w program",
    "d \\f 777 0:0\nwant 0 \\f folder",
    "d \\f 773 0:0\nwant 0 \\f folder",
    "d var/\\w 2777 0:0\nwant 0 var/\\w folder",
    "d tmp 777 0:0\nwant 0 tmp folder",
    "d \\f 755 0:0\nlayer\nd \\f 777 0:0\nwant 1 \\f folder",
    "f \\f/\\w 644 0:0 x\nlayer\nf \\f/\\w 666 0:0 x\nwant 1 \\f/\\w anyone",
    "f \\f/\\w 666 0:0 x\nlayer\nf srv/other 644 0:0 x\nwant 0 \\f/\\w anyone",
};
static const char *const open_decoys[] = {
    "f \\f/\\w 664 0:0 x\nleave 0 \\f/\\w",
    "f \\f/\\w 775 0:0 x\nleave 0 \\f/\\w",
    "d tmp 1777 0:0\nleave 0 tmp",
    "d var/tmp 1777 0:0\nleave 0 var/tmp",
    "d \\f 3777 0:0\nleave 0 \\f",
    "d \\f 775 0:0\nleave 0 \\f",
    "l \\f/link /etc/hosts\nleave 0 \\f/link",
    "f \\f/\\w 666 0:0 x\nlayer\nf \\f/\\w 644 0:0 x\nleave 0 \\f/\\w\nleave 1 \\f/\\w",
    "f \\f/\\w 666 0:0 x\nlayer\ndel \\f/\\w\nleave 0 \\f/\\w",
    "d \\f 777 0:0\nlayer\nd \\f 755 0:0\nleave 0 \\f\nleave 1 \\f",
    "d \\f 777 0:0\nlayer\nd \\f 1777 0:0\nleave 0 \\f\nleave 1 \\f",
    "d \\f/x 777 0:0\nlayer\nopaque \\f\nf \\f/y 644 0:0 x\nleave 0 \\f/x",
};

static const char *const shared[] = {
    "elf \\f/\\w 775 0:0 62\nwant 0 \\f/\\w group 0",
    "elf \\f/\\w 770 \\u:0 62\nwant 0 \\f/\\w group 0",
    "f \\f/\\w.sh 775 0:0 #!/bin/sh\\n\nwant 0 \\f/\\w.sh group 0",
    "elf \\f/\\w 731 5:0 62\nwant 0 \\f/\\w group 0",
    "elf \\f/\\w 755 0:0 62\nlayer\nelf \\f/\\w 775 0:0 62\nwant 1 \\f/\\w group 0",
};
static const char *const shared_decoys[] = {
    "elf \\f/\\w 755 0:0 62\nleave 0 \\f/\\w",
    "elf \\f/\\w 775 0:\\u 62\nleave 0 \\f/\\w",
    "f \\f/\\w 664 0:0 x\nleave 0 \\f/\\w",
    "d \\f 775 0:0\nleave 0 \\f",
    "elf \\f/\\w 775 0:0 62\nlayer\nelf \\f/\\w 755 0:0 62\nleave 0 \\f/\\w\nleave 1 \\f/\\w",
    "elf \\f/\\w 775 0:0 62\nlayer\ndel \\f/\\w\nleave 0 \\f/\\w",
};

static void plant_modes(void)
{
    PLOT_CASES("files that grant", "CIS-4.8", granting);
    PLOT_CASES("files that grant", "CIS-4.8", granting_decoys);
    PLOT_CASES("what everyone may write", "SHUCK-WORLD-WRITABLE", open_files);
    PLOT_CASES("what everyone may write", "SHUCK-WORLD-WRITABLE", open_decoys);
    PLOT_CASES("programs of group 0", "SHUCK-GROUP-WRITABLE", shared);
    PLOT_CASES("programs of group 0", "SHUCK-GROUP-WRITABLE", shared_decoys);
}

#endif
