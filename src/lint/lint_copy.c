/* lint_copy: what ADD and COPY bring into an image, from where to where → findings.
 *
 * Invariants
 * 1. A source or destination with a variable that has no value is not judged by what may stand in
 *    it. (test_lint_table: only the build knows)
 * 2. Only the last stage of a chain that begins with nothing has a working directory that is known
 *    without WORKDIR: the root. (test_lint_table: nothing to begin with)
 */
#include "base/map.h"
#include "lint/lint_rules.h"

static struct str unquoted(struct str s)
{
    while (s.n && (s.p[0] == '"' || s.p[0] == '\''))
        s = str_from(s, 1);
    while (s.n && (s.p[s.n - 1] == '"' || s.p[s.n - 1] == '\''))
        s.n--;
    return s;
}

/* The last word; NULL when there is no source before it. */
static const struct lint_value *destination(const struct lint_step *step)
{
    return step->words.n < 2 ? NULL : &step->words.v[step->words.n - 1];
}

/* ---- DL3020: ADD ---- */

/* What hadolint takes for an archive by its name. */
static bool named_archive(struct str name)
{
    static const struct str ends[] = {
        STR_INIT(".tar"),  STR_INIT(".Z"),   STR_INIT(".bz2"), STR_INIT(".gz"),  STR_INIT(".lz"),
        STR_INIT(".lzma"), STR_INIT(".tZ"),  STR_INIT(".tb2"), STR_INIT(".tbz"), STR_INIT(".tbz2"),
        STR_INIT(".tgz"),  STR_INIT(".tlz"), STR_INIT(".tpz"), STR_INIT(".txz"), STR_INIT(".xz"),
    };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_ends(name, ends[i]))
            return true;
    return false;
}

/* What builders unpack and fetch besides. */
static bool also_for_add(struct str name)
{
    return str_ends(name, STR(".zst")) || str_ends(name, STR(".tzst")) ||
           str_starts(name, STR("git@")) || str_starts(name, STR("git://")) ||
           str_starts(name, STR("ssh://")) || str_starts(name, STR("ftp://"));
}

static bool for_add(const struct lint_context *c, const struct lint_value *source)
{
    struct str name = unquoted(source->text);
    if (named_archive(name) || str_starts(name, STR("http://")) ||
        str_starts(name, STR("https://")))
        return true;
    return !c->options->compat && (!source->known || also_for_add(name));
}

/* Builders clean a path before they look: dir/app.tar/ is dir/app.tar. */
static struct str cleaned(struct str name)
{
    for (;;) {
        if (str_ends(name, STR("/")))
            name.n -= 1;
        else if (str_ends(name, STR("/.")))
            name.n -= 2;
        else
            return name;
    }
}

static bool may_be_unpacked(struct str name)
{
    name = cleaned(unquoted(name));
    return named_archive(name) || also_for_add(name);
}

/* A folder's files are copied as they are, and so is what stands in the Dockerfile. */
static bool never_unpacked(struct str name)
{
    return str_is(name, ".") || str_ends(name, STR("/")) || str_ends(name, STR("/.")) ||
           str_starts(name, STR("<<"));
}

static bool lower_case(struct str keyword)
{
    return keyword.n && keyword.p[0] >= 'a' && keyword.p[0] <= 'z';
}

static void check_add(struct lint_context *c, const struct lint_step *step)
{
    const struct dockerfile_instruction *i = step->i;
    const struct lint_value *wrong = NULL;
    bool plain = true;
    for (size_t k = 0; k + 1 < step->words.n; k++) {
        const struct lint_value *source = &step->words.v[k];
        bool good = for_add(c, source);
        if (!good && !wrong)
            wrong = source;
        plain = plain && !good && source->known && never_unpacked(source->text);
    }
    bool own = dockerfile_flag(i, "checksum") || dockerfile_flag(i, "keep-git-dir") ||
               dockerfile_flag(i, "unpack");
    if (!wrong || (own && !c->options->compat))
        return;
    struct span keyword = placed_span(&i->name, 0, i->name.s.n);
    struct lint_finding *f =
        lint_add(c, keyword, STR_F " is neither an archive nor an address", STR_A(wrong->text));
    if (own)
        return;
    for (size_t k = 0; k + 1 < step->words.n; k++)
        if (for_add(c, &step->words.v[k]) || may_be_unpacked(step->words.v[k].text))
            return; /* COPY would not fetch it, or not unpack it */
    lint_fix(c, f, plain ? FIX_SAFE : FIX_UNSAFE, "writes COPY");
    lint_edit(c, f, keyword, "%s", lower_case(i->name.s) ? "copy" : "COPY");
}

