#!/bin/bash
# What an intruder can do, tried for real: a fat image as root and as another user, a one-file image, a
# hostile one; by whoever runs this test, and when that is root, by an ordinary user too.
cd "$(dirname "$0")/.." || exit 1
. tests/lib/shell.sh
need_sandbox

# The program: ends at once; as a hostile shell it looks for a way to the report of the agent, and
# writes a mark of its own to whatever it can open.
cat >"$tmp/program.c" <<'C'
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
static void forge(int fd)
{
    static const char mark[] = {8 + 5, 0, 0, 0, 7, 1, 0, 0, 0, 0, 5, 0, 'f', 'o', 'r', 'g', 'e'};
    if (fd > 2 && write(fd, mark, sizeof mark) > 0)
        _exit(7);
}
int main(int argc, char **argv)
{
    char path[64];
    for (int fd = 3; fd < 64; fd++)
        forge(fd);
    for (int pid = 1; pid < 8; pid++)
        for (int fd = 3; fd < 16; fd++) {
            snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
            forge(open(path, O_WRONLY | O_NONBLOCK));
        }
    return 0;
}
C
gcc -Os -static -w -o "$tmp/program" "$tmp/program.c" || exit 1
busybox=$(command -v busybox) || { echo "1..0 # skip no busybox: tools/deps"; exit "${SHUCK_MUST:-0}"; }
loader=$(readlink -f /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1 2>/dev/null | head -n 1)

# root NAME: a folder with the program in it; tarred, so that every file is root's
root() { mkdir -p "$tmp/$1" && cp "$tmp/program" "$tmp/$1/web"; }
pack() { # ROOT NAME OPTIONS…
  tar -C "$tmp/$1" --sort=name --owner=0 --group=0 -cf "$tmp/$1.tar" . &&
    "$SHUCK" pack --quiet "$tmp/$1.tar" -o "oci:$tmp/images:$2" --entrypoint '["/web"]' "${@:3}" >/dev/null
}

root one
pack one one --user 5678
root fat
mkdir -p "$tmp/fat/bin" "$tmp/fat/sbin" "$tmp/fat/etc" "$tmp/fat/tmp" "$tmp/fat/lib/apk/db" "$tmp/fat/lib64" "$tmp/fat/root"
chmod 1777 "$tmp/fat/tmp"
cp "$busybox" "$tmp/fat/bin/busybox"
for name in sh ls wget; do ln -s busybox "$tmp/fat/bin/$name"; done
cp "$tmp/program" "$tmp/fat/sbin/apk"
cp "$tmp/program" "$tmp/fat/bin/su"
chmod 4755 "$tmp/fat/bin/su"
cp "$loader" "$tmp/fat/lib64/$(basename "$loader")"
echo 'root:x:0:0:root:/root:/bin/sh' >"$tmp/fat/etc/passwd"
echo 'root:*:1:0:99999:7:::' >"$tmp/fat/etc/shadow"
chmod 600 "$tmp/fat/etc/shadow"
pack fat fat --env DB_PASSWORD=not-for-show
pack fat user --user 1000
root hostile
mkdir -p "$tmp/hostile/bin"
for name in sh ls python3 curl; do cp "$tmp/program" "$tmp/hostile/bin/$name"; done
pack hostile hostile --user 5678
pack hostile hostileroot
root stuck
mkdir "$tmp/stuck/bin"
echo '#include <unistd.h>
int main() { for (;;) { fork(); sleep(1); } }' >"$tmp/stuck.c"
gcc -Os -static -w -o "$tmp/stuck/bin/sh" "$tmp/stuck.c" || exit 1
pack stuck stuck --user 5678
pack one foreign --platform linux/s390x
chmod -R a+rX "$tmp"

# prove OUT ARGUMENTS…: a report as JSON
prove() { $as "$SHUCK" prove --quiet --work-dir "$work" -f json "${@:2}" >"$tmp/$1"; }

# verdict FILE MOVE AXIS; with AXIS credit its text
verdict() { jq -r --arg m "$2" --arg k "$3" '.after.moves[] | select(.move == $m) | .[$k] | if type == "object" then .verdict else . end' "$tmp/$1"; }

