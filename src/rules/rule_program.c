/* rule_program: the command of the image → does it start at all, and on this platform? */
#include <elf.h>

#include "rules/rule_unowned.h"

/* OCI architecture names and what their programs say of themselves. */
static const struct arch {
    const char *name;
    uint16_t machine;
    uint8_t bits;
    bool big_endian;
    uint16_t runs_too; /* machine of the 32-bit programs its processors run, or 0 */
} arches[] = {
    {"amd64", EM_X86_64, 64, false, EM_386},  {"386", EM_386, 32, false, 0},
    {"arm64", EM_AARCH64, 64, false, EM_ARM}, {"arm", EM_ARM, 32, false, 0},
    {"ppc64le", EM_PPC64, 64, false, 0},      {"s390x", EM_S390, 64, true, 0},
    {"riscv64", EM_RISCV, 64, false, 0},      {"mips64le", EM_MIPS, 64, false, 0},
    {"mipsle", EM_MIPS, 32, false, 0},        {"loong64", EM_LOONGARCH, 64, false, 0},
};

static const struct arch *arch_by_name(struct str name)
{
    for (size_t i = 0; i < sizeof arches / sizeof *arches; i++)
        if (str_is(name, arches[i].name))
            return &arches[i];
    return NULL;
}

static bool elf_fits(const struct arch *arch, const struct elf_facts *elf)
{
    return elf->machine == arch->machine && elf->bits == arch->bits &&
           elf->big_endian == arch->big_endian;
}

static struct str elf_arch_text(struct arena *a, const struct elf_facts *elf)
{
    for (size_t i = 0; i < sizeof arches / sizeof *arches; i++)
        if (elf_fits(&arches[i], elf))
            return str_of(arches[i].name);
    return str_fmt(a, "ELF machine %u, %u bits", elf->machine, elf->bits);
}

/* The ELF file that runs in the end: the program, or the interpreter of a script. */
static const struct tree_node *elf_program(const struct facts *f, struct arena *a)
{
    const struct tree_node *node = f->program;
    for (int depth = 0; node && depth < 4; depth++) {
        const struct file_facts *ff = facts_of(node);
        if (!ff || ff->kind != FILE_SCRIPT)
            return node;
        struct tree_lookup lookup;
        tree_resolve(f->tree, a, (struct str){0}, ff->script.interpreter, TREE_FOLLOW, &lookup);
        node = lookup.error ? NULL : lookup.node;
    }
    return node;
}

static void check_platform(struct rule_context *c)
{
    const struct image_platform *p = &c->facts->image->config.platform;
    const struct arch *arch = arch_by_name(p->arch);
    const struct tree_node *node = elf_program(c->facts, c->a);
    const struct file_facts *ff = facts_of(node);
    if (str_is(p->os, "linux") && arch)
        rule_foreign_programs(c, arch->machine, arch->runs_too, p->arch);
    if (!c->facts->program) {
        rule_skip(c, "the image has no program to look at");
    } else if (!str_is(p->os, "linux") || !arch) {
        rule_skip(c, "platform " STR_F "/" STR_F " is not known here", STR_A(p->os),
                  STR_A(p->arch));
    } else if (!ff || ff->kind != FILE_ELF) {
        rule_skip(c, "the image's program is not an ELF file that could be read");
    } else if (!elf_fits(arch, &ff->elf)) {
        rule_add(c, SEVERITY_HIGH, rule_at_node(c, node),
                 "a program for " STR_F ", but the config says " STR_F,
                 STR_A(elf_arch_text(c->a, &ff->elf)), STR_A(p->arch));
    } else {
        rule_pass(c, STR_F " is for " STR_F, STR_A(tree_path(c->a, node)), STR_A(p->arch));
    }
}

const struct rule rule_platform = {
    .info = {.id = "SHUCK-PLATFORM",
             .severity = SEVERITY_HIGH,
             .title = "The config's platform is the program's",
             .why = "A registry and a cluster choose an image by the platform in its config. When "
                    "the program is for another one, it fails with exec format error on some nodes "
                    "only, or runs slowly under emulation without anyone knowing.",
             .remedy = "Build for the platform the config names, most often by giving the base and "
                       "the compiler the same one.",
             .example = "docker build --platform linux/amd64 ."},
    .check = check_platform,
    .of_config = true,
};

/* What has to be there for a file to start: the loader of an ELF, the interpreter of a script, and
 * what env is asked to find. */
struct str rule_missing_starter(struct rule_context *c, const struct tree_node *program)
{
    const struct file_facts *ff = facts_of(program);
    struct str starter = {0}, path;
    if (ff && ff->kind == FILE_ELF)
        starter = ff->elf.interpreter;
    else if (ff && ff->kind == FILE_SCRIPT)
        starter = ff->script.interpreter;
    if (!starter.n)
        return starter;
    struct tree_lookup lookup;
    tree_resolve(c->facts->tree, c->a, (struct str){0}, starter, TREE_FOLLOW, &lookup);
    if (lookup.error || !lookup.node)
        return starter;
    bool env = ff->kind == FILE_SCRIPT && str_ends(starter, STR("/env"));
    struct str name = env ? ff->script.argument : (struct str){0};
    bool plain = name.n && name.p[0] != '-' && str_find(name, '=') == name.n;
    return plain && !facts_which(c->facts, c->a, name, &path) ? name : (struct str){0};
}

static void check_starter(struct rule_context *c)
{
    struct str starter = rule_missing_starter(c, c->facts->program);
    if (starter.n)
        rule_add(c, SEVERITY_HIGH, rule_at_node(c, c->facts->program),
                 "needs " STR_F ", which is not in the image: it does not start", STR_A(starter));
}

static void check_program_missing(struct rule_context *c)
{
    const struct facts *f = c->facts;
    bool entrypoint = f->image->config.entrypoint.n != 0;
    if (!f->command.n) {
        rule_skip(c, "the config has neither Entrypoint nor Cmd");
        return;
    }
    if (f->program)
        check_starter(c);
    else
        rule_add(c, SEVERITY_HIGH, rule_at_config(c, entrypoint ? "Entrypoint" : "Cmd"),
                 "\"" STR_F "\" is not a file of the image that can be run: it does not start",
                 STR_A(f->command.v[0]));
    rule_pass(c, STR_F " is there", STR_A(f->program_path));
}

const struct rule rule_program_missing = {
    .info = {.id = "SHUCK-PROGRAM-MISSING",
             .severity = SEVERITY_HIGH,
             .title = "The program that the config names is there",
             .why = "An image whose program, or whose program's loader or interpreter, is missing "
                    "ends at once with a message that names the wrong file.",
             .remedy = "Copy the program, and for a dynamic one its loader and libraries, or link "
                       "it statically.",
             .example = "COPY --from=build /server /server"},
    .check = check_program_missing,
    .of_config = true,
};
