#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2030,SC2031,SC2154 # `show` is each test's own; the others set the rest
#
# Pins of the first ABI_VERSION: told from those of the present one, never misread, detached,
# and taken over where that is asked for.

load helper
load agent
load first_version

setup() {
	world_open
	first_compile
}
teardown() { world_close; }

# What stands as it stood before a command that has refused.
untouched() {
	[ "$(program_of eth0)" = "$program" ] && [ "$(link_id)" = "$link" ]
}

@test "pins of version 1 are told, listed and detached, and read by nobody" {
	first_attach
	program=$(program_of eth0) link=$(link_id)
	date=$(date -u -d "@$FIRST_SINCE" +%FT%TZ)
	for command in "attach dev eth0" "attach dev eth0 mode generic" "reload dev eth0" \
		"show dev eth0" show "watch dev eth0"; do
		# shellcheck disable=SC2086 # words of a command
		refused 2 "eth0: another version of portclass is attached" $command
		[[ $output == *"version 1 since $date"*take-over*"portclass detach dev eth0"* ]]
		untouched
	done
	refused 2 "of version 1" show pin "$PINS/eth0"
	refused 2 "of version 1" show pin "$PINS/eth0/maps"
	run -0 portclass list
	[[ $output == *eth0*attached*"$(date -d "@$FIRST_SINCE" '+%F %T')"*"version 1: can't be read"* ]]
	portclass -j list | jq -e --arg date "$date" '.[0] | .state == "attached" and .here and
		.since == $date and .abi_version == 1 and (.readable | not)'
	untouched
	portclass detach dev eth0
	slot_is_free
	nothing_is_pinned
	first_attach
	portclass clean
	slot_is_free
	nothing_is_pinned
}

@test "pins of a version that is not known yet are told as well" {
	portclass attach dev eth0
	on_host rm "$PINS/eth0/maps/_rodata_info" "$PINS/eth0/maps/traffic"
	on_host bpftool map create "$PINS/eth0/maps/_rodata_info" type array key 4 value 256 entries 1 \
		name info
	# shellcheck disable=SC2046 # a word each
	on_host bpftool map update pinned "$PINS/eth0/maps/_rodata_info" key 0 0 0 0 \
		value 3 0 0 0 $(printf '255 %.0s' {1..252})
	for command in "attach dev eth0" "reload dev eth0" "show dev eth0"; do
		# shellcheck disable=SC2086 # words of a command
		refused 2 "version 3 since a time that is not known" $command
	done
	refused 2 "of version 3" show pin "$PINS/eth0"
	[ "$(portclass -j list | jq -c '.[0] | [.abi_version, .since, .namespace]')" = '[3,null,0]' ]
	portclass detach dev eth0
	slot_is_free
	nothing_is_pinned
}

@test "what version 1 left of an interface that is gone is cleared" {
	first_attach
	on_host ip link del eth0
	cable_lay eth0
	[ "$(portclass -j list | jq -r '.[0].state')" = gone ]
	portclass attach dev eth0
	portclass show dev eth0 -j | sums_to 0
}

# The present version counts all that was sent since it took over.
counts_anew() {
	show=$(portclass show dev eth0 -j)
	sums_to "$1" <<<"$show"
	[ "$(counted .registry.name)" != first ]
	(($(date -d "$(counted .since)" +%s) > FIRST_SINCE + 3000))
	portclass -j list | jq -e '.[0] | .abi_version == 2 and .readable and .here'
	on_host test ! -e "$PINS/eth0/takeover"
}

# The frames of version 1: nobody but this test can read them.
first_frames() {
	on_host bpftool -j map dump pinned "${1:-$PINS/eth0/maps}/unclassified" |
		jq '[.[0].formatted.values[].value.packets] | add'
}

@test "take-over counts from zero, on the same link, and says what it was" {
	first_attach
	cable_raise
	send_udp 53 5
	eventually test "$(first_frames)" = "$(kernel_frames)"
	cable_cut
	link=$(link_id) before=$(kernel_frames)
	run -0 portclass attach dev eth0 take-over
	[ "$output" = "portclass: eth0: taken over from another version of portclass, whose pins of version 1 counted since $(date -u -d "@$FIRST_SINCE" +%FT%TZ): counting begins from zero" ]
	[ "$(link_id)" = "$link" ]
	counts_anew 0
	cable_raise
	send_udp 53 5
	cable_cut
	counts_anew $(($(kernel_frames) - before))
	[ "$(packets to udp domain)" = 5 ]
	echo 'mine 53/udp' >"$BATS_TEST_TMPDIR/overlay"
	portclass reload dev eth0 overlay "$BATS_TEST_TMPDIR/overlay"
	cable_raise
	send_udp 53 5
	cable_cut
	counts_anew $(($(kernel_frames) - before))
	[ "$(packets to udp mine)" = 5 ]
	portclass detach dev eth0
	slot_is_free
	nothing_is_pinned
}

@test "no frame passes unseen while it takes over" {
	first_attach
	traffic_start
	on_host mkdir /sys/fs/bpf/kept
	on_host bpftool map pin pinned "$PINS/eth0/maps/unclassified" /sys/fs/bpf/kept/unclassified
	portclass attach dev eth0 take-over
	seen() { portclass show dev eth0 -j | jq '[.total[].packets] | add'; }
	sees_more() { [ "$(seen)" -gt "$1" ]; }
	eventually sees_more 100
	traffic_stop
	cable_cut
	[ $(($(first_frames /sys/fs/bpf/kept) + $(seen))) = "$(kernel_frames)" ]
}

