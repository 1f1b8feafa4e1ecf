# Words that it does not know.
printf 'FROM a\n' >Dockerfile
for words in '-t loud' '--format xml' '--compat docker' '--unsafe' '--require-label name:colour' '--fixx' '--config none.yaml'; do
  "$SHUCK" lint $words Dockerfile
  echo "exit $?"
done
HADOLINT_FORMAT=html "$SHUCK" lint Dockerfile
echo "exit $?"
"$SHUCK" lint --version
