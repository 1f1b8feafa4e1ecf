# schema: a JSON document × a schema of docs/ → in what it does not fit. `perl tests/lib/schema.pl
# SCHEMA <DOCUMENT` prints that and fails; schema_wrongs() gives it as a list. A document must also have
# no key that its schema does not know.
use strict;
use warnings;
use File::Basename qw(dirname);
use JSON::PP;

my $json = JSON::PP->new->utf8;
my %read;

sub schema_read {
    my ($path) = @_;
    return $read{$path} //= do {
        open my $in, '<:raw', $path or die "$path: $!";
        local $/;
        $json->decode(<$in>);
    };
}

sub type_of {
    my ($v) = @_;
    return 'null' unless defined $v;
    return 'object' if ref $v eq 'HASH';
    return 'array' if ref $v eq 'ARRAY';
    return 'boolean' if JSON::PP::is_bool($v);
    return $json->allow_nonref->encode($v) =~ /^-?\d+$/ ? 'integer' : 'string';
}

# The part of JSON Schema that the documents use. $path is where $s stands, for its $ref.
sub fits {
    my ($v, $s, $path, $at) = @_;
    if (my $ref = $s->{'$ref'}) {
        my ($file, $name) = $ref =~ m{^([^#]*)(?:#/\$defs/(.*))?$} or die "$path: $ref";
        my $there = $file ? dirname($path) . "/$file" : $path;
        my $root = schema_read($there);
        return fits($v, $name ? $root->{'$defs'}{$name} // die("no $ref") : $root, $there, $at);
    }
    if ($s->{oneOf}) {
        my @tries = map { [fits($v, $_, $path, $at)] } @{$s->{oneOf}};
        return if grep { !@$_ } @tries;
        return map { @$_ } @tries;
    }
    my @wrong;
    my $type = type_of($v);
    my @types = ref $s->{type} ? @{$s->{type}} : $s->{type} // ();
    push @wrong, "$at is $type" if @types and !grep { $_ eq $type } @types;
    push @wrong, "$at is not $s->{const}" if defined $s->{const} and ($v // '') ne $s->{const};
    push @wrong, "$at is none of its values" if $s->{enum} and !grep { ($_ // "\0") eq ($v // "\0") } @{$s->{enum}};
    push @wrong, "$at does not look like $s->{pattern}" if $s->{pattern} and defined $v and $v !~ /$s->{pattern}/;
    push @wrong, "$at is under $s->{minimum}" if defined $s->{minimum} and defined $v and $v < $s->{minimum};
    if ($type eq 'object') {
        exists $v->{$_} or push @wrong, "$at has no $_" for @{$s->{required} // []};
        for my $key (sort keys %$v) {
            my ($pattern) = grep { $key =~ /$_/ } sort keys %{$s->{patternProperties} // {}};
            my $inner = $s->{properties}{$key} // ($pattern && $s->{patternProperties}{$pattern}) or push(@wrong, "$at has an unknown $key"), next;
            push @wrong, fits($v->{$key}, $inner, $path, "$at.$key");
        }
    }
    if ($type eq 'array') { push @wrong, fits($v->[$_], $s->{items}, $path, "$at\[$_]") for 0 .. $#$v }
    return @wrong;
}

sub schema_wrongs {
    my ($ref, $text) = @_; # docs/road.schema.json, or docs/road.schema.json#/$defs/plan
    return fits($json->decode($text), {'$ref' => $ref}, '.', '$');
}

unless (caller) {
    local $/;
    my @wrong = schema_wrongs($ARGV[0], scalar <STDIN>);
    print "$_\n" for @wrong;
    exit(@wrong ? 1 : 0);
}
1;
