#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Another table under an attached classifier: nothing is lost, doubled or seen
# going backwards. What a kill leaves is in killed.bats.

load helper

SWAPS=100

setup() {
	world_open
	printf '%s\n' 'one 1000-1099/udp' 'both 2000/udp' 'first 3000/udp' >"$BATS_TEST_TMPDIR/one"
	printf '%s\n' 'two 1050-1149/udp' 'both 2000/udp' 'second 3000/udp' >"$BATS_TEST_TMPDIR/two"
}
teardown() { world_close; }

# status_of SERVICE: of what `show` counted by that name.
status_of() {
	counted ".services[] | select(.service == \"$1\").status"
}

@test "a hundred swaps under traffic on both CPUs lose, double and turn back nothing" {
	portclass attach dev eth0
	cable_raise
	send_udp 53 1
	stop=$BATS_TEST_TMPDIR/stop
	for cpu in 0 1; do
		on_peer python3 tests/swap_traffic.py send "$cpu" "$stop" 192.0.2.1 \
			53 1000 1060 1120 2000 3000 40000 60000 >"$BATS_TEST_TMPDIR/sent$cpu" 3>&- &
		senders[cpu]=$!
	done
	on_host python3 tests/swap_traffic.py read "$stop" "$PORTCLASS" show dev eth0 -j \
		>"$BATS_TEST_TMPDIR/readings" 2>"$BATS_TEST_TMPDIR/complaint" 3>&- &
	reader=$!
	for ((swap = 0; swap < SWAPS; swap += 2)); do
		portclass reload dev eth0 overlay "$BATS_TEST_TMPDIR/one"
		portclass reload dev eth0 overlay "$BATS_TEST_TMPDIR/two"
	done
	touch "$stop"
	wait "$reader" || { cat "$BATS_TEST_TMPDIR/complaint"; false; }
	wait "${senders[@]}"
	conserved
	sent=$(($(cat "$BATS_TEST_TMPDIR"/sent0) + $(cat "$BATS_TEST_TMPDIR"/sent1)))
	echo "sent $sent, read $(cat "$BATS_TEST_TMPDIR/readings") times"
	[ "$(counted '[.services[] | select(.transport == "udp") | .to.packets + .from.packets] | add')" -ge "$sent" ]
	[ "$(cat "$BATS_TEST_TMPDIR/readings")" -gt 10 ]
	[ "$(status_of both)" = assigned ]
	[ "$(status_of second)" = assigned ]
	[ "$(status_of first)" = retired ]
}

@test "what vanishes is shown as retired, and goes on where it was when it comes back" {
	portclass attach dev eth0 overlay "$BATS_TEST_TMPDIR/one"
	cable_raise
	send_udp 1000 3
	send_udp 2000 1
	run -0 portclass reload dev eth0
	[ -z "$output" ]
	send_udp 1000 2
	conserved
	[ "$(status_of one)" = retired ]
	[ "$(counted '.services[] | select(.service == "one").was')" = assigned ]
	[ "$(packets to udp one)" = 3 ]
	[ "$(status_of both)" = retired ]
	portclass show dev eth0 | grep -q '^one .* retired '
	portclass show dev eth0 all | grep -q '^first .* retired '
	portclass reload dev eth0 overlay "$BATS_TEST_TMPDIR/one"
	cable_raise
	send_udp 1000 4
	conserved
	[ "$(status_of one)" = assigned ]
	[ "$(packets to udp one)" = 7 ]
}

@test "settings change, but the mode, the link, the pins and since stay" {
	portclass attach dev eth0 mode generic
	cable_raise
	send_between 53 2000
	before=$(portclass list -j)
	portclass reload dev eth0 count-by destination ephemeral 1024-49151
	send_between 53 2000
	after=$(portclass list -j)
	[ "$(jq -c 'map(del(.program))' <<<"$before")" = "$(jq -c 'map(del(.program))' <<<"$after")" ]
	[ "$(jq '.[0].program' <<<"$before")" != "$(jq '.[0].program' <<<"$after")" ]
	on_host test ! -e "$PINS/eth0/next"
	conserved
	[ "$(packets from udp domain)" = 1 ]
	[ "$(counted '[.services[] | select(.first <= 2000 and .last >= 2000).to.packets] | add')" = 1 ]
	[ "$(counted .ifindex)" = "$(jq '.[0].ifindex' <<<"$before")" ]
	portclass detach dev eth0
	slot_is_free
	nothing_is_pinned
}

