/* ruletext: an image written as text → the audit of it.
 *
 * Its lines:
 *     user, env, label, cmd, entrypoint, arch, port, volume TEXT    of the config; cmd and
 *                                                     entrypoint as JSON
 *     set KEY JSON                                    of the config; "config.Shell" of what it runs
 *     annotate KEY TEXT                               of the manifest
 *     made DATE                                       when, by the config
 *     health JSON                                     Healthcheck.Test
 *     history TEXT, empty TEXT                        with a layer, without one
 *     base NAME, digest TEXT                          annotations
 *     trusted GLOB, expires DATE                      of .shuck.yaml
 *     layer                                           the next layer begins
 *     d PATH MODE, f PATH MODE UID:GID TEXT, l PATH TARGET, h PATH TARGET
 *     elf PATH MODE UID:GID MACHINE                   an ELF header
 *     big PATH BYTES                                  a file of that size
 *     cap PATH                                        a file with cap_net_raw
 */
#ifndef TESTS_RULETEXT_H
#define TESTS_RULETEXT_H

#include <elf.h>

#include "base/json.h"
#include "facts/facts.h"
#include "lib/fixture.h"
#include "rules/audit.h"
#include "rules/rule.h"

/* Made for this test: it opens nothing. */
#define PRIVATE_KEY                                                                                \
    "-----BEGIN PRIVATE KEY-----\\n"                                                               \
    "MC4CAQAwBQYDK2VwBCIEIFJtHkX3Vw0bKpN1dyWQzZ8cC9l5mG7sT2uH4aE6rB0o\\n"                          \
    "-----END PRIVATE KEY-----\\n"

#define PASSWD "f etc/passwd 644 0:0 root:x:0:0::/root:/bin/sh\\nweb:x:33:33::/:/bin/sh\\n\n"
#define APP    "elf app 755 0:0 62\nentrypoint [\"/app\"]\n"

#define APK(text) "f lib/apk/db/installed 644 0:0 " text "\n"

/* A base of a package and three programs that are none's, two of them where one's own belong. */
#define UNOWNED_BASE                                                                               \
    "elf usr/bin/known 755 0:0 62\nelf usr/bin/odd 755 0:0 62\nelf usr/local/bin/own 755 0:0 62\n" \
    "elf usr/lib/node_modules/x/y.so 755 0:0 62\n" APK("P:k\\nV:1\\nF:usr/bin\\nR:known\\n\\n")
#define UNOWNED_HISTORY                                                                            \
    "history /bin/sh -c #(nop) ADD file:0b1a in / \nempty /bin/sh -c #(nop)  CMD [\"sh\"]\n"       \
    "history COPY mine /usr/bin/ # buildkit\n"

enum { LAYERS = 4, ENTRIES = 32, TODAY = 10957 /* 2000-01-01 */ };

struct maker {
    struct arena *a;
    struct fixture_entry entries[LAYERS][ENTRIES];
    struct fixture_layer layers[LAYERS + 1];
    size_t layer, entry, names;
    json_t *config, *history, *more;
    const char *arch;
    struct str made;
    struct str_pairs annotations;
    struct policy policy;
};

static json_t *parsed(struct str text)
{
    json_error_t why;
    json_t *j = json_loadb(text.p, text.n, JSON_DECODE_ANY, &why);
    if (!j)
        fixture_die(why.text, NULL);
    return j;
}

static void push(json_t *config, const char *key, json_t *value)
{
    json_t *list = json_object_get(config, key);
    if (!list)
        json_object_set_new(config, key, list = json_array());
    json_array_append_new(list, value);
}

static char *unescaped(struct arena *a, struct str s)
{
    struct buf b = {.a = a};
    for (size_t i = 0; i < s.n; i++) {
        bool newline = s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == 'n';
        buf_addc(&b, newline ? '\n' : s.p[i]);
        i += newline;
    }
    return str_cstr(a, buf_str(&b));
}

static struct str elf_header(struct arena *a, uint64_t machine)
{
    Elf64_Ehdr *h = arena_new(a, Elf64_Ehdr);
    memcpy(h->e_ident, ELFMAG, SELFMAG);
    h->e_ident[EI_CLASS] = ELFCLASS64;
    h->e_ident[EI_DATA] = ELFDATA2LSB;
    h->e_ident[EI_VERSION] = EV_CURRENT;
    h->e_version = EV_CURRENT;
    h->e_type = ET_EXEC;
    h->e_machine = (uint16_t)machine;
    h->e_ehsize = sizeof *h;
    h->e_phentsize = sizeof(Elf64_Phdr);
    return (struct str){(const char *)h, sizeof *h};
}

