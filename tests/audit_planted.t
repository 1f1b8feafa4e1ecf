#!/usr/bin/perl
# Images with planted problems and decoys: of what is planted an audit finds at least 98 in 100, and of what it
# finds 98 in 100 were planted. What is only informative counts for neither. SHOW=1 names each miss.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use JSON::PP;

chdir(dirname(abs_path($0)) . '/..') or die $!;
my ($build, $tests, @images) = ($ENV{BUILD} // 'build', 0);
my $shuck = $ENV{SHUCK} // "$build/shuck";
local $ENV{TMPDIR} = tempdir(CLEANUP => 1);
local $ENV{XDG_CACHE_HOME} = $ENV{TMPDIR};

open my $plant, '-|', "$build/tests/planted/plant" or die $!;
while (<$plant>) {
    chomp;
    my ($what, @of) = split /\t/, $_, -1;
    if ($what eq 'image') { push @images, {name => $of[0], rule => $of[1], path => $of[2]} }
    elsif ($what eq 'want') { push @{$images[-1]{want}}, {layer => $of[0], place => $of[1], words => $of[2]} }
    else { $images[-1]{leave}{"$of[0] $of[1]"} = 1 }
}
close $plant or die "plant: $?";

sub ok { my ($good, $name) = @_; printf "%sok %d - %s\n", $good ? '' : 'not ', ++$tests, $name }

# The places a finding speaks of: its own, and those of the same value that it names.
sub places {
    my ($finding) = @_;
    my $at = $finding->{location};
    my @places = defined $at->{layer} ? "$at->{layer} " . $at->{path} =~ s{^/}{}r : "-1 $at->{config_key}";
    push @places, "$2 $1" while $finding->{evidence} =~ m{(?:also in|,) /(\S+) of layer (\d+)}g;
    return @places;
}

my ($wanted, $got, $false, $decoys) = (0, 0, 0, 0);
for my $image (@images) {
    my $json = qx($shuck audit --format json --fail-on never oci:$image->{path} 2>&1);
    my $report = eval { decode_json($json) } or die "audit of $image->{name}: $json";
    my (%at, @wrong, %fine);
    for my $f (grep { $_->{rule} eq $image->{rule} and $_->{severity} ne 'info' } @{$report->{findings}}) {
        push @{$at{$_}}, $f for places($f);
    }
    my $hits = 0;
    for my $want (@{$image->{want} // []}) {
        my $place = "$want->{layer} $want->{place}";
        $fine{$place} = 1;
        my @there = grep { index($_->{evidence}, $want->{words}) >= 0 } @{$at{$place} // []};
        if (@there) { $hits++ }
        else { push @wrong, "missed: $place: $want->{words}; said: @{[map { $_->{evidence} } @{$at{$place} // []}]}" }
    }
    my @false = grep { not $fine{$_} } sort keys %at;
    push @wrong, "false: $_: $at{$_}[0]{evidence}" for @false;
    my $n = @{$image->{want} // []};
    $wanted += $n, $got += $hits, $false += @false, $decoys += keys %{$image->{leave} // {}};
    ok($hits >= 0.98 * $n && @false <= 0.02 * ($hits || 1), "$image->{name}: $hits of $n found, " . @false . " false");
    if ($ENV{SHOW} || $hits < 0.98 * $n || @false > 0.02 * ($hits || 1)) { print "#   $_\n" for @wrong }
}
my ($recall, $precision) = ($got / ($wanted || 1), $got / ($got + $false || 1));
ok($recall >= 0.98, sprintf 'recall %.4f: %d of %d', $recall, $got, $wanted);
ok($precision >= 0.98, sprintf 'precision %.4f: %d false', $precision, $false);
ok($decoys >= $wanted * 0.98, "$decoys decoys");
print "1..$tests\n";
