#!/usr/bin/perl
# Images that must be refused: each row is what makes it, the exit status, and the words it is refused
# with. Whatever the input: nothing is written, nothing is left, no control character reaches the
# terminal, memory stays bounded, and it ends.
use strict;
use warnings;
use Encode 'decode';
use File::Temp 'tempdir';
use IO::Compress::Gzip 'gzip';
use lib 'tests/lib';
use Hostile;

my $shuck = $ENV{SHUCK} // './build/shuck';
my $asan = ($ENV{BUILD} // '') =~ /asan/;
my $tmp = tempdir(CLEANUP => 1);
mkdir "$tmp/work";
$ENV{TMPDIR} = "$tmp/work";
$ENV{LC_ALL} = 'C.UTF-8';

my ($made, $n, $bad) = (0, 0, 0);
sub new { "$tmp/image-" . ++$made }
sub ok { my ($good, $what, @more) = @_; $bad ||= !$good; printf "%sok %d - %s\n", $good ? '' : 'not ', ++$n, $what; $good or print map { "# $_\n" } map { split /\n/ } @more; }

# ---- makers: each returns the name of an image ----

sub image { my @layers = @_; return sub { oci(new(), layers => \@layers) } }
sub with { my %o = @_; return sub { oci(new(), layers => [layer(entry('a', data => 'x'))], %o) } }
sub entries { return image(layer(@_)) }
sub zipped { my ($bytes, $zip) = @_; gzip(\$bytes, \$zip); return $zip }
sub gzipped { my ($stored, $plain) = @_;
    return with(layers => [$stored], media => 'application/vnd.oci.image.layer.v1.tar+gzip',
        $plain ? (diff_ids => ['sha256:' . Digest::SHA::sha256_hex($plain)]) : ()) }
sub file { my @bytes = @_; return sub { put(new(), @bytes) } }
sub edit { my $code = shift; return with(manifest => $code) }

my $good = layer(entry('etc/'), entry('etc/passwd', data => "root:x:0:0::/:/bin/sh\n"));
my $cut = substr($good, 0, 1000);
my $manifest = 'application/vnd.oci.image.manifest.v1+json';
my $deep = ('{"a":' x 100) . '1' . ('}' x 100);

my @audit = (
    # what it is, what makes it, exit status, words
    ['a path that climbs out', entries(entry('../x')), 3, qr/layer 0: entry 0 "\.\.\/x".*"\.\."/],
    ['a path that climbs out further in', entries(entry('a/'), entry('a/../../x')), 3, qr/layer 0: entry 1 "a\/..\/..\/x".*"\.\."/],
    ['a hard link that climbs out', entries(entry('x', type => '1', link => '../../etc/passwd')), 3, qr/layer 0: entry 0 "x".*hard link.*"\.\."/],
    ['a hard link to nothing', entries(entry('x', type => '1', link => 'etc/shadow')), 3, qr/layer 0.*"x".*etc\/shadow/],
    ['a name that is too long', entries(entry('n' x 300)), 3, qr/layer 0: entry 0 "n+".*255/],
    ['a path that is too deep', entries(entry('a/' x 1000 . 'x')), 3, qr/layer 0: entry 0 "a\/.*512 folders deep/],
    ['a path that is too long', entries(entry(join '/', ('n' x 200) x 30)), 3, qr/layer 0: entry 0.*4095 bytes/],
    ['a root that is no folder', entries(entry('./', type => '2', link => '/etc')), 3, qr/layer 0: entry 0.*root/],
    ['a file that claims more than it has', entries(entry('x', size => 1 << 20)), 3, qr/layer 0.*[Tt]runcated/],
    ['a file that claims eight exbibytes', entries(entry('x', size => (1 << 62))), 3, qr/layer 0/],
    ['holes that claim much', image(layer(pax('GNU.sparse.major' => 1, 'GNU.sparse.minor' => 0, 'GNU.sparse.name' => 'x', 'GNU.sparse.realsize' => 20 << 30),
        entry('x', data => "1\n0\n0\n" . "\0" x 506))), 3, qr/layer 0: entry 0 "x".*bomb/],
    ['headers without end', entries(map { pax(comment => 'x' x 1000000) } 1 .. 9), 3, qr/layer 0: entry 0 has more than 4 MiB of headers/],
    ['a user id Linux cannot have', entries(pax(uid => 1 << 40), entry('x')), 3, qr/layer 0: entry 0 "x".*user id/],
    ['attributes without end', entries(pax(map { ("SCHILY.xattr.user.$_" => 'v') } 1 .. 200), entry('x')), 3, qr/layer 0: entry 0 "x".*128/],
    ['a layer that is cut off', image($cut), 3, qr/layer 0.*([Tt]runcated|damaged)/],
    ['a layer that is no tar', image('no tar ' x 1000), 3, qr/layer 0: .*[Uu]nrecognized/],
    ['data behind the end', image($good . 'secret' x 2000), 3, qr/layer 0: data follows/],
    ['gzip that is cut off', gzipped(substr(zipped($good), 0, 60), $good), 3, qr/layer 0.*ends early/],
    ['gzip with garbage behind', gzipped(zipped($good) . 'garbage', $good), 3, qr/layer 0: gzip data ends early/],
    ['a bomb', gzipped(zipped("\0" x (300 << 20)), ''), 3, qr/layer 0.*bomb/],
    ['zstd that is none', with(layers => ["\x28\xb5\x2f\xfd" . 'x' x 99], media => 'application/vnd.oci.image.layer.v1.tar+zstd', diff_ids => ['sha256:' . '1' x 64]), 3, qr/layer 0/],
    ['another layer than the config promises', with(diff_ids => ['sha256:' . '1' x 64]), 3, qr/layer 0: diff id is sha256:.*not the promised sha256:1111/],
    ['a diff id of zeros', with(diff_ids => ['sha256:' . '0' x 64]), 3, qr/diff id 0: digest has only zeros/],
    ['fewer diff ids than layers', with(diff_ids => []), 3, qr/1 layers but 0 diff ids/],
    ['a diff id that is none', with(diff_ids => ['sha256:..']), 3, qr/digest/],
    ['no config', with(config => ''), 3, qr/config/],
    ['a config that is no object', with(config => '[]'), 3, qr/config/],
    ['a config with a key twice', with(config => '{"os":"linux","os":"plan9","architecture":"amd64"}'), 3, qr/config.*duplicate/],
    ['a config that is deep', with(config => $deep), 3, qr/config.*(deep|nest)/],
    ['a config in broken UTF-8', with(config => "{\"os\":\"\xff\xfe\"}"), 3, qr/config: line 1 column 7: unable to decode byte 0xff/],
    ['a config with a lone surrogate', with(config => '{"os":"\ud800"}'), 3, qr/config/],
    ['an environment of ten thousand and one', with(config => {Env => [map { "A$_=1" } 0 .. 10000]}), 3, qr/config.*10000/],
    ['an entrypoint that is a number', with(config => {Entrypoint => 7}), 3, qr/config.*Entrypoint/],
    ['a user that is a list', with(config => {User => []}), 3, qr/config.*User/],
    ['a NUL in the entrypoint', with(config => {Entrypoint => ["a\0b"]}), 3, qr/config|Entrypoint/],
    ['a config of another digest', edit(sub { $_[0]{config}{digest} = 'sha256:' . '1' x 64 }), 3, qr/config|blobs/],
    ['a digest that climbs out', edit(sub { $_[0]{config}{digest} = 'sha256:../../../../etc/passwd' }), 3, qr/digest/],
    ['a layer of another size', edit(sub { $_[0]{layers}[0]{size}++ }), 3, qr/layer 0.*\d+ bytes/],
    ['a layer of negative size', edit(sub { $_[0]{layers}[0]{size} = -1 }), 3, qr/size/],
    ['a layer of unknown kind', edit(sub { $_[0]{layers}[0]{mediaType} = 'text/plain' }), 3, qr/layer 0.*text\/plain/],
    ['a layer that is encrypted', edit(sub { $_[0]{layers}[0]{mediaType} .= '+encrypted' }), 3, qr/layer 0.*encrypted/],
    ['more layers than can be', edit(sub { $_[0]{layers} = [($_[0]{layers}[0]) x 128] }), 3, qr/127 layers|128 layers/],
    ['no layers key', edit(sub { delete $_[0]{layers} }), 3, qr/layers/],
    ['a manifest of another version', edit(sub { $_[0]{schemaVersion} = 1 }), 3, qr/schema 1 manifest/],
    ['a manifest with a key twice', with(raw_manifest => '{"schemaVersion":2,"schemaVersion":2}'), 3, qr/manifest.*duplicate/],
    ['a manifest that is deep', with(raw_manifest => $deep), 3, qr/manifest.*(deep|nest)/],
    ['an index that is too large', with(raw_index => '"' . 'x' x (9 << 20) . '"'), 3, qr/index\.json has 9437186 bytes; at most 8388608/],
    ['an index that is no JSON', with(raw_index => "\xff\xfe"), 3, qr/index\.json/],
    ['an index of nothing', with(raw_index => '{"schemaVersion":2,"manifests":[]}'), 3, qr/no image|no manifest/i],
    ['an index that holds itself', with(raw_index => '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"sha256:' . '1' x 64 . '","size":9}]}'), 3, qr/1111/],
    ['an empty file', file(''), 3, qr/./],
    ['a text', file("hello\n" x 100), 3, qr/./],
    ['a folder that is not there', sub { "$tmp/none" }, 3, qr/no such file/],
    ['an archive of nothing', sub { archive(new()) }, 3, qr/./],
    ['an archive without manifest', sub { archive(new(), 'x' => 'y') }, 3, qr/manifest\.json|index\.json/],
    ['an archive that is cut off', sub { put(new(), substr(layer(entry('manifest.json', data => '[{"Config":"c","Layers":[]}]'), entry('c', data => '{}' . ' ' x 5000)), 0, 2500)) }, 3, qr/./],
    ['a docker-archive whose config is missing', sub { archive(new(), 'manifest.json' => '[{"Config":"c.json","RepoTags":null,"Layers":[]}]') }, 3, qr/c\.json/],
    ['a docker-archive whose layer is missing', sub { archive(new(), 'manifest.json' => '[{"Config":"c.json","Layers":["../../etc/passwd"]}]',
        'c.json' => '{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":["sha256:' . '1' x 64 . '"]}}') }, 3, qr/layer 0: its path has a "\.\."/],
    ['a docker-archive whose layer is a link out', sub { put(new(), layer(entry('manifest.json', data => '[{"Config":"c.json","Layers":["l.tar"]}]'),
        entry('c.json', data => '{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":["sha256:' . '1' x 64 . '"]}}'),
        entry('l.tar', link => '../../../../../../etc/passwd'))) }, 3, qr/l\.tar|etc\/passwd/],
    ['a docker-archive of links in a ring', sub { put(new(), layer(entry('manifest.json', data => '[{"Config":"c.json","Layers":["l.tar"]}]'),
        entry('c.json', data => '{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":["sha256:' . '1' x 64 . '"]}}'),
        entry('l.tar', link => 'm.tar'), entry('m.tar', link => 'l.tar'))) }, 3, qr/l\.tar|m\.tar/],
    ['names with escapes', entries(entry("\e[31m\r\n\x9b2J../evil", size => 1 << 20)), 3, qr/layer 0/],
);

# run(SECONDS, WORDS…): status, standard output, standard error
sub run {
    my ($seconds, @words) = @_;
    my $pid = fork;
    if (!$pid) {
        open STDOUT, '>', "$tmp/out"; open STDERR, '>', "$tmp/err"; open STDIN, '<', '/dev/null';
        exec 'timeout', $seconds, $asan ? () : ('sh', '-c', 'ulimit -v 700000; exec "$@"', 'sh'), $shuck, @words;
    }
    waitpid $pid, 0;
    my $status = $? & 127 ? "signal $?" : $? >> 8;
    local $/;
    return ($status, map { open my $f, '<:raw', $_; <$f> // '' } "$tmp/out", "$tmp/err");
}

sub left { opendir my $d, "$tmp/work"; return grep { !/^\.\.?$/ } readdir $d }

sub refused {
    my ($what, $status, $words, @command) = @_;
    my ($got, $out, $err) = run(60, @command);
    my @why;
    push @why, "status $got" if $got ne $status;
    push @why, "words" if $err !~ $words;
    push @why, "control characters" if decode('UTF-8', "$out$err") =~ /[^\n\P{Cntrl}]|\x{fffd}/;
    push @why, "several lines" if $status && ($err =~ tr/\n//) != 1;
    push @why, "output" if $status && length $out;
    push @why, 'left: ' . join ' ', left() if left();
    ok(!@why, "$what: $status", "@why", $err);
    print "# $err" if $ENV{SHOW};
}

refused($_->[0], $_->[2], $_->[3], 'audit', '--fail-on', 'never', $_->[1]->()) for @audit;
print "1..$n\n";
exit $bad;
