#!/usr/bin/perl
# The agent outside any container: what it passes on, what it ends with, and what it records, against
# what strace sees. As root directly and, for everyone, in a user namespace.
use strict;
use warnings;
use Cwd 'abs_path';
use File::Temp 'tempdir';
use IO::Socket::INET;
use POSIX ();
use Socket;
use Test::More;

$^F = 10;    # descriptors up to here survive exec
my $build = $ENV{BUILD} || 'build';
my $arch  = (POSIX::uname())[4];
my $agent = abs_path("$build/agent/agent-$arch");
my $root  = $> == 0;
my $all   = 'ffffffffffffffff';
my $tmp   = tempdir("agent-test-XXXXXX", DIR => "/var/tmp", CLEANUP => 1);
$tmp = abs_path($tmp);
chmod 0755, $tmp;
$ENV{PATH} = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';
$ENV{LC_ALL} = 'C';
$ENV{PWD} = '/';    # where every program starts

# Outside a container only root may do all; others are root of a user namespace of their own.
my @enter = $root ? () : qw(unshare -r -p -f --mount-proc --kill-child);
my @lookup_names = qw(OPEN STAT ACCESS READLINK EXEC CHDIR CONNECT MKDIR UNLINK RENAME LINK CHMOD CHOWN
    XATTR MOUNT OTHER);

# ---- running ----

my $running;    # ends with the test, whatever happens
$SIG{ALRM} = sub { kill 'KILL', $running, agent_of($running) if $running; die "a run took too long\n" };

sub spawn {
    my (%o) = @_;
    my $pid = fork // die;
    return $pid if $pid;
    open my $program, '<', $o{agent} || $agent or die "$agent: $!";
    open my $report, '>', $o{report} || "$tmp/report" or die;
    # both first out of the way
    my ($p, $r) = map { POSIX::fcntl_dup($_) } fileno $program, fileno $report;
    POSIX::dup2($p, 3);
    POSIX::dup2($r, 4);
    POSIX::close($_) for 5 .. 30;
    POSIX::dup2(POSIX::open($o{out} || "$tmp/out", POSIX::O_WRONLY | POSIX::O_CREAT | POSIX::O_TRUNC, 0666), 1);
    POSIX::dup2(POSIX::open($o{err} || "$tmp/err", POSIX::O_WRONLY | POSIX::O_CREAT | POSIX::O_TRUNC, 0666), 2);
    POSIX::close($_) for 5 .. 30;
    exec @{$o{argv}} or POSIX::_exit(99);
}

sub POSIX::fcntl_dup { my $fd = POSIX::dup2($_[0], 20 + $_[0]); $fd }

# agent(mode, [words after CAPS CWD --], user =>, caps =>, cwd =>, enter => [...])
sub agent {
    my ($mode, $program, %o) = @_;
    my @argv = (
        @{$o{enter} || \@enter}, '/proc/self/fd/3', $mode, $o{user} || '0:0:', $o{caps} // $all,
        $o{cwd} || '/', '--', @$program
    );
    my $pid = $running = spawn(argv => \@argv, %o);
    alarm 60;
    return $pid if $o{background};
    return finish($pid);
}

sub finish {
    waitpid $_[0], 0;
    alarm 0;
    $running = 0;
    my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
    return {status => $status, out => slurp("$tmp/out"), err => slurp("$tmp/err"), records()};
}

sub slurp {
    open my $in, '<', $_[0] or return '';
    local $/;
    return scalar(<$in>) // '';
}

# ---- reading what the agent wrote ----

sub take_str { my ($p) = @_; my $s = unpack 'v/a', $$p; substr $$p, 0, 2 + length $s, ''; return $s }

