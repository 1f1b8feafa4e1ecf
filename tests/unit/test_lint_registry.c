/* Every rule of Dockerfiles: its names are its own, and it describes itself in whole sentences. */
#include <string.h>

#include "base/map.h"
#include "lib/tap.h"
#include "lint/lint_rule.h"

/* Names elsewhere that stand for more than one rule here. */
static const struct {
    const char *alias, *rules; /* in the order of the registry */
} shared[] = {
    {"CIS-DI-0001", " DL3002 SHUCK-LINT-NO-USER"},
    {"CIS-DI-0008", " SHUCK-SETUID SHUCK-SETUID-KEPT"},
    {"CIS-DI-0010", " SHUCK-CREDENTIAL-FILE DL3064"},
    {"DKL-DI-0006", " DL3006 DL3007"},
    {"DS001", " DL3006 DL3007"},
    {"DS002", " DL3002 SHUCK-LINT-NO-USER"},
    {"DS031", " SHUCK-CREDENTIAL-FILE SHUCK-LOGIN DL3064"},
    {"MultipleInstructionsDisallowed", " DL3012 DL4003 DL4004"},
};

/* What Trivy, dockle and BuildKit check in Dockerfiles. */
static const char *const elsewhere[] = {
    "DS001",
    "DS002",
    "DS004",
    "DS005",
    "DS006",
    "DS007",
    "DS008",
    "DS009",
    "DS010",
    "DS011",
    "DS012",
    "DS013",
    "DS014",
    "DS015",
    "DS016",
    "DS017",
    "DS019",
    "DS020",
    "DS021",
    "DS022",
    "DS023",
    "DS024",
    "DS025",
    "DS026",
    "DS027",
    "DS029",
    "DS030",
    "DS031",
    "DS032",
    "CIS-DI-0001",
    "CIS-DI-0005",
    "CIS-DI-0006",
    "CIS-DI-0007",
    "CIS-DI-0008",
    "CIS-DI-0009",
    "CIS-DI-0010",
    "DKL-DI-0001",
    "DKL-DI-0002",
    "DKL-DI-0003",
    "DKL-DI-0004",
    "DKL-DI-0005",
    "DKL-DI-0006",
    "StageNameCasing",
    "FromAsCasing",
    "NoEmptyContinuation",
    "ConsistentInstructionCasing",
    "DuplicateStageName",
    "ReservedStageName",
    "JSONArgsRecommended",
    "MaintainerDeprecated",
    "UndefinedArgInFrom",
    "UndefinedVar",
    "WorkdirRelativePath",
    "MultipleInstructionsDisallowed",
    "LegacyKeyValueFormat",
    "InvalidBaseImagePlatform",
    "RedundantTargetPlatform",
    "SecretsUsedInArgOrEnv",
    "InvalidDefaultArgInFrom",
    "FromPlatformFlagConstDisallowed",
    "CopyIgnoredFile",
    "InvalidDefinitionDescription",
    "ExposeProtoCasing",
    "ExposeInvalidFormat",
};

static const struct rule_info *rule_at(size_t n)
{
    for (size_t i = 0; lint_families[i]; i++)
        for (size_t k = 0; lint_families[i][k]; k++)
            if (!n--)
                return &lint_families[i][k]->info;
    return NULL;
}

static const char *shared_by(const char *alias)
{
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
        if (!strcmp(shared[i].alias, alias))
            return shared[i].rules;
    return NULL;
}

static void test_names(struct arena *a)
{
    struct map ids = {.a = a}, aliases = {.a = a};
    const struct rule_info *r;
    for (size_t i = 0; (r = rule_at(i)); i++) {
        void **slot = map_at(&ids, str_of(r->id));
        ok(!*slot, "%s: no other rule has this id", r->id);
        *slot = (void *)(uintptr_t)r;
        struct strs list = rule_aliases(a, r);
        ok(list.n < sizeof r->aliases / sizeof *r->aliases, "%s: room for one more name", r->id);
        for (size_t k = 0; k < list.n; k++) {
            struct str *rules = map_get(&aliases, list.v[k]);
            struct str *more = arena_new(a, struct str);
            *more = str_fmt(a, STR_F " %s", STR_A(rules ? *rules : (struct str){0}), r->id);
            *map_at(&aliases, list.v[k]) = more;
        }
    }
    for (size_t i = 0; (r = rule_at(i)); i++)
        for (size_t k = 0; k < sizeof r->aliases / sizeof *r->aliases && r->aliases[k]; k++) {
            const char *want = shared_by(r->aliases[k]);
            struct str all = *(struct str *)map_get(&aliases, str_of(r->aliases[k]));
            ok(!map_get(&ids, str_of(r->aliases[k])), "%s is no rule's id", r->aliases[k]);
            ok(want ? str_is(all, want) : str_eq(all, str_fmt(a, " %s", r->id)),
               "%s stands for what is meant:" STR_F, r->aliases[k], STR_A(all));
        }
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        ok(lint_rule_find(str_of(elsewhere[i])), "%s is known", elsewhere[i]);
}

static bool sentences(const char *text)
{
    return text && *text && text[strlen(text) - 1] == '.' && !strstr(text, "  ");
}

static void test_texts(void)
{
    const struct rule_info *r;
    for (size_t i = 0; (r = rule_at(i)); i++) {
        ok(strlen(r->title) < 64 && r->title[strlen(r->title) - 1] != '.', "%s: title", r->id);
        ok(sentences(r->why) && sentences(r->remedy), "%s: why and remedy are sentences", r->id);
        ok(!r->example || !strstr(r->example, "\n\n"), "%s: example", r->id);
    }
}

int main(void)
{
    struct arena a = {0};
    test_names(&a);
    test_texts();
    arena_free(&a);
    return done_testing();
}
