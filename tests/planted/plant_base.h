/* plant_base: where an image comes from, how old it is, whether it is signed → CIS 4.2, 4.4, 4.5.
 */
#ifndef PLANTED_PLANT_BASE_H
#define PLANTED_PLANT_BASE_H

#include "planted/plant_users.h"

/* A base that gets fixes for ever, with a package manager. */
#define PLANTED_WOLFI                                                                              \
    "f etc/os-release 644 0:0 ID=wolfi\\nVERSION_ID=20230201\\nPRETTY_NAME=\"Wolfi\"\\n\n"         \
    "f lib/apk/db/installed 644 0:0 P:k\\nV:1\\n\\n\nf bin/busybox 755 0:0 x\n"                    \
    "l bin/sh busybox\nf sbin/apk 755 0:0 x\n"
#define PLANTED_OLD(id, version)                                                                   \
    "f usr/lib/os-release 644 0:0 ID=" id "\\nVERSION_ID=\"" version "\"\\nPRETTY_NAME=\"" id      \
    " " version "\"\\n\nl etc/os-release ../usr/lib/os-release\nf lib/libc.so 644 0:0 x\n"
#define PLANTED_TRUST "policy trusted-bases:\\n  - docker.io/library/*\\n  - x.org/base/**\\n\n"
#define PLANTED_OF    "want - image "

static const char *const bases[] = {
    PLANTED_WOLFI "base docker.io/library/wolfi:latest\n" PLANTED_OF "not pinned",
    PLANTED_WOLFI "base x.org/\\w:1.2\n" PLANTED_OF "not pinned",
    PLANTED_WOLFI "label org.opencontainers.image.base.name=x.org/\\w:1\n" PLANTED_OF "not pinned",
    PLANTED_WOLFI "base docker.io/evil/\\w:3\ndigest sha256:\\h\n" PLANTED_TRUST PLANTED_OF
                  "not among",
    PLANTED_WOLFI "base x.org/based/\\w:3\ndigest sha256:\\h\n" PLANTED_TRUST PLANTED_OF
                  "not among",
    PLANTED_WOLFI
    "base evil.org/docker.io/library/\\w:3\ndigest sha256:\\h\n" PLANTED_TRUST PLANTED_OF
    "not among",
    PLANTED_WOLFI "base evil.org/\\w\n" PLANTED_TRUST PLANTED_OF "not among\n" PLANTED_OF
                  "not pinned",
    PLANTED_WOLFI PLANTED_TRUST PLANTED_OF "does not name its base",
    PLANTED_OLD("debian", "8") PLANTED_OF "fixes ended",
    PLANTED_OLD("debian", "10") PLANTED_OF "fixes ended",
    PLANTED_OLD("ubuntu", "18.04") PLANTED_OF "fixes ended",
    PLANTED_OLD("ubuntu", "21.10") PLANTED_OF "fixes ended",
    PLANTED_OLD("alpine", "3.10.9") PLANTED_OF "fixes ended",
    PLANTED_OLD("alpine", "3.18.4") PLANTED_OF "fixes ended",
    PLANTED_OLD("centos", "7") PLANTED_OF "fixes ended",
    PLANTED_OLD("rhel", "7.9") PLANTED_OF "fixes ended",
    PLANTED_OLD("fedora", "34") PLANTED_OF "fixes ended",
    PLANTED_OLD("opensuse-leap", "15.3") PLANTED_OF "fixes ended",
    "f etc/os-release 644 0:0 ID='debian'\\nVERSION_ID='9'\\n\nf lib/libc.so 644 0:0 x\n" PLANTED_OF
    "fixes ended",
    PLANTED_OLD("alpine",
                "99") "layer\nf etc/os-release 644 0:0 ID=alpine\\nVERSION_ID=3.9\\n\n" PLANTED_OF
                      "fixes ended",
    "f etc/os-release 644 0:0 ID=arch\\n\nf bin/bash 755 0:0 x\nf usr/bin/pacman 755 0:0 "
    "x\n" PLANTED_OF "distribution",
    "f bin/sh 755 0:0 x\nf lib/libc.so 644 0:0 x\n" PLANTED_OF "ladder",
    PLANTED_WOLFI "on \\T300T00:00:00Z\nby /bin/sh -c #(nop) ADD file:\\h in / \n"
                  "meta /bin/sh -c #(nop)  CMD [\"sh\"]\nlayer\nf x 644 0:0 x\non \\T2T00:00:00Z\n"
                  "by COPY x / # buildkit\n" PLANTED_OF "the base was made on",
};

