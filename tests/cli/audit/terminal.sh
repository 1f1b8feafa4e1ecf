# What an image says is made safe before it is printed.
. "$CASES/fixture"
mkdir -p bad/bin
echo x >"$(printf 'bad/bin/\033[31mred')"
chmod 4755 bad/bin/*
image bad bad --entrypoint "$(printf '/x\033]0;title\007')" --user "$(printf 'ev\033[2Jil')" --label "$(printf 'token=abc\342\200\256defghijkl')"
"$SHUCK" audit oci:bad --fail-on never
