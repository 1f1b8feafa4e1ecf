#!/bin/bash
# Images that this machine keeps, asked by `shuck lint --pin local`: a Docker daemon and podman as stand-ins,
# the real ones, which pull from a registry of our own (tests/lib/registry.pl), and OCI layouts.
cd "$(dirname "$0")/.." || exit 1
. tests/lib/shell.sh
unset DOCKER_HOST XDG_RUNTIME_DIR DOCKER_CONFIG REGISTRY_AUTH_FILE
export HOME="$tmp/home" XDG_CACHE_HOME="$tmp/cache"
mkdir -p "$tmp/bin" "$tmp/home" "$tmp/registry"
socket=$tmp/s
export DOCKER_HOST="unix://$socket"
one=sha256:$(printf '1%.0s' $(seq 64)) two=sha256:$(printf '2%.0s' $(seq 64))
lint() { timeout 60 "$SHUCK" lint --no-shellcheck --only SHUCK-UNPINNED-BASE,InvalidBaseImagePlatform -f gnu "$@" >"$tmp/out.log" 2>"$tmp/err.log"; }
# is WORDS WHOM LINE WANTED [SAID]: what becomes of a Dockerfile, and what is said of it
is() {
  local why=
  printf '%s\n' "$3" >"$tmp/Dockerfile"
  lint --pin "$2" --fix --unsafe "$tmp/Dockerfile"
  [ "$(cat "$tmp/Dockerfile")" = "$4" ] || why="$why file"
  if [ -n "${5:-}" ]; then grep -qF -- "$5" "$tmp/err.log" || why="$why said"; else [ "$(wc -l <"$tmp/err.log")" = 1 ] || why="$why quiet"; fi
  LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$tmp/err.log" && why="$why control"
  [ -z "$why" ]
  ok $? "$1${why:+ but$why}"
  [ -z "$why" ] || sed 's/^/# /' "$tmp/Dockerfile" "$tmp/err.log" "$tmp/out.log" | cut -c1-300
}