sub records {
    my $bytes = slurp("$tmp/report");
    my %r = (lookups => [], execs => [], listens => [], exits => [], refused => [], longest => 0, bye => 0);
    while (length $bytes >= 5) {
        my ($n, $type) = unpack 'VC', $bytes;
        my $p = substr $bytes, 5, $n - 1;
        substr $bytes, 0, 4 + $n, '';
        $r{longest} = 4 + $n if 4 + $n > $r{longest};
        if ($type == 2) {
            my ($pid, $call, $flags, $error) = unpack 'VCCV', $p;
            push @{$r{lookups}}, {pid => $pid, call => $lookup_names[$call], flags => $flags, error => $error,
                path => substr $p, 12};
        } elsif ($type == 3) {
            my $pid = unpack 'V', substr $p, 0, 4, '';
            my $path = take_str(\$p);
            my $n = unpack 'v', substr $p, 0, 2, '';
            push @{$r{execs}}, {pid => $pid, path => $path, argv => [map { take_str(\$p) } 1 .. $n]};
        } elsif ($type == 4) {
            my ($pid, $family, $port) = unpack 'VCv', $p;
            push @{$r{listens}}, "$family $port " . substr $p, 9;
        } elsif ($type == 5) {
            my ($pid, $status, $main) = unpack 'VVC', $p;
            push @{$r{exits}}, {pid => $pid, status => $status, main => $main};
        } elsif ($type == 6) {
            push @{$r{refused}}, substr $p, 2;
        } elsif ($type == 8) {
            $r{bye}++;
        }
    }
    return %r, left => length $bytes;
}

sub saw { # whether a lookup of that path, and of that result, was recorded
    my ($r, $path, $error, $call) = @_;
    return scalar grep {
        $_->{path} eq $path && (!defined $error || $_->{error} == $error) && (!$call || $_->{call} eq $call)
    } @{$r->{lookups}};
}

# ---- init and what both modes pass on ----

my $traced = "$tmp/traced";
is system('gcc', '-O1', '-w', '-pthread', '-o', $traced, 'tests/lib/traced.c'), 0, 'the test programs build';

for my $mode (qw(init trace)) {
    my $r = agent($mode, ['sh', '-c', 'echo out; echo err >&2; exit 7']);
    is $r->{status}, 7, "$mode: exit status";
    is $r->{out}, "out\n", "$mode: standard output";
    is $r->{err}, "err\n", "$mode: standard error";
    is $r->{bye}, 1, "$mode: says its end";
    is_deeply [map { $_->{status} } grep { $_->{main} } @{$r->{exits}}], [7 << 8], "$mode: the program's end";
    is agent($mode, ['sh', '-c', 'kill -9 $$'])->{status}, 137, "$mode: ended by a signal";

    $r = agent($mode, ['no-such-program']);
    is $r->{status}, 127, "$mode: not found";
    is $r->{err}, qq(exec: "no-such-program": executable file not found in \$PATH\n), "$mode: in one line";
    $r = agent($mode, ['/etc/passwd']);
    is $r->{status}, 126, "$mode: not executable";
    is $r->{err}, qq(exec: "/etc/passwd": permission denied\n), "$mode: permission denied";
    is agent($mode, ['/none/x'])->{status}, 127, "$mode: not found, with a slash";
    $r = agent($mode, ['true'], cwd => '/none');
    is $r->{status}, 126, "$mode: no such folder";
    is $r->{err}, qq(chdir "/none": no such file or directory\n), "$mode: said";
    is agent($mode, ['pwd'], cwd => '/usr')->{out}, "/usr\n", "$mode: the folder";

    my $fds = agent($mode, ['perl', '-e', 'for (3..40) { print readlink("/proc/self/fd/$_"), "\n" if -l "/proc/self/fd/$_" }']);
    unlike $fds->{out}, qr/report|agent/, "$mode: fds: neither the agent's program nor its report";
    # As they were: make starts what it runs with two real-time signals ignored on some machines.
    my $signals = 'grep -E "^Sig(Blk|Ign|Pnd)" /proc/self/status';
    is agent($mode, ['sh', '-c', $signals])->{out}, scalar `$signals`, "$mode: signal mask and dispositions as they were";
    is agent($mode, ['sh', '-c', 'grep -E "^Cap(Bnd|Prm|Eff|Inh|Amb)" /proc/self/status | cut -f2'], caps => '400')->{out},
        "0000000000000000\n" . "0000000000000400\n" x 3 . "0000000000000000\n", "$mode: capabilities";

    my $pid = agent($mode, ['perl', '-e', '$SIG{TERM} = sub { exit 42 }; $| = 1; print "up\n"; sleep 1 while 1'], background => 1);
    select undef, undef, undef, 0.05 until slurp("$tmp/out") eq "up\n";
    kill 'TERM', agent_of($pid);
    is finish($pid)->{status}, 42, "$mode: signals are passed on";

    $r = agent($mode, ['sh', '-c', '(sleep 0.1; echo late) & exit 3'], out => "$tmp/late");
    is $r->{status}, 3, "$mode: does not wait for others";
    is_deeply [grep { !/^$/ } @{$r->{refused}}], [], "$mode: nothing was refused";
}

