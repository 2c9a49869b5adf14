#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The demo, run as a newcomer does, and stopped as one does.

load helper

setup() {
	need_root
	things >"$BATS_TEST_TMPDIR/before"
}

# What a demo could leave behind on this machine.
things() {
	cut -d' ' -f2- /proc/mounts
	ls /run/netns /var/run/netns /sys/fs/bpf 2>/dev/null || true
	ip -o link | cut -d: -f2
}

# session_is_over ID: every process of a session has ended.
session_is_over() {
	! cat /proc/[0-9]*/stat 2>/dev/null | sed 's/.*) //' |
		awk -v id="$1" '$4 == id && $1 != "Z" { found = 1 } END { exit !found }'
}

# Start the demo in a session of its own, and wait until it makes traffic.
start_demo() {
	env --default-signal=INT setsid "$ROOT/tools/demo.sh" >"$BATS_TEST_TMPDIR/screen" 2>&1 3>&- &
	demo=$!
	eventually grep -q Traffic "$BATS_TEST_TMPDIR/screen"
}

@test "the demo ends well, and its last screen is the table" {
	run -0 "$ROOT/tools/demo.sh"
	echo "$output"
	[[ $output =~ "Frames that entered eth0: "([0-9]+)" by the kernel, "([0-9]+)" counted" ]]
	[ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]}" ]
	[ "${BASH_REMATCH[1]}" -gt 1000 ]
	table=${output##*show dev eth0}
	for name in http https ssh postgresql mysql redis domain ntp syslog \
		shop/frontend:http shop/orders:grpc; do
		grep -wq "$name" <<<"$table"
	done
	things | diff "$BATS_TEST_TMPDIR/before" -
}

@test "the demo, interrupted, leaves nothing" {
	for signal in INT TERM HUP KILL; do
		echo "$signal"
		start_demo
		# Control-C goes to all of them, as a terminal sends it.
		kill -"$signal" -- "$([ "$signal" = INT ] && echo "-$demo" || echo "$demo")"
		wait "$demo" || true
		eventually session_is_over "$demo"
		things | diff "$BATS_TEST_TMPDIR/before" -
	done
}
