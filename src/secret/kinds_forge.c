/* kinds_forge: tokens of code forges and package registries. */
#include "secret/kinds.h"

static const struct secret_kind kinds[] = {
    {.id = "github-token",
     .title = "GitHub token",
     .pattern = "\\bgh[pousr]_[A-Za-z0-9]{36}",
     .alphabet = "A-Za-z0-9_",
     .least = 40,
     .most = 255,
     .entropy = 3,
     .critical = true,
     .yes = "GITHUB_TOKEN=ghp_x7Kq2mZ9vB4nL6pR8wT1cF3hJ5gY0uE2sD4a",
     .no = "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
};

const struct secret_table secret_forge = {kinds, sizeof kinds / sizeof *kinds};
