# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Everything made goes under build/. V=1 shows the commands; `make help` the targets.

PREFIX     ?= /usr
DESTDIR    ?=
CC         ?= gcc
CLANG      ?= clang
CFLAGS     ?= -O2 -g
VERSION    := 0.1
JOBS       ?= $(shell nproc)

comma := ,
Q    := $(if $(filter 1,$(V)),,@)
say   = $(if $(Q),@printf '  %-7s %s\n' $(1) $@)

# The same bytes wherever it is built.
SAME_PATHS    := -ffile-prefix-map=$(CURDIR)=.
WARNINGS      := -Wall -Wextra -Werror -Wshadow -Wconversion -Wsign-conversion \
		 -Wstrict-prototypes -Wmissing-prototypes -Wvla
CPPFLAGS_ALL   = -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Ibpf -Iregistry -Iuser -Ibuild $(CPPFLAGS)
CFLAGS_ALL     = -std=gnu11 $(WARNINGS) $(SAME_PATHS) $(CFLAGS)
# Where Debian has asm/: gcc says so as it is, clang with a vendor in it.
MULTIARCH      = $(subst -unknown-,-,$(subst -pc-,-,$(shell $(CC) -dumpmachine)))
BPF_CPPFLAGS   = -Ibuild -Ivmlinux -I/usr/include/$(MULTIARCH)
# What an attacker would have to get around. Sanitizers, coverage and -O0 go without.
HARDEN         = -fstack-protector-strong -fPIE -pie -Wl,-z,relro,-z,now \
		 $(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)),-D_FORTIFY_SOURCE=2)
SANITIZE      := -fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDLIBS        := -levent -lbpf -lelf -lz -lexpat -lncursesw -ltinfo -lcap -lmd
TEST_LDLIBS   := -lcmocka -ljson-c