static void add_entry(struct maker *m, struct str type, struct str rest)
{
    /* struct vfs_cap_data, version 2, effective, cap_net_raw */
    static const char capability[20] = {1, 0, 0, 2, 0, 0x20};
    struct fixture_entry *e = &m->entries[m->layer][m->entry++];
    struct str path, word = {0};
    uint64_t mode = 0755, uid = 0, gid = 0, machine = 0;
    str_word(&rest, &path);
    e->path = str_cstr(m->a, path);
    e->type = str_is(type, "elf") || str_is(type, "cap") ? "f" : str_cstr(m->a, type);
    if (str_is(type, "big")) {
        uint64_t n = 0;
        str_u64(str_trim(rest), 10, &n);
        e->type = "f";
        e->mode = 0644;
        e->bytes = (struct str){arena_array(m->a, char, n), n};
        return;
    }
    if (str_is(type, "l") || str_is(type, "h")) {
        e->link = str_cstr(m->a, str_trim(rest));
        return;
    }
    if (str_word(&rest, &word))
        str_u64(word, 8, &mode);
    e->mode = (uint32_t)mode;
    if (str_word(&rest, &word)) {
        struct str gid_text;
        str_cut(word, ':', &word, &gid_text);
        str_u64(word, 10, &uid);
        str_u64(gid_text, 10, &gid);
    }
    e->uid = (uint32_t)uid;
    e->gid = (uint32_t)gid;
    rest = str_from(rest, 1);
    if (str_is(type, "elf")) {
        str_u64(str_trim(rest), 10, &machine);
        e->bytes = elf_header(m->a, machine);
    } else if (str_is(type, "f")) {
        e->content = unescaped(m->a, rest);
    } else if (str_is(type, "cap")) {
        e->content = "x";
        e->xattr = "security.capability";
        e->value = (struct str){capability, sizeof capability};
    }
}

static void add_annotation(struct maker *m, const char *key, struct str value)
{
    struct str_pair *v = arena_array(m->a, struct str_pair, m->annotations.n + 1);
    if (m->annotations.n)
        memcpy(v, m->annotations.v, m->annotations.n * sizeof *v);
    v[m->annotations.n] = (struct str_pair){str_of(key), value};
    m->annotations = (struct str_pairs){v, m->annotations.n + 1};
}

static void add_policy(struct maker *m, struct str key, struct str value)
{
    struct err e;
    if (str_is(key, "trusted")) {
        struct str *v = arena_new(m->a, struct str);
        *v = value;
        m->policy.trusted_bases = (struct strs){v, 1};
        return;
    }
    struct ignore ignore = {.rule = STR("NONE"), .reason = STR("because"), .has_expiry = true};
    if (ignore_date_parse(value, &ignore.expires, &e))
        fixture_die("date", &e);
    *vec_push(m->a, &m->policy.ignores) = ignore;
}

