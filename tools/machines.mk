# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Other kernels, drivers and processors than this machine's.

# What virtual machines are given: traffic, and another XDP program for the same card.
build/vm/send: build/tests/vm/send.o build/tests/frames.o build/registry/names.o
	$(call link,$(CC) $(CFLAGS_ALL) -static)

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

$(eval $(call variant,build/arm64,$$(ARM64_CC),$$(HARDEN),build/arm64/test_))

build/arm64/static/portclass: $(PROGRAM:%=build/arm64/%)
	$(call link,$(ARM64_CC) $(CFLAGS_ALL) $(STATIC))

build/arm64/portclass.bpf.o: bpf/portclass.bpf.c build/shipped.h
	$(call say,BPF)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) -target bpf -g -O2 -mcpu=v2 -Wall -Wextra -Werror -MMD -MP -nostdlibinc $(SAME_PATHS) \
		-Ibuild -Ivmlinux -Ibuild/arm64/sysroot/usr/include/aarch64-linux-gnu \
		-Ibuild/arm64/sysroot/usr/include -c $< -o $@

arm64: build/arm64/portclass build/arm64/static/portclass build/arm64/portclass.bpf.o $(ARM64_TESTS)

test-arm64: ## build it for arm64, and run the unit tests of that (root)
	$(Q)tools/setup.sh arm64
	$(Q)tools/arm64_sysroot.sh
	$(Q)$(MAKE) -s --no-print-directory -j $(JOBS) all arm64
	$(Q)chown -R --reference=. build
	$(Q)tests/run.sh tests/arm64.sh

.PHONY: test-vm arm64 test-arm64
