#!/bin/bash
# The field's tools take what shuck writes: skopeo, umoci, podman, docker (its daemon started here, in a
# network of its own), and crane when $PEERS/bin has it. The hardened nginx serves its page under docker.
cd "$(dirname "$0")/.." || exit 1
. tests/lib/shell.sh
need_sandbox
export PATH="${PEERS:+$PEERS/bin:}$PATH"

need() { # PROGRAM: or the test of it is skipped, which CI does not allow
  command -v "$1" >/dev/null && return
  test_n=$((test_n + 1))
  if [ -n "${SHUCK_MUST:-}" ]; then echo "not ok $test_n - $1 is here"; test_bad=1; else echo "ok $test_n # skip $1 is not here"; fi
  return 1
}

mkdir -p "$tmp/root/bin" "$tmp/root/etc"
printf 'int main(void) { return 7; }' | gcc -x c - -O1 -static -o "$tmp/root/bin/seven"
echo hello >"$tmp/root/etc/hello"
ln "$tmp/root/etc/hello" "$tmp/root/etc/again"
ln -s hello "$tmp/root/etc/link"
pack() { "$SHUCK" pack --quiet "$tmp/root" -o "$1" --entrypoint '["/bin/seven"]' --user 5678 --label a=b "${@:2}"; }
check "pack writes an OCI layout" pack "oci:$tmp/layout:v1"
check "pack writes an OCI archive" pack "oci-archive:$tmp/oci.tar:v1"
check "pack writes a docker-archive" pack "docker-archive:$tmp/docker.tar:seven:v1"
check "and zstd layers" pack "oci:$tmp/zstd:v1" --compression zstd

if need skopeo; then
  for image in "oci:$tmp/layout:v1" "oci-archive:$tmp/oci.tar:v1" "docker-archive:$tmp/docker.tar:seven:v1" "oci:$tmp/zstd:v1"; do
    check "skopeo reads ${image%%:*}" skopeo inspect --config "$image"
  done
  check "skopeo copies to a docker-archive" skopeo copy -q --insecure-policy "oci:$tmp/layout:v1" "docker-archive:$tmp/copied.tar:seven:v2"
  check "which shuck reads" "$SHUCK" audit --fail-on never "docker-archive:$tmp/copied.tar"
  check "skopeo copies to an OCI archive" skopeo copy -q --insecure-policy "oci:$tmp/layout:v1" "oci-archive:$tmp/copied-oci.tar:v2"
  check "which shuck reads" "$SHUCK" audit --fail-on never "oci-archive:$tmp/copied-oci.tar"
fi
if need umoci; then
  check "umoci unpacks the layout" umoci raw unpack --rootless --image "$tmp/layout:v1" "$tmp/unpacked"
  check "with the same files" diff -r "$tmp/root" "$tmp/unpacked"
fi
if command -v crane >/dev/null; then
  check "crane validates the docker-archive" crane validate --tarball "$tmp/docker.tar"
fi

# The road's second image: dynamic, unprepared.
nginx_image() {
  mmdebstrap --quiet --variant=minbase --include=nginx-light bookworm "$tmp/nginx.tar" &&
    "$SHUCK" pack --quiet "$tmp/nginx.tar" -o "docker-archive:$tmp/nginx-fat.tar:nginx:fat" \
      --entrypoint '["/usr/sbin/nginx","-g","daemon off;"]' --expose 80/tcp &&
    "$SHUCK" harden --quiet "docker-archive:$tmp/nginx-fat.tar" -o "docker-archive:$tmp/nginx.small.tar:nginx:small" --http GET:/
}
check "nginx on Debian is hardened" nginx_image

if [ "$(id -u)" = 0 ] && need podman; then
  podman() { command podman --root "$tmp/podman" --runroot "$tmp/podman-run" --storage-driver vfs "$@"; }
  check "podman loads the docker-archive" podman load -q -i "$tmp/docker.tar"
  check "podman loads the OCI archive" podman load -q -i "$tmp/oci.tar"
  check "podman knows its user" eval 'podman image inspect seven:v1 --format "{{.Config.User}}" | grep -x 5678'
  printf 'FROM scratch\nCOPY . /\nHEALTHCHECK CMD ["/bin/seven"]\nUSER 5678\nCMD ["/bin/seven"]\n' >"$tmp/Dockerfile"
  printf '[storage]\ndriver = "vfs"\ngraphroot = "%s"\nrunroot = "%s"\n' "$tmp/podman" "$tmp/podman-run" >"$tmp/storage.conf"
  for format in docker oci; do
    check "podman builds in the format $format" podman build -q --format $format --annotation org.opencontainers.image.base.name=kept/base:1 -t kept:$format -f "$tmp/Dockerfile" "$tmp/root"
    for name in "kept:$format" "[vfs@$tmp/podman+$tmp/podman-run]localhost/kept:$format"; do
      CONTAINERS_STORAGE_CONF="$tmp/storage.conf" "$SHUCK" audit --no-cache --fail-on never --format json "containers-storage:$name" >"$tmp/kept.$format.json"
      case $format in
      docker) check "its own format kept, shuck reads the health check: $name" grep '"evidence": "runs /bin/seven"' "$tmp/kept.docker.json";;
      oci) check "its own format kept, shuck reads the annotation: $name" eval 'grep "\"name\": \"kept/base:1\"" "$tmp/kept.oci.json" && grep "This image is in OCI format" "$tmp/kept.oci.json"';;
      esac
    done
  done
fi

if [ "$(id -u)" = 0 ] && need dockerd; then
  cat >"$tmp/in-docker" <<'S'
ip link set lo up
dockerd --data-root "$1/docker" --exec-root "$1/docker-run" --pidfile "$1/docker.pid" --host "unix://$1/docker.sock" \
  --iptables=false --ip6tables=false --bridge=none --storage-driver vfs >"$1/dockerd.log" 2>&1 &
export DOCKER_HOST="unix://$1/docker.sock"
for i in $(seq 100); do docker version >/dev/null 2>&1 && break; sleep 0.1; done
docker load -q -i "$1/docker.tar" && docker run --rm --network none seven:v1; echo "seven $?"
docker load -q -i "$1/nginx.small.tar" && docker run -d --name small --network host nginx:small
for i in $(seq 50); do curl -s http://localhost/ -o "$1/page" && break; sleep 0.1; done
grep -o 'Welcome to nginx!' "$1/page" | head -n 1
docker rm -f small >/dev/null
kill "$(cat "$1/docker.pid")"
wait
S
  unshare --net --mount sh "$tmp/in-docker" "$tmp" >"$tmp/docker.log" 2>&1
  check "docker loads and runs the small image" grep -x "seven 7" "$tmp/docker.log"
  check "docker runs the hardened nginx, which serves its page" grep "Welcome to nginx!" "$tmp/docker.log"
  [ "$test_bad" = 0 ] || sed 's/^/# /' "$tmp/docker.log"
fi
done_testing
