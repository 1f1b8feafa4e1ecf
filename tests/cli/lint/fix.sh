# Repairs are written into the files; what is left is printed.
. "$CASES/fixture"
dirty() { printf 'FROM a:latest\nADD b c\n'; }
mode() { stat -c '%a %h %F' "$@"; }
dirty >Dockerfile
chmod 640 Dockerfile
mkdir -p sub
dirty >sub/real
ln -s sub/real link
printf 'FROM a:1\n' >clean
touch -d 2001-01-01 clean
echo '# written'; lint --fix --unsafe Dockerfile link clean
cat Dockerfile sub/real
mode Dockerfile link sub/real
stat -c %y clean | cut -c1-10
ls -A . sub
echo '# again, nothing changes'; before=$(stat -c %i Dockerfile); lint --fix --unsafe Dockerfile
[ "$before" = "$(stat -c %i Dockerfile)" ] && echo 'the same file'
echo '# standard input goes to standard output'
dirty | "$SHUCK" lint --no-shellcheck --only DL3007,DL3020 -f gnu --fix --unsafe - 2>left
echo "exit $?"; cut -d: -f-4 left
echo '# what is left, into a file'
dirty | "$SHUCK" lint --no-shellcheck --only DL3007,DL3020 -f gnu --fix --unsafe -q -o left - >repaired
echo "exit $?"; cut -d: -f-4 left; cat repaired
