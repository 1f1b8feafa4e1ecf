/* Every rule on small images, written as lib/ruletext.h has it: what it finds, and what it leaves
 * alone. */
#include "lib/ruletext.h"
#include "lib/tap.h"

static const struct rule_case {
    const char *rule;
    enum check_status status;
    const char *says; /* in some finding, or in the check's own evidence */
    const char *image;
} cases[] = {
    {"CIS-4.1", CHECK_FAIL, "not set: the program runs as root", APP},
    {"CIS-4.1", CHECK_FAIL, "\"root\" has uid 0", PASSWD APP "user root\n"},
    {"CIS-4.1", CHECK_FAIL, "\"0\" is root", APP "user 0\n"},
    {"CIS-4.1", CHECK_FAIL, "\"0:0\" is root", APP "user 0:0\n"},
    {"CIS-4.1", CHECK_FAIL, "\"root:root\" has uid 0",
     PASSWD "f etc/group 644 0:0 root:x:0:\\n\n" APP "user root:root\n"},
    {"CIS-4.1", CHECK_FAIL, "\"toor\" has uid 0",
     "f etc/passwd 644 0:0 toor:x:0:0::/:/bin/sh\\n\n" APP "user toor\n"},
    {"CIS-4.1", CHECK_FAIL, "\"nobody\" is not in the image's", PASSWD APP "user nobody\n"},
    {"CIS-4.1", CHECK_FAIL, "Kubernetes cannot verify runAsNonRoot", PASSWD APP "user web\n"},
    {"CIS-4.1", CHECK_FAIL, "an arbitrary uid with group 0 cannot run",
     "elf app 700 5678:5678 62\nentrypoint [\"/app\"]\nuser 5678\n"},
    {"CIS-4.1", CHECK_FAIL, "an arbitrary uid with group 0 cannot run",
     "d srv 700\nelf srv/app 755 0:0 62\nentrypoint [\"/srv/app\"]\nuser 5678\n"},
    {"CIS-4.1", CHECK_PASS, "runs as uid 5678", APP "user 5678\n"},
    {"CIS-4.1", CHECK_PASS, "uid 5678, gid 0",
     "elf app 750 0:0 62\nentrypoint [\"/app\"]\nuser 5678:0\n"},

    {"CIS-4.2", CHECK_FAIL, "is not among trusted-bases",
     "f etc/os-release 644 0:0 ID=alpine\\n\nbase docker.io/evil/alpine:3\ndigest sha256:1\n"
     "trusted docker.io/library/*\n"},
    {"CIS-4.2", CHECK_FAIL, "does not name its base",
     "f etc/os-release 644 0:0 ID=alpine\\n\ntrusted docker.io/library/*\n"},
    {"CIS-4.2", CHECK_FAIL, "is not pinned by digest",
     "f etc/os-release 644 0:0 ID=alpine\\n\nbase docker.io/library/alpine:3\n"},
    {"CIS-4.2", CHECK_FAIL, "distribution (Debian 12)",
     "f bin/sh 755 0:0 x\nf usr/bin/dpkg 755 0:0 x\nf etc/os-release 644 0:0 "
     "ID=debian\\nPRETTY_NAME=\"Debian 12\"\\n\n"},
    {"CIS-4.2", CHECK_PASS, "trusted and pinned",
     "f etc/os-release 644 0:0 ID=alpine\\n\nbase docker.io/library/alpine:3\ndigest sha256:1\n"
     "trusted docker.io/library/*\n"},
    {"CIS-4.2", CHECK_SKIPPED, "fixes until 2035-05-31",
     "f etc/os-release 644 0:0 ID=rhel\\nVERSION_ID=10.1\\n\n"},
    {"CIS-4.2", CHECK_NOTED, "this release is unknown to the table of",
     "f etc/os-release 644 0:0 ID=alpine\\nVERSION_ID=3.99.0\\n\n"},
    {"CIS-4.2", CHECK_SKIPPED, "a rolling release", "f etc/os-release 644 0:0 ID=wolfi\\n\n"},
    {"CIS-4.2", CHECK_PASS, "scratch", APP},
    {"CIS-4.2", CHECK_SKIPPED, "names no base", "f etc/os-release 644 0:0 ID=alpine\\n\n"},

    {"CIS-4.3", CHECK_FAIL, "shells: busybox, sh",
     "f bin/busybox 755 0:0 x\nl bin/sh busybox\nl bin/nothing gone\n"},
    {"CIS-4.3", CHECK_FAIL, "downloaders: wget",
     "f bin/busybox 755 0:0 x\nh usr/bin/wget bin/busybox\n"},
    {"CIS-4.3", CHECK_FAIL, "package managers: apk", "f sbin/apk 755 0:0 x\n"},
    {"CIS-4.3", CHECK_FAIL, "interpreters: python3.11", "f usr/bin/python3.11 755 0:0 x\n"},
    {"CIS-4.3", CHECK_FAIL, "debuggers: x86_64-linux-gnu-gcc-12",
     "f usr/bin/x86_64-linux-gnu-gcc-12 755 0:0 x\n"},
    {"CIS-4.3", CHECK_FAIL, "network tools: nc", "f opt/tools/nc 755 0:0 x\nenv PATH=/opt/tools\n"},
    {"CIS-4.3", CHECK_PASS, "no shell", "f opt/tools/nc 755 0:0 x\nf usr/bin/bash 644 0:0 x\n"},
    {"CIS-4.3", CHECK_PASS, "no shell",
     "f usr/share/bash-completion/curl 755 0:0 x\nl bin/sh gone\nlayer\nf usr/bin/shuf 755 0:0 "
     "x\n"},
    {"CIS-4.3", CHECK_PASS, "no shell",
     "f usr/bin/perl 755 0:0 x\nlayer\nf usr/bin/.wh.perl 644 0:0 x\n"},
    {"CIS-4.3", CHECK_FAIL, "interpreters: awk",
     "f bin/busybox 755 0:0 x\nl bin/sh busybox\nl bin/awk busybox\nentrypoint [\"/bin/sh\"]\n"},
    {"CIS-4.3", CHECK_PASS, "no shell",
     "f usr/bin/node 755 0:0 x\nentrypoint [\"node\",\"x.js\"]\nenv PATH=/usr/bin\n"},

    {"CIS-4.3", CHECK_NOTED, "not needed by /app, as far as files tell: 1 of 2 packages, 5 B of",
     APP APK(
         "P:app\\nV:1\\nF:\\nR:app\\n\\nP:zoo\\nV:1\\nF:usr/share\\nR:zoo\\n\\n") "f usr/share/zoo "
                                                                                  "644 0:0 "
                                                                                  "12345\n"},
    {"CIS-4.3", CHECK_PASS, "each of 2 packages holds a file that the program needs",
     "elf usr/bin/python3.11 755 0:0 62\nentrypoint [\"python3.11\"]\n" APK(
         "P:python3\\nV:1\\nF:usr/bin\\nR:python3.11\\n\\n"
         "P:six\\nV:1\\nF:usr/lib/python3/dist-packages\\nR:six.py\\n\\n") "f "
                                                                           "usr/lib/python3/"
                                                                           "dist-packages/six.py "
                                                                           "644 0:0 12345\n"},
    {"CIS-4.3", CHECK_PASS, "cannot be told without a program",
     APK("P:zoo\\nV:1\\nF:usr/share\\nR:zoo\\n\\n") "f usr/share/zoo 644 0:0 12345\n"},

    {"CIS-4.4", CHECK_SKIPPED, "no packages are recorded", APP},
    {"CIS-4.4", CHECK_FAIL, "made on 1999-06-30, more than half a year ago",
     APP "made 1999-06-30T00:00:00Z\n" APK("P:app\\nV:1\\nF:\\nR:app\\n\\n")},
    {"CIS-4.5", CHECK_SKIPPED, "no signature lies beside the image", APP},

    {"CIS-4.6", CHECK_FAIL, "not set", APP},
    {"CIS-4.6", CHECK_FAIL, "switched off", APP "health [\"NONE\"]\n"},
    {"CIS-4.6", CHECK_FAIL, "\"curl\", which is not in the image",
     APP "f bin/sh 755 0:0 x\nhealth [\"CMD-SHELL\",\"curl -f http://localhost/ || exit 1\"]\n"},
    {"CIS-4.6", CHECK_FAIL, "\"/bin/sh\", which is not in the image",
     APP "health [\"CMD-SHELL\",\"/app --check\"]\n"},
    {"CIS-4.6", CHECK_FAIL, "which uid 5678 may not execute",
     "elf app 700 0:0 62\nuser 5678\nhealth [\"CMD\",\"/app\"]\n"},
    {"CIS-4.6", CHECK_FAIL, "no health check that a runtime knows", APP "health [\"RUN\",\"x\"]\n"},
    {"CIS-4.6", CHECK_PASS, "runs /app", APP "health [\"CMD\",\"/app\",\"--check\"]\n"},
    {"CIS-4.6", CHECK_PASS, "runs test -f",
     APP "f bin/sh 755 0:0 x\nhealth [\"CMD-SHELL\",\"test -f /ready || exit 1\"]\n"},

    {"CIS-4.7", CHECK_FAIL, "\"apt-get -qq update\"",
     "history RUN /bin/sh -c apt-get -qq update # buildkit\n"
     "history RUN /bin/sh -c apt-get install -y nginx # buildkit\n"},
    {"CIS-4.7", CHECK_FAIL, "apk update", "history /bin/sh -c apk update\n"},
    {"CIS-4.7", CHECK_PASS, "no RUN",
     "history RUN |1 A=b /bin/sh -c apt-get update && apt-get -y install x # buildkit\n"
     "history RUN /bin/sh -c apt-get update; DEBIAN_FRONTEND=x sudo apt install x # buildkit\n"
     "history RUN /bin/sh -c echo apt-get update # buildkit\n"},
    {"CIS-4.7", CHECK_PASS, "no RUN",
     "history RUN --mount=type=cache,target=/var/lib/apt/lists /bin/sh -c apt-get update && "
     "apt-get "
     "install -y x # buildkit\n"
     "history RUN /bin/sh -c find / -name apt-get -o -name update -delete # buildkit\n"
     "history RUN /bin/sh -c apt-get update\\napt-get install -y x # buildkit\n"
     "history RUN /bin/sh -c if true; then apk update && apk add x; fi # buildkit\n"
     "history RUN /bin/sh -c apk add --update --no-cache x && dnf update -y # buildkit\n"
     "history RUN /bin/sh -c git submodule update; npm update; pip install apt # buildkit\n"},
    {"CIS-4.7", CHECK_FAIL, "apt-get update",
     "history RUN --mount=type=cache,target=/x /bin/sh -c apt-get update # buildkit\n"},
    {"CIS-4.6", CHECK_FAIL, "needs /bin/bash",
     APP "f c.sh 755 0:0 #!/bin/bash\\n\nhealth [\"CMD\",\"/c.sh\"]\n"},
    {"CIS-4.6", CHECK_FAIL, "needs bash, which",
     APP "f usr/bin/env 755 0:0 x\nf c.sh 755 0:0 #!/usr/bin/env bash\\n\n"
         "health [\"CMD\",\"/c.sh\"]\n"},
    {"CIS-4.6", CHECK_FAIL, "\"timeout\", which is not in the image",
     APP "f bin/sh 755 0:0 x\nhealth [\"CMD-SHELL\",\"timeout 5 /app\"]\n"},
    {"CIS-4.6", CHECK_PASS, "runs ok() {",
     APP "f bin/sh 755 0:0 x\nhealth [\"CMD-SHELL\",\"ok() { command -v curl || type x; }; ok || "
         "/app; ulimit -n 5\"]\n"},

    {"CIS-4.9", CHECK_FAIL, "ADD my app.py where COPY does",
     "history ADD [\"my app.py\", \"/srv/\"]\n"},

    {"SHUCK-VOLUME", CHECK_FAIL, "/etc is a volume", "volume //var/../etc/.\n"},
    {"SHUCK-GIT", CHECK_FAIL, "a whole repository",
     "f srv/a.git/HEAD 644 0:0 x\nd srv/a.git/objects 755\nd srv/a.git/refs 755\n"},
    {"SHUCK-CACHES", CHECK_FAIL, "go's cache", "big go/pkg/mod/cache/a 2000000\n"},
    {"SHUCK-PROGRAM-MISSING", CHECK_FAIL, "needs node",
     "f usr/bin/env 755 0:0 x\nf run 755 0:0 #!/usr/bin/env node\\n\ncmd [\"/run\"]\n"},
    {"SHUCK-WORLD-WRITABLE", CHECK_FAIL, "folder, mode 0777", "d a 755\nlayer\nd a 777\n"},

    {"CIS-4.7", CHECK_FAIL, "pacman -Sy", "history RUN pacman -Sy --noconfirm\n"},
    {"CIS-4.7", CHECK_FAIL, "import-keys ref", "history RUN zypper --gpg-auto-import-keys ref\n"},
    {"CIS-4.7", CHECK_FAIL, "microdnf makecache", "history RUN microdnf makecache\n"},
    {"CIS-4.7", CHECK_FAIL, "apt-get update",
     "history RUN apt-get install -y gpg && cp x.list /etc/apt/sources.list.d/ && apt-get "
     "update\n"},
    {"CIS-4.7", CHECK_PASS, "no RUN",
     "history RUN get() { apt-get install -y $1; }; apt-get update; get x\n"
     "history RUN apt-get update && /tmp/setup.sh\nhistory RUN apt-get update && sh -x /tmp/i\n"
     "history RUN apt-get update && eval apt-get install -y $PACKAGES\n"
     "history RUN apt-get update && mk-build-deps -i\nhistory RUN pacman -Sy nginx\n"
     "history RUN apt-get install -y update\nhistory RUN pacman -Syu\n"},
    {"CIS-4.7", CHECK_SKIPPED, "no history", APP},

    {"CIS-4.8", CHECK_FAIL, "setuid root, mode 4755, no package; uid 5678 may run it",
     "f bin/su 4755 0:0 x\nuser 5678\n"},
    {"CIS-4.8", CHECK_FAIL, "uid 5678 may not run it", "f bin/su 4750 0:0 x\nuser 5678:1\n"},
    {"CIS-4.8", CHECK_FAIL, "setuid uid 33", "f bin/man 4755 33:0 x\n"},
    {"CIS-4.8", CHECK_FAIL, "setgid gid 42", "f bin/chage 2755 0:42 x\n"},
    {"CIS-4.8", CHECK_FAIL, "cap_net_raw", "cap bin/ping\n"},
    {"CIS-4.8", CHECK_PASS, "none with setuid",
     "d var/mail 2775\nf etc/x 4644 0:0 x\nf bin/su 4755 0:0 x\nlayer\nf bin/su 755 0:0 x\n"},

    {"CIS-4.9", CHECK_FAIL, "ADD config.yml where COPY does",
     "history ADD rootfs.tar.xz / # buildkit\nhistory ADD --chown=1:1 config.yml /etc/ # "
     "buildkit\n"},
    {"CIS-4.9", CHECK_FAIL, "ADD of one file, /app/x, where COPY does",
     "f etc/x 644 0:0 x\nlayer\nf app/x 644 0:0 x\n"
     "history /bin/sh -c #(nop) ADD file:0b1a in / \n"
     "history /bin/sh -c #(nop) ADD file:77c2 in /app \n"},
    {"CIS-4.9", CHECK_FAIL, "ADD of a folder to /app",
     "history COPY a b # buildkit\nhistory /bin/sh -c #(nop) ADD dir:77c2 in /app \n"},
    {"CIS-4.9", CHECK_FAIL, "ADD b.conf where", "history ADD a.tgz b.conf /x/ # buildkit\n"},
    {"CIS-4.9", CHECK_FAIL, "a repository without a commit",
     "history ADD https://example.org/a.git#main /o # buildkit\n"},
    {"CIS-4.9", CHECK_PASS, "none with",
     "history ADD --link rootfs.tar / # buildkit\n"
     "history ADD git@example.org:a/b.git#0123456789012345678901234567890123456789 /o\n"
     "history ADD --keep-git-dir=true "
     "https://example.org/a.git#0123456789012345678901234567890123456789:sub /o # buildkit\n"
     "history RUN /bin/sh -c echo ADD x y # buildkit\n"},
    {"CIS-4.9", CHECK_NOTED, "history does not tell",
     "history /bin/sh -c #(nop) ADD file:0b1a in / \n"
     "history /bin/sh -c #(nop) ADD file:77c2 in /app \n"},
    {"CIS-4.9", CHECK_FAIL, "without --checksum", "history ADD https://example.org/a.tar.gz /o\n"},
    {"CIS-4.9", CHECK_PASS, "none with an ADD",
     "empty LABEL a=b\nhistory /bin/sh -c #(nop) ADD file:0b1a in / \n"
     "history ADD app.tar.gz /app # buildkit\nhistory COPY a b # buildkit\n"
     "history ADD --checksum=sha256:1 https://example.org/a /o # buildkit\n"},
    {"CIS-4.9", CHECK_SKIPPED, "no history", APP},

    {"CIS-4.10", CHECK_FAIL, "a literal value in DB_PASSWORD: hunt…",
     "env DB_PASSWORD=hunter2hunter2\n"},
    {"CIS-4.10", CHECK_FAIL, "AWS access key id in KEY: AKIA…", "env KEY=AKIAIOSFODNN7ABCDEFG\n"},
    {"CIS-4.10", CHECK_FAIL, "a literal value in api.token", "label api.token=abcdefgh12345\n"},
    {"CIS-4.10", CHECK_FAIL, "a literal value for NPM_TOKEN",
     "history RUN |1 NPM_TOKEN=abcdefgh12345 /bin/sh -c npm ci # buildkit\n"},
    {"CIS-4.10", CHECK_FAIL,
     "private key: ", "history RUN /bin/sh -c echo '-----BEGIN RSA PRIVATE KEY-----\n"},
    {"CIS-4.10", CHECK_FAIL, "private key in line 2",
     "f root/.ssh/id_rsa 600 0:0 my key:\\n" PRIVATE_KEY "\n"},
    {"CIS-4.10", CHECK_PASS, "none in config",
     "f root/.ssh/id_rsa 600 0:0 -----BEGIN PRIVATE KEY-----\\nyours\\n-----END PRIVATE "
     "KEY-----\n"},
    {"CIS-4.10", CHECK_FAIL, "SSH host key",
     "f etc/ssh/ssh_host_rsa_key 600 0:0 " PRIVATE_KEY "\n"},
    {"CIS-4.10", CHECK_FAIL, "token in npm's settings in line 1",
     "f root/.npmrc 600 0:0 //shop.org/:_authToken=8f14e45f-ea6b-4a27-9c3d-71b0d2c4e9a5\n"},
    {"CIS-4.10", CHECK_PASS, "none in config",
     "f root/.npmrc 600 0:0 //shop.org/:_authToken=${NPM_TOKEN}\n"},
    {"CIS-4.10", CHECK_FAIL, "layer 1 hides it",
     "f srv/any 600 0:0 " PRIVATE_KEY "\nlayer\nf srv/.wh.any 644 0:0\n"},
    {"CIS-4.10", CHECK_NOTED, "layer 1 hides it",
     "f root/.aws/credentials 600 0:0 x\nlayer\nf root/.wh..wh..opq 644 0:0\n"},
    {"CIS-4.10", CHECK_NOTED, "registry logins, 1 bytes, by its name",
     "f root/.dockercfg 600 0:0 x\n"},
    {"CIS-4.10", CHECK_NOTED, "GitHub token in line 2: ghp_…",
     "f go.sh 755 0:0 #!/bin/sh\\nT=ghp_0123456789abcdefghijABCDEFGHIJ012345\\n\n"},
    {"CIS-4.10", CHECK_PASS, "none in config",
     "env GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D\nenv KEYCLOAK_VERSION=24.0.1\n"
     "env POSTGRES_PASSWORD_FILE=/run/secrets/pg\nenv PWD=/srv/app\nenv MAX_TOKENS=4096\n"
     "env MYSQL_ALLOW_EMPTY_PASSWORD=yes\nenv SECRET_KEY=$KEY\nenv PUBLIC_KEY_TOKEN=abcdefgh\n"
     "f root/.ssh/id_rsa.pub 644 0:0 x\nf etc/ssl/certs/ca-certificates.pem 644 0:0 x\n"
     "f root/.ssh/id_dsa 600 0:0\nf usr/share/keys/nginx_signing.key 644 0:0 x\n"
     "f srv/settings.py 644 0:0 x\nf var/log/access.log 644 0:0 x\nf config.json 644 0:0 x\n"
     "history RUN /bin/sh -c apk add libcrypto3=3.1 # buildkit\n"},

    {"CIS-4.10", CHECK_PASS, "none in config",
     "cmd [\"nginx\",\"-g\",\"daemon off;\"]\nuser 5678:0\nport 8080/tcp\nvolume /var/lib/data\n"
     "entrypoint [\"/docker-entrypoint.sh\",\"--password-file\",\"/run/secrets/db\"]\n"
     "health [\"CMD-SHELL\",\"mysqladmin ping -p$MYSQL_ROOT_PASSWORD\"]\n"
     "set author \"Jane <jane@example.org>\"\nset config.Shell "
     "[\"/bin/bash\",\"-o\",\"pipefail\"]\n"
     "set config.OnBuild [\"ARG NPM_TOKEN\",\"RUN --mount=type=secret,id=token true\"]\n"
     "annotate org.opencontainers.image.revision "
     "6d3f0e2a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e\n"},

    {"CIS-4.11", CHECK_FAIL, "--allow-unauthenticated",
     "history RUN /bin/sh -c apt-get install --allow-unauthenticated x # buildkit\n"},
    {"CIS-4.11", CHECK_FAIL, "trusted=yes",
     "history /bin/sh -c echo \"deb [trusted=yes] http://x y z\" > /etc/apt/sources.list\n"},
    {"CIS-4.11", CHECK_FAIL, "--trusted-host",
     "history /bin/sh -c pip install --trusted-host=x y\n"},
    {"CIS-4.11", CHECK_FAIL, "strict-ssl=false", "history RUN npm config set strict-ssl false\n"},
    {"CIS-4.11", CHECK_FAIL, "AllowUnauthenticated=1",
     "history RUN apt-get -oAPT::Get::AllowUnauthenticated=1 install -y x\n"},
    {"CIS-4.11", CHECK_FAIL, "Trusted: yes",
     "history RUN printf 'Types: deb\\\\nTrusted: yes\\\\n' > /etc/apt/sources.list.d/x.sources\n"},
    {"CIS-4.11", CHECK_FAIL, "trusted=yes",
     "history RUN echo deb [trusted=yes] x y | sudo tee /etc/apt/sources.list.d/x.list\n"},
    {"CIS-4.11", CHECK_FAIL, "gpgcheck=0",
     "history RUN sed -i 's/gpgcheck=1/gpgcheck=0/' /etc/yum.repos.d/x.repo\n"},
    {"CIS-4.11", CHECK_FAIL, "PIP_TRUSTED_HOST", "history RUN PIP_TRUSTED_HOST=x pip install y\n"},
    {"CIS-4.11", CHECK_FAIL, "PIP_TRUSTED_HOST=x", "history RUN true\nenv PIP_TRUSTED_HOST=x\n"},
    {"CIS-4.11", CHECK_SKIPPED, "switches no check of packages off",
     "history RUN echo --allow-untrusted; grep gpgcheck=0 /etc/yum.conf; node x --trusted-host y\n"
     "history RUN sed -i 's/gpgcheck=0/gpgcheck=1/; /trusted=yes/d' /etc/yum.repos.d/x.repo\n"
     "history RUN echo trusted=yes > /usr/share/doc/x; test $A = trusted=yes\n"
     "history RUN printf 'gpgcheck=1\\\\nrepo_gpgcheck=0\\\\n' > /etc/yum.repos.d/x.repo\n"},
    {"CIS-4.11", CHECK_FAIL, "this program is not the one that package t 1 brought",
     "f bin/t 755 0:0 #!/bin/sh\\n\nf lib/apk/db/installed 644 0:0 "
     "P:t\\nV:1\\nF:bin\\nR:t\\nZ:Q1hvfkN/qlp/zhXR3cuerq6jd2Z7g=\\n\n"},
    {"CIS-4.11", CHECK_PASS, "1 file of packages compared",
     "history RUN true\nf bin/t 755 0:0 a\nf lib/apk/db/installed 644 0:0 "
     "P:t\\nV:1\\nF:bin\\nR:t\\nZ:Q1hvfkN/qlp/zhXR3cuerq6jd2Z7g=\\n\n"},
    {"CIS-4.11", CHECK_SKIPPED, "no package database has sums", "history /bin/sh -c apk add x\n"},

    {"CIS-4.11", CHECK_FAIL, "1 program of the base that no package owns: /usr/bin/odd",
     UNOWNED_BASE "layer\nelf usr/bin/mine 755 0:0 62\n" UNOWNED_HISTORY},

    {"CIS-4.12", CHECK_FAIL, "a download is run as it comes: curl -fsSL https://x.org/i | bash",
     "history RUN /bin/sh -c curl -fsSL https://x.org/i | sudo -E bash - # buildkit\n"},
    {"CIS-4.12", CHECK_FAIL, "nothing verifies",
     "history RUN /bin/sh -c wget -O a http://x.org/a\n"},
    {"CIS-4.12", CHECK_FAIL, "the server is not verified",
     "history RUN /bin/sh -c curl -k https://x.org/a -o a && sha256sum -c s\n"},
    {"CIS-4.12", CHECK_PASS, "1 RUN in history",
     "history RUN /bin/sh -c curl -fsSLo a https://x.org/a && echo '1  a' | sha256sum -c -\n"},
    {"CIS-4.12", CHECK_FAIL, "nothing verifies",
     "history RUN /bin/sh -c sha256sum -c sums && curl -fsSLo a https://x.org/a\n"},
    {"CIS-4.12", CHECK_FAIL, "nothing verifies", "history RUN /bin/sh -c curl -o a \"$URL\"\n"},
    {"CIS-4.12", CHECK_FAIL, "a key is taken as it comes",
     "history RUN /bin/sh -c curl -fsSL https://x.org/k | gpg --dearmor -o /etc/apt/k.gpg\n"},
    {"CIS-4.12", CHECK_FAIL, "is run as it comes: curl -s https://x.org/i, by bash",
     "history RUN /bin/sh -c bash <(curl -s https://x.org/i) # buildkit\n"},
    {"CIS-4.12", CHECK_FAIL, "is run as it comes: wget -qO- https://x.org/i, by sh",
     "history RUN /bin/sh -c sh -c \"$(wget -qO- https://x.org/i)\" # buildkit\n"},
    {"CIS-4.12", CHECK_FAIL, "is run as it comes: curl https://x.org/i | python3",
     "history RUN /bin/sh -c curl https://x.org/i | tee log | python3 - --yes # buildkit\n"},
    {"CIS-4.12", CHECK_FAIL, "the server is not verified",
     "history RUN /bin/sh -c curl -fsSLko a https://x.org/a && gpg --verify s a\n"},
    {"CIS-4.12", CHECK_FAIL, "NODE_TLS_REJECT_UNAUTHORIZED=0",
     "env NODE_TLS_REJECT_UNAUTHORIZED=0\nhistory RUN /bin/sh -c true\n"},
    {"CIS-4.12", CHECK_PASS, "none with a download",
     "history RUN /bin/sh -c V=$(curl -s https://x.org/latest | jq -r .tag); wget --spider "
     "https://x.org; curl -f http://localhost:80/ # buildkit\n"
     "history RUN /bin/sh -c wget -k -O a https://x.org/a && wget https://x.org/a.asc && gpg "
     "--batch --verify a.asc a # buildkit\n"
     "history RUN /bin/sh -c echo curl https://x.org/ | cat; apt-get install -y curl # buildkit\n"
     "history RUN /bin/sh -c curl -o a https://x.org/a; [ \"$(sha256sum a | cut -c1-64)\" = \"$S\" "
     "] # buildkit\n"},
    {"CIS-4.12", CHECK_FAIL, "nothing verifies",
     "history RUN curl -LO https://x.org/a && sha256sum a > a.sum\n"},
    {"CIS-4.12", CHECK_FAIL, "nothing verifies",
     "history RUN curl -LO https://x.org/a && openssl version && cosign version\n"},
    {"CIS-4.12", CHECK_FAIL, "nothing verifies", "history RUN wget x.org/a.tgz\n"},
    {"CIS-4.12", CHECK_FAIL, "is run as it comes",
     "history RUN curl -sL https://x.org/i | (cd /opt && sh)\n"},
    {"CIS-4.12", CHECK_FAIL, "nothing verifies",
     "history RUN curl -sL https://x.org/a | tar xz\nhistory RUN sha256sum -c sums\n"},
    {"CIS-4.12", CHECK_PASS, "none with a download",
     "history RUN curl -LO https://x.org/a\nempty WORKDIR /\nhistory RUN sha256sum -c sums\n"
     "history RUN check() { sha256sum -c s; }; curl -LO https://x.org/a; check\n"
     "history RUN curl -LO https://x.org/a; sha256sum a | grep -q $SUM\n"
     "history RUN curl -LO https://x.org/a; gh attestation verify a --owner x\n"
     "history RUN curl -f https://x.org/ > /dev/null; curl -f localhost:80/x.y\n"},
    {"CIS-4.12", CHECK_SKIPPED, "no RUN", "history COPY a b # buildkit\n"},

    {"SHUCK-CACHES", CHECK_NOTED, "120 kB of apt's package lists",
     "big var/lib/apt/lists/x_Packages 120000\n"},
    {"SHUCK-CACHES", CHECK_FAIL, "1.20 MB of pip's cache",
     "big home/me/.cache/pip/http/a 700000\nbig home/me/.cache/pip/http/b 500000\n"},
    {"SHUCK-CACHES", CHECK_FAIL, "which layer 1 removes",
     "big var/lib/apt/lists/x_Packages 1200000\nlayer\nf var/lib/apt/lists/.wh.x_Packages 644 "
     "0:0\n"},
    {"SHUCK-CACHES", CHECK_PASS, "none of",
     "f var/lib/apt/lists/lock 644 0:0 x\nbig var/cache/nginx/x 120000\nbig root/cache/pip/x "
     "120000\nl root/.npm /var\nbig root/.cachet 120000\n"},

    {"SHUCK-DUPLICATE-UID", CHECK_FAIL, "\"web\" is there twice",
     "f etc/passwd 644 0:0 web:x:1:0::/:\\nweb:x:2:1::/:\\n\n"},
    {"SHUCK-DUPLICATE-UID", CHECK_FAIL, "\"root\" and \"toor\" are both uid 0",
     "f etc/passwd 644 0:0 root:x:0:0::/:\\nweb:x:1:1::/:\\ntoor:x:0:0::/:\\n\n"},
    {"SHUCK-DUPLICATE-UID", CHECK_PASS, "2 accounts", PASSWD},

    {"SHUCK-EMPTY-PASSWORD", CHECK_FAIL, "account \"root\"",
     "f etc/passwd 644 0:0 root::0:0::/:\\n\n"},
    {"SHUCK-EMPTY-PASSWORD", CHECK_FAIL, "account \"root\"",
     PASSWD "f etc/shadow 600 0:0 root:::0:::::\\nweb:!::0:::::\\n\n"},
    {"SHUCK-EMPTY-PASSWORD", CHECK_PASS, "none without",
     PASSWD "f etc/shadow 600 0:0 root:*::0:::::\\nweb:!::0:::::\\n\n"},

    {"SHUCK-GIT", CHECK_FAIL, "a whole repository", "f src/.git/HEAD 644 0:0 x\n"},
    {"SHUCK-GIT", CHECK_FAIL, "layer 1 hides it",
     "f src/.git/HEAD 644 0:0 x\nlayer\nf src/.wh..git 644 0:0\n"},
    {"SHUCK-GIT", CHECK_PASS, "no .git folder", "f src/.gitignore 644 0:0 x\nd x/.git 755\n"},

    {"SHUCK-GROUP-WRITABLE", CHECK_FAIL, "2 programs that group 0 may change",
     "elf app 775 0:0 62\nf run.sh 770 5:0 #!/bin/sh\\n\n"},
    {"SHUCK-GROUP-WRITABLE", CHECK_PASS, "no program",
     "elf app 755 0:0 62\nelf tool 775 5:5 62\nf data 664 0:0 x\nd data2 775\n"},

    {"SHUCK-IGNORE-EXPIRED", CHECK_FAIL, "ended on 1999-12-31", "expires 1999-12-31\n"},
    {"SHUCK-IGNORE-EXPIRED", CHECK_PASS, "1 ignore, 1 with", "expires 2000-01-01\n"},

    {"SHUCK-LEFTOVERS", CHECK_FAIL, "settings of a cloud's tools; and 1 more",
     "f root/.aws/config 600 0:0 x\nf home/me/.kube/config 600 0:0 x\n"},
    {"SHUCK-LEFTOVERS", CHECK_FAIL, "may log in",
     "f root/.ssh/authorized_keys 600 0:0 ssh-rsa A\n"},
    {"SHUCK-LEFTOVERS", CHECK_FAIL, "typed by hand", "f root/.bash_history 600 0:0 ls\n"},
    {"SHUCK-LEFTOVERS", CHECK_NOTED, "how the image is built", "f app/Dockerfile 644 0:0 FROM x\n"},
    {"SHUCK-LEFTOVERS", CHECK_PASS, "nothing of the place",
     "d root/.aws 700\nf root/.ssh/authorized_keys 600 0:0\nf app/node_modules/a/Dockerfile 644 "
     "0:0 "
     "x\nf app/node_modules/a/.vscode/x 644 0:0 x\nf usr/share/doc/x/Dockerfile 644 0:0 x\n"
     "f app/Dockerfile.md 644 0:0 x\nf srv/my.aws/x 644 0:0 x\nl root/.kube /x\n"},

    {"SHUCK-LOGIN-PORT", CHECK_FAIL, "port 22/tcp, SSH", "port 22/tcp\n"},
    {"SHUCK-LOGIN-PORT", CHECK_FAIL, "port 23, Telnet", "port 23\n"},
    {"SHUCK-LOGIN-PORT", CHECK_PASS, "3 ports", "port 2222/tcp\nport 514/udp\nport 8022\n"},

    {"SHUCK-PLATFORM", CHECK_FAIL, "1 program not for amd64: /usr/lib/libx.so",
     APP "elf usr/lib/libx.so 755 0:0 183\n"},
    {"SHUCK-PLATFORM", CHECK_PASS, "/app is for amd64",
     APP "elf usr/lib/libx.so 755 0:0 3\nelf srv/prebuilds/arm64/x.node 755 0:0 183\n"
         "elf usr/lib/python3/dist-packages/x/arm.so 755 0:0 183\n"},
    {"SHUCK-PLATFORM", CHECK_FAIL, "a program for arm64, but the config says amd64",
     "elf app 755 0:0 183\nentrypoint [\"/app\"]\n"},
    {"SHUCK-PLATFORM", CHECK_FAIL, "a program for amd64, but the config says arm64",
     "arch arm64\nelf bin/sh 755 0:0 62\nf run 755 0:0 #!/bin/sh\\n\nentrypoint [\"/run\"]\n"},
    {"SHUCK-PLATFORM", CHECK_PASS, "/app is for amd64", APP},
    {"SHUCK-PLATFORM", CHECK_SKIPPED, "no program", ""},

    {"SHUCK-PROGRAM-MISSING", CHECK_FAIL, "\"server\" is not a file of the image",
     "cmd [\"server\"]\n"},
    {"SHUCK-PROGRAM-MISSING", CHECK_FAIL, "needs /bin/bash, which is not in the image",
     "f run 755 0:0 #!/bin/bash\\n\nentrypoint [\"/run\"]\n"},
    {"SHUCK-PROGRAM-MISSING", CHECK_PASS, "/app is there", APP},
    {"SHUCK-PROGRAM-MISSING", CHECK_SKIPPED, "neither Entrypoint nor Cmd", ""},

    {"SHUCK-VOLUME", CHECK_FAIL, "/etc is a volume", "volume /etc/\n"},
    {"SHUCK-VOLUME", CHECK_FAIL, "root on the host", "volume /var/run/docker.sock\n"},
    {"SHUCK-VOLUME", CHECK_PASS, "2 volumes", "volume /var/lib/mysql\nvolume /etc/nginx/conf.d\n"},

    {"SHUCK-WORLD-WRITABLE", CHECK_FAIL, "folder, mode 0777", "d data 777\n"},
    {"SHUCK-WORLD-WRITABLE", CHECK_FAIL, "program, mode 0777", "f app 777 0:0 x\n"},
    {"SHUCK-WORLD-WRITABLE", CHECK_FAIL, "file, mode 0666", "f app.conf 666 0:0 x\n"},
    {"SHUCK-WORLD-WRITABLE", CHECK_PASS, "no file", "d tmp 1777\nl x y\nf app 775 0:0 x\n"},
};