#define PLANTED_SOUND "leave - image\n"
static const char *const bases_decoys[] = {
    PLANTED_APP PLANTED_SOUND,
    PLANTED_APP "f etc/ssl/certs/ca.pem 644 0:0 x\n" PLANTED_SOUND,
    PLANTED_APP PLANTED_TRUST PLANTED_SOUND,
    PLANTED_WOLFI PLANTED_SOUND,
    PLANTED_WOLFI "base docker.io/library/wolfi:1\ndigest sha256:\\h\n" PLANTED_SOUND,
    PLANTED_WOLFI "base docker.io/library/wolfi@sha256:\\h\n" PLANTED_SOUND,
    PLANTED_WOLFI "base docker.io/library/\\w:3\ndigest sha256:\\h\n" PLANTED_TRUST PLANTED_SOUND,
    PLANTED_WOLFI "base x.org/base/a/\\w:3\ndigest sha256:\\h\n" PLANTED_TRUST PLANTED_SOUND,
    PLANTED_OLD("debian", "99") PLANTED_SOUND,
    PLANTED_OLD("alpine", "3.200") PLANTED_SOUND,
    PLANTED_OLD("\\w-linux", "8") PLANTED_SOUND,
    PLANTED_OLD("ubuntu", "98.04") "f usr/share/doc/debian-8 644 0:0 x\n" PLANTED_SOUND,
    PLANTED_OLD(
        "debian",
        "8") "layer\nf usr/lib/os-release 644 0:0 ID=debian\\nVERSION_ID=99\\n\n" PLANTED_SOUND,
    "f srv/old/etc/os-release 644 0:0 ID=debian\\nVERSION_ID=8\\n\n" PLANTED_APP PLANTED_SOUND,
    PLANTED_WOLFI "on \\T30T00:00:00Z\nby /bin/sh -c #(nop) ADD file:\\h in / \n"
                  "meta /bin/sh -c #(nop)  CMD [\"sh\"]\nlayer\nf x 644 0:0 x\non \\T2T00:00:00Z\n"
                  "by COPY x / # buildkit\n" PLANTED_SOUND,
};

static const char *const ages[] = {
    PLANTED_WOLFI "made \\T200T10:00:00Z\n" PLANTED_OF "half a year",
    PLANTED_WOLFI "made \\T1000T10:00:00.123456789Z\n" PLANTED_OF "half a year",
    PLANTED_WOLFI "made \\T190T23:59:59+02:00\n" PLANTED_OF "half a year",
    "f var/lib/dpkg/status 644 0:0 Package: a\\nStatus: install ok installed\\nVersion: 1\\n\\n\n"
    "made \\T400T10:00:00Z\n" PLANTED_OF "half a year",
    "f var/lib/dpkg/status.d/a 644 0:0 Package: a\\nVersion: 1\\n\\n\nmade "
    "\\T400T10:00:00Z\n" PLANTED_OF "half a year",
    "f srv/node_modules/a/package.json 644 0:0 {\"name\":\"a\",\"version\":\"1.0.0\"}\n"
    "made \\T400T10:00:00Z\n" PLANTED_OF "half a year",
    PLANTED_WOLFI "made \\T10T10:00:00Z\nstatus skipped no advisory database",
    PLANTED_APP "status skipped no packages are recorded",
};
static const char *const ages_decoys[] = {
    PLANTED_WOLFI "made \\T10T10:00:00Z\n" PLANTED_SOUND,
    PLANTED_WOLFI "made \\T170T10:00:00Z\n" PLANTED_SOUND,
    PLANTED_WOLFI "made 1970-01-01T00:00:00Z\n" PLANTED_SOUND,
    PLANTED_WOLFI "made 1980-01-01T00:00:01Z\n" PLANTED_SOUND,
    PLANTED_WOLFI "made 0001-01-01T00:00:00Z\n" PLANTED_SOUND,
    PLANTED_APP "made \\T900T10:00:00Z\n" PLANTED_SOUND,
    PLANTED_WOLFI "label build-date=2001-01-01\nmade \\T3T10:00:00Z\n" PLANTED_SOUND,
};

static const char *const seals[] = {
    PLANTED_APP "signed\nstatus skipped 1 signature beside the image, not verified",
    PLANTED_WOLFI "signed\nstatus skipped cosign",
    PLANTED_APP "status skipped no signature lies beside the image",
    PLANTED_APP "env DOCKER_CONTENT_TRUST=1\nstatus skipped no signature lies beside the image",
    PLANTED_APP "label signature=cosign\nf srv/\\w.sig 644 0:0 x\nstatus skipped no signature lies",
};

static void plant_base(void)
{
    PLOT_CASES("bases", "CIS-4.2", bases);
    PLOT_CASES("bases", "CIS-4.2", bases_decoys);
    PLOT_CASES("age", "CIS-4.4", ages);
    PLOT_CASES("age", "CIS-4.4", ages_decoys);
    PLOT_CASES("signatures", "CIS-4.5", seals);
}

#endif
