#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2030,SC2031,SC2154 # `show` is each test's own; agent.bash sets the rest
#
# Counters near 2^64, clocks that were set back, more CPUs than there are, full tables.

load helper
load agent

MAX=18446744073709551615 # 2^64 - 1

setup() { world_open; }
teardown() { world_close; }

# set_count WHAT PACKETS BYTES [PACKETS BYTES]...: see tests/map_value.py.
set_count() {
	on_host python3 -B tests/map_value.py count "$PINS/eth0/maps" "$@"
}

# jq has no integers beyond 2^53. says FILTER VALUE: an expression of Python's on the JSON in $show.
says() {
	local said

	said=$(python3 -c 'import json, sys
show = json.loads(sys.stdin.read())
services = {(s["service"], s["transport"]): s for s in show["services"]}
reasons = {r["reason"]: r for r in show["unclassified"]}
classes = {c["class"]: c for c in show["classes"]}
total = show["total"][0]
print(eval(sys.argv[1]))' "$1" <<<"$show")
	[ "$said" = "$2" ] || {
		echo "$1 is $said, not $2"
		return 1
	}
}

two_cpus() {
	[ "$(nproc --all)" -ge 2 ] || skip "one CPU only: there are no sums over CPUs"
}

@test "counters near 2^64 are shown exactly, as JSON and as text" {
	two_cpus
	portclass attach dev eth0
	set_count https/tcp/to 9223372036854775807 1 9223372036854775807 "$((MAX - 1))"
	set_count arp 1 9007199254740993
	show=$(portclass -j show dev eth0)
	says 'services["https", "tcp"]["to"]["packets"]' 18446744073709551614
	says 'services["https", "tcp"]["to"]["bytes"]' "$MAX"
	says 'reasons["arp"]["bytes"]' 9007199254740993
	says 'total["packets"]' "$MAX"
	says 'sum(c["packets"] for c in classes.values())' 18446744073709551614
	run -0 portclass -n show dev eth0
	[[ $output == *" 18446744073709551614 "*"$MAX"* ]]
	[[ $output != *nan* && $output != *inf* && $output != *-* ]] || [[ $output == *---* ]]
	run -0 portclass show dev eth0
	[[ $output == *18.4E* ]]
}

@test "sums go round at 2^64 as counters do, and then have no shares" {
	two_cpus
	portclass attach dev eth0
	set_count https/tcp/to "$MAX" 1 3 1
	show=$(portclass -j show dev eth0)
	says 'services["https", "tcp"]["to"]["packets"]' 2
	set_count https/tcp/to "$MAX" 1
	set_count domain/udp/to 6 1
	show=$(portclass -j show dev eth0)
	says 'total["packets"]' 5
	for columns in "" -n; do
		# shellcheck disable=SC2086 # an option or nothing
		run -0 portclass $columns show dev eth0
		[[ $output != *%* ]]
		[ "$(wc -L <<<"$output")" = 80 ]
	done
}

@test "watch: the rate of a counter that goes round is what came, not what there is" {
	portclass attach dev eth0
	set_count https/tcp/to "$((MAX - 4))" "$((MAX - 99))"
	set_count domain/udp/from 1000000 1000000
	on_host "$PORTCLASS" -j watch dev eth0 interval 0.3 count 15 >"$BATS_TEST_TMPDIR/watch" 3>&- &
	watcher=$!
	eventually test -s "$BATS_TEST_TMPDIR/watch"
	set_count https/tcp/to 5 500
	wait "$watcher"
	# Both factors are rounded to three places.
	jq -es '(map(.total[0].packets * .interval) | add | round) == 10 and
		(map(.total[0].bytes * .interval) | add - 600 | fabs) < 6' "$BATS_TEST_TMPDIR/watch"
}

@test "metrics have every digit of counters near 2^64, in both formats" {
	portclass attach dev eth0
	set_count https/tcp/from "$((MAX - 1))" 9007199254740993
	set_count icmp "$MAX" "$MAX"
	listen=127.0.0.1:0 agent_launch dev eth0
	agent_says "listening on"
	agent_says adopted
	port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' "$log")
	for type in "text/plain;version=0.0.4" "application/openmetrics-text;version=1.0.0"; do
		run -0 on_host curl -sS -H "Accept: $type" "http://127.0.0.1:$port/metrics"
		[[ $output == *'service="https",port="443",side="from"} 18446744073709551614'$'\n'* ]]
		[[ $output == *'side="from"} 9007199254740993'$'\n'* ]]
		[[ $output == *'_unclassified_bytes_total{device="eth0",direction="rx",reason="icmp"} '"$MAX"* ]]
	done
	/usr/bin/python3 -c 'import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
values = [s.value for f in text_string_to_metric_families(sys.stdin.read()) for s in f.samples]
assert 2 ** 64 - 1 in values and all(v == v and v >= 0 for v in values)' <<<"$output"
	agent_stop
	[ "$status" = 0 ]
}

# A wall clock that is set so many seconds later; clock_preload first.
clock_set() {
	echo "$1" >"$BATS_TEST_TMPDIR/later.new"
	mv "$BATS_TEST_TMPDIR/later.new" "$BATS_TEST_TMPDIR/later"
}

# What has LD_PRELOAD=$clock goes by that one.
clock_preload() {
	clock=$BATS_TEST_TMPDIR/clock.so
	clock_set 0
	cc -shared -fPIC -DLATER="\"$BATS_TEST_TMPDIR/later\"" -o "$clock" -xc - <<-'END'
		#define _GNU_SOURCE
		#include <stdio.h>
		#include <sys/syscall.h>
		#include <time.h>
		#include <unistd.h>
		int clock_gettime(clockid_t id, struct timespec *now)
		{
			int err = syscall(SYS_clock_gettime, id, now);
			FILE *file = id == CLOCK_REALTIME ? fopen(LATER, "re") : NULL;
			long later = 0;

			if (file && fscanf(file, "%ld", &later) == 1)
				now->tv_sec += later;
			if (file)
				fclose(file);
			return err;
		}
	END
}

# at_the_time SECONDS COMMAND...: by such a clock.
at_the_time() {
	clock_set "$1"
	shift
	on_host env LD_PRELOAD="$clock" "$@"
}

# is_recent SINCE: so many seconds ago at most as this test has lasted.
is_recent() {
	jq -en --arg since "$1" --argjson now "$(date +%s)" --argjson lasted "$SECONDS" '
		$now - ($since | fromdateiso8601) | . >= -1 and . <= $lasted + 1'
}

@test "a clock that is set changes no age: since is told by the boot clock" {
	clock_preload
	for later in -960000000 0 960000000; do
		at_the_time $later "$PORTCLASS" attach dev eth0
		show=$(portclass -j show dev eth0)
		is_recent "$(counted .since)"
		is_recent "$(portclass -j list | jq -r '.[0].since')"
		[ "$(portclass -j show dev eth0)" = "$show" ]
		# By another clock it is another date, as long ago.
		run -0 at_the_time 960000000 "$PORTCLASS" show dev eth0
		[[ $output =~ ", "[0-9]+" s ago" ]]
		[[ $output == *" since $(date -d "@$((960000000 + $(date -d "$(counted .since)" +%s)))" '+%F %T')"* ]]
		[ "$(at_the_time 960000000 "$PORTCLASS" -j show dev eth0 | jq .since_boot)" = "$(counted .since_boot)" ]
		listen=127.0.0.1:0 agent_start dev eth0
		agent_says "adopted, counting since $(counted .since)"
		agent_stop
		portclass detach dev eth0
	done
}

# What the agent says of its start and its registry, in seconds since 1970.
moments() {
	on_host curl -sS "http://127.0.0.1:$port/metrics" |
		grep -E '^(process_start_time|portclass_registry_last_reload_success_timestamp)_seconds '
}

moments_differ() {
	[ "$(moments)" != "$1" ]
}

@test "a clock that is set moves the agent's start and its last reload as well" {
	clock_preload
	clock_set -960000000
	LD_PRELOAD=$clock listen=127.0.0.1:0 agent_start dev eth0
	agent_says "listening on"
	port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' "$log")
	before=$(moments)
	[ "$(wc -l <<<"$before")" = 2 ]
	[ "$(moments)" = "$before" ]
	clock_set 0
	eventually moments_differ "$before" # it prints anew after a second at most
	after=$(moments)
	paste <(echo "$before") <(echo "$after") | awk '{
		if ($1 != $3 || $4 - $2 < 959999999.9 || $4 - $2 > 960000000.1) exit 1 }'
	is_recent "$(date -u -d "@$(awk '/^process/ { printf "%d", $2 }' <<<"$after")" +%FT%TZ)"
	agent_stop
}