/* These wait for evidence that no image holds. */
static const char *const never_finds[] = {"CIS-4.5", NULL};
static const char *const never_passes[] = {"CIS-4.4", "CIS-4.5", NULL};

/* ---- the table ---- */

static void test_case(const struct rule_case *one, size_t number)
{
    struct arena a = {0};
    struct audited x;
    audit_text(&a, one->image, NULL, &x);
    const struct check *check = check_of(&x.report, one->rule);
    bool right = check && check->status == one->status && says(&x.report, check, one->says);
    if (!ok(right, "%s %s: %s (case %zu)", one->rule, check_status_name(one->status), one->says,
            number)) {
        printf("# got %s: " STR_F "\n", check ? check_status_name(check->status) : "nothing",
               STR_A(check ? check->evidence : STR("")));
        for (size_t i = 0; check && i < check->n; i++)
            printf("# " STR_F "\n", STR_A(x.report.findings.v[check->first + i].evidence));
    }
    audited_close(&x);
    arena_free(&a);
}

static bool in_list(const char *const *list, const char *id)
{
    for (; *list; list++)
        if (strcmp(*list, id) == 0)
            return true;
    return false;
}

/* A rule without a case that it finds and one that it leaves alone fails here. */
static void test_coverage(void)
{
    for (size_t i = 0; rules_all[i]; i++) {
        const char *id = rules_all[i]->info.id;
        bool found = in_list(never_finds, id), passed = in_list(never_passes, id);
        for (size_t j = 0; j < sizeof cases / sizeof *cases; j++) {
            if (strcmp(cases[j].rule, id) != 0)
                continue;
            found |= cases[j].status == CHECK_FAIL;
            passed |= cases[j].status == CHECK_PASS;
        }
        ok(found && passed, "%s has a case with a finding and one without", id);
    }
}

