# shell: TAP for whole-program tests. Source it from the top folder; it sets $SHUCK, $BUILD and $tmp, a
# folder that is removed at the end.
: "${BUILD:=build}"
: "${SHUCK:=$PWD/$BUILD/shuck}"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/shuck-test-XXXXXX")
chmod 755 "$tmp"
trap 'chmod -R u+rwX "$tmp"; rm -rf "$tmp"' EXIT
test_n=0 test_bad=0

ok() { # STATUS WORDS
  test_n=$((test_n + 1))
  if [ "$1" = 0 ]; then echo "ok $test_n - $2"; else echo "not ok $test_n - $2"; test_bad=1; fi
}

# check WORDS COMMAND…: the command succeeds
check() {
  local words=$1
  shift
  if "$@" >"$tmp/check.log" 2>&1; then ok 0 "$words"; else ok 1 "$words"; sed 's/^/# /' "$tmp/check.log" | tail -n 20; fi
}

# refused STATUS WORDS ARGUMENTS…: shuck ends with that status and says the words
refused() {
  local status=$1 words=$2 got
  shift 2
  "$SHUCK" "$@" >"$tmp/out.log" 2>"$tmp/err.log"
  got=$?
  [ $got = "$status" ] && grep -qF -- "$words" "$tmp/err.log"
  ok $? "refused with $status: $words"
  [ $got = "$status" ] && grep -qF -- "$words" "$tmp/err.log" || { echo "# status $got"; sed 's/^/# /' "$tmp/err.log" | tail -n 5; }
}

# Ends the test when this machine cannot run a sandbox; with SHUCK_MUST=1 that is a failure.
need_sandbox() {
  "$SHUCK" doctor >"$tmp/doctor.log" 2>&1 && return
  if [ -n "${SHUCK_MUST:-}" ]; then
    echo "not ok 1 - the sandbox works"
    sed 's/^/# /' "$tmp/doctor.log"
    echo "1..1"
    exit 1
  fi
  echo "1..0 # skip the sandbox does not work here: shuck doctor says why"
  exit 0
}

done_testing() {
  echo "1..$test_n"
  exit $test_bad
}
