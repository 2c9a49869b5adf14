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
	show=$(portclass show dev eth0 -j)
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
