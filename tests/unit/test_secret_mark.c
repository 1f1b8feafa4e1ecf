/* test_secret_mark: what a report may tell of a secret. */
#include "lib/tap.h"
#include "secret/secret.h"

/* How many of so many values share what is told of the first. */
static unsigned alike(const char *kind, unsigned n)
{
    const struct secret_kind *k = secret_kind_named(str_of(kind));
    uint32_t first = secret_mark_told(k, secret_mark(STR("0")));
    unsigned same = 0;
    for (unsigned i = 1; i <= n; i++) {
        char text[16];
        snprintf(text, sizeof text, "%u", i);
        same += secret_mark_told(k, secret_mark(str_of(text))) == first;
    }
    return same;
}

/* Machines draw these, too, whatever they are called. */
static const char drawn_passwords[] = " azure-registry-key bitbucket-app-password htpasswd shadow ";

/* Every kind of the tables: a machine's, or told in eight bits. */
static void test_kinds(void)
{
    const struct secret_kind *k;
    unsigned drawn = 0, chosen = 0;
    for (size_t i = 0; (k = secret_kind_at(i)); i++) {
        bool all = secret_mark_told(k, 0xffffff) == 0x1000000;
        drawn += all;
        chosen += !all;
        if (all && !strstr(drawn_passwords, k->id) &&
            (k->named || k->own || str_has(str_of(k->title), STR("password"))))
            ok(false, "told: %s may be chosen by people", k->id);
    }
    ok(drawn > 50 && chosen > 50, "told: %u kinds are drawn, %u may be chosen", drawn, chosen);
}

int main(void)
{
    is_int(alike("github-token", 100000), 0, "told: tokens are told apart");
    unsigned same = alike("no-such-kind", 256000);
    ok(same > 900 && same < 1100, "told: of guesses every 256th stays (%u)", same);
    ok(secret_mark_told(NULL, 0) != 0, "told: never nothing");
    is_int(secret_mark(STR("a")), 0xca9781, "told: the same everywhere");
    test_kinds();
    return done_testing();
}
