/* facts: what an image is, in values that rules and harden can reason about.
 *
 * Collected while the layers are read once (facts_visitor), completed on the merged tree
 * (facts_build). Nothing here judges. */
#ifndef FACTS_FACTS_H
#define FACTS_FACTS_H

#include "base/map.h"
#include "facts/base_layers.h"
#include "secret/secret.h"
#include "tree/tree.h"

/* ---- what the visitor leaves at inode->facts ---- */

enum file_kind { FILE_OTHER, FILE_ELF, FILE_SCRIPT, FILE_TEXT };

struct elf_facts {
    uint8_t bits; /* 32 or 64 */
    bool big_endian;
    uint16_t machine, type; /* e_machine, e_type */
    bool dynamic;           /* has PT_DYNAMIC */
    bool is_static;         /* executable without PT_INTERP */
    bool executable;        /* ET_EXEC, or ET_DYN with PT_INTERP or DF_1_PIE */
    struct str interpreter; /* PT_INTERP */
    struct str soname, rpath, runpath;
    struct strs needed, filter, auxiliary;
    bool nodeflib;                                                     /* DF_1_NODEFLIB */
    struct strs dlopen_required, dlopen_recommended, dlopen_suggested; /* .note.dlopen sonames */
    bool broken; /* headers lie; `why` says how; the rest is what could be read */
    struct str why;
};

struct script_facts {
    struct str interpreter; /* "/bin/sh" of "#!/bin/sh -e" */
    struct str argument;    /* "-e", or "bash" of "#!/usr/bin/env bash" */
};

/* One secret in a file; its value is not kept. */
struct facts_secret {
    struct str kind, title; /* "github-token", "GitHub token" */
    struct str start;       /* of the value: "ghp_…" */
    struct str inside;      /* the file, an archive: "BOOT-INF/classes/a.yml"; or empty */
    uint32_t line;          /* from 1 */
    uint32_t mark;          /* of the value: the same in every file that holds the same */
    enum severity severity;
    enum secret_doubt doubt;
};

/* A package of a programming language, as its installer, or its builder, wrote it down. */
enum library_kind {
    LIBRARY_NPM,
    LIBRARY_PYTHON,
    LIBRARY_GEM,
    LIBRARY_COMPOSER,
    LIBRARY_NUGET,
    LIBRARY_JAVA,
    LIBRARY_GO,
    LIBRARY_CARGO,
    LIBRARY_KINDS
};
struct facts_library {
    enum library_kind kind;
    struct str name, version;
    struct str licence; /* may be empty */
    struct str inside;  /* of the file it stands in: "BOOT-INF/lib/a.jar", or empty */
};

struct file_facts {
    enum file_kind kind;
    struct elf_facts elf;
    struct script_facts script;
    /* Content of files that facts or harden read, raw bytes; absent (p NULL) otherwise. By path,
     * with /usr/etc and /usr/lib standing in where the field uses them: /etc/{passwd,group,
     * os-release,ld.so.cache,ld.so.conf,ld.so.conf.d/,ld.so.preload,ld-musl-ARCH.path,
     * nsswitch.conf,pam.conf,pam.d/,ssl/openssl.cnf}, accounts of Nix below /nix/store, the package
     * databases; and every shell script
     * of at most LIMIT_SCRIPT_BYTES that is not a package's own install script. Of /etc/shadow only
     * the names with an empty password, one a line: hashes are not kept. Of an rpm database what
     * facts_rpm_read() reads. */
    struct str text;
    bool text_left_out; /* over LIMIT_TEXT_BYTES, or its layer's texts over LIMIT_FACTS_BYTES */
    struct str note;    /* "lists more than is read": what is not known of it; or empty */
    struct facts_library *libraries; /* of FACTS_LIBRARIES only */
    size_t n_libraries;
    struct facts_secret *secrets; /* by place; of FACTS_SECRETS only */
    size_t n_secrets;
    bool unsearched;  /* an archive of which not all was searched for secrets; the note says why */
    bool private_key; /* begins as a PEM private key does; its content is not kept */
};

