#!/usr/bin/perl
# lint_agreement: hadolint's and BuildKit's own cases, and findings of hadolint in real files, against
# `shuck lint --compat hadolint`. SHUCK_DATA names the folder that holds dockerfiles/; without it
# nothing is compared.
#
#   SHUCK_DATA=… tests/lint_agreement.t           the shares, and what disagrees by rule
#   SHUCK_DATA=… tests/lint_agreement.t DL3008 …  each case and file that disagrees about these rules
use strict;
use warnings;
use File::Temp qw(tempdir);
use JSON::PP;

my $data = $ENV{SHUCK_DATA};
if (!$data || !-d "$data/dockerfiles") { print "1..0 # skip SHUCK_DATA is not set\n"; exit 0 }
my $shuck = $ENV{SHUCK} // 'build/shuck';
my %asked = map { $_ => 1 } @ARGV;
my $least = 0.99;
my ($n, $bad, %off) = (0, 0);

sub ok { my ($good, $what) = @_; $n++; $bad ||= !$good; print $good ? '' : 'not ', "ok $n - $what\n"; return $good }

sub lines {
    my ($path) = @_;
    open my $in, '-|', $path =~ /gz$/ ? ('gzip', '-dc', $path) : ('cat', $path) or die "$path: $!";
    my @list = map { decode_json($_) } <$in>;
    return @list;
}

# Lints many texts in one process: a list of findings for each. The options are the same for all.
sub lint {
    my ($texts, @options) = @_;
    my $dir = tempdir('shuck-agree-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    for my $i (0 .. $#$texts) {
        open my $out, '>:utf8', "$dir/$i" or die $!;
        print $out $texts->[$i];
        close $out or die $!;
    }
    my @found = map { [] } @$texts;
    return @found if !@$texts;
    open my $in, '-|', 'sh', '-c', 'exec "$@"', 'sh', $shuck, 'lint', '--format', 'json', @options,
        map { "$dir/$_" } 0 .. $#$texts or die $!;
    my $json = do { local $/; <$in> };
    close $in;
    for my $f (@{decode_json($json || '[]')}) { push @{$found[$1]}, $f if $f->{file} =~ m{/(\d+)$} }
    return @found;
}

