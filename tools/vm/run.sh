#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Boot a kernel that kernel.sh has fetched, run a bash script in it as process 1's only
# child, as root, and end with its status (125: it did not come to its end). What it
# prints comes out here. The machine is emulated, has memory only, and begins with the
# script, the FILEs beside it in /job, bash, busybox, ip, bpftool, ethtool, jq
# and xdp-loader. Above VM_SECONDS (300) it is ended.
# VM_APPEND: more words for the kernel.
#
# usage: tools/vm/run.sh VERSION SCRIPT [FILE...] [-- QEMU-ARGUMENT...]
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin:/sbin

PROGRAMS='bash ip bpftool ethtool jq xdp-loader'
CPUS=2
MEMORY=512 # MB

fail() {
	echo "vm: $*" >&2
	exit 125
}

# add ROOT PROGRAM TO: a program below ROOT, with the libraries that it asks for.
add() {
	local library

	install -D -m 755 "$2" "$1$3"
	{ ldd "$2" 2>/dev/null || true; } | sed -n 's|^[^/]*\(/[^ ]*\) (.*|\1|p' | while read -r library; do
		[ -e "$1$library" ] || install -D -m 755 "$library" "$1$library"
	done
}

# Where libxdp looks for its dispatcher, it is told by the program that asks.
add_dispatchers() {
	local object

	for object in /usr/lib/*/bpf/xdp-dispatcher.o; do
		[ ! -e "$object" ] || install -D "$object" "$1$object"
	done
}

pack() {
	(cd "$1" && find . | cpio -o -H newc --quiet)
}

# What is the same in every boot, made once.
make_base() {
	local base=build/vm/base.cpio root program

	[ ! "$base" -nt "$0" ] || return 0
	root=$(mktemp -d "$scratch/base.XXXXXX")
	mkdir -p "$root"/{bin,dev,etc,proc,root,run/netns,sys,tmp,var}
	ln -s /run "$root/var/run"
	add "$root" "$(command -v busybox)" /bin/busybox
	for program in $PROGRAMS; do
		add "$root" "$(command -v "$program")" "/bin/$program"
	done
	add_dispatchers "$root"
	pack "$root" >"$scratch/base.cpio"
	mv "$scratch/base.cpio" "$base"
}

# Its last line is what this script looks for.
write_init() {
	cat >"$1" <<-'END'
	#!/bin/busybox sh
	export PATH=/bin:/usr/bin:/usr/sbin:/sbin HOME=/root LC_ALL=C
	mkdir -p /usr/bin
	/bin/busybox --install -s /usr/bin
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	mount -t devtmpfs dev /dev
	mount -t bpf bpf /sys/fs/bpf
	ln -s /proc/self/fd /dev/fd
	dmesg -n 1
	while read -r module; do insmod "/modules/$module" 2>/dev/null; done </modules/order
	ip link set lo up
	cd /job
	echo "vm: begins"
	/bin/bash ./main </dev/null 2>&1
	echo "vm: ended with status $?"
	poweroff -f
	END
	chmod 755 "$1"
}

make_job() {
	local root=$scratch/job file

	mkdir -p "$root/job"
	write_init "$root/init"
	install -m 755 "$1" "$root/job/main"
	shift
	for file; do
		add "$root" "$file" "/job/$(basename "$file")"
	done
	pack "$root" >"$scratch/job.cpio"
}

# Not KVM, which not every machine that runs tests has.
boot() {
	local kernel=$1

	shift
	setpriv --pdeathsig TERM timeout --kill-after=5 "${VM_SECONDS:-300}" \
		setpriv --pdeathsig KILL qemu-system-x86_64 -accel tcg,thread=multi -cpu max \
		-smp "$CPUS" -m "$MEMORY" -nodefaults -no-user-config -display none -no-reboot \
		-serial stdio -monitor none -kernel "$kernel" -initrd "$scratch/initrd" \
		-append 'console=ttyS0 quiet loglevel=1 panic=-1 mitigations=off tsc=reliable no_timer_check'" ${VM_APPEND:-}" \
		"$@" </dev/null
}

[ $# -ge 2 ] || fail "usage: tools/vm/run.sh VERSION SCRIPT [FILE...] [-- QEMU-ARGUMENT...]"
directory=build/vm/$1 script=$2 files=()
shift 2
while [ $# -gt 0 ] && [ "$1" != -- ]; do
	files+=("$1")
	shift
done
[ $# -eq 0 ] || shift
[ -e "$directory/modules.cpio" ] || fail "no kernel in $directory (try: tools/vm/kernel.sh)"

scratch=$(mktemp -d build/vm/run.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
make_base
make_job "$script" "${files[@]}"
cat build/vm/base.cpio "$directory/modules.cpio" "$scratch/job.cpio" >"$scratch/initrd"
# An emulated kernel may panic while it patches its own code, before anything of ours
# runs: it is booted again then. What happens later counts.
for _ in 1 2 3; do
	boot "$directory/vmlinuz" "$@" 2>&1 | stdbuf -oL tr -d '\r' | tee "$scratch/output" |
		sed -u '/^vm: begins$/d; /^vm: ended with status /,$d' || true
	! grep -q '^vm: begins$' "$scratch/output" || break
	echo "# the kernel ended before the tests began"
done
status=$(sed -n 's/^vm: ended with status //p' "$scratch/output")
exit "${status:-125}"
