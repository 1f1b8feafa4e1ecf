/* plant_health: health checks that can run and that cannot → CIS 4.6. */
#ifndef PLANTED_PLANT_HEALTH_H
#define PLANTED_PLANT_HEALTH_H

#include "planted/plant_users.h"

#define PLANTED_SH       PLANTED_APP "elf bin/sh 755 0:0 62\n"
#define PLANTED_SICK     "want - Healthcheck "
#define PLANTED_WELL     "leave - Healthcheck\n"
#define PLANTED_SHELL(x) "health [\"CMD-SHELL\",\"" x "\"]\n"

static const char *const sick[] = {
    PLANTED_APP PLANTED_SICK "not set",
    PLANTED_APP "health {\"Interval\":30000000000}\n" PLANTED_SICK "not set",
    PLANTED_APP "health []\n" PLANTED_SICK "not set",
    PLANTED_APP "health [\"NONE\"]\n" PLANTED_SICK "NONE",
    PLANTED_APP "label health=HEALTHCHECK CMD /app\n" PLANTED_SICK "not set",
    PLANTED_APP "meta HEALTHCHECK &{[\"CMD\" \"/app\"]}\nby COPY app / # buildkit\n" PLANTED_SICK
                "not set",
    PLANTED_APP "health [\"CMD\",\"curl\",\"-f\",\"http://localhost/\"]\n" PLANTED_SICK "curl",
    PLANTED_APP "health [\"CMD\",\"/usr/bin/\\w\"]\n" PLANTED_SICK "\\w",
    PLANTED_APP "health [\"CMD\",\"/\\f\"]\nd \\f 755 0:0\n" PLANTED_SICK "not in the image",
    PLANTED_APP "health [\"CMD\",\"check\"]\nelf \\f/check 755 0:0 62\n" PLANTED_SICK "check",
    PLANTED_APP "health [\"CMD\",\"./check\"]\nelf \\f/check 755 0:0 62\n" PLANTED_SICK "check",
    PLANTED_APP "health [\"CMD\",\"check\"]\nf usr/bin/check 644 0:0 x\n" PLANTED_SICK "check",
    PLANTED_APP "health [\"CMD\",\"check\"]\nl usr/bin/check /opt/gone\n" PLANTED_SICK "check",
    PLANTED_APP "health [\"CMD\",\"check\"]\nl usr/bin/check check\n" PLANTED_SICK "check",
    PLANTED_APP "health [\"CMD\",\"check\"]\nelf usr/bin/check 755 0:0 62\nlayer\n"
                "del usr/bin/check\n" PLANTED_SICK "check",
    PLANTED_APP "health [\"CMD\",\"check\"]\nelf usr/bin/check 755 0:0 62\nlayer\n"
                "opaque usr/bin\nf usr/bin/x 755 0:0 x\n" PLANTED_SICK "check",
    PLANTED_APP "health [\"CMD\",\"check\"]\nelf usr/bin/check 755 0:0 62\nlayer\n"
                "f usr/bin/check 644 0:0 x\n" PLANTED_SICK "check",
    PLANTED_APP
    "health [\"CMD\",\"check\"]\nenv PATH=/opt/bin\nelf usr/bin/check 755 0:0 62\n" PLANTED_SICK
    "check",
    PLANTED_APP "health [\"CMD\",\"/check\"]\nelf check 700 0:0 62\nuser \\u\n" PLANTED_SICK
                "may not",
    PLANTED_APP "health [\"CMD\",\"/\\f/check\"]\nd \\f 700 0:0\nelf \\f/check 755 0:0 62\nuser "
                "\\u\n" PLANTED_SICK "may not",
    PLANTED_APP "health [\"CMD\",\"/check\"]\nelf check 754 0:0 62\nuser \\u:\\u\n" PLANTED_SICK
                "may not",
    PLANTED_APP
    "health [\"CMD\",\"/check.sh\"]\nf check.sh 755 0:0 #!/bin/bash\\nexit 0\\n\n" PLANTED_SICK
    "/bin/bash",
    PLANTED_APP
    "health [\"CMD\",\"/check.py\"]\nf check.py 755 0:0 #!/usr/bin/python3\\n\n" PLANTED_SICK
    "python3",
    PLANTED_APP
    "health [\"CMD\",\"/check\"]\nelf check 755 0:0 62 /lib64/ld-linux-x86-64.so.2\n" PLANTED_SICK
    "ld-linux",
    PLANTED_APP PLANTED_SHELL("/app --check") PLANTED_SICK "/bin/sh",
    PLANTED_APP PLANTED_SHELL("exit 0") PLANTED_SICK "/bin/sh",
    PLANTED_APP PLANTED_SHELL("curl -f http://localhost/ || exit 1") PLANTED_SICK "/bin/sh",
    PLANTED_SH "shell [\"/bin/bash\",\"-c\"]\n" PLANTED_SHELL("/app") PLANTED_SICK "/bin/bash",
    PLANTED_SH PLANTED_SHELL("curl -f http://localhost/ || exit 1") PLANTED_SICK "curl",
    PLANTED_SH PLANTED_SHELL("wget -qO- http://localhost/ >/dev/null") PLANTED_SICK "wget",
    PLANTED_SH PLANTED_SHELL("test -f /ready && nc -z localhost 80") PLANTED_SICK "nc",
    PLANTED_SH PLANTED_SHELL("if ! pgrep \\w; then exit 1; fi") PLANTED_SICK "pgrep",
    PLANTED_SH PLANTED_SHELL("/check.sh || exit 1") PLANTED_SICK "/check.sh",
    PLANTED_SH PLANTED_SHELL("[ \\\"$(curl -s localhost)\\\" = ok ]") PLANTED_SICK "curl",
    PLANTED_SH PLANTED_SHELL("timeout 5 /app check") PLANTED_SICK "timeout",
    PLANTED_SH PLANTED_SHELL("/app dump | grep -q ok") PLANTED_SICK "grep",
    PLANTED_SH PLANTED_SHELL("PGUSER=x pg_isready -q") PLANTED_SICK "pg_isready",
    PLANTED_SH PLANTED_SHELL("exec redis-cli ping") PLANTED_SICK "redis-cli",
    PLANTED_APP "health [\"curl\",\"-f\",\"http://localhost/\"]\n" PLANTED_SICK "no health check",
    PLANTED_APP "health [\"SHELL\",\"/app\"]\n" PLANTED_SICK "no health check",
};

