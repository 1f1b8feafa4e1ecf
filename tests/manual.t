#!/bin/sh
# docs/shuck.1 is what `shuck help --man` prints, and man's own formatter takes it.
# `tests/manual.t --update` rewrites it.
cd "$(dirname "$0")/.." || exit 1
: "${SHUCK:=$PWD/build/shuck}"
[ "${1:-}" != --update ] || { "$SHUCK" help --man >docs/shuck.1; exit; }
if "$SHUCK" help --man | cmp -s - docs/shuck.1; then
  echo "ok 1 - docs/shuck.1 is up to date"
else
  echo "not ok 1 - docs/shuck.1 is up to date (tests/manual.t --update)"
fi
n=0
for command in $("$SHUCK" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
  "$SHUCK" help "$command" >/dev/null && "$SHUCK" "$command" --help >/dev/null || { echo "not ok 2 - help of $command"; n=1; }
done
[ $n = 1 ] || echo "ok 2 - every command has help"
echo 1..2
