# Without an id: one line each, rules and moves.
"$SHUCK" explain | grep -e '^CIS-4.10 ' -e '^SHUCK-GIT ' -e '^x\.sh '
