#!/usr/bin/perl
# shuck lint as a whole, on input that goldens cannot hold: large, hostile, many, interrupted.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Time::HiRes qw(time sleep);

chdir(dirname(abs_path($0)) . '/..') or die $!;
my $shuck = abs_path($ENV{SHUCK} // ($ENV{BUILD} // 'build') . '/shuck');
my $asan = ($ENV{BUILD} // '') =~ /asan/;
my $tmp = tempdir('shuck-lint-XXXXXX', TMPDIR => 1, CLEANUP => 1);
chdir $tmp or die $!;
mkdir "$tmp/temporary";
%ENV = (PATH => $ENV{PATH}, HOME => $tmp, TMPDIR => "$tmp/temporary", LC_ALL => 'C.UTF-8');
my ($n, $bad) = (0, 0);

sub ok { my ($good, $what, @more) = @_; $bad ||= !$good; printf "%sok %d - %s\n", $good ? '' : 'not ', ++$n, $what; $good or print map { "# $_\n" } map { substr $_, 0, 300 } map { split /\n/ } @more; }
sub put { my ($path, @bytes) = @_; open my $out, '>:raw', $path or die "$path: $!"; print $out @bytes; close $out or die $!; return $path }
sub slurp { my ($path) = @_; open my $in, '<:raw', $path or return ''; local $/; return <$in> // '' }

# Its status, and what it printed: limited in time and memory.
sub lint {
    my @words = @_;
    my $pid = fork // die $!;
    if (!$pid) {
        open STDOUT, '>', "$tmp/out" or die $!;
        open STDERR, '>', "$tmp/err" or die $!;
        my $limits = $asan ? '' : 'ulimit -v 1000000; ';
        exec 'timeout', '-s', 'KILL', '60', 'sh', '-c', "${limits}exec \"\$@\"", 'sh', $shuck, 'lint', @words or die $!;
    }
    waitpid $pid, 0;
    return ($? & 127 ? 128 + ($? & 127) : $? >> 8, slurp("$tmp/out"), slurp("$tmp/err"));
}
my @plain = ('--no-shellcheck', '-f', 'gnu');

# ---- large and hostile: a status, a place, no bytes that a terminal obeys ----

my %hostile = (
    'random bytes' => [3, join '', map { chr(($_ * 7919 + ($_ >> 8) * 104729) & 255) } 1 .. 100_000],
    'NULs' => [3, "\0" x 100_000],
    'an ELF file' => [3, substr(slurp($shuck), 0, 200_000)],
    'one line of 3 MB' => [3, 'RUN ' . 'x' x 3_000_000],
    'lines that go on for ever' => [undef, "FROM a\nRUN a" . " \\\n b" x 500_000],
    'ONBUILD a thousand deep' => [3, "FROM a\n" . 'ONBUILD ' x 1000 . "RUN a\n"],
    '$( a thousand deep' => [undef, "FROM a\nRUN echo " . '$(echo ' x 1000 . ')' x 1000 . "\n"],
    'a here-document that does not end' => [3, "FROM a\nRUN <<EOF\n" . "line\n" x 100_000],
    'terminal codes' => [undef, "FROM a\e[31m:latest\nMAINTAINER \e]0;x\a\nFRMO \e[2J\n"],
    'cyclic ARGs' => [undef, "ARG a=\$b\nARG b=\$a\nFROM \$a\nENV x=\$y y=\$x\n" . "ENV x=\$x\$x\n" x 100],
    'ten thousand stages' => [undef, join '', map { "FROM a$_ AS s$_\nCOPY --from=s" . ($_ - 1) . " a b\n" } 1 .. 10_000],
    'ten thousand RUNs' => [undef, "FROM a\n" . "RUN apt-get update && apt-get install x\n" x 10_000],
    'a RUN of 60,000 words' => [undef, "FROM a\nRUN apt-get install" . ' x' x 60_000 . "\n"],
    'ten thousand commands' => [undef, "FROM a\nRUN " . join(' && ', ('pip install x') x 10_000) . "\n"],
    'ten thousand labels' => [undef, "FROM a\nLABEL " . join(' ', map { "k$_=v" } 1 .. 10_000) . "\n"],
    'ten thousand variables' => [undef, "FROM a\n" . join '', map { "ENV v$_=\$v" . ($_ - 1) . "\n" } 1 .. 10_000],
);
for my $what (sort keys %hostile) {
    my ($want, $bytes) = @{$hostile{$what}};
    put("$tmp/hostile", $bytes);
    for my $more ([], ['--fix', '--diff', '--unsafe'], ['--compat', 'hadolint']) {
        my $from = time;
        my ($status, $out, $err) = lint(@plain, @$more, 'hostile');
        my $seconds = time - $from;
        my $right = @$more ? $status < 4 : defined $want ? $status == $want : $status == 1 || $status == 3;
        my $placed = @$more || $status != 3 || "$out$err" =~ /hostile:\d+:\d+/;
        my $safe = grep({ $_ eq '--diff' } @$more) || "$out$err" !~ /[\x00-\x08\x0b-\x1f]/;
        ok($right && $placed && $safe && $seconds < ($asan ? 50 : 10), sprintf("%s%s", $what, @$more ? " (@$more)" : ''),
            sprintf('status %d, %.1f s', $status, $seconds), substr("$out$err", 0, 500));
    }
}

# what is refused by its size is not read to its end
open my $big, '>', "$tmp/big" or die $!;
truncate $big, 100 << 20 or die $!;
close $big;
my $from = time;
my ($status, $out, $err) = lint(@plain, 'big');
ok($status == 3 && $err =~ /^shuck: big:1:1: .*larger/ && time - $from < 2, 'a file of 100 MB is refused by its size', $err);
($status, $out, $err) = do { open my $kept, '<&', \*STDIN; open STDIN, '<', 'big'; my @got = lint(@plain, '-'); open STDIN, '<&', $kept; @got };
ok($status == 3 && $err =~ /^shuck: -:1:1: .*larger/, 'so is one of standard input', $err);
put('Dockerfile', 'FROM a:latest');
($status, $out, $err) = lint(@plain, '--only', 'DL3007', 'big', 'Dockerfile', '/dev/full', '/proc/self/mem');
ok($status == 3 && $out =~ /^shuck:Dockerfile:1:6: /, 'what cannot be read hides no others', $out, $err);
($status, $out, $err) = lint(@plain, '--only', 'DL3007', '-', '-');
ok($status == 0, 'an empty standard input', $out, $err);

# ---- folders ----

mkdir 'tree';
mkdir "tree/$_" for qw(a b locked);
symlink '..', 'tree/a/loop';
symlink '/', 'tree/a/root';
symlink 'self', 'tree/b/self';
put("tree/$_/Dockerfile", "FROM a:latest\n") for qw(a b locked);
put("tree/b/Dockerfile$_", "FROM a:latest\n") for qw(.bak .old .orig ~ .j2 .tmpl);
mkdir "tree/b/Dockerfile.d";
system 'mkfifo', 'tree/b/Dockerfile.pipe';
($status, $out, $err) = lint(@plain, '--only', 'DL3007', '-r', 'tree');
ok($status == 1 && $err eq '' && (() = $out =~ /^shuck:tree/mg) == 3, 'symlinks that loop, pipes and folders with such a name are passed over', $out, $err);
if ($> != 0) {
    chmod 0, 'tree/locked';
    ($status, $out, $err) = lint(@plain, '--only', 'DL3007', '-r', 'tree');
    ok($status == 3 || $status == 4 && (() = $out =~ /^shuck:tree/mg) == 2 && $err =~ /locked/, 'a locked folder hides nothing beside it', $out, $err);
    chmod 0755, 'tree/locked';
}
my $deep = "$tmp/tree/deep";
mkdir $deep;
chdir $deep;
for (1 .. 600) { mkdir 'd'; chdir 'd' or die $! }
put('Dockerfile', "FROM a:latest\n");
chdir $tmp;
put('tree/deep/Dockerfile', "FROM a:latest\n");
($status, $out, $err) = lint(@plain, '--only', 'DL3007', '-r', 'tree');
ok($status == 3 && (() = $out =~ /^shuck:tree/mg) == 4 && $err =~ /512 folders deep/, 'folders that are too deep hide nothing beside them', $out, $err);
system 'rm', '-rf', 'tree/deep';

# ---- many files: memory does not grow with them ----

mkdir 'many';
put("many/$_.Dockerfile", "FROM a:latest\n" . "RUN apt-get update && apt-get install x$_\n" x 50) for 1 .. 2000;
if (!$asan) {
    my $peak = sub { my ($most) = @_; my @lines = `sh -c 'ulimit -v $most; exec "\$@"' sh $shuck lint --no-shellcheck -r --only DL3007 -f gnu many 2>&1`; return scalar grep { /DL3007/ } @lines };
    ok($peak->(150_000) == 2000, 'two thousand files in 150 MB of address space');
}
($status, $out, $err) = lint(@plain, '-r', '--fix', '--unsafe', '--only', 'DL3015', 'many');
ok($err =~ /^shuck: 100000 repairs made in 2000 of 2000 files/, 'two thousand files are repaired', $err);
ok(slurp('many/7.Dockerfile') =~ /install --no-install-recommends x7\n/, 'in place');

# ---- writing ----

put('fixed', "FROM a\nADD b c\n");
mkdir 'closed';
put('closed/Dockerfile', "FROM a\nADD b c\n");
if ($> != 0) {
    chmod 0500, 'closed';
    ($status, $out, $err) = lint(@plain, '--fix', '--unsafe', '--only', 'DL3020', 'closed/Dockerfile', 'fixed');
    ok($status == 4 && $err =~ m{closed/Dockerfile} && slurp('fixed') =~ /COPY/, 'what cannot be written hides no others', $err);
    chmod 0700, 'closed';
}
put('read-only', "FROM a\nADD b c\n");
chmod 0444, 'read-only';
if ($> != 0) {
    ($status, $out, $err) = lint(@plain, '--fix', '--unsafe', '--only', 'DL3020', 'read-only');
    ok($status == 4 && slurp('read-only') =~ /ADD/, 'a file that may not be written is left alone', $err);
}

# what was not written is told as it is
put('hard', "FROM a\nADD b c\n");
link 'hard', 'hard-too' or die $!;
($status, $out, $err) = lint(@plain, '--fix', '--unsafe', '--only', 'DL3020', 'hard');
ok($status == 4 && $err =~ /hard: .*hard links/ && $err =~ /^shuck: 0 repairs made in 0 of 1 files/m && $out =~ /^shuck:hard:2:1: DL3020/ && slurp('hard-too') =~ /ADD/, 'a file with hard links is left alone, and reported as it is', $out, $err);

# what nobody named is not waited for; what is named may be a pipe
mkdir 'pipes';
chdir 'pipes';
system 'mkfifo', 'Dockerfile';
($status, $out, $err) = lint(@plain);
ok($status == 3 && $err =~ /Dockerfile is no regular file/, 'a pipe of the usual name is not waited for', $status, $err);
unlink 'Dockerfile';
put('Dockerfile', "FROM a:latest\n");
system 'mkfifo', $_ for '.dockerignore', 'Dockerfile.dockerignore';
($status, $out, $err) = lint(@plain, '--only', 'DL3007');
ok($status == 1 && $out =~ /DL3007/, 'nor is one called .dockerignore', $status, $err);
system 'mkfifo', '.hadolint.yaml';
($status, $out, $err) = lint(@plain, '--only', 'DL3007');
ok($status == 3 && $err =~ /hadolint.yaml is no regular file/, 'nor one called .hadolint.yaml', $status, $err);
unlink '.hadolint.yaml';
symlink 'nowhere', '.hadolint.yaml';
($status, $out, $err) = lint(@plain, '--only', 'DL3007');
ok($status == 3 && $err =~ /hadolint.yaml/, 'a configuration that is a link to nowhere is said to be missing', $status, $err);
unlink '.hadolint.yaml';
$out = `cat Dockerfile | '$shuck' lint @plain --only DL3007 /dev/stdin 2>&1`;
ok($out =~ m{^shuck:/dev/stdin:1:6: DL3007}, 'a pipe that is named is read', $out);
chdir $tmp;

# At each moment the file holds its old content or the whole new one, and an end leaves nothing.
my $old = "FROM a\n" . "ADD b c\n" x 5000;
(my $new = $old) =~ s/^ADD/COPY/mg;
mkdir 'whole';
my %seen;
for my $i (1 .. 30) {
    put('whole/Dockerfile', $old);
    my $pid = fork // die $!;
    if (!$pid) {
        open STDOUT, '>', '/dev/null';
        open STDERR, '>', '/dev/null';
        exec $shuck, 'lint', @plain, '--fix', '--unsafe', '--only', 'DL3020', 'whole/Dockerfile' or die $!;
    }
    sleep 0.003 * $i;
    kill $i % 2 ? 'KILL' : 'TERM', $pid;
    waitpid $pid, 0;
    my $now = slurp('whole/Dockerfile');
    $seen{$now eq $old ? 'old' : $now eq $new ? 'new' : 'torn'}++;
}
ok(!$seen{torn}, 'an interrupted repair leaves the old file or the whole new one');
ok(join(' ', sort glob 'whole/* whole/.[a-z]*') eq 'whole/Dockerfile', 'and nothing beside it');
ok(!(() = glob "$tmp/temporary/*"), 'nor in the folder for temporary files');

# findings do not replace what they are about
put('input', "FROM a:latest\n");
($status, $out, $err) = lint(@plain, '-o', './input', 'input');
ok($status == 2 && $err =~ /is a file to check/ && slurp('input') =~ /FROM/, 'no report over an input', $err);

mkdir 'searched';
put('searched/Dockerfile', "FROM a:latest\n");
($status, $out, $err) = lint(@plain, '-r', 'searched', '-o', 'searched/Dockerfile');
ok($status == 2 && $err =~ /is a file to check/ && slurp('searched/Dockerfile') =~ /FROM/, 'nor over one that is found', $err);

# a reader that went away
$err = `sh -c '"\$0" lint --no-shellcheck -f gnu -r many 2>&1 >&3 | cat' '$shuck' 3>&1 >'$tmp/gone.err' | head -n 1`;
ok(slurp('gone.err') eq '', 'a closed pipe ends it quietly', slurp('gone.err'));
my $rc = system "$shuck lint @plain -r many many many 2>/dev/null | true; exit \${PIPESTATUS:-0}";
ok($rc == 0, 'a closed pipe is no crash');

# what a run does not need is not loaded
put('spotless', "FROM scratch\nCOPY --chown=1:1 a /a\nUSER 1\nHEALTHCHECK NONE\nENTRYPOINT [\"/a\"]\n");
sub loaded { my @words = @_; my $files = `LD_DEBUG=files $shuck @words 2>&1`; return join ' ', grep { index($files, "$_.so") >= 0 } qw(libarchive libcrypto libcurl libhs libsqlite3) }
ok(loaded('lint', @plain, 'spotless') eq '', 'opened when it scans: a clean file takes none of the large libraries', loaded('lint', @plain, 'spotless'));
ok(loaded('lint', @plain, 'input') eq 'libhs', 'findings are cleaned of secrets, which takes Hyperscan', loaded('lint', @plain, 'input'));

system 'chmod', '-R', 'u+rwX', $tmp;
print "1..$n\n";
exit $bad;
