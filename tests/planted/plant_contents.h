/* plant_contents: programs, packages and what was left behind → CIS 4.3, 4.11 and what is ours. */
#ifndef PLANTED_PLANT_CONTENTS_H
#define PLANTED_PLANT_CONTENTS_H

#include "planted/plant_users.h"

static const char *const tools[] = {
    PLANTED_APP "elf bin/sh 755 0:0 62\nwant 0 bin/sh shells",
    PLANTED_APP "elf usr/bin/bash 755 0:0 62\nwant 0 usr/bin/bash shells",
    PLANTED_APP "elf usr/local/bin/zsh 755 0:0 62\nwant 0 usr/local/bin/zsh shells",
    PLANTED_APP "elf opt/bb 755 0:0 62\nl bin/ash /opt/bb\nwant 0 bin/ash shells",
    PLANTED_APP "elf busybox/sh 755 0:0 62\nenv PATH=/usr/bin:/busybox\nwant 0 busybox/sh shells",
    PLANTED_APP "elf usr/bin/apt-get 755 0:0 62\nwant 0 usr/bin/apt-get package managers",
    PLANTED_APP "elf sbin/apk 755 0:0 62\nwant 0 sbin/apk package managers",
    PLANTED_APP "f usr/bin/dnf 755 0:0 #!x\\n\nwant 0 usr/bin/dnf package managers",
    PLANTED_APP
    "elf usr/local/bin/pip3.11 755 0:0 62\nwant 0 usr/local/bin/pip3.11 package managers",
    PLANTED_APP "elf usr/bin/curl 755 0:0 62\nwant 0 usr/bin/curl downloaders",
    PLANTED_APP "elf usr/bin/wget 111 0:0 62\nwant 0 usr/bin/wget downloaders",
    PLANTED_APP "elf usr/bin/git 755 0:0 62\nwant 0 usr/bin/git downloaders",
    PLANTED_APP "elf usr/bin/python3.11 755 0:0 62\nwant 0 usr/bin/python3.11 interpreters",
    PLANTED_APP "elf usr/bin/perl5.36.0 755 0:0 62\nwant 0 usr/bin/perl5.36.0 interpreters",
    PLANTED_APP "elf usr/local/bin/node 755 0:0 62\nwant 0 usr/local/bin/node interpreters",
    PLANTED_APP "elf opt/java/bin/java 755 0:0 62\nwant 0 opt/java/bin/java interpreters",
    PLANTED_APP "elf usr/bin/x86_64-linux-gnu-gcc-12 755 0:0 62\n"
                "want 0 usr/bin/x86_64-linux-gnu-gcc-12 compilers",
    PLANTED_APP "elf usr/bin/make 755 0:0 62\nwant 0 usr/bin/make compilers",
    PLANTED_APP "elf usr/bin/strace 755 0:0 62\nwant 0 usr/bin/strace compilers",
    PLANTED_APP "elf usr/bin/nc 755 0:0 62\nwant 0 usr/bin/nc network tools",
    PLANTED_APP "elf usr/sbin/sshd 755 0:0 62\nwant 0 usr/sbin/sshd network tools",
    PLANTED_APP "elf usr/bin/nc.openbsd 755 0:0 62\nl usr/bin/nc /etc/alternatives/nc\n"
                "l etc/alternatives/nc /usr/bin/nc.openbsd\nwant 0 usr/bin/nc network tools",
    PLANTED_APP "f usr/bin/curl 644 0:0 x\nlayer\nelf usr/bin/curl 755 0:0 62\n"
                "want 1 usr/bin/curl downloaders",
    PLANTED_APP "elf usr/bin/curl 755 0:0 62\nlayer\nopaque usr/share\nf usr/share/x 644 0:0 x\n"
                "want 0 usr/bin/curl downloaders",
};
static const char *const tools_decoys[] = {
    PLANTED_APP "f usr/bin/curl 644 0:0 x\nleave 0 usr/bin/curl",
    PLANTED_APP "elf usr/bin/curl 755 0:0 62\nlayer\ndel usr/bin/curl\nleave 0 usr/bin/curl",
    PLANTED_APP "elf usr/bin/curl 755 0:0 62\nlayer\nopaque usr/bin\nf usr/bin/x 755 0:0 x\n"
                "leave 0 usr/bin/curl",
    PLANTED_APP "elf usr/bin/curl 755 0:0 62\nlayer\nf usr/bin/curl 644 0:0 x\n"
                "leave 1 usr/bin/curl",
    PLANTED_APP "d usr/bin/bash 755 0:0\nf usr/bin/bash/x 644 0:0 x\nleave 0 usr/bin/bash",
    PLANTED_APP "l usr/bin/wget /usr/bin/gone\nleave 0 usr/bin/wget",
    PLANTED_APP "f usr/share/doc/curl/README 644 0:0 x\nleave 0 usr/share/doc/curl",
    PLANTED_APP "f usr/share/bash-completion/completions/git 644 0:0 x\n"
                "leave 0 usr/share/bash-completion/completions/git",
    PLANTED_APP "elf usr/lib/libcurl.so.4 755 0:0 62\nleave 0 usr/lib/libcurl.so.4",
    PLANTED_APP "f etc/bash.bashrc 644 0:0 x\nleave 0 etc/bash.bashrc",
    PLANTED_APP "elf usr/bin/curlew 755 0:0 62\nleave 0 usr/bin/curlew",
    PLANTED_APP "elf usr/bin/sha256sum 755 0:0 62\nleave 0 usr/bin/sha256sum",
    PLANTED_APP "elf usr/bin/gitea-\\w 755 0:0 62\nleave 0 usr/bin/gitea-\\w",
    "elf usr/bin/python3.11 755 0:0 62\nentrypoint [\"python3.11\",\"-m\",\"x\"]\n"
    "leave 0 usr/bin/python3.11",
    "elf usr/local/bin/node 755 0:0 62\nf srv/run 755 0:0 #!/usr/local/bin/node\\n\n"
    "entrypoint [\"/srv/run\"]\nleave 0 usr/local/bin/node",
    "elf usr/bin/python3.11 755 0:0 62\nl usr/bin/python3 python3.11\ncmd [\"python3\",\"a.py\"]\n"
    "leave 0 usr/bin/python3",
    PLANTED_APP "by RUN /bin/sh -c find / -name sudo -delete # buildkit\nleave - history[0]",
};

