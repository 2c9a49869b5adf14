#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Boot every kernel with every machine, two at a time, and print the results of all in
# TAP, as they come. What can't be had here is skipped, with the reason: kernels are fetched before
# (make test-vm), where there is a network. VM_KERNELS and VM_MACHINES choose some.
#
# usage: tests/vm/all.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

VERSIONS=${VM_KERNELS:-5.10 6.1 6.12}
MACHINES=${VM_MACHINES:-virtual ipv4 virtio vmxnet3}
PARALLEL=2

trap 'jobs -p | xargs -r kill 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM HUP

# Why a machine can't be run here; nothing if it can.
obstacle() {
	if [ "$(uname -m)" != x86_64 ]; then
		echo "the kernels are those of x86_64"
	elif [ "$(id -u)" != 0 ]; then
		echo "no right to make interfaces; run as root"
	elif ! command -v qemu-system-x86_64 >/dev/null; then
		echo "no qemu-system-x86_64 (try: tools/setup.sh vm)"
	elif [ ! -e "build/vm/$1/modules.cpio" ]; then
		echo "no kernel $1 was fetched (try, with a network: make test-vm)"
	elif [[ $2 != virtual && $2 != ipv4 ]] && [ ! -e /dev/net/tun ]; then
		echo "no /dev/net/tun for the card's cable"
	fi
}

# Its results, as they come out of the machine; its end is a test, too.
run_machine() {
	local reason status=0

	reason=$(obstacle "$1" "$2")
	if [ -n "$reason" ]; then
		echo "ok - machine # SKIP $reason"
		return
	fi
	tests/vm/boot.sh "$1" "$2" 2>&1 || status=$?
	[ $status = 0 ] || echo "not ok - ended with status $status"
}

run_all() {
	local version machine

	for machine in $MACHINES; do
		for version in $VERSIONS; do
			while [ "$(jobs -rp | wc -l)" -ge $PARALLEL ]; do
				wait -n || true
			done
			run_machine "$version" "$machine" | name_results "$version $machine" &
		done
	done
	wait
}

# Each line with its kernel and its machine: those of others stand between.
name_results() {
	sed -u "s|^\(\(not \)\?ok\) [0-9 ]*- |\1 - $1: |; s|^# |# $1: |; /^1\.\./d"
}

# One sequence of numbers.
number_results() {
	local line tests=0

	while IFS= read -r line; do
		case $line in
		'ok - '* | 'not ok - '*)
			tests=$((tests + 1))
			line="${line%%ok - *}ok $tests - ${line#*ok - }" ;;
		esac
		printf '%s\n' "$line"
	done
	echo "1..$tests"
}

run_all | number_results
