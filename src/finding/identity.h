/* identity: a finding → a name that is the same as long as it is the same finding: from build to
 * build, whatever layers, lines and versions move. */
#ifndef FINDING_IDENTITY_H
#define FINDING_IDENTITY_H

#include "base/map.h"
#include "finding/finding.h"

/* 32 hex digits. `seen` counts those alike, so that no two findings of a report share one; it has
 * only .a set before the first. */
struct str finding_identity(struct map *seen, const struct finding *f);

/* What of an evidence stays: numbers, versions and digests become "#"; ids of advisories and the
 * starts of secrets are kept. */
struct str identity_evidence(struct arena *a, struct str text);

#endif
