#!/usr/bin/perl
# Every format of `shuck lint`, of Dockerfiles and names with bytes that its readers must not see: it fits
# its schema in docs/formats, and the workflows of docs/ci and the hooks of .pre-commit-hooks.yaml run.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use JSON::PP;

chdir(dirname(abs_path($0)) . '/..') or die $!;
require './tests/lib/schema.pl';
my $tmp  = tempdir(CLEANUP => 1);
my $json = JSON::PP->new->utf8;
my $n    = 0;
delete @ENV{grep { /^(HADOLINT_|NO_COLOR|CLICOLOR|FORCE_COLOR)/ } keys %ENV};
$ENV{HOME} = $ENV{XDG_CONFIG_HOME} = $tmp;
my $shuck = abs_path($ENV{SHUCK} // 'build/shuck');

sub ok($$) { my ($good, $what) = @_; printf "%sok %d - %s\n", $good ? '' : 'not ', ++$n, $what; return $good }
sub check { my ($schema, $text, $what) = @_; my @wrong = schema_wrongs($schema, $text); ok(!@wrong, $what); print "# $_\n" for @wrong }
sub skip {
    my ($what) = @_;
    return ok(0, $what) if $ENV{SHUCK_MUST};
    printf "ok %d # SKIP %s\n", ++$n, $what;
}
sub put { my ($path, $text) = @_; open my $out, '>:raw', $path or die "$path: $!"; print $out $text; close $out; return $path }
sub run {
    my @command = @_;
    open my $in, '-|:raw', @command or die $!;
    local $/;
    my $text = <$in>;
    close $in;
    return wantarray ? ($text, $? >> 8) : $text;
}
sub lint { return run($shuck, 'lint', '--no-shellcheck', @_) }

# Bytes that no XML, JSON or terminal should be shown as they are.
my $bytes = join '', map { chr } 1 .. 8, 11, 12, 14 .. 31, 127, 0x80, 0xff;
$bytes .= "\xef\xbf\xbe\xef\xbf\xbf\xe2\x80\xae]]>&<\"'";
my $hostile = put("$tmp/a b:<&\"'\x01\xff\xef\xbf\xbf", <<"DOCKERFILE");
FROM debian
# \xc3\xa4 \xf0\x9f\x90\x8b
RUN echo \xc3\xa4\xf0\x9f\x90\x8b && cd /x && apt-get install curl$bytes
ENV API_TOKEN=abcdefghijklmnopqrst
MAINTAINER $bytes
MAINTAINER $bytes
WHAT $bytes
DOCKERFILE
my $clean = put("$tmp/clean", "FROM scratch\nUSER 5678\n");
my @files = ($hostile, $clean);

my %shown;
for my $format (qw(tty json checkstyle codeclimate gitlab_codeclimate gnu codacy sonarqube sarif junit)) {
    my ($text, $status) = lint('--format', $format, @files);
    $shown{$format} = $text;
    ok($status == 1 || $status == 3, "$format: findings have an exit status of their own ($status)");
    ok($text eq lint('--format', $format, @files), "$format: twice the same bytes");
    (my $rest = $text) =~ s/[\n\0]//g;
    my $is_json = $format =~ /json|codacy|codeclimate|sonarqube|sarif/;
    ok($is_json || $rest !~ /[\x00-\x1f\x7f]|\xef\xbf[\xbe\xbf]/, "$format: bad bytes of the file and its name are escaped");
    ok(utf8::decode(my $copy = $text), "$format: bad bytes become UTF-8");
    ok($text !~ /abcdefghijklmnopqrst/, "$format: no secret is shown");
}
my $found = $json->decode($shown{json});
my $count = @$found;
ok($count > 5, "there are findings ($count)");

# JSON of all kinds.
check('docs/formats/json.schema.json', $shown{json}, 'json fits its schema');
check('docs/formats/gitlab_codeclimate.schema.json', $shown{gitlab_codeclimate}, 'gitlab_codeclimate fits its schema');
check('docs/formats/sonarqube.schema.json', $shown{sonarqube}, 'sonarqube fits its schema');
check('docs/formats/sarif.schema.json', $shown{sarif}, 'sarif fits its schema');
my @stream = split /\0/, $shown{codeclimate}, -1;
ok(pop(@stream) eq '' && @stream == $count, 'codeclimate: each object ends in a NUL byte');
check('docs/formats/codeclimate.schema.json', $stream[0], 'codeclimate: an object fits its schema');
my @lines = split /\n/, $shown{codacy};
ok(@lines == $count, 'codacy: one line a finding');
check('docs/formats/codacy.schema.json', $lines[0], 'codacy: a line fits its schema');
my %prints = map { $_->{fingerprint} => 1 } @{$json->decode($shown{gitlab_codeclimate})};
ok(keys %prints == $count, 'gitlab_codeclimate: no fingerprint is there twice');
ok($json->decode(scalar lint('--format', $_, $clean)), "$_ without findings is a document") for qw(json gitlab_codeclimate sonarqube sarif);

# Lines.
ok((() = $shown{gnu} =~ /^shuck:.*:\d+:\d+: \S+ (?:error|warning|info|style): .*$/mg) == $count, 'gnu: one line a finding');
my $plain = lint('--compat', 'hadolint', $hostile);
ok(!(grep { !/:\d+ \S+ (?:error|warning|info|style): |:\d+:\d+ / } split /\n/, $plain), 'as hadolint prints: one line a finding');
ok($shown{tty} !~ /\e/, 'terminal: no colour unless asked for');
ok($shown{tty} =~ /^$count findings in 1 of 2 files: \d+ error/m, 'terminal: a summary');

# SARIF.
my $run = $json->decode($shown{sarif})->{runs}[0];
my @rules = @{$run->{tool}{driver}{rules}};
ok(@{$run->{results}} == $count, 'sarif: one result a finding');
ok(!(grep { $rules[$_->{ruleIndex}]{id} ne $_->{ruleId} } @{$run->{results}}), 'sarif: ruleIndex is that of ruleId');
my $mend = put("$tmp/mend", "FROM debian:12\n# \xc3\xa4\nRUN echo \xc3\xa4\xf0\x9f\x90\x8b && apt-get update && apt-get install curl=1\n");
my $mended = $json->decode(scalar lint('--only', 'DL3014', '--format', 'sarif', $mend))->{runs}[0]{results};
my @fixes = map { @{$_->{fixes} // []} } @$mended;
if (ok(@fixes == 1, 'sarif: fixes are offered')) {
    open my $in, '<:encoding(UTF-8)', $mend or die $!;
    my @text = <$in>;
    for my $r (reverse @{$fixes[0]{artifactChanges}[0]{replacements}}) {
        my $at = $r->{deletedRegion};
        substr($text[$at->{startLine} - 1], $at->{startColumn} - 1, $at->{endColumn} - $at->{startColumn}) = $r->{insertedContent}{text} // '';
    }
    my $by_hand = join '', @text;
    utf8::encode($by_hand);
    lint('--only', 'DL3014', '--fix', '--unsafe', $mend);
    open $in, '<:raw', $mend or die $!;
    my $by_shuck = do { local $/; <$in> };
    ok($by_shuck eq $by_hand, 'sarif: fixes make what --fix makes');
}

my $token = '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';
my $telling = put("$tmp/telling", "FROM a\nCMD app --token=$token\nMAINTAINER $token\nENTRYPOINT app --password=$token x\n");
my $told = lint('--format', 'sarif', $telling);
ok($told !~ /$token/ && $told =~ /DL3025/, 'sarif: no secret is shown, in repairs neither');

# XML.
ok((() = $shown{junit} =~ /<failure /g) == $count && $shown{junit} =~ /tests="$count" failures="$count"/, 'junit: as many failures as findings');
ok($shown{junit} =~ m{<testcase name="no findings" [^>]*/>}, 'junit: a file without findings passes');
for my $format (qw(checkstyle junit)) {
    my $path = put("$tmp/$format.xml", $shown{$format});
    skip('xmllint is not installed'), next unless -x '/usr/bin/xmllint';
    my $said = `xmllint --noout --schema docs/formats/$format.xsd $path 2>&1`;
    ok($? == 0, "$format fits its schema") or print map { "# $_\n" } split /\n/, $said;
}

# What docs/ci and the hooks run, run.
my $yaml = 'import json,sys,yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)';
my $python = -x '/usr/bin/python3' && !system('/usr/bin/python3 -c "import yaml" 2>/dev/null') ? '/usr/bin/python3' : undef;
sub commands { # every shuck command line in a document, wherever it is
    my ($v) = @_;
    return map { commands($_) } @$v if ref $v eq 'ARRAY';
    return map { commands($v->{$_}) } sort keys %$v if ref $v eq 'HASH';
    return defined $v && !ref $v && $v =~ /^shuck lint(?: -|$)/ ? $v : ();
}
mkdir "$tmp/$_" for qw(bin work);
symlink $shuck, "$tmp/bin/shuck" or die $!;
$ENV{PATH} = "$tmp/bin:$ENV{PATH}";
for my $file ('docs/ci/github-lint.yml', 'docs/ci/gitlab-lint.yml', '.pre-commit-hooks.yaml') {
    skip('python3-yaml is not installed'), next unless $python;
    my $document = eval { $json->decode(scalar run($python, '-c', $yaml, $file)) };
    my @commands = commands($document);
    ok(@commands > 0, "$file is YAML with commands in it");
    put("$tmp/work/Dockerfile", "FROM debian\nRUN apt-get update && apt-get install -y curl\n");
    for my $command (@commands) {
        my $all = $file =~ /hooks/ ? "$command Dockerfile" : $command;
        my $said = `cd $tmp/work && $all 2>&1`;
        my $status = $? >> 8;
        ok($status <= 1, "$file: $command") or print map { "# $_\n" } split /\n/, $said;
        ok(-s "$tmp/work/$1", "$file: $1 is written") if $command =~ /--output (\S+)/;
    }
}

# The hooks take what `shuck lint -r` takes: names as they may be, and with every end.
if ($python) {
    my ($hook, @more) = @{$json->decode(scalar run($python, '-c', $yaml, '.pre-commit-hooks.yaml'))};
    my @stems = qw(Dockerfile Containerfile web.Dockerfile web.dockerfile web.Containerfile web.containerfile Dockerfile.web
        dockerfile containerfile web.DockerFile MyDockerfile Dockerfiles Dockerfile-web Dockerfile.d .Dockerfile .dockerfile notes);
    my @names = map { my $stem = $_; map { "$stem$_" } '', qw(.dockerignore ~ .bak .old .orig .j2 .tmpl .BAK .j2.web .tmp bak) } @stems;
    for my $folder ('', 'a/', 'a.Dockerfile/', 'Containerfile.d/') {
        mkdir "$tmp/named";
        mkdir "$tmp/named/$folder" if $folder;
        put("$tmp/named/$folder$_", "FROM debian:latest\n") for @names;
    }
    my @all = map { my $folder = $_; map { "$folder$_" } @names } '', 'a/', 'a.Dockerfile/', 'Containerfile.d/';
    my $said = `cd $tmp/named && $shuck lint --no-shellcheck --only DL3007 -f gnu -r . 2>&1`;
    my %searched = map { $_ => 1 } $said =~ /^shuck:(.*?):\d/mg;
    my @differ = grep { my $hooked = /$hook->{files}/ && !/$hook->{exclude}/; !$hooked != !$searched{$_} } @all;
    ok(keys %searched > 40 && !@differ, 'hooks and --recursive take the same names') or print map { "# $_\n" } @differ;
    ok(!(grep { $_->{files} ne $hook->{files} || $_->{exclude} ne $hook->{exclude} } @more), 'and so does each hook');
} else {
    skip('python3-yaml is not installed');
}
print "1..$n\n";
