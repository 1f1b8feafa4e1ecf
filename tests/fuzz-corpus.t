#!/bin/sh
# Every fuzz target survives its corpus.
cd "$(dirname "$0")/.." || exit 1
n=0
for target in "$BUILD"/fuzz/fuzz_*; do
  case $target in *.d) continue ;; esac
  [ -x "$target" ] || continue
  n=$((n + 1))
  name=${target##*/fuzz_}
  if find "fuzz/corpus/$name" -type f -print0 2>/dev/null | xargs -0 -r "$target" >/dev/null 2>"$BUILD/fuzz/$name.log"; then
    echo "ok $n - $name: $(find "fuzz/corpus/$name" -type f 2>/dev/null | wc -l) inputs"
  else
    echo "not ok $n - $name"
    sed 's/^/# /' "$BUILD/fuzz/$name.log" | tail -n 20
  fi
done
echo "1..$n"
