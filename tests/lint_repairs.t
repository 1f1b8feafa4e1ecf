#!/usr/bin/perl
# What `shuck explain` says of the repairs of a rule is what it offers in some case of the rule tables.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use JSON::PP;

chdir(dirname(abs_path($0)) . '/..') or die $!;
my $tmp   = tempdir(CLEANUP => 1);
my $shuck = abs_path($ENV{SHUCK} // 'build/shuck');
$ENV{HOME} = $ENV{XDG_CONFIG_HOME} = $tmp;
delete @ENV{grep { /^HADOLINT_/ } keys %ENV};

my @cases;
for my $table (sort glob 'tests/table/lint_*.table') {
    open my $in, '<:raw', $table or die "$table: $!";
    my $text = do { local $/; <$in> };
    for my $case (split /^case /m, $text) {
        my @lines = $case =~ /^\| ?(.*)$/mg or next;
        push @cases, sprintf '%s/%d', $tmp, scalar @cases;
        open my $out, '>:raw', $cases[-1] or die $!;
        print $out map { "$_\n" } @lines;
    }
}
sub asked { open my $in, '-|:raw', $shuck, @_ or die $!; local $/; return decode_json(<$in>) }
my (%offers, %says);
for my $finding (@{asked('lint', '--no-shellcheck', '--format', 'json', @cases)}) {
    my $fix = $finding->{fix} or next;
    $offers{$finding->{code}} = '--fix' . ($fix->{safety} eq 'safe' ? '' : ' --unsafe') unless ($offers{$finding->{code}} // '') eq '--fix';
}
$says{$_->{id}} = $_->{properties}{'Repaired by'} for grep { $_->{kind} eq 'lint' } @{asked('explain', '--all', '--format', 'json')};
my $n = 0;
# what is only found on request is not looked at here
for my $id (sort keys %says) {
    next unless $offers{$id};
    printf "%sok %d - %s: %s\n", ($says{$id} // '') eq $offers{$id} ? '' : 'not ', ++$n, $id, $offers{$id};
}
print "1..$n\n";
