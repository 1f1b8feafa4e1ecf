/* loader_dirs: machine → its library folders; a run path's element → a folder.
 *
 * Invariants
 * 1. A machine that is not in the table has the plain folders and no $LIB but "lib".
 *    (test_closure: tokens)
 * 2. An unknown token stays as it stands, as the loader leaves it. (test_closure: tokens)
 */
#include <elf.h>

#include "base/buf.h"
#include "facts/loader.h"

static const struct facts_loader_machine machines[] = {
    {EM_X86_64, 64, "x86_64", "x86_64-linux-gnu", "lib64", "x86_64"},
    {EM_X86_64, 32, "x86_64", "x86_64-linux-gnux32", "libx32", "x32"},
    {EM_386, 32, "i686", "i386-linux-gnu", "lib", "i386"},
    {EM_AARCH64, 64, "aarch64", "aarch64-linux-gnu", "lib64", "aarch64"},
    {EM_ARM, 32, "v7l", "arm-linux-gnueabihf", "lib", "armhf"},
    {EM_PPC64, 64, "power8", "powerpc64le-linux-gnu", "lib64", "powerpc64le"},
    {EM_S390, 64, "z900", "s390x-linux-gnu", "lib64", "s390x"},
    {EM_RISCV, 64, "", "riscv64-linux-gnu", "lib64", "riscv64"},
    {258 /* LoongArch */, 64, "", "loongarch64-linux-gnu", "lib64", "loongarch64"},
    {EM_MIPS, 64, "", "mips64el-linux-gnuabi64", "lib64", "mips64el"},
};
static const struct facts_loader_machine unknown = {0, 0, "", "", "lib", ""};

const struct facts_loader_machine *facts_loader_machine_of(const struct elf_facts *elf)
{
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
        if (machines[i].machine == elf->machine && machines[i].bits == elf->bits)
            return &machines[i];
    return &unknown;
}

/* The token's length at the start of s ("$NAME" or "${NAME}"), or 0. A longer name is another one.
 */
static size_t token(struct str s, struct str name)
{
    struct str bare = str_from(s, 1);
    if (bare.n && bare.p[0] == '{') {
        bare = str_from(bare, 1);
        return str_starts(bare, name) && bare.n > name.n && bare.p[name.n] == '}' ? name.n + 3 : 0;
    }
    if (!str_starts(bare, name))
        return 0;
    char next = bare.n > name.n ? bare.p[name.n] : '/';
    bool longer = next == '_' || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') ||
                  (next >= '0' && next <= '9');
    return longer ? 0 : name.n + 1;
}

bool facts_loader_expand(struct arena *a, const struct facts_loader_object *object,
                         struct str element, unsigned variant, struct str *ret)
{
    if (!element.p || str_find(element, '$') == element.n) {
        *ret = element;
        return variant == 0;
    }
    const struct facts_loader_machine *m = facts_loader_machine_of(object->elf);
    struct str libs[] = {str_fmt(a, "lib/%s", m->triplet), str_of(m->lib), STR("lib")};
    struct buf b = {.a = a};
    bool has_lib = false;
    for (size_t at = 0; at < element.n;) {
        struct str rest = str_from(element, at);
        size_t n = 0;
        if (element.p[at] == '$') {
            if ((n = token(rest, STR("ORIGIN"))))
                buf_add(&b, object->origin);
            else if ((n = token(rest, STR("PLATFORM"))))
                buf_addz(&b, m->platform);
            else if ((n = token(rest, STR("LIB")))) {
                has_lib = true;
                buf_add(&b, libs[variant < 3 ? variant : 2]);
            }
        }
        if (!n) {
            buf_addc(&b, rest.p[0]);
            n = 1;
        }
        at += n;
    }
    *ret = buf_str(&b);
    return variant < (has_lib ? 3u : 1u);
}
