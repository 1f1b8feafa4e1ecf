#!/bin/sh
# Images in and out as a user sees them: shuck pack, what other tools make of its images, hostile
# archives and their exit status. Tools that are not installed are skipped.
LC_ALL=C
export LC_ALL
dir=$(mktemp -d) || exit 1
trap 'chmod -R u+rwx "$dir"; rm -rf "$dir"' EXIT
n=0

ok() { # STATUS WHAT
  n=$((n + 1))
  if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; sed 's/^/# /' "$dir/err" | head -n 5; fi
}
skip() { # WHY: nothing is, in CI
  n=$((n + 1))
  if [ -n "${SHUCK_MUST:-}" ]; then echo "not ok $n - $1"; else echo "ok $n # SKIP $1"; fi
}
pack() { "$SHUCK" pack "$@" >"$dir/out" 2>"$dir/err"; }
refuses() { # EXIT WORDS WHAT -- ARGUMENTS OF pack
  want=$1 words=$2 what=$3
  shift 4
  pack "$@"
  got=$?
  [ "$got" = "$want" ] && grep -q -e "$words" "$dir/err"
  ok $? "exit $want: $what"
}

# ---- a root file system, twice, with other times ----
for r in one two; do
  mkdir -p "$dir/$r/bin" "$dir/$r/etc/empty"
  echo program >"$dir/$r/bin/server"
  chmod 4755 "$dir/$r/bin/server"
  ln "$dir/$r/bin/server" "$dir/$r/bin/again"
  ln -s server "$dir/$r/bin/link"
  printf caf >"$dir/$r/etc/$(printf 'caf\303\251')"
  printf raw >"$dir/$r/etc/$(printf 'caf\351')"
  touch "$dir/$r/etc/$(printf 'n%.0s' $(seq 180))"
done
find "$dir/two" -exec touch -h -d '2001-02-03' {} +
flags="--entrypoint /bin/server --user 5678 --expose 8080 --env A=b --label k=v --workdir /etc --platform linux/amd64 --created 0"
unset SOURCE_DATE_EPOCH
pack "$dir/one" -o "oci:$dir/oci-one:v1" $flags
ok $? "pack into an OCI layout"
pack "$dir/two" -o "oci:$dir/oci-two:v1" $flags
diff -r "$dir/oci-one" "$dir/oci-two" >"$dir/err" 2>&1
ok $? "pack is reproducible, whatever the times of the files"
for how in gzip zstd plain; do
  pack "$dir/one" -o "oci-archive:$dir/$how-1.tar" --created 0 --compression $how && cp "$dir/out" "$dir/first" &&
    pack "$dir/two" -o "oci-archive:$dir/$how-2.tar" --created 0 --compression $how && cmp -s "$dir/$how-1.tar" "$dir/$how-2.tar" &&
    cmp -s "$dir/out" "$dir/first"
  ok $? "the same archive of the same files, $how"
done
(cd "$dir/one" && tar --sort=name -cf ../rootfs.tar . && gzip -k -n ../rootfs.tar)
pack "$dir/rootfs.tar" -o "docker-archive:$dir/a.tar:web:v1" $flags && pack "$dir/rootfs.tar.gz" -o "docker-archive:$dir/b.tar:web:v1" $flags &&
  cmp -s "$dir/a.tar" "$dir/b.tar"
