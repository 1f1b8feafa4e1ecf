/* rpm_ndb: rpm's own database, Packages.db of SUSE's systems → header blobs.
 *
 * Little endian. A head of 32 bytes, then slots of 16 in as many pages as the head says; each slot
 * that is taken points, in blocks of 16 bytes, at a blob: its head repeats the package's number and
 * tells the length.
 *
 * Invariants
 * 1. All headers together are no more bytes than the file has. (test_rpm: room)
 */
#include "base/limits.h"
#include "facts/rpm.h"

enum { UNIT = 16, PAGE = 4096, HEAD_UNITS = 2 };

#define MAGIC_HEAD 0x506d7052u /* "RpmP" */
#define MAGIC_SLOT 0x746f6c53u /* "Slot" */
#define MAGIC_BLOB 0x53626c42u /* "BlbS" */

static uint32_t le32(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

/* The header a slot points at. */
static bool blob_of(struct str bytes, const char *slot, struct str *ret)
{
    uint64_t at = (uint64_t)le32(slot + 8) * UNIT;
    struct str blob = str_from(bytes, at < bytes.n ? (size_t)at : bytes.n);
    if (blob.n < UNIT || le32(blob.p) != MAGIC_BLOB || le32(blob.p + 4) != le32(slot + 4))
        return false;
    uint32_t n = le32(blob.p + 12);
    *ret = str_slice(blob, UNIT, UNIT + (size_t)n);
    return ret->n == n && n <= LIMIT_RPM_HEADER;
}

void facts_rpm_ndb(struct facts_rpm *r, struct str bytes)
{
    if (bytes.n < HEAD_UNITS * UNIT || le32(bytes.p) != MAGIC_HEAD || le32(bytes.p + 4) != 0)
        return facts_rpm_wrong(r, STR("is not a whole rpm database"));
    uint64_t slots = (uint64_t)le32(bytes.p + 12) * (PAGE / UNIT), most = bytes.n;
    for (uint64_t i = HEAD_UNITS; i < slots && i < bytes.n / UNIT; i++) {
        const char *slot = bytes.p + i * UNIT;
        struct str blob;
        if (le32(slot) != MAGIC_SLOT || !le32(slot + 4))
            continue; /* free */
        if (!blob_of(bytes, slot, &blob)) {
            facts_rpm_wrong(r, STR("has a package that lies outside of it"));
            continue;
        }
        if (blob.n > most || !facts_rpm_header(r, blob))
            return facts_rpm_wrong(r, STR("lists more than is read; the rest is left out"));
        most -= blob.n;
    }
    if (slots > bytes.n / UNIT)
        facts_rpm_wrong(r, STR("is cut off"));
}
