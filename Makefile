# shuck: `make` builds build/shuck; `make help` lists the rest. MODE=release|asan|cov|fuzz picks the
# build folder and its flags.

MODE ?= release
BUILD_release := build
BUILD := $(or $(BUILD_$(MODE)),build-$(MODE))
VERSION := 0.1.0

CC_fuzz := clang
CC := $(or $(CC_$(MODE)),gcc)
CFLAGS_release := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong
CFLAGS_asan := -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
CFLAGS_cov := -O0 --coverage
CFLAGS_fuzz := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
WARN := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
LIBS := libarchive libisal libzstd zlib libcrypto jansson libelf yaml-0.1 libseccomp libcurl libhs sqlite3
CPPFLAGS := -Isrc -I. -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DSHUCK_VERSION='"$(VERSION)"' -include src/base/banned.h
CFLAGS ?= -g
ALL_CFLAGS = -std=gnu11 $(WARN) $(CFLAGS) $(CFLAGS_$(MODE)) -fPIE -pthread $(shell pkg-config --cflags $(LIBS))
# these are loaded when they are needed (src/base/late.h)
LATE := libarchive libcrypto libcurl libhs sqlite3
LDLIBS = $(shell pkg-config --libs $(filter-out $(LATE),$(LIBS))) -lm -pthread $(LDLIBS_$(MODE))
TEST_LDLIBS = $(shell pkg-config --libs $(LIBS)) -lm -pthread
# Hyperscan throws, which clang's sanitizer has to know from the start
LDLIBS_fuzz := -Wl,--no-as-needed -lstdc++
LDFLAGS := -pie -Wl,-z,relro,-z,now