@test "in a time namespace since and ages are those of the kernel's boot clock" {
	on_host unshare --time --boottime 4000000 true || skip "no time namespaces here"
	elsewhere=(unshare --time --boottime 4000000 --monotonic 4000000)
	portclass attach dev eth0
	show=$(portclass -j show dev eth0)
	[ "$(on_host "${elsewhere[@]}" --fork "$PORTCLASS" -j show dev eth0)" = "$show" ]
	[ "$(on_host "${elsewhere[@]}" "$PORTCLASS" -j show dev eth0)" = "$show" ]
	portclass detach dev eth0
	on_host "${elsewhere[@]}" --fork "$PORTCLASS" attach dev eth0
	run -0 portclass show dev eth0
	[[ $output =~ ", "[0-9]+" s ago" ]]
}

@test "what is attached at a moment that is yet to come is shown, watched and served all the same" {
	portclass attach dev eth0
	on_host mkdir /sys/fs/bpf/later /sys/fs/bpf/later/maps /sys/fs/bpf/later/prog
	load_with_since 4102444800000000000
	run -0 portclass show pin /sys/fs/bpf/later
	[[ $output != *since* ]]
	[ "$(portclass -j show pin /sys/fs/bpf/later | jq -r .since)" = null ]
	run -0 portclass -j watch pin /sys/fs/bpf/later interval 0.02 count 3
	[ "$(jq -s 'length' <<<"$output")" = 3 ]
	jq -e '.interval > 0 and .total[0].packets == 0' <<<"$output"
}

