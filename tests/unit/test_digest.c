#include "base/digest.h"

#include "lib/tap.h"

int main(void)
{
    struct arena a = {0};
    struct err e = {0};
    struct digest empty = digest_of(STR("")), back;
    const char *text = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    is_str(digest_text(&a, &empty), text, "SHA-256 of nothing (FIPS 180-4)");
    ok(!digest_parse(str_of(text), &back, &e) && digest_eq(&back, &empty), "round");
    static const char *const bad[] = {
        "", "sha256:", "sha512:00", "sha256:E3", "e3b0c442",
        "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555",
        /* zeros */
        "sha256:0000000000000000000000000000000000000000000000000000000000000000"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        is_err(digest_parse(str_of(bad[i]), &back, &e), e, ERR_INPUT, "digest", "refused: %s",
               bad[i]);
    struct digest_state *s = digest_begin();
    digest_add(s, "a", 1);
    digest_add(s, "bc", 2);
    struct digest parts = digest_end(s), whole = digest_of(STR("abc"));
    ok(digest_eq(&parts, &whole), "in parts");
    arena_free(&a);
    return done_testing();
}