static void add_line(struct maker *m, struct str line)
{
    struct str key, rest, name, value;
    str_cut(line, ' ', &key, &rest);
    if (str_is(key, "layer")) {
        m->layer++;
        m->entry = 0;
    } else if (str_is(key, "user")) {
        json_object_set_new(m->config, "User", json_text(rest));
    } else if (str_is(key, "env")) {
        push(m->config, "Env", json_text(rest));
    } else if (str_is(key, "label")) {
        json_t *labels = json_object_get(m->config, "Labels");
        if (!labels)
            json_object_set_new(m->config, "Labels", labels = json_object());
        str_cut(rest, '=', &name, &value);
        json_object_set_new(labels, str_cstr(m->a, name), json_text(value));
    } else if (str_is(key, "cmd")) {
        json_object_set_new(m->config, "Cmd", parsed(rest));
    } else if (str_is(key, "entrypoint")) {
        json_object_set_new(m->config, "Entrypoint", parsed(rest));
    } else if (str_is(key, "health")) {
        json_object_set_new(m->config, "Healthcheck", json_pack("{so}", "Test", parsed(rest)));
    } else if (str_is(key, "port") || str_is(key, "volume")) {
        const char *set = str_is(key, "port") ? "ExposedPorts" : "Volumes";
        if (!json_object_get(m->config, set))
            json_object_set_new(m->config, set, json_object());
        json_object_set_new(json_object_get(m->config, set), str_cstr(m->a, rest), json_object());
    } else if (str_is(key, "set")) {
        str_cut(rest, ' ', &name, &value);
        bool runs = str_starts(name, STR("config."));
        name = runs ? str_from(name, 7) : name;
        json_object_set_new(runs ? m->config : m->more, str_cstr(m->a, name), parsed(value));
    } else if (str_is(key, "annotate")) {
        str_cut(rest, ' ', &name, &value);
        add_annotation(m, str_cstr(m->a, name), value);
    } else if (str_is(key, "made")) {
        m->made = rest;
    } else if (str_is(key, "arch")) {
        m->arch = str_cstr(m->a, rest);
    } else if (str_is(key, "history") || str_is(key, "empty")) {
        json_array_append_new(m->history, json_pack("{sosb}", "created_by", json_text(rest),
                                                    "empty_layer", str_is(key, "empty")));
    } else if (str_is(key, "base")) {
        add_annotation(m, "org.opencontainers.image.base.name", rest);
    } else if (str_is(key, "digest")) {
        add_annotation(m, "org.opencontainers.image.base.digest", rest);
    } else if (str_is(key, "trusted") || str_is(key, "expires")) {
        add_policy(m, key, rest);
    } else {
        add_entry(m, key, rest);
    }
}

static struct image *make_image(struct maker *m)
{
    struct err e = {0};
    struct image *image;
    for (size_t i = 0; i <= m->layer; i++)
        m->layers[i].entries = m->entries[i];
    struct image_draft draft = fixture_draft(m->a, m->layers, NULL);
    JSON_AUTO json_t *whole = NULL;
    if (json_read(draft.config_bytes, &whole, &e))
        fixture_die("config", &e);
    json_object_update(whole, m->more);
    json_object_set(whole, "config", m->config);
    json_object_set(whole, "history", m->history);
    json_object_set_new(whole, "architecture", json_string(m->arch));
    if (m->made.n)
        json_object_set_new(whole, "created", json_text(m->made));
    draft.platform.arch = str_of(m->arch);
    draft.config_bytes = json_write(m->a, whole, 0);
    draft.annotations = m->annotations;
    struct image_name name = fixture_write(m->a, &draft);
    if (image_open(m->a, &name, &draft.platform, &image, &e))
        fixture_die("opening", &e);
    return image;
}

struct audited {
    struct image *image;
    struct tree *tree;
    struct audit_report report;
};

static void audit_text(struct arena *a, const char *text, struct policy *policy,
                       struct audited *ret)
{
    struct err e = {0};
    struct maker *m = arena_new(a, struct maker);
    *m = (struct maker){.a = a,
                        .config = json_object(),
                        .history = json_array(),
                        .more = json_object(),
                        .arch = "amd64"};
    struct str rest = str_of(text), line;
    while (str_line(&rest, &line))
        if (line.n)
            add_line(m, line);
    ret->image = make_image(m);
    json_decref(m->config);
    json_decref(m->history);
    json_decref(m->more);
    struct facts_how how = {.wish = FACTS_CONTENT | FACTS_SECRETS | FACTS_SUMS};
    struct facts *facts = arena_new(a, struct facts);
    struct audit_options options = {.policy = policy ? policy : &m->policy, .today = TODAY};
    if (facts_read(a, ret->image, &how, &ret->tree, facts, NULL, &e))
        fixture_die("reading", &e);
    rules_audit(a, facts, &options, &ret->report);
}

static void audited_close(struct audited *x)
{
    tree_free(x->tree);
    image_close(x->image);
}

static const struct check *check_of(const struct audit_report *r, const char *id)
{
    vec_each (&r->checks, i) {
        if (str_is(str_of(r->checks.v[i].rule->id), id))
            return &r->checks.v[i];
    }
    return NULL;
}

static inline bool says(const struct audit_report *r, const struct check *check, const char *words)
{
    for (size_t i = 0; i < check->n; i++)
        if (str_has(r->findings.v[check->first + i].evidence, str_of(words)))
            return true;
    return !check->n && str_has(check->evidence, str_of(words));
}

#endif
