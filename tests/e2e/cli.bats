#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The command line: words, statuses, privileges, pipes. Where no interface is
# needed, every capability is dropped.

load helper

teardown() { world_close; }

# Run portclass without any capability, whoever runs the tests.
plain() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --bounding-set=-all --inh-caps=-all "$PORTCLASS" "$@"
	else
		"$PORTCLASS" "$@"
	fi
}

# without CAPABILITIES COMMAND...: on the host, those capabilities dropped.
without() {
	local dropped=$1

	shift
	run on_host setpriv --bounding-set="$dropped" --inh-caps="$dropped" "$PORTCLASS" "$@"
	echo "status $status: $output"
}

@test "unknown words are refused with status 1 and what to try" {
	for words in frobnicate 'attach' 'attach eth0 eth1 eth2' 'attach dev' 'attach dev lo mode fast' \
		'show dev lo by color' 'show limit x' 'lookup' 'lookup 443/quic' \
		'watch interval 0' 'attach dev lo count-by luck' \
		'attach dev lo ephemeral 9-1' '-x list' 'registry' 'registry check'; do
		# shellcheck disable=SC2086 # words, as a user types them
		run --separate-stderr plain $words
		echo "$words: status $status: $output $stderr"
		[ "$status" = 1 ]
		[ -z "$output" ]
		[[ $stderr == portclass:* || $stderr == usage:* ]]
	done
}

@test "the version, help for all and for each command" {
	[[ $(plain -V) =~ ^portclass\ [0-9]+\.[0-9]+ ]]
	for command in attach detach list show watch lookup 'registry check' 'registry stats' \
		'registry diff'; do
		plain help | grep -q "$command"
		# shellcheck disable=SC2086
		plain help $command | grep -q "^usage: portclass $command"
		# shellcheck disable=SC2086
		plain $command -h | grep -q "^usage: portclass $command"
	done
}

@test "lookup names ports, services and ranges without a privilege" {
	plain lookup 443/tcp | grep -q https
	plain lookup https | grep -q 443
	plain lookup 6000-6063 | grep -q x11
	plain lookup 443/tcp -j | jq -e '.. | objects | select(.service? == "https")'
	plain lookup 60000 | grep -q dynamic
	echo 'shop/web:http 443/tcp' >"$BATS_TEST_TMPDIR/overlay"
	plain lookup 443/tcp overlay "$BATS_TEST_TMPDIR/overlay" | grep -q "shop/web:http"
	plain lookup 443/tcp overlay "$BATS_TEST_TMPDIR/overlay" | grep -q "overlay"
	run -3 plain lookup no-such-service-name
	run -3 plain lookup 70000
}

@test "registry commands need no privilege" {
	plain registry check "$ROOT/registry/iana.csv"
	plain registry stats "$ROOT/registry/iana.csv" -j | jq -e .
	plain registry diff "$ROOT/registry/iana.csv" "$ROOT/registry/iana.csv"
	echo 'shop 99999/tcp' >"$BATS_TEST_TMPDIR/bad"
	run -6 plain registry check "$BATS_TEST_TMPDIR/bad"
	[[ $output == *bad:1* ]]
}

@test "a failure under -j is an object on standard output" {
	run -1 --separate-stderr plain -j frobnicate
	jq -e '.error.status == 1 and (.error.message | length > 0)' <<<"$output"
	[ -z "$stderr" ]
}

@test "without a privilege, the missing capability is named" {
	world_open
	without -all attach dev eth0
	[ "$status" = 5 ]
	[[ $output == *CAP_BPF*CAP_NET_ADMIN*CAP_PERFMON* ]]
	without -bpf,-sys_admin attach dev eth0
	[ "$status" = 5 ]
	[[ $output == *CAP_BPF* && $output != *CAP_NET_ADMIN* ]]
	without -net_admin attach dev eth0
	[ "$status" = 5 ]
	[[ $output == *CAP_NET_ADMIN* && $output != *CAP_BPF* ]]
	without -perfmon,-sys_admin attach dev eth0
	[ "$status" = 5 ]
	[[ $output == *CAP_PERFMON* && $output != *CAP_BPF* ]]
	slot_is_free
	nothing_is_pinned

}

@test "another user's show and detach are refused with the missing capability" {
	world_open
	portclass attach dev eth0
	on_host cp "$PORTCLASS" /run/portclass
	for command in 'show dev eth0' 'detach dev eth0' list 'watch dev eth0 count 1'; do
		# shellcheck disable=SC2086 # words, as a user types them
		run on_host setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all \
			--inh-caps=-all /run/portclass $command
		echo "$command: status $status: $output"
		[ "$status" = 5 ]
		[[ $output == *CAP_BPF* ]]
	done
	portclass show dev eth0 -j | sums_to 0
}

@test "CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON are enough" {
	world_open
	on_host setpriv --bounding-set=-all,+bpf,+net_admin,+perfmon "$PORTCLASS" attach dev eth0
	cable_raise
	send_udp 53 5
	conserved
	[ "$(packets to udp domain)" = 5 ]
	on_host setpriv --bounding-set=-all,+bpf,+net_admin,+perfmon "$PORTCLASS" detach dev eth0
	nothing_is_pinned
}

@test "show sorts, limits, and prints exact numbers in 80 columns" {
	world_open
	portclass attach dev eth0
	cable_raise
	send_udp 53 7
	send_udp 123 1200
	send_udp 514 3
	conserved
	run -0 on_host "$PORTCLASS" show dev eth0
	echo "$output"
	[[ $output == *domain*53* && $output == *ntp*123* && $output == *syslog*514* ]]
	[ "$(awk '{ if (length > most) most = length } END { print most }' <<<"$output")" -le 80 ]
	[[ $output != *1200* ]]
	[[ $(portclass show dev eth0 -n) == *1200* ]]
	[ "$(portclass show dev eth0 by packets | grep -oE 'ntp|domain|syslog' | head -1)" = ntp ]
	[ "$(portclass show dev eth0 by port | grep -oE 'ntp|domain|syslog' | head -1)" = domain ]
	run -0 on_host "$PORTCLASS" show dev eth0 by packets limit 1
	[[ $output == *ntp* && $output != *syslog* ]]
	everything=$(portclass show dev eth0 all -j)
	[ "$(jq '.services | length' <<<"$everything")" -gt 5000 ]
	sums_to "$(kernel_frames)" <<<"$everything"
}

@test "a closed pipe ends show quietly" {
	world_open
	portclass attach dev eth0
	on_host sh -c "{ '$PORTCLASS' show dev eth0 all -n 2>'$BATS_TEST_TMPDIR/words'; } | head -n 1"
	[ ! -s "$BATS_TEST_TMPDIR/words" ]
}

@test "watch prints one object per interval, with the rates of the traffic" {
	world_open
	portclass attach dev eth0
	cable_raise
	(sleep 0.3; send_udp 53 100) 3>&- &
	portclass watch dev eth0 interval 1 count 2 -j >"$BATS_TEST_TMPDIR/watch"
	cat "$BATS_TEST_TMPDIR/watch"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/watch")" = 2 ]
	jq -es 'length == 2 and ([.[] | .. | objects | select(.service? == "domain")] | length) >= 1' \
		"$BATS_TEST_TMPDIR/watch"
}

@test "watch, piped, prints plainly and ends by itself or by a signal" {
	world_open
	portclass attach dev eth0
	[[ $(portclass watch dev eth0 interval 1 count 1) != *$'\e'* ]]
	run -0 on_host timeout --preserve-status --signal=INT 2 "$PORTCLASS" watch dev eth0 interval 1
}