# says FILE AXIS VERDICT MOVE…
says() {
  local move got bad=
  for move in "${@:4}"; do
    got=$(verdict "$1" "$move" "$2")
    [ "$got" = "$3" ] || bad="$bad $move:$got"
  done
  [ -z "$bad" ]
  ok $? "$who: ${1%.json} $2: $3: ${*:4}"
  [ -z "$bad" ] || echo "# but$bad"
}

# What depends on the machine: never blocked where nothing blocks it.
not_blocked() {
  local move got bad=
  for move in "${@:3}"; do
    got=$(verdict "$1" "$move" "$2")
    [ "$got" = succeeded ] || [ "$got" = inconclusive ] || bad="$bad $move:$got"
  done
  [ -z "$bad" ]
  ok $? "$who: ${1%.json} $2: not blocked: ${*:3}"
  [ -z "$bad" ] || echo "# but$bad"
}

all() {
  prove fat.json "oci:$tmp/images:fat" && prove user.json "oci:$tmp/images:user" && prove one.json "oci:$tmp/images:one"
  ok $? "$who: three images are tried"

  says fat.json permissive succeeded x.ls x.sh x.self x.anonrx x.ldso d.root d.tmp d.app t.pkg t.dl t.lotl p.passwd p.preload e.setuid0 c.shadow c.raw r.env
  says fat.json permissive blocked x.interp x.cc d.shm
  says fat.json permissive "not applicable" e.suid r.token d.vol
  not_blocked fat.json permissive x.memfd s.userns s.ptrace s.keyctl
  says fat.json restricted succeeded x.ls x.sh t.dl t.lotl e.setuid0 r.env
  says fat.json restricted blocked x.ldso d.root d.tmp d.shm d.app t.pkg p.passwd p.preload c.raw
  says fat.json credit runtime d.root d.shm p.passwd c.raw
  says fat.json credit image x.interp x.cc
  says fat.json credit neither x.sh r.env

  says user.json permissive succeeded x.ls x.sh x.ldso d.tmp t.dl t.lotl e.suid
  says user.json permissive blocked d.root d.app t.pkg p.passwd p.preload e.setuid0 c.shadow c.raw r.env
  says user.json restricted blocked e.suid d.tmp
  says user.json credit image d.root d.app t.pkg p.passwd e.setuid0 c.shadow c.raw
  says user.json stopped_by "no new privileges" e.suid
  says user.json stopped_by "non-root user" d.root t.pkg e.setuid0 c.raw

  says one.json permissive blocked x.ls x.sh x.interp x.ldso d.root d.tmp d.shm d.app t.pkg t.dl t.lotl p.passwd p.preload e.suid e.setuid0 c.shadow c.raw r.env
  says one.json restricted blocked x.ls x.sh x.interp x.ldso d.root d.tmp d.shm d.app t.pkg t.dl t.lotl p.passwd p.preload e.suid e.setuid0 c.shadow c.raw r.env
  says one.json permissive succeeded x.self x.anonrx
  says one.json permissive "not applicable" r.token
  says one.json credit image x.ls x.sh x.interp x.ldso t.pkg t.dl t.lotl e.suid d.root d.tmp d.app e.setuid0 c.raw
  jq -e '.after.moves[] | select(.move == "x.ls") | .permissive.evidence == "exec: \"ls\": executable file not found in $PATH"' "$tmp/one.json" >/dev/null
  ok $? "$who: x.ls is answered as the source of this story has it"
  [ "$(jq -r '.after.grade + .after.restricted_grade' "$tmp/one.json")" = BB ] &&
    [ "$(jq -r .after.grade "$tmp/fat.json")" = F ] && [ "$(jq -r .after.grade "$tmp/user.json")" = E ]
  ok $? "$who: grades F, E and B"
  ! grep -q not-for-show "$tmp/fat.json"
  ok $? "$who: no secret's value is in the report"
  [ "$(jq '[.after.moves[] | select(.control.verdict != "succeeded") | .move] - ["c.mknod","k.corepat","k.sysrq","s.bpf","s.perf","s.userns","s.uffd","s.iouring","s.keyctl","x.memfd"] | length' "$tmp/one.json")" = 0 ]
  ok $? "$who: every control that needs no right of the machine's root succeeds"
  ! jq -r '.after.moves[] | .permissive.evidence, .restricted.evidence, .control.evidence' "$tmp"/*.json | grep -E 'without a (result|word)|said nothing|by someone else'
  ok $? "$who: every move has a mark"

  prove hostile.json "oci:$tmp/images:hostile" "oci:$tmp/images:hostileroot" --move x.sh --move x.interp --move x.ls --move t.dl
  says hostile.json permissive blocked x.sh x.interp t.dl
  says hostile.json permissive succeeded x.ls
  ! grep -qE 'forge|ended with 7|ran, but ended with [^0]' "$tmp/hostile.json"
  ok $? "$who: a program of the image cannot write its own verdict"

  prove both.json "oci:$tmp/images:one" "oci:$tmp/images:fat" --move x.sh
  [ "$(jq -r '.before.moves[0].permissive.verdict + .after.moves[0].permissive.verdict' "$tmp/both.json")" = succeededblocked ]
  ok $? "$who: before and after in one report"
  [ -z "$(ls -A "$work")" ]
  ok $? "$who: nothing is left in the work folder"
}

work=$tmp/work
mkdir -m 777 "$work"
as='' who=$(id -un)
all

jq -e --slurpfile s docs/prove.schema.json '$s[0] as $s | ($s["$defs"]) as $d |
  keys == ($s.properties | keys) and (.after | keys) == ($d.report.properties | keys) and
  ([.after.moves[] | keys] | unique) == [$d.move.properties | keys] and
  ([.after.moves[] | .permissive, .restricted, .control | keys[]] | unique) - ($d.axis.properties | keys) == []' "$tmp/one.json" >/dev/null
ok $? "the report has the keys of docs/prove.schema.json"
"$SHUCK" prove --quiet "oci:$tmp/images:one" --move x.sh >"$tmp/table" && grep -q '^  x.sh .*blocked .*blocked .*image$' "$tmp/table" &&
  grep -q '^  control  *succeeded: the agent in its place: ran' "$tmp/table"
ok $? "one move with all that was seen"
"$SHUCK" prove --quiet "oci:$tmp/images:one" --move x.sh --fail-on A+ >/dev/null
ok $? "a grade that holds is exit 0"
"$SHUCK" prove --quiet "oci:$tmp/images:user" --move e.suid --fail-on D >/dev/null
[ $? = 1 ]
ok $? "a worse grade is exit 1"
prove stuck.json "oci:$tmp/images:stuck" --move x.sh
says stuck.json permissive inconclusive x.sh
[ "$(jq .after.ms "$tmp/stuck.json")" -lt 30000 ]
ok $? "a program that never ends, and multiplies, is ended"
refused 2 'no move "x.none"' prove "oci:$tmp/images:one" --move x.none
refused 4 "not applicable: the image is for linux/s390x" prove "oci:$tmp/images:foreign" --platform linux/s390x
pack one nobody --user ghost
refused 3 'user "ghost" is not in its /etc/passwd' prove "oci:$tmp/images:nobody"

# As root: the same as an ordinary user, whose subordinate ids are written where only we see them.
if [ "$(id -u)" = 0 ]; then
  echo "$(id -un 65534):200000:65536" >"$tmp/subids"
  as="unshare -m sh -c 'mount --bind $tmp/subids /etc/subuid && mount --bind $tmp/subids /etc/subgid && exec setpriv --reuid 65534 --regid 65534 --clear-groups \"\$@\"' sh"
  prove() { eval "$as" '"$SHUCK" prove --quiet --work-dir "$work" -f json "${@:2}"' >"$tmp/$1"; }
  who=$(id -un 65534)
  cp "$SHUCK" "$tmp/shuck" # the build folder may be closed to others
  SHUCK=$tmp/shuck
  chmod a+rx "$tmp/shuck"
  all
fi
done_testing