@test "take-over takes nothing that is not of another version of portclass" {
	portclass attach dev eth0 take-over
	cable_raise
	send_udp 53 5
	program=$(program_of eth0) link=$(link_id)
	refused 4 "portclass is attached already" attach dev eth0 take-over
	untouched
	conserved
	[ "$(packets to udp domain)" = 5 ]
	portclass detach dev eth0

	on_host bpftool prog loadall "$OBJECT" /sys/fs/bpf/other
	on_host bpftool net attach xdp pinned /sys/fs/bpf/other/classify dev eth0
	program=$(program_of eth0)
	refused 4 "is attached already, by netlink" attach dev eth0 take-over
	[ "$(program_of eth0)" = "$program" ]
	on_host bpftool net detach xdp dev eth0

	# By a link of theirs, and behind version 1's own.
	first_link /sys/fs/bpf/other/classify /sys/fs/bpf/other/link
	program=$(program_of eth0)
	refused 4 "bpf_link id" attach dev eth0 take-over
	[ "$(program_of eth0)" = "$program" ]
	on_host rm /sys/fs/bpf/other/link
	eventually slot_is_free
	first_attach
	on_host rm "$PINS/eth0/prog/classify"
	on_host bpftool prog pin pinned /sys/fs/bpf/other/classify "$PINS/eth0/prog/classify"
	program=$(program_of eth0) link=$(link_id)
	refused 4 "not the one that portclass put there" attach dev eth0 take-over
	untouched
	portclass detach dev eth0
	slot_is_free
}

@test "the mode stays, and that is said where another one was asked for" {
	first_attach generic
	run -0 portclass attach dev eth0 take-over
	[[ $output == *"it stays attached in generic mode, not in native"* ]]
	counts_anew 0
	[ "$(portclass -j list | jq -r '.[0].mode')" = generic ]
}

@test "a table for which the object has no room is taken over with, too" {
	seq 1 19999 | sed 's|.*|made-up-& &/tcp|' >"$BATS_TEST_TMPDIR/large"
	first_attach
	portclass attach dev eth0 take-over overlay "$BATS_TEST_TMPDIR/large"
	counts_anew 0
	cable_raise
	on_peer bash -c 'exec 3<>/dev/udp/192.0.2.1/53; echo >&3'
	cable_cut
	show=$(portclass show dev eth0 -j)
	[ "$(packets to udp domain)" = 1 ]
	portclass detach dev eth0
	nothing_is_pinned
}

# What version 1 was doing when it was killed: the program of its next/ is the one that runs.
@test "what version 1 was swapping is taken over" {
	first_attach
	on_host mkdir "$PINS/eth0/next"
	on_host mv "$PINS/eth0/prog/classify" "$PINS/eth0/next/classify"
	on_host bpftool prog loadall "$OBJECT" /sys/fs/bpf/other
	on_host mv /sys/fs/bpf/other/classify "$PINS/eth0/prog/classify"
	portclass attach dev eth0 take-over
	counts_anew 0
	on_host test ! -e "$PINS/eth0/next"
}

readyz() {
	on_host curl -sS "http://127.0.0.1:$port/readyz"
}

agent_listens() {
	listen=127.0.0.1:0 agent_start "$@"
	agent_says "listening on"
	port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' "$log" | tail -1)
}

@test "the agent says once what it finds, and takes over only when it is told to" {
	first_attach
	program=$(program_of eth0) link=$(link_id)
	agent_listens dev eth0
	agent_says "not attached: another version of portclass is attached, with pins of version 1 since $(date -u -d "@$FIRST_SINCE" +%FT%TZ)"
	[[ "$(readyz)" == *"eth0: another version of portclass is attached"*take-over* ]]
	[ "$(on_host curl -sS -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/readyz")" = 503 ]
	# It tries again, but that is nothing new. It answers when that is over.
	agent_signal HUP
	agent_says 'the table was loaded anew'
	[[ "$(readyz)" == *"eth0: another version"* ]]
	untouched
	[ "$(said 'not attached')" = 1 ]
	agent_stop
	untouched

	PORTCLASS_TAKE_OVER=yes agent_listens dev eth0
	agent_says "taken over from another version of portclass, whose pins of version 1 counted since $(date -u -d "@$FIRST_SINCE" +%FT%TZ)"
	agent_says 'eth0: attached in native mode'
	[ "$(readyz)" = ready ]
	[ "$(link_id)" = "$link" ]
	counts_anew 0
	agent_stop
	agent_start dev eth0 take-over
	agent_says 'eth0: adopted'
	[ "$(said 'taken over')" = 1 ]
	agent_stop
}

@test "an agent goes on when the other version is detached, or another command takes over" {
	first_attach
	agent_start dev eth0
	agent_says 'not attached: another version'
	portclass attach dev eth0 take-over
	agent_says 'eth0: adopted'
	agent_stop
	portclass detach dev eth0
	first_attach
	: >"$log"
	agent_start dev eth0
	agent_says 'not attached: another version'
	portclass detach dev eth0
	agent_says 'eth0: attached in native mode'
	counts_anew 0
	agent_stop
}

@test "an agent whose interface an older version takes refuses it, and misreads nothing" {
	agent_listens dev eth0
	agent_says 'eth0: attached'
	portclass detach dev eth0
	first_attach
	agent_signal HUP # it looks at once
	agent_says 'not attached: another version'
	[[ "$(on_host curl -sS "http://127.0.0.1:$port/metrics")" == *'portclass_interface_attached{device="eth0"} 0'* ]]
	[ "$(on_host curl -sS "http://127.0.0.1:$port/api/v1/counters")" = '[]' ]
	agent_stop
}
