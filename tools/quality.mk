# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The gates. What has passed one has a stamp under build/lint/, and is looked at again
# when it has changed, or anything that it includes.

SOURCES := $(filter-out %vmlinux.h,$(wildcard $(addsuffix /*.[ch],bpf registry user/* tools tools/* tests tests/*)))
SCRIPTS := .ci/run $(wildcard tools/*.sh tools/*/*.sh tests/*.sh tests/e2e/*.bash tests/e2e/*.bats)
PYTHON  := $(wildcard tools/*.py tools/*/*.py tests/*.py tests/*/*.py)
TIDY    := $(patsubst %.c,build/lint/%.tidy,$(filter-out %.bpf.c,$(wildcard registry/*.c user/*/*.c tools/*.c tools/*/*.c)))
LINTS   := $(addprefix build/lint/,format shape includes scripts python manual cppcheck tidy)

passed = $(Q)mkdir -p $(@D) && touch $@

lint: ## check the style, the scripts, and what two analysers say of the code
	$(Q)tools/setup.sh lint
	$(Q)$(MAKE) -s --no-print-directory -j $(JOBS) lint-checks

lint-checks: $(LINTS)

build/lint/format: $(SOURCES) .clang-format
	$(call say,LINT)
	$(Q)clang-format --dry-run --Werror $(SOURCES)
	$(passed)

build/lint/shape: $(SOURCES) $(SCRIPTS) $(PYTHON) Makefile $(wildcard tools/*.mk) tools/cppcheck.txt \
		$(wildcard tools/*.services) .clang-tidy
	$(call say,LINT)
	$(Q)tests/shape.sh $^
	$(passed)

build/lint/includes: $(SOURCES) tests/include_rules.py
	$(call say,LINT)
	$(Q)tests/include_rules.py
	$(passed)

build/lint/scripts: $(SCRIPTS) docs/completion/portclass.bash
	$(call say,LINT)
	$(Q)shellcheck -x $(SCRIPTS)
	$(Q)bash -n docs/completion/portclass.bash
	$(passed)

build/lint/python: $(PYTHON)
	$(call say,LINT)
	$(Q)pyflakes3 $^
	$(passed)

build/lint/manual: docs/portclass.8
	$(call say,LINT)
	$(Q)mandoc -T lint -W warning $<
	$(passed)

# Not of tests: that an assertion of cmocka's does not return is more than it can see.
build/lint/cppcheck: $(filter-out tests/%,$(SOURCES)) tools/cppcheck.txt
	$(call say,LINT)
	$(Q)mkdir -p $@.cache
	$(Q)cppcheck -q -j $(JOBS) --std=c11 --enable=warning,performance,portability \
		--cppcheck-build-dir=$@.cache --suppressions-list=tools/cppcheck.txt \
		'-DLIBBPF_OPTS(type,name,...)=struct type name={0}' -D_GNU_SOURCE \
		-Ibpf -Iregistry -Iuser --error-exitcode=1 -i tools/bench/bench.bpf.c registry user tools
	$(passed)

build/lint/tidy: $(TIDY)
	$(call say,LINT)
	$(passed)

# The object is there for its dependencies: they are the file's.
build/lint/%.tidy: %.c build/%.o .clang-tidy
	$(Q)mkdir -p $(@D)
	$(Q)clang-tidy --quiet $< -- -std=gnu11 $(CPPFLAGS_ALL) -Itests > $@.said 2>/dev/null || \
		{ cat $@.said; exit 1; }
	$(passed)

# Which lines the unit tests run. -O0, or lines are merged.
COVERAGE_UNITS := $(patsubst tests/%.c,build/coverage/%,$(wildcard tests/test_*.c))

$(eval $(call variant,build/coverage,$$(CC),-O0 --coverage,build/coverage/test_))

coverage: ## run the unit tests, and say which lines of the code they reach
	$(Q)tools/setup.sh coverage
	$(Q)$(MAKE) -s --no-print-directory -j $(JOBS) $(COVERAGE_UNITS)
	$(Q)find build/coverage -name '*.gcda' -delete
	$(Q)tests/run.sh $(COVERAGE_UNITS)
	$(Q)gcovr --root . --object-directory build/coverage --exclude-throw-branches \
		--json-summary build/coverage/summary.json --html-details build/coverage/index.html \
		--filter 'bpf/' --filter 'registry/' --filter 'user/' build/coverage
	$(Q)tests/coverage.py build/coverage/summary.json

.PHONY: lint lint-checks coverage

soak: all ## let an agent live for HOURS=1 among scans, kills, full disks and other clocks (root)
	$(Q)tools/setup.sh test
	$(Q)tools/world.sh /usr/bin/python3 tools/soak.py $$(awk 'BEGIN { print $(or $(HOURS),1) * 3600 }') $(SEED)

race: ## look for races between the agent's threads with ThreadSanitizer (root)
	$(Q)tools/setup.sh test
	$(Q)$(MAKE) -s --no-print-directory -j $(JOBS) build/threads/portclass
	$(Q)tools/world.sh /usr/bin/python3 tests/race.py build/threads/portclass

.PHONY: soak race