/* "a" is what the packages brought. */
#define PLANTED_DPKG                                                                               \
    "f var/lib/dpkg/status 644 0:0 Package: \\w\\nStatus: install ok installed\\nArchitecture: "   \
    "amd64\\nVersion: 1\\n\\n\nf var/lib/dpkg/info/\\w.list 644 0:0 "                              \
    "/.\\n/usr\\n/usr/bin\\n/usr/bin/t\\n\n"                                                       \
    "f var/lib/dpkg/info/\\w.md5sums 644 0:0 0cc175b9c0f1b6a831c399e269772661  usr/bin/t\\n\n"
#define PLANTED_DISTROLESS                                                                         \
    "f var/lib/dpkg/status.d/\\w 644 0:0 Package: \\w\\nArchitecture: amd64\\nVersion: 1\\n\\n\n"  \
    "f var/lib/dpkg/status.d/\\w.md5sums 644 0:0 0cc175b9c0f1b6a831c399e269772661  usr/bin/t\\n\n"
#define PLANTED_APK                                                                                \
    "f lib/apk/db/installed 644 0:0 P:\\w\\nV:1\\nF:usr/bin\\nR:t\\nZ:Q1hvfkN/"                    \
    "qlp/zhXR3cuerq6jd2Z7g=\\n\\n\n"

