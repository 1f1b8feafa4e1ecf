# No such id; everything and an id at once.
"$SHUCK" explain CIS-5.1
echo "exit $?"
"$SHUCK" explain --all CIS-4.1
"$SHUCK" explain SC2086
"$SHUCK" explain dl3007 | head -n 1
"$SHUCK" explain 4.10 | head -n 1
