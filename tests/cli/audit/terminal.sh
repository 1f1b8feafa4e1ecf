# What an image says is made safe before it is printed.
. "$CASES/fixture"
mkdir -p bad.root/bin
echo x >"$(printf 'bad.root/bin/\033[31mred')"
chmod 4755 bad.root/bin/*
image bad bad.root --entrypoint "$(printf '/x\033]0;title\007')" --user "$(printf 'ev\033[2Jil')" --label "$(printf 'token=abc\342\200\256defghijkl')"
"$SHUCK" audit oci:bad --fail-on never
