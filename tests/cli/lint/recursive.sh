# Folders are searched for what is called like a Dockerfile.
. "$CASES/fixture"
mkdir -p a/b/.git a/node_modules/x a/c a/.hidden empty
for f in a/Dockerfile a/Dockerfile.dev a/web.Dockerfile a/api.dockerfile a/Containerfile a/c/Containerfile.prod \
  a/b/Dockerfile a/.hidden/Dockerfile \
  a/b/.git/Dockerfile a/node_modules/x/Dockerfile a/Dockerfile.dockerignore a/Dockerfile~ a/MyDockerfile a/c/notes; do
  latest "${f##*/}" | tr 'A-Z~' 'a-z-' | sed 's/^from/FROM/' >"$f"
done
ln -s .. a/c/loop
ln -s ../Dockerfile a/c/Dockerfile
mkdir a/c/Dockerfile.d
echo '# a folder'; lint -r a
echo '# and a file that is called otherwise'; lint --recursive a/c/notes a/c
echo '# the current one'; cd a/c; lint -r; lint -r .; lint -r ./
echo '# nothing in it'; lint -r ../../empty
echo '# not there'; lint -r ../../none