/* Of what facts are made and how they are kept: changes with every change of it. */
enum { FACTS_VERSION = 11 };

/* What the visitor left ⇄ bytes; reading: f is NULL, and the result is of w's arena. */
struct file_facts *facts_codec(struct codec *w, struct file_facts *f);

/* What of the files is wanted. */
enum facts_wish {
    FACTS_CONTENT =
        1, /* ELF, scripts and texts: what hardening and the rules about programs need */
    FACTS_SECRETS = 2,   /* secrets in any file */
    FACTS_LIBRARIES = 4, /* packages of programming languages */
    FACTS_SUMS = 8,      /* whether files are as their packages installed them */
};

/* One reading of an image: what is wanted, and what is not of one file. Lives as long as the tree.
 */
struct facts_reading {
    unsigned wish;                   /* of enum facts_wish */
    const struct secret_db *secrets; /* for FACTS_SECRETS; the caller's */
};

/* A visitor for tree_build() that collects FACTS_CONTENT; and one for a reading. */
extern const struct tree_visitor facts_visitor;
struct tree_visitor facts_visitor_for(struct facts_reading *reading);

/* ---- the image as a whole ---- */

struct facts_user {
    struct str name, home, shell;
    uint32_t uid, gid;   /* what is no number counts as 0, as runtimes have it */
    uint32_t line;       /* in /etc/passwd, from 1 */
    bool empty_password; /* an empty second field here or in /etc/shadow */
};
struct facts_group {
    struct str name;
    uint32_t gid;
    struct strs members;
};

enum package_kind { PACKAGE_DPKG, PACKAGE_APK, PACKAGE_RPM, PACKAGE_KINDS };

/* Which digest of its files a package tells. */
enum facts_sum { SUM_NONE, SUM_MD5, SUM_SHA1, SUM_SHA256, SUM_KINDS };

struct facts_package {
    enum package_kind kind;
    struct str name, version, arch;
    struct str source, source_version; /* what advisories are filed under */
    struct str licence;
    struct str section; /* dpkg Section, rpm Group, empty for apk */
    bool essential;
    uint64_t installed_size; /* bytes, as its maker says; 0 when unknown */
    struct strs files;   /* absolute paths as its list has them, folders too; diverted ones under
                            their new name */
    uint64_t *file_sums; /* rpm: of files, side by side: the first eight bytes of their digests,
                            the first byte highest; 0: none, or the file is to be changed */
    enum facts_sum file_sum_kind;
    uint64_t bytes;      /* of its files that are in the merged tree */
    uint32_t layer;      /* whose database first has it at this version */
    struct strs sums;    /* apk: of files, "Q1" and base64 of SHA-1; empty where it has none */
    struct strs depends; /* names that satisfy Depends/Pre-Depends; alternatives each */
    struct strs provides;
};
struct facts_packages VEC(struct facts_package);

/* From best to worst, as the field ranks bases. */
enum base_rung {
    RUNG_SCRATCH,
    RUNG_DISTROLESS,
    RUNG_BUSYBOX,
    RUNG_ALPINE,
    RUNG_DISTRIBUTION,
    RUNG_UNKNOWN
};

struct facts_base {
    enum base_rung rung;
    struct str id, version_id, pretty_name; /* of os-release; may be empty */
    struct str evidence;                    /* what the rung was read from */
    struct str name, digest; /* of the base image, by annotations or labels, else by what `below`
                                was read from; may be empty */
    struct facts_base_layers below;
};

