# A rule, by its id and by the name it has elsewhere.
"$SHUCK" explain CIS-4.8
echo ----
"$SHUCK" explain DKL-LI-0003 --format markdown
echo ----
"$SHUCK" explain CIS-DI-0009 --format json
