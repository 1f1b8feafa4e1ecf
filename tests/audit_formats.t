#!/usr/bin/perl
# Every format of `shuck audit`, of an image on a base, whose names are bytes that no reader must see: it
# fits its schema in docs/, and says the same as the others.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use JSON::PP;

chdir(dirname(abs_path($0)) . '/..') or die $!;
use lib 'tests/lib';
use Hostile;
require './tests/lib/schema.pl';
my $tmp = tempdir(CLEANUP => 1);
my $json = JSON::PP->new->utf8;
my $n = 0;
$ENV{HOME} = $ENV{XDG_CACHE_HOME} = $tmp;
my $shuck = abs_path($ENV{SHUCK} // 'build/shuck');

sub ok($$) { my ($good, $what) = @_; printf "%sok %d - %s\n", $good ? '' : 'not ', ++$n, $what; return $good }
sub check { my ($schema, $text, $what) = @_; my @wrong = schema_wrongs($schema, $text); ok(!@wrong, $what); print "# $_\n" for @wrong }
sub skip { my ($what) = @_; $ENV{SHUCK_MUST} ? ok(0, $what) : printf "ok %d # SKIP %s\n", ++$n, $what }
sub run {
    open my $in, '-|:raw', @_ or die $!;
    local $/;
    my $text = <$in>;
    close $in;
    return wantarray ? ($text // '', $? >> 8) : $text // '';
}
sub audit { return run($shuck, 'audit', '--no-cache', '--fail-on', 'never', @_) }

# Bytes that no XML, JSON, HTML or terminal should be shown as they are.
my $bytes = join '', map { chr } 1 .. 8, 11, 12, 14 .. 31, 127, 0x80, 0xff;
$bytes .= "\xef\xbf\xbe\xe2\x80\xae]]>&<script>\"'";
my $words = $bytes =~ s/[\x80-\xff]//gr; # in JSON, which takes no others
my $secret = 'opensesame99';
my $base_layer = layer(entry('etc/'), entry('etc/os-release', data => "ID=alpine\nVERSION_ID=3.10.9\n"), entry('bin/'), entry('bin/su', mode => 04755, data => 'su'));
my $own_layer = layer(entry("x$bytes", mode => 04755, data => 'x'), map { entry("s$_", mode => 04755, data => 'x') } 1 .. 250);
my @lower = ({created => '2001-01-01T00:00:00Z', created_by => '/bin/sh -c #(nop) ADD file:1 in / '},
    {created => '2001-01-02T00:00:00Z', created_by => '/bin/sh -c #(nop)  CMD ["sh"]', empty_layer => JSON::PP::true});
my $base = oci("$tmp/base", layers => [$base_layer], more => {history => \@lower});
my $image = oci("$tmp/image", layers => [$base_layer, $own_layer],
    config => {Env => ["DB_PASSWORD=$secret"], Entrypoint => ["/bin/$words"], Labels => {a => $words}},
    more => {history => [@lower, {created_by => "RUN curl $words | sh # buildkit", comment => 'buildkit.dockerfile.v0'}]});
put("$tmp/policy.yaml", "ignores:\n  - {rule: CIS-4.10, reason: 'a \"test\" <account>'}\n");

my %shown;
for my $format (qw(table json sarif junit html)) {
    my ($text, $status) = audit($image, '--format', $format, '--all', '--config', "$tmp/policy.yaml");
    $shown{$format} = $text;
    ok($status == 0, "$format: is printed");
    ok($text eq audit($image, '--format', $format, '--all', '--config', "$tmp/policy.yaml"), "$format: twice the same bytes");
    (my $rest = $text) =~ s/\n//g;
    ok($format =~ /json|sarif/ || $rest !~ /[\x00-\x1f\x7f]|\xef\xbf[\xbe\xbf]/, "$format: bad bytes of the image are escaped");
    ok(utf8::decode(my $copy = $text), "$format: bad bytes become UTF-8");
    ok($text !~ /$secret/, "$format: no secret is shown");
}
my $report = $json->decode($shown{json});
my @findings = @{$report->{findings}};
ok(@findings > 250, 'there are findings (' . @findings . ')');
check('docs/audit.schema.json', $shown{json}, 'json fits its schema');

# SARIF.
check('docs/formats/audit.sarif.schema.json', $shown{sarif}, 'sarif fits its schema');
my $run = $json->decode($shown{sarif})->{runs}[0];
my @rules = @{$run->{tool}{driver}{rules}};
my @results = @{$run->{results}};
ok(@results == @findings, 'sarif: one result a finding');
ok(@rules == @{$report->{checks}}, 'sarif: every check is described');
ok(!(grep { $rules[$_->{ruleIndex}]{id} ne $_->{ruleId} } @results), 'sarif: ruleIndex is that of ruleId');
my %prints = map { $_->{partialFingerprints}{'shuckAudit/v1'} => 1 } @results;
ok(keys %prints == @results, 'sarif: no two results share a fingerprint');
ok(!(grep { !$prints{$_->{identity}} } @findings), 'sarif: a fingerprint is the identity in the JSON');
my @suppressed = grep { $_->{suppressions} } @results;
ok(@suppressed && !(grep { $_->{ruleId} ne 'CIS-4.10' || $_->{suppressions}[0]{justification} ne 'a "test" <account>' } @suppressed),
    'sarif: what is ignored is suppressed with the reason');
my ($su) = grep { $_->{locations}[0]{physicalLocation}{artifactLocation}{uri} eq 'bin/su' } @results;
ok($su && $su->{locations}[0]{physicalLocation}{artifactLocation}{uriBaseId} eq 'LAYER0' && $run->{originalUriBaseIds}{LAYER0}, 'sarif: a path is below its layer');
ok((grep { ($_->{locations}[0]{logicalLocations}[0]{name} // '') eq 'Env[0]' } @results) == 1, 'sarif: a key of the config is a logical location');
my %score = (error => [7, 10], warning => [4, 6.9], note => [0, 3.9]);
ok(!(grep { my ($low, $high) = @{$score{$_->{defaultConfiguration}{level}}}; my $s = $_->{properties}{'security-severity'}; $s < $low || $s > $high } @rules),
    'sarif: level and security-severity of a rule agree');
my $official = $ENV{SHUCK_SARIF_SCHEMA}; # the committee's own, where somebody has it
if ($official) {
    put("$tmp/audit.sarif", $shown{sarif});
    my $said = `python3 -c 'import json,sys,jsonschema; jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' $tmp/audit.sarif $official 2>&1`;
    ok($? == 0, 'sarif fits the schema of SARIF 2.1.0') or print map { "# $_\n" } split /\n/, $said;
}

# JUnit.
my $failed = grep { $_->{status} eq 'fail' } @{$report->{checks}};
my $skipped = grep { $_->{status} =~ /skipped|ignored/ } @{$report->{checks}};
ok($shown{junit} =~ /tests="${\scalar @rules}" failures="$failed" errors="0" skipped="$skipped"/, 'junit: the counts of the suite');
ok((() = $shown{junit} =~ /<failure /g) == $failed && (() = $shown{junit} =~ /<skipped /g) == $skipped, 'junit: are those of its tests');
ok($shown{junit} =~ /<skipped message="ignored: a &quot;test&quot; &lt;account&gt;"/, 'junit: what is ignored is skipped with its reason');
ok((() = $shown{junit} =~ m{<testcase [^>]*>\n<system-out>[^<]*\S}g) == @rules - $failed - $skipped, 'junit: what failed nothing says what it saw');
if (-x '/usr/bin/xmllint') {
    put("$tmp/junit.xml", $shown{junit});
    my $said = `xmllint --noout --schema docs/formats/junit.xsd $tmp/junit.xml 2>&1`;
    ok($? == 0, 'junit fits its schema') or print map { "# $_\n" } split /\n/, $said;
} else {
    skip('xmllint is not installed');
}

# HTML.
ok($shown{html} !~ /<script|\son\w+=|https?:|<link|<img/, 'html: the page is escaped and names no other address');
ok($shown{html} =~ /51 more are in the JSON/, 'html: long lists are cut and say so');
if (-x '/usr/bin/xmllint') {
    put("$tmp/page.html", $shown{html});
    my @wrong = grep { !/invalid|HTML parser error : Tag (?:main|footer|details|summary)/ } grep { /error/ } `xmllint --html --noout $tmp/page.html 2>&1`;
    ok(!@wrong, 'html: is well-formed') or print map { "# $_" } @wrong;
}

# A screen, however much there is.
my @screen = split /\n/, scalar audit($image);
ok(@screen <= 30 && !(grep { utf8::decode($_); length > 120 } @screen), 'table: fits on a screen (' . @screen . ' lines)');
my $deep = join('/', 'srv', map { "folder-$_" } 1 .. 30) . '/the-program';
my $far = oci("$tmp/" . 'x' x 150, layers => [layer((map { entry("$deep-$_", mode => 04755, data => 'x') } 1 .. 9), entry('etc/os-release', data => 'PRETTY_NAME="' . 'y' x 300 . '"'))]);
@screen = split /\n/, scalar audit($far);
utf8::decode($_) for @screen;
ok(!(grep { length > 120 } @screen), 'table: long names leave no line too long') or print map { "# $_\n" } grep { length > 120 } @screen;
ok((grep { m{layer 0 /srv/\S+\x{2026}.*/the-program-1  setuid root, mode 4755, no package; uid 0 may run it$} } @screen), 'table: a long path is shortened in the middle, and evidence has room');
if (-x '/usr/bin/script') {
    put("$tmp/narrow", "stty cols 80; $shuck audit --no-cache --fail-on never $image\n");
    @screen = split /\r?\n/, scalar run('script', '-qec', "sh $tmp/narrow", '/dev/null');
    s/\x1b\[[0-9;]*m//g, utf8::decode($_) for @screen;
    ok(@screen > 10 && !(grep { length > 80 } @screen), 'table: as wide as the terminal') or print map { "# $_\n" } grep { length > 80 } @screen;
} else {
    skip('script is not installed');
}

# The base apart.
sub inherited { my ($r) = @_; return join ' ', map { "$_->{rule} $_->{location}{text}" } grep { $_->{inherited} } @{$r->{findings}} }
ok($report->{base}{layers} == 1 && $report->{base}{created} eq '2001-01-02T00:00:00Z', 'base: its layers and its day are read from history');
ok(inherited($report) eq 'CIS-4.8 layer 0 /bin/su', 'base: what it brought is inherited, and nothing else: ' . inherited($report));
my $given = $json->decode(scalar audit($image, '--base', $base, '--format', 'json'));
ok($given->{base}{layers} == 1 && $given->{base}{layers_evidence} =~ /lowest/, 'base: one that is given settles it');
my $guessed = qr/^base: 1 of 2 layers, told from history\[\d+\].*; --base IMAGE settles it$/m;
ok("@{[scalar audit($image, '--all')]}" =~ $guessed, 'base: the table says by what it was told, when it hides what is its');
ok(scalar audit($image, '--base', $base) !~ /told from history/, 'base: not when it was given');
my %base_says = map { $_->{evidence} => $_->{severity} } grep { $_->{rule} eq 'CIS-4.2' } @{$report->{findings}};
ok((grep { /the base was made on 2001-01-02/ } keys %base_says), 'base: its age is a finding');
ok((grep { /fixes ended on 2021-05-01 \(dates of / && $base_says{$_} eq 'high' } keys %base_says), 'base: so is the end of its life');
my ($said, $status) = run('sh', '-c', '"$@" 2>&1', 'sh', $shuck, 'audit', '--no-cache', $base, '--base', $image);
ok($status == 3 && $said =~ /is not the base of this image: it has 2 layers, the image 1/, 'base: one that is none is refused');
print "1..$n\n";
