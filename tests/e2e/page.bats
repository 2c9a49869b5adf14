#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The agent's page in a browser: with counts that a test has thought of, which
# come two seconds of the browser's clock apart, and with a live agent's.

load helper

setup() {
	PATH=$PATH:/usr/sbin
	command -v chromium >/dev/null || skip "no chromium here (try: tools/setup.sh test)"
}

teardown() { world_close; }

# serve SCENARIO [PAGE]: leaves the page's address in $address.
serve() {
	local port

	port=$(mktemp -p "$BATS_TEST_TMPDIR")
	python3 "$ROOT/tests/page_server.py" "${2:-$ROOT/build/page.html}" "$ROOT/build/page_policy.h" "$1" \
		>"$port" 2>/dev/null 3>&- &
	eventually test -s "$port"
	address=http://127.0.0.1:$(<"$port")/
}

# browse SECONDS ADDRESS [FLAG]...: leaves the document as the page has drawn it in
# $page, and what the browser's console said in $console. The seconds are virtual.
browse() {
	local seconds=$1 url=$2

	shift 2
	# It keeps things in the home directory besides its profile.
	mkdir -p "$BATS_TEST_TMPDIR/home"
	page=$(HOME=$BATS_TEST_TMPDIR/home XDG_CONFIG_HOME='' XDG_CACHE_HOME='' XDG_DATA_HOME='' TMPDIR=$BATS_TEST_TMPDIR \
		${in_world:+on_host} timeout 100 chromium --headless --no-sandbox --disable-gpu --disable-quic \
		--no-first-run --disable-background-networking --disable-component-update --disable-sync \
		--user-data-dir="$BATS_TEST_TMPDIR/profile" --disable-dev-shm-usage --enable-logging=stderr \
		--virtual-time-budget=$((seconds * 1000)) "$@" --dump-dom "$url" 2>"$BATS_TEST_TMPDIR/stderr")
	# Pages of the browser's own, which it makes beside, talk there as well.
	console=$(grep -a 'CONSOLE' "$BATS_TEST_TMPDIR/stderr" | grep -av 'source: chrome://' || true)
	[ -n "$page" ] || { cat "$BATS_TEST_TMPDIR/stderr"; return 1; }
}

# rows [exact]: each row of the tables as a line of text; exact: as the titles of
# its cells have it, without commas, in which numbers are not rounded.
rows() {
	python3 - "$@" 3<<<"$page" <<-'END'
	import html, os, re, sys
	page = os.fdopen(3, encoding="utf-8").read()
	for row in re.findall(r"<tr[^>]*>(?:(?!</tr>).)*</tr>", page, re.S):
	    name = re.search(r"<th.*</th>", row, re.S)[0]
	    text = re.sub(r"<[^>]*>", " ", row)
	    if sys.argv[1:]:
	        text = re.sub(r"<[^>]*>", " ", name) + re.sub(r",(?=\d)", "", " ".join(
	            re.findall(r'title="([\d,.]* [^"]*)"', row.replace(name, ""))))
	    print(" ".join(html.unescape(text).split()))
	END
}

row() {
	rows | grep "^$1 "
}

# about ROW NUMBER UNIT...: the titles of a row begin with such numbers. Between two
# readings lie two seconds and a little of the browser's clock.
about() {
	local name=$1 line

	shift
	line=$(rows exact | grep "^$name ")
	echo "$line, expected about $*"
	awk -v skip="$(wc -w <<<"$name")" -v wanted="$*" '{
		count = split(wanted, want, " ")
		for (i = 1; i <= count; i += 2) {
			got = $(skip + i)
			if (got < want[i] * 0.95 || got > want[i] * 1.02 || $(skip + i + 1) !~ "^" want[i + 1])
				exit 1
		}
		exit !count
	}' <<<"$line"
}

quiet() {
	[ -z "$console" ] || { echo "the console says: $console"; return 1; }
}

@test "services are shown with names, ports and the rates of both sides" {
	serve even
	browse 9 "$address"
	quiet
	about 'https 443/tcp' 4200 packets/s 386400 bytes/s 9300 packets/s 13020000 bytes/s
	about 'mysql 3306/tcp' 0 packets/s 0 bytes/s 370 packets/s
	about 'dynamic 49152-65535/udp' 1100 packets/s
	about system 17417 packets/s
	about icmp 24 packets/s
	[[ $(row 'https 443/tcp') =~ ^https\ 443/tcp\ 4\.[012][0-9]k\ 38[0-9].kB\ 9\.[123][0-9]k\ 1[23]\.[0-9].MB\ 4[78]\.[0-9]% ]]
	[[ $page == *'id="state" role="status" class="live">live<'* ]]
	[[ $page == *'Show all 18 services'* ]]
}

