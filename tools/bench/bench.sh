#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Measure portclass against what people use today, in a world of its own (world.sh),
# and print samples for report.py. Progress goes to stderr.
#
# usage: tools/bench/bench.sh [ROUNDS [packets|cables|maps|scaling|commands]...]
# (needs root, and what `make bench` builds)
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH=$PWD/build:$PATH:/usr/sbin:/sbin
DRIVERS=build/bench.bpf.o
OBJECT=build/portclass.bpf.o
INTERFACES=64

say() {
	echo "bench: $*" >&2
}

# cable NAME: from NAME here to `in` in a network namespace NAME.
cable() {
	ip netns add "$1"
	ip link add "$1" type veth peer name in netns "$1"
	ip link set dev "$1" arp off
	ip link set dev "$1" addrgenmode none
	there "$1" ip link set dev in address 02:00:00:00:00:01
	there "$1" ip link set dev in addrgenmode none
	ip link set dev "$1" up
	there "$1" ip link set dev in up
	there "$1" ethtool -K in gro on # last, or it takes no frames from a driver
}

# Unlike `ip netns exec`, this leaves the pins in sight.
there() {
	nsenter --net="/run/netns/$1" "${@:2}"
}

# Four ports that no frame has, so that it passes them all as the others do.
load_xdp_filter() {
	LIBXDP_SKIP_DISPATCHER=1 there "$1" xdp-filter load in -f all
	for port in 61001 61002 61003 61004; do
		xdp-filter port "$port" -p tcp,udp -m src,dst
	done
}

XDP_FILTER=/sys/fs/bpf/xdp-filter/programs/in/xdpfilt_alw_all

# The first so many TCP and UDP ports that the registry names, as nft's words.
named_ports() {
	awk -F, -v most="$1" '$1 != "" && $3 ~ /^(tcp|udp)$/ && $2 ~ /^[0-9]+$/ && n++ < most {
		print $3 " . " $2 }' registry/iana.csv
}

nft_set() {
	{
		echo "table inet bench {"
		echo "set services { type inet_proto . inet_service; counter; elements = {"
		named_ports 1000 | sed 's/$/,/'
		echo "}"
		echo "}"
		echo "chain in { type filter hook prerouting priority raw;"
		echo "meta l4proto . th dport @services accept"
		echo "meta l4proto . th sport @services accept"
		echo "}"
		echo "}"
	} | there "$1" nft -f -
}

nft_named_counters() {
	{
		echo "table inet bench {"
		named_ports 100 | sed 's/\(.*\) \. \(.*\)/counter \1_\2 { }/'
		echo "chain in { type filter hook prerouting priority raw;"
		echo "counter name meta l4proto . th dport map {"
		named_ports 100 | sed 's/\(.*\) \. \(.*\)/\1 . \2 : "\1_\2",/'
		echo "}"
		echo "}"
		echo "}"
	} | there "$1" nft -f -
}

attach_empty() {
	mkdir -p /sys/fs/bpf/bench
	[ -e /sys/fs/bpf/bench/empty ] || bpftool prog loadall "$DRIVERS" /sys/fs/bpf/bench
	there "$1" ip link set dev in xdpdrv pinned /sys/fs/bpf/bench/empty
}

attach_native() {
	there "$1" portclass attach dev in
}

attach_generic() {
	there "$1" portclass attach dev in mode generic
}

start_tcpdump() {
	there "$1" taskset -c 0 tcpdump -i in -w /dev/null -s 96 2>/dev/null &
	capturer=$!
}

# By whom frames are looked at, and how that is set up.
WAYS="nothing:true xdp_empty:attach_empty portclass:attach_native
	generic:attach_generic xdp-filter:load_xdp_filter nft_set:nft_set
	nft_named:nft_named_counters tcpdump:start_tcpdump"

measure_cables() {
	local arguments=() name

	for way in $WAYS; do
		name=${way%%:*}
		capturer=
		cable "$name"
		"${way#*:}" "$name"
		arguments+=("$name=$name${capturer:+,$capturer}")
	done
	sleep 1
	bench_send "$DRIVERS" "$OBJECT" "$1" 131072 "${arguments[@]}"
	kill "$capturer"
	check_conservation
}

check_conservation() {
	local kernel counted

	for name in portclass generic; do
		kernel=$(there "$name" ip -s -j link show dev in | jq '.[0].stats64.rx.packets')
		counted=$(there "$name" portclass show dev in -j | jq '.total | map(.packets) | add')
		[ "$kernel" = "$counted" ] || {
			say "$name: the kernel saw $kernel frames, $counted were counted"
			exit 1
		}
	done
}

# took WHAT WAY COMMAND...: a sample of its milliseconds from start to end.
took() {
	local start=${EPOCHREALTIME/./}

	"${@:3}" >/dev/null
	printf 'command\t%s\t%s\tms\t%s\n' "$1" "$2" $((${EPOCHREALTIME/./} - start))e-3
}

# One interface, and then many more beside it.
measure_commands() {
	local interfaces=1

	ip link add one type veth peer name other
	for count in 1 8 "$INTERFACES"; do
		while [ $interfaces -lt "$count" ]; do
			interfaces=$((interfaces + 1))
			ip link add "many$interfaces" type veth peer name "end$interfaces"
			portclass attach dev "many$interfaces"
		done
		for ((round = 0; round < $1; round++)); do
			took attach "interfaces/$count" portclass attach dev one
			took show "interfaces/$count" portclass show dev one
			took detach "interfaces/$count" portclass detach dev one
		done
	done
}

part_packets() {
	say "a frame in the program, $1 rounds"
	cable filter
	load_xdp_filter filter
	bench_packets "$DRIVERS" "$OBJECT" "$1" xdp-filter="$XDP_FILTER"
	there filter xdp-filter unload in
}

part_cables() {
	say "a frame on a cable, $1 rounds"
	measure_cables "$1"
}

part_maps() {
	say "maps, $1 rounds"
	ip link add one type veth peer name other
	portclass attach dev one
	bench_maps /sys/fs/bpf/portclass/one "$1"
	portclass detach dev one
	ip link del one
}

part_scaling() {
	say "CPUs and interfaces, $1 rounds"
	bench_scaling "$DRIVERS" "$OBJECT" "$1"
}

part_commands() {
	say "commands, $1 rounds"
	measure_commands "$1"
}

in_world() {
	for part in "${@:2}"; do
		"part_$part" "$1"
	done
}

case ${1:-} in
in-world) in_world "${@:2}" ;;
*)
	if softirq=$(pgrep -o -x ksoftirqd/0); then
		exec 3<"/proc/$softirq/schedstat"
	else
		say "the softirq thread is not in sight: its time is left out"
	fi
	[ $# -gt 1 ] || set -- "${1:-15}" packets cables maps scaling commands
	exec tools/world.sh tools/bench/bench.sh in-world "$@"
	;;
esac