static const char *const changed[] = {
    PLANTED_DPKG "f usr/bin/t 755 0:0 b\nwant 0 usr/bin/t not the one",
    PLANTED_DPKG "f usr/bin/t 755 0:0 #!/bin/sh\\n\nwant 0 usr/bin/t this program",
    PLANTED_DPKG "elf usr/bin/t 755 0:0 62\nwant 0 usr/bin/t this program",
    PLANTED_DPKG "f usr/bin/t 755 0:0 a\nlayer\nelf usr/bin/t 755 0:0 62\nwant 1 usr/bin/t program",
    PLANTED_DPKG "l bin usr/bin\nf usr/bin/t 755 0:0 ab\nwant 0 usr/bin/t not the one",
    PLANTED_DISTROLESS "f usr/bin/t 755 0:0 b\nwant 0 usr/bin/t not the one",
    PLANTED_APK "f usr/bin/t 755 0:0 b\nwant 0 usr/bin/t not the one",
    PLANTED_APK "elf usr/bin/t 755 0:0 62\nwant 0 usr/bin/t this program",
    PLANTED_APK "f usr/bin/t 755 0:0 a\nlayer\nf usr/bin/t 755 0:0 c\nwant 1 usr/bin/t not the one",
    PLANTED_APP "env PIP_TRUSTED_HOST=x.org\nwant - Env[0] TRUSTED_HOST",
    PLANTED_APK "f usr/bin/t 755 0:0 a\nelf usr/bin/odd 755 0:0 62\nby ADD file:\\h in / \n"
                "meta CMD [\"sh\"]\nlayer\nf x 644 0:0 x\nby COPY x / # buildkit\n"
                "want 0 usr/bin/odd no package owns",
};
static const char *const changed_decoys[] = {
    PLANTED_DPKG "f usr/bin/t 755 0:0 a\nleave 0 usr/bin/t",
    PLANTED_DPKG "f usr/bin/t 755 0:0 b\nlayer\nf usr/bin/t 755 0:0 a\nleave 1 usr/bin/t",
    PLANTED_DPKG "f usr/bin/t 755 0:0 b\nlayer\ndel usr/bin/t\nleave 0 usr/bin/t",
    PLANTED_DPKG "l usr/bin/t other\nf usr/bin/other 755 0:0 b\nleave 0 usr/bin/t",
    PLANTED_DPKG "f usr/local/bin/t 755 0:0 b\nleave 0 usr/local/bin/t",
    PLANTED_DPKG "f usr/bin/t 755 0:0 a\nf etc/\\w.conf 644 0:0 changed\nleave 0 etc/\\w.conf",
    PLANTED_DPKG "f usr/bin/t 755 0:0 b\nlayer\ndel var/lib/dpkg\nleave 0 usr/bin/t",
    PLANTED_DISTROLESS "f usr/bin/t 755 0:0 a\nleave 0 usr/bin/t",
    PLANTED_APK "f usr/bin/t 755 0:0 a\nleave 0 usr/bin/t",
    PLANTED_APK "f usr/bin/t 755 0:0 a\nf usr/bin/mine 755 0:0 b\nleave 0 usr/bin/mine",
    PLANTED_APK "layer\nf usr/bin/t 644 5:5 a\nleave 1 usr/bin/t",
    PLANTED_APP "env PIP_TRUSTED_HOST=\nleave - Env[0]",
};

static const char *const repositories[] = {
    "f \\f/.git/HEAD 644 0:0 x\nwant 0 \\f/.git repository",
    "f .git/HEAD 644 0:0 x\nf .git/config 644 0:0 x\nwant 0 .git repository",
    "f \\f/vendor/x/.git/HEAD 644 0:0 x\nwant 0 \\f/vendor/x/.git repository",
    "f \\f/.git/HEAD 644 0:0 x\nlayer\ndel \\f/.git\nwant 0 \\f/.git layer",
    "f \\f/.git/HEAD 644 0:0 x\nlayer\ndel \\f\nwant 0 \\f/.git layer",
    "f \\f/.git/HEAD 644 0:0 x\nlayer\nopaque \\f\nf \\f/x 644 0:0 x\nwant 0 \\f/.git layer",
    "f srv/\\w.git/HEAD 644 0:0 x\nd srv/\\w.git/objects 755 0:0\nd srv/\\w.git/refs 755 0:0\n"
    "f srv/\\w.git/config 644 0:0 x\nwant 0 srv/\\w.git repository",
};
static const char *const repositories_decoys[] = {
    "f \\f/.gitignore 644 0:0 x\nleave 0 \\f/.gitignore",
    "f \\f/.github/workflows/a.yml 644 0:0 x\nleave 0 \\f/.github",
    "f \\f/.git 644 0:0 gitdir: ../x\nleave 0 \\f/.git",
    "d \\f/.git 755 0:0\nleave 0 \\f/.git",
    "f \\f/.gitkeep 644 0:0 x\nleave 0 \\f/.gitkeep",
    "f usr/share/git/HEAD 644 0:0 x\nleave 0 usr/share/git",
    "f srv/x.git/README 644 0:0 x\nleave 0 srv/x.git",
};

