# An image of one file: nothing to find.
. "$CASES/fixture"
good
"$SHUCK" audit oci:web --all
