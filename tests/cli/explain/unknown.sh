# No such id; everything and an id at once.
"$SHUCK" explain CIS-5.1
echo "exit $?"
"$SHUCK" explain --all CIS-4.1