static const char *const ports[] = {
    "port 22/tcp\nwant - ExposedPorts SSH",  "port 22\nwant - ExposedPorts SSH",
    "port 23/tcp\nwant - ExposedPorts 23",   "port 513/tcp\nwant - ExposedPorts 513",
    "port 514/tcp\nwant - ExposedPorts 514", "port 80/tcp\nport 3389/tcp\nwant - ExposedPorts 3389",
};
static const char *const ports_decoys[] = {
    "port 2222/tcp\nleave - ExposedPorts", "port 22/udp\nleave - ExposedPorts",
    "port 220/tcp\nleave - ExposedPorts",  "port 8022\nleave - ExposedPorts",
    "port 80/tcp\nleave - ExposedPorts",   "env PORT=22\nleave - ExposedPorts",
};
static const char *const volumes[] = {
    "volume /\nwant - Volumes volume",        "volume /etc\nwant - Volumes /etc",
    "volume /etc/\nwant - Volumes /etc",      "volume //etc//\nwant - Volumes /etc",
    "volume /etc/.\nwant - Volumes /etc",     "volume /var/../etc\nwant - Volumes /etc",
    "volume /proc\nwant - Volumes /proc",     "volume /usr/bin\nwant - Volumes /usr/bin",
    "volume /sys/\nwant - Volumes /sys",      "volume /usr/local/bin\nwant - Volumes bin",
    "volume /lib64\nwant - Volumes /lib64",   "volume /var/run/docker.sock\nwant - Volumes engine",
    "volume /usr/local\nwant - Volumes /usr", "volume /run/docker.sock\nwant - Volumes engine",
};
static const char *const volumes_decoys[] = {
    "volume /data\nleave - Volumes",
    "volume /var/lib/\\w\nleave - Volumes",
    "volume /etcetera\nleave - Volumes",
    "volume /opt/etc\nleave - Volumes",
    "volume /home/pat/bin\nleave - Volumes",
    "volume /var/log\nleave - Volumes",
    "volume /tmp\nleave - Volumes",
    "volume /etc/\\w/conf.d\nleave - Volumes",
    "volume /usr/share/nginx/html\nleave - Volumes",
};

static const char *const gone[] = {
    "entrypoint [\"/app\"]\nwant - Entrypoint does not start",
    "cmd [\"\\w\"]\nwant - Cmd does not start",
    PLANTED_APP "layer\ndel app\nwant - Entrypoint does not start",
    "f app 644 0:0 x\nentrypoint [\"/app\"]\nwant - Entrypoint does not start",
    "l app gone\nentrypoint [\"/app\"]\nwant - Entrypoint does not start",
    "d app 755 0:0\nentrypoint [\"/app\"]\nwant - Entrypoint does not start",
    "elf app 755 0:0 62 /lib64/ld-linux-x86-64.so.2\nentrypoint [\"/app\"]\nwant 0 app ld-linux",
    "elf app 755 0:0 62 /lib/ld-musl-x86_64.so.1\nl lib/ld-musl-x86_64.so.1 gone\n"
    "entrypoint [\"/app\"]\nwant 0 app ld-musl",
    "f run.sh 755 0:0 #!/bin/bash\\n\nentrypoint [\"/run.sh\"]\nwant 0 run.sh /bin/bash",
    "elf usr/bin/env 755 0:0 62\nf run.sh 755 0:0 #!/usr/bin/env node\\n\n"
    "entrypoint [\"/run.sh\"]\nwant 0 run.sh node",
};
static const char *const gone_decoys[] = {
    PLANTED_APP "leave - Entrypoint",
    "elf \\f/x 755 0:0 62\nworkdir /\\f\ncmd [\"./x\"]\nleave - Cmd",
    "elf \\f/x 755 0:0 62\nenv PATH=/\\f\ncmd [\"x\"]\nleave - Cmd",
    "l bin usr/bin\nelf usr/bin/x 755 0:0 62\ncmd [\"/bin/x\"]\nleave - Cmd",
    "l app usr/bin/x\nelf usr/bin/x 755 0:0 62\nentrypoint [\"/app\"]\nleave - Entrypoint",
    "elf app 755 0:0 62 /lib/ld.so\nl lib/ld.so ld-2.36.so\nelf lib/ld-2.36.so 755 0:0 62\n"
    "entrypoint [\"/app\"]\nleave 0 app",
    "elf usr/bin/env 755 0:0 62\nelf bin/sh 755 0:0 62\nf run.sh 755 0:0 #!/usr/bin/env sh\\n\n"
    "entrypoint [\"/run.sh\"]\nleave 0 run.sh",
};

