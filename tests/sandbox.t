#!/usr/bin/perl
# The sandbox as a whole: containers by each installed runtime, as root and as an ordinary user; and
# nothing that remains, however shuck ends. SHUCK_MUST=1 turns what cannot be tried into a failure.
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use File::Temp 'tempdir';
use FindBin;
use POSIX ':sys_wait_h';
use Time::HiRes qw(sleep time);

my ($count, $failed) = (0, 0);
sub ok {
    my ($pass, $what, $shown) = @_;
    printf "%sok %d - %s\n", $pass ? '' : 'not ', ++$count, $what;
    print map { "# $_\n" } split /\n/, $shown // '' unless $pass;
    $failed ||= !$pass;
    return $pass;
}
sub done { print "1..$count\n"; exit($failed ? 1 : 0) }
sub skip {
    my $why = shift;
    $ENV{SHUCK_MUST} ? ok(0, "must run: $why") : print "# skipped: $why\n";
}

# A job that a shell started in the background ignores these; what runs here must end by them.
$SIG{$_} = 'DEFAULT' for qw(INT QUIT);
chdir "$FindBin::Bin/.." or die;
my $build = $ENV{BUILD} // 'build';
my $root = $> == 0;
my $tmp = tempdir('shuck-sandbox-XXXXXX', DIR => '/var/tmp', CLEANUP => 1);
chmod 0755, $tmp;
my $drive = "$tmp/drive";
system('cp', "$build/tests/sandbox/drive", $drive) == 0 or die;
system('gcc', '-D_GNU_SOURCE', '-O1', '-static', '-o', "$tmp/guest", 'tests/lib/guest.c') == 0 or die;

# A user who is there for this test only. Returns the words before a command that is to be its.
my $made;
sub throw_away_user {
    my $name = "shuckt$$";
    return unless -x '/usr/sbin/useradd' and -x '/usr/bin/newuidmap' and -x '/usr/bin/setpriv';
    system("useradd --create-home $name >/dev/null 2>&1") == 0 or return;
    $made = $name;
    system("grep -q ^$name: /etc/subuid || usermod --add-subuids 2000000-2065535 --add-subgids 2000000-2065535 $name");
    return ('setpriv', "--reuid=$name", "--regid=$name", '--init-groups');
}
END {
    my $status = $?;
    system("userdel --remove $made >/dev/null 2>&1") if $made;
    $? = $status;
}

my (@as, $work, $image, $who);
sub prepare {
    ($who, @as) = @_;
    $work = "$tmp/work-$who";
    my $rootfs = "$tmp/rootfs-$who";
    system(@as, 'true') == 0 or die;
    mkdir $_, 0755 or die "$_: $!" for $work, $rootfs;
    my $owner = $made && $who eq 'user' ? $made : $>;
    my ($uid, $gid) = $owner =~ /^\d+$/ ? ($owner, $)+0) : (getpwnam $owner)[2, 3];
    chown $uid, $gid, $work, $rootfs if $root;
    system(@as, 'sh', '-c', "cd $rootfs && mkdir -m 1777 tmp && mkdir -p etc data dir && cp $tmp/guest guest && echo old >etc/conf && echo seed >data/seed && echo x >dir/gone") == 0 or die;
    $image = "dir:$rootfs";
}

