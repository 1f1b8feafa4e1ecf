#!/bin/bash
# Images that other programs keep: a Docker daemon that behaves in all ways, over its socket, and
# podman's and skopeo's storage, by stand-ins of these programs. Whatever happens, it ends, says what
# to do, and leaves nothing. (interop.t asks the real ones.)
cd "$(dirname "$0")/.." || exit 1
. tests/lib/shell.sh
unset DOCKER_HOST XDG_RUNTIME_DIR
export XDG_CACHE_HOME="$tmp/cache" TMPDIR="$tmp/work"
mkdir -p "$tmp/root/bin" "$tmp/work" "$tmp/bin"
echo '#!/bin/sh' >"$tmp/root/bin/run"
pack() { "$SHUCK" pack --quiet "$tmp/root" -o "$1" --entrypoint '["/bin/run"]' --user 5 >/dev/null || exit 1; }
pack "docker-archive:$tmp/web.tar:web:latest"
pack "oci-archive:$tmp/oci.tar:v1"
plain() { ! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$@"; }
empty() { ls -A "$tmp/work"; [ -z "$(ls -A "$tmp/work")" ]; }
# fails STATUS WORDS IMAGE
fails() {
  local got why=
  timeout 60 "$SHUCK" audit --no-cache "$3" >"$tmp/out.log" 2>"$tmp/err.log"
  got=$?
  [ $got = "$1" ] || why="$why status-$got"
  grep -qF -- "$2" "$tmp/err.log" || why="$why words"
  plain "$tmp/err.log" || why="$why control-characters"
  [ "$(wc -l <"$tmp/err.log")" = 1 ] || why="$why lines"
  [ ! -s "$tmp/out.log" ] || why="$why output"
  empty >/dev/null || why="$why left"
  [ -z "$why" ]
  ok $? "$3: $2${why:+ but$why}"
  [ -z "$why" ] || sed 's/^/# /' "$tmp/err.log" | cut -c1-300
}

# ---- a folder that is skopeo's own ----
mkdir "$tmp/blobs"
printf 'Directory Transport Version: 1.1\n' >"$tmp/blobs/version"
fail_blobs() { fails 3 "is what skopeo keeps under dir:, blobs and no root file system; make a layout of it: skopeo copy dir:$tmp/blobs oci:OUT" "$1"; }
check "a file called version says nothing by itself" "$SHUCK" audit --no-cache --fail-on never "dir:$tmp/blobs"
echo '{"schemaVersion":2}' >"$tmp/blobs/manifest.json"
fail_blobs "dir:$tmp/blobs"
fail_blobs "$tmp/blobs"
printf '1.1\n' >"$tmp/blobs/version"
check "nor one that says something else" "$SHUCK" audit --no-cache --fail-on never "$tmp/blobs"

# ---- a Docker daemon ----
socket=$tmp/s
export DOCKER_HOST="unix://$socket"
fails 4 "no Docker daemon answers at $socket (No such file or directory): start it, or name its socket" docker-daemon:web
perl tests/lib/daemon.pl "$socket" "$tmp/web.tar" >"$tmp/daemon.log" 2>&1 &
daemon=$!
trap 'kill $daemon; chmod -R u+rwX "$tmp"; rm -rf "$tmp"' EXIT
for i in $(seq 50); do [ -S "$socket" ] && break; sleep 0.1; done
"$SHUCK" audit --no-cache --all --fail-on never "$tmp/web.tar" | sed 's/^.*web\.tar/IMAGE/; s/a docker archive/SOURCE/' >"$tmp/first"
same() { "$SHUCK" audit --no-cache --all --fail-on never "$1" | sed "s/^.*$1/IMAGE/; s/a Docker daemon/SOURCE/" | diff "$tmp/first" -; }
check "docker-daemon:NAME means its tag latest, not all of its tags" same docker-daemon:web
check "docker-daemon:NAME:TAG" same docker-daemon:web:v1
DOCKER_HOST= XDG_RUNTIME_DIR=$tmp check "a daemon without root" eval 'ln -s s "$tmp/docker.sock"; [ -S /var/run/docker.sock ] || same docker-daemon:web'
fails 3 "the Docker daemon has no such image; docker images lists what it has" docker-daemon:absent:v1
fails 4 "answers with status 500: the disk is on \\x1b[31mfire" docker-daemon:broken
fails 4 "answers with status 403: no \\x1b[2Jentry" docker-daemon:denied
fails 4 "ended its answer early, after 0 bytes" docker-daemon:hangup
fails 4 "ended its answer early, after 3000 bytes" docker-daemon:cut
fails 3 "docker-daemon:short: " docker-daemon:short
fails 3 "no tar archive" docker-daemon:garbage
fails 3 "what the Docker daemon says of it" docker-daemon:nojson
fails 3 "more than 8 MiB of text" docker-daemon:flood
fails 4 "asking the Docker daemon" docker-daemon:nonsense
for name in 'a b' '../../containers/json?' 'x%2f' "$(printf 'a\nb')" 'a?b#c'; do
  "$SHUCK" audit "docker-daemon:$name" 2>"$tmp/err.log" >&2
  [ $? = 2 ] && grep -q "is no name of an image" "$tmp/err.log"
  ok $? "no name: $(printf %q "$name")"
done
DOCKER_HOST=tcp://10.0.0.1:2375 fails 2 "DOCKER_HOST is tcp://10.0.0.1:2375; only a daemon on this machine" docker-daemon:web
DOCKER_HOST=unix://$tmp/root fails 4 "no Docker daemon answers at $tmp/root (Connection refused)" docker-daemon:web
DOCKER_HOST=unix://$(printf 'x%.0s' $(seq 300)) fails 4 "Docker daemon" docker-daemon:web
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  chmod 600 "$socket"
  chmod 777 "$tmp/work"
  check "no permission" eval 'setpriv --reuid 65534 --clear-groups "$SHUCK" audit docker-daemon:web 2>"$tmp/err.log"; test $? = 4 && grep -q "as a member of the group docker" "$tmp/err.log"'
fi
(trap '' XFSZ; ulimit -f 8192; fails 4 "keeping it (set TMPDIR to a folder with more room)" docker-daemon:endless; exit $test_bad) || test_bad=1
test_n=$((test_n + 1))
"$SHUCK" audit docker-daemon:stalled >"$tmp/out.log" 2>"$tmp/err.log" &
pid=$!
sleep 0.5
kill -TERM $pid
wait $pid
check "interrupted while it waits, nothing is left" eval 'test $? = 143; empty'
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
  cat >"$tmp/small" <<'S'
mount -t tmpfs -o size=300m none "$1/work" && exec timeout 60 "$2" audit docker-daemon:endless
S
  unshare --mount sh "$tmp/small" "$tmp" "$SHUCK" 2>"$tmp/err.log"
  check "endless: it ends while there is room on the disk" grep -q "no room for it: after .* MB are free where TMPDIR is" "$tmp/err.log"
fi

# ---- podman's storage ----
stand_in() { # PROGRAM SCRIPT
  printf '#!/bin/sh\n%s\n' "$2" >"$tmp/bin/$1"
  chmod 755 "$tmp/bin/$1"
}
storage() { PATH="$tmp/bin" "$SHUCK" audit --no-cache --all --fail-on never "$@"; }
question='image inspect --format {{.ManifestType}} -- web'
stand_in podman "case \"\$*\" in '$question:v1') echo application/vnd.oci.image.manifest.v1+json;; 'save --quiet --uncompressed --format oci-archive --output '*'/image.tar -- web:v1') /bin/cp $tmp/oci.tar \"\$7\";; *) echo \"\$*\"; exit 9;; esac"
check "containers-storage:NAME by podman" eval 'storage containers-storage:web:v1 && empty'
stand_in podman "case \"\$*\" in '$question') echo application/vnd.docker.distribution.manifest.v2+json;; 'save --quiet --uncompressed --format docker-archive --output '*'/image.tar -- web') /bin/cp $tmp/web.tar \"\$7\";; *) echo \"\$*\"; exit 9;; esac"
check "one in Docker's format" eval 'storage containers-storage:web && empty'
stand_in podman "case \"\$1\" in image) echo application/vnd.docker; exit 3;; *) [ \"\$5\" = oci-archive ] && /bin/cp $tmp/oci.tar \"\$7\";; esac"
check "one whose format nobody says" eval 'storage containers-storage:web && empty'
stand_in podman 'echo "Error: no: image not known" >&2; exit 125'
storage containers-storage:web 2>"$tmp/err.log"
check "no such image" eval 'grep -q "podman has no such image for this user" "$tmp/err.log"'
stand_in podman 'echo first; printf "Error: \033[31mred\n" >&2; exit 125'
storage containers-storage:web 2>"$tmp/err.log"
check "another failure" eval 'grep -qF "podman save ends with status 125: Error: \x1b[31mred" "$tmp/err.log" && empty'
stand_in podman 'exit 0'
storage containers-storage:web 2>"$tmp/err.log"
check "a program that makes nothing" eval 'grep -q "image.tar: No such file" "$tmp/err.log" && empty'
stand_in podman '[ "$1" = image ] || echo garbage >"$7"'
storage containers-storage:web 2>"$tmp/err.log"
check "or garbage" eval 'grep -q "no tar archive" "$tmp/err.log" && empty'
for step in image save; do
  stand_in podman "[ \$1 = $step ] || exit 0; /bin/touch \"\$TMPDIR/more\"; echo \$\$ >$tmp/podman.pid; exec /bin/sleep 300"
  rm -f "$tmp/podman.pid"
  PATH="$tmp/bin" "$SHUCK" audit containers-storage:web >/dev/null 2>&1 &
  pid=$!
  for i in $(seq 50); do [ -s "$tmp/podman.pid" ] && break; sleep 0.1; done
  kill -TERM $pid
  wait $pid
  check "interrupted at podman $step: neither the folder nor the program is left" eval 'for i in $(seq 50); do empty >/dev/null && break; sleep 0.1; done; empty && test -s "$tmp/podman.pid" && ! kill -0 "$(cat "$tmp/podman.pid")"'
done
if [ ! -x /usr/bin/podman ] && [ ! -x /usr/bin/skopeo ]; then
  rm "$tmp/bin/podman"
  storage containers-storage:web 2>"$tmp/err.log"
  check "neither program is here" grep -q "neither podman nor skopeo is here" "$tmp/err.log"
fi
stand_in skopeo "case \"\$*\" in 'copy --quiet --insecure-policy containers-storage:[vfs@/x]web oci-archive:'*) /bin/cp $tmp/oci.tar \"\${5#oci-archive:}\";; *) echo \"\$*\"; exit 9;; esac"
check "a name for skopeo alone" eval 'storage "containers-storage:[vfs@/x]web" && empty'
stand_in skopeo "case \"\$*\" in 'inspect --raw containers-storage:[vfs@/x]web') echo '{\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\"}';; 'copy --quiet --insecure-policy containers-storage:[vfs@/x]web docker-archive:'*) /bin/cp $tmp/web.tar \"\${5#docker-archive:}\";; *) echo \"\$*\"; exit 9;; esac"
check "in Docker's format" eval 'storage "containers-storage:[vfs@/x]web" && empty'
check "nothing is left" empty
done_testing
