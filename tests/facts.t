#!/bin/sh
# What facts say of this machine's ELF files is what readelf says of them. ROOT names another root.
cd "$(dirname "$0")/.." || exit 1
command -v readelf >/dev/null || { echo "1..0 # SKIP no readelf"; exit 0; }
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

find "${ROOT:-}/usr/bin" "${ROOT:-}/usr/lib" "${ROOT:-}/usr/sbin" -xdev -type f -size -64M \
  \( -perm -100 -o -name '*.so*' -o -name '*.o' \) 2>/dev/null | sort |
  perl -lne 'open F, "<", $_ and read(F, $b, 4) == 4 and $b eq "\x7fELF" and print' |
  awk -v most="${FILES:-200}" '{ f[NR] = $0 }
    END { step = NR > most ? NR / most : 1; for (i = 1; i <= NR; i += step) print f[int(i)] }' >"$tmp/files"
n=$(wc -l <"$tmp/files")
[ "$n" -gt 0 ] || { echo "1..0 # SKIP no ELF files"; exit 0; }

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

echo 1..1
if cmp -s "$tmp/ours" "$tmp/theirs"; then
  echo "ok 1 - $n files as readelf reads them, $(grep -c ^needed "$tmp/ours") needed libraries"
else
  echo "not ok 1 - $n files as readelf reads them"
  diff -u "$tmp/theirs" "$tmp/ours" | head -n 40 | sed 's/^/# /'
fi
