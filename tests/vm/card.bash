#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# In a virtual machine with a card: what the driver takes, what it wants changed, and a
# burst from outside. This side says `# ready`, the other one sends until `# enough`.
set -uo pipefail
# shellcheck source=tests/vm/guest.bash
. /job/guest.bash

CARD=eth0
MARK=discard # the service whose port is the last that is sent to

driver() {
	basename "$(readlink /sys/class/net/$CARD/device/driver)"
}

queues() {
	find /sys/class/net/$CARD/queues -name 'rx-*' | wc -l
}

# As a user would: do what the refusal advises, until it is attached.
attach_as_advised() {
	local advice

	for _ in 1 2 3; do
		run portclass attach dev $CARD
		echo "$output"
		[ $status != 0 ] || return 0
		advice=$(sed -n 's/.*(try: \(.*\)): .*/\1/p' <<<"$output")
		[ -n "$advice" ] || return 1
		echo "$advice" >>/tmp/advice
		$advice || return 1
		portclass list -j | jq -e '.[0]' && return 0
	done
	return 1
}

attached() {
	attach_as_advised
	portclass list -j | jq -r '.[0].mode' >/tmp/mode
}

count_now() {
	portclass show dev $CARD -j | jq '[.total[].packets] | add // 0'
}

kernel_count() {
	ip -s -j link show dev $CARD | jq '.[0].stats64.rx.packets'
}

marked() {
	show=$(portclass show dev $CARD -j)
	[ "$(packets to udp $MARK)" -gt 0 ]
}

# While the burst comes. None of the counts may turn back. The other side hears of each turn.
reloads() {
	local before=0 now deadline=$((SECONDS + 30)) turns=0

	while :; do
		[ $SECONDS -lt $deadline ]
		portclass reload dev $CARD count-by "$([ $((turns % 2)) = 0 ] && echo destination || echo service)"
		now=$(count_now)
		[ "$now" -ge "$before" ]
		before=$now
		turns=$((turns + 1))
		echo "# turn $turns" >&9
		! marked || break
	done
	echo "$turns reloads" >/tmp/turns
}

# Between two equal answers of the kernel, what portclass says has to be the same.
still() {
	local before after

	before=$(kernel_count)
	show=$(portclass show dev $CARD -j)
	after=$(kernel_count)
	echo "the kernel $before, portclass $(counted '[.total[].packets] | add'), the kernel $after"
	[ "$before" = "$after" ] && sums_to "$after" <<<"$show" >/dev/null
}

burst_once() {
	eventually still
	counted '.services[] | select(.transport == "udp") | "\(.service) \(.to.packets)"'
	for service in domain ntp https; do
		[ "$(packets to udp $service)" = 400 ]
	done
}

# On how many CPUs a page of counters has counted.
cpus_of_page() {
	bpftool -j map lookup pinned $PINS/$CARD/maps/traffic key "$1" 0 0 0 |
		jq '[.formatted.values[].value | select(any(.. | objects | .packets?; . != null and . > 0))] | length'
}

several_cpus() {
	local page most=0 cpus

	for page in $(seq 0 15); do
		cpus=$(cpus_of_page "$page")
		echo "page $page: $cpus CPUs"
		[ "$cpus" -le "$most" ] || most=$cpus
		[ "$most" -lt 2 ] || break
	done
	echo "$most" >/tmp/cpus
	[ "$most" -ge 2 ]
}

gone() {
	portclass detach dev $CARD
	slot_is_free $CARD
	nothing_is_pinned
}

echo "# $(uname -r), $(entry), $(driver) with $(queues) queues, up for $(cut -d' ' -f1 /proc/uptime) s"
[ "$(driver)" != virtio_net ] || {
	ethtool -L $CARD combined 4
	echo "# $(ethtool -l $CARD | sed -n 's/^Combined:[[:space:]]*//p' | tail -1) of its queues are in use"
}
: >/tmp/advice
check "$(driver): attach, as advised" attached
note "mode $(cat /tmp/mode), advice followed: $(tr '\n' ';' </tmp/advice)"
ip addr add 192.0.2.2/24 dev $CARD
ip addr add 2001:db8::2/64 dev $CARD nodad
ip link set $CARD up
exec 9>&1 # what a check says goes elsewhere
echo "# ready"
check "$(driver): reloads under traffic from outside" reloads
echo "# enough"
check "$(driver): every frame of it once" burst_once
[ "$(driver)" != virtio_net ] || check "$(driver): several CPUs counted" several_cpus
note "$(cat /tmp/turns), counted on $(cat /tmp/cpus 2>/dev/null || echo 1) CPUs"
check "$(driver): nothing left" gone
finish
