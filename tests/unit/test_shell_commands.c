/* test_shell_commands: scripts and the programs found in them. */
#include "facts/shell_commands.h"

#include "base/buf.h"
#include "lib/tap.h"

static struct str joined(struct arena *a, const struct shell_words *words)
{
    struct buf b = {.a = a};
    vec_each (words, i) {
        if (i)
            buf_addc(&b, ' ');
        buf_add(&b, words->v[i]);
    }
    return buf_str(&b);
}

static const struct {
    const char *script, *commands, *sourced;
} table[] = {
    {"nginx -g 'daemon off;'", "nginx", ""},
    {"exec nginx", "nginx", ""},
    {"  a; b & c && d || e | f |& g\nh", "a b c d e f g h", ""},
    {"cd /tmp; echo x; [ -f y ] && test z; export A=b; true", "", ""},
    {"FOO=bar BAZ= prog arg", "prog", ""},
    {"if grep -q x y; then sed s/a/b/ f; else awk 1; fi; date", "grep sed awk date", ""},
    {"for f in ls cat; do wc $f; done", "wc", ""},
    {"while read -r l; do cut -f1; done < in", "cut", ""},
    {"case $1 in\n start|go) run it;;\n 'stop') halt ;;\n *) usage\nesac\nlast",
     "run halt usage last", ""},
    {"case x in (a) one;; esac; two", "one two", ""},
    {"x=$(hostname -i | head -1)", "hostname head", ""},
    {"echo \"now `date +%s` $(id -u)\"", "date id", ""},
    {"n=$((1 + 2)); ((n++)); expr 1", "expr", ""},
    {"echo 'ls; $(cat)' \"a \\$(b)\"", "", ""},
    {"\"/usr/bin/my prog\" x", "/usr/bin/my prog", ""},
    {"$PROG x; ${P}ls; l*s; ls", "ls", ""},
    {"# comment ls\nmkdir -p a # cat\nrm a#b", "mkdir rm", ""},
    {"cat <<EOF | tee out\nls\nrm\nEOF\nsync", "cat tee sync", ""},
    {"cat <<-'E O'\n\tls\n\tE O\nsync", "cat sync", ""},
    {"run >out 2>&1 </dev/null &>all; >x made", "run made", ""},
    {"diff <(sort a) <(uniq b)", "diff sort uniq", ""},
    {". /etc/default/x; source lib.sh; . $Y", "", "/etc/default/x lib.sh"},
    {"exec gosu redis redis-server", "gosu redis-server", ""},
    {"exec su-exec 1:2 prog", "su-exec prog", ""},
    {"env -i A=b -u C nice -n 5 prog", "env nice prog", ""},
    {"find / -name x -exec chown a {} ';' -o -delete; ls", "find chown ls", ""},
    {"ls | xargs -n 1 rm -f", "ls xargs rm", ""},
    {"timeout -k 1 5 curl x", "timeout curl", ""},
    {"sh -c 'a; b' ; bash -ec c; sh run.sh", "sh a b bash c run.sh", "run.sh"},
    {"f() { inner; }; function g { deep; }; ( sub )", "inner deep sub", ""},
    {"trap 'rm -f x' EXIT; eval 'touch y'", "rm touch", ""},
    {"! grep x; time ls; { cat; }", "grep ls cat", ""},
    {"a \\\n b; c\\\nx", "a cx", ""},
    {"a; a; a", "a", ""},
    {": ${X:=$(nproc)} ${Y:-`arch`}", "nproc arch", ""},
    {"select x in a b; do tr; done; until ls; do :; done", "tr ls", ""},
    {"[[ a == b ]] && vi", "vi", ""},
};

int main(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct facts_shell_calls calls;
        facts_shell_commands(str_of(table[i].script), &a, &calls);
        is_str(joined(&a, &calls.commands), table[i].commands, "commands of case %zu", i);
        is_str(joined(&a, &calls.sourced), table[i].sourced, "sourced by case %zu", i);
    }
    struct facts_shell_calls calls;
    facts_shell_commands(STR("set -e\nexec \"$@\""), &a, &calls);
    ok(calls.runs_arguments, "exec \"$@\" runs the arguments");
    facts_shell_commands(STR("echo \"$@\""), &a, &calls);
    ok(!calls.runs_arguments, "echo does not");
    ok(facts_is_shell(STR("dash")) && !facts_is_shell(STR("python3")), "shells by name");

    struct buf deep = {.a = &a};
    for (int i = 0; i < 5000; i++)
        buf_addz(&deep, "$(");
    facts_shell_commands(buf_str(&deep), &a, &calls);
    ok(calls.commands.n == 0, "nesting ends");
    const char *cut = "a $( b ` \" c ' d ${ e <<F \\";
    for (size_t n = 0; n <= strlen(cut); n++)
        facts_shell_commands(str_slice(str_of(cut), 0, n), &a, &calls);
    ok(true, "cut off anywhere");
    arena_free(&a);
    return done_testing();
}
