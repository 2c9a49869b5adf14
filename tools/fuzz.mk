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
FUZZ_SANITIZE := -fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

$(eval $(call variant,build/fuzz,$$(CLANG),-O1 -gline-tables-only $$(FUZZ_SANITIZE) $$(FUZZ_COVERAGE)))

# What only compares all of a table with another teaches libFuzzer nothing, slowly.
build/fuzz/tests/classifier.o build/fuzz/tests/compiled.o: FUZZ_COVERAGE :=
PORT_BY_PORT := $(addprefix registry/,port_table.o resolution.o difference.o statistics.o) user/model/finding.o
$(PORT_BY_PORT:%=build/fuzz/%): FUZZ_COVERAGE += -fno-sanitize-coverage=trace-cmp

build/fuzz/fuzzed.a: $(FUZZED:%.c=build/fuzz/%.o)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

build/fuzz/fuzz_%: build/fuzz/tests/fuzz/fuzz_%.o build/fuzz/fuzzed.a
	$(call link,$(CLANG) $(FUZZ_SANITIZE) -fsanitize=fuzzer,$(TEST_LDLIBS))

build/fuzz/frame_seeds: build/tests/fuzz/frame_seeds.o build/tests/frames.o
	$(call link,$(CC) $(CFLAGS_ALL))

# What a target once failed for, run again without libFuzzer.
build/sanitized/fuzzed.a: $(FUZZED:%.c=build/sanitized/%.o)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

build/replay_%: build/sanitized/tests/fuzz/replay.o build/sanitized/tests/fuzz/fuzz_%.o \
		build/sanitized/fuzzed.a
	$(call link,$(CC) $(CFLAGS_ALL) $(SANITIZE),$(TEST_LDLIBS))

replays: $(REPLAYS)
	$(Q)for replay in $^; do $$replay || exit 1; done

FUZZERS := $(if $(LIBFUZZER),$(FUZZ_TARGETS:%=build/fuzz/fuzz_%))

fuzzers: $(FUZZERS) build/fuzz/frame_seeds build/portclass.bpf.o

fuzz: ## feed foreign bytes to all that reads some, SECONDS=60 for each (root for the kernel)
	$(Q)tools/setup.sh fuzz
	$(Q)$(MAKE) -s --no-print-directory -j $(JOBS) fuzzers
	$(Q)tests/fuzz.sh $(or $(SECONDS),60) build/fuzz/corpus $(FUZZ_TARGETS)

.PHONY: fuzz fuzzers replays