# ---- a Docker daemon ----
refused 2 '--pin knows nobody called "docker" to ask, but local, registry and oci:DIR' lint --pin docker "$tmp/x"
refused 2 "--pin is for a rule that --compat hadolint leaves out" lint --pin local --compat hadolint "$tmp/x"
export PATH="$tmp/bin:/usr/bin:/bin"
stand_in() { printf '#!/bin/sh\n%s\n' "$2" >"$tmp/bin/$1" && chmod 755 "$tmp/bin/$1"; }
stand_in podman 'echo "Error: no such image" >&2; exit 125'
is "nobody is there but podman" local "FROM debian:12" "FROM debian:12" "nobody knows the digest of debian:12: no Docker daemon answers at $socket (No such file or directory): start it, or name its socket by DOCKER_HOST=unix://SOCKET; podman has no such image for this user"
cat >"$tmp/says" <<S
docker.io/library/debian:12 {"Id":"sha256:0","RepoTags":["debian:12"],"RepoDigests":["other@$two","debian@$one"],"Os":"linux","Architecture":"amd64"}
docker.io/library/debian:latest {"RepoDigests":["debian@$two"],"Os":"linux","Architecture":"amd64"}
registry.example:5000/a/b:1 {"RepoDigests":["registry.example:5000/a/b@$one"],"Descriptor":{"mediaType":"application/vnd.oci.image.index.v1+json"}}
registry.example:5000/a/single:1 {"RepoDigests":["registry.example:5000/a/single@$one"],"Descriptor":{"mediaType":"application/vnd.oci.image.manifest.v1+json"},"Os":"linux","Architecture":"amd64"}
docker.io/library/mine:1 {"RepoDigests":[],"Os":"linux","Architecture":"amd64"}
docker.io/library/null:1 {"RepoDigests":null}
docker.io/library/two:1 {"RepoDigests":["two@$one","two@$two"]}
docker.io/library/bad:1 {"RepoDigests":["bad@sha256:12"]}
docker.io/library/evil:1 {"RepoDigests":["evil@$one\nRUN evil","evil\u001b[31m@$one"]}
docker.io/library/list:1 []
S
perl tests/lib/daemon.pl "$socket" /dev/null "$tmp/says" >"$tmp/daemon.log" 2>&1 &
daemon=$!
perl tests/lib/registry.pl "$tmp/registry" >"$tmp/registry.log" 2>&1 &
registry=$!
trap 'kill $daemon $registry; chmod -R u+rwX "$tmp"; rm -rf "$tmp"' EXIT
for i in $(seq 100); do [ -S "$socket" ] && [ -s "$tmp/registry/port" ] && break; sleep 0.1; done
is "a daemon's digest" local "FROM debian:12 AS a # x" "FROM debian:12@$one AS a # x"
is "of the tag latest" local "FROM debian" "FROM debian@$two"
is "of another registry" local "FROM registry.example:5000/a/b:1" "FROM registry.example:5000/a/b:1@$one"
is "of one platform's image" local "FROM registry.example:5000/a/single:1" "FROM registry.example:5000/a/single:1@$one" "is of one platform's image; the Docker daemon here has no index of it"
is "built here" local "FROM mine:1" "FROM mine:1" "the Docker daemon here has it without a digest"
is "without digests" local "FROM null:1" "FROM null:1" "without a digest"
is "with two" local "FROM two:1" "FROM two:1" "it has more than one digest there, $one and $two"
is "with one that is none" local "FROM bad:1" "FROM bad:1" "without a digest"
is "with hostile ones" local "FROM evil:1" "FROM evil:1" "without a digest"
is "which is no image" local "FROM list:1" "FROM list:1" "is no description of an image"
is "which it does not have" local "FROM absent:1" "FROM absent:1" "the Docker daemon has no such image"
is "asked first, the daemon is asked alone" local,registry "FROM debian:12" "FROM debian:12@$one"
port=$(cat "$tmp/registry/port") here=127.0.0.1:$(cat "$tmp/registry/port")
index=sha256:$(sha256sum <"$tmp/registry/index" | cut -c1-64)
is "the next one is asked for what it does not have" local,registry "FROM $here/good/index:v1" "FROM $here/good/index:v1@$index"
check "whom --pin does not name is not asked" eval 'rm -f "$tmp/registry/log"; printf "FROM $here/good/index:v1\n" >"$tmp/Dockerfile"; lint "$tmp/Dockerfile"; lint --pin local "$tmp/Dockerfile"; test ! -e "$tmp/registry/log"'
printf 'FROM --platform=linux/arm64 mine:1\nFROM --platform=linux/arm64 debian:12\n' >"$tmp/Dockerfile"
lint --pin local "$tmp/Dockerfile"
check "what is only here is for no other platform" eval 'grep -qF "1:29: InvalidBaseImagePlatform" "$tmp/out.log" || grep -F "mine:1 is for linux/amd64, as the Docker daemon here has it, and linux/arm64 is asked for" "$tmp/out.log"; ! grep -F "debian:12 is for" "$tmp/out.log"'
# what nobody says is not asked for again
stand_in podman "echo x >>$tmp/calls; exit 125"
for i in 1 2 3; do printf 'FROM --platform=linux/arm64 null:1\n' >"$tmp/Dockerfile.$i"; done
lint --pin local "$tmp/Dockerfile.1"; once=$(wc -l <"$tmp/calls"); rm "$tmp/calls"
lint --pin local "$tmp/Dockerfile.1" "$tmp/Dockerfile.2" "$tmp/Dockerfile.3"
check "platforms that nobody knows are asked for once" [ "$once" -gt 0 -a "$(wc -l <"$tmp/calls")" = "$once" ]
stand_in podman 'echo "Error: no such image" >&2; exit 125'
printf 'FROM absent:1\n' >"$tmp/Dockerfile"; cp "$tmp/Dockerfile" "$tmp/Dockerfile.2"
lint --pin local --ignore SHUCK-UNPINNED-BASE "$tmp/Dockerfile" "$tmp/Dockerfile.2"
check "what nobody knows is noted once, and the exit status is 0" eval 'test $? = 0; cat "$tmp/err.log"; [ "$(grep -c "nobody knows the digest of absent:1" "$tmp/err.log")" = 1 ]'
lint --pin local --ignore SHUCK-UNPINNED-BASE "$tmp/Dockerfile"
check "which is as it was" test $? = 0

