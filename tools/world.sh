#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Run a command in namespaces of its own: network, mounts, processes. It has its
# own BPF file system, and what it makes vanishes with it, however it ends, and
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
	setpriv --pdeathsig KILL unshare --net --mount --pid --fork --kill-child \
		--propagation unchanged "$0" inside "$@" &
	world=$!
	trap 'kill -KILL $world 2>/dev/null; exit 130' INT TERM HUP
	wait "$world"
}

mount_file_systems() {
	# In a chroot the root is no mount, and can't be made private.
	mount --make-rprivate / 2>/dev/null || mount --make-rprivate /sys 2>/dev/null || true
	mount -t proc proc /proc
	[ -d /sys/fs ] || mount -t sysfs sysfs /sys
	[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
	mount -t bpf bpf /sys/fs/bpf || fail "this kernel has no BPF file system"
	mount -t tmpfs tmpfs /run
}

if [ "${1:-}" = inside ]; then
	shift
	mount_file_systems
	exec "$@"
fi
enter "$@"
