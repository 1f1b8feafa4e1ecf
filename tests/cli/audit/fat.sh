# A fat image: a screenful.
. "$CASES/fixture"
fat
"$SHUCK" audit oci:fat
