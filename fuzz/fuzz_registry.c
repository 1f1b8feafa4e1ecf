/* fuzz_registry: any bytes as what a registry, a daemon or a login file says: names, challenges,
 * addresses, tokens, manifests. */
#include "image/address.h"
#include "image/challenge.h"
#include "image/credentials.h"
#include "image/manifest.h"
#include "image/tagged.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void read_addresses(struct arena *a, struct str text)
{
    static const struct address from = {true, STR_INIT("registry.example"), STR_INIT("/v2/")};
    struct address to, again;
    struct err e;
    if (address_follow(&from, text, &to, &e))
        return;
    /* what was read reads the same again */
    if (address_read(address_text(a, &to), &again, &e) || !str_eq(again.host, to.host) ||
        !str_eq(again.path, to.path) || again.tls != to.tls)
        abort();
    if (!address_allows(&from, &to, &e) && address_is_here(to.host))
        abort();
    address_is_kin(from.host, to.host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct str text = {(const char *)data, n}, token;
    struct reference r, again, name = {.host = STR("docker.io"), .repository = STR("library/a")};
    struct credentials_said said;
    struct credentials c;
    struct tagged t;
    struct digest config;
    struct err e;
    challenge_read(&a, text);
    address_escape(&a, text);
    read_addresses(&a, text);
    if (!challenge_token(&a, text, &token, &e) && memchr(token.p, '\n', token.n))
        abort();
    if (!reference_parse(&a, text, &r, &e) &&
        (reference_parse(&a, reference_text(&a, &r), &again, &e) || !str_eq(r.host, again.host) ||
         !str_eq(r.repository, again.repository)))
        abort();
    (void)!credentials_read(&a, text, &name, &said, &e);
    (void)!credentials_read_helper(&a, text, &c, &e);
    (void)!tagged_read_inspect(text, (struct str){0}, &name, &a, &t, &e);
    (void)!tagged_read_manifest(text, (struct str){0}, &a, &t, &config, &e);
    arena_free(&a);
    return 0;
}
