#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Nobody asks the kernel twice for what was known already: the calls of commands, counted.
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell, and run sets variables

load helper
load agent

setup() { world_open; }
teardown() { world_close; }

trace=$BATS_TEST_TMPDIR/trace

# traced COMMAND...: what it asks of BPF and of rtnetlink is in $trace.
traced() {
	on_host strace -f -o "$trace" -e trace=bpf,sendto,mmap -s 4096 -v "$@"
}

# asked PATTERN: how many calls match.
asked() {
	grep -cE -- "$1" "$trace" || true
}

@test "show opens each pin once, and asks once for each thing" {
	on_host "$PORTCLASS" attach dev eth0
	traced "$PORTCLASS" show dev eth0
	grep -oE 'pathname="[^"]*"' "$trace" | sort | uniq -c >"$trace.paths"
	cat "$trace.paths"
	[ "$(awk '$1 != 1' "$trace.paths" | wc -l)" = 0 ]
	for pin in link maps/traffic maps/unclassified maps/_data_assignments maps/_rodata_info; do
		grep -q "eth0/$pin\"" "$trace.paths"
	done
	[ "$(wc -l <"$trace.paths")" = 5 ]
	# One question for each of these pins, and one for the XDP programs of the interface.
	[ "$(asked BPF_OBJ_GET_INFO_BY_FD)" = 5 ]
	[ "$(asked 'sendto.*RTM_GETLINK')" = 1 ]
	# The maps: each reason, each page, and info.
	[ "$(asked 'BPF_MAP_LOOKUP_ELEM')" = $((16 + 8 + 1)) ]
}

@test "show of all asks no more for each" {
	cable_lay eth1
	on_host "$PORTCLASS" attach dev eth0
	on_host "$PORTCLASS" attach dev eth1
	traced "$PORTCLASS" show
	[ "$(grep -oE 'pathname="[^"]*"' "$trace" | sort | uniq -d | wc -l)" = 0 ]
	[ "$(asked BPF_OBJ_GET_INFO_BY_FD)" = 10 ]
	[ "$(asked 'sendto.*RTM_GETLINK')" = 2 ]
}

@test "attach looks once at what is pinned" {
	cable_lay eth1
	on_host "$PORTCLASS" attach dev eth1
	traced "$PORTCLASS" attach dev eth0
	[ "$(asked 'BPF_OBJ_GET.*eth1/link"')" = 1 ]
	[ "$(asked 'BPF_OBJ_GET.*eth1/maps/_rodata_info"')" = 1 ]
}

# The look that comes every half a minute is the agent's first; attaching is another one.
@test "an agent's attach looks once at what is pinned" {
	cable_lay eth1
	on_host "$PORTCLASS" attach dev eth1
	# shellcheck disable=SC2016 # the shell inside expands them
	traced timeout --signal TERM 60 sh -c '
		"$0" agent listen off dev eth0 2>"$1" & agent=$!
		until grep -q "attached in" "$1"; do sleep 0.05; done
		kill $agent && wait $agent' "$PORTCLASS" "$BATS_TEST_TMPDIR/log"
	grep 'eth1/link"' "$trace"
	# clear_gone at the start, the look at what is attached, and attaching itself.
	[ "$(asked 'BPF_OBJ_GET.*eth1/link"')" -le 3 ]
}