my @options;
sub command { return (@as, 'env', "TMPDIR=$work", $drive, @options, @_) }
# Standard output and exit status of drive.
sub drive {
    my @words = command(@_);
    open my $out, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', @words or die;
    local $/;
    my $text = <$out> // '';
    close $out;
    return ($text, $? >> 8);
}
sub guest { return drive('-i', $image, @{$_[0]}, '--', '-', '/guest', @_[1 .. $#_]) }
sub has {
    my ($text, $what, @lines) = @_;
    my @missing = grep { $text !~ /^\Q$_\E$/m } @lines;
    ok(!@missing, "$who @options: $what", "missing: @missing\n$text");
}

sub leftovers {
    opendir my $d, $work or return '?';
    return join ' ', grep { !/^\./ } readdir $d;
}
sub processes {
    my @found;
    for my $file (glob '/proc/[0-9]*/cmdline') {
        open my $in, '<', $file or next;
        local $/;
        my $text = <$in> // '';
        push @found, $text =~ tr/\0/ /r if index($text, $work) >= 0 and index($text, "$tmp/") >= 0;
    }
    return join "\n", @found;
}
sub mounts { open my $in, '<', '/proc/self/mountinfo' or die; return join '', grep { /\Q$tmp\E/ } <$in> }

sub containers {
    my ($text, $status);
    ($text) = drive('-A', '-', 'health', 'http', '1', '/');
    has($text, 'the agent runs in a root without any file', 'started: yes', 'status: 1');
    ($text) = guest([], qw(say out complain err exit 7));
    has($text, 'status and both streams come out', 'started: yes', 'status: 7', 'out: out', 'err: err');
    ($text) = guest([], qw(signal 9));
    has($text, 'so does a signal', 'status: 137');
    ($text) = guest(['-u', '1000'], qw(ids descriptors));
    has($text, 'the program has its user and no descriptor of ours', 'out: uid 1000 gid 1000 groups',
        'descriptors 0 1 2');
    ($text) = drive('-i', $image, '-', '/nothing');
    has($text, 'a program that is not there', 'status: 127');
    ($text) = guest([], 'flood', 200);
    has($text, 'flood: what is over a mebibyte is dropped, the program is not held up', 'status: 0',
        'out: 1048576 bytes', 'err: 1048576 bytes');
    my $from = time;
    ($text) = guest(['-T', '500'], qw(deaf flood -1));
    has($text, 'deaf: a program that ignores signals and never stops writing ends at the timeout',
        'status: 137', 'timed out: yes');
    ok(time - $from < 8, "$who @options: soon", time - $from);
    ($text) = guest([], qw(child say parent exit 0));
    has($text, 'a child that outlives the program ends with the container', 'status: 0', 'out: parent');
}

sub files {
    my ($text) = guest(['-2'], qw(list / write /etc/conf write /tmp/new mkdir /made write /made/file remove /dir/gone));
    has($text, 'written: what was made, changed, removed; not what the runtime made',
        map { "written: $_" } qw(/dir/gone /etc/conf /made /made/file /tmp/new));
    my @written = $text =~ /^written: (.*)$/mg;
    ok(@written == 10, "$who @options: and nothing else, in both runs", "@written");
    ok($text !~ /in \/:.* made/, "$who @options: the second run starts from the untouched root", $text);
    ($text) = guest([qw(-2 -v /data -v /new)], qw(list /data list /new write /data/kept write /new/kept));
    has($text, 'volumes: start with the image\'s content and are kept for the next run',
        'out: in /data: seed', 'in /new:', 'in /new: kept');
    ok($text =~ /in \/data: (kept seed|seed kept)$/m, "$who @options: both of it", $text);
    ok($text !~ /written: \/data/, "$who @options: and are not the root's", $text);
    ($text) = guest(['-r'], qw(write /tmp/x write /new));
    has($text, 'a read-only root', 'out: write /tmp/x: Read-only file system', 'write /new: Read-only file system');
    ($text) = guest([], qw(device /dev/mine device /tmp/mine device /dev/shm/mine));
    ok($text !~ /OPENED/ && $text =~ /\/dev\/mine/, "$who @options: a device node opens nothing", $text);
    ($text) = guest([], qw(list /sys/class/net list /dev));
    ok($text =~ /in \/sys\/class\/net: lo$/m, "$who @options: the network is loopback alone", $text);
    ok($text =~ /null/ && $text =~ /urandom/ && $text =~ /shm/, "$who @options: the usual devices", $text);
}

sub exercises {
    my ($text) = guest([qw(-x -t -p 80 -p 81 -g / -g /x), '-e', '/guest say hi', '-H', 'none'],
        qw(say starting write /tmp/pid serve 80));
    has($text, 'ready: seen without a connection, asked, stopped', 'ready: port', 'exit: 0', 'killed: 0',
        'http: GET :80/ 200 ', 'header: X-Guest: yes', 'body: hello', 'exec: 0', 'exec out: hi',
        'lookups: some', 'complete: 1', 'ran: /guest', 'written: /tmp/pid');
    my @requests = $text =~ /^(?:out: )?request \d$/mg;
    ok(@requests == 2, "$who @options: two requests, two connections", $text);
    ($text) = guest([qw(-x -p 80 -g /big)], qw(serve 80));
    has($text, 'bodies: a MiB is kept, the digest is of all of it', 'body: 1048576 bytes',
        'digest: sha256:' . sha256_hex('b' x (3 << 20)));
    ($text) = guest([qw(-x -p 80)], qw(complain one complain two complain why exit 3));
    ok($text =~ /^why: exited with status 3 after \d+ ms before it was ready; its last words: one \| two \| why$/m,
        "$who @options: never ready: says so with its last words", $text);
    ($text) = guest([qw(-x -p 80 -O 300)], qw(say waiting serve 8080));
    ok($text =~ /^why: did not listen on port 80 within 0 s; it listens on 8080; its last words: waiting$/m,
        "$who @options: listens elsewhere: says where", $text);
    ($text) = guest([qw(-x -p 80 -O 400)], qw(deaf serve 80));
    has($text, 'a program deaf to its stop signal is killed', 'ready: port', 'killed: 1', 'exit: 137');
    ($text) = guest([qw(-x -l ready)], qw(sleep 5 say ready sleep 500));
    has($text, 'ready by a line of its log', 'ready: log', 'exit: 0');
    ($text) = guest([qw(-x -E)], qw(say done exit 4));
    has($text, 'ends by itself', 'ready: exit', 'exit: 4', 'out: done');
    ($text) = guest([qw(-x -2 -p 80 -g /)], qw(serve 80));
    my $served = () = $text =~ /^body: hello$/mg;
    ok($served == 2, "$who @options: the port one run left is free for the next", $text);
}

# Ends drive by a signal at a random moment, however many times; nothing of it may be left.
sub ended_by {
    my ($signal, $times) = @_;
    my ($worst, $text) = (0, '');
    for my $n (1 .. $times) {
        my $pid = fork // die;
        if (!$pid) {
            open STDERR, '>', "$tmp/stderr";
            open STDOUT, '>', '/dev/null';
            exec command('-i', $image, '-2', '-', '/guest', 'deaf', 'child', 'write', '/tmp/x', 'sleep', '3000');
        }
        sleep rand 0.5;
        kill $signal, $pid;
        my $from = time;
        waitpid $pid, 0;
        my $status = $?;
        my $left;
        sleep 0.01 while ($left = processes()) && time - $from < 10;
        $worst = time - $from if time - $from > $worst;
        return ok(0, "$who @options: $signal: no process is left", $left) if $left;
        return ok(0, "$who @options: $signal: no mount is left", mounts()) if mounts();
        # 4: it was in the box, and said that it was interrupted
        return ok(0, "$who @options: $signal: the work folder is gone", leftovers())
            if $status >> 8 == 4 && leftovers();
    }
    ok(1, "$who @options: $signal $times times: no process, no mount is left");
    ok($worst < 3, "$who @options: $signal: it is over soon", $worst);
    ($text) = drive('-A', '-', 'health', 'http', '1', '/');
    ok(leftovers() eq '', "$who @options: $signal: no folder after the next start", leftovers());
}

# A box at work is not swept by another one that starts.
sub side_by_side {
    my $pid = open my $out, '-|', command('-i', $image, '-', '/guest', 'sleep', '60', 'say', 'alive') or die;
    sleep 0.25;
    drive('-A', '-', 'health', 'http', '1', '/');
    local $/;
    has(scalar <$out>, 'two boxes side by side leave each other alone', 'out: alive');
    close $out;
    ok(leftovers() eq '', "$who: and nothing behind", leftovers());
}

sub all_of_it {
    for my $runtime (grep { system("command -v $_ >/dev/null 2>&1") == 0 } qw(crun runc)) {
        @options = ('-R', $runtime);
        containers();
        files();
        exercises();
        ended_by('INT', 6);
        ended_by('KILL', 6);
        ok(leftovers() eq '' && !mounts() && !processes(), "$who @options: nothing is left",
            leftovers() . mounts() . processes());
    }
    @options = ();
    ended_by('TERM', 2);
    side_by_side();
}

if ($root) {
    prepare('root');
    all_of_it();
    if (my @words = throw_away_user()) {
        prepare('user', @words);
        all_of_it();
    } else {
        skip('an ordinary user cannot be made (useradd, uidmap, setpriv)');
    }
} else {
    prepare('user');
    my ($text, $status) = drive('-A', '-', 'health', 'http', '1', '/');
    $status == 4 ? skip($text) : all_of_it();
}
done();