ok $? "pack a tar of a root file system, plain and gzip"
grep -q '"Entrypoint":\["/bin/server"\]' "$dir"/oci-one/blobs/sha256/* && grep -q '"8080/tcp"' "$dir"/oci-one/blobs/sha256/*
ok $? "flags are in the config"
SOURCE_DATE_EPOCH=86400 "$SHUCK" pack "$dir/one" -o "oci:$dir/epoch" >"$dir/out" 2>"$dir/err" && grep -q '1970-01-02T00:00:00Z' "$dir"/epoch/blobs/sha256/*
ok $? "SOURCE_DATE_EPOCH is the time of creation"

# ---- what others make of it ----
if command -v umoci >/dev/null && [ "$(id -u)" = 0 ]; then
  umoci unpack --image "$dir/oci-one:v1" "$dir/umoci" >"$dir/err" 2>&1 && (cd "$dir/one" && find . -mindepth 1 -printf '%P %y %m %n %s %l\n' | grep -v '^[^ ]* d' | sort) >"$dir/want" &&
    (cd "$dir/umoci/rootfs" && find . -mindepth 1 -printf '%P %y %m %n %s %l\n' | grep -v '^[^ ]* d' | sort) >"$dir/got" && diff "$dir/want" "$dir/got" >"$dir/err"
  ok $? "umoci unpacks the same files"
else
  skip "no umoci, or not root"
fi
if command -v skopeo >/dev/null; then
  skopeo inspect "oci:$dir/oci-one:v1" >"$dir/err" 2>&1 && skopeo copy -q "docker-archive:$dir/a.tar" "oci:$dir/skopeo:x" >"$dir/err" 2>&1 &&
    skopeo copy -q "oci-archive:$dir/zstd-1.tar" "oci:$dir/skopeo:y" >"$dir/err" 2>&1
  ok $? "skopeo reads all three"
else
  skip "no skopeo"
fi
if command -v crane >/dev/null; then
  crane validate --tarball "$dir/a.tar" >"$dir/err" 2>&1
  ok $? "crane validates the docker-archive"
fi # which Debian does not have
if command -v tar >/dev/null; then
  mkdir "$dir/x" && tar xf "$dir/plain-1.tar" -C "$dir/x" && tar tf "$(find "$dir/x/blobs" -size +8 | head -n 1)" >"$dir/got" 2>"$dir/err" && grep -q '^bin/server$' "$dir/got"
  ok $? "GNU tar lists the layer"
fi

# ---- what is refused ----
refuses 2 "needs -o" "no output" -- "$dir/one"
refuses 2 "PORT\|port" "no port" -- "$dir/one" -o "oci:$dir/no" --expose http
refuses 2 "NAME=VALUE" "an environment without =" -- "$dir/one" -o "oci:$dir/no" --env A
refuses 2 "unterminated quote" "a quote without its end" -- "$dir/one" -o "oci:$dir/no" --cmd 'sh -c "ls'
refuses 2 "platform" "no platform" -- "$dir/one" -o "oci:$dir/no" --platform linux
refuses 2 "1970" "no time" -- "$dir/one" -o "oci:$dir/no" --created yesterday
refuses 2 "oci:DIR" "no way to write" -- "$dir/one" -o "dir:$dir/no"
refuses 2 "zstd" "zstd in a docker-archive" -- "$dir/one" -o "$dir/no.tar" --compression zstd
refuses 3 "No such file" "no such folder" -- "$dir/none" -o "oci:$dir/no"
mkdir "$dir/wh" && touch "$dir/wh/.wh.passwd"
refuses 3 "deletes" "a name that would delete" -- "$dir/wh" -o "oci:$dir/no"
(cd "$dir/one" && tar -P --transform 's,^,../,' -cf ../up.tar bin/server)
refuses 3 'up.tar: layer 0: entry 0 "../bin/server".*"\.\."' "a path that climbs out" -- "$dir/up.tar" -o "oci:$dir/no"
head -c 3000 "$dir/rootfs.tar" >"$dir/cut.tar"
refuses 3 "cut.tar.*Truncated\|cut.tar.*" "a tar that is cut off" -- "$dir/cut.tar" -o "oci:$dir/no"
head -c 200 "$dir/rootfs.tar.gz" >"$dir/cut.tar.gz"
refuses 3 "ends early" "gzip that is cut off" -- "$dir/cut.tar.gz" -o "oci:$dir/no"
{ cat "$dir/rootfs.tar.gz"; echo "garbage that follows the end"; } >"$dir/more.tar.gz"
refuses 3 "not gzip" "gzip with garbage behind" -- "$dir/more.tar.gz" -o "oci:$dir/no"
truncate -s 300M "$dir/zero" && tar -C "$dir" -cf - zero | gzip >"$dir/bomb.tar.gz"
refuses 3 "bomb" "a decompression bomb" -- "$dir/bomb.tar.gz" -o "oci:$dir/no"
truncate -s 40G "$dir/zero" && tar -C "$dir" -S -cf "$dir/holes.tar" zero
refuses 3 "GiB\|bomb" "a file of holes" -- "$dir/holes.tar" -o "oci:$dir/no"
[ ! -e "$dir/no/index.json" ] && [ ! -e "$dir/no.tar" ]
ok $? "nothing was written where it was refused"
if command -v perl >/dev/null; then
  perl -MIO::Socket::UNIX -e 'chdir shift; IO::Socket::UNIX->new(Local => "s", Listen => 1) or die' "$dir/wh" && rm "$dir/wh/.wh.passwd"
  pack "$dir/wh" -o "oci:$dir/sock" && grep -q "1 socket is left out" "$dir/err"
  ok $? "a socket is left out, and said so"
fi

# ---- damaged images, by whichever command reads them ----
if "$SHUCK" help audit >/dev/null 2>&1; then
  layer=$(ls -S "$dir"/oci-two/blobs/sha256/* | head -n 1)
  printf x | dd of="$layer" bs=1 seek=100 conv=notrunc 2>/dev/null
  "$SHUCK" audit "oci:$dir/oci-two" >"$dir/out" 2>"$dir/err"
  [ $? = 3 ] && grep -q "layer 0" "$dir/err"
  ok $? "exit 3: a layer with other content than its digest"
  rm "$layer"
  "$SHUCK" audit "oci:$dir/oci-two" >"$dir/out" 2>"$dir/err"
  [ $? = 3 ] && grep -q "layer 0" "$dir/err"
  ok $? "exit 3: a layer that is missing"
fi
echo "1..$n"
