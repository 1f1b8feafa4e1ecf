#!/usr/bin/perl
# A registry that behaves in all ways (tests/lib/registry.pl), asked by `shuck lint --pin registry`: what is
# taken from it, what is refused, what it is told, and that it always ends.
use strict;
use warnings;
use Cwd qw(abs_path);
use Digest::SHA qw(sha256_hex);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use MIME::Base64;
use Time::HiRes qw(time sleep);

chdir(dirname(abs_path($0)) . '/..') or die $!;
my $shuck = abs_path($ENV{SHUCK} // ($ENV{BUILD} // 'build') . '/shuck');
my $asan = ($ENV{BUILD} // '') =~ /asan/;
my $tmp = tempdir('shuck-registry-XXXXXX', TMPDIR => 1, CLEANUP => 1);
mkdir "$tmp/$_" for qw(registry home docker run run/containers bin);
%ENV = (PATH => "$tmp/bin:$ENV{PATH}", HOME => "$tmp/home", LC_ALL => 'C.UTF-8');
my ($n, $bad) = (0, 0);
sub ok { my ($good, $what, @more) = @_; $bad ||= !$good; printf "%sok %d - %s\n", $good ? '' : 'not ', ++$n, $what; $good or print map { "# $_\n" } map { substr $_, 0, 400 } map { split /\n/ } @more; return $good }
sub put { my ($path, @bytes) = @_; open my $out, '>:raw', $path or die "$path: $!"; print $out @bytes; close $out or die $!; return $path }
sub slurp { my ($path) = @_; open my $in, '<:raw', $path or return ''; local $/; return <$in> // '' }

my $server = fork // die $!;
if (!$server) { exec 'perl', 'tests/lib/registry.pl', "$tmp/registry" or die $! }
END { my $status = $?; kill 'TERM', $server if $server; $? = $status }
for (1 .. 100) { last if -e "$tmp/registry/port"; sleep 0.1 }
my $port = slurp("$tmp/registry/port") or die 'the registry does not start';
my $here = "127.0.0.1:$port";
my %digest = map { $_ => 'sha256:' . sha256_hex(slurp("$tmp/registry/$_")) } qw(index single config);
sub asked { my $log = slurp("$tmp/registry/log"); unlink "$tmp/registry/log"; return $log }

# The Dockerfile after repair, what was said, the status and the seconds it took.
my $serial = 0;
sub start {
    my ($text, @words) = @_;
    my $base = "$tmp/case" . ++$serial;
    put($base, $text);
    my $pid = fork // die $!;
    if (!$pid) {
        open STDOUT, '>', "$base.out" or die $!;
        open STDERR, '>', "$base.err" or die $!;
        my $limits = $asan ? '' : 'ulimit -v 1000000; ';
        exec 'timeout', '-s', 'KILL', '100', 'sh', '-c', "${limits}exec \"\$@\"", 'sh', $shuck, 'lint', '--no-shellcheck', '--only', 'SHUCK-UNPINNED-BASE,InvalidBaseImagePlatform', '--pin', 'registry', @words, $base or die $!;
    }
    return [$pid, $base, time];
}
sub finish { my ($pid, $base, $since) = @{$_[0]}; waitpid $pid, 0; my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8; return (slurp($base), slurp("$base.err"), $status, time - $since, slurp("$base.out")) }
sub fix { my ($image, @words) = @_; return finish(start("FROM $image\n", '--fix', '--unsafe', @words)) }
sub plain { $_[0] !~ /[\x00-\x09\x0b-\x1f\x7f]/ }

# pinned NAME KIND WHAT
sub pinned {
    my ($name, $kind, $what) = @_;
    my ($file, $said, $status) = fix("$here/$name");
    return ok($file eq "FROM $here/$name\@$digest{$kind}\n" && $status == 0, "$what is pinned", $file, $said, "status $status", slurp("$tmp/registry/log"));
}
# left NAME WORDS WHAT: nothing is changed, it is said why, and the status is the finding's
sub left {
    my ($name, $words, $what) = @_;
    my ($file, $said, $status, $took) = fix("$here/$name");
    return ok($file eq "FROM $here/$name\n" && $said =~ /nobody knows the digest of \Q$here\/$name\E: .*\Q$words\E/ && $said =~ tr/\n// == 2 && $status == 1 && plain($said) && $took < 20,
        "left: $what: $words", $file, $said, "status $status, $took s");
}

# ---- what is asked ----

asked();
pinned('good/index:v1', 'index', 'an index');
ok(asked() eq "HEAD /v2/good/index/manifests/v1 \nGET /v2/good/index/manifests/$digest{index} \n", 'it is asked for the tag, then for the digest', slurp("$tmp/registry/log"));
pinned('good/index', 'index', 'an image without a tag');
asked();
my ($file, $said, $status) = fix("$here/good/single:v1");
ok($file eq "FROM $here/good/single:v1\@$digest{single}\n" && $said =~ /is of one platform's image; \Q$here\E has no index of it/, 'one without an index is pinned, and it is said', $file, $said);
ok(asked() !~ /blobs/, 'its config is not asked for');
($file, $said, $status) = finish(start("FROM $here/good/index:v1 AS a\nCOPY --from=$here/good/index:v1 / /\nFROM $here/good/index:v1\n", '--fix', '--unsafe'));
ok($status == 0 && 3 == (() = $file =~ /\@$digest{index}/g) && 2 == (() = asked() =~ /^/mg), 'a name is asked for once', $file, $said);
my @fixed = finish(start($file, '--fix', '--unsafe'));
ok($fixed[0] eq $file && $fixed[2] == 0 && asked() eq '', 'doing it again changes nothing and asks nobody', @fixed);
my @shown = finish(start("FROM $here/good/index:v1\n"));
ok($shown[0] eq "FROM $here/good/index:v1\n" && $shown[2] == 1 && $shown[4] =~ /adds the digest that \Q$here\E has for it/, 'without --fix it is offered', @shown);
@shown = finish(start("FROM $here/good/index:v1\n", '--fix'));
ok($shown[0] eq "FROM $here/good/index:v1\n" && $shown[2] == 1, 'without --unsafe it is left', @shown);
asked();

# ---- platforms ----

sub platform { my ($platform, $name) = @_; return finish(start("FROM --platform=$platform $here/$name\n", '-f', 'gnu')) }
for my $row (['linux/arm64', 'good/index:v1', ''], ['linux/s390x', 'good/index:v1', 'linux/amd64, linux/arm64'], ['linux/s390x', 'good/single:v1', ''], ['linux/amd64', 'good/single:v1', 'linux/s390x'], ['linux/amd64', 'good/movedsingle:v1', 'linux/s390x']) {
    my ($platform, $name, $has) = @$row;
    my ($file, $said, $status, $took, $out) = platform($platform, $name);
    ok($has eq '' ? $out !~ /InvalidBaseImagePlatform/ : $out =~ /InvalidBaseImagePlatform.*is for \Q$has\E, as \Q$here\E has it, and \Q$platform\E is asked for/, "$platform of $name: " . ($has || 'fine'), $out, $said);
}
($file, $said) = platform('linux/amd64', 'good/wrongblobsingle:v1');
ok($said =~ /sends what is sha256:\w+ and calls it $digest{config}/, 'a config of another digest', $said);
asked();

# ---- a login ----

sub login { my ($file, $json) = @_; unlink "$tmp/docker/config.json", "$tmp/run/containers/auth.json"; put("$tmp/$file", $json) if $file }
my $me = encode_base64('me:secret', '');
$ENV{DOCKER_CONFIG} = "$tmp/docker";
$ENV{XDG_RUNTIME_DIR} = "$tmp/run";
login();
pinned('bearer/public:v1', 'index', 'with an anonymous token');
ok((my $log = asked()) =~ m{^GET /token\?service=our%20registry&scope=repository%3Abearer%2Fpublic%3Apull $}m, 'a token is asked for this repository, to pull', slurp("$tmp/registry/log"));
left('bearer/private:v1', 'has no such image, or asks for a login: docker login ' . $here, 'a private image');
left('basic/private:v1', 'docker login', 'Basic without a login');
login('docker/config.json', qq({"auths":{"$here":{"auth":"$me"}}}));
asked();
pinned('bearer/private:v1', 'index', 'a login of config.json is exchanged for a token, which');
$log = asked();
ok($log =~ m{^GET /token\S+ Basic $me$}m && $log !~ m{^\w+ /v2/\S+ Basic}m, 'and is not sent elsewhere', $log);
pinned('basic/private:v1', 'index', 'with Basic');
asked();
left('other/private:v1', "localhost:$port gives out the tokens of $here, and is no host of the same name: it is not sent your login", 'a token server elsewhere');
ok(asked() !~ /token\S* Basic/, 'is not sent the login');
pinned('other/public:v1', 'index', 'but one without');
asked();
pinned('away/index:v1', 'index', 'a redirect to another host');
$log = asked();
ok($log =~ m{/v2/good/elsewhere/manifests/} && $log !~ m{/elsewhere/\S+ \S}, 'is not sent the login', $log);
login('run/containers/auth.json', qq({"auths":{"127.0.0.1:$port/basic":{"auth":"$me"}}}));
pinned('basic/private:v1', 'index', 'with a login of auth.json');
login('docker/config.json', '{"credsStore":"test"}');
put("$tmp/bin/docker-credential-test", qq(#!/bin/sh\n[ "\$1" = get ] && [ "\$(cat)" = $here ] && echo '{"ServerURL":"x","Username":"me","Secret":"secret"}'\n));
chmod 0755, "$tmp/bin/docker-credential-test";
pinned('basic/private:v1', 'index', 'with a login of a helper');
login('docker/config.json', qq({"credHelpers":{"$here":"absent"}}));
left('basic/private:v1', 'docker-credential-absent is not installed', 'a helper that is not there');
login('docker/config.json', '{"credsStore":"test"}');
put("$tmp/bin/docker-credential-test", "#!/bin/sh\necho >> $tmp/helper-runs; exit 3\n");
my (undef, $twice) = finish(start("FROM $here/basic/private:v1 AS a\nFROM $here/basic/private:v2\n", '--fix', '--unsafe'));
ok((() = $twice =~ /get ends with status 3/g) == 2 && slurp("$tmp/helper-runs") eq "\n", 'a helper that fails is run once for all images of its host', $twice);
login('docker/config.json', '{"credsStore":"test"}');
put("$tmp/bin/docker-credential-test", "#!/bin/sh\nexec yes\n");
left('basic/private:v1', 'it said too much', 'a helper without an end');
put("$tmp/bin/docker-credential-test", qq(#!/bin/sh\necho credentials not found in native keychain; exit 1\n));
login('docker/config.json', qq({"credsStore":"test","auths":{"$here":{"auth":"$me"}}}));
pinned('basic/private:v1', 'index', 'where a helper knows none, with the one beside it');
login('docker/config.json', qq({"auths":{"$here":{"identitytoken":"an-identity"}}}));
pinned('bearer/private:v1', 'index', 'an identity token is exchanged, which');
login('docker/config.json', qq({"auths":{"$here":{"auth":"c2VjcmV0"}}}));
left('basic/private:v1', "the login for $here: $tmp/docker/config.json: the entry of $here: \"auth\" of it is not USER:PASSWORD", 'a login that cannot be read');
pinned('good/index:v1', 'index', 'of which no one who asks for none hears, and it');
login();
put("$tmp/home/.netrc", "machine 127.0.0.1 login me password secret\n");
left('basic/private:v1', 'docker login', '.netrc is not looked at');

# ---- what is not taken: nobody is believed, and everything ends ----

my @slow = map { start("FROM $here/$_\n", '--fix', '--unsafe') } 'slow/index:v1';
for my $row (
    ['absent/index:v1', 'has no such image', 'no such tag'],
    ['good/index:v2', 'has no such image', 'another'],
    ['denied/index:v1', 'docker login', '403'],
    ['negotiate/index:v1', 'asks for a login of a kind that is not known: "Negotiate"', 'another login'],
    ['nochallenge/index:v1', 'asks for a login of a kind that is not known: ""', 'no challenge'],
    ['teapot/index:v1', 'answers with status 418', 'another status'],
    ['broken/index:v1', 'answers with status 500, Retry-After 0: try again later', 'always 500'],
    ['toobusy/index:v1', 'answers with status 429, too many requests, Retry-After 3600: try again later', 'too long a wait'],
    ['html/index:v1', 'sends "text/html", which is no manifest', 'no manifest'],
    ['schema1/index:v1', 'which is no manifest', 'an old one'],
    ['nojson/index:v1', 'its manifest: line 1', 'half a manifest'],
    ['liar/index:v1', "sends what is $digest{index} and calls it sha256:1111", 'lies in HEAD'],
    ['nohead/liar:v1', "sends what is $digest{index} and calls it sha256:1111", 'lies in GET'],
    ['md5/index:v1', 'its Docker-Content-Digest', 'another kind of digest'],
    ['endless/index:v1', 'is not listened to further: it sends more than there may be', 'an endless body'],
    ['large/index:v1', 'is not listened to further: it sends more than there may be', 'a body of 100 GB'],
    ['cut/index:v1', "asking $here", 'a body that is cut'],
    ['headers/index:v1', 'is not listened to further: its headers have no end', 'endless headers'],
    ['errorflood/index:v1', 'has no such image', 'an endless error'],
    ['circle/index:v1', 'leads round in circles: 5 redirects', 'redirects without end'],
    ['evil/index:v1', 'leads to http://169.254.169.254, where everybody can listen', 'a redirect into the network'],
    ['tofile/index:v1', 'a redirect: "file:///etc/passwd" is no address of http or https', 'a redirect to a file'],
    ['nowhere/index:v1', 'a redirect: "" is no address', 'a redirect to nowhere'],
    ['hangup/index:v1', "asking $here", 'no answer'],
    ['nonsense/index:v1', "asking $here", 'no HTTP'],
    ['inner/index:v1', 'its token server: ' . $here . ' leads to http://169.254.169.254', 'a token server in the network'],
    ['file/index:v1', 'its token server: "file:///etc/passwd" is no address of http', 'one that is a file'],
    ['user/index:v1', 'its token server: "http://me@', 'one with a user'],
    ['bad/index:v1', 'its token has bytes that no token has', 'a token with a line break'],
    ['empty/index:v1', 'it sends no token', 'no token'],
    ['endless/index:v1', 'is not listened to further', 'an endless token'],
) { left(@$row) }
pinned('busy/index:v1', 'index', 'who is busy is asked again, and it');
pinned('busytoken/index:v1', 'index', 'so is its token server, and it');
pinned('moved/index:v1', 'index', 'where a redirect leads, it');
pinned('nohead/index:v1', 'index', 'without HEAD it');
pinned('nodigest/index:v1', 'index', 'without Docker-Content-Digest it');

# ---- what is not asked ----

asked();
my @distrusted = fix("$here/good/index:v1", '--trusted-registry', '*.example.org');
ok($distrusted[0] !~ /\@/ && $distrusted[1] =~ /\Q$here\E is not among the trusted registries/ && asked() eq '', 'a registry that is not trusted', @distrusted);
@distrusted = fix("$here/good/index:v1", '--trusted-registry', '127.0.0.1*');
ok($distrusted[0] =~ /\@/, 'but one that is');

for my $name ("$here/Good/Index:v1", "$here/good/index:v1/x?y", "$here/../x") {
    asked();
    my ($file, $said) = fix($name);
    ok($file eq "FROM $name\n" && $said =~ /is no name of an image/ && asked() eq '', "no name: $name", $said);
}
my ($nobody, $why) = finish(start("FROM 127.0.0.1:1/a\nFROM 127.0.0.1:1/b\nFROM $here/good/index:v1\n", '--fix', '--unsafe'));
ok($nobody =~ m{/b\nFROM \S+@} && 2 == (() = $why =~ /nobody answers at 127.0.0.1:1/g), 'where nobody answers hides no other', $nobody, $why);
($file, $said) = fix('registry.invalid/a:1');
ok($said =~ /nobody answers at registry.invalid/, 'a host that is not there', $said);

for (@slow) {
    my ($file, $said, $status, $took) = finish($_);
    ok($file !~ /@/ && $said =~ /\Q$here\E is too slow/ && $took < 60, 'who is slow without end is not waited for', $file, $said, "$took s");
}
print "1..$n\n";
exit $bad;
