#!/bin/bash
# What --diff prints makes with patch(1) and git what --fix makes: whatever the file is called, however
# its lines end.
cd "$(dirname "$0")/.." || exit 1
. tests/lib/shell.sh
mkdir "$tmp/text"
printf 'FROM debian\nADD a /b\nENV x y\n' >"$tmp/text/usual"
printf 'FROM debian\r\nADD a /b\r\nENV x y\r\n' >"$tmp/text/CRLF"
printf 'FROM debian\nENV x y\nADD a /b' >"$tmp/text/without a newline at the end"
{ printf 'FROM debian\n' && for i in $(seq 40); do printf 'ADD a%s /b\n\n\n\n\n\n\n\nENV y%s z\n' "$i" "$i"; done; } >"$tmp/text/long"

same() { # FILE NAME
  local a="$tmp/a" b="$tmp/b" c="$tmp/c"
  rm -rf "$a" "$b" "$c" && mkdir "$a" "$b" "$c" && mkdir -p "$(dirname "$a/$2")" || return
  cp "$1" "$a/$2" || return
  (cd "$a" && "$SHUCK" lint --no-shellcheck --fix --unsafe --diff "$2" >"$tmp/diff")
  cp -r "$a/." "$b" && cp -r "$a/." "$c"
  (cd "$a" && "$SHUCK" lint --no-shellcheck --fix --unsafe "$2" >/dev/null)
  ! cmp -s "$1" "$a/$2" || return
  (cd "$b" && patch -s -p1 <"$tmp/diff") && diff -r "$a" "$b" || return
  ! command -v git >/dev/null || { (cd "$c" && GIT_CEILING_DIRECTORIES="$tmp" git apply "$tmp/diff") && diff -r "$a" "$c"; }
}

for text in "$tmp"/text/*; do
  check "a text: ${text##*/}" same "$text" Dockerfile
done
for name in 'with blank' 'sub/Dockerfile' $'tab\there' $'line\nend' 'quote"d' "it's" 'back\slash' $'\033[31m' ' begins' $'\303\244' '-x'; do
  [ "$name" != -x ] || name=./-x
  check "a name: $(printf %q "$name")" same "$tmp/text/usual" "$name"
done
done_testing
