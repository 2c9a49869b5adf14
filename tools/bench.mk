# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Against what people use today. ROUNDS samples of each; BASE: an earlier bench.json.
BENCH_PROGRAMS := packets send maps scaling
BENCH_SUPPORT  := $(filter-out %.bpf.c $(BENCH_PROGRAMS:%=tools/bench/%.c),$(wildcard tools/bench/*.c))
ROUNDS         ?= 15

build/bench.bpf.o: tools/bench/bench.bpf.c
	$(call say,BPF)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) -target bpf -g -O2 -mcpu=v2 -Wall -Wextra -Werror -MMD -MP \
		-Ibpf $(BPF_CPPFLAGS) -c $< -o $@

build/tools/bench/%.o: CPPFLAGS += -Itests
build/bench_%: build/tools/bench/%.o $(BENCH_SUPPORT:%.c=build/%.o) build/tests/frames.o \
		$(LIBRARY:%=build/%)
	$(call link,$(CC) $(CFLAGS_ALL),-lm -lpthread)

bench-programs: all build/bench.bpf.o $(BENCH_PROGRAMS:%=build/bench_%)

bench: ## measure it against what people use; table and build/bench.json (root)
	$(Q)tools/setup.sh bench
	$(Q)$(MAKE) -s --no-print-directory -j $(JOBS) bench-programs
	$(Q)tools/bench/bench.sh $(ROUNDS) > build/bench.tsv
	$(Q)tools/bench/report.py build/bench.json $(BASE) < build/bench.tsv
	$(Q)tools/world.sh /usr/bin/python3 tools/bench/load.py 16 250
	$(Q)tools/world.sh /usr/bin/python3 tools/bench/load.py 300 50

.PHONY: bench bench-programs