# hadolint's options for a case's configuration
sub options_of {
    my ($config) = @_;
    my @options = ('--compat', 'hadolint', '--no-shellcheck');
    push @options, map { ('--trusted-registry', $_) } @{$config->{allowed_registries} // []};
    push @options, map { ('--require-label', "$_:$config->{label_schema}{$_}") } sort keys %{$config->{label_schema} // {}};
    push @options, map { ('--ignore', $_) } @{$config->{ignore} // []};
    push @options, '--strict-labels' if $config->{strict_labels};
    return @options;
}

sub share {
    my ($what, $right, $all) = @_;
    my $s = $all ? $right / $all : 1;
    ok($s >= $least, sprintf '%s: %d of %d agree (%.2f %%)', $what, $right, $all, 100 * $s);
}

sub differ {
    my ($rule, $id, $how, $text) = @_;
    $off{$rule}++;
    print "# ---- $rule $id: $how\n", map { "# $_\n" } split /\n/, $text if $asked{$rule};
}

sub hadolint_cases {
    my %by;
    for my $c (lines("$data/dockerfiles/hadolint-cases.jsonl")) {
        next if $c->{rule} =~ /^(SC|\*)/; # shellcheck's, and whether a file can be read
        my @options = (options_of($c->{config}), '--warning', $c->{rule}); # also when it is off by default
        push @{$by{join "\0", @options}}, [$c, @options];
    }
    my ($right, $all) = (0, 0);
    for my $group (sort { $a->[0][0]{id} cmp $b->[0][0]{id} } values %by) {
        my @found = lint([map { $_->[0]{dockerfile} } @$group], @{$group->[0]}[1 .. $#{$group->[0]}]);
        for my $i (0 .. $#$group) {
            my $c = $group->[$i][0];
            my $count = grep { $_->{code} eq $c->{rule} } @{$found[$i]};
            my $same = $c->{fires} ? $count == ($c->{count} || $count || 1) : $count == 0;
            $all++;
            $right += $same;
            differ($c->{rule}, $c->{id}, 'they find ' . ($c->{count} // ($c->{fires} ? 'some' : 0)) . ", we find $count", $c->{dockerfile}) if !$same;
        }
    }
    share("hadolint's cases", $right, $all);
}

sub real_files {
    my @files = lines("$data/dockerfiles/real-with-findings.jsonl.gz");
    my @found = lint([map { $_->{dockerfile} } @files], '--compat', 'hadolint', '--no-shellcheck');
    my ($right, $all) = (0, 0);
    for my $i (0 .. $#files) {
        my (%theirs, %ours);
        $theirs{"$_->{code} $_->{line}"}++ for grep { $_->{code} !~ /^SC/ && $_->{severity} ne 'ignore' } @{$files[$i]{findings}};
        $ours{"$_->{code} $_->{line}"}++ for grep { $_->{code} !~ /^SC/ } @{$found[$i]};
        my %both = (%theirs, %ours);
        for my $k (sort keys %both) {
            $all++;
            if (($theirs{$k} // 0) && ($ours{$k} // 0)) { $right++; next }
            my ($rule, $line) = split / /, $k;
            my @text = split /\n/, $files[$i]{dockerfile}, -1;
            my $last = $line + 12 < @text ? $line + 12 : scalar @text;
            differ($rule, "$files[$i]{id}:$line", $theirs{$k} ? 'only theirs' : 'only ours', join "\n", @text[$line - 1 .. $last - 1]);
        }
    }
    share("hadolint's findings in real files", $right, $all);
}

sub buildkit_cases {
    my ($right, $all) = (0, 0);
    my @cases = lines("$data/dockerfiles/buildkit-cases.jsonl");
    my %expected; # of one text: a case that differs in what is not recorded decides nothing
    $expected{$_->{dockerfile}}{join ',', sort map { "$_->{rule} $_->{line}" } @{$_->{warnings}}} = 1 for @cases;
    @cases = grep { keys %{$expected{$_->{dockerfile}}} == 1 } @cases;
    my @found;
    for my $c (@cases) {
        my @options = ('--no-shellcheck', '--only', join(',', buildkit_rules()));
        push @options, map { /^build-arg:(.*)/ ? ('--build-arg', "$1=$c->{frontend_attrs}{$_}") : () } sort keys %{$c->{frontend_attrs} // {}};
        push @found, lint([$c->{dockerfile}], @options);
    }
    for my $i (0 .. $#cases) {
        my $c = $cases[$i];
        next if defined $c->{dockerignore}; # lies in no folder
        my %theirs = map { ("$_->{rule} $_->{line}" => 1) } @{$c->{warnings}};
        my %ours;
        for my $f (@{$found[$i]}) {
            my ($name) = grep { my $x = $_; grep { $x eq $_ } buildkit_rules() } $f->{code}, @{$f->{aliases} // []};
            $ours{"$name $f->{line}"} = 1 if $name;
        }
        my $same = join(',', sort keys %theirs) eq join(',', sort keys %ours);
        $all++;
        $right += $same;
        differ('BuildKit', $c->{id}, 'they: ' . join(', ', sort keys %theirs) . '; we: ' . join(', ', sort keys %ours), $c->{dockerfile}) if !$same;
    }
    share("BuildKit's cases", $right, $all);
}

sub buildkit_rules {
    return qw(StageNameCasing FromAsCasing NoEmptyContinuation ConsistentInstructionCasing DuplicateStageName
        ReservedStageName JSONArgsRecommended MaintainerDeprecated UndefinedArgInFrom UndefinedVar WorkdirRelativePath
        MultipleInstructionsDisallowed LegacyKeyValueFormat InvalidBaseImagePlatform RedundantTargetPlatform
        SecretsUsedInArgOrEnv InvalidDefaultArgInFrom FromPlatformFlagConstDisallowed CopyIgnoredFile
        InvalidDefinitionDescription ExposeProtoCasing ExposeInvalidFormat);
}

hadolint_cases();
real_files();
buildkit_cases();
print "# disagreements: ", join(', ', map { "$_ $off{$_}" } sort { $off{$b} <=> $off{$a} || $a cmp $b } keys %off), "\n" if %off;
print "1..$n\n";
exit $bad;
