#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Boot a kernel once and run the tests of a machine in it, whose results come out in TAP:
# `virtual` has no card, `ipv4` no IPv6 either; `virtio` and `vmxnet3` have one on a cable to
# this side, which is a namespace of its own.
#
# usage: tests/vm/boot.sh VERSION virtual|ipv4|virtio|vmxnet3 (after make test-vm has built all)
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin:/sbin
version=$1 machine=$2

COMMON=(tests/e2e/helper.bash tests/vm/guest.bash build/static/portclass build/vm/send)

boot_virtual() {
	exec tools/vm/run.sh "$version" tests/vm/virtual.bash "${COMMON[@]}" build/portclass.bpf.o \
		build/vm/neighbour.bpf.o build/kernel_classify build/kernel_swap build/kernel_sweep
}

boot_ipv4() {
	VM_APPEND=ipv6.disable=1 exec tools/vm/run.sh "$version" tests/vm/ipv4.bash "${COMMON[@]}"
}

# Another reload since OUTPUT was as it is; in vain after some seconds, the machine is slow.
wait_for_turn() {
	local turns

	turns=$(grep -c '^# turn' "$1" || true)
	timeout 10 sh -c "until grep -q '^# enough' '$1' ||
		[ \"\$(grep -c '^# turn' '$1')\" -gt $turns ]; do sleep 0.05; done" || true
}

# What the card's machine is sent, from when it is ready until it has had enough.
send_burst() {
	local port address

	timeout 60 sh -c "until grep -q '^# ready' '$1'; do sleep 0.1; done" || return 0
	build/vm/send frames tap0 >/dev/null
	for port in 53 123 443; do
		for address in 192.0.2.2 2001:db8::2; do
			build/vm/send udp "$address" "$port" 10 20
			wait_for_turn "$1" # a reload amid them
		done
	done
	for _ in $(seq 100); do
		build/vm/send udp 192.0.2.2 9 1
		! grep -q '^# enough' "$1" || return 0
		sleep 0.3
	done
}

# The cable: a tap device in this namespace, which is ours alone.
lay_cable() {
	ip link set lo up
	# shellcheck disable=SC2086 # none or one
	ip tuntap add tap0 mode tap $1
	ip addr add 192.0.2.1/24 dev tap0
	ip addr add 2001:db8::1/64 dev tap0 nodad
	ip link set tap0 up
	ip neigh add 192.0.2.2 lladdr "$MAC" dev tap0
	ip neigh add 2001:db8::2 lladdr "$MAC" dev tap0
}

boot_card() {
	local card=$1 queues=$2 tap=$3 sender output status=0

	lay_cable "$tap"
	output=$(mktemp build/vm/output.XXXXXX)
	send_burst "$output" >&2 &
	sender=$!
	tools/vm/run.sh "$version" tests/vm/card.bash "${COMMON[@]}" -- \
		-netdev "tap,id=cable,ifname=tap0,script=no,downscript=no,vhost=off$queues" \
		-device "$card,netdev=cable,mac=$MAC" | tee "$output" || status=$?
	kill $sender 2>/dev/null || true
	rm "$output"
	return $status
}

MAC=52:54:00:00:00:02
case $machine in
virtual) boot_virtual ;;
ipv4) boot_ipv4 ;;
virtio | vmxnet3) exec unshare --net --kill-child --fork "$0" "$version" "$machine-in-namespace" ;;
virtio-in-namespace) boot_card virtio-net-pci,mq=on,vectors=10,romfile= ,queues=4 multi_queue ;;
vmxnet3-in-namespace) boot_card vmxnet3,romfile= '' '' ;;
*) echo "usage: tests/vm/boot.sh VERSION virtual|ipv4|virtio|vmxnet3" >&2; exit 1 ;;
esac