static const char *const foreign[] = {
    "elf app 755 0:0 183\nentrypoint [\"/app\"]\nwant 0 app amd64",
    "arch arm64\nelf app 755 0:0 62\nentrypoint [\"/app\"]\nwant 0 app arm64",
    "elf bin/sh 755 0:0 183\nf run.sh 755 0:0 #!/bin/sh\\n\nentrypoint [\"/run.sh\"]\n"
    "want 0 bin/sh amd64",
    PLANTED_APP "elf usr/lib/x.so 755 0:0 183\nwant 0 usr/lib/x.so amd64",
};
static const char *const foreign_decoys[] = {
    PLANTED_APP "leave 0 app",
    "arch arm64\nelf app 755 0:0 183\nentrypoint [\"/app\"]\nleave 0 app",
    PLANTED_APP "elf srv/firmware.elf 644 0:0 243\nleave 0 srv/firmware.elf",
    "elf app 755 0:0 183\nentrypoint [\"/app\"]\nlayer\nelf app 755 0:0 62\nleave 1 app",
};

static const char *const left[] = {
    "f \\f/.svn/entries 644 0:0 x\nwant 0 \\f/.svn checkout",
    "f root/.aws/config 600 0:0 x\nwant 0 root/.aws cloud",
    "f home/pat/.kube/config 600 0:0 x\nwant 0 home/pat/.kube cloud",
    "f root/.ssh/authorized_keys 600 0:0 ssh-ed25519 A\nwant 0 root/.ssh/authorized_keys log in",
    "f root/.bash_history 600 0:0 ls\\n\nwant 0 root/.bash_history typed",
    "f \\f/terraform.tfstate 644 0:0 {}\nwant 0 \\f/terraform.tfstate Terraform",
    "f root/.gnupg/pubring.kbx 600 0:0 x\nwant 0 root/.gnupg key rings",
    "f \\f/.terraform/x 644 0:0 x\nwant 0 \\f/.terraform Terraform",
};
static const char *const left_decoys[] = {
    "d root/.aws 700 0:0\nleave 0 root/.aws",
    "f root/.bash_history 600 0:0 \nleave 0 root/.bash_history",
    "f root/.bash_history 600 0:0 ls\nlayer\ndel root/.bash_history\nleave 0 root/.bash_history",
    "f srv/node_modules/x/.svn/a 644 0:0 x\nleave 0 srv/node_modules/x/.svn",
    "f usr/share/doc/x/authorized_keys 644 0:0 x\nleave 0 usr/share/doc/x/authorized_keys",
    "f root/.bashrc 644 0:0 x\nf etc/skel/.profile 644 0:0 x\nleave 0 root/.bashrc",
    "f srv/aws/config 644 0:0 x\nleave 0 srv/aws",
    "f \\f/main.tf 644 0:0 x\nleave 0 \\f/main.tf",
};

