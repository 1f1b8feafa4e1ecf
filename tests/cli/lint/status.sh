# What it ends with.
lint() { "$SHUCK" lint --no-shellcheck --only DL1000,DL3007,DL3020 "$@" >/dev/null 2>&1; echo "$?: $*"; }
printf 'FROM a:1\n' >clean
printf 'FROM a:latest\n' >warning
printf 'FROM a:1\nADD b c\n' >error
printf 'FROM a:1\nRUN <<EOF\nnever ends\n' >syntax
printf '# hadolint global ignore=DL3007\nFROM a:latest\n' >ignored
for file in clean warning error ignored syntax none; do lint $file; done
for level in error warning info style ignore none; do lint -t $level warning; done
lint --failure-threshold error error
lint --failure-threshold error syntax
lint -t none syntax
lint --ignore DL1000 syntax
lint --no-fail error
lint --no-fail syntax
lint --no-fail none
lint --ignore DL3007 warning
lint --info DL3007 -t warning warning
lint --error DL3007 -t error warning
lint --disable-ignore-pragma ignored
lint warning none
lint error syntax
lint --diff warning
lint --compat hadolint warning
lint --compat hadolint syntax
lint --compat hadolint none
lint --compat hadolint --no-fail error
lint --compat hadolint --ignore DL1000 syntax
lint --compat hadolint -t none syntax
