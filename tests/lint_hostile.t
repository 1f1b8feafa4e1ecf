#!/usr/bin/perl
# lint_hostile: Dockerfiles as nobody writes them. Each is linted and repaired, or refused with its place;
# in time that grows with its size and no faster, in memory with a bound, with the exit status it should
# have; and nothing that is printed has control characters.
#
# First texts that grow: for n lines or words, and for 4 n. Then rows of single ones.
use strict;
use warnings;
use File::Temp qw(tempdir);

my $shuck = $ENV{SHUCK} // 'build/shuck';
my $build = $ENV{BUILD} // 'build';
my $top = tempdir('shuck-hostile-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $kilobytes = 1_200_000;
my $limit = $build eq 'build' ? "ulimit -v $kilobytes; " : ''; # sanitizers map more
my ($n, $bad) = (0, 0);

sub ok { my ($good, $what) = @_; $n++; $bad ||= !$good; print $good ? '' : 'not ', "ok $n - $what\n"; return $good }

# Status, seconds of processor time and what was printed.
sub run {
    my ($file, @options) = @_;
    my @before = times;
    open my $in, '-|', 'sh', '-c', "${limit}exec timeout 100 \"\$@\" 2>&1", 'sh', $shuck, 'lint', '--no-shellcheck', @options, $file
        or die $!;
    binmode $in;
    my $said = do { local $/; <$in> } // '';
    close $in;
    my @after = times;
    return ($? & 127 ? 128 + ($? & 127) : $? >> 8, $after[2] + $after[3] - $before[2] - $before[3], $said);
}

sub put {
    my ($name, @text) = @_;
    my $file = "$top/$name";
    open my $out, '>:raw', $file or die "$file: $!";
    print $out @text;
    close $out or die $!;
    return $file;
}

sub plain { return $_[0] !~ /[\x00-\x08\x0b-\x1f\x7f]/ }

my $from = "FROM debian:12\n";
my %grows = (
    # instructions
    'short RUNs' => sub { $from, "RUN echo a\n" x $_[0] },
    'RUNs with much to find' => sub { $from, "RUN apt-get install -y curl && cd x && make\n" x $_[0] },
    'stages in a chain' => sub { "FROM a AS s0\n", map { 'FROM s' . ($_ - 1) . " AS s$_\nENV A$_=1\nRUN echo \$A1\n" } 1 .. $_[0] },
    'stages that copy' => sub { "FROM a AS s0\n", map { "FROM a AS s$_\nCOPY --from=s" . ($_ - 1) . " /a /b\n" } 1 .. $_[0] },
    'stages in small letters' => sub { map { "from a as S$_\n" } 1 .. $_[0] },
    'ENVs of each other' => sub { $from, map { "ENV V$_=\${V" . ($_ - 1) . "}x\n" } 1 .. $_[0] },
    'ENVs that double' => sub { $from, "ENV a=x\n", "ENV a=\$a\$a\n" x $_[0] },
    'ARGs in a ring' => sub { (map { "ARG A$_=\$A" . ($_ % $_[0] + 1) . "\n" } 1 .. $_[0]), "FROM \$A1\n" },
    'names almost declared' => sub { $from, (map { "ARG variable_$_=x\n" } 1 .. $_[0]), map { "ENV x$_=\$variabel_$_\n" } 1 .. $_[0] },
    'users' => sub { $from, map { "RUN useradd u$_\nUSER u$_\n" } 1 .. $_[0] },
    'folders' => sub { $from, map { "WORKDIR d$_\n" } 1 .. $_[0] },
    'secrets' => sub { $from, map { "ENV AWS_SECRET_$_=x\n" } 1 .. $_[0] },
    'archives' => sub { $from, (map { "COPY a$_.tar.gz /x/\n" } 1 .. $_[0]), map { "RUN tar xf /x/a$_.tar.gz\n" } 1 .. $_[0] },
    'CMDs' => sub { $from, "CMD foo\n" x $_[0] },
    'SHELLs' => sub { $from, "SHELL [\"/bin/bash\",\"-c\"]\nRUN a | b\n" x $_[0] },
    'ONBUILDs' => sub { $from, "ONBUILD RUN apt-get install curl\n" x $_[0] },
    'letters of both kinds' => sub { map { $_ % 2 ? "from a\n" : "RUN a\n" } 1 .. $_[0] },
    'pragmas' => sub { $from, map { "# hadolint ignore=DL3008,DL3059\nRUN apt-get install a$_\n" } 1 .. $_[0] },
    'global pragmas' => sub { "# hadolint global ignore=DL3008,DL3059\n" x $_[0], $from, "RUN apt-get install a\n" x $_[0] },
    'errors' => sub { $from, "NOPE x\n" x $_[0] },
    'heredocs' => sub { $from, "RUN <<E\napt-get install foo\nE\n" x $_[0] },
    # one instruction
    'links of a chain' => sub { $from, 'RUN ', (map { "apt-get update && apt-get install p$_ && \\\n" } 1 .. $_[0]), "true\n" },
    'lines of a heredoc' => sub { $from, "RUN <<E\n", "apt-get install foo\n" x $_[0], "E\n" },
    'a heredoc without end' => sub { $from, "RUN <<E\n", "a\n" x $_[0] },
    'empty lines in a continuation' => sub { $from, "RUN a \\\n", "\n" x $_[0], "b\n" },
    'comments in a continuation' => sub { $from, "RUN a \\\n", "# c\n  b \\\n" x $_[0], "b\n" },
    'pairs of an ENV' => sub { $from, 'ENV ', map { "V$_=\$V" . ($_ - 1) . " \\\n" } 1 .. $_[0] },
    'labels' => sub { $from, 'LABEL ', map { "l$_=v \\\n" } 1 .. $_[0] },
    'ports' => sub { $from, 'EXPOSE ', map({ "$_ \\\n" } 1 .. $_[0]), "1\n" },
    'words of a JSON form' => sub { $from, 'CMD [', "\"a\", \\\n" x $_[0], "\"b\"]\n" },
    'mounts' => sub { $from, 'RUN ', "--mount=type=cache,target=/x \\\n" x $_[0], " apt-get install x\n" },
    'pipes' => sub { $from, 'RUN ', "a | \\\n" x $_[0], "x\n" },
    'ifs' => sub { $from, 'RUN ', "if a; then \\\n" x $_[0], "x\n" },
    'redirections' => sub { $from, 'RUN a ', ">b \\\n" x $_[0], "\n" },
    'brackets' => sub { $from, 'RUN ', "(\\\n" x $_[0], "x\n" },
    'substitutions in each other' => sub { $from, 'RUN ', "\$(\\\n" x $_[0], "\n" },
    'substitutions' => sub { $from, 'RUN echo ', "\$(apt-get install a) \\\n" x $_[0], "\n" },
    'sudos' => sub { $from, 'RUN ', "sudo \\\n" x $_[0], "x\n" },
    'scripts' => sub { $from, 'RUN ', "sh -c 'apt-get install a' && \\\n" x $_[0], "x\n" },
    map({ my $program = $_; ("words of $program" => sub { $from, "RUN $program ", "a \\\n" x $_[0], "\n" }) }
        'apt-get install', 'apk add', 'yum install', 'dnf install', 'zypper install', 'pip install', 'npm install', 'yarn add',
        'gem install', 'go install', 'curl', 'wget', 'chmod u+s', 'cd', 'rm', 'tar xf'),
);

# A run is long enough to be measured, and four times the text takes less than eight times as long.
for my $what (sort keys %grows) {
    my $lines = $what =~ /^stages/ ? 240 : 2500;
    my ($small, $large) = map { put($_, $grows{$what}->($_)) } $lines, 4 * $lines;
    my $why = '';
    for my $mode (['--format=gnu'], ['--fix', '--unsafe', '--diff']) {
        my ($status1, $time1, $said1) = run($small, @$mode);
        my ($status4, $time4, $said4) = run($large, @$mode);
        ($status1, $time1, $said1) = run($small, @$mode) if $time4 > 0.5 && $time4 > 8 * $time1;
        $why .= " @$mode: status $status1, $status4" if grep { $_ != 0 && $_ != 1 && $_ != 3 } $status1, $status4;
        $why .= sprintf(' %s: %.2f s, then %.2f s', "@$mode", $time1, $time4) if $time4 > 0.5 && $time4 > 8 * $time1;
        $why .= " @$mode: control characters" if !plain($said4);
    }
    ok(!$why, "$what: four times as many take four times as long$why");
}

# name, text, status, words that are said
my @rows = (
    ['nothing', '', 1, 'SHUCK-NO-STAGE'],
    ['one byte', 'x', 3, ':1:'],
    ['bytes', join('', map { chr(($_ * 7919 + ($_ >> 8) * 31) % 256) } 1 .. 300_000), 3, 'not a text file'],
    ['NUL', "FROM a\nRUN a\0b\n", 3, ':2:'],
    ['control characters', "FROM a\nRUN\x1b[31m \x07\nNOPE\x1b[0m\n", 3, ':3:'],
    ['too large', "FROM a\n" x 1_000_000, 3, 'larger than'],
    ['a long line', "FROM a\nRUN " . 'a' x 4_000_000 . "\n", 3, ':2:'],
    ['a line as long as may be', $from . 'RUN apt-get install ' . 'a ' x 32_000 . "\n", 1, 'DL3008'],
    ['instructions', $from . "CMD foo\n" x 500_000, 3, ':50001:'],
    ['commands', $from . ('RUN ' . 'cd x;' x 13_000 . "\n") x 64, 1, 'DL3003'],
    ['words', $from . ('RUN npm i ' . 'a ' x 32_000 . "\n") x 64, 1, 'more than 10000 findings of a rule are not shown'],
    ['newlines', "FROM debian:12\n" . "\n" x 3_900_000, 1, ''],
    ['ONBUILD in ONBUILD', "FROM a\n" . 'ONBUILD ' x 1000 . "RUN x\n", 3, ':2:'],
    ['too many stages', join('', map { "FROM a AS s$_\n" } 1 .. 10_000), 3, ':1001:'],
    ['a quote without end', "FROM a\nENV a='b\nRUN a\n", 3, ':2:'],
    ['an array without end', "FROM a\nCMD [\"a\"\n", 1, ''],
    ['a heredoc without end', "FROM a\nRUN <<E\na\n", 3, ':2:'],
    ['a name without end', "FROM a\nENV a=\${b\n", 3, ':2:'],
    ['nothing but a continuation', '\\', 1, 'SHUCK-NO-STAGE'],
    ['an escape that is none', "# escape=x\nFROM a\n", 3, ':1:'],
);
for my $row (@rows) {
    my ($what, $text, $want, $words) = @$row;
    my ($status, $time, $said) = run(put('row', $text), '--format=gnu');
    ok($status == $want && index($said, $words) >= 0 && plain($said) && $time < 20, "$what: $want")
        || print "# status $status, $time s: ", substr($said, 0, 300) =~ s/\n/ /gr, "\n";
}

# Names of files, in every format, and in a difference.
my $name = put("a\e[31m\nb\"'<&>\\ c", "FROM debian\nADD a /b\n");
for my $format (qw(tty json checkstyle codeclimate gitlab_codeclimate gnu codacy sonarqube sarif junit)) {
    my ($status, $time, $said) = run($name, "--format=$format");
    $said =~ s/\0\n?//g if $format eq 'codeclimate'; # it ends each object so
    ok($status == 1 && plain($said), "a name with control characters: $format");
}
my ($status, $time, $said) = run($name, '--fix', '--unsafe', '--diff');
ok($status == 1 && plain($said) && $said =~ m{^--- "a/[^"]*a\\033\[31m\\nb\\"'<&>\\\\ c"$}m, 'a name with control characters: --diff');
print "1..$n\n";
exit $bad;
