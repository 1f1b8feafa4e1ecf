# Ignored findings stay in the JSON with their reason.
. "$CASES/fixture"
fat
printf 'ignores:\n  - {rule: CIS-4.3, reason: it is a toolbox}\n  - {rule: DS026, reason: "two\\nlines", expires: 2001-01-01}\n' >.shuck.yaml
"$SHUCK" audit oci:fat --format json --fail-on CIS-4.3