sub agent_of { # the agent itself: behind unshare, its child
    my ($pid) = @_;
    return $pid unless @enter;
    my ($child) = split ' ', slurp("/proc/$pid/task/$pid/children");
    return $child;
}

# ---- against strace ----

# What strace -y says of one call → [path, errno name or ""], joined as the agent joins.
sub of_strace {
    my ($line, $cwd) = @_;
    return if $line !~ /^(\w+)\((.*)\)\s+= (-?\w+)(?:<[^>]*>)?(?: (E\w+))?/;
    my ($call, $args, $error) = ($1, $2, $4 // '');
    return if $call =~ /^(getcwd|execve)$/;
    my @found;
    my $dir = $$cwd;
    while ($args =~ /\G(?:(AT_FDCWD|\d+)(?:<([^>]*)>)?|"((?:[^"\\]|\\.)*)"|[^",]+|\{.*?\}|,\s*)/g) {
        if (defined $1) { $dir = $2 if defined $2 }
        elsif (defined $3) {
            my $path = $3;
            last if $path eq '';
            $path =~ s/\\(["\\])/$1/g;
            push @found, $path =~ m{^/} ? $path : ($dir eq '/' ? '' : $dir) . "/$path";
        }
    }
    @found = $found[-1] if $call =~ /^symlink/;
    splice @found, 1 if $call !~ /^(rename|link)/ && @found > 1;
    splice @found, 0, -1 if $call eq 'readlink' && @found > 1;
    $$cwd = $found[0] if $call eq 'chdir' && !$error;
    return map { [$_, $error] } @found;
}

sub same_as_strace {
    my ($name, $program, %o) = @_;
    my $before = $o{before} || sub { };
    unlink glob "$tmp/strace.*";
    $before->();
    # chdir first, so that "/" is where both start
    my $status = system 'sh', '-c', 'cd / && exec "$@" >/dev/null 2>&1', 'sh', @{$o{as} || []},
        qw(strace -qq -y -ff -s 4096 -e trace=%file -o), "$tmp/strace", @$program;
    my (%strace, %agent);
    for my $file (glob "$tmp/strace.*") {
        my $cwd = '/';
        for my $line (split /\n/, slurp($file)) {
            $strace{tidy($_->[0]) . ' ' . $_->[1]} = 1 for of_strace($line, \$cwd);
        }
    }
    $before->();
    my $r = agent('trace', $program, %o);
    for my $l (@{$r->{lookups}}) {
        next if $l->{call} =~ /^(EXEC|CONNECT|MOUNT)$/ || "$l->{call} $l->{path}" eq 'CHDIR /';
        local $! = $l->{error};
        my ($error) = grep { $!{$_} } keys %!;
        $agent{tidy($l->{path}) . ' ' . ($l->{error} ? errno_name($l->{error}) : '')} = 1;
    }
    is $r->{status}, $status >> 8, "$name: ends as under strace";
    cmp_ok scalar(keys %agent), '>', 3, "$name: something to compare";
    is_deeply [sort keys %agent], [sort keys %strace], "$name: as strace";
    return $r;
}

sub errno_name {
    my ($n) = @_;
    for my $name (keys %!) {
        no strict 'refs';
        my $value = eval { &{"Errno::$name"}() };
        return $name if defined $value && $value == $n && $name !~ /^E(WOULDBLOCK|NOTSUP)$/;
    }
    return $n;
}

sub tidy { my ($s) = @_; $s =~ s/\b\d{2,}\b/N/g if $s =~ m{^/proc}; return $s }

my $work = "$tmp/work";
sub fresh { system 'rm', '-rf', $work; mkdir $work; chmod 0777, $work }

sub strace_programs {
    my ($who, %o) = @_;
    same_as_strace("$who: cat", ['/bin/cat', '/etc/hostname', '/none', 'etc/passwd'], %o);
    same_as_strace("$who: shell with pipes", ['/bin/sh', '-c',
            'cd /usr && ls bin/../lib/os-release; cat < /etc/passwd | wc -l; ls -l / | head -n 3; find /etc/alternatives | tail -n 1'],
        %o);
    same_as_strace("$who: calls that change files", ['/usr/bin/perl', '-e', <<'CODE', $work], before => \&fresh, %o);
        chdir $ARGV[0] or die; mkdir "d"; open F, ">", "d/f"; close F; rename "d/f", "d/g"; link "d/g", "h";
        symlink "../x", "d/s"; readlink "d/s"; chmod 0600, "h"; utime 1, 1, "h"; truncate "h", 0;
        lstat "d/s"; stat "d/s"; unlink "h", "d/g", "d/s", "nope"; rmdir "d"; -r "/etc/shadow"; opendir D, "."; exec "/none/x"; exit 4;
CODE
    same_as_strace("$who: threads", ['/usr/bin/perl', '-Mthreads', '-e',
            'my @t = map { my $i = $_; threads->create(sub { stat "/none/$i/$_" for 1..20 }) } 1..8; $_->join for @t'],
        %o);
    same_as_strace("$who: forty threads", [$traced, 'threads'], %o);
}

SKIP: {
    if (system('command -v strace >/dev/null') != 0) {
        fail 'strace is installed' if $ENV{SHUCK_MUST};
        skip 'no strace', 1;
    }
    strace_programs($root ? 'root' : 'user', as => $root ? [] : [qw(unshare -r)]);
    if ($root) {
        my @as = qw(setpriv --reuid 65534 --regid 65534 --clear-groups);
        chmod 0777, $tmp;
        strace_programs('ordinary user', enter => [@as, qw(unshare -r -p -f --mount-proc --kill-child)],
            as => [@as, qw(unshare -r)]);
    }
}

# ---- the tracer's own edges ----

my $r = agent('trace', [$traced, 'page-end', '/etc/hostname']);
ok $r->{status} == 0 && saw($r, '/etc/hostname', 0, 'ACCESS'), 'page end: a path up to the end of memory';

$r = agent('trace', [$traced, 'thread-exec', '/bin/echo', 'x']);
ok $r->{status} == 0 && $r->{out} eq "x\n", 'execve by another thread';
my ($main) = map { $_->{pid} } grep { $_->{main} } @{$r->{exits}};
ok scalar(grep { $_->{path} eq '/bin/echo' && $_->{pid} == $main && "@{$_->{argv}}" eq '/bin/echo x' } @{$r->{execs}}),
    'is recorded under the process';
is scalar @{$r->{exits}}, 1, 'and threads have no ends of their own';

$r = agent('trace', [$traced, 'spawn', '/bin/true']);
ok $r->{status} == 0 && saw($r, '/bin/true', 0, 'EXEC'), 'vfork';

$r = agent('trace', [$traced, 'ring']);
is $r->{out}, "-1 38\n", 'io_uring is answered ENOSYS';
is scalar(grep { /io_uring/ } @{$r->{refused}}), 1, 'which is said once';

POSIX::mkfifo("$tmp/fifo", 0666);
my $pid = agent('trace', [$traced, 'restarted', "$tmp/fifo"], background => 1);
select undef, undef, undef, 0.3;
{ open my $fifo, '>', "$tmp/fifo" }
$r = finish($pid);
is_deeply [map { $_->{error} } grep { $_->{path} eq "$tmp/fifo" } @{$r->{lookups}}], [0], 'restarted: one lookup, with its result';

mkdir "$tmp/sub";
{ open my $f, '>', "$tmp/sub/f" }
$r = agent('trace', [$traced, 'in-root', "$tmp/sub", '/f']);
ok $r->{status} == 0 && saw($r, "$tmp/sub/f", 0, 'OPEN'), 'openat2 inside a root of its own';

SKIP: {
    skip 'no i386 on this machine', 4 unless $arch eq 'x86_64';
    $r = agent('trace', [$traced, 'old-table', '/etc/hostname']);
    ok $r->{status} == 0 && saw($r, '/etc/hostname', 0, 'OPEN'), 'i386: by int 0x80';
    open my $c, '>', "$tmp/old.c";
    print $c <<'CODE';
static int call(int n, const void *a, const void *b, const void *c)
{
    int r;
    __asm__ volatile("int $0x80" : "=a"(r) : "a"(n), "b"(a), "c"(b), "d"(c) : "memory");
    return r;
}
void start(void)
{
    static struct { unsigned short family; char path[20]; } where = {1, "/none/socket"};
    static const char *words[] = {"/bin/true", "a", "b", 0};
    int socket[3] = {1, 1, 0}, address[3] = {0, 0, sizeof where};
    call(5, "/etc/hostname", 0, 0);
    address[0] = call(102, (void *)1, socket, 0);
    address[1] = (int)&where;
    call(102, (void *)3, address, 0);
    call(11, words[0], words, 0);
    call(1, (void *)9, 0, 0);
}
CODE
    close $c;
    is system('gcc', qw(-m32 -O1 -w -ffreestanding -fno-pie -no-pie -nostdlib -static), '-Wl,-e,start', '-o', "$tmp/old", "$tmp/old.c"),
        0, 'i386: a program';
    $r = agent('trace', ["$tmp/old"]);
    ok saw($r, '/etc/hostname', 0, 'OPEN') && saw($r, '/none/socket', 2, 'CONNECT'), 'i386: open, and connect by socketcall';
    ok $r->{status} == 0 && grep({ "@{$_->{argv}}" eq '/bin/true a b' } @{$r->{execs}}), 'i386: its words';
}

$r = agent('trace', ['perl', '-e', <<'CODE', "$tmp/sock"]);
    use Socket; $| = 1;
    socket my $t, AF_INET, SOCK_STREAM, 0; bind $t, pack_sockaddr_in(0, INADDR_LOOPBACK); listen $t, 5;
    my ($port) = unpack_sockaddr_in(getsockname $t); print $port;
    socket my $six, AF_INET6, SOCK_STREAM, 0; bind $six, pack_sockaddr_in6(0, Socket::IN6ADDR_LOOPBACK) and listen $six, 5;
    chdir $ARGV[0] =~ s{/[^/]*$}{}r; socket my $u, AF_UNIX, SOCK_STREAM, 0; bind $u, pack_sockaddr_un("sock"); listen $u, 5;
    socket my $c, AF_UNIX, SOCK_STREAM, 0; connect $c, pack_sockaddr_un($ARGV[0]);
CODE
ok scalar(grep { $_ eq "4 $r->{out} " } @{$r->{listens}}), 'a listening port';
ok scalar(grep { $_ eq "1 0 $tmp/sock" } @{$r->{listens}}), 'a listening socket, bound by a relative name';
ok saw($r, "$tmp/sock", 0, 'CONNECT'), 'and a connection to it';

$r = agent('trace', ['perl', '-e', 'stat "/none/same" for 1..2000; stat "/none/other"']);
is saw($r, '/none/same'), 1, 'the same lookup is written once';

$r = agent('trace', ['/bin/true', map { 'x' x 300 . $_ } 1 .. 200]);
ok $r->{longest} <= 4096 && $r->{left} == 0, 'long arguments: no record over 4096 bytes';
my ($long) = grep { $_->{path} eq '/bin/true' } @{$r->{execs}};
ok $long && @{$long->{argv}} > 10 && length $long->{argv}[1] == 256, 'and as many words as fit, cut';

$r = agent('trace', ['sh', '-c', '(sleep 0.3; kill -CONT $$) & kill -STOP $$; exit 5']);
is $r->{status}, 5, 'stop: a stopped program goes on when continued';

$r = agent('trace', ['perl', '-e', '$SIG{USR1} = sub { $n++ }; for (1..200) { kill USR1 => $$; stat "/none/$_" } exit($n == 200 ? 0 : 1)']);
is $r->{status}, 0, 'signals between calls arrive, each once';

# Killed in the middle: what was seen before is there, and nobody survives.
$pid = agent('trace', ['sh', '-c', 'cat /etc/hostname; sleep 1000'], background => 1);
select undef, undef, undef, 0.05 until length slurp("$tmp/out") && {records()}->{lookups} && grep { $_->{path} =~ /sleep$/ } @{{records()}->{execs}};
my @family = family(agent_of($pid));
kill 'KILL', agent_of($pid);
$r = finish($pid);
ok saw($r, '/etc/hostname', 0, 'OPEN') && !$r->{bye}, 'killed: what happened is recorded, and that it was cut off shows';
for (1 .. 40) { last unless grep { kill 0, $_ } @family; select undef, undef, undef, 0.05 }
is scalar(grep { kill 0, $_ } @family), 0, 'and the program dies with it';

sub family { my @c = split ' ', slurp("/proc/$_[0]/task/$_[0]/children"); return map { $_, family($_) } @c }

my @as_first = $root ? qw(unshare -p -f --mount-proc --kill-child) : @enter;
$r = agent('trace', [$traced, 'attack'], enter => \@as_first, caps => '0');
ok $r->{status} == 0 && $r->{bye}, 'guard: the program can neither trace, read nor kill the tracer';
$r = agent('init', [$traced, 'attack'], enter => \@as_first, caps => '0');
ok $r->{status} == 0 && $r->{bye}, 'guard: nor the parent without tracing';
$r = agent('trace', [$traced, 'attack'], enter => \@as_first);
is $r->{status} & 1, 0, 'guard: not even with every capability can it stop the tracer';
is agent('trace', ['sh', '-c', '(sleep 0.1 & exec true); sleep 0.3; ls -d /proc/[0-9]* | wc -l'], enter => \@as_first)->{status},
    0, 'as process 1';

# ---- an image with nothing in it ----

mkdir "$tmp/empty";
mkdir "$tmp/empty/proc";
my @empty = ($root ? qw(unshare -m -p -f --kill-child) : qw(unshare -r -m -p -f --kill-child), 'sh', '-c',
    'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"', "$tmp/empty");
$r = agent('trace', ['ls'], enter => \@empty);
is $r->{status}, 127, 'an empty image: runs, and finds no program';
is $r->{err}, qq(exec: "ls": executable file not found in \$PATH\n), 'and says so';
ok saw($r, '/usr/bin/ls', 2, 'EXEC'), 'having looked for it';
my @bare = ($root ? () : qw(unshare -r), 'perl', '-e', <<'CODE', "$tmp/empty");
    my $dir = shift; rmdir "$dir/proc"; chroot $dir; chdir "/"; shift @ARGV;
    my @ptr = map { my $s = "$_\0"; $keep[@keep] = $s; unpack "Q", pack "P", $keep[-1] } @ARGV ? ("agent", @ARGV) : ();
    syscall($ENV{EXECVEAT}, 3, my $empty = "", my $argv = pack("Q*", @ptr, 0), my $envp = pack("Q", 0), 0x1000); die "execveat: $!";
CODE
{
    local $ENV{EXECVEAT} = $arch eq 'x86_64' ? 322 : 281;
    $r = agent('trace', ['/x'], enter => \@bare);
    is $r->{status}, 127, 'without /proc';
    ok scalar(grep { m{no /proc} } @{$r->{refused}}), 'which is said';
    ok saw($r, '/x', 2, 'EXEC'), 'and absolute paths are recorded all the same';
}

# ---- users ----

SKIP: {
    # Several ids: root has them all; others need those that newuidmap gives.
    my @ids = $root ? () : qw(unshare --map-root-user --map-auto -p -f --mount-proc --kill-child);
    if (!$root && system("@ids true 2>/dev/null") != 0) {
        skip 'no subordinate ids (see subuid(5))', 4;
    }
    my @go = (enter => \@ids);
    is agent('trace', ['id', '-u'], user => '5678:0:4,5', @go)->{out}, "5678\n", 'another user';
    is agent('init', ['id', '-G'], user => '5678:0:4,5', @go)->{out}, "0 4 5\n", 'and groups';
    system @ids, 'sh', '-c', 'cp /usr/bin/id "$0/id" && chown 0:0 "$0/id" && chmod 4755 "$0/id"', $tmp;
    is agent('trace', ["$tmp/id", '-u'], user => '5678:5678:', caps => 'a80425fb', @go)->{out}, "0\n",
        'a set-user-id program has its rights while traced';
    my $plain = system(@ids, 'setpriv', qw(--reuid 5678 --regid 5678 --clear-groups), 'sh', '-c', qq("$tmp/id" -u | grep -qx 0));
    is $plain, 0, 'as it has without';
    mkdir "$tmp/jail";
    { open my $f, '>', "$tmp/jail/f" }
    $r = agent('trace', ['perl', '-e', 'chroot $ARGV[0] or die; chdir "/"; stat "/f"; stat "f"', "$tmp/jail"]);
    is saw($r, "$tmp/jail/f", 0, 'STAT'), 1, 'chroot: paths are those of the container';
}

# ---- health ----

my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5) or die;
my $port = $server->sockport;
my $serving = fork // die;
if (!$serving) {
    while (my $c = $server->accept) {
        my $line = <$c>;
        my ($path) = $line =~ m{^GET (\S+) HTTP/1.1\r\n$};
        print $c "HTTP/1.1 ", {'/ok' => '200 OK', '/moved' => '302 Found'}->{$path // ''} || '503 Busy', "\r\n\r\n";
        close $c;
    }
    POSIX::_exit(0);
}
my @health = ([0, '/ok'], [0, '/moved'], [1, '/bad']);
for (@health) {
    my ($want, $path) = @$_;
    is system("$agent health http $port $path 2>/dev/null") >> 8, $want, "health: $path";
}
kill 'KILL', $serving;
waitpid $serving, 0;
close $server;
is system("$agent health http $port /ok 2>/dev/null") >> 8, 1, 'health: nobody there';
is system("$agent health http 99999 /ok 2>/dev/null") >> 8, 125, 'health: no such port';

# ---- numbers: the table of calls against the kernel's own headers, where they have the call ----

sub numbers {
    my (%n, $text);
    $text = slurp($_[0]);
    $n{$1} = $2 while $text =~ /^#define __NR(?:3264)?_(\w+)\s+(\d+)/mg;
    return \%n;
}
my $x86 = '/usr/include/x86_64-linux-gnu/asm';
my @columns = map { numbers($_) } "$x86/unistd_64.h", "$x86/unistd_32.h", '/usr/include/asm-generic/unistd.h';
my ($checked, @wrong) = (0);
for my $line (split /\n/, slurp('agent/calls.c')) {
    my ($numbers, $name) = $line =~ /NR\(([^)]*)\).*\/\* (\w+) \*\// or next;
    my @number = split /, */, $numbers;
    $columns[2]{newfstatat} //= $columns[2]{fstatat};
    for my $i (0 .. 2) {
        my $want = $columns[$i]{$name};
        next if !defined $want || $name eq 'fanotify_mark' && $number[$i] < 0;
        next if $i == 2 && $name =~ /(32|64)$/;                             # 32-bit forms in a shared header
        $checked++;
        push @wrong, "$name: $number[$i], not $want" if $number[$i] != $want;
    }
}
is_deeply \@wrong, [], 'numbers: as the kernel headers have them';
cmp_ok $checked, '>', 30, 'numbers: of many calls';

# ---- the program itself ----

cmp_ok -s $agent, '<', 65536, 'under 64 KiB';
unlike `file -L $agent 2>/dev/null`, qr/dynamically/, 'static';
is system("$agent 2>/dev/null") >> 8, 125, 'no mode';

SKIP: {
    skip 'no cross compiler', 3 if $arch eq 'aarch64' || system('command -v aarch64-linux-gnu-gcc >/dev/null') != 0;
    is system("make -s BUILD=$build $build/agent/agent-aarch64 >$tmp/make.log 2>&1"), 0, 'arm64: builds';
    cmp_ok -s "$build/agent/agent-aarch64", '<', 65536, 'arm64: under 64 KiB';
    skip 'no qemu-aarch64', 1 if system('command -v qemu-aarch64 >/dev/null') != 0;
    is `@enter qemu-aarch64 $build/agent/agent-aarch64 init 0:0: ffffffffffffffff / -- /bin/echo arm 2>&1`, "arm\n", 'arm64: runs a program';
}

done_testing;
