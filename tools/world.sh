#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Run a command in namespaces of its own: network, mounts, processes. It has its
# own BPF file system and loopback, and what it makes vanishes with it, however it ends, and
# however this ends. It finds /proc and /sys even in a bare chroot.
#
# usage: tools/world.sh COMMAND...
#        tools/world.sh inside COMMAND... (in namespaces that the caller has made)
set -euo pipefail

fail() {
	echo "world: $*" >&2
	exit 1
}

enter() {
	[ "$(id -u)" = 0 ] || fail "making namespaces and loading BPF takes root (try: sudo)"
	if [ ! -e /proc/self ]; then
		mount -t proc proc /proc
		trap 'umount /proc' EXIT
	fi
	setpriv --pdeathsig KILL unshare --net --mount --pid --fork --kill-child \
		--propagation unchanged "$0" inside "$@" &
	world=$!
	trap 'kill -KILL $world 2>/dev/null; wait; exit 130' INT TERM HUP
	wait "$world"
}

# Nothing that is mounted here shall be seen outside. In a chroot the root is no
# mount, but entering the namespace that we are in leaves the chroot, for a moment.
make_private() {
	mount --make-rprivate / 2>/dev/null ||
		nsenter --mount=/proc/self/ns/mnt mount --make-rprivate /
}

furnish() {
	make_private
	mount -t proc proc /proc
	[ -d /sys/fs ] || mount -t sysfs sysfs /sys
	[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
	mount -t bpf bpf /sys/fs/bpf || fail "this kernel has no BPF file system"
	[ -e /dev/pts/ptmx ] || mount -t devpts -o ptmxmode=666 devpts /dev/pts
	mount -t tmpfs tmpfs /run
	ip link set lo up
}

if [ "${1:-}" = inside ]; then
	shift
	furnish
	exec "$@"
fi
enter "$@"
