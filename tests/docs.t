#!/bin/bash
# docs/rules.md and docs/moves.md are what `shuck explain` prints of the constants, and every example of a
# command in README.md and docs/ is one that the command line takes. `tests/docs.t --update` rewrites the
# first two.
cd "$(dirname "$0")/.." || exit 1
: "${SHUCK:=$PWD/build/shuck}"
explained() { "$SHUCK" explain --all --kind "$1" --format markdown; }
if [ "${1:-}" = --update ]; then
  for kind in rule move; do explained $kind >docs/${kind}s.md || exit 1; done
  exit
fi
n=0
ok() { # STATUS WORDS
  n=$((n + 1))
  if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
for kind in rule move; do
  explained $kind | cmp -s - docs/${kind}s.md
  ok $? "docs/${kind}s.md is up to date (tests/docs.t --update)"
done

# Every command in code, with its options: `shuck harden --list`, or a line of an example.
examples() {
  perl -0777 -ne 's/\\\n\s*/ /g; while (/(?:`|^    (?:\$ )?)shuck ([a-z]+)([^`\n]*)/mg) {
    my ($command, $rest) = ($1, $2); $rest =~ s/\x27[^\x27]*\x27| -- .*|[|#].*//g;
    print join(" ", $command, $rest =~ /(?<![\w-])(--?[a-z][a-z-]*)/g), "\n" }' "$@" | sort -u
}
bad='' seen=0
while read -r command options; do
  help=$("$SHUCK" "$command" --help 2>/dev/null) || bad="$bad $command"
  seen=$((seen + 1))
  for option in $options; do
    grep -qE -- "^ .*(^| )$option(,| |$)" <<<"$help
  --help
  --quiet" || bad="$bad $command:$option"
  done
done < <(examples README.md SECURITY.md docs/*.md)
[ $seen -gt 10 ]
ok $? "examples are found in the documents ($seen)"
[ -z "$bad" ]
ok $? "commands and options in the documents are there${bad:+ (but not:$bad)}"

# The two Dockerfiles of README.md: the second is the first, repaired.
dockerfile() { perl -0777 -ne 'my @v = /^```dockerfile\n(.*?)^```/msg; print $v['"$1"']' README.md; }
diff <(dockerfile 0 | HOME=/nonexistent "$SHUCK" lint --no-shellcheck --fix --unsafe - 2>/dev/null) <(dockerfile 1) >&2
ok $? "README.md shows what shuck lint --fix --unsafe makes"
echo "1..$n"
