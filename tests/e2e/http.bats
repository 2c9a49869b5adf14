#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash sets what it leaves
#
# The agent's web server and its metrics: right, bounded, and hard to annoy.

load helper

PORT=9635
URL=http://127.0.0.1:$PORT

setup() { world_open; }
teardown() { world_close; }

# agent_start KEYWORD VALUE...: it ends with the world.
agent_start() {
	[ "${1:-}" = listen ] || set -- listen "127.0.0.1:$PORT" "$@"
	on_host "$PORTCLASS" agent dev eth0 "$@" \
		>"$BATS_TEST_TMPDIR/agent.log" 2>&1 3>&- &
	eventually get /readyz >/dev/null
}

# get PATH [CURL OPTION...]
get() {
	on_host curl -sS --fail --max-time 20 "${@:2}" "$URL$1"
}

# Whether a service has series of its own.
has_series() {
	get /metrics | grep -qF "service=\"$1\""
}

# Whether what it read last has all these frames: it reads once a second at most.
metrics_reach() {
	[ "$(get /metrics | awk '/^portclass_(unclassified_)?packets_total/ { sum += $2 }
		END { print sum + 0 }')" -ge "$1" ]
}

# So far.
metrics_catch_up() {
	eventually metrics_reach "$(portclass -j show dev eth0 | jq '.total[0].packets')"
}

# What the agent says of all that was counted; nothing is counted any more.
metrics_add_up() {
	conserved
	metrics_catch_up
	echo "$show" >"$BATS_TEST_TMPDIR/show.json"
	on_host /usr/bin/python3 tests/metrics_check.py "$PORT" "$BATS_TEST_TMPDIR/show.json" "$1"
}

# The id of the agent on the host, and what it takes there, in KB.
agent_pid() {
	on_host ss -Hltnp "sport = :$PORT" | sed -n 's/.*pid=\([0-9]*\).*/\1/p'
}

agent_is_gone() {
	[ -z "$(agent_pid)" ]
}

agent_memory() {
	on_host sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$(agent_pid)/status"
}

clients() {
	on_host python3 tests/http_clients.py "$PORT" "$@"
}

# Datagrams and segments to every port of the host.
scan() {
	on_peer python3 -c '
import socket, struct
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
tcp = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
for port in range(65536):
    tcp.sendto(struct.pack("!HHLLBBHHH", 50000, port, 0, 0, 0x50, 0, 0, 0, 0), ("192.0.2.1", 0))
    if port:
        udp.sendto(b"hello", ("192.0.2.1", port))
'
}

@test "metrics are what show says, in both formats" {
	agent_start
	cable_raise
	send_udp 53 7
	send_udp 123 4 2001:db8::1
	send_udp 20000 3
	send_between 65001 65000
	on_peer ping -q -c 3 -i 0.02 192.0.2.1
	metrics_add_up 256
	get /metrics | grep -F 'portclass_service_packets_total{device="eth0",direction="rx",transport="udp",service="domain",port="53",side="to"} 7'
	get /metrics | promtool check metrics
	get /metrics -H 'Accept: application/openmetrics-text;version=1.0.0' | tail -n 1 | grep -Fx '# EOF'
}

@test "the API says what the commands say" {
	agent_start
	cable_raise
	send_udp 53 7
	conserved
	[ "$(get /api/v1/counters | jq -cS '.[0] | del(.timestamp)')" = "$(jq -cS . <<<"$show")" ]
	[ "$(get '/api/v1/lookup?q=443/tcp' | jq -cS .)" = "$(portclass lookup 443/tcp -j | jq -cS .)" ]
	[ "$(get '/api/v1/lookup?q=https' | jq -cS .)" = "$(portclass lookup https -j | jq -cS .)" ]
	get /healthz
	get / -o /dev/null -D "$BATS_TEST_TMPDIR/headers"
	grep -i '^content-security-policy: ' "$BATS_TEST_TMPDIR/headers"
	run ! grep unsafe "$BATS_TEST_TMPDIR/headers"
}

@test "names that no label expects are escaped" {
	printf '%s\n' 'a"b\c 53/udp' 'other 54/udp' 'unassigned 55/udp' >"$BATS_TEST_TMPDIR/odd"
	agent_start overlay "$BATS_TEST_TMPDIR/odd"
	cable_raise
	for port in 53 54 55 20000; do
		send_udp "$port" 2
	done
	metrics_add_up 256
	get /metrics | promtool check metrics
	get /metrics | grep -F 'service="a\"b\\c"'
}

@test "all ports scanned: the series are bounded, and other carries the rest exactly" {
	agent_start series 100
	cable_raise
	send_udp 53 7
	eventually has_series domain
	scan
	metrics_add_up 100
	has_series domain
}

@test "a set of services once shown stays, while others come" {
	agent_start series 10
	cable_raise
	for port in 53 67 69 123 161; do
		send_udp "$port" 3
	done
	metrics_catch_up
	get /metrics | grep -o 'service="[^"]*",port="[^"]*"' | sort -u >"$BATS_TEST_TMPDIR/before"
	scan
	for _ in 1 2 3; do
		send_udp 514 1000
		metrics_catch_up
		get /metrics | grep -o 'service="[^"]*",port="[^"]*"' | sort -u >"$BATS_TEST_TMPDIR/after"
		[ -z "$(comm -23 "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after")" ]
		cp "$BATS_TEST_TMPDIR/after" "$BATS_TEST_TMPDIR/before"
	done
	metrics_add_up 10
}

# The samples of all services, in order; the labels alone with "labels".
services() {
	get /metrics | grep '^portclass_service_' | sort | if [ "${1:-}" = labels ]; then
		sed 's/ [0-9]*$//'
	else
		cat
	fi
}

@test "an agent that was killed goes on with the same services, and no series goes back" {
	agent_start series 20
	cable_raise
	for port in 53 67 69 123 161; do
		send_udp "$port" 3
	done
	metrics_catch_up
	scan
	metrics_catch_up
	services >"$BATS_TEST_TMPDIR/before"
	on_host kill -KILL "$(agent_pid)"
	send_udp 514 1000
	agent_start series 20
	cable_cut
	metrics_catch_up
	services >"$BATS_TEST_TMPDIR/after"
	[ "$(sed 's/ [0-9]*$//' "$BATS_TEST_TMPDIR/before")" = "$(services labels)" ]
	paste -d ' ' "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after" |
		awk '$4 < $2 { print; back = 1 } END { exit back }'
	metrics_add_up 20
	portclass detach dev eth0
	nothing_is_pinned
}

# asked_for HOST: status and body of a request for that.
asked_for() {
	on_host curl -sS --max-time 20 -H "Host: $1" -w '%{http_code}\n' "$URL/metrics"
}

# listens_on ADDRESS: that, and nothing else.
listens_on() {
	[ "$(on_host ss -Hltn "sport = :$PORT" | awk '{ print $4 }')" = "$1" ]
}

@test "a port alone is one of loopback, a port behind a colon one of every address" {
	agent_start listen "$PORT"
	listens_on "127.0.0.1:$PORT"
	on_host kill "$(agent_pid)"
	eventually agent_is_gone
	agent_start listen ":$PORT"
	listens_on "*:$PORT"
	on_host curl -sf "http://192.0.2.1:$PORT/healthz"
	on_host curl -sf "http://[2001:db8::1]:$PORT/healthz"
	on_host kill "$(agent_pid)"
	eventually agent_is_gone
	agent_start listen "[127.0.0.1]:$PORT"
	listens_on "127.0.0.1:$PORT"
}

# agent_listens ADDRESS [RUNNER]: an agent that serves there, and looks for default routes.
agent_listens() {
	on_host ${2:+"$2"} "$PORTCLASS" agent listen "$1" >"$BATS_TEST_TMPDIR/agent.log" 2>&1 3>&- &
	eventually grep -q started "$BATS_TEST_TMPDIR/agent.log"
	cat "$BATS_TEST_TMPDIR/agent.log"
}

# said COUNT TEXT: how often it said that.
said() {
	[ "$(grep -cF -- "$2" "$BATS_TEST_TMPDIR/agent.log")" = "$1" ]
}

# comes_later ADDRESS LISTEN: it serves there once an interface has the address, and again
# after that went away.
comes_later() {
	local nodad=

	[[ $1 != *:* ]] || nodad=nodad
	agent_listens "$2"
	said 1 "listen on $2: no interface has that address yet"
	for _ in 1 2; do
		run ! on_host curl -sf --max-time 5 "http://$2/healthz"
		on_host ip addr add "$1" dev eth0 $nodad
		[ "$(on_host curl -sf --max-time 20 "http://$2/healthz")" = alive ]
		on_host ip addr del "$1" dev eth0
	done
	said 1 "no interface has that address yet"
	on_host kill "$(agent_pid)"
	eventually agent_is_gone
}

@test "an address that comes later is waited for" {
	comes_later 198.51.100.7/24 "198.51.100.7:$PORT"
	comes_later 2001:db8:7::7/64 "[2001:db8:7::7]:$PORT"
	comes_later fe80::7/64 "[fe80::7%eth0]:$PORT"
	# One that is there, though no interface has just that one.
	agent_listens "127.0.0.2:$PORT"
	said 0 "no interface has that address"
}

@test "a kernel without IPv6: every address is IPv4's, which is said once" {
	on_host ip route add default via 192.0.2.2 dev eth0
	agent_listens ":$PORT" tests/without_ipv6.py
	listens_on "0.0.0.0:$PORT"
	said 1 "no IPv6"
	eventually get /readyz
	on_host curl -sf "http://192.0.2.1:$PORT/healthz"
	on_host kill "$(agent_pid)"
	eventually agent_is_gone
	run -2 on_host tests/without_ipv6.py "$PORTCLASS" agent listen "[::1]:$PORT"
	[[ $output == *"listen on [::1]:$PORT: Address family not supported"* ]]
}

@test "IPv6 switched off: every address is served still" {
	on_host ip route add default via 192.0.2.2 dev eth0
	on_host sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
	agent_listens ":$PORT"
	eventually get /readyz
	on_host curl -sf "http://192.0.2.1:$PORT/healthz"
}

@test "a request for another host is refused with the line that lets it in, and that does" {
	settings=$BATS_TEST_TMPDIR/agent.conf
	echo 'log-format text' >"$settings"
	agent_start config "$settings"
	for host in "127.0.0.1:$PORT" "[2001:db8::1]" localhost:1 a.localhost "$(uname -n)" "$(uname -n).:80"; do
		asked_for "$host" >"$BATS_TEST_TMPDIR/said"
		grep -q '^portclass_packets_total' "$BATS_TEST_TMPDIR/said"
		[ "$(tail -n 1 "$BATS_TEST_TMPDIR/said")" = 200 ]
	done
	asked_for "Evil.example:$PORT" >"$BATS_TEST_TMPDIR/said"
	cat "$BATS_TEST_TMPDIR/said"
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/said")" = 421 ]
	run ! grep portclass_ "$BATS_TEST_TMPDIR/said"
	grep -F "($settings)" "$BATS_TEST_TMPDIR/said"
	grep -x 'host evil.example' "$BATS_TEST_TMPDIR/said" >>"$settings"
	on_host kill "$(agent_pid)"
	eventually agent_is_gone
	agent_start config "$settings"
	[ "$(asked_for evil.example | tail -n 1)" = 200 ]
	[ "$(asked_for other.example | tail -n 1)" = 421 ]
	# Who says no name is an old client, not a browser.
	get /healthz --http1.0 -H 'Host:'
}

@test "malformed requests are refused, each with a sentence" {
	agent_start
	clients malformed
}

@test "1,000 idle and 100 slow connections: scrapes go on" {
	agent_start
	cable_raise
	scan
	get /metrics >/dev/null
	before=$(agent_memory)
	clients crowd 1000 100 20
	after=$(agent_memory)
	echo "$before KB, then $after KB"
	[ "$after" -lt $((before + 50 * 1024)) ]
	metrics_add_up 256
}

@test "ten seconds of random and mutated requests: it answers, and does not grow" {
	agent_start
	clients fuzz 4
	before=$(agent_memory)
	clients fuzz 8
	after=$(agent_memory)
	echo "$before KB, then $after KB"
	[ "$after" -lt $((before + 4 * 1024)) ]
	get /healthz
}
