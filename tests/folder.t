#!/bin/bash
# A folder that lives: shuck audit dir:ROOT of a machine that runs, or of an unpacked root that is odd.
# Nothing that is in it, or happens to it meanwhile, is a failure; what was left out is said.
cd "$(dirname "$0")/.." || exit 1
. tests/lib/shell.sh
export XDG_CACHE_HOME="$tmp/cache"
root=$tmp/root
mkdir -p "$root"/{bin,etc,proc,mnt,var/log,home/me}
audit() { timeout 60 "$SHUCK" audit --all --fail-on never "dir:$root" >"$tmp/out.log" 2>"$tmp/err.log"; }
says() { grep -qF -- "$1" "$tmp/out.log" || { cat "$tmp/out.log" "$tmp/err.log"; false; }; }

check "an empty root" audit
check "has no config to judge" eval 'says "4.1   A user other than root runs the program: skipped, a folder has no config" && says "4.6   A health check is set and can run: skipped, a folder has no config" && says "[SHUCK-VOLUME]: skipped, a folder has no config"'
check "nor a user" says "user not known (a folder has no configuration)"
check "nor a history, which is no reason to compare nothing" says "4.11  Only verified packages are installed: skipped, a folder has no history to look at, and no package database in it has sums"
mkdir -p "$root/lib/apk/db"
printf 'a' >"$root/bin/t"
printf 'P:t\nV:1\nF:bin\nR:t\nZ:Q1hvfkN/qlp/zhXR3cuerq6jd2Z7g=\n\n' >"$root/lib/apk/db/installed"
check "files of packages are compared" audit
check "which is said" says "4.11  Only verified packages are installed: 1 file compared, as installed; a folder has no history to look at"
check "nothing of it is called an image's" eval '! grep ": .*the image" "$tmp/out.log"'
rm -r "$root/lib" "$root/bin/t"

truncate -s 1T "$root/var/log/lastlog"
truncate -s 40G "$root/var/log/more"
head -c 200000000 /dev/zero >"$root/var/log/zeros" # real blocks of zeros are content
printf 'token = "ghp_%s"\n' 0123456789abcdefABCDEF0123456789abcd >"$root/etc/app.conf"
ln "$root/etc/app.conf" "$root/etc/again.conf"
ln -s /etc/shadow "$root/etc/link"
ln -s loop "$root/etc/loop"
mkfifo "$root/var/pipe"
mkdir "$root/home/.wh." && touch "$root/home/.wh..wh..opq" "$root/home/.wh./x" "$root/home/$(printf 'a\nb\033[31m\377')"
perl -MIO::Socket::UNIX -e 'chdir shift; IO::Socket::UNIX->new(Local => "s", Listen => 1) or die' "$root/var"
check "sockets, pipes, holes, names of whiteouts and no names at all" audit
check "sockets are left out" says "1 socket was left out: /var/s"
check "holes are not read" says "2 files are mostly holes, or over 32 GiB, and their contents were not read: /var/log/lastlog, /var/log/more"
check "names of whiteouts delete nothing" says "2 names that would delete in a layer (.wh.) were left out: /home/.wh., /home/.wh..wh..opq"
check "what is there is found, by its first name" says "/etc/again.conf"
check "no control characters" eval '! LC_ALL=C grep -qP "[\x00-\x08\x0b-\x1f\x7f]" "$tmp/out.log"'

# alive: files that grow, shrink and vanish while they are read
perl -e 'chdir shift; my $end = time + 8; my $i = 0;
  while (time < $end) { my $n = $i++ % 50; open my $f, ">", "f$n"; print $f "x" x (($i * 7919) % 600000); close $f; unlink "f" . (($n + 25) % 50) if $i % 3; truncate "f" . (($n + 7) % 50), 0; }' "$root/home/me" &
writer=$!
alive=0
for i in 1 2 3 4 5 6; do audit || { alive=1; cat "$tmp/err.log"; }; done
check "alive: it changes while it is read" test $alive = 0
wait $writer

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  mkdir "$root/root" "$root/dark"
  echo secret >"$root/root/key"
  echo secret >"$root/etc/shadow"
  echo hidden >"$root/dark/x"
  chmod 700 "$root/root"
  chmod 600 "$root/etc/shadow"
  chmod 744 "$root/dark" # names can be read, but not what they are
  timeout 60 setpriv --reuid 65534 --clear-groups "$SHUCK" audit --all --fail-on never "dir:$root" >"$tmp/out.log" 2>"$tmp/err.log"
  check "an ordinary user" test $? = 0
  check "is told what he may not read" says "3 files and folders may not be read by this user: /dark/x, /etc/shadow, /root"
fi
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
  rm -rf "$root/home"
  cat >"$tmp/mounts" <<'S'
mount -t proc proc "$1/root/proc" && mount --bind "$1/root/etc" "$1/root/mnt" && "$2" audit --all --fail-on never "dir:$1/root"
S
  unshare --mount --pid --fork sh "$tmp/mounts" "$tmp" "$SHUCK" >"$tmp/out.log" 2>"$tmp/err.log"
  check "mounts: other file systems and other places of the same are left out" says "2 other file systems are mounted below it and were not looked into: /mnt, /proc"
  unshare --mount --pid --fork sh -c 'mount -t proc proc "$1/root/proc" && timeout 60 "$2" audit --fail-on never "dir:$1/root/proc"' sh "$tmp" "$SHUCK" >"$tmp/out.log" 2>"$tmp/err.log"
  check "even /proc by itself can be read" test $? = 0
fi
done_testing
