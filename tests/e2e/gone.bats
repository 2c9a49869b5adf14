#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2034 # the helper reads `show`
#
# Interfaces that vanish, and two of the same name.

load helper

setup() { world_open; }
teardown() { world_close; }

@test "an interface that is gone can be listed, read and detached" {
	portclass attach dev eth0
	cable_raise
	send_udp 53 5
	on_host ip link del eth0
	portclass list | grep eth0
	portclass list -j | jq -e .
	refused 3 "gone" show dev eth0
	show=$(portclass show pin "$PINS/eth0" -j)
	[ "$(packets to udp domain)" = 5 ]
	portclass detach dev eth0
	nothing_is_pinned
}

@test "a new interface of the same name can be attached, and counts from zero" {
	portclass attach dev eth0
	cable_raise
	send_udp 53 5
	on_host ip link del eth0
	cable_lay eth0
	portclass attach dev eth0
	cable_raise
	send_udp 53 3
	conserved
	[ "$(packets to udp domain)" = 3 ]
	portclass detach dev eth0
	nothing_is_pinned
}

@test "a renamed interface is still found by its new name" {
	portclass attach dev eth0
	cable_raise
	send_udp 53 5
	on_host ip link set eth0 down
	on_host ip link set eth0 name wan0
	show=$(portclass show dev wan0 -j)
	[ "$(packets to udp domain)" = 5 ]
	portclass detach dev wan0
	slot_is_free wan0
	nothing_is_pinned
}

@test "two namespaces with an eth0 each, on one BPF file system" {
	portclass attach dev eth0
	on_peer ip link set eth0 up
	on_peer "$PORTCLASS" attach dev eth0
	[ "$(on_host find "$PINS" -mindepth 1 -maxdepth 1 | wc -l)" = 2 ]
	send_udp 53 5
	on_host bash -c 'for i in 1 2 3; do echo x >/dev/udp/192.0.2.2/123; done' 2>/dev/null

	show=$(on_peer "$PORTCLASS" show dev eth0 -j)
	[ "$(packets to udp ntp)" = 3 ]
	[ "$(packets to udp domain)" = 0 ]
	on_peer "$PORTCLASS" detach dev eth0
	[ "$(on_peer ip -j link show dev eth0 | jq '.[0].xdp')" = null ]

	conserved
	[ "$(packets to udp domain)" = 5 ]
	[ "$(packets to udp ntp)" = 0 ]
	portclass detach dev eth0
	nothing_is_pinned
}

@test "an interface that moved to another namespace belongs to that one" {
	portclass attach dev eth0
	on_host ip link add spare0 index 77 type veth peer name spare1
	portclass attach dev spare0
	on_host ip link set spare0 netns peer
	on_host ip link add victim index 77 type veth peer name victim1

	[ "$(portclass -j list | jq -r '.[] | select(.here).interface')" = eth0 ]
	refused 3 "not attached" show dev victim
	refused 3 "not attached" detach dev victim
	[ "$(on_peer "$PORTCLASS" -j show dev spare0 | jq -r .interface)" = spare0 ]

	portclass attach dev victim
	on_host ip link add spare0 type veth peer name spare2
	refused 4 "in another network namespace" attach dev spare0
	on_peer "$PORTCLASS" detach dev spare0
	portclass attach dev spare0
	for interface in spare0 victim eth0; do
		portclass detach dev "$interface"
	done
	nothing_is_pinned
}

@test "what is left of a deleted interface is not shown as attached" {
	on_host ip link add spare0 type veth peer name spare1
	portclass attach dev spare0
	on_host ip link del spare0
	refused 3 "" show
	on_host ip link add spare0 type veth peer name spare1
	refused 3 "gone" show dev spare0
	[ "$(portclass -j show pin "$PINS/spare0" | jq -r .ifindex)" = 0 ]
	portclass attach dev spare0
	portclass detach dev spare0
	nothing_is_pinned
}

# Its process 1 is in its own namespace, as the host's is in the host's.
@test "a container with processes of its own does not touch the host's eth0" {
	portclass attach dev eth0
	on_host unshare --net --pid --fork --mount --propagation unchanged sh -ec "
		mount -t proc proc /proc
		ip link add eth0 type veth peer name other
		'$PORTCLASS' show dev eth0 2>/dev/null && exit 1
		'$PORTCLASS' detach dev eth0 2>/dev/null && exit 1
		'$PORTCLASS' attach dev eth0
		[ \$('$PORTCLASS' -j list | jq length) = 2 ]
		'$PORTCLASS' detach dev eth0"
	cable_raise
	send_udp 53 5
	conserved
	portclass detach dev eth0
	nothing_is_pinned
}

@test "pins where another user made the directory are not trusted" {
	on_host ln -s /tmp /sys/fs/bpf/portclass
	refused 2 "portclass" attach dev eth0
	refused 2 "portclass" list
	on_host rm /sys/fs/bpf/portclass
	nothing_is_pinned
}

@test "without a BPF file system every command says so" {
	portclass attach dev eth0
	for command in "list" "show dev eth0" "detach dev eth0"; do
		# shellcheck disable=SC2086 # words of a command
		run -2 on_host unshare --mount --propagation unchanged sh -c "
			mount -t tmpfs none /sys/fs/bpf; '$PORTCLASS' $command"
		[[ $output == *"no BPF file system"* ]]
	done
	portclass detach dev eth0
}
