#!/bin/bash
# What shuck sbom writes agrees with dpkg-query and rpm, holds together, and fits the formats: CycloneDX by
# its own schema, SPDX by its project's validator, when tools/sbom-validators has put them into
# build/sbom-validators or $SBOM_VALIDATORS.
cd "$(dirname "$0")/.." || exit 1
. tests/lib/shell.sh
export XDG_CACHE_HOME="$tmp/cache" SOURCE_DATE_EPOCH=1000000000

need() { # PROGRAM: or the test of it is skipped, which CI does not allow
  command -v "$1" >/dev/null && return
  test_n=$((test_n + 1))
  if [ -n "${SHUCK_MUST:-}" ]; then echo "not ok $test_n - $1 is here"; test_bad=1; else echo "ok $test_n # skip $1 is not here"; fi
  return 1
}
need jq || done_testing

same() { # WORDS WANT GOT: files
  cmp -s "$2" "$3"
  ok $? "$1"
  cmp -s "$2" "$3" || diff "$2" "$3" | head -n 10 | sed 's/^/# /'
}

root="$tmp/root"
mkdir -p "$root/etc" "$root/app/node_modules/left" "$root/usr/lib/python3/x-1.dist-info"
printf 'ID=debian\nVERSION_ID=12\n' >"$root/etc/os-release"
printf '{"name":"left","version":"1.0.0","license":"MIT"}' >"$root/app/node_modules/left/package.json"
printf '{"name":"app","version":"9"}' >"$root/app/package.json"
printf 'Name: X_y\nVersion: 1\nLicense: BSD\n\n' >"$root/usr/lib/python3/x-1.dist-info/METADATA"

if need dpkg-query; then
  mkdir -p "$root/var/lib/dpkg/info"
  cp /var/lib/dpkg/status "$root/var/lib/dpkg/"
  cp /var/lib/dpkg/info/*.list "$root/var/lib/dpkg/info/"
  dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${db:Status-Abbrev} ${Package} ${Version}\n' |
    sed -n 's/^.[^nc]. *//p' | LC_ALL=C sort >"$tmp/want"
  "$SHUCK" sbom "dir:$root" -o "$tmp/deb.json"
  jq -r '.components[] | select(.purl // "" | startswith("pkg:deb/")) | .name + " " + .version' "$tmp/deb.json" |
    LC_ALL=C sort >"$tmp/got"
  same "$(wc -l <"$tmp/want") packages as dpkg-query has them" "$tmp/want" "$tmp/got"
fi

"$SHUCK" pack --quiet "$root" -o "oci:$tmp/image" --entrypoint /bin/true >"$tmp/log"
for format in cyclonedx spdx; do
  "$SHUCK" sbom "oci:$tmp/image" --format $format >"$tmp/$format.json"
  ok $? "an image as $format"
  "$SHUCK" sbom "oci:$tmp/image" --format $format -o "$tmp/again.json"
  same "$format: the same bytes again" "$tmp/$format.json" "$tmp/again.json"
done
printf '%s\n' pkg:npm/left@1.0.0 pkg:pypi/x-y@1 >"$tmp/want"
jq -r '.components[].purl // empty' "$tmp/cyclonedx.json" | grep -v ^pkg:deb/ >"$tmp/got"
same "libraries, and not the application itself" "$tmp/want" "$tmp/got"

# refs: each is of one, and leads to one
jq -e '([.components[], .metadata.component | ."bom-ref"]) as $refs | ($refs | length == (unique | length))
  and ([.dependencies[] | .ref, .dependsOn[]] - $refs == [])
  and ([.dependencies[].ref] | length == (unique | length))' "$tmp/cyclonedx.json" >"$tmp/log"
ok $? "CycloneDX: refs"
jq -e '([.packages[].SPDXID, .SPDXID]) as $ids | ($ids | length == (unique | length))
  and ([.relationships[] | .spdxElementId, .relatedSpdxElement] - $ids == [])' "$tmp/spdx.json" >"$tmp/log"
