# The .shuck.yaml of docs/audit.md is read, and does what the page says.
. "$CASES/fixture"
fat
sed -n '/^## .shuck.yaml/,/^## /s/^    //p' "$CASES/../../../docs/audit.md" >.shuck.yaml
grep -c . .shuck.yaml
"$SHUCK" audit oci:fat --all | grep -e trusted -e ignored