static const struct lint_rule add = {
    .info = {.id = "DL3020",
             .aliases = {"DS005", "CIS-DI-0009"},
             .cis = "4.9",
             .severity = SEVERITY_HIGH,
             .title = "Files and folders come in with COPY",
             .why = "ADD unpacks what happens to be an archive and fetches what happens to be an "
                    "address. Somebody who may change a file's content or name then decides what "
                    "lands in the image, and where.",
             .remedy =
                 "Write COPY. Keep ADD for archives that shall be unpacked and for downloads, "
                 "those with --checksum.",
             .example = "COPY app /usr/local/bin/app"},
    .flat = true,
    .kinds = LINT_ON(ADD),
    .step = check_add,
    .repairs = FIX_SAFE,
};

/* ---- DL3021: several sources ---- */

/* Behind the last byte of what is written, inside of its quotes; 0: they do not match. */
static uint32_t end_of_word(const struct lint_context *c, struct span place)
{
    char first = c->d->text.p[place.from], last = c->d->text.p[place.to - 1];
    bool opened = first == '"' || first == '\'', closed = last == '"' || last == '\'';
    if (opened != closed || (opened && (first != last || place.to - place.from < 2)))
        return 0;
    return place.to - closed;
}

static bool has_bare_flag(const struct dockerfile_instruction *i)
{
    vec_each (&i->flags, k)
        if (!i->flags.v[k].has_value && !lint_lists(" link parents ", i->flags.v[k].name))
            return true; /* its value was meant, not a source */
    return false;
}

/* On Windows, where a backslash escapes nothing, it ends a folder as well. */
static bool ends_folder(const struct lint_context *c, struct str path)
{
    return str_ends(path, STR("/")) || (c->d->escape == '`' && str_ends(path, STR("\\")));
}

static void check_several(struct lint_context *c, const struct lint_step *step)
{
    const struct lint_value *to = destination(step);
    bool folder = to && ends_folder(c, unquoted(to->text));
    bool slash = to && str_ends(unquoted(to->text), STR("/"));
    if (!to || step->words.n < 3 || (c->options->compat ? slash : folder) ||
        (!to->known && !c->options->compat))
        return;
    struct lint_finding *f = lint_add(c, to->place,
                                      "%zu sources go to " STR_F ", which has no slash "
                                      "at its end",
                                      step->words.n - 1, STR_A(to->text));
    uint32_t end = to->text.n ? end_of_word(c, to->place) : 0;
    if (has_bare_flag(step->i) || !to->known || !end || folder)
        return;
    lint_fix(c, f, FIX_SAFE, "adds the slash");
    lint_edit(c, f, (struct span){end, end}, "/");
}

static const struct lint_rule several = {
    .info = {.id = "DL3021",
             .aliases = {"DS011"},
             .severity = SEVERITY_HIGH,
             .title = "Several sources go into a folder",
             .why = "More than one file cannot become one file. Without a slash at the end of the "
                    "destination builders refuse the COPY, or the last file wins.",
             .remedy = "End the destination with a slash.",
             .example = "COPY package.json package-lock.json ./"},
    .flat = true,
    .kinds = LINT_ON(COPY),
    .step = check_several,
    .repairs = FIX_SAFE,
};

/* ---- DL3045: relative destinations ---- */

/* A backslash behind the drive may be gone: it escapes what follows. */
static bool absolute(struct str path)
{
    char drive = path.n > 1 ? (char)(path.p[0] | 32) : 0;
    return str_starts(path, STR("/")) || str_starts(path, STR("$")) ||
           (drive >= 'a' && drive <= 'z' && path.p[1] == ':');
}

/* Which stages have a working directory. hadolint goes by what a stage, or else its image, is
 * called: two stages of one image are one and the same to it. */
struct homes {
    bool *set;  /* by stage, one more for before the first */
    bool *root; /* begins with nothing, so that its working directory is / */
    bool triggers;
    struct map named;
    struct str name; /* of where we are, as hadolint says it */
};

static void enter_stage(const struct lint_context *c, struct homes *h, int stage)
{
    const struct lint_stage *s = &c->file->stages.v[stage];
    if (!c->options->compat) {
        h->set[stage] = s->parent >= 0 && h->set[s->parent];
        h->root[stage] = s->parent >= 0 ? h->root[s->parent] : str_is(s->base.text, "scratch");
        h->triggers = false;
        return;
    }
    void *inherited = map_get(&h->named, s->base.repository);
    h->name = s->s->name.s.n ? s->s->name.s : s->base.repository;
    *map_at(&h->named, h->name) = stage && inherited ? h : NULL;
    h->set[stage] = stage && inherited;
}

