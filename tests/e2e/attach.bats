#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Attach, traffic, read, detach: what a user does, and what he may choose.

load helper

setup() { world_open; }
teardown() { world_close; }

@test "attach counts what enters, detach leaves nothing" {
	portclass attach dev eth0
	cable_raise
	serve_web host 80
	eventually on_peer curl -sf -o /dev/null http://192.0.2.1/
	send_udp 53 5
	send_udp 123 4 2001:db8::1
	on_peer ping -q -c 3 -i 0.02 192.0.2.1
	conserved
	[ "$(packets to tcp http)" -gt 4 ]
	[ "$(packets to udp domain)" = 5 ]
	[ "$(packets to udp ntp)" = 4 ]
	[ "$(reason icmp)" -ge 3 ]
	[ "$(reason arp)" -ge 1 ]

	program=$(on_host ip -j link show dev eth0 | jq '.[0].xdp.prog.id')
	portclass detach dev eth0
	slot_is_free
	nothing_is_pinned
	run ! bpftool prog show id "$program"
}

@test "replies are counted from the service, not to the client's port" {
	portclass attach dev eth0
	cable_raise
	serve_web peer 443
	eventually on_host curl -sf -o /dev/null http://192.0.2.2:443/
	conserved
	[ "$(packets from tcp https)" -gt 4 ]
	[ "$(packets to tcp https)" = 0 ]
	[ "$(counted '[.services[] | select(.class == "dynamic")] | length')" = 0 ]
}

