#!/bin/bash
# Hostile programs and odd surroundings: each row is a way to misbehave, the exit status of harden and
# words it says; whatever happens, it ends, writes nothing when refused, shows no control character,
# and leaves no process and no folder. By whoever runs this test.
cd "$(dirname "$0")/.." || exit 1
. tests/lib/shell.sh
need_sandbox
gcc -O1 -static -w -o "$tmp/hostile" tests/lib/hostile.c || exit 1
mkdir -p "$tmp/root/bin" "$tmp/root/tmp" "$tmp/work"
server=server-$$ # no other test's
cp "$tmp/hostile" "$tmp/root/bin/$server"
chmod 1777 "$tmp/root/tmp"
export TMPDIR="$tmp/work"
pack() { "$SHUCK" pack --quiet "$tmp/root" -o "docker-archive:$tmp/$1.tar" --entrypoint "[\"/bin/$server\",\"$1\"]" --expose 8080/tcp "${@:2}" >/dev/null; }
clean() { ls -A "$tmp/work"; [ -z "$(ls -A "$tmp/work")" ] && ! pgrep -f "^/bin/$server "; }
plain() { ! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$@"; }

# hardens WAY STATUS WORDS OPTIONS…
hardens() {
  local way=$1 status=$2 words=$3 got why=
  pack "$way"
  rm -f "$tmp/result.tar"
  timeout 100 "$SHUCK" harden "$tmp/$way.tar" -o "docker-archive:$tmp/result.tar" --http GET:/ "${@:4}" >"$tmp/out.log" 2>"$tmp/err.log"
  got=$?
  [ $got = "$status" ] || why="$why status-$got"
  grep -qF -- "$words" "$tmp/out.log" "$tmp/err.log" || why="$why words"
  plain "$tmp/out.log" "$tmp/err.log" || why="$why control-characters"
  [ "$status" = 0 ] || [ ! -e "$tmp/result.tar" ] || why="$why output"
  clean >"$tmp/left.log" || why="$why left"
  [ -z "$why" ]
  ok $? "a program that is $way: $status${why:+ but$why}"
  [ -z "$why" ] || sed 's/^/# /' "$tmp/err.log" | cut -c1-300 | tail -n 4
}

#       way     status words
hardens exit    3 "exited with status 3"
hardens sleep   3 "did not listen on port 8080" --ready-timeout 1
hardens bomb    3 "did not listen on port 8080" --ready-timeout 1
hardens flood   3 "did not listen on port 8080" --ready-timeout 1
hardens daemon  3 "exited with status 0"
hardens quitter 3 "exited with status 0 before it was asked to"
hardens killer  3 "ended by signal"
hardens slam    3 "no whole answer to GET :8080/"
hardens endless 3 "no whole answer to GET :8080/"
hardens heads   3 "no whole answer to GET :8080/"
hardens escape  0 "behaves the same"
hardens many    0 "behaves the same"
hardens deaf    0 "behaves the same" --stop-timeout 1
hardens killall 0 "behaves the same" --stop-timeout 1
hardens forge   0 "behaves the same"
hardens ptrace  0 "behaves the same"
hardens traced  0 "behaves the same"
hardens files   0 "behaves the same"
hardens deep    0 "behaves the same"

pack serve
pack traced
check "asking to be traced does not look like an end" eval '"$SHUCK" run --quiet "$tmp/traced.tar" --http GET:/ | grep -q "end: status 143"'
if command -v script >/dev/null; then
  check "an answer reaches a terminal without what commands it" eval 'script -qec "$SHUCK run --quiet $tmp/escape.tar --http GET:/" /dev/null | grep -qF "\\x1b[31m"'
fi

# ---- surroundings ----
harden() { "$SHUCK" harden --quiet "$tmp/serve.tar" -o "docker-archive:$tmp/$1.tar" --http GET:/ -r "$tmp/report"; }
check "in usual surroundings" harden usual
for name in 'with space' 'co:lon' 'com,ma\back' "quo'te\"\$x"; do
  mkdir "$tmp/$name"
  check "work in a folder named $name" eval 'TMPDIR="$tmp/$name" harden inside && test -z "$(ls -A "$tmp/$name")" && cmp "$tmp/usual.tar" "$tmp/inside.tar"'
done
check "without environment" eval 'env -i TMPDIR="$TMPDIR" "$SHUCK" harden --quiet "$tmp/serve.tar" -o "docker-archive:$tmp/bare.tar" --http GET:/ -r "$tmp/report" && cmp "$tmp/usual.tar" "$tmp/bare.tar"'
check "under umask 077" eval '(umask 077; harden masked) && cmp "$tmp/usual.tar" "$tmp/masked.tar"'
"$SHUCK" harden --quiet "$tmp/serve.tar" -o "docker-archive:$tmp/closed.tar" --http GET:/ <&- >&- 2>&-
check "with all standard descriptors closed: the report has nowhere to go, the image is whole" eval "test $? = 4 && cmp '$tmp/usual.tar' '$tmp/closed.tar'"
check "--version says when it cannot be written" eval '! "$SHUCK" --version >/dev/full'
TMPDIR="$tmp/nowhere" refused 3 "the folder for work" harden "$tmp/serve.tar" -o "oci:$tmp/no"
refused 2 "is a folder" harden "$tmp/serve.tar" -o "docker-archive:$tmp/root" --http GET:/
refused 3 "no/such" harden "$tmp/serve.tar" -o "docker-archive:$tmp/no/such.tar" --http GET:/
check "with too few descriptors" eval '(ulimit -n 20; "$SHUCK" harden "$tmp/serve.tar" -o "oci:$tmp/no" --http GET:/; test $? = 4)'
check "nothing is left" clean
check "nothing was written where it was refused" test ! -e "$tmp/no"
done_testing
