#!/bin/bash
# The road from outside: image and page are there together or neither is; what it prints fits its schema.
cd "$(dirname "$0")/.." || exit 1
. tests/lib/shell.sh
need_sandbox

mkdir -p "$tmp/root/bin" "$tmp/root/etc"
gcc -O1 -static -w -o "$tmp/root/bin/server" tests/lib/page.c || exit 1
echo hello >"$tmp/root/etc/page"
cp "$tmp/root/bin/server" "$tmp/root/bin/other"
"$SHUCK" pack --quiet "$tmp/root" -o "oci:$tmp/fat" --entrypoint /bin/server --expose 8080/tcp >"$tmp/digest"

road() { "$SHUCK" road --quiet "oci:$tmp/fat" "$@"; }
fits() { perl tests/lib/schema.pl "docs/road.schema.json$1" <"$tmp/$2"; }

check "the whole road" eval 'road -o "oci:$tmp/thin" --http GET:/ --show GET:/shown --html "$tmp/page.html" -f json >"$tmp/road.json"'
check "its JSON fits docs/road.schema.json" fits '' road.json
check "both sides are audited and attacked" \
  test "$(jq '[.before, .after] | all(.audit != null and (.prove.moves | length) > 30)' "$tmp/road.json")" = true
check "the request to show is answered by both" \
  test "$(jq -r '.shows[0] | .before.body + .after.body' "$tmp/road.json")" = "$(printf 'hello\nhello\n')"
check "the page tells of both" eval 'grep -q "GET :8080/shown" "$tmp/page.html" && grep -q "</html>" "$tmp/page.html"'
check "the image that was judged is the one written" \
  test "$(jq -r .after.prove.image "$tmp/road.json")" = "oci:$tmp/thin" -a -e "$tmp/thin/index.json"
check "harden's JSON fits the schema too" eval '"$SHUCK" harden --quiet "oci:$tmp/fat" -o "oci:$tmp/h" -f json >"$tmp/h.json" && fits "" h.json'
check "and a list alone that of a plan" eval '"$SHUCK" harden --quiet -n -l "oci:$tmp/fat" -f json >"$tmp/l.json" && fits "#/\$defs/plan" l.json'
check "the schema knows what does not fit" eval '! fits "" l.json'

road -o "oci:$tmp/alone" --html "$tmp/no/such/folder/page.html" >/dev/null 2>"$tmp/err"
[ $? -ge 3 ] && [ ! -e "$tmp/alone" ]
ok $? "no image without its page"
road -o "docker-archive:$tmp/no/such/folder/image.tar" --html "$tmp/lonely.html" >/dev/null 2>"$tmp/err"
[ $? -ge 3 ] && [ ! -e "$tmp/lonely.html" ] && [ -z "$(find "$tmp" -name '.*lonely*' -o -name 'lonely*')" ]
ok $? "no page without its image"
done_testing
