# What ends with 1, and a threshold that is none.
. "$CASES/fixture"
good
for what in info CIS-4.6 4.6 cis-4.6 DS-0026 4.10 never high; do
  "$SHUCK" audit oci:web --fail-on "$what" >/dev/null
  echo "$what: $?"
done
image plain good.root --entrypoint /server
for what in low CIS-DI-0006 CIS-4.10,high critical; do
  "$SHUCK" audit oci:plain --fail-on "$what" >/dev/null
  echo "$what: $?"
done
"$SHUCK" audit oci:plain --fail-on hgih
