# daemon.pl SOCKET IMAGE [SAYS]: a Docker daemon as far as reading images goes. The image's name says how it
# behaves; IMAGE is the docker-archive it sends. SAYS has lines of NAME JSON: it knows these images alone.
use strict;
use warnings;
use IO::Socket::UNIX;

my ($path, $image, $says) = @ARGV;
$SIG{PIPE} = 'IGNORE';
$SIG{CHLD} = 'IGNORE';
my $server = IO::Socket::UNIX->new(Local => $path, Listen => 9) or die "$path: $!";

sub answer { my ($c, $status, $body) = @_; print $c "HTTP/1.1 $status\r\nContent-Length: " . length($body) . "\r\n\r\n$body"; $c->flush }
sub chunk { my ($c, $bytes) = @_; return print $c sprintf("%x\r\n", length $bytes), $bytes, "\r\n" }
sub archive { open my $f, '<:raw', $image or die; local $/; return <$f> }
sub header { my ($name, $size) = @_; my $h = pack 'a100a8a8a8a12a12A8a1a100a6a2x247', $name, '0000644', '0', '0', sprintf('%011o', $size), '0', '', '0', '', 'ustar', '00';
    substr($h, 148, 8) = sprintf "%06o\0 ", unpack '%32C*', $h; return $h }

sub get {
    my ($c, $how) = @_;
    return answer($c, '500 Oh', '{"message":"the disk is on \u001b[31mfire"}') if $how eq 'broken';
    print $c "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\n";
    my $bytes = archive();
    if ($how eq 'endless') { chunk($c, header('x', 8 << 30)); 1 while chunk($c, "\0" x (1 << 20)); return }
    if ($how eq 'stalled') { chunk($c, substr $bytes, 0, 1000); $c->flush; sysread $c, my $end, 1; return }
    if ($how eq 'short') { chunk($c, substr $bytes, 0, 1500); print $c "0\r\n\r\n"; return }
    if ($how eq 'garbage') { chunk($c, 'garbage' x 1000); print $c "0\r\n\r\n"; return }
    chunk($c, substr $bytes, 0, 3000);
    return if $how eq 'cut';
    chunk($c, substr $bytes, 3000);
    print $c "0\r\n\r\n";
}

sub known { open my $f, '<', $says or die; my %know = map { /^(\S+) (.*)/ } <$f>; return \%know }

sub serve {
    my $c = shift;
    while (defined(my $line = <$c>)) {
        while (defined(my $more = <$c>)) { last if $more eq "\r\n" }
        my ($name, $what) = $line =~ m{^GET /images/(\S+)/(json|get) HTTP/1\.1} or return;
        my ($how) = $name =~ m{^([a-z-]+)};
        if ($says) { my $json = known()->{$name}; answer($c, $json ? ('200 OK', $json) : ('404 Not Found', '{"message":"No such image"}')) }
        elsif ($how eq 'absent') { answer($c, '404 Not Found', '{"message":"No such image"}') }
        elsif ($how eq 'hangup') { return }
        elsif ($how eq 'nonsense') { print $c "SSH-2.0-nothing\r\n" x 100; return }
        elsif ($how eq 'nojson') { answer($c, '200 OK', '<html>') }
        elsif ($how eq 'flood') { print $c "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"; 1 while chunk($c, ' ' x 65536); return }
        elsif ($how eq 'denied') { answer($c, '403 Forbidden', "no \e[2Jentry") }
        elsif ($what eq 'json') { answer($c, '200 OK', '{"Id":"sha256:0","RepoTags":["x:1","web:latest","stalled:latest"],"Size":4000000,"Extra":[{}]}') }
        elsif ($how eq 'web' && $name ne 'web:latest' && $name ne 'web:v1') { answer($c, '500 Error', '{"message":"all tags"}') }
        else { get($c, $how); $c->flush; return unless $how eq 'web' }
    }
}

while (my $c = $server->accept) {
    next if fork;
    close $server;
    serve($c);
    exit 0;
}