@test "a bad file changes nothing" {
	portclass attach dev eth0 overlay "$BATS_TEST_TMPDIR/one"
	cable_raise
	send_udp 1000 3
	program=$(portclass list -j | jq '.[0].program')
	echo 'shop 99999/tcp' >"$BATS_TEST_TMPDIR/bad"
	refused 6 "$BATS_TEST_TMPDIR/bad:1" reload dev eth0 overlay "$BATS_TEST_TMPDIR/bad"
	refused 6 "$BATS_TEST_TMPDIR/none" reload dev eth0 registry "$BATS_TEST_TMPDIR/none"
	refused 1 usage reload dev eth0 count-by nothing
	[ "$(portclass list -j | jq '.[0].program')" = "$program" ]
	send_udp 1000 2
	conserved
	[ "$(packets to udp one)" = 5 ]
}

@test "only what portclass attached is reloaded" {
	refused 3 'no such interface' reload dev nowhere0
	refused 3 'not attached' reload dev eth0
	on_host mkdir -p "$PINS/eth0"
	on_host bpftool prog loadall "$OBJECT" "$PINS/eth0/prog" pinmaps "$PINS/eth0/maps"
	on_host bpftool net attach xdp pinned "$PINS/eth0/prog/classify" dev eth0
	refused 2 'bpftool net detach xdp dev eth0' reload dev eth0
	[ "$(on_host ip -j link show dev eth0 | jq '.[0].xdp.mode')" = 1 ]
}

@test "without room for what is new the old table stays" {
	for ((port = 50000; port < 53000; port++)); do
		echo "big$port $port/tcp/udp"
	done >"$BATS_TEST_TMPDIR/big"
	printf '%s\n' 'mine 53/udp' >"$BATS_TEST_TMPDIR/small"
	portclass attach dev eth0 registry "$BATS_TEST_TMPDIR/small"
	cable_raise
	send_udp 53 2
	refused 2 'no slots left' reload dev eth0 overlay "$BATS_TEST_TMPDIR/big"
	[[ $output == *detach* ]]
	on_host test ! -e "$PINS/eth0/next"
	portclass reload dev eth0 registry "$BATS_TEST_TMPDIR/small" overlay "$BATS_TEST_TMPDIR/one"
	send_udp 53 1
	conserved
	[ "$(packets to udp mine)" = 3 ]
}

@test "a table bigger than the object has room for has spare slots too" {
	for ((port = 50000; port < 52000; port++)); do
		echo "big$port $port/tcp/udp"
	done >"$BATS_TEST_TMPDIR/big"
	portclass attach dev eth0 overlay "$BATS_TEST_TMPDIR/big"
	cable_raise
	send_udp 50001 2
	portclass reload dev eth0 overlay "$BATS_TEST_TMPDIR/big" overlay "$BATS_TEST_TMPDIR/one"
	send_udp 50001 1
	send_udp 1000 4
	conserved
	[ "$(packets to udp big50001)" = 3 ]
	[ "$(packets to udp one)" = 4 ]
}

@test "a hundred renamed rows a reload, for long: slots that never counted are used again" {
	local round

	portclass attach dev eth0
	cable_raise
	for round in $(seq 60); do
		for port in $(seq 4000 4099); do
			echo "r$round-$port $port/udp"
		done >"$BATS_TEST_TMPDIR/renamed"
		portclass reload dev eth0 overlay "$BATS_TEST_TMPDIR/renamed"
		[ $((round % 20)) != 0 ] || send_udp 4007 "$round"
	done
	conserved
	for round in 20 40 60; do
		[ "$(packets to udp "r$round-4007")" = "$round" ]
	done
	# Those that counted are there for ever.
	portclass reload dev eth0
	# shellcheck disable=SC2034 # packets reads it
	show=$(portclass show dev eth0 -j)
	[ "$(packets to udp r20-4007)" = 20 ]
}