@test "services, classes and the registry are told" {
	portclass attach dev eth0
	cable_raise
	send_udp 53 1
	send_udp 5353 1
	send_between 65001 65000
	conserved
	[ "$(counted .interface)" = eth0 ]
	[ "$(counted .registry.name)" = iana.csv ]
	[[ $(counted .registry.sha256) =~ ^[0-9a-f]{64}$ ]]
	[[ $(counted .registry.date) =~ ^20[0-9]{2}-[0-9]{2}-[0-9]{2}$ ]]
	[ "$(counted '.services[] | select(.first == 53) |
		"\(.service) \(.transport) \(.last) \(.class) \(.status) \(.origin) \(.direction)"')" = \
		"domain udp 53 system assigned registry rx" ]
	[ "$(counted '.services[] | select(.first == 5353).class')" = user ]
	[ "$(counted '[.classes[] | select(.class == "system")][0].packets')" = 1 ]
	[ "$(counted '[.classes[] | select(.class == "dynamic")][0].packets')" = 1 ]
}

@test "the frames of a tag, a fragment, a big datagram and of no IP" {
	portclass attach dev eth0
	cable_raise
	send_udp 53 1
	send_udp 514 1 192.0.2.1 4000
	on_peer python3 -c '
import socket, struct
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(("eth0", 0))
udp = bytes.fromhex("450000200000000040110000" "c0000202c0000201" "9c40007b000c0000" "00000000")
def frame(*words): wire.send(bytes(12) + b"".join(words))
tag = struct.pack("!HH", 0x8100, 7)
frame(tag, struct.pack("!H", 0x0800), udp)
frame(tag * 4, struct.pack("!H", 0x0800), udp)
frame(tag * 5, struct.pack("!H", 0x0800), udp)
frame(struct.pack("!H", 0x88cc), bytes(46))
frame(struct.pack("!H", 0x0800), b"\x35" + udp[1:])
frame(struct.pack("!H", 0x0800), udp[:22])
'
	conserved
	[ "$(packets to udp ntp)" = 2 ]
	[ "$(packets to udp syslog)" = 1 ]
	[ "$(reason fragment)" = 2 ]
	[ "$(reason too_deep)" = 1 ]
	[ "$(reason non_ip)" = 1 ]
	[ "$(reason malformed)" = 1 ]
	[ "$(reason truncated)" = 1 ]
}

@test "jumbo frames, in native mode, count all their bytes" {
	on_host ip link set eth0 mtu 9000
	on_peer ip link set eth0 mtu 9000
	portclass attach dev eth0
	cable_raise
	send_udp 514 1 192.0.2.1 8000
	conserved
	[ "$(packets to udp syslog)" = 1 ]
	[ "$(counted '.services[] | select(.service == "syslog").to.bytes')" = $((8000 + 8 + 20 + 14)) ]
}

@test "an overlay's names win, the later file's above all" {
	printf '%s\n' 'shop/web:http 8080/tcp' 'mine 53/udp' >"$BATS_TEST_TMPDIR/one"
	printf '%s\n' 'yours 53/udp' 'yours 60000-60010/udp' >"$BATS_TEST_TMPDIR/two"
	portclass attach dev eth0 overlay "$BATS_TEST_TMPDIR/one" overlay "$BATS_TEST_TMPDIR/two"
	cable_raise
	serve_web host 8080
	eventually on_peer curl -sf -o /dev/null http://192.0.2.1:8080/
	send_udp 53 2
	send_udp 60005 3
	conserved
	[ "$(packets to tcp shop/web:http)" -gt 4 ]
	[ "$(packets to udp yours)" = 5 ]
	[ "$(packets to udp domain)" = 0 ]
	[ "$(counted '[.services[] | select(.service == "yours").origin] | unique[]')" = overlay ]
}

@test "another registry replaces the shipped one" {
	{
		grep '^Service Name,' "$ROOT/registry/iana.csv"
		echo lantern,53,udp,,,,,,,,,
	} >"$BATS_TEST_TMPDIR/small.csv"
	portclass attach dev eth0 registry "$BATS_TEST_TMPDIR/small.csv"
	cable_raise
	send_udp 53 2
	conserved
	[ "$(packets to udp lantern)" = 2 ]
	[ "$(counted .registry.name)" = small.csv ]
	[ "$(counted .registry.sha256)" = "$(sha256sum <"$BATS_TEST_TMPDIR/small.csv" | cut -d' ' -f1)" ]
}

@test "a bad registry or overlay is refused with file and line, and nothing is attached" {
	echo 'shop 99999/tcp' >"$BATS_TEST_TMPDIR/bad"
	refused 6 "$BATS_TEST_TMPDIR/bad:1" attach dev eth0 overlay "$BATS_TEST_TMPDIR/bad"
	refused 6 "$BATS_TEST_TMPDIR/bad:1" attach dev eth0 registry "$BATS_TEST_TMPDIR/bad"
	: >"$BATS_TEST_TMPDIR/empty"
	refused 6 empty attach dev eth0 registry "$BATS_TEST_TMPDIR/empty"
	refused 6 missing attach dev eth0 registry "$BATS_TEST_TMPDIR/missing"
	slot_is_free
	nothing_is_pinned
}

@test "a row that can't be read costs that row, in registries and overlays alike" {
	printf 'lantern 7000/udp\nshop 99999/tcp\n' >"$BATS_TEST_TMPDIR/own"
	for role in registry overlay; do
		run -0 --separate-stderr on_host "$PORTCLASS" attach dev eth0 $role "$BATS_TEST_TMPDIR/own"
		# shellcheck disable=SC2154 # run sets it
		[[ $stderr == *"/own: 1 row is lost (portclass registry check "*"/own lists it)" ]]
		[ "$role" = overlay ] || portclass detach dev eth0
	done
	cable_raise
	send_between 50000 7000
	conserved
	[ "$(packets to udp lantern)" = 1 ]
}

@test "count-by chooses the port that names the service" {
	for rule in destination:domain source:ntp service:domain; do
		portclass attach dev eth0 count-by "${rule%:*}"
		cable_raise
		send_between 123 53
		cable_cut
		show=$(portclass show dev eth0 -j)
		side=$([ "$rule" = source:ntp ] && echo from || echo to)
		echo "$rule: $show"
		[ "$(packets "$side" udp "${rule#*:}")" = 1 ]
		portclass detach dev eth0
	done
}

@test "the ephemeral range decides which of two ports is the client's" {
	portclass attach dev eth0
	cable_raise
	send_between 1812 1194
	conserved
	[ "$(packets to udp openvpn)" = 1 ]
	portclass detach dev eth0
	portclass attach dev eth0 ephemeral 1024-1800
	cable_raise
	send_between 1812 1194
	cable_cut
	show=$(portclass show dev eth0 -j)
	[ "$(packets from udp radius)" = 1 ]
}

@test "generic mode, only when asked for" {
	portclass attach dev eth0 mode generic
	[ "$(on_host ip -j link show dev eth0 | jq '.[0].xdp.mode')" = 2 ]
	cable_raise
	send_udp 53 5
	on_peer ping -q -c 2 -i 0.02 192.0.2.1
	conserved
	[ "$(packets to udp domain)" = 5 ]
	portclass detach dev eth0
	portclass attach dev eth0
	[ "$(on_host ip -j link show dev eth0 | jq '.[0].xdp.mode')" = 1 ]
}

@test "a driver without native mode is refused with the kernel's reason" {
	refused 2 native attach dev lo
	[[ $output == *"mode generic"* ]]
	slot_is_free lo
	nothing_is_pinned
	portclass attach dev lo mode generic
	on_host ping -q -c 2 -i 0.02 127.0.0.1
	show=$(portclass show dev lo -j)
	[ "$(reason icmp)" = 4 ]
	sums_to 4 <<<"$show"
}

@test "verbs that find nothing say so" {
	refused 3 eth9 attach dev eth9
	refused 3 eth9 detach dev eth9
	refused 3 eth9 show dev eth9
	refused 3 eth0 detach dev eth0
	refused 3 eth0 show dev eth0
	refused 3 /sys/fs/bpf show pin /sys/fs/bpf
	refused 0 '' list
}

@test "counts go on from command to command, and begin anew after detach" {
	portclass attach dev eth0
	cable_raise
	send_udp 53 5
	show=$(portclass show dev eth0 -j)
	[ "$(packets to udp domain)" = 5 ]
	send_udp 53 5
	conserved
	[ "$(packets to udp domain)" = 10 ]
	portclass detach dev eth0
	portclass attach dev eth0
	show=$(portclass show dev eth0 -j)
	[ "$(packets to udp domain)" = 0 ]
}
