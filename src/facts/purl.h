/* purl: package URLs, "pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12", by the
 * package-url specification and its rules for each type. */
#ifndef FACTS_PURL_H
#define FACTS_PURL_H

#include "facts/facts.h"

struct facts_purl {
    const char *type;            /* "deb" */
    struct str namespace;        /* "debian", "@angular", "github.com/spf13"; may be empty */
    struct str name, version;    /* version may be empty */
    struct str_pairs qualifiers; /* in order of keys; those without a value are left out */
};

/* Names are normalised as the type's rules say. */
struct str facts_purl_text(struct arena *a, const struct facts_purl *p);

/* Of an operating system's package: the distribution is what the image's os-release says. */
struct str facts_package_purl(struct arena *a, const struct facts_base *base,
                              const struct facts_package *p);

/* Of a library; empty when what is known does not make one (a Java archive without a group). */
struct str facts_library_purl(struct arena *a, const struct facts_library *l);

#endif
