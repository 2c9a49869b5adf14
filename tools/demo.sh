#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Show portclass at work: a host and its peer, joined by one cable, with real
# traffic in both directions, and the host's interface classified.
#
# Everything lives in a world of its own (world.sh): it vanishes with the demo,
# however that ends, and nothing of the machine is touched.
#
# usage: tools/demo.sh (needs root, and `make` before it)
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH=$PWD/build:$PATH:/usr/sbin:/sbin

fail() {
	echo "demo: $*" >&2
	exit 1
}

run() {
	printf '\n$ %s\n' "$*"
	"$@"
}

# Unlike `ip netns exec` and `ip -n`, this mounts nothing, so the pins stay in
# sight, and it works in a chroot.
in_peer() {
	nsenter --net=/run/netns/peer "$@"
}

make_cable() {
	ip netns add peer
	ip link set lo up
	ip link add eth0 type veth peer name eth0 netns peer
	ip addr add 192.0.2.1/24 dev eth0
	ip addr add 2001:db8::1/64 dev eth0 nodad
	in_peer ip addr add 192.0.2.2/24 dev eth0
	in_peer ip addr add 2001:db8::2/64 dev eth0 nodad
	ip link add link eth0 name eth0.7 type vlan id 7 2>/dev/null || return 0
	ip addr add 198.51.100.1/24 dev eth0.7
	in_peer ip link add link eth0 name eth0.7 type vlan id 7
	in_peer ip addr add 198.51.100.2/24 dev eth0.7
}

raise_cable() {
	ip link set eth0 up
	in_peer ip link set eth0 up
	if [ -e /proc/sys/net/ipv4/conf/eth0.7 ]; then
		ip link set eth0.7 up
		in_peer ip link set eth0.7 up
	fi
}

# Nothing enters the host's interface any more, and every counter stands still.
cut_cable() {
	in_peer ip link set eth0 down
}

make_traffic() {
	local client

	printf '\nTraffic: web, databases, DNS, NTP, QUIC-like, pings, over IPv4 and IPv6 ...\n'
	python3 tools/traffic.py serve host &
	in_peer python3 tools/traffic.py serve peer &
	python3 tools/traffic.py ask host &
	client=$!
	in_peer python3 tools/traffic.py ask peer
	wait "$client"
	in_peer ping -q -c 10 -i 0.02 192.0.2.1 >/dev/null
	in_peer ping -q -c 10 -i 0.02 2001:db8::1 >/dev/null
}

check_conservation() {
	local kernel counted

	kernel=$(ip -s -j link show dev eth0 | jq '.[0].stats64.rx.packets')
	counted=$(portclass show dev eth0 -j | jq '[.services[] | .to.packets + .from.packets] +
		[.unclassified[].packets] | add')
	printf '\nFrames that entered eth0: %s by the kernel, %s counted by portclass. ' \
		"$kernel" "$counted"
	[ "$kernel" = "$counted" ] || { echo; fail "not every frame was counted exactly once"; }
	echo "Each exactly once."
}

show_portclass() {
	make_cable
	run portclass attach dev eth0 overlay tools/demo.services
	raise_cable
	run portclass list
	make_traffic
	cut_cable
	check_conservation
	echo "Your own: sudo build/portclass attach dev NAME, then watch, show, detach; or lookup 443"
	run portclass show dev eth0
}

[ -x build/portclass ] || fail "build/portclass is not there (try: make)"
case ${1:-} in
'') exec tools/world.sh tools/demo.sh in-world ;;
in-world) show_portclass ;;
*) fail "usage: tools/demo.sh" ;;
esac
