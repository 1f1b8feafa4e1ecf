# The items of the benchmark, as an auditor files them; and as JSON.
. "$CASES/fixture"
fat
printf 'ignores:\n  - {rule: CIS-4.6, reason: Kubernetes probes it}\n' >.shuck.yaml
"$SHUCK" audit oci:fat --benchmark cis --fail-on never
"$SHUCK" audit oci:fat --benchmark cis --fail-on SHUCK-GIT >/dev/null
echo "exit $?"
"$SHUCK" audit oci:fat --benchmark cis --fail-on never --format json | grep -c '"cis": "4'
