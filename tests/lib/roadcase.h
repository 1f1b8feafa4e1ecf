/* roadcase: a small image's facts and plan → a filled struct road_report whose every text from
 * outside is the same. For unit tests only. */
#ifndef TESTS_ROADCASE_H
#define TESTS_ROADCASE_H

#include "lib/keepcase.h"
#include "prove/verdict.h"
#include "report/road_report.h"

struct roadcase {
    struct keepcase c;
    struct harden_plan plan;
    struct policy policy;
    struct audit_report audit;
    struct prove_report prove;
    struct facts_package package;
    struct road_evidence evidence;
    struct road_show show;
    struct str text;
    struct road_report report;
};

/* Every move, with the text as evidence. */
FIXTURE_FN void roadcase_prove(struct roadcase *r, struct arena *a)
{
    r->prove = (struct prove_report){
        .image = r->text, .platform = r->text, .user = r->text, .runtime = r->text, .ms = 1200};
    r->prove.results = arena_array(a, struct prove_result, prove_n_moves);
    for (size_t i = 0; i < prove_n_moves; i++)
        r->prove.results[r->prove.n_results++] =
            (struct prove_result){.move = &prove_moves[i],
                                  .permissive = (enum prove_verdict)(i % 4),
                                  .restricted = VERDICT_BLOCKED,
                                  .evidence = r->text,
                                  .restricted_evidence = r->text,
                                  .control_evidence = r->text,
                                  .credit = "image"};
    prove_grade(&r->prove);
}

/* An image with `n_files` files that are kept, the first of them named by the text's first 200
 * bytes without slashes. */
FIXTURE_FN void roadcase_open(struct roadcase *r, struct arena *a, struct str text, size_t n_files)
{
    struct err e = {0};
    struct fixture_entry *entries = arena_array(a, struct fixture_entry, n_files + 2);
    char *name = str_cstr(a, str_slice(text, 0, 200));
    for (size_t i = 0; name[i]; i++)
        name[i] = name[i] == '/' ? '_' : name[i];
    *r = (struct roadcase){.text = text};
    for (size_t i = 0; i < n_files; i++)
        entries[i] = (struct fixture_entry){"f", i ? str_fmt(a, "file-%zu", i).p : name,
                                            .mode = 0755, .content = "x"};
    keepcase_open(&r->c, a, entries,
                  "{\"Cmd\":[\"/file-1\"],\"Env\":[\"API_PASSWORD=hunter2secret\"]}");
    struct str all[] = {STR("/")};
    r->c.options.keep_paths = (struct strs){all, 1};
    keepcase_choose(&r->c);
    if (harden_plan(a, &r->c.facts, &r->c.keep, &r->c.trace, &(struct harden_config_options){0},
                    &r->plan, &e))
        fixture_die("plan", &e);
    *vec_push(a, &r->plan.remedies) = (struct harden_remedy){REMEDY_USER, text};
    rules_audit(a, &r->c.facts, &(struct audit_options){.policy = &r->policy}, &r->audit);
    roadcase_prove(r, a);
    r->package = (struct facts_package){.name = text, .version = text};
    *vec_push(a, &r->report.packages) = (struct harden_package){.package = &r->package, .bytes = 9};
    r->evidence = (struct road_evidence){text, text, text};
    r->show = (struct road_show){text, 200, 0, text, text};
    struct str *texts = arena_new(a, struct str);
    *texts = text;
    struct road_side side = {.name = text,
                             .user = text,
                             .base = text,
                             .audit = &r->audit,
                             .prove = &r->prove,
                             .files = n_files};
    struct road_report *o = &r->report;
    o->before = o->after = side;
    o->rounds = 1;
    o->original = &r->c.facts;
    o->plan = &r->plan;
    o->user_note = o->any_uid = o->runtime = o->platform = o->version = text;
    o->evidence = &r->evidence;
    o->shows = &r->show;
    o->n_evidence = o->n_shows = 1;
    o->doubts = o->written = (struct strs){texts, 1};
    o->ms = 2345;
}

FIXTURE_FN void roadcase_close(struct roadcase *r)
{
    keepcase_close(&r->c);
}

#endif
