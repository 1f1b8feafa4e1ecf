/* reference: the name of an image in a registry, as people write it ⇄ its parts.
 *
 * The grammar of distribution's reference.md: "debian" is docker.io/library/debian, and what stands
 * before the first slash is a registry when it has a dot, a colon or a capital letter, or is
 * localhost. Narrower than that grammar in one place: a registry whose last label is a number is an
 * IP address in full, so 127.1:5000/web, which the grammar takes for a domain, is refused. Pure. */
#ifndef IMAGE_REFERENCE_H
#define IMAGE_REFERENCE_H

#include "base/err.h"
#include "base/str.h"

struct reference {
    struct str host;        /* "docker.io", "registry.example:5000", "[::1]:5000" */
    struct str repository;  /* "library/debian" */
    struct str tag, digest; /* empty: not written; digest with its "sha256:" */
};

/* ERR_INPUT: it is none, and why. */
int reference_parse(struct arena *a, struct str text, struct reference *ret,
                    struct err *e) MUST_USE;

/* Where its registry answers: docker.io does at registry-1.docker.io. */
struct str reference_server(const struct reference *r);

/* HOST/REPOSITORY, and with the tag, else latest; or with the digest, when there is one. */
struct str reference_place(struct arena *a, const struct reference *r);
struct str reference_text(struct arena *a, const struct reference *r);

#endif
