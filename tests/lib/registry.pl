# registry.pl FOLDER: a registry on a port of 127.0.0.1 and ::1, as far as reading goes, over plain HTTP. The
# first part of a repository's name says how it behaves. FOLDER gets `port`, and in `log` a line a request:
# METHOD PATH AUTHORIZATION; in it lie what is said to have been sent: index, single and config.
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use IO::Socket::INET;
use MIME::Base64;

my ($dir) = @ARGV;
$SIG{PIPE} = 'IGNORE';
$SIG{CHLD} = 'IGNORE';
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 20, ReuseAddr => 1) or die $!;
my $port = $server->sockport;
sub put { my ($name, $text) = @_; open my $f, '>:raw', "$dir/$name.tmp" or die; print $f $text; close $f; rename "$dir/$name.tmp", "$dir/$name" or die; return $text }
sub digest { 'sha256:' . sha256_hex($_[0]) }

my %type = (index => 'application/vnd.oci.image.index.v1+json', single => 'application/vnd.docker.distribution.manifest.v2+json');
my $config = put('config', '{"architecture":"s390x","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}');
my $single = put('single', sprintf '{"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%d,"digest":"%s"},"layers":[]}',
    $type{single}, length $config, digest($config));

# Two members can be pulled: a layer with one file, a config and a manifest each.
my $file = "hello\n";
my $tar = pack 'a100a8a8a8a12a12A8a1a100a6a2x247', 'hello', '0000644', '0000000', '0000000', sprintf('%011o', length $file), '00000000000', '', '0', '', 'ustar', '00';
substr($tar, 148, 8) = sprintf "%06o\0 ", unpack '%32C*', $tar;
$tar .= $file . "\0" x (512 - length $file) . "\0" x 1024;
my @blobs = ($tar);
sub described { my ($type, $bytes, @more) = @_; return sprintf '{"mediaType":"application/vnd.oci.image.%s","size":%d,"digest":"%s"%s}', $type, length $bytes, digest($bytes), join '', map { ",$_" } @more }
sub member {
    my ($os, $arch) = @_;
    my $own = sprintf '{"architecture":"%s","os":"%s","config":{},"rootfs":{"type":"layers","diff_ids":["%s"]}}', $arch, $os, digest($tar);
    my $manifest = sprintf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}', described('config.v1+json', $own), described('layer.v1.tar', $tar);
    push @blobs, $own, $manifest;
    return described('manifest.v1+json', $manifest, qq("platform":{"os":"$os","architecture":"$arch"}));
}
my $index = put('index', sprintf '{"schemaVersion":2,"mediaType":"%s","manifests":[%s]}', $type{index}, join ',', map { member(@$_) } ['linux', 'amd64'], ['linux', 'arm64'], ['unknown', 'unknown']);
my %blob = map { (digest($_) => $_) } $config, $single, $index, @blobs;

sub note { my ($line) = @_; open my $f, '>>', "$dir/log" or die; syswrite $f, "$line\n" }
# How often this was called with that name.
sub called { my ($name) = @_; open my $f, '>>', "$dir/times-$name" or die; syswrite $f, 'x'; return -s "$dir/times-$name" }

sub answer {
    my ($c, $method, $status, $body, @headers) = @_;
    print $c join("\r\n", "HTTP/1.1 $status", 'Content-Length: ' . length($body), @headers, '', ''), $method eq 'HEAD' ? '' : $body;
    $c->flush;
}
sub refuse { my ($c, $method, $status, $code, @headers) = @_; answer($c, $method, $status, qq({"errors":[{"code":"$code","message":"the registry says $code \\u001b[31m"}]}), 'Content-Type: application/json', @headers) }

my $here = "127.0.0.1:$port";
my %realm = (
    bearer => "http://$here/token", kin => "http://$here/token", other => "http://localhost:$port/token", inner => 'http://169.254.169.254/token', file => 'file:///etc/passwd',
    user => "http://me\@$here/token", bad => "http://$here/bad-token", empty => "http://$here/empty-token", endless => "http://$here/endless-token", busytoken => "http://$here/busy-token",
);

