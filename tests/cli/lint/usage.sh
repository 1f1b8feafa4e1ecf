# Words that it does not know.
printf 'FROM a\n' >Dockerfile
for words in '-t loud' '--format xml' '--compat docker' '--unsafe' '--require-label name:colour' '--fixx' '--only DL300' '--only dl3006,DL300' '--only DL9999' '--config none.yaml'; do
  "$SHUCK" lint $words Dockerfile
  echo "exit $?"
done
"$SHUCK" lint --no-shellcheck --only dl3006,SC9999 --ignore DL0,DL9999,DL3005 Dockerfile
HADOLINT_IGNORE=dl3006,dl30006 "$SHUCK" lint --no-shellcheck --only dl3006 Dockerfile
"$SHUCK" lint --compat hadolint --no-shellcheck --ignore DL3006,DL0,DL9999 Dockerfile
HADOLINT_FORMAT=html "$SHUCK" lint Dockerfile
echo "exit $?"
"$SHUCK" lint --version
