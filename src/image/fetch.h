/* fetch: an image that a program on this machine keeps → an archive of it, in a file without a name
 * that is gone when its descriptor is closed. */
#ifndef IMAGE_FETCH_H
#define IMAGE_FETCH_H

#include "image/image.h"

/* docker-daemon:NAME over the daemon's socket (Docker Engine API, "Export an image"): a
 * docker-archive. Where the socket is: $DOCKER_HOST, else /var/run/docker.sock, else docker.sock in
 * $XDG_RUNTIME_DIR. */
int fetch_daemon(const struct image_name *name, int *ret, struct err *e) MUST_USE;

/* What that daemon says of an image ("Inspect an image"), as JSON; nothing is fetched.
 * ERR_INPUT: NAME is none that a daemon can be asked for (it comes from a file, so it is not
 * ERR_USAGE), the daemon has no such image, or its answer is too long. ERR_MACHINE: there is no
 * daemon, it fails, or goes silent. ERR_USAGE: $DOCKER_HOST is no socket. */
int fetch_daemon_says(struct str name, struct arena *a, struct str *json, struct err *e) MUST_USE;

/* containers-storage:NAME by podman, else by skopeo: a docker-archive of an image in Docker's
 * format, else an OCI archive. Nobody else knows how a version of theirs keeps its images. */
int fetch_storage(const struct image_name *name, int *ret, struct err *e) MUST_USE;

#endif