# ---- podman ----
rm "$socket"
says() { stand_in podman "[ \"\$*\" = 'image inspect -- docker.io/library/debian:12' ] || exit 9; cat <<'S'
$1
S"; }
says "[{\"Digest\":\"$two\",\"RepoDigests\":[\"docker.io/library/debian@$one\",\"docker.io/library/debian@$two\"],\"Os\":\"linux\",\"Architecture\":\"amd64\"}]"
is "the digest that podman pulled it by" local "FROM debian:12" "FROM debian:12@$two"
stand_in skopeo "[ \"\$*\" = 'inspect --raw containers-storage:docker.io/library/debian:12' ] || exit 9; cat $tmp/registry/single"
single=sha256:$(sha256sum <"$tmp/registry/single" | cut -c1-64)
says "[{\"Digest\":\"$single\",\"RepoDigests\":[\"docker.io/library/debian@$one\",\"docker.io/library/debian@$single\"]}]"
is "or by what skopeo has no manifest of" local "FROM debian:12" "FROM debian:12@$one"
says "[{\"Digest\":\"$two\",\"RepoDigests\":[\"docker.io/library/debian@$one\",\"docker.io/library/debian@$two\",\"docker.io/library/debian@$single\"]}]"
is "or none of more" local "FROM debian:12" "FROM debian:12" "it has more than one digest there, $one and $two"
stand_in skopeo 'exit 1'
says "[{\"Digest\":\"$two\",\"RepoDigests\":[\"docker.io/library/debian@$two\",\"localhost/debian@$one\"]}]"
is "or the only one" local "FROM debian:12" "FROM debian:12@$two" "debian:12: its digest is of one platform's image; podman here has no index of it"
says '[{]'
is "or nothing" local "FROM debian:12" "FROM debian:12" "what podman says of it"
if [ ! -x /usr/bin/podman ]; then
  rm "$tmp/bin/podman"
  is "nobody is there" local "FROM debian:12" "FROM debian:12" "podman is not here"
fi

printf 'FROM a:1\nFROM b:1\n' >"$tmp/Dockerfile"
lint --pin local "$tmp/Dockerfile"
check "a daemon that is not there is said once" eval '[ "$(grep -c "no Docker daemon answers" "$tmp/err.log")" = 1 ] && [ "$(grep -c "nobody knows" "$tmp/err.log")" = 2 ]'

# ---- a layout ----
mkdir -p "$tmp/layout/blobs/sha256"
cp "$tmp/registry/index" "$tmp/layout/blobs/sha256/${index#sha256:}"
layout() { printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.index.v1+json","size":%d,"digest":"%s","annotations":{"org.opencontainers.image.ref.name":"%s"}}]}' "$(wc -c <"$tmp/registry/index")" "${2:-$index}" "$1" >"$tmp/layout/index.json"; }
layout docker.io/library/debian:12
is "a layout's digest" "oci:$tmp/layout" "FROM debian:12" "FROM debian:12@$index"
is "of another tag" "oci:$tmp/layout" "FROM debian:13" "FROM debian:13" "has no image of that name"
layout debian:12 "$one"
is "whose blob is not there" "oci:$tmp/layout" "FROM debian:12" "FROM debian:12" "the layout $tmp/layout: "
cp "$tmp/registry/index" "$tmp/layout/blobs/sha256/${one#sha256:}"
is "or another" "oci:$tmp/layout" "FROM debian:12" "FROM debian:12" "holds other bytes"
is "which is not there" "oci:$tmp/absent" "FROM debian:12" "FROM debian:12" "No such file"

# ---- the real ones ----
need() {
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin command -v "$1" >/dev/null && [ "$(id -u)" = 0 ] && return
  test_n=$((test_n + 1))
  if [ -n "${SHUCK_MUST:-}" ]; then echo "not ok $test_n - $1 is here"; test_bad=1; else echo "ok $test_n # skip $1 is not here, or we are not root"; fi
  return 1
}
rm -f "$tmp/bin/podman" "$tmp/bin/skopeo"
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
if need podman; then
  mkdir -p "$tmp/containers"
  printf '[storage]\ndriver = "vfs"\ngraphroot = "%s/podman"\nrunroot = "%s/podman-run"\n' "$tmp" "$tmp" >"$tmp/containers/storage.conf"
  export CONTAINERS_STORAGE_CONF="$tmp/containers/storage.conf"
  check "podman pulls from our registry" podman pull -q --tls-verify=false "$here/good/index:v1"
  is "and knows the index" local "FROM $here/good/index:v1" "FROM $here/good/index:v1@$index"
fi
if need dockerd; then
  cat >"$tmp/in-docker" <<'S'
ip link set lo up
perl tests/lib/registry.pl "$1/registry2" >"$1/registry2.log" 2>&1 &
registry=$!
dockerd --data-root "$1/docker" --exec-root "$1/docker-run" --pidfile "$1/docker.pid" --host "unix://$1/docker.sock" \
  --iptables=false --ip6tables=false --bridge=none --storage-driver vfs >"$1/dockerd.log" 2>&1 &
export DOCKER_HOST="unix://$1/docker.sock"
for i in $(seq 100); do docker version >/dev/null 2>&1 && [ -s "$1/registry2/port" ] && break; sleep 0.1; done
name=127.0.0.1:$(cat "$1/registry2/port")/good/index:v1
docker pull -q "$name"
echo "FROM $name" >"$1/Dockerfile"
"$SHUCK" lint --no-shellcheck --pin local --fix --unsafe --only SHUCK-UNPINNED-BASE "$1/Dockerfile"
kill "$(cat "$1/docker.pid")" $registry
wait
S
  mkdir "$tmp/registry2"
  SHUCK=$SHUCK unshare --net --mount sh "$tmp/in-docker" "$tmp" >"$tmp/docker.log" 2>&1
  check "docker pulls from our registry, and knows the index" grep -x "FROM 127.0.0.1:[0-9]*/good/index:v1@$index" "$tmp/Dockerfile"
  [ "$test_bad" = 0 ] || { sed 's/^/# /' "$tmp/docker.log"; tail -n 5 "$tmp/dockerd.log" | sed 's/^/# /'; }
fi
done_testing
