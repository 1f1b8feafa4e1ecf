#!/usr/bin/perl
# Merged trees are what umoci unpacks, and paths in them resolve as the kernel has it in a chroot.
# Needs root (owners, chroot) and umoci.
use strict;
use warnings;
use Errno;
use File::Find;
use File::Temp qw(tempdir);
use Test::More;

my $tool = "$ENV{BUILD}/tests/test_tree_write";
plan(skip_all => 'needs root') if $> != 0;
if (system('command -v umoci >/dev/null 2>&1')) {
    plan(skip_all => 'needs umoci') if !$ENV{SHUCK_MUST};
    fail('umoci is there');
    done_testing();
    exit 1;
}
plan(skip_all => 'needs to change owners') if !chown_works();

my $dir = tempdir('shuck-tree-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $n_images = 0;

sub chown_works {
    my $f = File::Temp->new;
    return chown 1234, 4321, "$f";
}

# One tar entry, written by hand so that its order and names are ours.
sub entry {
    my ($type, $path, %o) = @_;
    my %flag = (f => '0', h => '1', s => '2', c => '3', d => '5', p => '6');
    my $content = $o{content} // '';
    my $mode = $o{mode} // ($type eq 'd' ? 0755 : 0644);
    my $head = pack 'a100a8a8a8a12a12A8a1a100a6a2a32a32a8a8a155x12', $path . ($type eq 'd' ? '/' : ''),
        sprintf('%07o', $mode), sprintf('%07o', $o{uid} // 0), sprintf('%07o', $o{gid} // 0),
        sprintf('%011o', length $content), sprintf('%011o', $o{mtime} // 1_000_000), '',
        $flag{$type}, $o{link} // '', 'ustar', '00', '', '', sprintf('%07o', $o{major} // 0),
        sprintf('%07o', $o{minor} // 0), '';
    substr($head, 148, 8) = sprintf("%06o\0 ", unpack '%32C*', $head);
    return $head . $content . "\0" x (-length($content) % 512);
}

# Layers (lists of entries) as an image: its name for shuck and for umoci.
sub image {
    my $layout = "$dir/layout" . ++$n_images;
    run("umoci init --layout $layout && umoci new --image $layout:t");
    for my $layer (@_) {
        open my $out, '>', "$dir/layer.tar" or die;
        print $out @$layer, "\0" x 1024;
        close $out;
        run("umoci raw add-layer --image $layout:t $dir/layer.tar");
    }
    return "$layout:t";
}

sub run {
    my $out = `( $_[0] ) 2>&1`;
    $? and die "$_[0]: $out";
    return $out;
}

# All names below a folder with their metadata. Times of folders that no entry describes are not ours
# to know: those have mode 0755 and are left out by the caller's choice of modes.
sub listing {
    my ($root) = @_;
    my (%inode, @lines);
    find({no_chdir => 1, preprocess => sub { sort @_ }, wanted => sub {
        my $path = $File::Find::name;
        my ($dev, $ino, $mode, $nlink, $uid, $gid, $rdev, $size, $at, $mtime) = lstat $path;
        my $name = substr $path, length $root;
        my $type = -l _ ? 's' : -d _ ? 'd' : -f _ ? 'f' : -p _ ? 'p' : '?';
        return if $type eq '?';
        my $first = $inode{$ino} //= $name;
        my $made = $type eq 'd' && ($mode & 07777) == 0755;
        push @lines, join ' ', $type, $name, sprintf('%o', $mode & 07777), $uid, $gid,
            $made ? '-' : $mtime, $type eq 'f' ? $size : '', $type ne 'd' ? "=$first" : '',
            -l $path ? readlink $path : '', $type eq 'f' ? content($path) : '';
    }}, $root);
    return join "\n", sort @lines;
}

sub content {
    open my $in, '<', $_[0] or return "?$!";
    local $/;
    return scalar <$in>;
}

sub same {
    my ($name, @layers) = @_;
    my $image = image(@layers);
    my ($ours, $theirs) = ("$dir/ours$n_images", "$dir/theirs$n_images");
    mkdir $ours or die;
    run("$tool unpack oci:$image $ours");
    run("umoci unpack --image $image $theirs");
    chmod 0755, $ours, "$theirs/rootfs";
    my ($x, $y) = (listing($ours), listing("$theirs/rootfs"));
    is($x, $y, $name) or note(run("diff $dir/a $dir/b || :"));
    return $ours;
}

my @base = (
    entry('d', 'usr', mode => 0711), entry('d', 'usr/lib', mode => 0755, uid => 5),
    entry('f', 'usr/lib/so', content => 'lib', mode => 04755, uid => 7, gid => 8),
    entry('h', 'usr/lib/so.1', link => 'usr/lib/so'), entry('s', 'lib', link => 'usr/lib'),
    entry('d', 'etc', mode => 0700, mtime => 5), entry('f', 'etc/a', content => 'a', mode => 0),
    entry('f', 'etc/b', content => 'b'), entry('d', 'etc/dir', mode => 02775),
    entry('f', 'etc/dir/x', content => 'x'), entry('f', 'etc/dir/y', content => 'y'),
    entry('p', 'fifo', mode => 0600), entry('s', 'dangling', link => '/none', uid => 3, gid => 4),
    entry('c', 'null', major => 1, minor => 3),
);

same('one layer', \@base);
same('whiteouts', \@base, [entry('f', 'etc/.wh.a'), entry('f', 'etc/.wh.dir'), entry('f', '.wh.lib')]);
same('replaced', \@base,
    [entry('f', 'etc/dir', content => 'now a file'), entry('d', 'etc/a', mode => 0750),
        entry('f', 'etc/a/in', content => 'in'), entry('s', 'etc/b', link => 'a')]);
same('an opaque folder', \@base,
    [entry('d', 'etc/dir', mode => 0770), entry('f', 'etc/dir/.wh..wh..opq'),
        entry('f', 'etc/dir/z', content => 'z')]);
same('an opaque marker last', \@base,
    [entry('d', 'etc/dir', mode => 0770), entry('f', 'etc/dir/z', content => 'z'),
        entry('f', 'etc/dir/.wh..wh..opq')]);
same('hard links into a lower layer', \@base,
    [entry('h', 'again', link => 'usr/lib/so'), entry('h', 'down', link => 'dangling')]);
same('below a symlink', \@base,
    [entry('f', 'lib/new', content => 'new'), entry('f', 'lib/.wh.so'),
        entry('d', 'lib/deep', mode => 0701), entry('f', 'lib/deep/er', content => 'er')]);
same('a folder over a symlink', \@base,
    [entry('d', 'lib', mode => 0711), entry('f', 'lib/own', content => 'own')]);
same('removed, then a symlink', \@base, [entry('f', 'etc/.wh.dir'), entry('s', 'etc/dir', link => '/usr')]);

# Random layers: names d* are folders, names f* are something else.
srand($ENV{SEED} // 4711);
for my $round (1 .. $ENV{ROUNDS} // 6) {
    my @layers;
    for my $l (0 .. 3) {
        my (@hide, @make, %made);
        for (1 .. 12) {
            my $at = join '', map { 'd' . int(rand 2) . '/' } 1 .. rand 3;
            (my $up = $at) =~ s{/$}{};
            my ($kind, $f) = (int rand 7, 'f' . int rand 3);
            for (my $p = $up; $p ne '' && $kind > 1; $p =~ s{/?[^/]*$}{}) {
                unshift @make, entry('d', $p, mode => 0700 + int rand 64, mtime => $l * 100)
                    unless $made{$p}++;
            }
            if ($kind == 0 && $l) { push @hide, entry('f', "$at.wh." . (rand() < .5 ? $f : 'd0')) }
            elsif ($kind == 1 && $l) { push @hide, entry('f', "$at.wh..wh..opq") }
            elsif ($kind == 2) { push @make, entry('s', "$at$f", link => 'x' . rand) }
            elsif ($kind == 3) { push @make, entry('p', "$at$f", mode => 0600 + int rand 64) }
            elsif ($kind == 4) {
                push @make, entry('f', "$at$f", content => rand) , entry('h', "${at}fh", link => "$at$f");
            }
            elsif ($kind > 4) { push @make, entry('f', "$at$f", content => rand, uid => int rand 9) }
        }
        # folders before what is in them, then as they came
        my @dirs = sort grep { /^.{156}5/s } @make;
        push @layers, [@hide, @dirs, grep { !/^.{156}5/s } @make];
    }
    same("random layers $round", @layers);
}

# The kernel's own path resolution in a chroot of the unpacked tree.
my $root = same('a maze', [
    (map { entry('d', $_, mode => 0700) } qw(a a/b a/b/c d)), entry('f', 'a/f', content => 'f'),
    entry('s', 'a/up', link => '..'), entry('s', 'a/b/abs', link => '/a/f'),
    entry('s', 'a/b/rel', link => '../../d/./'), entry('s', 'd/file/', link => 'x'),
    entry('s', 'loop', link => 'loop'), entry('s', 'ping', link => 'a/../pong'),
    entry('s', 'pong', link => '/ping'), entry('s', 'd/slash', link => '../a/f/'),
    entry('s', 'd/out', link => '../../../../../../a'), entry('s', 'd/dang', link => 'none'),
    entry('s', 'root', link => '/'), entry('s', 'd/long', link => '/' . 'n' x 90),
    entry('s', 'chain0', link => 'a'), map { entry('s', "chain$_", link => 'chain' . ($_ - 1)) } 1 .. 45]);
my @names = (qw(a b c d f up abs rel loop ping pong slash out dang root long . .. / none), '',
    'n' x 255, 'n' x 256, 'chain39', 'chain40', 'chain38');
my @paths = ('/', (map { "/$_" } @names), map { join '/', map { $names[rand @names] } 0 .. rand 7 } 1 .. 3000);
@paths = grep { $_ ne '' } @paths;
open my $list, '>', "$dir/paths" or die;
print $list "$_\n" for @paths;
close $list;
my @ours = split /\n/, run("$tool resolve oci:$dir/layout$n_images:t <$dir/paths");
is(scalar @ours, scalar @paths, 'an answer for each path');
my $child = open(my $kernel, '-|') // die;
if (!$child) {
    chroot $root or die;
    chdir '/';
    for my $i (0 .. $#paths) {
        # a walk the kernel has to begin again, as when memory is short, counts its links twice
        my @st;
        for (1 .. 5) { @st = stat $paths[$i]; last if @st || !$!{ELOOP} }
        if (!@st) { print "$!\n"; next }
        my @is = lstat $ours[$i];
        print @is && $is[1] == $st[1] ? "$ours[$i]\n" : "inode $st[1]\n";
    }
    exit 0;
}
chomp(my @kernel = <$kernel>);
my @wrong = grep { $ours[$_] ne $kernel[$_] } 0 .. $#paths;
ok(!@wrong, 'paths resolve as in the kernel');
diag("$paths[$_]: ours $ours[$_], the kernel's $kernel[$_]") for @wrong[0 .. ($#wrong > 9 ? 9 : $#wrong)];
done_testing();
