/* limits: every cap on hostile input, with its reason. A cap is checked before memory is asked for,
 * and its message names the cap, so that a user knows what was refused and why.
 *
 * Sizes are bytes. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
    /* A manifest, index or config. Registries refuse manifests over 4 MiB; the largest configs seen
     * (long histories) are under 1 MiB. */
    LIMIT_JSON_BYTES = 8 * 1024 * 1024,
    /* Brackets, commas and colons in it: each may stand for a value of 230 bytes in memory. In real
     * documents they are 20 bytes apart. */
    LIMIT_JSON_MARKS = 1024 * 1024,
    /* Nesting in JSON. The deepest document of the formats we read has under 20 levels. */
    LIMIT_JSON_DEPTH = 64,
    /* overlayfs and Docker stop at 127 layers. */
    LIMIT_LAYERS = 127,
    /* Members of an archive around an image: its blobs. Legacy archives have three a layer. */
    LIMIT_MEMBERS = 100 * 1000,
    /* Manifests in one index: platforms times attestations of the largest official images is < 100.
     */
    LIMIT_MANIFESTS = 1024,
    /* Entries in one layer. Three million files is the largest image reported by users. */
    LIMIT_LAYER_ENTRIES = 4 * 1000 * 1000,
    /* What one tar entry may have before its data: pax records and long names (libarchive takes 1
     * MiB of each), and maps of sparse files, which cost far more memory than bytes. */
    LIMIT_HEADER_BYTES = 4 * 1024 * 1024,
    /* Path of a tar entry: Linux's PATH_MAX. */
    LIMIT_PATH_BYTES = 4096,
    /* Components of a path: stops folders nested without end, which make walks quadratic. */
    LIMIT_PATH_DEPTH = 512,
    /* One name: Linux's NAME_MAX. */
    LIMIT_NAME_BYTES = 255,
    /* Symlinks followed in one resolution, as in Linux. */
    LIMIT_SYMLINKS = 40,
    /* Steps through symlinks in the parents of all entries of an image, and of all files in package
     * databases: real images take a few a file; without a cap each could cost 40 symlinks of 2,000
     * components. */
    LIMIT_LINK_STEPS = 64 * 1000 * 1000,
    /* Extended attributes of one entry, names and values: Linux's XATTR_LIST_MAX. */
    LIMIT_XATTR_BYTES = 65536,
    LIMIT_XATTRS = 128,
    /* A text file read whole into memory: package databases are the largest (dpkg status < 8 MiB).
     */
    LIMIT_TEXT_BYTES = 32 * 1024 * 1024,
    /* A shell script kept for reading the commands it calls. The longest entrypoints of official
     * images are under 64 KiB. */
    LIMIT_SCRIPT_BYTES = 256 * 1024,
    /* Texts and strings facts keep of one layer, and paths that are joined from what they keep. A
     * TeX distribution's file lists are 20 MiB. */
    LIMIT_FACTS_BYTES = 64 * 1024 * 1024,
    /* Packages in one database (the largest installations list 10,000), names in all their
     * dependencies, and lines in all their file lists. */
    LIMIT_PACKAGES = 64 * 1024,
    LIMIT_PACKAGE_NAMES = 1024 * 1024,
    LIMIT_PACKAGE_FILES = 4 * 1000 * 1000,
    /* An rpm database: those of large machines have 200 MiB. It passes through a temporary file,
     * and the header of one package through memory (the largest, of kernels and documents, have 8
     * MiB). */
    LIMIT_RPM_BYTES = 512 * 1024 * 1024,
    LIMIT_RPM_HEADER = 64 * 1024 * 1024,
    /* Files of which not all could be read, archives and such with libraries, that are named one by
     * one; the rest are counted. */
    LIMIT_UNREAD_NOTES = 100,
    /* Packages of programming languages in an image. The largest front ends have 5,000. */
    LIMIT_LIBRARIES = 1024 * 1024,
    /* A Java archive: it passes through a temporary file. Of one, with all archives in it: bytes
     * that are unpacked, bytes of archives that are in memory one in the other, entries, a text,
     * and how deep they stand: a jar in a war in an ear is three. */
    LIMIT_JAR_BYTES = 1024 * 1024 * 1024,
    LIMIT_JAR_UNPACKED = 1024 * 1024 * 1024,
    LIMIT_JAR_HELD = 128 * 1024 * 1024,
    LIMIT_JAR_ENTRIES = 1000 * 1000,
    LIMIT_JAR_TEXT = 1024 * 1024,
    LIMIT_JAR_DEPTH = 6,
    /* Of all Java archives of a layer: bytes that are unpacked, and so many more a stored byte. */
    LIMIT_JAR_LAYER = 256 * 1024 * 1024,
    LIMIT_JAR_ROOM = 20,
    /* An archive that secrets are looked for in: it passes through a temporary file. Of one, with
     * all archives in it: bytes that come out, and so many a stored byte, beside a little for small
     * ones; bytes of archives that are in memory one in the other; entries; and how deep they
     * stand: a log in a tar in a zip in a war in an ear is five. */
    LIMIT_ARCHIVE_BYTES = 1024 * 1024 * 1024,
    LIMIT_ARCHIVE_UNPACKED = 1024 * 1024 * 1024,
    LIMIT_ARCHIVE_RATIO = 200,
    LIMIT_ARCHIVE_SMALL = 16 * 1024 * 1024,
    LIMIT_ARCHIVE_HELD = 128 * 1024 * 1024,
    LIMIT_ARCHIVE_ENTRIES = 1000 * 1000,
    LIMIT_ARCHIVE_DEPTH = 6,
    /* Of all archives of a layer: bytes that come out, and so many more a stored byte. What logs
     * and programs compress to is a tenth; thousands of bombs cost no more than this. */
    LIMIT_ARCHIVE_LAYER = 1024 * 1024 * 1024,
    LIMIT_ARCHIVE_ROOM = 20,
    /* What cargo auditable wrote into a program, packed or not. It allows itself 8 MiB. */
    LIMIT_CARGO_BYTES = 8 * 1024 * 1024,
    /* And into all programs of a layer, and so many more a stored byte. Of one they are 20 KiB, a
     * fifth of it stored. */
    LIMIT_CARGO_LAYER = 64 * 1024 * 1024,
    LIMIT_CARGO_ROOM = 20,
    /* Accounts, groups, or members of all groups. */
    LIMIT_ACCOUNTS = 64 * 1024,
    /* Of one ELF file: program headers (real ones have under 20), entries of the dynamic section
     * (under 500), bytes of one string in it (long run paths have 2,000) and of one note. */
    LIMIT_ELF_SEGMENTS = 1024,
    LIMIT_ELF_DYNAMIC = 4096,
    LIMIT_ELF_STRING = 16 * 1024,
    LIMIT_ELF_NOTE = 64 * 1024,
    /* Places where libraries of an image's programs are looked for. A thousand libraries, each on
     * its own, make 100,000. */
    LIMIT_LIBRARY_LOOKUPS = 4 * 1000 * 1000,
    /* .shuck.yaml: a thousand ignores with their reasons are under 128 KiB. */
    LIMIT_POLICY_BYTES = 128 * 1024,
    /* Lists and mappings in each other, of it and of .hadolint.yaml, which need four. */
    LIMIT_YAML_DEPTH = 32,
    /* A path pattern of an ignore; matching costs pattern times path. */
    LIMIT_GLOB_BYTES = 512,
    /* Findings of one rule kept one by one; the last one counts the rest. */
    LIMIT_RULE_FINDINGS = 1000,
    /* What the agent wrote in one run. Starting a Java server writes 2 MiB; find(1) over three
     * million files 400 MiB, which no exercise needs. */
    LIMIT_TRACE_BYTES = 64 * 1024 * 1024,
    LIMIT_TRACE_RECORDS = 1000 * 1000,
    /* Folders of a PATH that programs are looked for in. The longest of official images has nine.
     */
    LIMIT_PATH_FOLDERS = 256,
    /* Programs a health check calls that are looked for. Real ones call one to five. */
    LIMIT_HEALTH_PROGRAMS = 256,
    /* Elements of one list in a config: environment, command, ports, labels, history. */
    LIMIT_CONFIG_ITEMS = 10000,
    /* A Dockerfile. The longest of 99,737 real ones are under 1 MiB. */
    LIMIT_DOCKERFILE_BYTES = 4 * 1024 * 1024,
    /* Its instructions, of which each takes 2 KB in memory. Real ones have under 1,000. */
    LIMIT_DOCKERFILE_INSTRUCTIONS = 50000,
    /* One line of it: the builders' own limit. */
    LIMIT_DOCKERFILE_LINE = 65535,
    /* A .dockerignore. Real ones have under 200 lines. */
    LIMIT_DOCKERIGNORE_BYTES = 256 * 1024,
    /* Errors of one Dockerfile, or of one script in it, that are kept: nobody reads more. */
    LIMIT_DOCKERFILE_ERRORS = 1000,
    /* ONBUILD in ONBUILD: builders refuse the second. */
    LIMIT_ONBUILD_DEPTH = 16,
    /* Here-documents of one instruction. Real ones have under ten. */
    LIMIT_HEREDOCS = 256,
    /* Brackets, groups and scripts in scripts. Real scripts have under 15. */
    LIMIT_SHELL_DEPTH = 100,
    /* Programs that run each other in one command: sudo env nice … Each has all words after it.
     * Real ones have under five. */
    LIMIT_SHELL_WRAPPERS = 16,
    /* Commands and words of one script. The longest real ones have under 5,000; LIMIT_SCRIPT_BYTES
     * has room for no more. */
    LIMIT_SHELL_COMMANDS = 128 * 1024,
    LIMIT_SHELL_WORDS = 512 * 1024,
    /* One word of a Dockerfile after expansion: what Linux takes as one argument. */
    LIMIT_EXPANSION_BYTES = 128 * 1024,
    /* ${…} in ${…}. */
    LIMIT_EXPANSION_DEPTH = 32,
    /* Bytes and pattern steps of all expansions of one file: ENV a=$a$a doubles with each line. */
    LIMIT_EXPANSION_WORK = 64 * 1024 * 1024,
    /* Secrets of one layer: nobody reads more. */
    LIMIT_LAYER_SECRETS = 10000,
    /* Ends of matches in one window of a file: real files have under 100; more is made to be slow.
     */
    LIMIT_SECRET_HITS = 10000,
    /* A team's own kinds of secrets, and bytes and states of one pattern: what compiles in a
     * second. Built-in ones have under 400 of each. */
    LIMIT_SECRET_KINDS = 200,
    LIMIT_SECRET_PATTERN = 512,
    LIMIT_SECRET_STATES = 2000,
    /* Variables of one stage that its scripts are told of. Real files have under 200. */
    LIMIT_LINT_VARIABLES = 1024,
    /* Findings of one rule in one Dockerfile: nobody reads more. Repairing goes on behind. */
    LIMIT_LINT_FINDINGS = 10000,
    /* Bytes that are read again while one Dockerfile is repaired, beside so many times its own, and
     * what each reading counts at least. Real files are read three times. */
    LIMIT_REPAIR_WORK = 4 * 1024 * 1024,
    LIMIT_REPAIR_TIMES = 8,
    LIMIT_REPAIR_LEAST = 4096,
    /* Bytes that variables bring into the commands of a Dockerfile that is linted; beyond it they
     * stay as they are written. Each word of these may be a finding of several rules. */
    LIMIT_LINT_BROUGHT = 256 * 1024,
    /* Bytes of paths times bytes of patterns of one .dockerignore. A hundred lines and a thousand
     * sources take 10 million. */
    LIMIT_DOCKERIGNORE_WORK = 16 * 1024 * 1024,
    /* What a registry answers with, beside the body: lines of a header together, and redirects on
     * the way. Real ones have under 4 KiB, and two. */
    LIMIT_REGISTRY_HEADER = 64 * 1024,
    LIMIT_REGISTRY_HOPS = 5,
    /* A token with what is around it, or an error's text. Tokens of large registries have 4 KiB. */
    LIMIT_REGISTRY_TEXT = 64 * 1024,
    /* The token itself: no server takes a longer header (most stop at 8 KiB). */
    LIMIT_REGISTRY_TOKEN = 16 * 1024,
    /* An address that a registry leads to: a name of DNS (253 bytes), with a little room, and a
     * path with a signed query, which have under 4 KiB. */
    LIMIT_ADDRESS_HOST = 260,
    LIMIT_ADDRESS_PATH = 16 * 1024,
    /* The name of an image with its registry, and a tag: both as distribution has them. */
    LIMIT_REFERENCE_NAME = 255,
    LIMIT_REFERENCE_TAG = 128,
    /* A file that docker login or podman login writes. */
    LIMIT_CREDENTIALS_BYTES = 1024 * 1024,
    /* What a docker-credential helper prints: a user and a token. */
    LIMIT_CREDENTIALS_HELPER = 64 * 1024,
    /* The name of a file in an archive as a finding shows it: its end, which tells most. */
    LIMIT_ARCHIVE_NAME = 1024,
    /* Stages. The largest real files have under 100. */
    LIMIT_STAGES = 1000,
};

/* Bytes of one decompressed layer. Refused by name beyond it: 64 GiB is above any image a registry
 * accepts, and a bomb is stopped earlier by the ratio below. */
#define LIMIT_LAYER_BYTES (64ull << 30)

/* Decompressed bytes per compressed byte once LIMIT_BOMB_FROM bytes came out. Deflate cannot exceed
 * 1032; real layers stay under 30, sparse ones under 200. */
#define LIMIT_BOMB_RATIO 400u
#define LIMIT_BOMB_FROM  (256ull << 20)

/* One regular file in a layer. */
#define LIMIT_FILE_BYTES (32ull << 30)

/* The archive of an image that a daemon sends, and the room that is left on the disk it goes to. */
#define LIMIT_FETCH_BYTES (256ull << 30)
#define LIMIT_FETCH_SPARE (256ull << 20)

/* An ELF file that is read: it passes through a temporary file. The largest libraries of machine
 * learning images are 2 GiB. */
#define LIMIT_ELF_BYTES (4ull << 30)

#endif
