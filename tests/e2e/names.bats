#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # each test has variables of its own; agent.bash sets and uses some
#
# Names from outside: any that the kernel takes, as they are printed and taken again, and
# the other ones that an interface has.

load helper
load agent

setup() { world_open; }
teardown() { world_close; }

# Names that the kernel takes, as printf has them, and as they are shown.
hostile=('x\xff' 'x?' 'x\\xff' 'x\\\\xfg' '\033[31mred' '\xe2\x80\xaeb' 'a"b' '$(id>pwned)' ';id' '\xc3\xa9' '\x7f\x01')
shown=('x\xff' 'x?' 'x\x5cxff' 'x\\xfg' '\x1b[31mred' '\xe2\x80\xaeb' 'a"b' '$(id>pwned)' ';id' 'é' '\x7f\x01')

# Nothing but text: no control character, no direction turned, UTF-8.
only_text() {
	python3 -c '
import sys, unicodedata
text = sys.stdin.buffer.read().decode()
odd = [hex(ord(c)) for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp")]
sys.exit(" ".join(odd) or None)'
}

add_hostile() {
	local number name

	for number in "${!hostile[@]}"; do
		# shellcheck disable=SC2059 # the escapes are meant
		name=$(printf "${hostile[number]}")
		on_host ip link add "far$number" type veth peer name "near$number"
		on_host ip link set "near$number" name "$name"
		on_host ip link set "$name" up
	done
}

@test "each name is shown as itself alone, and what is shown is taken" {
	add_hostile
	for name in "${shown[@]}"; do
		portclass attach dev "$name"
	done
	for name in "${shown[@]}"; do
		[ "$(portclass -j show dev "$name" | jq -r .interface)" = "$name" ]
		portclass show dev "$name" | only_text
	done
	portclass list | only_text
	[ "$(portclass -j list | jq -r '.[].interface' | sort)" = "$(printf '%s\n' "${shown[@]}" | sort)" ]
	for name in "${shown[@]}"; do
		portclass reload dev "$name"
		portclass detach dev "$name"
	done
	nothing_is_pinned
}

@test "the agent takes what it shows, and no two interfaces have one label" {
	local words=() got

	add_hostile
	for name in "${shown[@]}"; do
		words+=(dev "$name")
	done
	listen=127.0.0.1:9635 agent_start "${words[@]}"
	eventually on_host curl -sf -o /dev/null http://127.0.0.1:9635/readyz
	on_host curl -s http://127.0.0.1:9635/metrics >"$BATS_TEST_TMPDIR/metrics"
	only_text <"$BATS_TEST_TMPDIR/metrics"
	only_text <"$log"
	promtool check metrics <"$BATS_TEST_TMPDIR/metrics"
	got=$(grep -c '^portclass_interface_attached{.*} 1$' "$BATS_TEST_TMPDIR/metrics")
	[ "$got" = ${#shown[@]} ]
	[ -z "$(grep -v '^#' "$BATS_TEST_TMPDIR/metrics" | sed 's/ [^ ]*$//' | sort | uniq -d)" ]
	[ "$(on_host curl -s http://127.0.0.1:9635/api/v1/counters | jq -r '.[].interface' | sort)" = \
		"$(printf '%s\n' "${shown[@]}" | sort)" ]
}

@test "services: a name is printable ASCII, and what is not is told as it is shown" {
	local overlay=$BATS_TEST_TMPDIR/overlay

	printf 'x\xff 4000/udp\nx? 4001/udp\na\\xff 4003/udp\n\xe2\x80\xaeevil 4002/udp\n' >"$overlay"
	run portclass registry check overlay "$overlay"
	[ "$status" = 6 ]
	only_text <<<"$output"
	[[ $output == *":1: error: the name 'x\\xff' has"* && $output == *":4: error: the name '\\xe2\\x80\\xaeevil' has"* ]]
	portclass attach dev eth0 overlay "$overlay"
	cable_raise
	send_udp 4001 2
	send_udp 4003 3
	conserved
	[ "$(packets to udp 'x?')" = 2 ]
	# Its printed name is another than that of the byte.
	[ "$(packets to udp 'a\x5cxff')" = 3 ]
	portclass show dev eth0 | grep -F 'a\x5cxff'
	for name in 'a\xff' 'a\x5cxff'; do
		[ "$(portclass -j lookup "$name" overlay "$overlay" | jq -r '.[0].first')" = 4003 ]
	done
	portclass detach dev eth0
}

LONG=uplink-of-the-rack-in-row-seven-$(printf '%0.s.1234567' 1 2 3 4 5 6 7 8 9 10 11)

@test "alternative names, short and long, wherever a name is taken" {
	on_host ip link property add dev eth0 altname wan altname "$LONG"
	for name in wan "$LONG"; do
		portclass attach dev "$name"
		[ "$(portclass -j list | jq -r '.[0].interface')" = eth0 ]
		[ "$(portclass -j show dev "$name" | jq -r .interface)" = eth0 ]
		portclass reload dev "$name"
		portclass -j watch dev "$name" count 1 interval 0.01 | jq -e '.interface == "eth0"'
		portclass detach dev "$name"
	done
	nothing_is_pinned
	refused 3 'no such interface' attach dev "${LONG}x"
	refused 3 'no such interface' attach dev "$LONG$LONG"
}

@test "the agent's patterns see alternative names, those too that come and go" {
	add_pair eth1 far1
	on_host ip link property add dev eth0 altname "$LONG"
	agent_start dev 'uplink-*' except 'spare-*'
	agent_says 'eth0: attached'
	run ! is_attached eth1
	on_host ip link property add dev eth1 altname uplink-of-another-one-that-is-long
	agent_says 'eth1: attached'
	on_host ip link property add dev eth0 altname spare-now-and-for-some-time
	eventually slot_is_free eth0
	is_attached eth1
	agent_stop
	[ "$status" = 0 ]
}
