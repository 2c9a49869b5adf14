#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2154 # agent.bash sets some variables
#
# The agent takes another registry or overlay while it counts: upon SIGHUP, and
# when a file changes, in each of the ways that files change.

load helper
load agent

setup() {
	world_open
	overlay=$BATS_TEST_TMPDIR/own.services
	echo 'first 7000/udp' >"$overlay"
}
teardown() { world_close; }

# The service that port 7000 is counted as now; the port is asked by a datagram to it.
service_now() {
	portclass show dev eth0 all -j | jq -r '[.services[] | select(.transport == "udp" and
		.first <= 7000 and .last >= 7000 and .status == "assigned")][0].service'
}

is_now() {
	[ "$(service_now)" = "$1" ]
}

start_with_overlay() {
	agent_start dev eth0 overlay "${1:-$overlay}"
	agent_says 'eth0: attached'
	cable_raise
	send_udp 7000 3
	is_now first
}

# Each datagram was counted under the name that its port had then.
both_counted() {
	send_udp 7000 2
	agent_stop
	conserved
	[ "$(packets to udp first)" = 3 ]
	[ "$(packets to udp second)" = 2 ]
}

@test "SIGHUP, though the file seems the same" {
	start_with_overlay
	agent_signal HUP
	agent_says 'loaded anew'
	is_now first
	agent_stop
	conserved
	[ "$(packets to udp first)" = 3 ]
}

@test "a file that is written anew" {
	start_with_overlay
	echo 'second 7000/udp' >"$overlay"
	eventually is_now second
	both_counted
	[ "$(said 'loaded anew')" = 1 ]
}

@test "a file that an editor replaces" {
	start_with_overlay
	echo 'second 7000/udp' >"$overlay.new"
	mv "$overlay.new" "$overlay"
	eventually is_now second
	both_counted
}

@test "a ConfigMap, whose ..data is a link to another directory" {
	map=$BATS_TEST_TMPDIR/map
	mkdir -p "$map/..one" "$map/..two"
	echo 'first 7000/udp' >"$map/..one/own.services"
	echo 'second 7000/udp' >"$map/..two/own.services"
	ln -s ..one "$map/..data"
	ln -s ..data/own.services "$map/own.services"
	start_with_overlay "$map/own.services"
	ln -s ..two "$map/..data_tmp"
	mv -T "$map/..data_tmp" "$map/..data"
	rm -r "$map/..one"
	eventually is_now second
	both_counted
}

@test "a link to a file elsewhere, which is written" {
	mkdir "$BATS_TEST_TMPDIR/links"
	ln -s "$overlay" "$BATS_TEST_TMPDIR/links/own.services"
	start_with_overlay "$BATS_TEST_TMPDIR/links/own.services"
	echo 'second 7000/udp' >"$overlay"
	eventually is_now second
	both_counted
}

@test "a bad file keeps the old table, until it is good again" {
	start_with_overlay
	echo 'broken 99999/udp' >"$overlay"
	agent_says 'the table stays as it was'
	grep -F "$overlay:1" "$log"
	is_now first
	rm "$overlay"
	eventually said_more 'the table stays as it was' 1
	is_now first
	send_udp 7000 0
	echo 'second 7000/udp' >"$overlay"
	eventually is_now second
	both_counted
}

# The overlay as a pipe that nobody writes to.
replace_by_pipe() {
	mkfifo "$overlay.new"
	mv "$overlay.new" "$overlay"
}

healthy() {
	on_host curl -sf "http://127.0.0.1:${listen##*:}/healthz" >/dev/null
}

@test "an overlay that becomes a pipe stops nothing: the table stays" {
	listen=127.0.0.1:9635
	start_with_overlay
	replace_by_pipe
	agent_says "the table stays as it was: nothing is loaded: $overlay: it is no regular file"
	healthy
	agent_signal HUP
	eventually said_more 'the table stays as it was' 1
	healthy
	is_now first
	rm "$overlay"
	send_udp 7000 0
	echo 'second 7000/udp' >"$overlay"
	eventually is_now second
	replace_by_pipe
	eventually said_more 'it is no regular file' 2
	agent_stop
	[ "$status" = 0 ]
}

@test "an overlay that is a pipe at the start ends it" {
	rm "$overlay"
	replace_by_pipe
	refused 6 "$overlay: it is no regular file" agent listen off dev eth0 overlay "$overlay"
	refused 6 "$overlay: it is no regular file" agent check overlay "$overlay"
}

@test "strict, a file with a warning keeps the old table" {
	agent_start dev eth0 overlay "$overlay" strict
	agent_says 'eth0: attached'
	printf 'second 7000/udp\nthird 1/ddp\n' >"$overlay"
	agent_says "the table stays as it was: nothing is loaded, as strict asks: $overlay: 1 warning"
	is_now first
	echo 'second 7000/udp' >"$overlay"
	eventually is_now second
	agent_stop
	echo 'second 99999/udp' >"$overlay"
	refused 6 "$overlay:1" agent listen off dev eth0 overlay "$overlay" strict
}

@test "another registry at the next start: adopted, and swapped" {
	start_with_overlay
	agent_stop
	echo 'second 7000/udp' >"$overlay"
	agent_start dev eth0 overlay "$overlay"
	agent_says 'eth0: adopted'
	eventually is_now second
	both_counted
}

@test "a bad file at the start ends it, and what is attached stays" {
	start_with_overlay
	agent_stop
	echo 'broken 99999/udp' >"$overlay"
	refused 6 "$overlay:1" agent listen off dev eth0 overlay "$overlay"
	is_attached eth0
	is_now first
}

@test "without an inotify instance files are not watched, and a SIGHUP does" {
	rm -f "$pid_file"
	# shellcheck disable=SC2016 # the shell inside expands them
	on_host strace -f -qq -o /dev/null -e inject=inotify_init1:error=EMFILE sh -c \
		'echo $$ >"$0" && exec "$@"' "$pid_file" "$PORTCLASS" agent listen off dev eth0 \
		overlay "$overlay" 2>>"$log" 3>&- &
	eventually test -s "$pid_file"
	# shellcheck disable=SC2034 # agent.bash uses it
	pid=$(cat "$pid_file")
	agent_says "attached in"
	[ "$(said "fs.inotify.max_user_instances): they are not watched, changes take a SIGHUP")" = 1 ]
	echo 'bbb 7000/tcp' >"$overlay"
	agent_signal HUP
	agent_says "the table was loaded anew"
	eventually has_row bbb
	agent_signal TERM
}

has_row() {
	on_host "$PORTCLASS" -j show dev eth0 all | jq -e --arg name "$1" \
		'.services[] | select(.service == $name and .status == "assigned")' >/dev/null
}
