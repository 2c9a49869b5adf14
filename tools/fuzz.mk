# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Foreign bytes for all that reads some.

FUZZ_TARGETS     := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAYS          := $(patsubst %,build/replay_%,$(sort $(notdir $(wildcard tests/fuzz/c*s/*))))
FUZZ_SUPPORT     := $(addprefix tests/fuzz/,fuzz.c maker.c reader.c frame.c oracle.c parts.c rows.c)

# What is fuzzed, and what it is fuzzed with. Each target links what it needs of it.
FUZZED := $(filter-out user/cli/main.c,$(wildcard registry/*.c user/*/*.c)) $(TEST_SUPPORT) $(FUZZ_SUPPORT)

# A runtime of clang's, which Debian has in a package of its own.
LIBFUZZER     := $(filter /%,$(shell $(CLANG) -print-file-name=libclang_rt.fuzzer-$(shell uname -m).a))
FUZZ_COVERAGE := -fsanitize=fuzzer-no-link
FUZZ_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

build/fuzz/%.o: %.c
	$(call say,FUZZ)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(CPPFLAGS_ALL) -std=gnu11 $(WARNINGS) -O1 -gline-tables-only $(FUZZ_SANITIZE) \
		$(FUZZ_COVERAGE) -MMD -MP -c $< -o $@

# What only compares all of a table with another teaches libFuzzer nothing, slowly.
build/fuzz/tests/classifier.o build/fuzz/tests/compiled.o: FUZZ_COVERAGE :=
PORT_BY_PORT := $(addprefix registry/,port_table.o resolution.o difference.o statistics.o) user/model/finding.o
$(PORT_BY_PORT:%=build/fuzz/%): FUZZ_COVERAGE += -fno-sanitize-coverage=trace-cmp
build/tests/fuzz/%.o build/fuzz/tests/fuzz/%.o build/sanitized/tests/fuzz/%.o: CPPFLAGS_ALL += -Itests
build/fuzz/registry/shipped.o: registry/iana.csv
build/fuzz/user/agent/page.o: build/page.html build/page_policy.h
build/fuzz/user/kernel/object.o: build/portclass.bpf.o.gz
build/fuzz/user/kernel/program.o: build/portclass.skel.h

build/fuzz/fuzzed.a: $(FUZZED:%.c=build/fuzz/%.o)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

build/fuzz/fuzz_%: build/fuzz/tests/fuzz/fuzz_%.o build/fuzz/fuzzed.a
	$(call say,LINK)
	$(Q)$(CLANG) $(FUZZ_SANITIZE) -fsanitize=fuzzer $^ -lcmocka $(LDLIBS) -o $@

build/fuzz/frame_seeds: build/tests/fuzz/frame_seeds.o build/tests/frames.o
	$(call say,LINK)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS) $^ -o $@

# What a target once failed for, run again without libFuzzer.
build/sanitized/fuzzed.a: $(FUZZED:%.c=build/sanitized/%.o)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

build/replay_%: build/sanitized/tests/fuzz/replay.o build/sanitized/tests/fuzz/fuzz_%.o \
		build/sanitized/fuzzed.a
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS_ALL) $(SANITIZE) $(LDFLAGS) $^ -lcmocka $(LDLIBS) -o $@

replays: $(REPLAYS)
	$(Q)for replay in $^; do $$replay || exit 1; done

FUZZERS := $(if $(LIBFUZZER),$(FUZZ_TARGETS:%=build/fuzz/fuzz_%))

fuzzers: $(FUZZERS) build/fuzz/frame_seeds build/portclass.bpf.o

fuzz: ## feed foreign bytes to all that reads some, SECONDS=60 for each (root for the kernel)
	$(Q)tools/setup.sh fuzz
	$(Q)$(MAKE) -s --no-print-directory -j $(JOBS) fuzzers
	$(Q)tests/fuzz.sh $(or $(SECONDS),60) build/fuzz/corpus $(FUZZ_TARGETS)

.PHONY: fuzz fuzzers replays
