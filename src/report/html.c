/* html: text → escaped HTML; the frame and the styles of a page.
 *
 * Invariants
 * 1. Nothing of an image reaches the page but through html_text(). (test_road_report: escaped)
 * 2. The page names no other address: no link, image, font or script. (test_road_report: alone)
 */
#include "report/html.h"

#include "base/safe.h"

static const char style[] =
    ":root{color-scheme:light "
    "dark;--bg:#fbfaf8;--card:#fff;--ink:#1c1b19;--soft:#6a665f;--line:#e4e0d8;"
    "--good:#14713d;--goodbg:#e2f3e8;--bad:#a3211b;--badbg:#fbe6e3;--mid:#7a5200;--midbg:#fcf0d4;"
    "--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace}"
    "@media(prefers-color-scheme:dark){:root{--bg:#161513;--card:#201f1c;--ink:#ece8e0;--soft:#"
    "a29c91;"
    "--line:#37342f;--good:#7fd6a0;--goodbg:#173324;--bad:#ff9f95;--badbg:#44201d;--mid:#f0c66b;"
    "--midbg:#3b2f14}}"
    "*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);"
    "font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"DejaVu Sans\",sans-serif}"
    "main{max-width:66rem;margin:0 auto;padding:2rem 1.25rem 4rem}"
    "h1{font-size:1.9rem;line-height:1.2;margin:0 0 .25rem}h2{font-size:1.25rem;margin:2.75rem 0 "
    ".75rem}"
    "p{margin:.5rem "
    "0}.soft{color:var(--soft)}code,pre,.mono{font-family:var(--mono);font-size:.875em}"
    ".names{overflow-wrap:anywhere}.lead{font-size:1.15rem;max-width:46rem;margin:1rem 0}"
    ".cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;"
    "margin:1.5rem 0}"
    ".card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.9rem "
    "1rem}"
    ".card .label{color:var(--soft);font-size:.85rem}.card .was{color:var(--soft);font-size:.95rem}"
    ".card .is{font-size:1.5rem;font-weight:650;line-height:1.25}"
    ".grades{display:flex;align-items:center;gap:.5rem}.grade{display:inline-flex;min-width:3."
    "2rem;"
    "height:3.2rem;padding:0 .5rem;border-radius:.75rem;align-items:center;justify-content:center;"
    "font-size:1.6rem;font-weight:700}"
    ".good{color:var(--good)}.bad{color:var(--bad)}.mid{color:var(--mid)}"
    ".chip{display:inline-block;border-radius:.4rem;padding:.05rem .5rem;font-size:.85rem;"
    "font-weight:600;white-space:nowrap}"
    ".chip.good,.grade.good{background:var(--goodbg);color:var(--good)}"
    ".chip.bad,.grade.bad{background:var(--badbg);color:var(--bad)}"
    ".chip.mid,.grade.mid{background:var(--midbg);color:var(--mid)}"
    ".chip.none{background:transparent;color:var(--soft);font-weight:400;padding-left:0}"
    ".wide{overflow-x:auto;background:var(--card);border:1px solid "
    "var(--line);border-radius:.75rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.5rem .8rem;"
    "vertical-align:top;border-top:1px solid var(--line)}thead th{border-top:0;color:var(--soft);"
    "font-size:.85rem;font-weight:600}td.number,th.number{text-align:right;font-variant-numeric:"
    "tabular-nums;"
    "white-space:nowrap}td "
    ".why{display:block;color:var(--soft);font-size:.85rem;overflow-wrap:anywhere}"
    "tr.lost td:first-child{box-shadow:inset 3px 0 var(--good)}"
    "td.move{width:28%}tr.group th{padding:1.1rem .8rem .4rem;font-weight:650}"
    "tr.group .soft{font-weight:400;font-size:.85rem;margin-left:.35rem}ul{padding-left:1.25rem}"
    ".pair{display:grid;grid-template-columns:1fr 1fr;gap:.75rem;margin:.5rem 0 "
    "1.25rem}.pair>*{min-width:0}"
    ".term{background:#1d1c1a;color:#e9e4da;border-radius:.75rem;padding:.8rem 1rem;margin:0;"
    "overflow:auto;max-height:18rem;white-space:pre-wrap;overflow-wrap:anywhere}"
    "details{background:var(--card);border:1px solid "
    "var(--line);border-radius:.75rem;margin:.75rem 0}"
    "summary{cursor:pointer;padding:.6rem .8rem;font-weight:600}details .wide{border:0;border-top:"
    "1px solid "
    "var(--line);border-radius:0}footer{margin-top:3rem;color:var(--soft);font-size:.85rem}"
    "@media(max-width:40rem){main{padding:1.25rem .8rem "
    "3rem}h1{font-size:1.5rem}.pair{grid-template-columns:1fr}"
    "th,td{padding:.45rem .55rem}.stack thead{display:none}.stack tr{display:block;padding:.5rem 0;"
    "border-top:1px solid var(--line)}.stack tbody tr:first-child{border-top:0}.stack "
    "td{display:block;border:0;"
    "padding:.15rem .8rem}.stack td[data-label]{display:grid;"
    "grid-template-columns:5.5rem minmax(0,1fr)}.stack td[data-label]::before{"
    "content:attr(data-label);color:var(--soft);font-size:.85rem}.stack td.move{width:auto;"
    "font-weight:600;padding-bottom:.3rem}.stack tr.group{padding:0;background:var(--bg)}.stack "
    "tr.group th{display:block;border:0;padding:.7rem .8rem}.stack td.number{text-align:left}"
    "tr.lost td:first-child{box-shadow:none}}"
    "@media(min-width:40.01rem){.found th:first-child{width:7rem}.found th:nth-child(2){width:32%}"
    ".found th[colspan]{width:auto}td.move+td,td.move+td+td{width:29%}}"
    ".small .is{font-size:1.2rem}.pad{padding:0 .8rem}"
    "@media print{body{background:#fff}details{break-inside:avoid}}";

void html_begin(struct buf *b, struct str title)
{
    buf_addz(b, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
    html_text(b, title);
    buf_addz(b, "</title><style>");
    buf_addz(b, style);
    buf_addz(b, "</style></head><body><main>\n");
}

void html_end(struct buf *b)
{
    buf_addz(b, "</main></body></html>\n");
}

void html_text(struct buf *b, struct str s)
{
    buf_add(b, safe_html(b->a, s));
}

void html_textz(struct buf *b, const char *s)
{
    html_text(b, str_of(s));
}

void html_element(struct buf *b, const char *tag, const char *class, struct str text)
{
    buf_addf(b, class ? "<%s class=\"%s\">" : "<%s>", tag, class);
    html_text(b, text);
    buf_addf(b, "</%s>", tag);
}

void html_heading(struct buf *b, const char *id, const char *text)
{
    buf_addf(b, "\n<h2 id=\"%s\">", id);
    html_textz(b, text);
    buf_addz(b, "</h2>\n");
}
