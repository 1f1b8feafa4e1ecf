/* lint_paths: what a user names → the Dockerfiles that are meant, and what stands beside them. */
#ifndef ROAD_LINT_PATHS_H
#define ROAD_LINT_PATHS_H

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

struct lint_paths VEC(struct str);

/* Adds a path, or with `recursive` the Dockerfiles in the folder it names and below. What cannot be
 * looked at is told to `complain`; the rest is found all the same. Symlinks in folders are not
 * followed; .git and node_modules are passed over. */
void lint_paths_add(struct arena *a, struct str path, bool recursive,
                    void (*complain)(void *ctx, const struct err *e), void *ctx,
                    struct lint_paths *to);

/* Whether a file of this name is a Dockerfile: Dockerfile, Dockerfile.web, web.Dockerfile,
 * Containerfile. */
bool lint_paths_is_dockerfile(struct str name);

/* The text of FILE.dockerignore or else .dockerignore beside the file; none: empty. */
struct str lint_paths_dockerignore(struct arena *a, struct str path);

/* The configuration file to read: .hadolint.yaml in the current folder, then in the user's. Empty:
 * none. `home` and `config_home` are $HOME and $XDG_CONFIG_HOME, or empty. */
struct str lint_paths_config(struct arena *a, struct str home, struct str config_home);

#endif
