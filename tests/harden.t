#!/bin/bash
# Hardening from outside: what is kept behaves the same, what cannot be hardened is refused, and being
# killed at any moment leaves neither half an image nor a running process.
cd "$(dirname "$0")/.." || exit 1
. tests/lib/shell.sh
need_sandbox

# A static program that answers on a port, and files nobody needs.
mkdir -p "$tmp/root/bin" "$tmp/root/etc" "$tmp/root/usr/share/doc"
gcc -O1 -static -w -o "$tmp/root/bin/server" tests/lib/page.c || exit 1
ln -s page.real "$tmp/root/etc/page"
echo hello >"$tmp/root/etc/page.real"
echo extra >"$tmp/root/usr/share/doc/readme"
cp "$tmp/root/bin/server" "$tmp/root/usr/share/doc/copy"
chmod 4755 "$tmp/root/usr/share/doc/copy"
pack() { "$SHUCK" pack "$tmp/root" -o "oci:$tmp/$1" "${@:2}"; }
pack fat --entrypoint '["/bin/server"]' --expose 8080/tcp

check "harden succeeds" "$SHUCK" harden --quiet "oci:$tmp/fat" -o "oci:$tmp/thin" --http GET:/ -r "$tmp/report"
check "the page is still served" eval '"$SHUCK" run --quiet "oci:$tmp/thin" --http GET:/ | grep -qx hello'
printf 'int main(void) { puts("I lack\\tsomething\\033[2J"); return 3; }' | gcc -include stdio.h -x c - -static -o "$tmp/root/bin/says" || exit 1
pack says --entrypoint '["/bin/says"]'
rm "$tmp/root/bin/says"
said=$("$SHUCK" run --quiet "oci:$tmp/says" --ready-exit)
check "run says what the program wrote, safe for a terminal" grep -qxF $'I lack\tsomething\\x1b[2J' <<<"$said"
pack warns --entrypoint '["/bin/server","/etc/page","warns"]' --expose 8080/tcp
pack mute --entrypoint '["/bin/server","/etc/page","mute"]' --expose 8080/tcp --volume /etc
check "a volume's program that speaks no HTTP is hardened" "$SHUCK" harden --quiet "oci:$tmp/mute" -o "oci:$tmp/muted" -r /dev/null
noted=$("$SHUCK" harden --quiet "oci:$tmp/warns" -o "oci:$tmp/warned" --http GET:/ --user 5678)
check "a new line in the log under the user asked for is told" \
  grep -qF 'but standard error has a new line "warning: not root"' <<<"$noted"
files=$("$SHUCK" harden --quiet "oci:$tmp/thin" -o "oci:$tmp/again" --http GET:/ -f json | jq '.before.files')
check "two files are left (got $files)" test "$files" = 2
check "the link to the page is kept as a link" eval '"$SHUCK" harden --quiet -n -l "oci:$tmp/thin" --http GET:/ | grep -q /etc/page'
check "the input is as it was" eval '"$SHUCK" harden --quiet "oci:$tmp/fat" -o "oci:$tmp/thin2" --http GET:/ -r /dev/null && cmp "$tmp/thin/index.json" "$tmp/thin2/index.json"'

# Every field of a report that is asked for, one a line.
fields() { "$SHUCK" harden --quiet "oci:$tmp/$1" -o "oci:$tmp/$1-hard" --http GET:/ -f json "${@:3}" | jq -r "$2"; }
check "same answers: a page that is never the same is said not to be compared" eval \
  'pack clock --entrypoint "[\"/bin/server\",\"/etc/page\",\"clock\"]" --expose 8080/tcp &&
   fields clock ".doubts[]" | grep -q "^GET :8080/: body differs between two runs"'
check "same answers: else nothing is in doubt" test "$(fields fat '.doubts | length')" = 0
echo 'www:x:33:33::/:/bin/false' >"$tmp/root/etc/passwd"
pack known --entrypoint '["/bin/server","/etc/page","known"]' --expose 8080/tcp
got=$(fields known '[.after.user, .any_user] | join(", ")' --user 33 --keep /etc/passwd)
[ "$got" = "33:0, does not behave the same under an arbitrary user id" ]
ok $? "any user: is not said of a user the image knows, who gets the group that was tried (got $got)"
rm "$tmp/root/etc/passwd"

# A program that starts otherwise when its volume holds something.
cat >"$tmp/again.c" <<'C'
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    char text[100] = {0};
    int was = open("/data/was", O_RDONLY), page = open(was < 0 ? "/etc/first" : "/etc/second", O_RDONLY);
    if (was < 0)
        close(open("/data/was", O_CREAT | O_WRONLY, 0666));
    if (page < 0 || read(page, text, 99) <= 0)
        return 9;
    return printf("%s", text) < 0;
}
C
mkdir -p "$tmp/root2/bin" "$tmp/root2/etc" "$tmp/root2/data"
gcc -O1 -static -w -o "$tmp/root2/bin/again" "$tmp/again.c" || exit 1
echo one >"$tmp/root2/etc/first"
echo two >"$tmp/root2/etc/second"
echo three >"$tmp/root2/etc/third"
"$SHUCK" pack --quiet "$tmp/root2" -o "oci:$tmp/volume" --entrypoint '["/bin/again"]' --volume /data >/dev/null
check "a second start on its volume is recorded and holds" "$SHUCK" harden --quiet "oci:$tmp/volume" -o "oci:$tmp/volume-thin" \
  --ready-exit --user keep -l -r "$tmp/report"
