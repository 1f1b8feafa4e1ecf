/* test_script: first lines of files, and what the kernel makes of them. */
#include "lib/tap.h"

#include "facts/parse.h"

static const struct {
    const char *head, *interpreter, *argument; /* interpreter NULL: no script */
    bool shell;
} table[] = {
    {"#!/bin/sh\necho", "/bin/sh", "", true},
    {"#!/bin/sh -e\n", "/bin/sh", "-e", true},
    {"#! \t/bin/bash  -e  -u \t\r\n", "/bin/bash", "-e  -u", true},
    {"#!/usr/bin/env bash\n", "/usr/bin/env", "bash", true},
    {"#!/usr/bin/env -S A=1 /opt/dash -e\n", "/usr/bin/env", "-S A=1 /opt/dash -e", true},
    {"#!/usr/bin/env python3\n", "/usr/bin/env", "python3", false},
    {"#!/usr/bin/env", "/usr/bin/env", "", false},
    {"#!/usr/bin/perl -w", "/usr/bin/perl", "-w", false},
    {"#!sh", "sh", "", true},
    {"#!", NULL, NULL, false},
    {"#!   \n/bin/sh", NULL, NULL, false},
    {"# !/bin/sh", NULL, NULL, false},
    {"", NULL, NULL, false},
};

int main(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct script_facts s = {0};
        bool is = facts_script_read(str_of(table[i].head), &a, &s);
        ok(is == (table[i].interpreter != NULL), "table %zu: script or not", i);
        if (!is || !table[i].interpreter)
            continue;
        is_str(s.interpreter, table[i].interpreter, "table %zu: interpreter", i);
        is_str(s.argument, table[i].argument, "table %zu: argument", i);
        ok(facts_script_is_shell(&s) == table[i].shell, "table %zu: shell or not", i);
    }
    arena_free(&a);
    return done_testing();
}
