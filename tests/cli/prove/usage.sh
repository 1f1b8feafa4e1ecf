# What is refused before anything is run.
mkdir root && : >root/file
"$SHUCK" pack -q root -o oci:here --entrypoint /file >/dev/null
"$SHUCK" pack -q root -o oci:foreign --entrypoint /file --platform linux/s390x >/dev/null
"$SHUCK" pack -q root -o oci:ghost --entrypoint /file --user ghost >/dev/null
"$SHUCK" prove oci:here --move x.none || echo "$?"
"$SHUCK" prove oci:here --fail-on Z || echo "$?"
"$SHUCK" prove oci:foreign --platform linux/s390x 2>&1 | sed 's/(.*)/(MACHINE)/'
"$SHUCK" prove oci:ghost || echo "$?"
"$SHUCK" prove oci:here oci:missing || echo "$?"
"$SHUCK" prove