static void set_home(const struct lint_context *c, struct homes *h, const struct lint_step *step)
{
    if (step->onbuild) {
        h->triggers = true;
        return;
    }
    h->set[step->stage < 0 ? (int)c->file->stages.n : step->stage] = true;
    if (c->options->compat)
        *map_at(&h->named, h->name) = h;
}

/* With nothing below, ./a is /a. */
static void make_absolute(struct lint_context *c, struct lint_finding *f,
                          const struct lint_value *to)
{
    struct str rest = to->text;
    bool plain = to->place.to - to->place.from == rest.n && !memchr(rest.p, '\\', rest.n);
    while (str_starts(rest, STR("./")))
        rest = str_from(rest, 2);
    if (str_is(rest, "."))
        rest.n = 0;
    if (!plain || str_has(rest, STR("..")))
        return;
    lint_fix(c, f, FIX_SAFE, "makes the destination absolute");
    lint_edit(c, f, to->place, "/" STR_F, STR_A(rest));
}

static void check_home(struct lint_context *c, const struct homes *h, const struct lint_step *step)
{
    const struct lint_value *to = destination(step);
    int stage = step->stage < 0 ? (int)c->file->stages.n : step->stage;
    if (!to || h->set[stage] || (step->onbuild && (h->triggers || c->options->compat)) ||
        absolute(unquoted(to->text)) || (!to->known && !c->options->compat) || !to->text.n)
        return;
    struct lint_finding *f =
        lint_add(c, to->place, STR_F " is relative to a folder that the base image chooses",
                 STR_A(to->text));
    if (h->root[stage] && to->known && !step->onbuild)
        make_absolute(c, f, to);
}

static void check_relative(struct lint_context *c)
{
    unsigned kinds = LINT_ON(COPY) | (c->options->compat ? 0 : LINT_ON(ADD));
    size_t n = c->file->stages.n + 1;
    struct homes h = {.set = arena_array(c->a, bool, n),
                      .root = arena_array(c->a, bool, n),
                      .named = {.a = c->a}};
    vec_each (&c->file->steps, i) {
        const struct lint_step *step = &c->file->steps.v[i];
        if (step->outer->kind == DOCKERFILE_FROM && step->stage >= 0 &&
            c->file->stages.v[step->stage].from == step->i)
            enter_stage(c, &h, step->stage);
        else if (step->i->kind == DOCKERFILE_WORKDIR)
            set_home(c, &h, step);
        else if (kinds >> step->i->kind & 1)
            check_home(c, &h, step);
    }
}

static const struct lint_rule relative = {
    .info = {.id = "DL3045",
             .severity = SEVERITY_MEDIUM,
             .title = "Relative destinations have a WORKDIR",
             .why = "Without a WORKDIR a relative destination depends on the base image: after its "
                    "next release the files may lie elsewhere, and nobody is told.",
             .remedy = "Set WORKDIR before, or write the destination from the root on.",
             .example = "WORKDIR /app\nCOPY requirements.txt ."},
    .file_hook = check_relative,
    .repairs = FIX_SAFE,
};

/* ---- DL3067: a whole file system ---- */

static void check_whole(struct lint_context *c, const struct lint_step *step)
{
    const struct lint_value *to = destination(step);
    const struct dockerfile_flag *from = dockerfile_flag(step->i, "from");
    if (!from || !to || !str_is(unquoted(to->text), "/"))
        return;
    for (size_t k = 0; k + 1 < step->words.n; k++)
        if (str_is(unquoted(step->words.v[k].text), "/")) {
            lint_add(c, step->words.v[k].place, "everything of " STR_F " is copied",
                     STR_A(from->value.s));
            return;
        }
}

static const struct lint_rule whole = {
    .info = {.id = "DL3067",
             .severity = SEVERITY_MEDIUM,
             .title = "No stage is copied as a whole",
             .why = "With everything of a stage come its tools, caches and secrets, and nothing of "
                    "its settings: user, variables and ports are gone.",
             .remedy = "Copy what the program needs, or begin the stage FROM the other.",
             .example = "COPY --from=build /app /app"},
    .image = true,
    .flat = true,
    .kinds = LINT_ON(COPY),
    .step = check_whole,
};

const struct lint_rule *const lint_copy[] = {&add, &several, &relative, &whole, NULL};
