#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2034,SC2154 # the helpers set and use what is not set here
#
# The proxy that docs/proxy.md puts in front of an agent, with the files that it names.

load helper
load agent

CONFIGURATION=$ROOT/deploy/haproxy/portclass.cfg

need() {
	command -v "$1" >/dev/null || skip "no $1 here (try: tools/setup.sh test)"
}

setup() {
	need haproxy
	need openssl
	files=$BATS_TEST_TMPDIR/haproxy
	mkdir "$files"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=db1.example.org \
		-addext subjectAltName=DNS:db1.example.org -keyout "$files/key" -out "$files/cert" 2>/dev/null
	cat "$files/cert" "$files/key" >"$files/portclass.pem"
	for _ in 1 2; do
		openssl rand -hex 32
	done >"$files/portclass.tokens"
	world_open
	on_host mount --bind "$files" /etc/haproxy
}

teardown() { world_close; }

proxy_start() {
	on_host haproxy -db -f "$CONFIGURATION" >"$BATS_TEST_TMPDIR/proxy" 2>&1 3>&- &
	eventually asks || {
		cat "$BATS_TEST_TMPDIR/proxy"
		return 1
	}
}

# asks [CURL OPTION...]: for $path or the metrics; the status is printed, the reply kept.
asks() {
	on_peer curl -sS --max-time 20 --cacert "$files/cert" --resolve db1.example.org:9636:192.0.2.1 \
		-D "$BATS_TEST_TMPDIR/head" -o "$BATS_TEST_TMPDIR/reply" -w '%{http_code}' "$@" \
		"https://db1.example.org:9636${path:-/metrics}"
}

@test "the proxy lets in who has a token, by TLS" {
	listen=127.0.0.1:9635 agent_start dev eth0
	agent_says 'eth0: attached'
	cable_raise
	on_host haproxy -c -f "$CONFIGURATION"
	proxy_start
	[ "$(asks)" = 401 ]
	grep -i '^www-authenticate: bearer' "$BATS_TEST_TMPDIR/head"
	run ! grep portclass_ "$BATS_TEST_TMPDIR/reply"
	[ "$(asks -H 'Authorization: Bearer')" = 401 ]
	[ "$(asks -H 'Authorization: Bearer wrong')" = 401 ]
	[ "$(asks -H "Authorization: Basic $(head -n 1 "$files/portclass.tokens")")" = 401 ]
	while read -r token; do
		[ "$(asks -H "Authorization: Bearer $token")" = 200 ]
		grep '^portclass_packets_total{device="eth0"' "$BATS_TEST_TMPDIR/reply"
		[ "$(asks --http1.1 -H "Authorization: Bearer $token")" = 200 ]
		[ "$(asks -H "Authorization: Bearer ${token%?}")" = 401 ]
	done <"$files/portclass.tokens"
	token=$(head -n 1 "$files/portclass.tokens")
	# Neither without TLS, nor past the proxy.
	run ! on_peer curl -s --max-time 20 -H "Authorization: Bearer $token" http://192.0.2.1:9636/metrics
	run ! on_peer curl -s --max-time 20 http://192.0.2.1:9635/metrics
	# What the agent has refused comes through as it is.
	[ "$(path=/nowhere asks -H "Authorization: Bearer $token")" = 404 ]
}

@test "Prometheus takes what the how-to gives it" {
	need promtool
	# shellcheck disable=SC2016 # no quotes of a shell
	sed -n '/^```yaml$/,/^```$/p' "$ROOT/docs/proxy.md" | grep -v '^```' >"$BATS_TEST_TMPDIR/prometheus.yml"
	grep scheme "$BATS_TEST_TMPDIR/prometheus.yml"
	cp "$files/cert" "$BATS_TEST_TMPDIR/portclass-ca.pem"
	head -n 1 "$files/portclass.tokens" >"$BATS_TEST_TMPDIR/portclass.token"
	promtool check config "$BATS_TEST_TMPDIR/prometheus.yml"
}
