#!/usr/bin/perl
# What `shuck audit --format json` prints fits docs/audit.schema.json, and the schema knows every field.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);

chdir(dirname(abs_path($0)) . '/..') or die $!;
require './tests/lib/schema.pl';

my $n = 0;
for my $golden (sort glob 'tests/cli/audit/*.out') {
    open my $in, '<:raw', $golden or die "$golden: $!";
    my $text = do { local $/; <$in> };
    next unless $text =~ s/^.*?(?=^\{)//ms;
    my @wrong = schema_wrongs('docs/audit.schema.json', $text);
    printf "%sok %d - %s fits the schema\n", @wrong ? 'not ' : '', ++$n, $golden;
    print "# $_\n" for @wrong;
}
print "1..$n\n";
