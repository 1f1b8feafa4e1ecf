/* kinds_file: private keys, tokens that carry their own meaning, passwords in files and URLs. */
#include "secret/kinds.h"

static const struct secret_kind kinds[] = {
    {.id = "private-key",
     .title = "private key",
     .pattern = "-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----",
     .take = SECRET_PEM,
     .alphabet = "",
     .least = 64,
     .most = SECRET_REACH,
     .holds = secret_is_private_key,
     .critical = true,
     .yes = "-----BEGIN PRIVATE KEY-----\n"
            "MC4CAQAwBQYDK2VwBCIEIFJtHkX3Vw0bKpN1dyWQzZ8cC9l5mG7sT2uH4aE6rB0o\n"
            "-----END PRIVATE KEY-----\n",
     .no = "-----BEGIN PRIVATE KEY-----\nyour key here\n-----END PRIVATE KEY-----\n"},
    {.id = "json-web-token",
     .title = "JSON web token",
     .pattern = "\\bey[A-Za-z0-9_-]{12,}\\.ey[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{10}",
     .alphabet = "A-Za-z0-9_.-",
     .least = 40,
     .most = 8192,
     .holds = secret_is_jwt,
     .yes = "token: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJidWlsZCIsImV4cCI6NDEwMjQ0NDgwMH0."
            "c2lnbmF0dXJlLW9mLXRoZS10ZXN0",
     .no = "eyJub3QganNvbiBhdCBhbGw.eyJub3QganNvbiBhdCBhbGw.c2lnbmF0dXJlLW9mLXRoZS10ZXN0"},
    {.id = "url-password",
     .title = "password in a URL",
     .pattern = "\\b[a-z][a-z0-9+.-]{1,20}://[^\\s:/@\"'<>`?#]{1,64}:[^\\s/@\"'<>`?#]{3,128}@",
     .take = SECRET_BEFORE,
     .alphabet = "!$-.0-9;=A-~",
     .least = 3,
     .most = 128,
     .holds = secret_is_literal,
     .text_only = true,
     .yes = "postgres://app:h7Gq2mZ9vB@db:5432/app",
     .no = "postgres://app:$PASSWORD@db:5432/app"},
};

const struct secret_table secret_file = {kinds, sizeof kinds / sizeof *kinds};