ok $? "SPDX: refs"
jq -e '(keys - ["spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo", "packages",
    "relationships", "hasExtractedLicensingInfos"] == [])
  and .spdxVersion == "SPDX-2.3" and .dataLicense == "CC0-1.0" and .SPDXID == "SPDXRef-DOCUMENT"
  and (.creationInfo.created | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"))
  and all(.creationInfo.creators[]; test("^Tool: [^ ]+-[^ ]+$"))
  and all(.packages[]; (.SPDXID | test("^SPDXRef-[A-Za-z0-9.-]+$")) and (.name | length > 0)
    and .downloadLocation == "NOASSERTION" and .filesAnalyzed == false
    and (.primaryPackagePurpose | IN("CONTAINER", "OPERATING_SYSTEM", "LIBRARY"))
    and (keys - ["SPDXID", "name", "versionInfo", "primaryPackagePurpose", "supplier", "downloadLocation",
      "filesAnalyzed", "licenseConcluded", "licenseDeclared", "licenseComments", "copyrightText", "externalRefs",
      "sourceInfo", "comment", "checksums"] == [])
    and all(.externalRefs[]?; .referenceCategory == "PACKAGE-MANAGER" and .referenceType == "purl"
      and (.referenceLocator | test("^pkg:[^ ]+$"))))
  and all(.packages[].checksums[]?; .algorithm == "SHA256" and (.checksumValue | test("^[0-9a-f]{64}$")))
  and (([.packages[].licenseDeclared | scan("LicenseRef-[A-Za-z0-9.-]+")] | unique)
    == ([.hasExtractedLicensingInfos[] | select(.extractedText | length > 0) | .licenseId] | sort))
  and all(.relationships[]; .relationshipType | IN("DESCRIBES", "CONTAINS", "DEPENDS_ON"))' "$tmp/spdx.json" >"$tmp/log"
ok $? "SPDX: fields and words of version 2.3"

# what those who made the formats say
validators=${SBOM_VALIDATORS:-build/sbom-validators}
python=/usr/bin/python3
if [ -e "$validators/complete" ] && "$python" -c 'import jsonschema, yaml' 2>"$tmp/log"; then
  cyclonedx() { # WORDS FILE
    check "$1" "$python" -W ignore - "$validators/cyclonedx/schema/_res" "$2" <<'PYTHON'
import glob, json, os, sys, jsonschema
base, store = "http://cyclonedx.org/schema/", {}
for path in glob.glob(sys.argv[1] + "/*.json"):
    store[base + os.path.basename(path)] = store[base + os.path.basename(path).replace(".SNAPSHOT", "")] = json.load(open(path))
schema = store[base + "bom-1.6.schema.json"]
resolver = jsonschema.RefResolver(base + "bom-1.6.schema.json", schema, store=store)
wrong = list(jsonschema.Draft7Validator(schema, resolver=resolver).iter_errors(json.load(open(sys.argv[2]))))
for e in wrong[:10]:
    print(list(e.path), e.message[:300])
sys.exit(bool(wrong))
PYTHON
  }
  spdx() { # WORDS FILE: ids, relationships, licence expressions and all else that the specification asks for
    PYTHONPATH=$validators check "$1" "$python" -W ignore -c \
      'from spdx_tools.spdx.clitools.pyspdxtools import main; main()' -i "$2"
  }
  cyclonedx "CycloneDX: fits the schema" "$tmp/cyclonedx.json"
  spdx "SPDX: its project's validator has nothing to say" "$tmp/spdx.json"
  jq '.packages[2].licenseDeclared = "LicenseRef-gone"' "$tmp/spdx.json" >"$tmp/bad.spdx.json"
  ! PYTHONPATH=$validators "$python" -W ignore -c 'from spdx_tools.spdx.clitools.pyspdxtools import main; main()' -i "$tmp/bad.spdx.json" >"$tmp/log" 2>&1
  ok $? "SPDX: and it has eyes"

  # one of every kind, with names and licences that are none
  rich="$tmp/rich"
  mkdir -p "$rich/etc" "$rich/lib/apk/db" "$rich/usr/lib/ruby/specifications" "$rich/srv/vendor/composer" \
    "$rich/srv/node_modules/a" "$rich/srv/node_modules/b" "$rich/srv/node_modules/c" "$rich/srv/node_modules/d" "$rich/srv/x.dist-info"
  printf 'ID=alpine\nVERSION_ID=3.20.3\n' >"$rich/etc/os-release"
  printf 'P:musl\nV:1.2\nA:x86_64\nL:MIT\nD:so:x\np:so:x\n\nP:busybox\nV:1.36\nA:x86_64\nL:GPL-2.0-only AND (MIT OR LicenseRef-Own)\nD:musl\n\n' >"$rich/lib/apk/db/installed"
  printf '{"name":"a","version":"1 2\\u0007<>","license":"(MIT OR ISC) WITH Classpath-exception-2.0"}' >"$rich/srv/node_modules/a/package.json"
  printf '{"name":"b/../\\ud83d\\ude00","version":"1","license":"SEE LICENSE IN \\u202e"}' >"$rich/srv/node_modules/b/package.json"
  printf '{"name":"c","version":"1","license":"DocumentRef-x:LicenseRef-y"}' >"$rich/srv/node_modules/c/package.json"
  printf '{"name":"d","version":"1","license":"LicenseRef-bad_id+ AND MIT"}' >"$rich/srv/node_modules/d/package.json"
  printf 'Name: x\nVersion: 1\nLicense: A \377 license\033[31m\n' >"$rich/srv/x.dist-info/METADATA"
  printf 's.name = "g"\ns.version = "1"\ns.licenses = ["Ruby"]\n' >"$rich/usr/lib/ruby/specifications/g.gemspec"
  printf '{"packages":[{"name":"v/p","version":"v1","license":["BSD-3-Clause"]}]}' >"$rich/srv/vendor/composer/installed.json"
  printf '{"libraries":{"N.J/13.0.3":{"type":"package"}}}' >"$rich/srv/a.deps.json"
  "$SHUCK" pack --quiet "$rich" -o "oci:$tmp/rich-image" --entrypoint /bin/true >"$tmp/log"
  for from in "dir:$rich" "oci:$tmp/rich-image"; do
    "$SHUCK" sbom "$from" -o "$tmp/rich.cdx.json"
    "$SHUCK" sbom "$from" --format spdx -o "$tmp/rich.spdx.json"
    cyclonedx "CycloneDX: one of every kind, ${from%%:*}" "$tmp/rich.cdx.json"
    spdx "SPDX: one of every kind, ${from%%:*}" "$tmp/rich.spdx.json"
  done
else
  test_n=$((test_n + 1))
  if [ -n "${SHUCK_MUST:-}" ]; then echo "not ok $test_n - $validators has validators"; test_bad=1; else echo "ok $test_n # skip no validators (tools/sbom-validators $validators), or no python3-jsonschema"; fi
fi

# rpm: its own packages, built, installed and listed here
if need rpmbuild && need sqlite3 && need db5.3_load; then
  rpm_root="$tmp/rpm" db=/var/lib/rpm
  mkdir -p "$rpm_root/etc"
  printf 'ID=fedora\nVERSION_ID=41\n' >"$rpm_root/etc/os-release"
  for i in 1 2 3; do
    cat >"$tmp/$i.spec" <<SPEC
Name: Shuck-part-$i
Epoch: $((i - 1))
Version: 1.$i
Release: $i
Summary: part
License: MIT
BuildArch: noarch
%description
part
%install
mkdir -p %{buildroot}/usr/share/part-$i %{buildroot}/etc
echo $i > %{buildroot}/usr/share/part-$i/file
echo $i > %{buildroot}/etc/part-$i
%files
/usr/share/part-$i
%config /etc/part-$i
SPEC
    rpmbuild -bb --quiet --define "_topdir $tmp/build" --define '_build_id_links none' "$tmp/$i.spec" >"$tmp/log" 2>&1
  done
  own() { rpm --root "$rpm_root" --dbpath $db --define '_db_backend sqlite' "$@"; }
  own --initdb
  own -i --nodeps --noscripts --force-debian "$tmp"/build/RPMS/noarch/*.rpm >"$tmp/log" 2>&1
  own -qa --qf '%{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE} %{ARCH}\n' | sed 's/ 0:/ /' | LC_ALL=C sort >"$tmp/want"
  [ "$(wc -l <"$tmp/want")" = 3 ]
  ok $? "rpm installs three packages"
  listed() {
    "$SHUCK" sbom "dir:$rpm_root" | jq -r '.components[] | select(.purl // "" | startswith("pkg:rpm/fedora/")) |
      .name + " " + .version + " " + (.purl | capture("arch=(?<a>[^&]*)").a)' | LC_ALL=C sort >"$tmp/got"
  }
  listed
  same "rpm: sqlite" "$tmp/want" "$tmp/got"
  "$SHUCK" sbom "dir:$rpm_root" | jq -r '.components[] | select(.name == "Shuck-part-3").purl' >"$tmp/got-url"
  echo 'pkg:rpm/fedora/Shuck-part-3@1.3-3?arch=noarch&distro=fedora-41&epoch=2' >"$tmp/want-url"
  same "rpm: a package URL with an epoch" "$tmp/want-url" "$tmp/got-url"

  # 4.11: a file that is another than rpm installed; configuration is there to be changed
  changed() {
    "$SHUCK" audit --no-cache --fail-on never --all --format json "dir:$rpm_root" |
      jq -r '.findings[] | select(.rule == "CIS-4.11") | .location.path + ": " + .evidence' >"$tmp/got"
  }
  changed
  same "rpm: all files are as they were installed" /dev/null "$tmp/got"
  echo other >"$rpm_root/usr/share/part-2/file"
  echo other >"$rpm_root/etc/part-1"
  changed
  echo '/usr/share/part-2/file: this file is not the one that package Shuck-part-2 1:1.2-2 brought' >"$tmp/want-changed"
  same "rpm: a changed file is found, a changed setting is none" "$tmp/want-changed" "$tmp/got"
  mkdir -p "$tmp/sqlite" && mv "$rpm_root$db"/* "$tmp/sqlite"

  # the same headers in SUSE's kind of database, which Debian's rpm does not write
  sqlite3 "$tmp/sqlite/rpmdb.sqlite" 'SELECT hex(blob) FROM Packages' | perl -e '
    my ($slots, $blobs, $n, $at) = ("", "", 0, 4096);
    while (<>) {
      chomp;
      my $blob = pack "H*", $_;
      $blob = "BlbS" . pack("V3", ++$n, 1, length $blob) . $blob;
      $blob .= "\0" x ((4 - length($blob)) % 16) . "\0" x 12;
      $slots .= "Slot" . pack "V3", $n, $at / 16, length($blob) / 16;
      ($blobs, $at) = ($blobs . $blob, $at + length $blob);
    }
    my $head = "RpmP" . pack("V7", 0, 1, 1, $n + 1, 0, 0, 0) . $slots;
    print $head, "\0" x (4096 - length $head), $blobs' >"$rpm_root$db/Packages.db"
  listed
  same "rpm: ndb" "$tmp/want" "$tmp/got"
  changed
  same "rpm: ndb: the changed file" "$tmp/want-changed" "$tmp/got"
  rm -rf "$rpm_root$db"/* && mv "$tmp/sqlite"/* "$rpm_root$db"

  # the same headers in a hash of Berkeley DB, as rpm had it before
  {
    printf 'VERSION=3\nformat=bytevalue\ntype=hash\nHEADER=END\n 00000000\n 03000000\n'
    sqlite3 "$rpm_root$db/rpmdb.sqlite" "SELECT printf(' %02x000000', hnum) || char(10) || ' ' || lower(hex(blob)) FROM Packages"
    echo DATA=END
  } >"$tmp/dump"
  cp "$rpm_root$db/rpmdb.sqlite" "$tmp/whole"
  rm -f "$rpm_root$db"/*
  db5.3_load -f "$tmp/dump" "$rpm_root$db/Packages"
  listed
  same "rpm: Berkeley DB" "$tmp/want" "$tmp/got"

  rm "$rpm_root$db/Packages"
  head -c 20000 "$tmp/whole" >"$rpm_root$db/rpmdb.sqlite"
  "$SHUCK" sbom "dir:$rpm_root" -o "$tmp/cut.json" 2>"$tmp/err"
  ok $? "rpm: a database that is cut off is no failure"
  grep -q 'rpmdb.sqlite is not a whole rpm database' "$tmp/err"
  ok $? "rpm: but it is said"
fi

refused 2 "cyclonedx" sbom "dir:$root" --format nothing
SOURCE_DATE_EPOCH=soon refused 2 "SOURCE_DATE_EPOCH" sbom "dir:$root"
done_testing
