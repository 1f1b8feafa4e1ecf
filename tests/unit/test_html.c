/* test_html: a report → a page that a hostile image cannot write to. */
#include "report/html.h"

#include "lib/roadcase.h"

static struct arena a;

static const char evil[] =
    "<script>alert(1)</script>\033[31m\" onload='x' &amp; <b> \xff\xe2\x80\xae"
    "</title></style></pre>";

static size_t count(struct str text, const char *what)
{
    size_t n = 0, at;
    for (; (at = str_find_str(text, str_of(what))) < text.n; n++)
        text = str_from(text, at + 1);
    return n;
}

static void test_escaped(void)
{
    struct roadcase r;
    roadcase_open(&r, &a, str_of(evil), 3);
    struct str page = report_road_html(&a, &r.report);
    ok(!str_has(page, STR("<script")) && !str_has(page, STR("<b>")), "escaped: no tag");
    ok(!str_has(page, STR("onload='")), "escaped: no attribute");
    ok(str_find(page, '\033') == page.n && str_find(page, '\xff') == page.n &&
           !str_has(page, STR("\xe2\x80\xae")),
       "escaped: no control, no broken character, no change of direction");
    is_int((long)count(page, "</title>"), 1, "escaped: no end of the title");
    is_int((long)count(page, "</style>"), 1, "escaped: no end of the styles");
    is_int((long)count(page, "</pre>"), 2, "escaped: no end of an answer");
    ok(count(page, "&lt;script&gt;") > prove_n_moves, "escaped: but all of it is there");
    ok(!str_has(page, STR("hunter2secret")), "escaped: no secret's value");
    roadcase_close(&r);
}

static void test_alone(void)
{
    struct roadcase r;
    roadcase_open(&r, &a, STR("plain"), 3);
    struct str page = report_road_html(&a, &r.report);
    static const char *const reach[] = {"://",     "src=",  "href=",  "url(",
                                        "@import", "<link", "<script"};
    for (size_t i = 0; i < sizeof reach / sizeof *reach; i++)
        ok(!str_has(page, str_of(reach[i])), "alone: no %s", reach[i]);
    is_int((long)count(page, "<table"), (long)count(page, "</table>"), "every table ends");
    is_int((long)count(page, "<tr"), (long)count(page, "</tr>"), "every row ends");
    ok(str_has(page, STR("What this does not cover")), "what was not compared is said");
    r.report.before.prove = r.report.after.prove = NULL;
    r.report.before.audit = r.report.after.audit = NULL;
    r.report.doubts.n = 0;
    page = report_road_html(&a, &r.report);
    ok(!str_has(page, STR("Attack moves")) && !str_has(page, STR("id=\"checks\"")),
       "what was not asked for has no section");
    ok(!str_has(page, STR("What this does not cover")), "nor has a doubt that is none");
    roadcase_close(&r);
}

static void test_cut(void)
{
    struct roadcase r;
    roadcase_open(&r, &a, STR("plain"), 1100);
    struct road_report *o = &r.report;
    const struct harden_package package = o->packages.v[0];
    for (size_t i = 0; i < 250; i++)
        *vec_push(&a, &o->packages) = package;
    struct str *many = arena_array(&a, struct str, 300);
    for (size_t i = 0; i < 300; i++)
        many[i] = str_fmt(&a, "/var/lib/written-%zu-x", i);
    o->written = (struct strs){many, 300};
    char *big = arena_alloc(&a, 10000);
    memset(big, 'y', 10000);
    r.show.was = (struct str){big, 10000};
    struct str page = report_road_html(&a, o);
    ok(count(page, "<td class=\"mono names\">/") == 1000 &&
           str_has(page, STR("100 more are in the JSON report")),
       "cut: kept files");
    ok(str_has(page, STR("51 smaller ones are in the JSON report")), "cut: packages");
    is_int((long)count(page, "/var/lib/written-"), 200, "cut: paths that are written to");
    ok(count(page, "yyyyyyyyyy") <= 5000 && str_has(page, STR("\xe2\x80\xa6</pre>")),
       "cut: an answer");
    roadcase_close(&r);
}

static void test_pieces(void)
{
    struct buf b = {.a = &a};
    html_element(&b, "p", "x", STR("1 < 2"));
    html_element(&b, "p", NULL, STR("&"));
    is_str(buf_str(&b), "<p class=\"x\">1 &lt; 2</p><p>&amp;</p>", "elements");
}

int main(void)
{
    test_escaped();
    test_alone();
    test_cut();
    test_pieces();
    fixture_end();
    arena_free(&a);
    return done_testing();
}