static const char *const caches_left[] = {
    "big var/lib/apt/lists/a_Packages 2000000\nwant 0 var/lib/apt/lists apt",
    "big var/cache/apt/archives/a.deb 2000000\nwant 0 var/cache/apt apt",
    "big var/cache/apk/APKINDEX 2000000\nwant 0 var/cache/apk apk",
    "big var/cache/dnf/a/b 2000000\nwant 0 var/cache/dnf dnf",
    "big root/.cache/pip/http/a 2000000\nwant 0 root/.cache/pip pip",
    "big home/\\w/.npm/_cacache/a 2000000\nwant 0 home/\\w/.npm npm",
    "big root/.cache/go-build/a 2000000\nwant 0 root/.cache/go-build go",
    "big root/.cargo/registry/a 2000000\nwant 0 root/.cargo/registry cargo",
    "big go/pkg/mod/cache/a 2000000\nwant 0 go/pkg/mod/cache go",
    "big usr/local/cargo/registry/a 2000000\nwant 0 usr/local/cargo/registry cargo",
    "big root/.gradle/caches/a 2000000\nwant 0 root/.gradle/caches gradle",
    "big root/.m2/repository/a.jar 2000000\nwant 0 root/.m2/repository maven",
    "big var/lib/apt/lists/a_Packages 2000000\nlayer\ndel var/lib/apt/lists/a_Packages\n"
    "want 0 var/lib/apt/lists/a_Packages pulled all the same",
};
static const char *const caches_decoys[] = {
    "big var/lib/apt/lists/lock 0\nleave 0 var/lib/apt/lists",
    "d var/lib/apt/lists 755 0:0\nd var/lib/apt/lists/partial 700 0:0\nleave 0 var/lib/apt/lists",
    "big var/lib/apt/lists/x 5000\nleave 0 var/lib/apt/lists",
    "big var/lib/apt/lists-old/x 2000000\nleave 0 var/lib/apt/lists-old",
    "big var/cache/nginx/x 2000000\nleave 0 var/cache/nginx",
    "big srv/.cache/x 2000000\nleave 0 srv/.cache",
    "big root/.config/pip/x 2000000\nleave 0 root/.config/pip",
    "by RUN --mount=type=cache,target=/var/cache/apt apt-get install -y x # buildkit\n"
    "d var/cache/apt 755 0:0\nleave 0 var/cache/apt",
};

#define PLANTED_IGNORE "policy ignores:\\n  - rule: CIS-4.8\\n    reason: x\\n    expires: "
static const char *const expired[] = {
    PLANTED_IGNORE "2020-01-01\\n\nwant - policy:2 ended on",
    PLANTED_IGNORE "\\T1\\n\nwant - policy:2 ended on",
};
static const char *const expired_decoys[] = {
    PLANTED_IGNORE "2099-12-31\\n\nleave - policy:2",
    "policy ignores:\\n  - rule: CIS-4.8\\n    reason: x\\n\nleave - policy:2",
};

#define PLANTED_BOTH(what, rule, bad)                                                              \
    PLOT_CASES(what, rule, bad);                                                                   \
    PLOT_CASES(what, rule, bad##_decoys)

static void plant_contents(void)
{
    PLANTED_BOTH("programs for an intruder", "CIS-4.3", tools);
    PLANTED_BOTH("files of packages", "CIS-4.11", changed);
    PLANTED_BOTH("repositories", "SHUCK-GIT", repositories);
    PLANTED_BOTH("ports", "SHUCK-LOGIN-PORT", ports);
    PLANTED_BOTH("volumes", "SHUCK-VOLUME", volumes);
    PLANTED_BOTH("programs that do not start", "SHUCK-PROGRAM-MISSING", gone);
    PLANTED_BOTH("programs of other platforms", "SHUCK-PLATFORM", foreign);
    PLANTED_BOTH("leftovers", "SHUCK-LEFTOVERS", left);
    PLOT_CASES("caches", "SHUCK-CACHES", caches_left);
    PLOT_CASES("caches", "SHUCK-CACHES", caches_decoys);
    PLANTED_BOTH("ignores", "SHUCK-IGNORE-EXPIRED", expired);
}

#endif
