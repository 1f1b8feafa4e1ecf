# Only what is new against an earlier report counts; a file that is none is refused.
. "$CASES/fixture"
fat
"$SHUCK" audit oci:fat --format json --fail-on never -o then.json
"$SHUCK" audit oci:fat --since then.json
echo "exit $?"
rm -r fat.root/src fat.root/bin
printf '//shop.org/:_authToken=8f14e45f-ea6b-4a27-9c3d-71b0d2c4e9a5' >fat.root/root/.npmrc
chmod 4755 fat.root/usr/bin/bash
image fat2 fat.root --entrypoint '["server","--password=opensesame99"]' --env EARLIER=1 --env DB_PASSWORD=opensesame99 \
  --env PATH=/usr/bin --healthcheck 'wget -q http://localhost/'
"$SHUCK" audit oci:fat2 --since then.json --fail-on medium
echo "exit $?"
"$SHUCK" audit oci:fat2 --since then.json --format json -o now.json
"$SHUCK" audit oci:fat2 --since now.json
echo "exit $?"
printf '{\n "findings": ]' >bad.json
"$SHUCK" audit oci:fat2 --since bad.json
echo "exit $?"
"$SHUCK" audit oci:fat2 --since none.json
