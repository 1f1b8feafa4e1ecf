#!/bin/sh
# What facts say of this machine's ELF files and packages is what readelf and dpkg-query say of them.
# ROOT names another root.
cd "$(dirname "$0")/.." || exit 1
lacks() { # WHAT: skipped, which CI does not allow
  [ -z "${SHUCK_MUST:-}" ] || { echo "not ok 1 - $1 is here"; exit 1; }
  echo "ok 1 # SKIP no $1"
}
command -v readelf >/dev/null || { lacks readelf; echo 1..1; exit 0; }
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

find "${ROOT:-}/usr/bin" "${ROOT:-}/usr/lib" "${ROOT:-}/usr/sbin" -xdev -type f -size -64M \
  \( -perm -100 -o -name '*.so*' -o -name '*.o' \) 2>/dev/null | sort |
  perl -lne 'open F, "<", $_ and read(F, $b, 4) == 4 and $b eq "\x7fELF" and print' |
  awk -v most="${FILES:-200}" '{ f[NR] = $0 }
    END { step = NR > most ? NR / most : 1; for (i = 1; i <= NR; i += step) print f[int(i)] }' >"$tmp/files"
n=$(wc -l <"$tmp/files")
[ "$n" -gt 0 ] || { lacks "an ELF file"; echo 1..1; exit 0; }

tr '\n' '\0' <"$tmp/files" | xargs -0 "$BUILD/tests/test_elf_facts" >"$tmp/ours"
# a file that is alone gets no "File:" line; /dev/null makes two of every call
tr '\n' '\0' <"$tmp/files" | xargs -0 sh -c 'LC_ALL=C readelf -hldW "$@" /dev/null 2>/dev/null' readelf | awk '
  function value() { match($0, /\[.*\]/); return substr($0, RSTART + 1, RLENGTH - 2) }
  function flush(  i) {
    if (file != "" && file != "/dev/null") {
      printf "file %s\nclass %s\ntype %s\n%s%s%s%s", file, class, type, interp, soname, rpath, runpath
      for (i = 1; i <= needed; i++) print "needed " need[i]
      if (nodeflib) print "nodeflib"
    }
    interp = soname = rpath = runpath = ""; needed = nodeflib = 0
  }
  /^File: / { flush(); file = substr($0, 7) }
  /^  Class: / { class = substr($2, 4) }
  /^  Type: / { type = $2 == "REL" ? 1 : $2 == "EXEC" ? 2 : $2 == "DYN" ? 3 : 4 }
  /Requesting program interpreter: / { sub(/.*interpreter: /, ""); sub(/\]$/, ""); interp = "interpreter " $0 "\n" }
  /\(SONAME\)/ { soname = "soname " value() "\n" }
  /\(RPATH\)/ { rpath = "rpath " value() "\n" }
  /\(RUNPATH\)/ { runpath = "runpath " value() "\n" }
  /\(NEEDED\)/ { need[++needed] = value() }
  /\(FLAGS_1\).* NODEFLIB/ { nodeflib = 1 }
  END { flush() }' >"$tmp/theirs"

echo 1..3
if cmp -s "$tmp/ours" "$tmp/theirs"; then
  echo "ok 1 - $n files as readelf reads them, $(grep -c ^needed "$tmp/ours") needed libraries"
else
  echo "not ok 1 - $n files as readelf reads them"
  diff -u "$tmp/theirs" "$tmp/ours" | head -n 40 | sed 's/^/# /'
fi

# only the database is copied, so owners are not looked at here
if ! command -v dpkg-query >/dev/null || ! [ -f "${ROOT:-}/var/lib/dpkg/status" ]; then
  [ -z "${SHUCK_MUST:-}" ] || { echo "not ok 2 - dpkg is here"; exit 1; }
  echo "ok 2 # SKIP no dpkg"
  echo "ok 3 # SKIP no dpkg"
  exit 0
fi
db="$tmp/root/var/lib/dpkg"
mkdir -p "$db/info"
cp "${ROOT:-}/var/lib/dpkg/status" "$db/"
find "${ROOT:-}/var/lib/dpkg/info" -name '*.list' -exec cp -t "$db/info" {} +
touch "$db/available"
"$BUILD/tests/test_facts" "dir:$tmp/root" >"$tmp/facts"
sed -n 's/^package \(.*\) files .*/\1/p' "$tmp/facts" | sort >"$tmp/ours"
dpkg-query --admindir="$db" -W -f \
  '${db:Status-Status} ${Package} ${Architecture} ${Version} ${source:Package} ${source:Version}\n' |
  grep -v -e '^config-files' -e '^not-installed' | cut -d' ' -f2- | sort >"$tmp/theirs"
if cmp -s "$tmp/ours" "$tmp/theirs"; then
  echo "ok 2 - $(wc -l <"$tmp/ours") packages and their sources as dpkg-query has them"
else
  echo "not ok 2 - packages as dpkg-query has them"
  diff -u "$tmp/theirs" "$tmp/ours" | head -n 20 | sed 's/^/# /'
fi
ours=$(awk '$1 == "package" { for (i = 1; i < NF; i++) if ($i == "files") n += $(i + 1) } END { print n }' "$tmp/facts")
theirs=$(cut -d' ' -f1,2 "$tmp/theirs" | while read -r name arch; do
  cat "$db/info/$name:$arch.list" 2>/dev/null || cat "$db/info/$name.list" 2>/dev/null
done | grep -c '^/[^.]')
if [ "$ours" = "$theirs" ]; then
  echo "ok 3 - $ours lines of file lists"
else
  echo "not ok 3 - lines of file lists: $ours, not $theirs"
fi
