#!/bin/sh
# docs/rules.md is what `shuck explain --all --kind rule --format markdown` prints. `tests/docs.t --update` rewrites it.
cd "$(dirname "$0")/.." || exit 1
: "${SHUCK:=$PWD/build/shuck}"
[ "${1:-}" != --update ] || { exec "$SHUCK" explain --all --kind rule --format markdown -o docs/rules.md; }
echo 1..1
if "$SHUCK" explain --all --kind rule --format markdown | cmp -s - docs/rules.md; then
  echo "ok 1 - docs/rules.md is up to date"
else
  echo "not ok 1 - docs/rules.md is up to date (tests/docs.t --update)"
fi
