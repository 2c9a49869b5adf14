#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# In a virtual machine: attach, traffic, read, reload and detach on this kernel, on
# every kind of interface that takes no hardware, and the kernel tests.
set -uo pipefail
# shellcheck source=tests/vm/guest.bash
. /job/guest.bash

STRIDE=509 # of the kernel tests: a prime, so that its multiples are ports of all kinds
SWAP_STRIDE=23

# What a test that failed has left must not fail the next.
clear_away() {
	local link

	jobs -p | xargs -r kill 2>/dev/null
	xdp-loader unload -a eth0 >/dev/null 2>&1
	for link in br0 bond0 dummy0 eth1 eth0; do
		ip link del $link 2>/dev/null
	done
	rm -rf "$PINS" /sys/fs/bpf/beside /sys/fs/bpf/xdp
}

# A cable of its own for a test: cabled COMMAND...
cabled() {
	cable_lay eth0
	trap 'set +e; clear_away' EXIT
	"$@"
}

# What the program was to count `frames` as: exactly, of what nobody else sends here.
frames_are_where_they_belong() {
	jq -e --argjson want "$frames" '
		([.unclassified[] | {(.reason): .packets}] | add) as $got |
		[.services[] | .to.packets + .from.packets] as $ports |
		all("truncated", "malformed", "too_deep", "fragment", "non_ip", "other_l4";
			$got[.] == $want[.]) and ($ports | add) == $want.ports and
		$got.arp >= $want.arp and $got.icmp >= $want.icmp' <<<"$show" || {
		echo "sent $frames, counted $show"
		return 1
	}
}

gone() {
	portclass detach dev "${1:-eth0}"
	slot_is_free "${1:-eth0}"
	nothing_is_pinned
}

# begin MODE FLAG: the kernel says by FLAG where the program runs.
begin() {
	cable_lay eth0
	portclass attach dev eth0 mode "$1"
	[ "$(ip -j link show dev eth0 | jq '.[0].xdp.mode')" = "$2" ]
	cable_raise
}

every_case() {
	local frames

	frames=$(on_peer /job/send frames eth0)
	# The last of them may still be on their way.
	eventually all_cases_came >/tmp/cases || { tail -n 1 /tmp/cases; return 1; }
}

all_cases_came() {
	show=$(portclass show dev eth0 -j)
	frames_are_where_they_belong
}

# transport NAME SERVICE PORT [AS]: from a socket of this kernel, over both IPs.
transport() {
	local sent=5 address status=0

	for address in 192.0.2.1 2001:db8::1; do
		on_peer /job/send "$1" $address "$3" $sent || status=$?
		[ $status != 77 ] || skip "this kernel has no $1"
		[ $status = 0 ]
	done
	eventually came "${4:-$1}" "$2" $((2 * sent))
}

came() {
	show=$(portclass show dev eth0 -j)
	[ "$(packets to "$1" "$2")" -ge "$3" ]
}

# Segments as large as the stack makes them.
transfer() {
	local address server

	(exec ip netns exec peer httpd -f -p 80 -h /job) &
	server=$!
	for address in 192.0.2.2 '[2001:db8::2]'; do
		eventually wget -q -O /tmp/copy "http://$address/portclass"
		cmp /tmp/copy "$PORTCLASS"
	done
	kill $server
	show=$(portclass show dev eth0 -j)
	[ "$(counted '[.services[] | select(.service == "http").from.bytes] | add')" -gt \
		$((2 * $(stat -c %s "$PORTCLASS"))) ]
}

# Of pings larger than the MTU the first fragment is icmp, the two others are not.
fragments() {
	local before

	before=$(portclass show dev eth0 -j | jq '.unclassified[] | select(.reason == "fragment").packets')
	on_peer ping -q -c 1 -s 4000 192.0.2.1
	on_peer ping -6 -q -c 1 -s 4000 2001:db8::1
	show=$(portclass show dev eth0 -j)
	[ "$(reason fragment)" = $((before + 4)) ]
}

all_once() {
	conserved
	gone
	ip link del eth0
}

