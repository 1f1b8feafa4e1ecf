#!/usr/bin/perl
# golden: every tests/cli/COMMAND/CASE.sh, run in a fresh folder, prints what CASE.out and CASE.err hold
# and ends with the status in CASE.exit (no file: nothing, or 0).
#
#   tests/golden.t                   compare
#   tests/golden.t --update [CASE…]  rewrite what differs; CASE is COMMAND/NAME or COMMAND
#
# A script finds shuck at $SHUCK, its own folder at $CASES, and makes its input itself, by `shuck pack`
# or by hand. The clock is the machine's: a case that depends on the day uses days long gone or far off.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);

chdir(dirname(abs_path($0)) . '/..') or die $!;
my $build = $ENV{BUILD} // 'build';
my $shuck = abs_path($ENV{SHUCK} // "$build/shuck");
my $update = @ARGV && $ARGV[0] eq '--update' && shift @ARGV;

sub slurp { my ($path) = @_; open my $in, '<', $path or return ''; local $/; my $text = <$in>; return $text // '' }

# Writes the file, or removes it when it would say nothing.
sub store {
    my ($path, $text) = @_;
    return unlink $path if $text eq '';
    open my $out, '>', $path or die "$path: $!";
    print $out $text;
    close $out or die "$path: $!";
}

sub run {
    my ($case) = @_;
    my $script = abs_path("$case.sh");
    my $tmp = tempdir('shuck-golden-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    mkdir "$tmp/work" or die $!;
    my $pid = fork // die $!;
    if (!$pid) {
        %ENV = (PATH => $ENV{PATH}, HOME => "$tmp/work", TMPDIR => $ENV{TMPDIR} // '/tmp', SHUCK => $shuck,
            CASES => dirname($script), NO_COLOR => 1, LC_ALL => 'C.UTF-8', TZ => 'UTC');
        umask 022;
        open STDIN, '<', '/dev/null' or die $!;
        open STDOUT, '>', "$tmp/out" or die $!;
        open STDERR, '>', "$tmp/err" or die $!;
        chdir "$tmp/work" or die $!;
        exec 'sh', '-u', $script or die $!;
    }
    waitpid $pid, 0;
    my $exit = $? & 127 ? 128 + ($? & 127) : $? >> 8;
    my %got = (out => slurp("$tmp/out"), err => slurp("$tmp/err"), exit => $exit ? "$exit\n" : '');
    system 'chmod', '-R', 'u+rwX', $tmp;
    return \%got;
}

sub difference {
    my ($what, $want, $got) = @_;
    my $dir = tempdir(CLEANUP => 1);
    store("$dir/want", $want);
    store("$dir/got", $got);
    my @lines = `diff -u --label want.$what --label got.$what -N $dir/want $dir/got`;
    return map { "# $_" } @lines > 40 ? @lines[0 .. 39] : @lines;
}

my ($n, $bad) = (0, 0);
for my $script (sort glob 'tests/cli/*/*.sh') {
    my ($case) = $script =~ /^(.*)\.sh$/;
    my ($name) = $case =~ m{^tests/cli/(.*)$};
    next if @ARGV && !grep { $name eq $_ || $name =~ m{^\Q$_\E/} } @ARGV;
    my $got = run($case);
    my @wrong = grep { slurp("$case.$_") ne $got->{$_} } qw(out err exit);
    if ($update) {
        store("$case.$_", $got->{$_}) for @wrong;
        print "updated $case: @wrong\n" if @wrong;
        next;
    }
    printf "%sok %d - %s\n", @wrong ? 'not ' : '', ++$n, $name;
    print difference($_, slurp("$case.$_"), $got->{$_}) for @wrong;
    $bad = 1 if @wrong;
}
print "1..$n\n" unless $update;
exit $bad;
