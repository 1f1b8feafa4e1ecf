# Which configuration counts, and what goes over what.
. "$CASES/fixture"
printf 'FROM a:latest\nADD b c\n' >Dockerfile
say() { printf '%s\n' "ignored: [$1]"; }
mkdir -p .config .hadolint xdg/hadolint here elsewhere
echo '# none'; lint
say DL3007 >elsewhere/rules.yaml
echo '# named'; lint -c elsewhere/rules.yaml
say DL3020 >.hadolint.yaml
echo '# in the current folder'; lint
echo '# a named one goes before it'; lint --config elsewhere/rules.yaml
echo '# flags add to it'; lint --ignore DL3007
cd here
cp ../Dockerfile .
echo '# in the home folder'; HOME=.. lint
say DL3007 >../.config/hadolint.yaml
echo '# before it, in the folder for configuration'; HOME=$PWD/.. lint
say DL3007,DL3020 >../xdg/hadolint.yaml
echo '# wherever that is'; HOME=.. XDG_CONFIG_HOME=$PWD/../xdg lint
say nothing >.hadolint.yml
echo '# the first one only'; HOME=.. XDG_CONFIG_HOME=../xdg lint
printf 'override:\n  info: [DL3007]\n  error: [DL3020]\nfailure-threshold: warning\n' >.hadolint.yml
echo '# levels and threshold'; lint --ignore DL3020
echo '# over it the environment'; HADOLINT_FAILURE_THRESHOLD=info lint --ignore DL3020
echo '# over that flags'; HADOLINT_FAILURE_THRESHOLD=info lint --ignore DL3020 -t error
echo '# lists of the environment'; HADOLINT_IGNORE=DL3020,DL3007 lint
echo '# what is wrong in it'; echo 'ignored: {a: b}' >.hadolint.yml; lint
