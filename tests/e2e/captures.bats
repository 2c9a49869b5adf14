#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The parser against a second opinion: tshark's, of captured and of made frames.

load helper
load captures

setup() {
	for tool in tshark tcpdump tcpreplay; do
		command -v "$tool" >/dev/null || skip "no $tool here (try: tools/setup.sh test)"
	done
	world_open
}
teardown() { world_close; }

# Of a capture, frame by frame, and of all of it sent to an interface.
# counted_as_seen NAME [NAMES [every-rule]]
counted_as_seen() {
	frames_agree "$@"
	cable_silence
	portclass attach dev eth0
	cable_raise
	frames_send "$1"
	conserved
	totals_agree "$1-sent"
}

@test "frames that are hard to read are counted as tshark sees them" {
	hard=$BATS_TEST_TMPDIR/hard
	/usr/bin/python3 "$CAPTURES/hard_cases.py" "$hard.pcap" "$hard.names"
	counted_as_seen "$hard" "$hard.names" every-rule
}

@test "public captures are counted as tshark sees them" {
	[ -e "$ROOT/build/captures/public.pcap" ] ||
		skip "no public captures here (try, with a network: make captures)"
	public=$BATS_TEST_TMPDIR/public
	ln -s "$ROOT/build/captures/public.pcap" "$public.pcap"
	counted_as_seen "$public" "$ROOT/build/captures/public.names"
}

@test "live traffic, captured while it is counted" {
	live=$BATS_TEST_TMPDIR/live
	portclass attach dev eth0
	ipv6_turn peer off
	cable_raise
	capture_start "$live.pcap"
	ipv6_turn peer on
	on_peer ip addr add 2001:db8::2/64 dev eth0 nodad
	talk
	conserved
	capture_stop "$live.pcap"
	frames_agree "$live"
	[ "$(kernel_frames)" = "$(wc -l <"$live.expected")" ]
	totals_agree "$live"
}

@test "a frame that is counted as something else is found out" {
	few=$BATS_TEST_TMPDIR/few
	python3 -c '
import sys
sys.path.insert(0, sys.argv[1])
from pcap import write_capture
ipv4 = bytes.fromhex("0200000000010200000000020800"
                     "450000200000000040110000" "c0000202c0000201" "9c40007b000c0000" "00000000")
write_capture(sys.argv[2], [ipv4, ipv4])' "$CAPTURES" "$few.pcap"
	frames_agree "$few"
	sed -i '2s/123/124/' "$few.verdicts"
	run -1 python3 "$CAPTURES/check.py" "$few.pcap" "$few.verdicts" "$few.expected"
	[[ $output == *"1 wrong"*"frame 2"*"udp 40000 124 instead of udp 40000 123"* ]]
	# shellcheck disable=SC2034 # totals_agree reads it
	show='{"total": [{"packets": 2}], "services": [], "unclassified": [
		{"reason": "truncated", "packets": 2, "bytes": 92}]}'
	run -1 totals_agree "$few"
	[[ $output == *truncated*"(2, 92) instead of (0, 0)"* ]]
}
