#!/usr/bin/perl
# Images that are allowed and mean ill: what they hold lies, is cut off, or is made to be slow. The audit and
# the SBOM end soon and well, in every format, and show no byte that commands a terminal.
use strict;
use warnings;
use Encode qw(decode FB_CROAK);
use File::Temp 'tempdir';
use IO::Compress::Gzip 'gzip';
use IO::Compress::Zip 'zip';
use JSON::PP;
use lib 'tests/lib';
use Hostile;

my $shuck = $ENV{SHUCK} // './build/shuck';
my $asan = ($ENV{BUILD} // '') =~ /asan/;
my $tmp = tempdir(CLEANUP => 1);
mkdir "$tmp/work";
$ENV{TMPDIR} = "$tmp/work";
$ENV{LC_ALL} = 'C.UTF-8';
my ($made, $n, $bad) = (0, 0, 0);
sub ok { my ($good, $what, @more) = @_; $bad ||= !$good; printf "%sok %d - %s\n", $good ? '' : 'not ', ++$n, $what; $good or print map { "# $_\n" } map { split /\n/ } @more; }

sub image { my @layers = @_; return oci("$tmp/image-" . ++$made, layers => \@layers) }
# a layer of gzip, for contents that are long and dull
sub zipped { my ($bytes) = @_; my $zip; gzip(\$bytes, \$zip); return oci("$tmp/image-" . ++$made, layers => [$zip],
    media => 'application/vnd.oci.image.layer.v1.tar+gzip', diff_ids => ['sha256:' . Digest::SHA::sha256_hex($bytes)]) }
sub file { my ($path, $data, %o) = @_; return entry($path, data => $data, %o) }

my $os = file('etc/os-release', "ID=debian\nVERSION_ID=12\n");
my $ugly = "usr/bin/a\nb\e[31m\e]0;title\a\x{c2}\x{9b}2J\xff\xfe\x{e2}\x{80}\x{ae}";
my $elf = "\x7fELF\2\1\1" . "\0" x 9;
my $half = pack 'v v V Q< Q< Q< V v6', 2, 62, 1, 0x400000, 64, 0, 0, 64, 56, 0xffff, 64, 0xffff, 0xffff;
# an archive in an archive, so many times
sub nested {
    my ($times, $name) = @_;
    my $inner = 'x';
    for (1 .. $times) { my $zip; zip(\$inner, \$zip, Name => $name // 'lib/a.jar'); $inner = $zip }
    return $inner;
}
# a program of one section of that name
sub program {
    my ($name, $data) = @_;
    my $names = "\0.shstrtab\0$name\0";
    my $section = sub { pack 'V V Q< Q< Q< Q< V V Q< Q<', $_[0], $_[1], 0, 0, $_[2], $_[3], 0, 0, 1, 0 };
    my $at = 64 + length($data);
    my $heads = $section->(0, 0, 0, 0) . $section->(1, 3, $at, length $names) . $section->(11, 1, 64, length $data);
    return $elf . pack('v v V Q< Q< Q< V v6', 2, 62, 1, 0, 0, $at + length $names, 0, 64, 56, 0, 64, 3, 1) . $data . $names . $heads;
}
my $go = "\xff Go buildinf:\x08";
my @programs = (
    ['.go.buildinfo', $go], ['.go.buildinfo', "$go\2" . "\0" x 16 . "\xff" x 40], ['.go.buildinfo', "$go\0" . "\xff" x 16],
    ['.go.buildinfo', "$go\2" . "\0" x 16 . "\x06go1.22\xff\xff\xff\xff\x0f"],
    ['.go.buildinfo', "$go\2" . "\0" x 16 . "\x06go1.22\x60" . 'x' x 16 . "dep\ta\e[31m\xff\tv1\n=>\tb\t" . 'y' x 40 . "\n" . 'z' x 16],
    ['.dep-v0', 'x' x 100], ['.dep-v0', do { my $z; require IO::Compress::Deflate; IO::Compress::Deflate::deflate(\(my $plain = ' ' x 100000000), \$z); $z }],
);
my @lies = (
    # what it is, files
    ['a dpkg database that is cut off', file('var/lib/dpkg/status', "Package: bash\nStatus: install ok insta")],
    ['a dpkg database of one endless field', file('var/lib/dpkg/status', 'Package: ' . 'x' x 5000000)],
    ['a dpkg database without names', file('var/lib/dpkg/status', "Version: 1\nStatus: install ok installed\n\n" x 10000)],
    ['one name ten thousand times', file('var/lib/dpkg/status', "Package: a\nVersion: 1\nStatus: install ok installed\n\n" x 10000)],
    ['seventy thousand packages', file('var/lib/dpkg/status', join '', map { "Package: p$_\nVersion: 1\nStatus: install ok installed\nDepends: p" . ($_ + 1) . "\n\n" } 1 .. 70000)],
    ['packages that depend in a ring', file('var/lib/dpkg/status', join '', map { "Package: p$_\nVersion: 1\nStatus: install ok installed\nDepends: p" . (($_ + 1) % 2000) . ", p" . (($_ * 7) % 2000) . "\n\n" } 0 .. 1999)],
    ['a file list that climbs out', file('var/lib/dpkg/status', "Package: a\nVersion: 1\nStatus: install ok installed\n\n"), file('var/lib/dpkg/info/a.list', "/../../etc/passwd\n//\n\n/" . 'a/' x 3000 . "\n")],
    ['sums that are none', file('var/lib/dpkg/status', "Package: a\nVersion: 1\nStatus: install ok installed\n\n"), file('var/lib/dpkg/info/a.md5sums', "zz  etc/os-release\n0123\n" . '0' x 32 . "\n" . '0' x 32 . "  ../x\n")],
    ['an apk database of noise', file('lib/apk/db/installed', join '', map { chr($_ * 7919 % 256) } 1 .. 100000)],
    ['an apk database that is cut off', file('lib/apk/db/installed', "P:musl\nV:1.2\nF:lib\nR:ld-mu")],
    ['an rpm database that is none', file('var/lib/rpm/rpmdb.sqlite', "SQLite format 3\0" . "\xff" x 4080)],
    ['an rpm database of absurd counts', file('var/lib/rpm/Packages.db', "RpmP\0\0\0\0" . "\xff" x 4088)],
    ['accounts without end', file('etc/passwd', join '', map { "u$_:x:$_:${_}::/:/bin/sh\n" } 1 .. 100000), file('etc/group', "g:x:0:" . join(',', map { "u$_" } 1 .. 100000) . "\n")],
    ['a passwd of colons', file('etc/passwd', ':' x 1000000), file('etc/shadow', '::' x 100000)],
    ['ELF: nothing after its name', file('bin/a', $elf, mode => 0755)],
    ['ELF: headers that point behind its end', file('bin/a', $elf . $half, mode => 04755)],
    ['ELF: headers full of ones', file('bin/a', $elf . "\xff" x 4096, mode => 0755)],
    ['ELF: of another byte order, with 32 bits', file('bin/a', "\x7fELF\1\2\1" . "\0" x 9 . "\xff" x 500, mode => 0755)],
    ['a script with an endless first line', file('bin/a', '#!' . '/' x 300000, mode => 0755)],
    ['libraries of noise', file('srv/node_modules/a/package.json', '{"name":' x 5000), file('srv/x.dist-info/METADATA', "Name: \n" x 100000), file('srv/a.deps.json', "\xff\xfe{"), file('opt/composer/installed.json', '[' x 100000)],
    ['a JSON with a key twice', file('srv/node_modules/a/package.json', '{"name":"a","name":"b","version":"1"}')],
    ['a jar that is none', file('srv/a.jar', "PK\3\4" . "\xff" x 2000), file('srv/b.jar', "PK\5\6" . "\xff" x 18)],
    ['jars in jars, forty deep', file('srv/a.jar', nested(40))],
    ['a jar in which each name commands a terminal', file('srv/b.jar', nested(3, "a\e[31m\n\x9b.jar"))],
    ['programs whose module lists lie', map { file("bin/$_", program(@{$programs[$_]}), mode => 0755) } 0 .. $#programs],
    ['libraries whose names command a terminal', file('srv/node_modules/a/package.json', '{"name":"a\u001b[31m\u202e\n","version":"\u0007","license":"\u009b2J"}'),
        file('srv/x.dist-info/METADATA', "Name: a\e[2J\xff\nVersion: \x9b\nLicense: \e]0;x\a\n"), file("srv/\e[1m\n\xff.egg-info", "Name: y\nVersion: 1\n"),
        file('srv/specifications/a.gemspec', qq(s.name = "\e[31m"\ns.version = "\x80"\n))],
    ['names that command a terminal', file($ugly, '#!/bin/sh', mode => 04755), entry("$ugly-2/"), entry("$ugly-3", link => "\e[2J\n"), file("$ugly.pem", "-----BEGIN PRIVATE KEY-----\n")],
    ['packages whose names command a terminal', file('var/lib/dpkg/status', "Package: a\e[31m\x{9b}\nVersion: 1\a\nStatus: install ok installed\nArchitecture: \xff\n\n"), file('etc/passwd', "r\e[2J\xff::0:0::/:/bin/sh\nx::0:0::/:\n")],
    ['a system whose name commands a terminal', file('etc/os-release', "ID=\"\e[31m\xff\"\nPRETTY_NAME=\"\e]0;x\a\"\nVERSION_ID=\x80\n")],
    ['only whiteouts', entry('etc/.wh.passwd'), entry('.wh.usr'), entry('var/.wh..wh..opq'), entry('.wh..wh..opq')],
    ['a hundred thousand findings', map { file("srv/f$_", 'x', mode => 06777) } 1 .. 30000],
    ['keys one beside the other', file('srv/keys', join '', map { sprintf "AKIA%016X\n", $_ * 7919 } 1 .. 20000)],
    ['matches that begin and do not end', file('srv/x', '-----BEGIN RSA PRIVATE KEY-----' x 50000)],
);

sub run { my ($seconds, @words) = @_; return shuck($seconds, 'audit', '--no-cache', '--fail-on', 'never', @words) }
sub shuck {
    my ($seconds, @words) = @_;
    my $pid = fork;
    if (!$pid) {
        open STDOUT, '>', "$tmp/out"; open STDERR, '>', "$tmp/err"; open STDIN, '<', '/dev/null';
        exec 'timeout', $seconds, $asan ? () : ('sh', '-c', 'ulimit -v 900000; exec "$@"', 'sh'), $shuck, @words;
    }
    waitpid $pid, 0;
    my $status = $? & 127 ? "signal $?" : $? >> 8;
    local $/;
    return ($status, map { open my $f, '<:raw', $_; <$f> // '' } "$tmp/out", "$tmp/err");
}

my %formats = (table => ['--all'], json => ['--format', 'json']);
$formats{$_} = ['--format', $_] for grep { `$shuck audit --help` =~ /--format.*\b$_\b|\b$_\b.*\|/ } qw(sarif junit html);
sub survives {
    my ($what, $image, $seconds) = @_;
    my @why;
    for my $format (sort keys %formats) {
        my ($status, $out, $err) = run($seconds, @{$formats{$format}}, $image);
        push @why, "$format: status $status: $err" if $status ne 0;
        my $text = eval { decode('UTF-8', my $copy = "$out$err", FB_CROAK) };
        push @why, "$format: no UTF-8" unless defined $text;
        push @why, "$format: control characters" if ($text // '') =~ /[^\n\P{Cntrl}]|\x{202e}/;
        push @why, "$format: no JSON: $@" if $format =~ /json|sarif/ && !eval { decode_json($out) };
    }
    for my $format (qw(cyclonedx spdx)) {
        my ($status, $out, $err) = shuck($seconds, 'sbom', '--no-cache', '--format', $format, $image);
        push @why, "$format: status $status: $err" if $status ne 0;
        my $text = eval { decode('UTF-8', my $copy = "$out$err", FB_CROAK) };
        push @why, "$format: no UTF-8" unless defined $text;
        push @why, "$format: control characters" if ($text // '') =~ /[^\n\P{Cntrl}]|\x{202e}/;
        push @why, "$format: no JSON" if system 'jq', 'empty', "$tmp/out"; # soon, of documents of many megabytes
    }
    opendir my $d, "$tmp/work";
    push @why, 'left something' if grep { !/^\.\.?$/ } readdir $d;
    ok(!@why, $what, @why);
}

for (@lies) { my ($what, @files) = @$_; survives($what, image(layer($what =~ /system/ ? () : $os, @files)), 60) }
survives('a lie in each of a hundred layers', image(map { layer(file("etc/f$_", 'x'), file('var/lib/dpkg/status', "Package: p$_\nVersion: 1\nStatus: install ok installed\n\n")) } 1 .. 100), 60);
survives('a layer of only whiteouts over one of files', image(layer($os, map { file("a/f$_", 'x') } 1 .. 100), layer((map { entry("a/.wh.f$_") } 1 .. 100), entry('.wh.etc'))), 60);
my $large = zipped(layer($os, map { file($_, '{"name":"' . ' ' x 60000000) } 'srv/node_modules/a/package.json', 'srv/a.deps.json', 'srv/vendor/composer/installed.json'));
survives('JSON of 180 MB, zipped', $large, 60);
my (undef, undef, $said) = run(60, $large);
ok($said =~ m{\Q/$_\E is too large to be read; its packages are not known}, "and it is said of $_", $said) for 'srv/node_modules/a/package.json', 'srv/a.deps.json', 'srv/vendor/composer/installed.json';
my $dense = file('srv/a.deps.json', '{"libraries":[' . '{},' x 2700000 . '{}]}');
survives('JSON of nothing but brackets, in each of ten layers', image(map { layer($dense) } 1 .. 10), 60);
survives('thousands of archives that are none', image(layer($os, map { file("srv/$_.jar", 'PK') } 1 .. 3000)), 60);
# what nobody looked into is no reason to pass without a word
my $damaged = file('srv/a.jar', "PK\3\4" . "\xff" x 2000);
for (['1 archive', image(layer($os, $damaged))], ['2 archives', image(layer($os, $damaged, file('srv/b.jar', "PK\3\4" . "\xff" x 2000)), layer(entry('srv/.wh.b.jar')))]) {
    my (undef, $out) = run(60, '--all', $_->[1]);
    ok($out =~ /^ +✓ 4\.10 .*; $_->[0] not searched whole, see the notes$/m && $out =~ m{^note: /srv/a\.jar is an archive}m, "not searched: $_->[0]", $out);
}
(undef, my $clean) = run(60, '--all', image(layer($os)));
ok($clean =~ /^ +✓ 4\.10 .*of 1 layer$/m, 'not searched: none', $clean);
# a tar may hold a path twice, and whoever reads the layer has both
my $token = file('srv/keys', 'AKIA' . "Q3EGZQX2RJ4XWH7B\n");
for (['an entry', file('srv/keys', "x\n")], ['a link', entry('srv/keys', link => 'x')]) {
    my (undef, $out) = run(60, '--all', image(layer($os, $token, $_->[1])));
    ok($out =~ m{layer 0 /srv/keys  AWS access key id in line 1: AKIA…; layer 0 hides it, but does not remove it}, "replaced by $_->[0] of its own layer", $out);
}
survives('names of one folder by the hundred thousand', zipped(layer(map { entry("d/" . ('n' x ($_ % 200)) . $_) } 1 .. 200000)), 120);
print "1..$n\n";
exit $bad;
