# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Other kernels, drivers and processors than this machine's.

# What virtual machines are given: traffic, and another XDP program for the same card.
build/vm/send: build/tests/vm/send.o build/tests/frames.o build/registry/names.o
	$(call say,LINK)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -static $(LDFLAGS) $^ -o $@

build/tests/vm/send.o: CPPFLAGS += -Itests

build/vm/neighbour.bpf.o: tests/vm/neighbour.bpf.c
	$(call say,BPF)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) -target bpf -g -O2 -mcpu=v2 -Wall -Wextra -Werror $(BPF_CPPFLAGS) -c $< -o $@

VM_KERNELS ?= 5.10 6.1 6.12
VM_FILES   := build/static/portclass build/portclass.bpf.o build/vm/send build/vm/neighbour.bpf.o \
	      $(KERNEL_TESTS:%=build/%)

test-vm: ## run it on Debian's kernels 5.10, 6.1 and 6.12, in virtual machines (root)
	$(Q)tools/setup.sh vm
	$(Q)tools/vm/kernel.sh $(VM_KERNELS)
	$(Q)$(MAKE) -s --no-print-directory -j $(JOBS) $(VM_FILES)
	$(Q)chown -R --reference=. build
	$(Q)VM_KERNELS="$(VM_KERNELS)" tests/run.sh tests/vm/all.sh

# The same for arm64: what is generated is the same on every machine. The BPF object
# is made once more with that machine's headers, to be compared.
ARM64_CC    := aarch64-linux-gnu-gcc --sysroot=build/arm64/sysroot
ARM64_TESTS := $(UNITS:%=build/arm64/%)

build/arm64/%.o: %.c
	$(call say,CC)
	$(Q)mkdir -p $(@D)
	$(Q)$(ARM64_CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

build/arm64/user/agent/page.o: build/page.html build/page_policy.h
build/arm64/user/kernel/object.o: build/portclass.bpf.o.gz
build/arm64/user/kernel/program.o: build/portclass.skel.h
build/arm64/registry/shipped.o: registry/iana.csv
build/arm64/tests/test_shipped.o: build/shipped.h

build/arm64/portclass: $(patsubst build/%,build/arm64/%,$(USER_OBJECTS) $(REGISTRY_OBJECTS))
	$(call say,LINK)
	$(Q)$(ARM64_CC) $(CFLAGS_ALL) $(LDFLAGS) $^ $(LDLIBS) -o $@

build/arm64/test_%: build/arm64/tests/test_%.o $(TEST_SUPPORT:%.c=build/arm64/%.o) \
		$(patsubst build/%,build/arm64/%,$(REGISTRY_OBJECTS) \
		$(filter-out build/user/cli/main.o,$(USER_OBJECTS)))
	$(call say,LINK)
	$(Q)$(ARM64_CC) $(CFLAGS_ALL) $(LDFLAGS) $^ -lcmocka $(LDLIBS) -o $@

build/arm64/portclass.bpf.o: bpf/portclass.bpf.c build/shipped.h
	$(call say,BPF)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) -target bpf -g -O2 -mcpu=v2 -Wall -Wextra -Werror -MMD -MP -nostdlibinc $(SAME_PATHS) \
		-Ibuild -Ivmlinux -Ibuild/arm64/sysroot/usr/include/aarch64-linux-gnu \
		-Ibuild/arm64/sysroot/usr/include -c $< -o $@

arm64: build/arm64/portclass build/arm64/portclass.bpf.o $(ARM64_TESTS)

test-arm64: ## build it for arm64, and run the unit tests of that (root)
	$(Q)tools/setup.sh arm64
	$(Q)tools/arm64_sysroot.sh
	$(Q)$(MAKE) -s --no-print-directory -j $(JOBS) all arm64
	$(Q)chown -R --reference=. build
	$(Q)tests/run.sh tests/arm64.sh

.PHONY: test-vm arm64 test-arm64
