# The same, everything.
. "$CASES/fixture"
fat
"$SHUCK" audit oci:fat --all --fail-on never