/* ---- the registry ---- */

static int cis_number(const char *cis)
{
    uint64_t n = 1000; /* ours come last */
    if (cis)
        str_u64(str_from(str_of(cis), 2), 10, &n);
    return (int)n;
}

static void test_registry(void)
{
    for (size_t i = 0; rules_all[i]; i++) {
        const struct rule_info *r = &rules_all[i]->info;
        ok(strlen(r->title) < 60 && r->title[strlen(r->title) - 1] != '.', "%s: title", r->id);
        ok(r->why && r->remedy && r->why[strlen(r->why) - 1] == '.' &&
               r->remedy[strlen(r->remedy) - 1] == '.',
           "%s: why and remedy are sentences", r->id);
        ok(rules_find(str_of(r->id)) == rules_all[i], "%s: found by id", r->id);
        if (r->cis)
            ok(rules_find(str_of(r->cis)) == rules_all[i], "%s: found as %s", r->id, r->cis);
        for (size_t k = 0; k < 6 && r->aliases[k]; k++)
            ok(rules_find(str_of(r->aliases[k])) == rules_all[i], "%s: found as %s", r->id,
               r->aliases[k]);
        if (!i)
            continue;
        const struct rule_info *before = &rules_all[i - 1]->info;
        int order = cis_number(before->cis) - cis_number(r->cis);
        ok(order < 0 || (order == 0 && strcmp(before->id, r->id) < 0), "%s: in its place", r->id);
    }
}

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        test_case(&cases[i], i);
    test_coverage();
    test_registry();
    fixture_end();
    return done_testing();
}