# The maps of an attachment, but for an info of another moment.
load_with_since() {
	PYTHONPATH=$ROOT/tests on_host python3 -B - "$1" <<-'END'
	import abi, ctypes, struct, sys
	libbpf = ctypes.CDLL("libbpf.so.1")
	old, new = "/sys/fs/bpf/portclass/eth0", "/sys/fs/bpf/later"
	for name in "maps/traffic", "maps/unclassified", "maps/_data_assignments":
	    fd = libbpf.bpf_obj_get(f"{old}/{name}".encode())
	    assert libbpf.bpf_obj_pin(fd, f"{new}/{name}".encode()) == 0
	value = ctypes.create_string_buffer(abi.size("info"))
	zero = struct.pack("I", 0)
	fd = libbpf.bpf_obj_get(f"{old}/maps/_rodata_info".encode())
	assert libbpf.bpf_map_lookup_elem(fd, zero, value) == 0
	info = bytearray(value.raw)
	abi.put("info", "since", info, int(sys.argv[1]))
	value.raw = bytes(info)
	fd = libbpf.bpf_map_create(2, b"info", 4, len(info), 1, None)
	assert libbpf.bpf_map_update_elem(fd, zero, value, ctypes.c_uint64(0)) == 0
	assert libbpf.bpf_obj_pin(fd, f"{new}/maps/_rodata_info".encode()) == 0
	END
}

