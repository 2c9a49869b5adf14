#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# In a virtual machine whose kernel has no IPv6: the agent does without.
set -uo pipefail
# shellcheck source=tests/vm/guest.bash
. /job/guest.bash

log=/tmp/log

said() {
	grep -qF -- "$1" $log
}

# agent_starts ADDRESS:PORT: default routes are looked for, as no interface is named.
agent_starts() {
	"$PORTCLASS" agent listen "$1" 2>$log &
	agent=$!
	eventually said started
	cat $log
}

is_ready() {
	[ "$(wget -q -O - "http://$1:9635/readyz")" = ready ]
}

# serves ADDRESS: counts of what has the default route; then the agent ends.
serves() {
	eventually is_ready "$1"
	wget -q -O - "http://$1:9635/metrics" >/tmp/metrics
	grep -q '^portclass_packets_total{device="eth0"' /tmp/metrics
	kill "$agent"
	wait "$agent"
}

every_address() {
	agent_starts :9635
	serves 192.0.2.1
	[ "$(grep -cF 'this kernel has no IPv6: listening on IPv4 alone' $log)" = 1 ]
}

one_address() {
	agent_starts 127.0.0.1:9635
	serves 127.0.0.1
	[ "$(grep -c IPv6 $log)" = 0 ]
}

later_address() {
	agent_starts 198.51.100.7:9635
	said 'no interface has that address yet'
	ip addr add 198.51.100.7/24 dev eth0
	serves 198.51.100.7
}

refused_address() {
	refused 2 'listen on [::1]:9635' agent listen '[::1]:9635'
}

[ ! -e /proc/sys/net/ipv6 ] || echo "not ok - this kernel has IPv6"
ip link add eth0 type veth peer name far0
ip addr add 192.0.2.1/24 dev eth0
ip link set eth0 up
ip link set far0 up
ip route add default via 192.0.2.2 dev eth0
check "every address is IPv4's, and default routes are found" every_address
check "one address" one_address
check "one that comes later" later_address
check "one of IPv6 is refused" refused_address
finish