@test "the address keeps the view: what is searched, and the unit" {
	serve even
	browse 9 "$address#q=443/u&unit=bytes"
	quiet
	about 'https 443/udp' 79200 bytes/s 900 packets/s 2583000 bytes/s 2100 packets/s
	run ! row 'https 443/tcp'
	run ! row 'domain 53/udp'
	[[ $page == *'The registry says:'*'https'* ]]
}

@test "counts that began anew make a gap, not a peak" {
	serve again
	browse 21 "$address"
	quiet
	about 'https 443/tcp' 4200 packets/s
	[ "$(grep -o 'class="band system"' <<<"$page" | wc -l)" = 2 ]
}

@test "what a swap has retired is shown, and is one row with its successor" {
	serve retired
	browse 9 "$address"
	quiet
	about 'https 443/tcp' 8400 packets/s 772800 bytes/s
	[ "$(row 'https 443/tcp' | wc -l)" = 1 ]
	about 'unassigned 7-9/tcp, retired' 4200 packets/s
}

@test "counters of 64 bits are exact" {
	serve huge
	browse 9 "$address"
	quiet
	about 'https 443/tcp' 4200 packets/s
	[[ $(row 'https 443/tcp') =~ 100%\ 9\.22E ]]
	[[ $page =~ title=\"9,223,372,036,854,[0-9]{3},[0-9]{3}\ packets ]]
}

@test "without interfaces, without traffic, without an answer: the page says so" {
	serve empty
	browse 5 "$address"
	quiet
	[[ $page == *'id="empty" class="notice"><strong>No interface is attached.'* ]]
	serve idle
	browse 5 "$address"
	[[ $page == *'No frame with a port has been counted yet.'* ]]
	serve broken
	browse 5 "$address"
	[[ $page == *"The agent gives no counts (the maps can't be read); trying again."* ]]
	serve breaks
	browse 21 "$address"
	[[ $page == *"The last ones are "*" s old"* && $page == *'class="stale"'* ]]
	row 'https 443/tcp'
}

@test "the policy lets nothing run but the page's own style and script" {
	sed 's|^"use strict";|"use strict"; // altered|' "$ROOT/build/page.html" >"$BATS_TEST_TMPDIR/altered.html"
	serve even "$BATS_TEST_TMPDIR/altered.html"
	browse 5 "$address"
	[[ $console == *"Content Security Policy"* ]]
	run ! row 'https 443/tcp'
}

# light or dark: the first pixel of a picture of the page.
corner() {
	browse 5 "$address" --window-size=360,640 --screenshot="$BATS_TEST_TMPDIR/$1.png" "${@:2}"
	python3 - "$BATS_TEST_TMPDIR/$1.png" <<-'END'
	import struct, sys, zlib
	data = open(sys.argv[1], "rb").read()
	chunks, at = b"", 8
	while at < len(data):
	    size, kind = struct.unpack(">I4s", data[at:at + 8])
	    chunks += data[at + 8:at + 8 + size] if kind == b"IDAT" else b""
	    at += size + 12
	print("light" if zlib.decompress(chunks)[1] > 127 else "dark")
	END
}

@test "light and dark, as the reader's system has it" {
	serve even
	[ "$(corner light --blink-settings=preferredColorScheme=1)" = light ]
	[ "$(corner dark --blink-settings=preferredColorScheme=0)" = dark ]
}

@test "a live agent's page names the traffic of now" {
	"$PORTCLASS" help words | grep -q '^agent' || skip "no agent in this build"
	world_open
	in_world=1
	on_host "$PORTCLASS" agent dev eth0 listen 127.0.0.1:9635 2>"$BATS_TEST_TMPDIR/agent" 3>&- &
	eventually on_host curl -sf -o /dev/null http://127.0.0.1:9635/readyz
	cable_raise
	on_peer python3 - 3>&- <<-'END' &
	import socket, time
	client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	while True:
	    client.sendto(b"hello", ("192.0.2.1", 53))
	    client.sendto(b"hello", ("192.0.2.1", 123))
	    time.sleep(0.0002)
	END
	eventually on_host sh -c 'curl -sf http://127.0.0.1:9635/api/v1/counters | grep -q domain'
	# The agent reads once a second of ours, and the page asks every two of its own.
	browse 1200 http://127.0.0.1:9635/
	quiet
	rows
	[[ $(rows exact) =~ domain\ 53/udp\ [0-9.]*[1-9][0-9.]*\ packets/s ]]
	[[ $(rows exact) =~ ntp\ 123/udp\ [0-9.]*[1-9][0-9.]*\ packets/s ]]
	[[ $page == *'class="live">live<'* ]]
}
