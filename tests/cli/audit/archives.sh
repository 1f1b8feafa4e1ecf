# Secrets in archives, and in archives in them; an ignore of a place in one; a damaged one is noted.
. "$CASES/fixture"
mkdir -p in/conf now.root/srv
printf 'a = 1\ntoken = glpat-6T3O1k2NUsod_Wh7m3qd\n' >in/conf/app.ini
tar -C in -czf in/inner.tgz conf
tar -C in -cf now.root/srv/backup.tar inner.tgz
gzip -c in/conf/app.ini >now.root/srv/app.ini.gz
head -c 40 in/inner.tgz >now.root/srv/cut.tgz
image then now.root --entrypoint /server
"$SHUCK" audit oci:then --format json --fail-on never -o then.json
jq -r '.findings[] | select(.rule == "CIS-4.10") | .location.text, .evidence' then.json
jq -r '.notes[]' then.json
cat >.shuck.yaml <<'END'
ignores:
  - rule: 4.10
    path: /srv/backup.tar!/inner.tgz!/conf/*
    reason: revoked
END
"$SHUCK" audit oci:then --format json --fail-on never |
  jq -r '.findings[] | select(.rule == "CIS-4.10") | "\(.location.text): \(.ignored // "stays")"'