SRC := $(sort $(wildcard src/*/*.c))
OBJ := $(SRC:%.c=$(BUILD)/%.o)
LIB := $(BUILD)/libshuck.a
LIB_OBJ := $(filter-out $(BUILD)/src/cli/main.o,$(OBJ)) $(BUILD)/agent/blob.o $(BUILD)/secret/blob.o
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/unit/test_*.c)))
FUZZ := $(patsubst fuzz/%.c,$(BUILD)/fuzz/%,$(sort $(wildcard fuzz/fuzz_*.c)))
ARCH := $(shell uname -m)
# V=1 shows whole command lines
say = $(if $(V),,@printf '  %-6s%s\n' $(1) $@ &&)

.PHONY: all help deps check check-unit check-rest demo layers invariants headers analyze format bench fuzz clean
all: $(BUILD)/shuck

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

$(BUILD)/shuck: $(BUILD)/src/cli/main.o $(LIB)
	$(call say,LD) $(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(call say,AR) ar rcs $@ $^

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC) $(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The agent: one static program without libc a machine kind, carried inside shuck as bytes.
AGENT_CFLAGS := -std=gnu11 $(WARN) -Os -g0 -ffreestanding -ffunction-sections -fno-builtin \
  -fno-stack-protector -fno-pie -fno-asynchronous-unwind-tables -fcf-protection=none -I.
AGENT_LDFLAGS := -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-z,norelro -Wl,--gc-sections \
  -Wl,-s
AGENT_SRC := $(sort $(wildcard agent/*.c))
AGENT_HDR := $(wildcard agent/*.h)
$(BUILD)/agent/agent-x86_64: AGENT_CC := gcc
$(BUILD)/agent/agent-aarch64: AGENT_CC := $(if $(filter aarch64,$(ARCH)),gcc,aarch64-linux-gnu-gcc)
$(BUILD)/agent/agent-aarch64: AGENT_CFLAGS := $(filter-out -fcf-protection=none,$(AGENT_CFLAGS))
$(BUILD)/agent/agent-%: $(AGENT_SRC) $(AGENT_HDR) Makefile
	@mkdir -p $(@D)
	$(call say,AGENT) $(AGENT_CC) $(AGENT_CFLAGS) $(AGENT_LDFLAGS) -o $@.tmp $(AGENT_SRC)
	@mv $@.tmp $@

$(BUILD)/agent/blob.o: agent/blob.S $(BUILD)/agent/agent-$(ARCH)
	$(call say,AS) $(CC) -DAGENT_FILE='"$(BUILD)/agent/agent-$(ARCH)"' -c -o $@ $<

# The kinds of secrets, compiled: a program made of their tables writes what shuck carries as bytes.
SECRET_OBJ := $(filter $(BUILD)/src/secret/% $(BUILD)/src/base/% $(BUILD)/src/finding/%,$(OBJ))
$(BUILD)/secret/compile: tools/secret-compile.c $(SECRET_OBJ)
	@mkdir -p $(@D)
	$(call say,LD) $(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/secret/kinds: $(BUILD)/secret/compile
	$(call say,KINDS) $< >$@.tmp
	@mv $@.tmp $@

$(BUILD)/secret/blob.o: src/secret/blob.S $(BUILD)/secret/kinds
	$(call say,AS) $(CC) -DSECRET_FILE='"$(BUILD)/secret/kinds"' -c -o $@ $<

deps: ## install what building and testing need (Debian packages; asks for sudo only when needed)
	@tools/deps

$(BUILD)/tests/test_%: tests/unit/test_%.c tests/lib/tap.h $(LIB)
	@mkdir -p $(@D)
	$(call say,TEST) $(CC) $(CPPFLAGS) -Itests $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(LIB) $(TEST_LDLIBS)

# Programs that whole-program tests drive the library with.
DRIVE := $(patsubst tests/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/sandbox/*.c tests/lint/*.c tests/planted/*.c)))
$(DRIVE): $(BUILD)/tests/%: tests/%.c $(wildcard tests/lib/*.h tests/planted/*.h) $(LIB)
	@mkdir -p $(@D)
	$(call say,TEST) $(CC) $(CPPFLAGS) -Itests $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(LIB) $(TEST_LDLIBS)

# Without libFuzzer a fuzz target replays the files it is given: crashes found once are tests for ever.
FUZZ_MAIN := $(if $(filter fuzz,$(MODE)),-fsanitize=fuzzer,fuzz/replay.c)
$(BUILD)/fuzz/fuzz_%: fuzz/fuzz_%.c fuzz/replay.c $(LIB)
	@mkdir -p $(@D)
	$(call say,FUZZ) $(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(FUZZ_MAIN) $(LIB) $(LDLIBS)

check: deps ## install what is missing, build, and pass the tests
	@$(MAKE) --no-print-directory check-rest

check-rest: all headers layers invariants $(UNIT) $(DRIVE) $(FUZZ)
	@BUILD=$(BUILD) tests/run $(UNIT)

check-unit: $(UNIT)
	@prove $(UNIT)

headers: ## every header compiles alone
	@for h in src/*/*.h; do $(CC) $(CPPFLAGS) $(ALL_CFLAGS) -fsyntax-only -x c $$h || exit 1; done

layers: ## folders include lower floors only
	@tools/layers

invariants: ## every invariant a file opens with names a test that is there
	@tools/invariants

analyze: ## gcc -fanalyzer and clang-tidy
	@tools/analyze

format: ## lay the code out
	clang-format -i src/*/*.[ch] agent/*.[ch] tests/unit/*.c tests/sandbox/*.c tests/lint/*.c tests/lib/*.h fuzz/*.c demo/*/*.c

# The demo's server: static, so that it can be the only file of an image. The linker's warnings about
# name look-ups in static programs do not matter: it looks names up through libevent's own resolver.
build/demo/web: demo/web/web.c
	@mkdir -p $(@D)
	$(call say,WEB) gcc -std=gnu11 -Wall -Wextra -Wconversion -Os -static -s -ffunction-sections -fdata-sections \
	  -Wl,--gc-sections,--no-warnings -o $@ $< -levent

demo: deps ## take the vulnerable web server down the road
	@$(MAKE) --no-print-directory all build/demo/web
	@demo/run

bench: all ## ratios against peers and floors on this machine
	@bench/run
	@bench/lint

fuzz: ## run every fuzz target for FUZZ_SECONDS (60)
	@$(MAKE) --no-print-directory MODE=fuzz fuzz-run

fuzz-run: $(FUZZ)
	@for f in $(FUZZ); do c=fuzz/corpus/$${f##*/fuzz_}; mkdir -p $(BUILD)/found/$${f##*/}; \
	  $$f -max_total_time=$(or $(FUZZ_SECONDS),60) -artifact_prefix=$(BUILD)/found/ $(BUILD)/found/$${f##*/} $$c || exit 1; done

clean: ## remove the build folders
	rm -rf build build-asan build-cov build-fuzz

-include $(OBJ:.o=.d)
