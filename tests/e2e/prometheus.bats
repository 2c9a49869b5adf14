#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What was sent, asked back from a Prometheus that scraped the agent.

load helper

AGENT=127.0.0.1:9635
PROMETHEUS=127.0.0.1:9090
DOMAIN='device="eth0",transport="udp",service="domain",port="53",side="to"'
NTP='device="eth0",transport="udp",service="ntp",port="123",side="to"'

setup() {
	world_open
	on_host "$PORTCLASS" agent dev eth0 listen "$AGENT" \
		>"$BATS_TEST_TMPDIR/agent.log" 2>&1 3>&- &
	prometheus_start
}

teardown() { world_close; }

prometheus_start() {
	local data=$BATS_TEST_TMPDIR/prometheus

	mkdir -p "$data"
	cat >"$data/prometheus.yml" <<-END
	global:
	  scrape_interval: 1s
	scrape_configs:
	  - job_name: portclass
	    static_configs:
	      - targets: ['$AGENT']
	END
	on_host prometheus --config.file="$data/prometheus.yml" --storage.tsdb.path="$data" \
		--web.listen-address="$PROMETHEUS" >"$data/log" 2>&1 3>&- &
	# It finds its targets after five seconds.
	eventually answers 1 up || eventually answers 1 up
}

# query PROMQL: the value of the first series; empty if there is none.
query() {
	on_host curl -sS --get --data-urlencode "query=$1" "http://$PROMETHEUS/api/v1/query" |
		jq -r '.data.result[0].value[1] // empty'
}

answers() {
	[ "$(query "$2" 2>/dev/null)" = "$1" ]
}

# steadily SECONDS: ten times a second, five datagrams to one service, two to another.
steadily() {
	on_peer python3 -c '
import socket, sys, time
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(10 * int(sys.argv[1])):
    for port, count in ((53, 5), (123, 2)):
        for _ in range(count):
            client.sendto(bytes(100), ("192.0.2.1", port))
    time.sleep(0.1)
' "$1"
}

@test "counters and rates by service, asked back, are what was sent" {
	cable_raise
	send_udp 53 1 192.0.2.1 100
	send_udp 123 1 192.0.2.1 100
	eventually answers 1 "portclass_service_packets_total{$DOMAIN}"
	eventually answers 1 "portclass_service_packets_total{$NTP}"
	steadily 8
	conserved
	eventually answers 401 "portclass_service_packets_total{$DOMAIN}"
	eventually answers 161 "portclass_service_packets_total{$NTP}"
	[ "$(packets to udp domain)" = 401 ]
	[ "$(packets to udp ntp)" = 161 ]

	for metric in "packets 1" "bytes $((100 + 8 + 20 + 14))"; do
		name=portclass_service_${metric% *}_total each=${metric#* }
		answers $((400 * each)) "max_over_time($name{$DOMAIN}[1m]) - min_over_time($name{$DOMAIN}[1m])"
		answers $((160 * each)) "max_over_time($name{$NTP}[1m]) - min_over_time($name{$NTP}[1m])"
	done
	answers 0 'sum(resets(portclass_service_packets_total[1m]))'
	# Prometheus extrapolates to the ends of the range.
	answers 1 "abs(increase(portclass_service_packets_total{$DOMAIN}[1m]) - 400) < bool 100"
	answers 1 "rate(portclass_service_packets_total{$DOMAIN}[1m]) > bool
		on (device) 2 * rate(portclass_service_packets_total{$NTP}[1m])"
}

@test "what services, other and reasons counted is the total, in PromQL too" {
	cable_raise
	send_udp 53 20
	send_udp 20000 5
	on_peer ping -q -c 3 -i 0.02 192.0.2.1
	conserved
	total=$(counted '.total[0].packets')
	eventually answers "$total" 'sum(portclass_service_packets_total) +
		sum(portclass_unclassified_packets_total)'
	eventually answers "$total" 'sum(portclass_packets_total) +
		sum(portclass_unclassified_packets_total)'
	answers "$(counted '.total[0].bytes')" 'sum(portclass_bytes_total) +
		sum(portclass_unclassified_bytes_total)'
}
