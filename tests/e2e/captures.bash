# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # helper.bash and bats set the rest
#
# Captures: what tshark sees in them, what portclass says of each of their frames, and
# what it counts when they are sent over the cable. The programs are in tests/captures.

CAPTURES=$ROOT/tests/captures
MTU=65000
export PYTHONDONTWRITEBYTECODE=1

# ipv6_turn END off|on
ipv6_turn() {
	local disabled=0

	[ "$2" != off ] || disabled=1
	"on_$1" sh -c "echo $disabled >/proc/sys/net/ipv6/conf/eth0/disable_ipv6"
}

# Frames that the kernel would send of its own accord would be counted, too.
cable_silence() {
	for end in host peer; do
		ipv6_turn "$end" off
		"on_$end" ip addr flush dev eth0
		"on_$end" ip link set eth0 arp off mtu "$MTU"
	done
}

# Every frame of the capture NAME.pcap is what tshark says it is, or differs as
# tests/captures/disagreements.py explains; leaves NAME.expected.
# frames_agree NAME [NAMES [every-rule]]
frames_agree() {
	on_host "$ROOT/build/verdicts" "$OBJECT" <"$1.pcap" >"$1.verdicts"
	python3 "$CAPTURES/check.py" "$1.pcap" "$1.verdicts" "$1.expected" "${@:2}"
}

# What portclass has counted is what the frames of NAME.pcap add up to.
totals_agree() {
	for section in registry assignments; do
		objcopy -I elf64-little -O binary --only-section=".data.$section" "$OBJECT" \
			"$BATS_TEST_TMPDIR/$section"
	done
	python3 "$CAPTURES/totals.py" "$1.pcap" "$1.expected" "$BATS_TEST_TMPDIR/registry" \
		"$BATS_TEST_TMPDIR/assignments" <<<"$show"
}

# Send the frames of NAME.pcap that the cable takes; leaves NAME-sent.pcap, .expected.
# In bursts, as the queue in the middle of a cable has room for 256.
frames_send() {
	python3 "$CAPTURES/sendable.py" "$1.pcap" "$1.expected" "$1-sent.pcap" \
		"$1-sent.expected" "$MTU"
	on_peer tcpreplay --quiet --pps=40000 --pps-multi=64 --preload-pcap --intf1=eth0 \
		"$1-sent.pcap" \
		>"$BATS_TEST_TMPDIR/tcpreplay" 2>&1 || {
		cat "$BATS_TEST_TMPDIR/tcpreplay"
		return 1
	}
	[ "$(kernel_frames)" = "$(wc -l <"$1-sent.expected")" ]
}

# capture_has FILE FRAMES
capture_has() {
	[ "$(tcpdump --count -r "$1" 2>/dev/null)" = "$2 packets" ]
}

# Capture what the peer sends, into a file: in the order and the sizes in which it
# enters the host. It ends with capture_stop FILE.
capture_start() {
	: >"$BATS_TEST_TMPDIR/tcpdump"
	# shellcheck disable=SC2016 # the inner shell expands it
	on_peer sh -c 'echo $$ >"$0.pid" && exec tcpdump "$@"' "$1" -w "$1" \
		-i eth0 -Q out -Z root -s 2048 -B 32768 -U --immediate-mode \
		2>"$BATS_TEST_TMPDIR/tcpdump" 3>&- &
	tcpdump=$!
	eventually grep -q '^tcpdump: listening' "$BATS_TEST_TMPDIR/tcpdump"
}

capture_stop() {
	eventually capture_has "$1" "$(kernel_frames)"
	on_host kill "$(cat "$1.pid")"
	wait "$tcpdump"
	grep '^0 packets dropped by kernel' "$BATS_TEST_TMPDIR/tcpdump"
}

# A tunnel between both ends, for pings in it.
tunnel_dig() {
	on_host ip link add tunnel0 type vxlan id 7 dstport 4789 remote 192.0.2.2 || return 1
	on_peer ip link add tunnel0 type vxlan id 7 dstport 4789 remote 192.0.2.1
	on_host ip addr add 198.51.100.1/24 dev tunnel0
	on_peer ip addr add 198.51.100.2/24 dev tunnel0
	on_host ip link set tunnel0 up
	on_peer ip link set tunnel0 up
	on_peer ping -q -c 5 -i 0.02 198.51.100.1 >/dev/null
}

# Ask the services of both ends, and send what no service does.
talk() {
	for end in host peer; do
		"on_$end" python3 tools/traffic.py serve "$end" >/dev/null 2>&1 3>&- &
	done
	on_host python3 tools/traffic.py ask host
	on_peer python3 tools/traffic.py ask peer
	on_peer python3 "$CAPTURES/odd_sockets.py" 192.0.2.1 2001:db8::1
	tunnel_dig || echo "  this kernel has no VXLAN: no tunnel"
	for address in 192.0.2.1 2001:db8::1; do
		on_peer ping -q -c 5 -i 0.02 -s 4000 "$address" >/dev/null
		on_host ping -q -c 5 -i 0.02 -s 4000 "${address%1}2" >/dev/null
	done
}