/* The config's User resolved with the image's own passwd and group. */
enum user_verdict { USER_NUMERIC, USER_BY_NAME, USER_UNSET, USER_UNKNOWN_NAME, USER_MALFORMED };
struct facts_run_as {
    enum user_verdict verdict;
    uint32_t uid, gid; /* what the process gets; gid by the runtime's rules. Mean nothing with
                          USER_UNKNOWN_NAME and USER_MALFORMED: such an image does not start */
    uint32_t *groups;  /* supplementary, when the group is not given */
    size_t n_groups;
    struct str name; /* as written */
    struct str home; /* of the passwd entry, else "/" */
};

/* A file that is not as its package brought it. */
struct facts_change {
    uint32_t package; /* index */
    const struct tree_node *node;
};
struct facts_changes VEC(struct facts_change);

/* A library in the merged tree. */
struct facts_installed {
    const struct facts_library *library;
    const struct tree_node *node; /* the file that tells of it */
    uint32_t layer;               /* the lowest whose copy of that file does */
};
struct facts_installeds VEC(struct facts_installed);

struct facts {
    const struct image *image;
    const struct tree *tree;
    struct facts_user *users;
    size_t n_users;
    struct facts_group *groups;
    size_t n_groups;
    struct facts_packages packages;
    struct map package_by_name;        /* struct facts_package * */
    size_t n_summed;                   /* files that were held against their package's sums */
    size_t n_unsummed;                 /* whose layer did not show their package manager */
    struct facts_changes changed;      /* of them; of FACTS_SUMS only */
    struct facts_installeds libraries; /* by path; those that an installed package owns, too */
    struct facts_base base;
    struct facts_run_as run_as;
    struct strs command; /* entrypoint then cmd */
    struct tree_node
        *program;            /* the file command[0] resolves to on the image's PATH; may be NULL */
    struct str program_path; /* absolute, as found on PATH; empty when there is none */
};

/* Completes the facts; sets inode->owner of all but folders in the tree. Bad databases are not
 * errors of the image: they are skipped and named in *notes (may be NULL). The tree must have been
 * built with facts_visitor. */
int facts_build(struct arena *a, const struct image *image, struct tree *tree, struct facts *ret,
                struct strs *notes, struct err *e) MUST_USE;

/* How an image is read. */
struct facts_how {
    const struct image *base;        /* what the image stands on, when that is known; may be NULL */
    unsigned wish;                   /* of enum facts_wish */
    bool digests;                    /* of every file, as of struct tree_options */
    const struct tree_cache *cache;  /* may be NULL */
    const struct secret_db *secrets; /* for FACTS_SECRETS; NULL: the built-in kinds */
};

/* tree_build() and facts_build() with all that how asks for. On failure *tree may be there, or
 * stays as it was. */
int facts_read(struct arena *a, const struct image *image, const struct facts_how *how,
               struct tree **tree, struct facts *ret, struct strs *notes, struct err *e) MUST_USE;

static inline const struct file_facts *facts_of(const struct tree_node *node)
{
    return node ? node->inode->facts : NULL;
}

/* The package that owns a node, or NULL. */
const struct facts_package *facts_owner(const struct facts *f, const struct tree_node *node);

/* The config's PATH, the last one when there are several, or the default one; folders with colons
 * between them. Of more than LIMIT_PATH_FOLDERS the rest is not looked in. */
struct str facts_search_path(const struct facts *f);

/* Resolves a name on the config's PATH (or the default one), as execvp would inside the image: a
 * regular file with an execute bit. *path (may be NULL) is absolute, as found: symlinks are still
 * in it; the node is what they lead to. */
struct tree_node *facts_which(const struct facts *f, struct arena *a, struct str name,
                              struct str *path);

/* A text file's content by path, following symlinks; absent: n 0 and p NULL. */
struct str facts_text(const struct facts *f, struct arena *a, struct str path);

/* User as the config writes it ("", "5678", "web:web", "0:0") → ids, by the image's files. */
void facts_resolve_user(const struct facts *f, struct arena *a, struct str user,
                        struct facts_run_as *ret);

#endif
