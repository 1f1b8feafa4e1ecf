/* kinds_cloud: keys of clouds and their services. */
#include "secret/kinds.h"

#define TOKEN "A-Za-z0-9_-"

static const struct secret_kind kinds[] = {
    {.id = "aws-access-key-id",
     .title = "AWS access key id",
     .pattern = "\\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\\b",
     .alphabet = "A-Z0-9",
     .least = 20,
     .most = 20,
     .entropy = 2.5,
     .yes = "aws_access_key_id = AKIAQ3EGRZJ7TLXW5VMN",
     .no = "AKIA2AAAAAAAAAAAAAAA"},
    {.id = "google-api-key",
     .title = "Google API key",
     .pattern = "\\bAIza[0-9A-Za-z_-]{35}",
     .alphabet = TOKEN,
     .least = 39,
     .most = 39,
     .entropy = 3,
     .yes = "key=AIzaSyD3k9Qm1xT7vB2nL5pR8wZ0cF4hJ6gY1uE",
     .no = "AIza-short"},
};

const struct secret_table secret_cloud = {kinds, sizeof kinds / sizeof *kinds};