sub manifest {
    my ($c, $method, $how, $repo, $ref, $auth) = @_;
    my $body = $repo =~ /single/ ? $single : $index;
    my $type = $repo =~ /single/ ? $type{single} : $type{index};
    my $digest = digest($body);
    if ($realm{$how}) {
        return refuse($c, $method, '401 Unauthorized', 'UNAUTHORIZED', qq(WWW-Authenticate: Bearer realm="$realm{$how}",service="our registry",scope="repository:other:push"))
            unless $auth eq "Bearer good-$repo";
    }
    if ($how eq 'basic') { return refuse($c, $method, '401 Unauthorized', 'UNAUTHORIZED', 'WWW-Authenticate: Basic realm="x"') unless $auth eq 'Basic ' . encode_base64('me:secret', '') }
    return refuse($c, $method, '401 Unauthorized', 'UNAUTHORIZED', 'WWW-Authenticate: Negotiate') if $how eq 'negotiate';
    return refuse($c, $method, '401 Unauthorized', 'UNAUTHORIZED') if $how eq 'nochallenge';
    return refuse($c, $method, '404 Not Found', 'MANIFEST_UNKNOWN') if $how eq 'absent';
    return refuse($c, $method, '403 Forbidden', 'DENIED') if $how eq 'denied';
    return refuse($c, $method, '418 Teapot', 'TEAPOT') if $how eq 'teapot';
    return refuse($c, $method, '500 Oh', 'UNKNOWN', 'Retry-After: 0') if $how eq 'broken';
    return refuse($c, $method, '429 Too Many', 'TOOMANYREQUESTS', 'Retry-After: 0') if $how eq 'busy' && called($repo =~ s{\W}{}gr) <= 2;
    return refuse($c, $method, '429 Too Many', 'TOOMANYREQUESTS', 'Retry-After: 3600') if $how eq 'toobusy';
    return refuse($c, $method, '405 No', 'UNSUPPORTED') if $how eq 'nohead' && $method eq 'HEAD';
    return answer($c, $method, '200 OK', '<html>', 'Content-Type: text/html') if $how eq 'html';
    return answer($c, $method, '200 OK', '{"schemaVersion":1}', 'Content-Type: application/vnd.docker.distribution.manifest.v1+prettyjws') if $how eq 'schema1';
    return answer($c, $method, '200 OK', '{', "Content-Type: $type") if $how eq 'nojson';
    return answer($c, $method, '307 There', '', "Location: /v2/$repo/manifests/" . ('x' . substr sha256_hex($ref), 0, 9)) if $how eq 'circle';
    return answer($c, $method, '302 There', '', "Location: /v2/good/index/manifests/$ref") if $how eq 'moved';
    return answer($c, $method, '307 There', '', 'Location: http://169.254.169.254/latest') if $how eq 'evil';
    return answer($c, $method, '307 There', '', 'Location: file:///etc/passwd') if $how eq 'tofile';
    return answer($c, $method, '307 There', '') if $how eq 'nowhere';
    if ($how eq 'away') {
        return refuse($c, $method, '401 Unauthorized', 'UNAUTHORIZED', 'WWW-Authenticate: Basic realm="x"') unless $auth;
        return answer($c, $method, '307 There', '', "Location: http://localhost:$port/v2/good/elsewhere/manifests/$ref");
    }
    if ($how eq 'headers') { print $c "HTTP/1.1 200 OK\r\n"; 1 while print $c 'X-More: ' . 'x' x 1000 . "\r\n"; return 'close' }
    if ($how eq 'slow') { print $c "HTTP/1.1 200 OK\r\nX: "; $c->flush; while (print $c 'x') { $c->flush; select undef, undef, undef, 0.5 } return 'close' }
    return 'close' if $how eq 'hangup';
    if ($how eq 'nonsense') { print $c "SSH-2.0-nothing\r\n" x 3; return 'close' }
    if ($how eq 'endless' && $method eq 'GET') { print $c "HTTP/1.1 200 OK\r\nContent-Type: $type\r\n\r\n"; 1 while print $c ' ' x 65536; return 'close' }
    if ($how eq 'large' && $method eq 'GET') { print $c "HTTP/1.1 200 OK\r\nContent-Type: $type\r\nContent-Length: 99999999999\r\n\r\n"; 1 while print $c ' ' x 65536; return 'close' }
    if ($how eq 'cut' && $method eq 'GET') { print $c "HTTP/1.1 200 OK\r\nContent-Type: $type\r\nContent-Length: 1000\r\n\r\n{"; return 'close' }
    if ($how eq 'errorflood') { print $c "HTTP/1.1 404 No\r\n\r\n"; $method eq 'HEAD' or 1 while print $c ' ' x 65536; return 'close' }
    if ($ref =~ /^sha256:/ && $how eq 'good' && $blob{$ref}) { # of a member, too
        ($body, $digest) = ($blob{$ref}, $ref);
        ($type) = $body =~ /"mediaType":"([^"]+)"/;
    }
    $digest = 'sha256:' . '1' x 64 if $how eq 'liar' || ($how eq 'nohead' && $repo =~ /liar/);
    $digest = 'md5:12' if $how eq 'md5';
    my @digest = $how eq 'nodigest' ? () : "Docker-Content-Digest: $digest";
    return refuse($c, $method, '404 Not Found', 'MANIFEST_UNKNOWN') unless $ref =~ /^sha256:/ ? $how eq 'liar' || $blob{$ref} : $ref =~ /^(?:v1|latest)$/;
    answer($c, $method, '200 OK', $body, "Content-Type: $type; charset=utf-8", @digest);
}