# Native where XDP takes many buffers, or refused with the driver's reason.
jumbo() {
	ip link set eth0 mtu 9000
	on_peer ip link set eth0 mtu 9000
	if [ "$(entry)" = classify_linear ]; then
		refused 2 'MTU is too large' attach dev eth0
		[[ $output == *'try: ip link set dev eth0 mtu 1500'* ]]
		portclass attach dev eth0 mode generic
	else
		portclass attach dev eth0
	fi
	cable_raise
	on_peer ping -q -c 1 -s 8000 192.0.2.1
	conserved
	[ "$(counted '[.unclassified[] | select(.reason == "icmp").bytes] | add')" -ge 8042 ]
	gone
}

# Not on 5.10, but later what lies below is to be attached first.
order() {
	ip link add br0 type bridge
	ip link set eth0 master br0
	portclass attach dev br0 mode generic
	run portclass attach dev eth0
	echo "$output"
	[ $status != 0 ] || skip "this kernel lets a port follow its bridge"
	[ $status = 4 ]
	[[ $output == *'upper device already has a program'*'what lies above eth0'* ]]
	gone br0
}

# Once at attach, in the mode that it is true of, and only on such a kernel.
limit_is_said() {
	local wanted=0

	[ "$(entry)" = classify ] || wanted=1
	portclass attach dev eth0 2>/tmp/words
	cat /tmp/words
	[ "$(grep -c 'kernels before 5.18' /tmp/words)" = $wanted ]
	portclass reload dev eth0 2>/tmp/words
	[ ! -s /tmp/words ]
	portclass detach dev eth0
	portclass attach dev eth0 mode generic 2>/tmp/words
	[ ! -s /tmp/words ]
	gone
}

reloads() {
	local ports=(1000 1060 2000 3000 53) port sent=0 before=0 now dropped udp

	printf '%s\n' 'one 1000-1099/udp' 'both 2000/udp' 'first 3000/udp' >/tmp/one
	printf '%s\n' 'two 1050-1149/udp' 'both 2000/udp' 'second 3000/udp' >/tmp/two
	portclass attach dev eth0 overlay /tmp/one
	cable_raise
	for port in "${ports[@]}"; do
		on_peer /job/send udp 192.0.2.1 "$port" 2000 &
		sent=$((sent + 2000))
	done
	for overlay in two one two; do
		portclass reload dev eth0 overlay "/tmp/$overlay"
		now=$(portclass show dev eth0 -j | jq '[.total[].packets] | add // 0')
		[ "$now" -ge "$before" ]
		before=$now
	done
	echo "after the last reload $now of $sent were counted"
	wait
	conserved
	dropped=$(on_peer ip -s -j link show dev eth0 | jq '.[0].stats64.tx.dropped')
	udp=$(counted '[.services[] | select(.transport == "udp") | .to.packets + .from.packets] | add')
	echo "sent $sent, counted $udp, dropped on the way $dropped: $(counted '[.services[] | {service, status, to}]')"
	[ "$udp" -ge $((sent - dropped)) ]
	[ "$(counted '[.services[] | select(.service == "one").status] | unique[]')" = retired ]
	gone
}

# It gives up all capabilities but three, for good, before it attaches.
agent() {
	local agent

	"$PORTCLASS" agent dev eth0 listen off &
	agent=$!
	eventually test -e "$PINS/eth0/link"
	cable_raise
	send_udp 53 5
	kill $agent
	wait $agent || true
	conserved
	[ "$(packets to udp domain)" = 5 ]
	gone
}

# The kernel's own words, and what to do instead.
native_is_refused() {
	refused 2 'does not support XDP in native mode' attach dev "$1"
	[[ $output == *"try: portclass attach dev $1 mode generic"* ]]
	slot_is_free "$1"
	nothing_is_pinned
}

# Nothing is ever received there, and nothing is counted.
dummy() {
	ip link add dummy0 type dummy
	ip link set dummy0 up
	native_is_refused dummy0
	portclass attach dev dummy0 mode generic
	[ "$(ip -j link show dev dummy0 | jq '.[0].xdp.mode')" = 2 ]
	counts_of dummy0
	gone dummy0
}