check "what only the second start reads is kept" grep -q /etc/second "$tmp/report"
check "and nothing else: the third is listed as not kept" eval 'sed -n "/^not kept:/,\$p" "$tmp/report" | grep -q /etc/third && ! sed "/^not kept:/,\$d" "$tmp/report" | grep -q /etc/third'

# Whose name is in the config can start: by number, or with its line of passwd.
printf 'root:x:0:0::/:\nweb:x:33:44::/:\n' >"$tmp/root/etc/passwd"
pack named --entrypoint '["/bin/server"]' --expose 8080/tcp --user web
check "a user by name becomes a number" eval '"$SHUCK" harden --quiet "oci:$tmp/named" -o "oci:$tmp/named-out" --http GET:/ | grep -q "USER web → 33:44"'
check "or stays with its line of passwd" eval '"$SHUCK" harden --quiet -l --user keep "oci:$tmp/named" -o "oci:$tmp/kept-out" --http GET:/ | grep -q "/etc/passwd"'
check "which starts" "$SHUCK" run --quiet "oci:$tmp/kept-out" --http GET:/
rm "$tmp/root/etc/passwd"
refused 3 "no/such" harden "oci:$tmp/fat" -o "docker-archive:$tmp/no/such.tar" --http GET:/
check "outputs have the caller's mask" eval '(umask 077; "$SHUCK" harden --quiet "oci:$tmp/fat" -o "docker-archive:$tmp/masked.tar" --http GET:/ -r "$tmp/report") && test "$(stat -c %a "$tmp/masked.tar")" = 600'

pack never --entrypoint '["/bin/server","/etc/page"]' --expose 9/tcp
refused 3 "never became ready" harden "oci:$tmp/never" -o "oci:$tmp/out" --ready-timeout 1
refused 3 "never became ready" harden "oci:$tmp/fat" -o "oci:$tmp/out" --ready-timeout 1 --ready-log nothing-says-this
pack gone --entrypoint '["/bin/nothing"]' --expose 8080/tcp
refused 3 "nothing" harden "oci:$tmp/gone" -o "oci:$tmp/out" --ready-timeout 2
pack none
refused 3 "neither Entrypoint nor Cmd" harden "oci:$tmp/none" -o "oci:$tmp/out"
pack foreign --entrypoint '["/bin/server"]' --platform linux/s390x
refused 4 "s390x" harden "oci:$tmp/foreign" -o "oci:$tmp/out"
mkdir "$tmp/empty"
"$SHUCK" pack "$tmp/empty" -o "oci:$tmp/hollow" --entrypoint '["/x"]'
refused 3 "holds no file" harden "oci:$tmp/hollow" -o "oci:$tmp/out"
check "nothing was written by what was refused" test ! -e "$tmp/out"

# Killed at moments spread over a whole run: no output, no process, no folder after the next start.
# The program has a name of its own: other tests may run beside this one.
cp "$tmp/root/bin/server" "$tmp/root/bin/page-$$"
pack felled --entrypoint "[\"/bin/page-$$\"]" --expose 8080/tcp
killed() { # SIGNAL MILLISECONDS
  rm -rf "$tmp/killed" "$tmp/killed.tar"
  "$SHUCK" harden --quiet "oci:$tmp/felled" -o "docker-archive:$tmp/killed.tar" --http GET:/ -r /dev/null \
    --work-dir "$tmp/work" 2>/dev/null &
  local pid=$!
  sleep "$(printf '0.%03d' "$2")"
  kill "-$1" $pid 2>/dev/null
  wait $pid
  sleep 0.2
  ! pgrep -f "$tmp/work" >/dev/null && ! pgrep -x "page-$$" >/dev/null || return 1
  [ ! -e "$tmp/killed.tar" ] || tar tf "$tmp/killed.tar" >/dev/null || return 1
  [ -z "$(find "$tmp" -maxdepth 1 -name '.killed*')" ] || [ "$1" = KILL ]
}
mkdir -p "$tmp/work"; chmod 777 "$tmp/work"
for signal in INT TERM KILL; do
  bad=
  for ms in 5 20 40 60 80 110 140 170 200 250 300 400; do killed $signal $ms || bad="$bad $ms"; done
  check "SIG$signal at any moment leaves nothing half or running${bad:+ (failed at$bad ms)}" test -z "$bad"
done
check "the next start removes what was left" eval '"$SHUCK" harden --quiet "oci:$tmp/fat" -o "oci:$tmp/last" --http GET:/ -r /dev/null --work-dir "$tmp/work" && test -z "$(ls -A "$tmp/work")"'
check "no mount is left" eval '! grep -q shuck-work /proc/self/mountinfo'
done_testing
