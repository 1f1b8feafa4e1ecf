#!/usr/bin/perl
# lint_repair_data: real Dockerfiles, repaired: no new errors, a second time changes nothing, no more
# findings than before, and patch(1) makes the same of them. SHUCK_DATA names the folder that holds
# dockerfiles/; without it nothing is repaired. KEEP=FOLDER keeps what was made there.
use strict;
use warnings;
use File::Temp qw(tempdir);
use JSON::PP;

my $data = $ENV{SHUCK_DATA};
if (!$data || !-d "$data/dockerfiles") { print "1..0 # skip SHUCK_DATA is not set\n"; exit 0 }
my $program = ($ENV{BUILD} // 'build') . '/tests/lint/repairs';
my $top = $ENV{KEEP} // tempdir('shuck-repair-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my ($n, $bad) = (0, 0);

sub ok { my ($good, $what) = @_; $n++; $bad ||= !$good; print $good ? '' : 'not ', "ok $n - $what\n"; return $good }

mkdir "$top/old";
my @files;
for my $pack (glob "$data/dockerfiles/*.gz") {
    open my $in, '-|', 'gzip', '-dc', $pack or die "$pack: $!";
    while (<$in>) {
        my $text = decode_json($_)->{dockerfile};
        push @files, "$top/old/" . @files;
        open my $out, '>:utf8', $files[-1] or die "$files[-1]: $!";
        print $out $text;
        close $out or die $!;
    }
}

for my $mode (['safe'], ['unsafe'], ['safe', 'compat'], ['unsafe', 'compat']) {
    my $dir = "$top/" . join '-', @$mode;
    mkdir $_ or die "$_: $!" for $dir, "$dir/new";
    ok(system($program, $dir, @$mode, @files) == 0, scalar(@files) . " files, @$mode: what must hold does");
    system('cp', '-r', "$top/old", "$dir/patched") == 0 or die;
    system("patch -s -p1 -d '$dir/patched' <'$dir/diff' >'$dir/log' 2>&1");
    ok(system('diff', '-rq', "$dir/patched", "$dir/new") == 0, "@$mode: patch makes the same of them");
}
print "1..$n\n";
exit $bad;