REGISTRY         := $(patsubst %.c,%.o,$(wildcard registry/*.c))
PROGRAM          := $(REGISTRY) $(patsubst %.c,%.o,$(wildcard user/*/*.c))
LIBRARY          := $(filter-out user/cli/main.o,$(PROGRAM))
UNITS            := $(patsubst tests/%.c,%,$(wildcard tests/test_*.c))
KERNEL_TESTS     := $(patsubst tests/%.c,%,$(wildcard tests/kernel_*.c))
TEST_SUPPORT     := $(filter-out tests/test_%.c tests/kernel_%.c,$(wildcard tests/*.c))
TOOLS            := $(patsubst tools/%.c,build/%,$(wildcard tools/*.c))

# The kernel types that the programs touch.
VMLINUX_TYPES := ethhdr vlan_hdr iphdr ipv6hdr ipv6_opt_hdr frag_hdr xdp_md xdp_action \
		 bpf_map_type xdp_buff_flags xdp_buff
BTF           ?= /sys/kernel/btf/vmlinux

all: build/portclass build/portclass.bpf.o ## build the program and the BPF object

# $(1): the compiler with its flags, $(2): libraries before the others.
define link
$(call say,LINK)
$(Q)mkdir -p $(@D)
$(Q)$(1) $(LDFLAGS) $(filter %.o %.a,$^) $(2) $(LDLIBS) -o $@
endef

# One way to build all of it. $(1): where objects go, $(2): the compiler, $(3): its flags
# besides CFLAGS_ALL, $(4): what unit tests are called then, without their own names.
define variant
$(1)/%.o: %.c
	$$(call say,CC)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$(2) $$(CPPFLAGS_ALL) $$(CFLAGS_ALL) $(3) -MMD -MP -c $$< -o $$@

# What the compiler does not tell make of: .incbin, and headers that are made.
$(1)/registry/shipped.o: registry/iana.csv
$(1)/user/agent/page.o: build/page.html build/page_policy.h
$(1)/user/kernel/object.o: build/portclass.bpf.o.gz
$(1)/tests/test_shipped.o: build/shipped.h
$(1)/tests/fuzz/%.o: CPPFLAGS_ALL += -Itests

$(1)/portclass: $(PROGRAM:%=$(1)/%)
	$$(call link,$(2) $$(CFLAGS_ALL) $(3))

$(if $(4),$(4)%: $(1)/tests/test_%.o $(TEST_SUPPORT:%.c=$(1)/%.o) $(LIBRARY:%=$(1)/%)
	$$(call link,$(2) $$(CFLAGS_ALL) $(3),$$(TEST_LDLIBS)))
endef

# Unit tests are sanitized: no root, no kernel, everything under ASan and UBSan. So is a whole
# program, whose commands tests/e2e/memory.bats runs.
$(eval $(call variant,build,$$(CC),$$(HARDEN)))
$(eval $(call variant,build/sanitized,$$(CC),$(SANITIZE),build/test_))
$(eval $(call variant,build/threads,$$(CC),-fsanitize=thread))

$(TOOLS): build/%: build/tools/%.o $(REGISTRY:%=build/%)
	$(call link,$(CC) $(CFLAGS_ALL))

# For an image with nothing else in it. No name is resolved at run time, which is
# what the linker warns of when a library could. Where it is loaded is left to chance,
# and what it relocates then is read-only.
STATIC := -static-pie -Wl,-z,relro,-z,now -s -Wl,--gc-sections,--no-warnings

build/static/portclass build/static/portclass.map &: $(PROGRAM:%=build/%)
	$(call say,LINK)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(STATIC) -Wl,-Map=build/static/portclass.map $(LDFLAGS) $^ $(LDLIBS) \
		-o build/static/portclass

static: build/static/portclass ## build the program as one file that needs no library

# When the sources were as they are: it stands for the time of what is made of them.
SOURCE_DATE_EPOCH ?= $(or $(shell git -c safe.directory='*' log -1 --format=%ct 2>/dev/null),0)

build/static/portclass.spdx.json: build/static/portclass build/static/portclass.map FORCE
	$(call say,SBOM)
	$(Q)SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) tools/sbom.sh $< $<.map $(VERSION) > $@.$$$$ && \
		mv $@.$$$$ $@

# Even of the same program: another commit has another time.
FORCE:

sbom: build/static/portclass.spdx.json ## say what is linked into that file (SPDX)

IMAGE  ?= portclass:$(VERSION)
PODMAN ?= podman

image: static sbom ## build the container image IMAGE of both
	$(Q)$(PODMAN) build --target prebuilt --timestamp $(SOURCE_DATE_EPOCH) \
		-f deploy/container/Containerfile -t $(IMAGE) .

# The page that the agent serves, with its style and its scripts in it.
PAGE_SCRIPTS := $(addprefix user/agent/page/,text.js reading.js chart.js services.js card.js agent.js)

build/page.html: user/agent/page/page.html user/agent/page/page.css $(PAGE_SCRIPTS)
	$(call say,PAGE)
	$(Q)mkdir -p $(@D)
	$(Q)sed -e '/^<style>$$/r user/agent/page/page.css' \
		$(PAGE_SCRIPTS:%=-e '/^<script>$$/r %') $< > $@

build/page_policy.h: build/page_policy build/page.html
	$(call say,POLICY)
	$(Q)$^ > $@

# The shipped registry, compiled: what the maps in the object file begin with.
build/shipped.h: build/shipped_header registry/iana.csv
	$(call say,TABLE)
	$(Q)build/shipped_header registry/iana.csv > $@.new
	$(Q)mv $@.new $@

build/portclass.bpf.o: bpf/portclass.bpf.c build/shipped.h
	$(call say,BPF)
	$(Q)$(CLANG) -target bpf -g -O2 -mcpu=v2 -Wall -Wextra -Werror -MMD -MP \
		$(SAME_PATHS) $(BPF_CPPFLAGS) -c $< -o $@

build/portclass.bpf.o.gz: build/portclass.bpf.o
	$(Q)gzip -9n < $< > $@

units: $(UNITS:%=build/%) replays
	$(Q)for unit in $(filter build/%,$^); do $$unit || exit 1; done

# Tests of the BPF object in this kernel: root, but no interface and no network.
build/kernel_%: build/tests/kernel_%.o $(TEST_SUPPORT:%.c=build/%.o) $(REGISTRY:%=build/%)
	$(call link,$(CC) $(CFLAGS_ALL),$(TEST_LDLIBS))

# All that asks for memory: a test refuses it.
ALLOCATES := malloc calloc realloc reallocarray strdup open_memstream XML_ParserCreateNS
$(addsuffix /test_allocation,build build/arm64 build/coverage): private LDFLAGS += $(ALLOCATES:%=-Wl$(comma)--wrap=%)

# A kernel of its own for a test.
$(addsuffix /test_snapshot_read,build build/arm64 build/coverage): private LDFLAGS += \
	-Wl,--wrap=bpf_map_lookup_elem,--wrap=libbpf_num_possible_cpus

# What the BPF object says of each frame of a capture, for tests/e2e/captures.bats.
build/verdicts: build/tests/captures/verdicts.o
	$(call link,$(CC) $(CFLAGS_ALL))

captures: ## fetch the captures that Debian packages have, which the tests read
	$(Q)tools/captures.sh build/captures

kernel-tests: $(KERNEL_TESTS:%=build/%) build/portclass.bpf.o ## run the BPF object in this kernel
	$(Q)for test in $(filter build/kernel_%,$^); do $$test || exit 1; done

include tools/bench.mk tools/fuzz.mk tools/machines.mk tools/quality.mk

# FROM is a file of any format that portclass reads, such as IANA's own CSV.
registry-refresh: build/registry_refresh ## make registry/iana.csv again from FROM=FILE
	$(Q)test -r "$(FROM)" || { echo "usage: make $@ FROM=FILE" >&2; exit 1; }
	$(Q)tools/registry_source.sh "$(FROM)" > build/iana.csv
	$(Q)build/registry_refresh "$(FROM)" registry/additions.csv >> build/iana.csv
	$(Q)mv build/iana.csv registry/iana.csv

vmlinux: build/btf_header ## make vmlinux/vmlinux.h again from this kernel's BTF
	$(Q)build/btf_header $(BTF) $(VMLINUX_TYPES) > vmlinux/vmlinux.h.new
	$(Q)mv vmlinux/vmlinux.h.new vmlinux/vmlinux.h

setup: ## install what building, demo and test need and this machine lacks
	$(Q)tools/setup.sh test

demo: ## see it work: two namespaces, real traffic, one table (root)
	$(Q)tools/setup.sh demo
	$(Q)$(MAKE) -s --no-print-directory -j $(JOBS) all
	$(Q)chown -R --reference=. build
	$(Q)tools/demo.sh

# Less than 15 minutes in all. What can't be done within is a target of its own, which
# .ci/run calls after this one; what adds to it says here by how much.
test: ## set up, build, and run every test (root; without it the kernel's are skipped)
	@echo "all tests: about 10 minutes on 2 idle CPUs, 3 more where packages have to be installed"
	$(Q)tools/setup.sh test
	$(Q)tools/captures.sh build/captures
	$(Q)tools/setup.sh vm && tools/vm/kernel.sh $(VM_KERNELS) || \
		echo "no virtual machines, then: their tests say what is missing"
	$(Q)tools/setup.sh arm64 && tools/arm64_sysroot.sh || \
		echo "no arm64, then: its tests say what is missing"
	$(Q)$(MAKE) -s --no-print-directory -j $(JOBS) check

check: all bench-programs build/sanitized/portclass $(UNITS:%=build/%) $(KERNEL_TESTS:%=build/%) \
		$(REPLAYS) fuzzers build/verdicts $(VM_FILES) \
		$(if $(wildcard build/arm64/sysroot/complete),arm64)
	$(Q)chown -R --reference=. build
	$(Q)tests/run.sh $(filter build/test_% build/kernel_% build/replay_%,$^) tests/fuzz.sh \
		$(sort $(wildcard tests/e2e/*.bats)) tests/arm64.sh tests/vm/all.sh

# Where Debian's zsh looks below /usr, and where every zsh does below another prefix.
ZSH_COMPLETIONS := share/zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)

INSTALLED := bin/portclass lib/bpf/portclass.bpf.o share/portclass/iana.csv \
	     share/man/man8/portclass.8 share/bash-completion/completions/portclass \
	     $(ZSH_COMPLETIONS)/_portclass share/fish/vendor_completions.d/portclass.fish \
	     lib/systemd/system/portclass-agent.service lib/systemd/system/portclass@.service

# The deepest first. What any /usr has stays there, empty or not.
DIRECTORIES = lib/bpf lib/systemd/system lib/systemd share/portclass \
	      share/bash-completion/completions share/bash-completion \
	      $(ZSH_COMPLETIONS) share/zsh share/fish/vendor_completions.d share/fish \
	      $(if $(DESTDIR)$(filter-out /usr /usr/local,$(PREFIX)),bin lib share/man/man8 share/man share)

quoted = '$(subst ','\'',$(1))'
ROOT   = $(call quoted,$(DESTDIR)$(PREFIX))

install: all ## put the program, the object, the registry and the papers below DESTDIR, PREFIX
	$(Q)install -D -m 755 -t $(ROOT)/bin build/portclass
	$(Q)install -D -m 644 -t $(ROOT)/lib/bpf build/portclass.bpf.o
	$(Q)install -D -m 644 -t $(ROOT)/share/portclass registry/iana.csv
	$(Q)install -D -m 644 -t $(ROOT)/share/man/man8 docs/portclass.8
	$(Q)install -D -m 644 docs/completion/portclass.bash \
		$(ROOT)/share/bash-completion/completions/portclass
	$(Q)install -D -m 644 -t $(ROOT)/$(ZSH_COMPLETIONS) docs/completion/_portclass
	$(Q)install -D -m 644 -t $(ROOT)/share/fish/vendor_completions.d \
		docs/completion/portclass.fish
	$(Q)install -D -m 644 -t $(ROOT)/lib/systemd/system \
		deploy/systemd/portclass-agent.service deploy/systemd/portclass@.service
	$(Q)sed -i 's|/usr/bin/portclass|$(PREFIX)/bin/portclass|' \
		$(ROOT)/lib/systemd/system/portclass*.service

uninstall: ## remove what install put there, and the directories that are empty then
	$(Q)rm -f $(addprefix $(ROOT)/,$(INSTALLED))
	$(Q)rmdir $(addprefix $(ROOT)/,$(DIRECTORIES)) 2>/dev/null || true
	$(Q)cd $(call quoted,$(DESTDIR)/) && rmdir -p .$(call quoted,$(PREFIX)) 2>/dev/null || true

clean: ## remove what was made
	$(Q)rm -rf build

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## /  \1	/p' $(filter-out %.d,$(MAKEFILE_LIST)) | expand -t 24

.PHONY: all static sbom image units kernel-tests captures registry-refresh vmlinux setup demo test check \
	install uninstall clean help FORCE
.DELETE_ON_ERROR:
.SECONDARY:
-include $(shell find build -name '*.d' -type f 2>/dev/null)