sub token {
    my ($c, $method, $path, $auth, $form) = @_;
    my $kind = $path =~ m{^/(\w*)-?token} ? $1 : '';
    return answer($c, $method, '200 OK', '{"token":"a\\r\\nX-Evil: 1"}') if $kind eq 'bad';
    return answer($c, $method, '200 OK', '{}') if $kind eq 'empty';
    return refuse($c, $method, '429 Too Many', 'TOOMANYREQUESTS', 'Retry-After: 0') if $kind eq 'busy' && called('token') <= 1;
    if ($kind eq 'endless') { print $c "HTTP/1.1 200 OK\r\n\r\n"; 1 while print $c ' ' x 65536; return 'close' }
    my ($repo) = ($method eq 'POST' ? $form : $path) =~ /scope=repository%3A(\S+?)%3Apull(?:&|$)/ or return answer($c, $method, '400 Bad', 'scope?');
    $repo =~ s/%2F/\//g;
    my $wants = $repo =~ /private/;
    my $known = $auth eq 'Basic ' . encode_base64('me:secret', '') || $form =~ /grant_type=refresh_token&client_id=\w+&refresh_token=an-identity&service=our%20registry/;
    return refuse($c, $method, '401 Unauthorized', 'UNAUTHORIZED') if $wants && !$known;
    answer($c, $method, '200 OK', $method eq 'POST' ? qq({"access_token":"good-$repo"}) : qq({"token":"good-$repo"}), 'Content-Type: application/json');
}

sub serve {
    my $c = shift;
    while (defined(my $line = <$c>)) {
        if ($line =~ /^\x16/) { print $c "HTTP/1.0 400 Bad Request\r\n\r\n"; return }
        my ($auth, $form, $length) = ('', '', 0);
        while (defined(my $more = <$c>)) {
            last if $more eq "\r\n";
            $auth = $1 if $more =~ /^Authorization: (.*)\r\n/i;
            $length = $1 if $more =~ /^Content-Length: (\d+)/i;
        }
        read $c, $form, $length if $length;
        my ($method, $path) = $line =~ m{^(\w+) (/\S*) HTTP/1\.1} or return;
        note("$method $path $auth");
        my $end;
        if ($path eq '/v2/') { $end = answer($c, $method, '200 OK', '{}') }
        elsif ($path =~ m{^/\w*-?token}) { $end = token($c, $method, $path, $auth, $form) }
        elsif ($path =~ m{^/v2/((\w+)/\S+)/manifests/(\S+)$}) { $end = manifest($c, $method, $2, $1, $3, $auth) }
        elsif ($path =~ m{^/v2/((\w+)/\S+)/blobs/(\S+)$} && $blob{$3}) {
            my ($repo, $digest) = ($1, $3);
            $end = $repo =~ /moved/ ? answer($c, $method, '307 There', '', "Location: http://localhost:$port/v2/good/elsewhere/blobs/$digest")
                : answer($c, $method, '200 OK', $repo =~ /wrongblob/ ? '{"architecture":"arm64"}' : $blob{$digest});
        }
        else { $end = refuse($c, $method, '404 Not Found', 'NAME_UNKNOWN') }
        return if ($end // '') eq 'close';
    }
}

put('port', $port);
while (1) {
    my $c = $server->accept or next;
    next if fork;
    close $server;
    # the first byte tells whether it is TLS, whose first line may never end
    my $first = '';
    recv $c, $first, 1, 2;
    if ($first eq "\x16") { sysread $c, $first, 4096; syswrite $c, "HTTP/1.0 400 Bad Request\r\n\r\n"; exit 0 }
    serve($c);
    exit 0;
}