@test "what bpftool loaded counts since it was loaded; without a clock nobody knows the date" {
	clock_preload
	on_host mkdir /sys/fs/bpf/by-hand
	on_host bpftool prog loadall "$OBJECT" /sys/fs/bpf/by-hand/prog \
		pinmaps /sys/fs/bpf/by-hand/maps
	is_recent "$(portclass -j show pin /sys/fs/bpf/by-hand | jq -r .since)"
	# The machine was not up in 1970, so a clock that says so has not been set.
	run -0 at_the_time "-$(date +%s)" "$PORTCLASS" -j show pin /sys/fs/bpf/by-hand
	[[ "$(jq -r .since <<<"$output")" == @(null|1970-*) ]]
	sums_to 0 <<<"$output"
}

# possible TEXT COMMAND...: with TEXT as what the kernel says of its CPUs.
possible() {
	printf '%s\n' "$1" >"$BATS_TEST_TMPDIR/possible"
	shift
	# shellcheck disable=SC2016 # the shell inside expands them
	on_host unshare --mount --propagation unchanged sh -c '
		mount --bind "$0" /sys/devices/system/cpu/possible && exec "$@"' \
		"$BATS_TEST_TMPDIR/possible" "$@"
}

@test "a /sys with more CPUs than the kernel has changes no count" {
	portclass attach dev eth0
	cable_raise
	send_udp 53 5
	conserved
	plain=$show
	for cpus in 0-255 0-1023 0,2-300; do
		show=$(possible "$cpus" "$PORTCLASS" -j show dev eth0)
		[ "$show" = "$plain" ]
	done
}

@test "a /sys with fewer CPUs than the kernel has is told, and nothing is written over" {
	two_cpus
	portclass attach dev eth0
	run -2 possible 0 "$PORTCLASS" show dev eth0
	[[ $output == *"more CPUs than the 1 in /sys"* ]]
	run -2 possible nonsense "$PORTCLASS" show dev eth0
	[[ $output == *"count the CPUs"* ]]
	portclass show dev eth0 -j | sums_to 0
}

@test "a table that is full: 65,536 slots, counted at the edges of pages" {
	# Every port of TCP that can have a name, and as many of UDP as there is room for.
	python3 -c 'for port in range(65500):
    print(f"t{port} {port}/tcp" if port < 49152 else f"u{port - 49152} {port - 49152}/udp")' \
		>"$BATS_TEST_TMPDIR/full"
	portclass attach dev eth0 registry "$BATS_TEST_TMPDIR/full"
	maps=$PINS/eth0/maps
	slots=$(on_host bpftool -j map show pinned "$maps/traffic" | jq ".max_entries * $(abi constant PAGE_SLOTS)")
	[ "$slots" = "$(abi constant SLOTS_MAX)" ]
	for slot in 0 1023 1024 64511 64512 65499; do
		read -r service transport _ <<<"$(on_host python3 -B tests/map_value.py slot "$maps" $slot)"
		echo "slot $slot is $service/$transport"
		[ -n "$service" ]
		set_count "$service/$transport/to" "$((slot + 1))" 1
	done
	show=$(portclass -j show dev eth0)
	says 'len(services)' 6
	says 'sorted(s["to"]["packets"] for s in services.values())' \
		"[1, 1024, 1025, 64512, 64513, 65500]"
	says 'total["packets"]' $((1 + 1024 + 1025 + 64512 + 64513 + 65500))
	# Nothing fits any more, and that does no harm.
	echo 'one-more 9/sctp' >"$BATS_TEST_TMPDIR/more"
	run on_host "$PORTCLASS" reload dev eth0 registry "$BATS_TEST_TMPDIR/more"
	after=$(portclass -j show dev eth0)
	[ "$status" = 0 ] || [ "$(jq .total <<<"$after")" = "$(jq .total <<<"$show")" ]
}
