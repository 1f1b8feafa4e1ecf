#!/usr/bin/perl
# RUNs through the installed shellcheck: places, dialects, variables; and through stand-ins that
# misbehave. Without shellcheck the first part is skipped, unless SHUCK_MUST=1.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Time::HiRes qw(time sleep);

chdir(dirname(abs_path($0)) . '/..') or die $!;
my $shuck = abs_path($ENV{SHUCK} // ($ENV{BUILD} // 'build') . '/shuck');
my $must = $ENV{SHUCK_MUST};
my $tmp = tempdir('shuck-lint-XXXXXX', TMPDIR => 1, CLEANUP => 1);
chdir $tmp or die $!;
mkdir $_ or die $! for 'temporary', 'bin', 'empty';
%ENV = (PATH => $ENV{PATH}, HOME => $tmp, TMPDIR => "$tmp/temporary", LC_ALL => 'C.UTF-8');
my ($n, $bad) = (0, 0);

sub ok { my ($good, $what, @more) = @_; $bad ||= !$good; printf "%sok %d - %s\n", $good ? '' : 'not ', ++$n, $what; $good or print map { "# $_\n" } map { split /\n/ } @more; }
sub put { my ($path, @bytes) = @_; open my $out, '>:raw', $path or die "$path: $!"; print $out @bytes; close $out or die $!; return $path }
sub slurp { my ($path) = @_; open my $in, '<:raw', $path or return ''; local $/; return <$in> // '' }

# What is found in the text, a line each without messages; and standard error.
sub lint {
    my ($text, @words) = @_;
    put('Dockerfile', $text);
    my $out = `'$shuck' lint -f gnu @words Dockerfile 2>'$tmp/err'`;
    $out =~ s/^(?:shuck|hadolint):Dockerfile:(.*: S?[A-Z]+\d+ \w+): .*/$1/mg;
    return (join('|', grep { / SC/ } split /\n/, $out), slurp('err'));
}

sub real_ones {
    my $version = `shellcheck --version 2>&1` // '';
    if ($? != 0) {
        $n++;
        $bad ||= $must;
        printf "%sok %d - shellcheck %s\n", $must ? 'not ' : '', $n, $must ? 'is not installed' : '# skip it is not installed';
        return;
    }
    my @rows = (
        # what, Dockerfile, findings, options
        ['a place is the word', "FROM a\nRUN echo \$x\n", '2:10: SC2086 info|2:10: SC2154 warning'],
        ['in a continuation', "FROM a\nRUN a && \\\n  # comment\n\\\n  echo \$A\n", '5:8: SC2086 info'],
        ['behind letters of two bytes and tabs', "FROM a\nRUN a \"\303\244\303\266\"\t\$A\n", '2:14: SC2086 info'],
        ['with an end', "FROM a\nRUN a \$(ls)\n", '2:7: SC2046 warning'],
        ['in a here-document', "FROM a\nRUN <<EOF\n: /tmp\necho \$A\nEOF\n", '4:6: SC2086 info'],
        ['in one that names its shell', "FROM a\nRUN <<EOF\n#!/bin/bash\nsource b\ncd \$A || exit\nEOF\n", '5:4: SC2086 info'],
        ['sh does not know source', "FROM a\nRUN source b\n", '2:5: SC3046 warning'],
        ['bash does', "FROM a\nSHELL [\"/bin/bash\", \"-c\"]\nRUN source b\n", ''],
        ['a stage keeps the shell of the one it begins from', "FROM a AS b\nSHELL [\"/bin/bash\", \"-c\"]\nFROM b\nRUN source c\n", ''],
        ['a comment names the shell', "FROM a\n# hadolint shell=bash\nRUN source b\n", ''],
        ['ash is fine', "FROM a\nSHELL [\"/bin/ash\", \"-c\"]\nRUN echo a\n", ''],
        ['cd in a shell that stops', "FROM a\nSHELL [\"/bin/bash\", \"-ec\"]\nRUN cd a; b\n", ''],
        ['cd in one that does not', "FROM a\nRUN cd a; b\n", '2:5: SC2164 warning'],
        ['not in PowerShell', "FROM a\nSHELL [\"pwsh\", \"-c\"]\nRUN echo \$x\n", ''],
        ['not in JSON form', "FROM a\nRUN [\"echo\", \"\$x\"]\n", ''],
        ['ARG, ENV and proxies are known', "FROM a\nARG x\nENV y=1\nRUN echo \"\$x\" \"\$y\" \"\$http_proxy\"\n", ''],
        ['those of another stage are not', "FROM a\nARG x\nFROM b\nRUN echo \"\$x\"\n", '4:11: SC2154 warning'],
        ['inside ONBUILD', "FROM a\nONBUILD RUN echo \$A\n", '2:18: SC2086 info'],
        ['files to follow are no finding', "FROM a\nRUN . /etc/os-release; . \"\$A\"\n", ''],
        ['a pragma', "FROM a\n# hadolint ignore=SC2086\nRUN echo \$A\n", ''],
        ['a rule left out', "FROM a\nRUN echo \$A\n", '', '--ignore SC2086'],
        ['a level', "FROM a\nRUN echo \$A\n", '2:10: SC2086 error', '--error SC2086'],
        ['one rule alone', "FROM a\nRUN echo \$x\n", '2:10: SC2154 warning', '--only SC2154'],
        ['compat: it stands at the RUN', "FROM a\nRUN a && \\\n  echo \$A\n", '2: SC2086 info', '--compat hadolint'],
        ['compat: ONBUILD knows nothing', "FROM a\nENV x=1\nONBUILD RUN echo \"\$x\"\n", '3: SC2154 warning', '--compat hadolint'],
        ['not at all', "FROM a\nRUN echo \$A\n", '', '--no-shellcheck'],
        ['of a syntax error', "FROM a\nRUN if true; then\n", qr/SC1/],
        ['a bracket that is never closed, beside another RUN', "FROM a\nRUN \$(\nRUN echo \$A\n", qr/3:10: SC2086/],
    );
    for my $row (@rows) {
        my ($what, $text, $want, @words) = @$row;
        my ($got, $err) = lint($text, @words);
        ok((ref $want ? $got =~ $want : $got eq $want) && $err eq '', $what, "got $got", "want $want", $err);
    }
    put('.shellcheckrc', "disable=SC2086\n");
    $ENV{SHELLCHECK_OPTS} = '-e SC2086';
    my ($got) = lint("FROM a\nRUN echo \$A\n");
    ok($got eq '2:10: SC2086 info', 'neither its configuration nor its variables count', $got);
    delete $ENV{SHELLCHECK_OPTS};
    unlink '.shellcheckrc';

    my ($many, $err) = lint("FROM a\n" . join '', map { "RUN echo \$A$_\nRUN echo \$A1\n" } 1 .. 200);
    ok((() = $many =~ /SC2086/g) == 400, 'four hundred RUNs', $err);
    ($many, $err) = lint("FROM a\n" . join '', map { "RUN " . "echo \$A$_; " x 300 . "\n" } 1 .. 3);
    ok((() = $many =~ /SC2086/g) == 900, 'nine hundred comments in three lines', $err);
    ($many, $err) = lint("FROM a\nRUN <<EOF\n" . "echo \$A\n" x 40_000 . "EOF\nRUN echo \$A\n");
    ok($many =~ /^40004:10: SC2086 info$/ && $err =~ /Dockerfile: .* more than 262144 bytes .*: 1$/, 'one that is too large is said to be', substr($many, 0, 200), $err);
    put("$_.Dockerfile", "FROM a\nRUN echo \$A\n") for 'x', 'y';
    my $out = `'$shuck' lint -f gnu --only SC2086 -r . 2>/dev/null`;
    ok((() = $out =~ /^shuck:(x|y)\.Dockerfile:2:10:/mg) == 2, 'two files with the same RUN', $out);
    unlink glob '*.Dockerfile';
}

# ---- stand-ins ----

sub stand_in { my ($script) = @_; put('bin/shellcheck', "#!/bin/sh\n$script\n"); chmod 0755, 'bin/shellcheck' }

sub stand_ins {
    local $ENV{PATH} = "$tmp/bin:$ENV{PATH}";
    my $one = "FROM a\nRUN echo \$A\nRUN echo \$B\n";
    my %misbehave = (
        'no JSON' => ['echo hello', qr/did not check 2 RUNs, the first is Dockerfile:2: its reply cannot be read/],
        'another JSON' => ['echo "{}"', qr/did not check 2 .*no list of comments/],
        'of a file it was not given' => ['echo \'{"comments":[{"file":"/dev/fd/9","code":1,"line":3,"level":"error","message":"m"}]}\'', qr{it speaks of /dev/fd/9}],
        'nothing, with a status' => ['exit 3', qr/did not check 2 .*ended with status 3/],
        'killed' => ['kill -9 $$', qr/ended with status 137/],
        'too much' => ['yes', qr/said too much/, 1],
    );
    for my $what (sort keys %misbehave) {
        my ($script, $words, $endless) = @{$misbehave{$what}};
        stand_in($endless ? 'head -c 20000000 /dev/zero | tr "\\0" x' : $script);
        my ($got, $err) = lint($one);
        ok($got eq '' && $err =~ $words && $err !~ /\n./, "a reply: $what", $got, $err);
    }
    my ($got, $err) = lint($one, '-q');
    ok($err eq '', 'quiet: nothing is said of it', $err);

    # each text once, large ones alone; no environment, no descriptors of ours
    stand_in("echo \"\$# \$(env | cut -d= -f1 | sort | tr '\\n' ' ')\" >>'$tmp/log'; echo '{\"comments\":[]}'");
    lint("FROM a\n" . "RUN same\n" x 50);
    ok(slurp('log') =~ /^4 (LC_ALL )?(OLDPWD |PATH |PWD |LC_ALL )*$/, 'the same script is checked once, without our environment', slurp('log'));
    unlink 'log';
    lint("FROM a\nRUN one\nRUN two\nRUN " . 'a' x 40_000 . "\nRUN three\n");
    ok(join(',', sort map { /^(\d+)/ } split /\n/, slurp('log')) eq '4,4,5', 'a large one is alone in its process', slurp('log'));
    unlink 'log';
    lint("FROM a\nRUN [\"a\"]\n");
    ok(!-e 'log', 'where there is no script nothing is run');

    # somebody writes the file while shellcheck runs
    stand_in("echo '# mine' >>'$tmp/Dockerfile'; echo '{\"comments\":[]}'");
    lint("FROM a\nrun echo a\n", '--fix');
    ok(slurp('Dockerfile') =~ /RUN echo a\n# mine\n\z/, 'what is written meanwhile is not lost', slurp('Dockerfile'));

    # a child of it goes on and holds its standard output
    stand_in("sleep 20 & echo \$! >'$tmp/pid'; echo '{\"comments\":[]}'");
    my $began = time;
    ($got, $err) = lint($one);
    ok($err eq '' && time - $began < 5, 'what it leaves running is not waited for', $err, time - $began);
    kill 'KILL', slurp('pid') + 0;

    # ended from outside
    stand_in("echo \$\$ >'$tmp/pid'; exec sleep 100");
    for my $signal ('TERM', 'INT', 'HUP') {
        unlink 'pid';
        put('Dockerfile', $one);
        my $pid = fork // die $!;
        if (!$pid) {
            open STDOUT, '>', '/dev/null';
            exec $shuck, 'lint', 'Dockerfile' or die $!;
        }
        for (1 .. 300) { last if slurp('pid') =~ /\n/; sleep 0.02 }
        kill $signal, $pid;
        waitpid $pid, 0;
        my $status = $? & 127;
        my $child = slurp('pid') + 0;
        ok($status && $child && !kill(0, $child), "SIG$signal ends both", "status $status");
    }
    my $from = time;
    ($got, $err) = lint($one);
    ok($err =~ /did not end within 30 seconds/ && time - $from < 50 && !kill(0, slurp('pid') + 0), 'one that never ends is ended', $err);
}

sub absent {
    local $ENV{PATH} = "$tmp/empty";
    return if -x '/usr/bin/shellcheck' || -x '/usr/local/bin/shellcheck'; # found there whatever PATH says
    my (undef, $err) = lint("FROM a\nRUN echo \$A\nRUN b\n");
    ok($err =~ /^shuck: shellcheck is not installed[^\n]*\n\z/, 'without it this is said once', $err);
    (undef, $err) = lint("FROM a\nRUN echo \$A\n", '--no-shellcheck');
    ok($err eq '', 'and not when it is not wanted', $err);
}

real_ones();
stand_ins();
absent();
ok(!(() = glob "$tmp/temporary/*"), 'nothing is left in the folder for temporary files');
print "1..$n\n";
exit($bad ? 1 : 0);
