#!/bin/bash
# The cache of layers: a second audit says the same, whatever happens to the cache or to the image.
cd "$(dirname "$0")/.." || exit 1
. tests/lib/shell.sh
export XDG_CACHE_HOME="$tmp/cache"
mkdir -p "$tmp/root/bin" "$tmp/root/etc"
printf '#!/bin/sh\nexec true\n' >"$tmp/root/bin/run"
chmod 4755 "$tmp/root/bin/run"
printf 'web:x:5:5::/:/bin/false\n' >"$tmp/root/etc/passwd"
head -c 20000 /dev/zero | tr '\0' x >"$tmp/root/filler"
"$SHUCK" pack --quiet "$tmp/root" -o "docker-archive:$tmp/a.tar" --compression plain --entrypoint '["/bin/run"]' --user 5 >/dev/null || exit 1
audit() { "$SHUCK" audit --all "$@" >"$tmp/out.log" 2>"$tmp/err.log"; }
entries() { ls "$tmp/cache/shuck" 2>/dev/null | wc -l; }
said() { diff "$tmp/first" "$tmp/out.log"; }
spoil() { printf y | dd of="$1" bs=1 seek=$(($(grep -abo xxxxxxxx "$1" | head -n 1 | cut -d: -f1) + 99)) conv=notrunc status=none; }
sleep 0.2 # a file that was made a moment ago is not taken for settled

audit "$tmp/a.tar" --no-cache
cp "$tmp/out.log" "$tmp/first"
check "--no-cache leaves nothing" eval '[ "$(entries)" = 0 ]'
audit "$tmp/a.tar"
check "the first audit fills it" eval 'said && [ "$(entries)" = 2 ]'
audit "$tmp/a.tar"
check "the second says the same" said
strace -f -e trace=pread64 -o "$tmp/trace" "$SHUCK" audit "$tmp/a.tar" >/dev/null 2>&1
check "and reads no layer" eval '! grep -q xxxxxxxx "$tmp/trace"'
cp "$tmp/a.tar" "$tmp/b.tar"
sleep 0.2
audit "$tmp/b.tar"
check "the same layer in another file" eval 'sed "s/b.tar/a.tar/" "$tmp/out.log" | diff "$tmp/first" - && [ "$(entries)" = 3 ]'

spoil "$tmp/b.tar"
audit "$tmp/b.tar"
check "changed: a layer that is not what it claims is refused" grep -q "diff id\|digest" "$tmp/err.log"
touch -r "$tmp/a.tar" "$tmp/b.tar"
audit "$tmp/b.tar"
check "claims: also when its times were put back" grep -q "diff id\|digest" "$tmp/err.log"

for f in "$tmp"/cache/shuck/*; do printf garbage >"$f"; done
audit "$tmp/a.tar"
check "a spoiled cache is not believed" said
audit "$tmp/a.tar"
check "and mended" said
for i in 1 2 3 4 5 6; do
  rm -rf "$tmp/cache"
  for k in 1 2 3 4; do "$SHUCK" audit --all "$tmp/a.tar" >"$tmp/out.$k" 2>/dev/null & done
  wait
  for k in 1 2 3 4; do cmp -s "$tmp/first" "$tmp/out.$k" || echo "# audit $k of round $i says something else"; done
done >"$tmp/together"
check "several at once" eval '[ ! -s "$tmp/together" ] && [ "$(ls -A "$tmp/cache/shuck" | wc -l)" = 2 ]'
printf 'secrets:\n  - {id: run-line, pattern: "exec [a-z]{4}", title: line of a run}\n' >"$tmp/own.yaml"
audit "$tmp/a.tar" --config "$tmp/own.yaml"
check "another kind of secret: what was read without it does not count" grep -q "line of a run in line 2" "$tmp/out.log"
audit "$tmp/a.tar"
check "nor does what was read with it" said
chmod 777 "$tmp/cache/shuck"
audit "$tmp/a.tar"
check "a cache that others may write to is left alone" said
XDG_CACHE_HOME=/dev/null/x HOME=/dev/null audit "$tmp/a.tar"
check "no place for one" said

# ---- hostile and odd surroundings: the report is the same, and nothing is left lying about ----
rm -rf "$tmp/cache"
left() { find "$tmp/cache" -name '.*' -type f 2>/dev/null | grep . && return 1 || true; }
cached() { audit "$tmp/a.tar" && said; audit "$tmp/a.tar"; said; }
mkdir -p "$tmp/home"
check "without HOME and XDG_CACHE_HOME" eval 'env -u HOME -u XDG_CACHE_HOME "$SHUCK" audit --all "$tmp/a.tar" >"$tmp/out.log"; said'
check "a relative XDG_CACHE_HOME is not taken" eval '(cd "$tmp/home" && XDG_CACHE_HOME=here HOME= "$SHUCK" audit --all "$tmp/a.tar" >"$tmp/out.log"; [ ! -e here ]); said'
XDG_CACHE_HOME=/proc/self/x audit "$tmp/a.tar"
check "a home that cannot be written to" said
mkdir -p "$tmp/cache/shuck/$(basename "$(XDG_CACHE_HOME=$tmp/other "$SHUCK" audit "$tmp/a.tar" >/dev/null 2>&1; ls "$tmp"/other/shuck/* | head -n 1)")"
chmod 700 "$tmp/cache" "$tmp/cache/shuck"
audit "$tmp/a.tar"
check "a folder where an entry belongs" said
rm -rf "$tmp/cache" && mkdir -p "$tmp/elsewhere" && ln -s "$tmp/elsewhere" "$tmp/cache"
check "a cache that is a symlink of ours" cached
rm -rf "$tmp/cache" && mkdir -p "$tmp/cache"
mkfifo "$tmp/cache/shuck"
audit "$tmp/a.tar"
check "a pipe in its place" said
rm -rf "$tmp/cache"
(trap '' XFSZ; ulimit -f 0; exec "$SHUCK" audit --all "$tmp/a.tar") | cat >"$tmp/out.log"
check "a disk that is full" eval 'said && left && [ -z "$(ls -A "$tmp/cache/shuck")" ]'
for i in $(seq 1 40); do
  rm -rf "$tmp/cache"
  timeout -s KILL "0.0$((i % 9 + 1))" "$SHUCK" audit "$tmp/a.tar" >/dev/null 2>&1
done 2>/dev/null
audit "$tmp/a.tar"
check "killed while it is written: nothing is left, nothing half is believed" eval 'said && left'
rm -rf "$tmp/cache"
for k in $(seq 1 150); do "$SHUCK" audit --all "$tmp/a.tar" >"$tmp/many.$k" 2>/dev/null & done
wait
check "150 at once" eval 'for k in $(seq 1 150); do cmp -s "$tmp/first" "$tmp/many.$k" || exit 1; done; [ "$(ls -A "$tmp/cache/shuck" | wc -l)" = 2 ]'
touch -d '2001-02-03' "$tmp"/cache/shuck/*
check "entries from before the clock was set back" cached
touch -d '2099-02-03' "$tmp"/cache/shuck/*
check "entries from the future" cached
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  chmod 755 "$tmp/cache"
  setpriv --reuid 65534 --clear-groups "$SHUCK" audit --all "$tmp/a.tar" >"$tmp/out.log" 2>/dev/null
  check "another user's cache is neither read nor written" eval 'said && [ "$(ls -A "$tmp/cache/shuck" | wc -l)" = 2 ]'
fi
done_testing
