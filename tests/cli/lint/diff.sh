# What repairing would change, and nothing is written.
. "$CASES/fixture"
dirty() { printf 'FROM a:latest\nADD b c\n'; }
dirty >Dockerfile
printf 'FROM a:1\n' >clean
touch -d 2001-01-01 Dockerfile
for words in '--fix --diff' '--diff'; do
  echo "# $words"; lint $words --unsafe Dockerfile clean
done
dirty | cmp - Dockerfile && stat -c %y Dockerfile | cut -c1-10
echo '# nothing to repair'; lint --diff clean
echo '# safe repairs alone'; lint --diff Dockerfile
echo '# as a patch'
"$SHUCK" lint --no-shellcheck --only DL3020 --diff --unsafe -q Dockerfile | patch -p1 -s && cat Dockerfile
echo '# standard input'; dirty | lint --diff --unsafe -
