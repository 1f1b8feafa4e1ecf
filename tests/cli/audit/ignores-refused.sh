# An ignore without a reason, a misspelt key, another file's name.
. "$CASES/fixture"
good
printf 'ignores:\n  - rule: CIS-4.8\n' >.shuck.yaml
"$SHUCK" audit oci:web
echo "exit $?"
printf 'ignores:\n  - rule: CIS-4.8\n    reason: x\n    expire: 2030-01-01\n' >other.yaml
"$SHUCK" audit oci:web --config other.yaml
echo "exit $?"
"$SHUCK" audit oci:web --config none.yaml
echo "exit $?"
printf 'ignores:\n  - rule: CIS-4.99\n    reason: x\n' >unknown.yaml
"$SHUCK" audit oci:web --config unknown.yaml
echo "exit $?"
printf 'ignores:\n  - reason: x\n    rule: 4.8\n  - {reason: x, rule: DL9999}\n' >unknown.yaml
"$SHUCK" audit oci:web --config unknown.yaml