# counts_of INTERFACE: what portclass counted there is what the kernel says. Both
# stand still while nothing is sent.
counts_of() {
	local kernel

	show=$(portclass show dev "$1" -j)
	kernel=$(ip -s -j link show dev "$1" | jq '.[0].stats64.rx.packets')
	echo "$1: the kernel $kernel, portclass $(counted '[.total[].packets] | add // 0')"
	sums_to "$kernel" <<<"$show" >/dev/null
}

# On the cable with its tag, on the VLAN without: once on each.
vlan() {
	ip link add link eth0 name eth0.7 type vlan id 7
	on_peer ip link add link eth0 name eth0.7 type vlan id 7
	ip addr add 198.51.100.1/24 dev eth0.7
	on_peer ip addr add 198.51.100.2/24 dev eth0.7
	native_is_refused eth0.7
	portclass attach dev eth0
	portclass attach dev eth0.7 mode generic
	ip link set eth0.7 up
	cable_raise
	on_peer ip link set eth0.7 up
	send_udp 53 7 198.51.100.1
	send_udp 123 3 192.0.2.1
	cable_cut
	counts_of eth0
	[ "$(packets to udp domain)" = 7 ]
	[ "$(packets to udp ntp)" = 3 ]
	counts_of eth0.7
	[ "$(packets to udp domain)" = 7 ]
	[ "$(packets to udp ntp)" = 0 ]
	portclass detach dev eth0.7
	gone eth0
}

bond_lay() {
	ip link add bond0 type bond mode active-backup miimon 100
	ip link set eth0 down
	ip link set eth0 master bond0
	cable_lay eth1
	ip link set eth1 down
	ip link set eth1 master bond0
	ip addr flush dev eth0
	ip addr flush dev eth1
	ip addr add 192.0.2.1/24 dev bond0
	on_peer ip addr flush dev eth1
}

bond_raise() {
	ip link set bond0 up
	cable_raise
	on_peer ip link set eth1 up
	eventually grep -q 'Currently Active Slave: eth' /proc/net/bonding/bond0
	echo eth0 >/sys/class/net/bond0/bonding/active_slave
}

bond_cut() {
	cable_cut
	on_peer ip link set eth1 down
	ip link set bond0 down
}

# Natively, where this kernel's bonds can, the program runs on the ports and counts
# what enters any of them, as the kernel does. Behind the bond there is only what it
# takes: nothing from a port in reserve.
bond() {
	local mode

	bond_lay
	portclass attach dev bond0 || {
		native_is_refused bond0
		portclass attach dev bond0 mode generic
	}
	mode=$(portclass list -j | jq -r '.[0].mode')
	bond_raise
	send_udp 514 7 # of which there is no case
	on_peer /job/send frames eth1 >/tmp/frames
	bond_cut
	echo "$mode"
	if [ "$mode" = native ]; then
		counts_of bond0
	else
		show=$(portclass show dev bond0 -j)
		[ "$(reason other_l4)" = 0 ]
	fi
	[ "$(packets to udp syslog)" = 7 ]
	gone bond0
}

# Attached to its ports, each counts its own, and both together what the bond says.
bond_ports() {
	local both

	bond_lay
	portclass attach dev eth0
	portclass attach dev eth1
	bond_raise
	send_udp 53 7
	on_peer /job/send frames eth1 >/tmp/frames
	bond_cut
	counts_of eth0
	both=$(counted '[.total[].packets] | add')
	[ "$(packets to udp domain)" = 7 ]
	counts_of eth1
	both=$((both + $(counted '[.total[].packets] | add')))
	[ "$both" = "$(ip -s -j link show dev bond0 | jq '.[0].stats64.rx.packets')" ]
	portclass detach dev eth1
	gone eth0
}

