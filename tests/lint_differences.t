#!/usr/bin/perl
# Where shuck judges differently from hadolint: each row of lint_differences.rows is shown by its
# Dockerfiles, judged in both ways, and is a row of docs/lint.md. `tests/lint_differences.t --update`
# writes those anew.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use JSON::PP;

chdir(dirname(abs_path($0)) . '/..') or die $!;
my $shuck = abs_path($ENV{SHUCK} // ($ENV{BUILD} // 'build') . '/shuck');
my $guide = abs_path('docs/lint.md');
my ($begin, $end) = ("<!-- made of tests/lint_differences.rows -->\n", "<!-- to here -->\n");

sub slurp { my ($path) = @_; open my $in, '<:utf8', $path or die "$path: $!"; local $/; return scalar <$in> }
sub put { my ($path, $text) = @_; open my $out, '>:utf8', $path or die "$path: $!"; print $out $text; close $out or die $! }

# ---- rows ----

my (@rows, $heading);
for my $block (split /\n\n+/, slurp('tests/lint_differences.rows') =~ s/^#.*\n//mgr) {
    if ($block =~ /^\n*== (.*)/) { $heading = $1; next }
    my %row = (heading => $heading, cases => []);
    for my $case (split /^--\n/m, $block) {
        push @{$row{cases}}, {text => join('', map { "$_\n" } $case =~ /^\| ?(.*)$/mg), $case =~ /^(native|compat): (.*)$/mg};
        %row = (%row, $case =~ /^(rule|hadolint|shuck|why|only|with|yaml): (.*)$/mg);
    }
    push @rows, \%row;
}

sub tables {
    my ($text, $last) = ('', '');
    for my $row (@rows) {
        $text .= "\n### $row->{heading}\n\n| rule | hadolint | shuck | why |\n| --- | --- | --- | --- |\n" if $row->{heading} ne $last;
        $last = $row->{heading};
        $text .= '| ' . join(' | ', map { $row->{$_} =~ s/\|/\\|/gr } qw(rule hadolint shuck why)) . " |\n";
    }
    return "$text\n";
}

my $document = slurp($guide);
$document =~ /\Q$begin\E(.*?)\Q$end\E/s or die "$guide has no place for the tables\n";
my $there = $1;
if (@ARGV && $ARGV[0] eq '--update') {
    my $tables = tables();
    put($guide, $document =~ s/\Q$begin\E.*?\Q$end\E/$begin$tables$end/sr);
    exit;
}

# ---- what is found ----

my $tmp = tempdir('shuck-differ-XXXXXX', TMPDIR => 1, CLEANUP => 1);
chdir $tmp or die $!;
delete @ENV{grep { /^HADOLINT_|^XDG_/ } keys %ENV};
$ENV{HOME} = $tmp;

sub found {
    my ($row, @more) = @_;
    my %wanted = map { $_ => 1 } split /[ ,]+/, $row->{only} // $row->{rule};
    open my $in, '-|', 'sh', '-c', 'exec "$@" 2>/dev/null', 'sh', $shuck, 'lint', '--no-shellcheck', '-f', 'json',
        split(/ /, $row->{with} // ''), @more, 'Dockerfile' or die $!;
    my $json = do { local $/; <$in> } // '';
    close $in;
    return 'refused' if $json !~ /^\[/;
    return join(', ', map { "$_->{code} $_->{line} $_->{level}" } grep { $wanted{$_->{code}} } @{decode_json($json)}) || 'nothing';
}

my $n = 0;
sub ok { my ($good, $what, @more) = @_; printf "%sok %d - %s\n", $good ? '' : 'not ', ++$n, $what; $good or print map { "# $_\n" } map { split /\n/ } @more }

binmode STDOUT, ':utf8';
for my $row (@rows) {
    my @missing = grep { !defined $row->{$_} } qw(rule hadolint shuck why);
    ok(!@missing, "a row about $row->{rule} is whole", "not there: @missing") if @missing;
    unlink '.hadolint.yaml';
    put('.hadolint.yaml', "$row->{yaml}\n") if $row->{yaml};
    for my $case (@{$row->{cases}}) {
        put('Dockerfile', $case->{text});
        my ($native, $compat) = (found($row), found($row, '--compat', 'hadolint'));
        my $shown = $native eq ($case->{native} // '') && $compat eq ($case->{compat} // '') && $native ne $compat;
        ok($shown, "$row->{rule}: $row->{shuck}", $case->{text}, "native: $native", "compat: $compat");
    }
}
ok(@rows > 50, 'there are rows');
ok($there eq tables(), 'docs/lint.md shows them (tests/lint_differences.t --update)');
print "1..$n\n";
