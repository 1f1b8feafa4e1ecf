# Command lines that ask for what does not exist.
"$SHUCK" audit
echo "exit $?"
"$SHUCK" audit a b
echo "exit $?"
"$SHUCK" audit x --format yaml
echo "exit $?"
"$SHUCK" audit x --platform linux
echo "exit $?"
"$SHUCK" audit dir:nowhere
