#!/bin/sh
# shuck doctor: its two formats agree, what is missing is exit status 4 with advice, nothing is left.
cd "$(dirname "$0")/.." || exit 1
: "${SHUCK:=$PWD/build/shuck}"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0
ok() {
  n=$((n + 1))
  if eval "$2"; then echo "ok $n - $1"; else
    echo "not ok $n - $1"
    sed 's/^/# /' "$tmp/out"
  fi
}
mkdir "$tmp/work" "$tmp/overlay"
TMPDIR="$tmp/work" "$SHUCK" doctor >"$tmp/out"
status=$?
if [ $status != 0 ] && [ -z "${SHUCK_MUST:-}" ]; then
  echo "1..0 # SKIP the sandbox does not work here; shuck doctor says why"
  exit 0
fi
ok "the sandbox works here" '[ $status = 0 ] && grep -q "^The sandbox works here" "$tmp/out"'
ok "a runtime was seen to run a container" 'grep -Eq "^ok +(crun|runc) +.* runs a container in [0-9]+ ms" "$tmp/out"'
ok "nothing is left" '[ -z "$(ls "$tmp/work")" ]'
"$SHUCK" doctor --format json --work-dir "$tmp/work" >"$tmp/out"
ok "as JSON" 'jq -e ".works and (.probes | map(select(.name == \"overlay\" and .works)) | length == 1)" "$tmp/out" >/dev/null'
mkdir "$tmp/lib"
echo "no library" >"$tmp/lib/libarchive.so.13"
LD_LIBRARY_PATH="$tmp/lib" "$SHUCK" doctor >"$tmp/out"
status=$?
ok "a library that cannot be loaded: exit status 4" '[ $status = 4 ] && grep -q "^MISSING *libarchive" "$tmp/out"'
ok "and what to do" 'grep -q "apt-get install libarchive13" "$tmp/out"'
LD_LIBRARY_PATH="$tmp/lib" "$SHUCK" pack "$tmp/lib" -o "oci:$tmp/image" >"$tmp/out" 2>&1
status=$?
ok "a command that needs it says so, too" '[ $status = 4 ] && grep -q "package libarchive13" "$tmp/out" && [ ! -e "$tmp/image" ]'
"$SHUCK" doctor --work-dir /nonexistent >"$tmp/out"
status=$?
ok "a work folder that is not there: exit status 4" '[ $status = 4 ]'
ok "and what to do" 'grep -q "^MISSING *work folder" "$tmp/out" && grep -q -- "--work-dir" "$tmp/out"'
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
  mkdir "$tmp/overlay/l" "$tmp/overlay/u" "$tmp/overlay/w" "$tmp/overlay/m"
  unshare -m sh -c 'mount -t overlay o -o "lowerdir=$1/l,upperdir=$1/u,workdir=$1/w" "$1/m" && TMPDIR="$1/m" "$2" doctor' \
    sh "$tmp/overlay" "$SHUCK" >"$tmp/out"
  status=$?
  ok "on an overlay, as inside a container, memory is used" '[ $status = 0 ] && grep -q "in memory" "$tmp/out"'
fi
echo "1..$n"
