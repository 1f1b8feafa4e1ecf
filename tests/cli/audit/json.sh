# The same as JSON.
. "$CASES/fixture"
fat
"$SHUCK" audit oci:fat --format json -o report.json
echo "exit $?"
cat report.json