# On the port, all that enters; on the bridge, what is for the host itself; on the
# port where it leaves, nothing.
bridge() {
	local forwarded

	ip link add br0 type bridge
	cable_lay eth1
	ip addr flush dev eth0
	ip addr flush dev eth1
	on_peer ip addr flush dev eth1
	ip link set eth0 master br0
	ip link set eth1 master br0
	ip addr add 192.0.2.1/24 dev br0
	native_is_refused br0
	portclass attach dev eth0
	portclass attach dev eth1
	portclass attach dev br0 mode generic
	ip link set br0 up
	on_peer ip link set eth1 up
	cable_raise
	eventually on_peer ping -q -c 1 -W 1 192.0.2.1
	send_udp 53 7
	forwarded=$(on_peer /job/send frames eth0 | jq .ports)
	cable_cut
	on_peer ip link set eth1 down
	ip link set br0 down
	counts_of eth0
	[ "$(packets to udp domain)" -ge 7 ]
	[ "$(counted '[.services[] | .to.packets + .from.packets] | add')" = $((7 + forwarded)) ]
	counts_of eth1
	[ "$(counted '[.services[] | .to.packets + .from.packets] | add // 0')" = 0 ]
	counts_of br0
	[ "$(counted '[.services[] | .to.packets + .from.packets] | add')" = 7 ]
	portclass detach dev br0
	portclass detach dev eth1
	gone eth0
}

# map_of NAME: the number of the youngest map by that name.
map_of() {
	bpftool -j map show | jq --arg name "$1" '[.[] | select(.name == $name).id] | max'
}

# libxdp runs it beside another program: both see the frames. It pins no map, so the
# counters are pinned by number; the names come from the same object, loaded anew.
dispatcher() {
	local directory=/sys/fs/bpf/beside name seen

	[ "$(entry)" = classify ] || skip "libxdp loads the object's first program, for 5.18 and later"
	xdp-loader load -m native eth0 "$OBJECT" /job/neighbour.bpf.o
	xdp-loader status eth0
	mkdir $directory
	bpftool prog loadall "$OBJECT" $directory/prog pinmaps $directory/maps
	for name in traffic unclassified; do
		rm $directory/maps/$name
		bpftool map pin id "$(bpftool -j prog show | jq '[.[] | select(.type == "ext" and
			.name == "classify").map_ids[]][]' | while read -r id; do
				bpftool -j map show id "$id" | jq "select(.name == \"$name\").id"
			done)" $directory/maps/$name
	done
	cable_raise
	send_udp 53 5
	on_peer ping -q -c 1 192.0.2.1
	conserved pin $directory
	[ "$(packets to udp domain)" = 5 ]
	seen=$(bpftool -j map dump id "$(map_of seen)" | jq '[.. | .value? | numbers] | add')
	echo "the neighbour saw $seen"
	[ "$seen" = "$(kernel_frames)" ]
	xdp-loader unload -a eth0
	rm -r $directory
	slot_is_free
}

echo "# $(uname -r), $(entry), up for $(cut -d' ' -f1 /proc/uptime) s"
clear_away # the modules make a bond0 and a dummy0 of their own
ip netns add peer
on_peer ip link set lo up
for mode in native generic; do
	check "$mode on veth: attach" begin $mode "$([ $mode = native ] && echo 1 || echo 2)"
	check "$mode on veth: every frame case" every_case
	check "$mode on veth: udp" transport udp domain 53
	check "$mode on veth: tcp" transport tcp https 443
	check "$mode on veth: udplite is counted as udp" transport udplite ntp 123 udp
	check "$mode on veth: sctp" transport sctp m3ua 2905
	check "$mode on veth: dccp" transport dccp syslog-tls 6514
	check "$mode on veth: files over TCP" transfer
	check "$mode on veth: fragments" fragments
	check "$mode on veth: every frame once, and nothing left" all_once
done
check "jumbo frames" cabled jumbo
check "what older kernels show is said at attach" cabled limit_is_said
check "reloads under traffic lose nothing" cabled reloads
check "the agent, with three capabilities" cabled agent
check "dummy: native refused, generic counts" cabled dummy
check "VLAN: once on the cable, once on the VLAN" cabled vlan
check "bond: all ports' frames" cabled bond
check "bond: each port's own" cabled bond_ports
check "bridge: the port, the host's, the other port" cabled bridge
check "below what has a program already" cabled order
check "beside another program, by libxdp's dispatcher" cabled dispatcher
check_program /job/kernel_classify "$OBJECT" "$(entry)" $STRIDE
check_program /job/kernel_swap "$OBJECT" "$(entry)" $SWAP_STRIDE
check_program /job/kernel_sweep "$OBJECT" "$(entry)" $STRIDE
finish
