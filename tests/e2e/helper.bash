# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # tests use what is set here, bats sets the rest
#
# A host and its peer, joined by a cable from eth0 to eth0, one pair per test.
# The host has a BPF file system and processes of its own; all of it vanishes with
# `world`, the process that holds the namespaces, and that one with the test.

bats_require_minimum_version 1.5.0
ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
PORTCLASS=$ROOT/build/portclass
OBJECT=$ROOT/build/portclass.bpf.o
PINS=/sys/fs/bpf/portclass
export PATH=$PATH:/usr/sbin:/sbin

need_root() {
	unshare --net --mount --propagation unchanged true 2>/dev/null ||
		skip "no right to make namespaces; run as root"
}

# Repeat a command until it succeeds, for at most half a minute: others run as well.
# Tests wait for conditions, never for time to pass. What sleeps is only a loop such as
# this one, between two looks, and whoever sends traffic, to pace it.
eventually() {
	local deadline=$((SECONDS + 30))

	until "$@"; do
		[ $SECONDS -lt $deadline ] || return 1
		sleep 0.05
	done
}

world_open() {
	need_root
	setpriv --pdeathsig KILL unshare --net --mount --pid --fork --kill-child \
		--propagation unchanged "$ROOT/tools/world.sh" inside \
		sh -c "touch '$BATS_TEST_TMPDIR/world' && exec sleep 600" 3>&- &
	world=$!
	disown "$world"
	eventually test -e "$BATS_TEST_TMPDIR/world"
	on_host ip link set lo up
	cable_lay eth0
}

# Every process in it ends with it, and none writes to the test's directory any more.
world_close() {
	[ -n "${world:-}" ] || return 0
	kill -KILL "$(cat "/proc/$world/task/$world/children")" 2>/dev/null || kill -KILL "$world" 2>/dev/null || true
	eventually world_is_gone
}

world_is_gone() {
	! kill -0 "$world" 2>/dev/null
}

on_host() {
	nsenter --target "$world" --net --mount --root --pid="/proc/$world/ns/pid_for_children" \
		--wd="$ROOT" -- "$@"
}

on_peer() {
	on_host nsenter --net=/run/netns/peer -- "$@"
}

# The peer's end is down, so that nothing enters before a test wants it.
cable_lay() {
	on_host sh -c '[ -e /run/netns/peer ] || ip netns add peer'
	on_host ip link add "$1" type veth peer name "$1" netns peer
	on_host ip addr add 192.0.2.1/24 dev "$1"
	on_host ip addr add 2001:db8::1/64 dev "$1" nodad
	on_host ip link set "$1" up
	on_peer ip addr add 192.0.2.2/24 dev "$1"
	on_peer ip addr add 2001:db8::2/64 dev "$1" nodad
}

cable_raise() {
	on_peer ip link set eth0 up
}

# Nothing enters the host any more, and the counters stand still.
cable_cut() {
	on_peer ip link set eth0 down
}

portclass() {
	on_host "$PORTCLASS" "$@"
}

# The layout of the maps' values: see tests/abi.py.
abi() {
	python3 -B "$ROOT/tests/abi.py" "$@"
}

# Datagrams to a port of the host: send_udp PORT COUNT [ADDRESS [BYTES]]
send_udp() {
	on_peer python3 - "$@" <<-'END'
	import socket, sys
	port, count, address, size = sys.argv[1:] + ["192.0.2.1", "6"][len(sys.argv) - 3:]
	family = socket.AF_INET6 if ":" in address else socket.AF_INET
	client = socket.socket(family, socket.SOCK_DGRAM)
	for _ in range(int(count)):
	    client.sendto(bytes(int(size)), (address, int(port)))
	END
}

# send_between SOURCE PORT: one datagram from a port of the peer's to one of the host.
send_between() {
	on_peer python3 - "$@" <<-'END'
	import socket, sys
	source, port = map(int, sys.argv[1:])
	client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	client.bind(("", source))
	client.sendto(b"hello", ("192.0.2.1", port))
	END
}

# serve_web END PORT: a web server, until the test ends.
serve_web() {
	local page=$BATS_TEST_TMPDIR/page

	mkdir -p "$page"
	"on_$1" python3 -m http.server --directory "$page" "$2" \
		>/dev/null 2>&1 3>&- &
}

# The frames that the kernel saw enter the host since the interface was made.
kernel_frames() {
	on_host ip -s -j link show dev eth0 | jq '.[0].stats64.rx.packets'
}

# The conservation rule, of JSON on standard input: the sum of what services and
# reasons counted, and that of the classes and reasons, is the total, which is $1.
sums_to() {
	jq -e --argjson frames "$1" '
		def sum(f): map(f) | add // 0;
		.total as $total | .unclassified as $reasons | .classes as $classes | .services |
		(sum(.to.packets + .from.packets) + ($reasons | sum(.packets))) == $frames and
		(($classes | sum(.packets)) + ($reasons | sum(.packets))) == $frames and
		($total | sum(.packets)) == $frames and
		sum(.to.bytes + .from.bytes) == ($classes | sum(.bytes)) and
		(($classes | sum(.bytes)) + ($reasons | sum(.bytes))) == ($total | sum(.bytes))'
}

# Every frame that entered the host was counted exactly once; leaves `show`.
# conserved [pin DIRECTORY]
conserved() {
	cable_cut
	show=$(portclass show "${1:-dev}" "${2:-eth0}" -j)
	sums_to "$(kernel_frames)" <<<"$show" >/dev/null || {
		echo "the kernel saw $(kernel_frames) frames, portclass says: $show"
		return 1
	}
}

# counted FILTER: what a jq filter says of `show`.
counted() {
	jq -r "$1" <<<"$show"
}

# packets SIDE TRANSPORT SERVICE: what `show` counted; 0 if it is not listed.
packets() {
	jq -r --arg side "$1" --arg transport "$2" --arg service "$3" '[.services[] |
		select(.transport == $transport and .service == $service)[$side].packets] |
		add // 0' <<<"$show"
}

# reason NAME: the packets that `show` counted under a reason.
reason() {
	jq -r --arg name "$1" '[.unclassified[] | select(.reason == $name).packets] |
		add // 0' <<<"$show"
}

# No program on an interface of the host.
slot_is_free() {
	[ "$(on_host ip -j link show dev "${1:-eth0}" | jq '.[0].xdp')" = null ]
}

# Kernels put iterators of their own (*.debug) into every BPF file system.
nothing_is_pinned() {
	[ -z "$(on_host find /sys/fs/bpf -mindepth 1 ! -name '*.debug')" ]
}

# run portclass ARGUMENT..., and expect an exit status and, in what it says, a text.
refused() {
	local status_wanted=$1 text=$2

	shift 2
	run on_host "$PORTCLASS" "$@"
	echo "status $status: $output"
	[ "$status" = "$status_wanted" ] && [[ $output == *"$text"* ]]
}