static const char *const well[] = {
    PLANTED_APP "health [\"CMD\",\"/app\",\"--check\"]\n" PLANTED_WELL,
    PLANTED_APP "health [\"CMD\",\"app\"]\nenv PATH=/\n" PLANTED_WELL,
    PLANTED_APP "health [\"CMD\",\"check\"]\nelf usr/bin/check 755 0:0 62\n" PLANTED_WELL,
    PLANTED_APP
    "health [\"CMD\",\"check\"]\nelf usr/local/sbin/check 111 0:0 62\nuser \\u\n" PLANTED_WELL,
    PLANTED_APP
    "health [\"CMD\",\"check\"]\nenv PATH=/opt/bin:/\\f\nelf \\f/check 755 0:0 62\n" PLANTED_WELL,
    PLANTED_APP
    "health [\"CMD\",\"./check\"]\nworkdir /\\f\nelf \\f/check 755 0:0 62\n" PLANTED_WELL,
    PLANTED_APP
    "health [\"CMD\",\"check\"]\nl bin usr/bin\nelf usr/bin/check 755 0:0 62\n" PLANTED_WELL,
    PLANTED_APP
    "health [\"CMD\",\"/bin/check\"]\nl bin usr/bin\nelf usr/bin/check 755 0:0 62\n" PLANTED_WELL,
    PLANTED_APP "health [\"CMD\",\"check\"]\nl usr/bin/check ../../\\f/real\n"
                "elf \\f/real 755 0:0 62\n" PLANTED_WELL,
    PLANTED_APP "health [\"CMD\",\"check\"]\nl usr/bin/check /etc/alternatives/check\n"
                "l etc/alternatives/check /app\n" PLANTED_WELL,
    PLANTED_APP "health [\"CMD\",\"check\"]\nh usr/bin/check app\n" PLANTED_WELL,
    PLANTED_APP "health [\"CMD\",\"check\"]\nf usr/bin/check 644 0:0 x\nlayer\n"
                "elf usr/bin/check 755 0:0 62\n" PLANTED_WELL,
    PLANTED_APP "health [\"CMD\",\"check\"]\nelf usr/bin/check 755 0:0 62\nlayer\nopaque usr\n"
                "elf usr/bin/check 755 0:0 62\n" PLANTED_WELL,
    PLANTED_APP "health [\"CMD\",\"/check\"]\nelf check 750 0:\\u 62\nuser 5678:\\u\n" PLANTED_WELL,
    PLANTED_APP "health [\"CMD\",\"/check\"]\nelf check 700 \\u:0 62\nuser \\u\n" PLANTED_WELL,
    PLANTED_SH
    "health [\"CMD\",\"/check.sh\"]\nf check.sh 755 0:0 #!/bin/sh\\nexit 0\\n\n" PLANTED_WELL,
    PLANTED_SH "health [\"CMD\",\"/bin/sh\",\"-c\",\"/app\"]\n" PLANTED_WELL,
    PLANTED_APP "health [\"CMD\",\"/check\"]\nelf check 755 0:0 62 /lib/ld-musl-x86_64.so.1\n"
                "elf lib/ld-musl-x86_64.so.1 755 0:0 62\n" PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("/app --check || exit 1") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("exit 0") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("test -f /ready") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("[ -f /ready ] && [ -f /alive ]") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("kill -0 1") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("echo curl -f http://localhost/") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("/app check # curl would do, too") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("ok() { /app check; }; ok || exit 1") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("$APP_BIN check") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("command -v curl || /app check") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("type curl >/dev/null || exit 0") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("exec /app --check") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("cd /tmp && /app check; unset X; shift; local y") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("for i in 1 2 3; do /app check && break; continue; done") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("case $1 in a) exit 1;; *) /app;; esac") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("while read l; do printf $l; done < /ready") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("X=$(/app dump); test $X = ok") PLANTED_WELL,
    PLANTED_SH PLANTED_SHELL("ulimit -n 10; getopts a b; let x=1; eval true") PLANTED_WELL,
    PLANTED_SH "l usr/bin/wget /bin/sh\n" PLANTED_SHELL("wget -q --spider localhost") PLANTED_WELL,
    PLANTED_SH "l bin/timeout sh\nl bin/nc sh\n" PLANTED_SHELL("timeout 5 nc -z localhost 80")
        PLANTED_WELL,
    PLANTED_APP
    "elf bin/bash 755 0:0 62\nshell [\"/bin/bash\",\"-ec\"]\n" PLANTED_SHELL("[[ -f /ready ]]")
        PLANTED_WELL,
    PLANTED_SH "l lib/x /bin\n" PLANTED_SHELL("\\\"/app\\\" 'check'") PLANTED_WELL,
};

static void plant_health(void)
{
    PLOT_CASES("health checks", "CIS-4.6", sick);
    PLOT_CASES("health checks", "CIS-4.6", well);
}

#endif
