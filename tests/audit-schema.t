#!/usr/bin/perl
# What `shuck audit --format json` prints fits docs/audit.schema.json, and the schema knows every field.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use JSON::PP;

chdir(dirname(abs_path($0)) . '/..') or die $!;
my $json = JSON::PP->new->utf8;
sub slurp { my ($path) = @_; open my $in, '<:raw', $path or die "$path: $!"; local $/; return <$in> }
my $schema = $json->decode(slurp('docs/audit.schema.json'));
my @wrong;

sub type_of {
    my ($v) = @_;
    return 'null' unless defined $v;
    return 'object' if ref $v eq 'HASH';
    return 'array' if ref $v eq 'ARRAY';
    return 'boolean' if JSON::PP::is_bool($v);
    return $json->allow_nonref->encode($v) =~ /^-?\d+$/ ? 'integer' : 'string';
}

# The part of JSON Schema that the document uses.
sub fits {
    my ($v, $s, $at) = @_;
    my $type = type_of($v);
    my @types = ref $s->{type} ? @{$s->{type}} : $s->{type} // ();
    push @wrong, "$at is $type" if @types and !grep { $_ eq $type } @types;
    push @wrong, "$at is none of @{$s->{enum}}" if $s->{enum} and !grep { $_ eq ($v // '') } @{$s->{enum}};
    push @wrong, "$at does not look like $s->{pattern}" if $s->{pattern} and defined $v and $v !~ /$s->{pattern}/;
    push @wrong, "$at is under $s->{minimum}" if defined $s->{minimum} and defined $v and $v < $s->{minimum};
    if ($type eq 'object') {
        exists $v->{$_} or push @wrong, "$at has no $_" for @{$s->{required} // []};
        for my $key (sort keys %$v) {
            my $inner = $s->{properties}{$key} or push(@wrong, "$at has an unknown $key"), next;
            fits($v->{$key}, $inner, "$at.$key");
        }
    }
    if ($type eq 'array') { fits($v->[$_], $s->{items}, "$at\[$_]") for 0 .. $#$v }
}

my $n = 0;
for my $golden (sort glob 'tests/cli/audit/*.out') {
    my $text = slurp($golden);
    next unless $text =~ s/^.*?(?=^\{)//ms;
    @wrong = ();
    fits($json->decode($text), $schema, '$');
    printf "%sok %d - %s fits the schema\n", @wrong ? 'not ' : '', ++$n, $golden;
    print "# $_\n" for @wrong;
}
print "1..$n\n";
