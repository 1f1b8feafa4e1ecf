# Hostile: images byte by byte, as no writer of images would make them.
#
#   entry('etc/passwd', data => "root\n", mode => 0644, type => '0', link => 'x', size => 9)
#                       one tar entry; size and data may differ; long => 1 allows GNU long names
#   pax(path => "a\0b") a pax record for the entry that follows
#   layer(@entries)     a tar that ends as it should
#   oci($dir, layers => [bytes…], …)
#                       an OCI layout. Also: config => text or hash, diff_ids, media, manifest =>
#                       sub that edits the manifest's hash, raw_manifest, raw_index, platform
#   archive($file, name => bytes, …)
#                       a tar of files, in that order
package Hostile;
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use Exporter 'import';
use JSON::PP;
our @EXPORT = qw(entry pax layer oci archive put json);

sub json { JSON::PP->new->canonical->latin1->encode($_[0]) }

sub put {
    my ($file, @bytes) = @_;
    open my $f, '>:raw', $file or die "$file: $!";
    print $f @bytes;
    close $f or die "$file: $!";
    return $file;
}

sub header {
    my ($name, $type, %o) = @_;
    my $size = $o{size} // length($o{data} // '');
    my $h = pack 'a100 a8 a8 a8 a12 a12 A8 a1 a100 a6 a2 a32 a32 a8 a8 x167',
        $name, sprintf('%07o', $o{mode} // 0644), sprintf('%07o', $o{uid} // 0),
        sprintf('%07o', $o{gid} // 0),
        $size < 8**11 ? sprintf('%011o', $size) : pack('N3', 0x80000000, $size >> 32, $size & 0xffffffff),
        sprintf('%011o', $o{mtime} // 0), '', $type, $o{link} // '', "ustar\0", '00', '', '',
        sprintf('%07o', $o{major} // 0), sprintf('%07o', $o{minor} // 0);
    substr($h, 148, 8) = sprintf "%06o\0 ", unpack '%32C*', $h;
    return $h;
}

sub padded { $_[0] . "\0" x (-length($_[0]) % 512) }

sub entry {
    my ($name, %o) = @_;
    my $out = '';
    for (['L', $name], ['K', $o{link} // '']) {
        my ($type, $long) = @$_;
        $out .= header('././@LongLink', $type, data => "$long\0") . padded("$long\0") if length $long > 100;
    }
    my $type = $o{type} // (defined $o{link} ? '2' : $name =~ m{/$} ? '5' : '0');
    return $out . header($name, $type, %o) . padded($o{data} // '');
}

sub pax {
    my (%records) = @_;
    my $data = '';
    for (sort keys %records) {
        my $n = length($_) + length($records{$_}) + 3;
        $n += length($n + length $n);
        $data .= "$n $_=$records{$_}\n";
    }
    return header('PaxHeaders/x', 'x', data => $data) . padded($data);
}

sub layer { join('', @_) . "\0" x 1024 }

sub archive {
    my ($file, @members) = @_;
    my @entries;
    push @entries, entry(shift @members, data => shift @members) while @members;
    return put($file, layer(@entries));
}

sub blob {
    my ($dir, $bytes) = @_;
    my $hex = sha256_hex($bytes);
    put("$dir/blobs/sha256/$hex", $bytes);
    return {digest => "sha256:$hex", size => length $bytes};
}

sub oci {
    my ($dir, %o) = @_;
    my @layers = @{$o{layers} // []};
    mkdir $_ or die "$_: $!" for $dir, "$dir/blobs", "$dir/blobs/sha256";
    put("$dir/oci-layout", '{"imageLayoutVersion":"1.0.0"}');
    my $config = $o{config} // {};
    $config = json({architecture => $o{arch} // 'amd64', os => $o{os} // 'linux', config => $config,
        rootfs => {type => 'layers', diff_ids => $o{diff_ids} // [map { 'sha256:' . sha256_hex($_) } @layers]},
        %{$o{more} // {}}}) if ref $config;
    my $type = 'application/vnd.oci.image';
    my $manifest = {schemaVersion => 2, mediaType => "$type.manifest.v1+json",
        config => {mediaType => "$type.config.v1+json", %{blob($dir, $config)}},
        layers => [map { {mediaType => $o{media} // "$type.layer.v1.tar", %{blob($dir, $_)}} } @layers]};
    $o{manifest}->($manifest) if $o{manifest};
    my $found = blob($dir, $o{raw_manifest} // json($manifest));
    put("$dir/index.json", $o{raw_index} // json({schemaVersion => 2, manifests => [
        {mediaType => "$type.manifest.v1+json", %$found, $o{platform} ? (platform => $o{platform}) : ()}]}));
    return "oci:$dir";
}

1;
