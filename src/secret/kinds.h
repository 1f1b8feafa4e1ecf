/* kinds: the tables of secrets, a field of life each, and what their values must hold. For this
 * room only, and for the program that compiles the tables when shuck is built. */
#ifndef SECRET_KINDS_H
#define SECRET_KINDS_H

#include "secret/secret.h"

struct secret_table {
    const struct secret_kind *v;
    size_t n;
};

extern const struct secret_table secret_table_cloud, secret_table_host, secret_table_forge,
    secret_table_registry, secret_table_payment, secret_table_chat, secret_table_mail,
    secret_table_ci, secret_table_watch, secret_table_ai, secret_table_app, secret_table_database,
    secret_table_file, secret_table_word;

#define SECRET_TABLE(name)                                                                         \
    const struct secret_table secret_table_##name = {kinds, sizeof kinds / sizeof *kinds}

/* Alphabets that many share. */
#define SECRET_ALNUM  "A-Za-z0-9"
#define SECRET_TOKEN  "A-Za-z0-9_-"
#define SECRET_DOTTED "A-Za-z0-9_.-"
#define SECRET_BASE64 "A-Za-z0-9+/"
#define SECRET_HEX    "a-f0-9"
#define SECRET_FREE   "!#-&*-~" /* printable, but quotes, blanks and brackets */

/* ---- patterns (pattern.c) ---- */

/* What Hyperscan looks for, in the arena. */
struct str secret_pattern(struct arena *a, const struct secret_kind *kind);

/* A file of this path is one of a list " .pgpass *.env etc/shadow ". */
bool secret_file_is(const char *list, struct str path);
bool secret_file_fits(struct str want, struct str path); /* one word of such a list */

/* The byte is of an alphabet: "A-Za-z0-9_-", a dash at the end is itself. */
bool secret_letter(const char *alphabet, char c);

/* The value whose match ends at `end`: false when there is none that fits. (take.c) */
bool secret_take(const struct secret_kind *kind, struct str text, size_t begin, size_t end,
                 struct secret_value *ret);

/* ---- databases (compile.c) ---- */

enum secret_part {
    SECRET_PART_ALL,   /* kinds that stand anywhere */
    SECRET_PART_FILES, /* kinds of files of certain names */
    SECRET_PART_OWN,   /* a team's */
    SECRET_PARTS
};

struct hs_database;
struct secret_kinds {
    const struct secret_kind **v; /* by the pattern's id */
    size_t n;
};

/* The kinds of a part of the tables. */
struct secret_kinds secret_kinds_of(struct arena *a, enum secret_part part);

/* generic: for any processor of this kind, else for this very one. *ret stays NULL when there are
 * no kinds. */
int secret_compile(struct arena *a, const struct secret_kinds *kinds, bool matches, bool generic,
                   struct hs_database **ret, struct err *e) MUST_USE;

struct secret_patterns {
    const struct hs_database *db; /* NULL: no kinds */
    struct hs_database *own;      /* the same, for secret_database_free(); NULL: it lies in shuck */
};

/* A part of the tables: as it was compiled when shuck was built, else compiled now. The library is
 * loaded. */
int secret_part_open(struct arena *a, enum secret_part part, const struct secret_kinds *kinds,
                     struct secret_patterns *ret, struct err *e) MUST_USE;

/* What tools/secret-compile makes: for each part of the tables a head and the database as it lies
 * in memory, both where cache lines begin. That program itself has none. */
enum { SECRET_BLOB_ALIGN = 64 };
struct secret_blob_head {
    uint64_t room; /* bytes to the next head */
    char version[SECRET_BLOB_ALIGN - 8];
};
extern const char secret_blob[];
extern const uint64_t secret_blob_bytes;

/* For tests: the part comes as it was built; and the end of a database. */
bool secret_part_is_built_in(enum secret_part part);
void secret_database_free(struct hs_database *db); /* NULL is fine */

