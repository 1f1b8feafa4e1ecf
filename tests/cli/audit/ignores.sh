# Ignores cover what they name; one that is past its day covers nothing.
. "$CASES/fixture"
fat --user 33
cat >.shuck.yaml <<'END'
ignores:
  - rule: CIS-DI-0008
    path: /usr/bin/s*
    reason: the job switches users
  - rule: 4.6
    reason: Kubernetes probes it
    expires: 9999-12-31
  - rule: CIS-4.1
    reason: we meant to change it
    expires: 2001-02-03
trusted-bases: [docker.io/library/debian:*]
fail-on: never
END
"$SHUCK" audit oci:fat
