/* plant_adds: ADD where COPY does, and ADD that is right → CIS 4.9. */
#ifndef PLANTED_PLANT_ADDS_H
#define PLANTED_PLANT_ADDS_H

#include "planted/plant_users.h"

/* A base of one layer below each. */
#define PLANTED_ROOTFS                                                                             \
    "f bin/sh 755 0:0 x\nf etc/hosts 644 0:0 x\nby /bin/sh -c #(nop) ADD file:\\h in / \n"         \
    "meta /bin/sh -c #(nop)  CMD [\"/bin/sh\"]\nlayer\nf \\f/a 644 0:0 x\n"

/* The line of history is the third. */
#define PLANTED_BAD(line, words) PLANTED_ROOTFS "by " line "\nwant - history[2] " words
#define PLANTED_GOOD(line)       PLANTED_ROOTFS "by " line "\nleave - history[2]\nleave - history[0]"

static const char *const adds[] = {
    PLANTED_BAD("ADD app.py /srv/ # buildkit", "app.py"),
    PLANTED_BAD("ADD . /srv # buildkit", "."),
    PLANTED_BAD("ADD ./src /srv/src # buildkit", "src"),
    PLANTED_BAD("ADD --chown=\\u:\\u app.py /srv/ # buildkit", "app.py"),
    PLANTED_BAD("ADD --chmod=644 --link app.py /srv/ # buildkit", "app.py"),
    PLANTED_BAD("ADD app.py lib.py /srv/ # buildkit", "ADD"),
    PLANTED_BAD("ADD app.zip /srv/ # buildkit", "app.zip"),
    PLANTED_BAD("ADD \\w.jar /srv/app.jar # buildkit", "\\w.jar"),
    PLANTED_BAD("ADD app.gz /srv/ # buildkit", "app.gz"),
    PLANTED_BAD("ADD notes.tar.txt /srv/ # buildkit", "notes"),
    PLANTED_BAD("ADD app.py /srv/", "app.py"),
    PLANTED_BAD("ADD [\"my app.py\", \"/srv/\"]", "app.py"),
    PLANTED_BAD("/bin/sh -c #(nop) ADD dir:\\h in /srv ", "folder"),
    PLANTED_BAD("/bin/sh -c #(nop) ADD file:\\h in /srv/a ", "ADD"),
    PLANTED_BAD("/bin/sh -c #(nop) ADD --chown=\\u:\\u dir:\\h in /srv ", "folder"),
    PLANTED_BAD("|1 VERSION=3 /bin/sh -c #(nop) ADD dir:\\h in /srv ", "folder"),
    PLANTED_BAD("ADD https://x.org/t.tgz /opt/ # buildkit", "--checksum"),
    PLANTED_BAD("ADD http://x.org/tool /usr/bin/tool # buildkit", "--checksum"),
    PLANTED_BAD("ADD https://x.org/\\w.deb /tmp/ # buildkit", "--checksum"),
    PLANTED_BAD("/bin/sh -c #(nop) ADD https://x.org/t.tgz in /opt/ ", "--checksum"),
    PLANTED_BAD("ADD https://x.org/shop.git /src # buildkit", "commit"),
    PLANTED_BAD("ADD https://x.org/shop.git#main /src # buildkit", "commit"),
    PLANTED_BAD("ADD git@x.org:a/shop.git /src # buildkit", "commit"),
    PLANTED_BAD("ADD git@x.org:a/shop.git#v1.2 /src # buildkit", "commit"),
    PLANTED_BAD("ADD git://x.org/a/shop /src # buildkit", "commit"),
    PLANTED_BAD("ADD app.tar.gz app.py /srv/ # buildkit", "app.py"),
    PLANTED_BAD("ADD app.py / # buildkit", "app.py"),
};

static const char *const adds_decoys[] = {
    PLANTED_GOOD("COPY app.py /srv/ # buildkit"),
    PLANTED_GOOD("/bin/sh -c #(nop) COPY dir:\\h in /srv "),
    PLANTED_GOOD("/bin/sh -c #(nop) COPY file:\\h in /srv "),
    PLANTED_GOOD("ADD app.tar.gz /srv/ # buildkit"),
    PLANTED_GOOD("ADD --chown=5:5 vendor.tar.xz /srv/ # buildkit"),
    PLANTED_GOOD("ADD a.tar b.tgz c.tar.bz2 d.tar.zst /srv/ # buildkit"),
    PLANTED_GOOD("ADD rootfs.tar.xz / # buildkit"),
    PLANTED_GOOD("ADD --checksum=sha256:\\h https://x.org/t.tgz /opt/ # buildkit"),
    PLANTED_GOOD("ADD --chmod=755 --checksum=sha256:\\h https://x.org/t /bin/t # buildkit"),
    PLANTED_GOOD("ADD https://x.org/s.git#0123456789abcdef0123456789abcdef01234567 /s # buildkit"),
    PLANTED_GOOD("ADD git@x.org:s.git#0123456789abcdef0123456789abcdef01234567:d /s # buildkit"),
    PLANTED_GOOD("RUN /bin/sh -c echo ADD app.py /srv # buildkit"),
    PLANTED_GOOD("RUN /bin/sh -c adduser ADD # buildkit"),
    PLANTED_GOOD("RUN /bin/sh -c apk ADD x || apk add x # buildkit"),
    PLANTED_GOOD("/bin/sh -c apk add --no-cache curl"),
    PLANTED_GOOD("/bin/sh -c git add . && git commit -m 'ADD app.py'"),
    PLANTED_GOOD("/bin/sh -c # ADD app.py /srv"),
    PLANTED_GOOD("LABEL note=ADD app.py /srv # buildkit"),
    PLANTED_GOOD("ENV ADD=app.py # buildkit"),
    PLANTED_GOOD("CMD [\"ADD\" \"app.py\" \"/srv\"]"),
    PLANTED_GOOD("ENTRYPOINT [\"/ADD\"]"),
    PLANTED_GOOD("COPY ADD /srv/ADD # buildkit"),
    PLANTED_GOOD("WORKDIR /ADD/app"),
    PLANTED_GOOD("bazel build //ADD:app"),
    PLANTED_GOOD("MAINTAINER ADD app.py <a@x.org>"),
    /* bases, in every form */
    "f bin/sh 755 0:0 x\nf etc/hosts 644 0:0 x\nby ADD alpine-minirootfs-3.20.0-x86_64.tar.gz / # "
    "buildkit\nmeta CMD [\"/bin/sh\"]\nleave - history[0]",
    "f bin/sh 755 0:0 x\nf etc/hosts 644 0:0 x\nmeta /bin/sh -c #(nop)  ARG RELEASE\n"
    "meta /bin/sh -c #(nop)  LABEL a=b\nby /bin/sh -c #(nop) ADD file:\\h in / \n"
    "meta /bin/sh -c #(nop)  CMD [\"/bin/bash\"]\nleave - history[2]",
    "f bin/sh 755 0:0 x\nby ADD rootfs / # buildkit\nmeta CMD [\"sh\"]\nleave - history[0]",
    "f bin/sh 755 0:0 x\nf a 644 0:0 x\nby ADD multi:\\h in / \nleave - history[0]",
};

static void plant_adds(void)
{
    PLOT_CASES("ADD", "CIS-4.9", adds);
    PLOT_CASES("ADD", "CIS-4.9", adds_decoys);
}

#endif