/* ---- a team's own (own.c) ---- */

int secret_own_kinds(struct arena *a, const struct policy *policy, struct secret_kinds *ret,
                     struct err *e) MUST_USE;
/* It is not on the kind's list of what is allowed, and a keyword is near. */
bool secret_own_holds(const struct policy_secret *own, const struct secret_value *v,
                      struct str path);

/* ---- proofs (proofs.c, keys.c, wording.c) ---- */

bool secret_is_jwt(const struct secret_value *v);
bool secret_is_basic_auth(const struct secret_value *v);  /* base64 of user:password */
bool secret_is_private_key(const struct secret_value *v); /* an armour */
bool secret_is_locked_key(const struct secret_value *v);  /* one that needs a passphrase */
bool secret_is_key_in_base64(const struct secret_value *v);
bool secret_is_key_text(const struct secret_value *v); /* PuTTY's, OpenVPN's: its text is whole */
bool secret_is_service_account(const struct secret_value *v);
bool secret_is_signed_url(const struct secret_value *v);
bool secret_is_key32(const struct secret_value *v); /* base64 of 32 bytes */
bool secret_is_bech32(const struct secret_value *v);
bool secret_is_inline_random(const struct secret_value *v); /* no line of an armour */
bool secret_is_jwk(const struct secret_value *v);
bool secret_is_uuid(const struct secret_value *v);
bool secret_is_base62_crc(struct str value); /* six last digits, of GitHub's and npm's tokens */

bool secret_is_literal(const struct secret_value *v); /* no reference, switch or placeholder */
/* The same, right behind the letter of its option: in "-p name" the name is none. */
bool secret_is_glued_literal(const struct secret_value *v);
/* The same, and what is behind it goes into chpasswd. */
bool secret_is_user_password(const struct secret_value *v);
bool secret_is_local_password(const struct secret_value *v);  /* of a URL, for the loopback host */
bool secret_is_remote_password(const struct secret_value *v); /* of a URL, for another */
bool secret_is_password(const struct secret_value *v);        /* and of letters and more */
bool secret_is_random(const struct secret_value *v);  /* and no name, path, UUID or digest */
bool secret_is_key(const struct secret_value *v);     /* random, and its name is not harmless */
bool secret_is_setting(const struct secret_value *v); /* a password, and its name tells so */
bool secret_is_env(const struct secret_value *v);     /* a literal, and its name tells so */

/* What stands before the value: NAME = "; and whether it is a name of secrets. */
struct str secret_name_before(const struct secret_value *v);
bool secret_name_tells(struct str name);
bool secret_name_may_tell(struct str name); /* beside a name of who issues it */
/* No switch, number, path or reference. */
bool secret_value_is_literal(struct str value);
bool secret_value_may_be(struct str value); /* no reference, as far as its beginning tells */

/* The bytes of base64 or base64url, padding optional; n 0: it is none. */
struct str secret_decode64(struct arena *a, struct str text);

/* What is known of a value, wherever it stands. */
enum secret_doubt secret_doubt_of(const struct secret_kind *kind, const struct secret_value *v);

/* Its checksum, or its content, says that it was made to be used: no text for people to read. In
 * libraries test suites have keys of their own, which say nothing. */
bool secret_proves_itself(const struct secret_kind *kind, const struct secret_value *v,
                          bool library);

/* Shannon entropy of the bytes, bits a byte. */
double secret_entropy(struct str value);

/* What an armour's base64 stands for (of a key, its DER); empty: nothing. */
struct str secret_armour_bytes(struct arena *a, struct str armour);
/* The armour is of a key that needs no password and can be read. */
bool secret_key_reads(struct str armour);

/* ---- places (place.c) ---- */

bool secret_place_is_example(struct str path); /* documentation, tests, examples */
bool secret_place_is_library(struct str path); /* what package managers of languages bring */

#endif
