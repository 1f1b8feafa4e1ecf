# Which files are checked, and what they are called.
. "$CASES/fixture"
echo '# none here'; lint
latest a >Dockerfile
latest b >other
printf 'FROM c:latest' >unfinished
mkfifo pipe
echo '# the usual one'; lint
echo '# many, in their order'; lint other Dockerfile unfinished
echo '# standard input'; lint - <other
echo '# a pipe'; { cat other >pipe & lint pipe; wait; }
echo '# called otherwise'; lint --file-path-in-report src/Dockerfile other
echo '# after --'; latest d >-r; lint -- -r
echo '# an empty one'; : >empty; lint empty
echo '# one that is not there, beside one that is'; lint nothing Dockerfile
echo '# a folder'; mkdir folder; lint folder
echo '# to a file'; lint -o found Dockerfile; cut -d: -f-4 found
