# Secrets of one kind that begin alike: one that took another's place is new, one that moved is not.
. "$CASES/fixture"
mkdir -p now.root/srv
printf 'a=glpat-6T3O1k2NUsod_Wh7m3qd\n' >now.root/srv/conf
image then now.root --entrypoint /server
"$SHUCK" audit oci:then --format json --fail-on never -o then.json
since() {
  "$SHUCK" audit "oci:$1" --since then.json --format json --fail-on critical,4.10 |
    jq -c '[.findings[] | select(.rule == "CIS-4.10") | .evidence]'
}
printf '\n\n\na=glpat-6T3O1k2NUsod_Wh7m3qd\n' >now.root/srv/conf
image moved now.root --entrypoint /server
since moved
printf 'a=glpat-9Kp2WvXy4ZtR_mQ8b5Lc\n' >now.root/srv/conf
image changed now.root --entrypoint /server
since changed
printf 'a=glpat-9Kp2WvXy4ZtR_mQ8b5Lc\na=glpat-6T3O1k2NUsod_Wh7m3qd\n' >now.root/srv/conf
image both now.root --entrypoint /server
since both
# The same in two places is one finding: it stays the same when the first of them is written anew.
printf 'a=glpat-6T3O1k2NUsod_Wh7m3qd\n' >now.root/srv/conf
printf 'a=glpat-6T3O1k2NUsod_Wh7m3qd\n' >now.root/srv/copy
image two now.root --entrypoint /server
"$SHUCK" audit oci:two --format json --fail-on never -o then.json
printf 'a=none\n' >now.root/srv/conf
image first-gone now.root --entrypoint /server
since first-gone
