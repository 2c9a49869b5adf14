#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Plain bpftool loads and attaches the object, with nothing of ours running.

load helper

setup() { world_open; }
teardown() { world_close; }

DIR=/sys/fs/bpf/by-hand

load_by_hand() {
	on_host mkdir "$DIR"
	on_host bpftool prog loadall "$OBJECT" "$DIR/prog" pinmaps "$DIR/maps"
	on_host bpftool net attach xdp pinned "$DIR/prog/classify" dev eth0
}

@test "bpftool attaches, show names the services by the shipped registry" {
	load_by_hand
	cable_raise
	send_udp 53 5
	send_udp 443 3 2001:db8::1
	on_peer ping -q -c 2 -i 0.02 192.0.2.1
	conserved pin "$DIR"
	[ "$(packets to udp domain)" = 5 ]
	[ "$(packets to udp https)" = 3 ]
	[ "$(reason icmp)" -ge 2 ]
	[ "$(counted .registry.name)" = iana.csv ]
	[ "$(counted .interface)" = eth0 ]
	same=$(portclass show pin "$DIR/maps" -j | jq .services)
	[ "$same" = "$(jq .services <<<"$show")" ]
	on_host bpftool net detach xdp dev eth0
	slot_is_free
}

@test "bpftool's dump of the maps reads well" {
	load_by_hand
	cable_raise
	send_udp 53 5
	cable_cut
	on_host bpftool -j map dump pinned "$DIR/maps/_data_assignments" >"$BATS_TEST_TMPDIR/dump"
	jq -e '[.. | objects | select(.service? == "https" and .transport == 0)][0] |
		.first == 443 and .last == 443 and .class == 0' "$BATS_TEST_TMPDIR/dump"
	on_host bpftool map dump pinned "$DIR/maps/_data_assignments" |
		grep -q '"service": "https"'
	on_host bpftool map dump pinned "$DIR/maps/_rodata_info" |
		grep -q '"registry_name": "iana.csv"'
	on_host bpftool -j map dump pinned "$DIR/maps/unclassified" >"$BATS_TEST_TMPDIR/dump"
	jq -e '[.. | objects | select(has("packets")).packets] | add >= 1' "$BATS_TEST_TMPDIR/dump"
	on_host bpftool map dump pinned "$DIR/maps/traffic" | grep -q '"packets": 5'
}

@test "the entry for older kernels is pinned beside it, and counts the same" {
	load_by_hand
	on_host bpftool net detach xdp dev eth0
	on_host bpftool net attach xdp pinned "$DIR/prog/classify_linear" dev eth0
	cable_raise
	send_udp 53 5
	send_udp 443 3 2001:db8::1
	conserved pin "$DIR"
	[ "$(packets to udp domain)" = 5 ]
	[ "$(packets to udp https)" = 3 ]
}

@test "what is pinned, but attached nowhere, can be read" {
	on_host mkdir "$DIR"
	on_host bpftool prog loadall "$OBJECT" "$DIR/prog" pinmaps "$DIR/maps"
	show=$(portclass show pin "$DIR" -j)
	[ "$(counted '.services | length')" = 0 ]
	sums_to 0 <<<"$show"
}

@test "a directory of another program's maps is refused" {
	on_host mkdir "$DIR" "$DIR/maps"
	on_host bpftool map create "$DIR/maps/traffic" type array key 4 value 8 entries 1 name traffic
	refused 2 traffic show pin "$DIR"
}
