#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # each test has variables of its own; agent.bash sets and uses some
#
# The agent waits for nobody: not for who has the lock of the pins, nor for those who ask.

load helper
load agent

ADDRESS=127.0.0.1:9635

setup() {
	world_open
	listen=$ADDRESS
}

teardown() { world_close; }

get() {
	on_host curl -sS --max-time 20 "${@:2}" "http://$ADDRESS$1"
}

ready_status() {
	[ "$(get /readyz -o /dev/null -w '%{http_code}')" = "$1" ]
}

# A command that was stopped while it had the lock: flock(1) takes the same.
lock_hold() {
	on_host flock "$PINS" sh -c "touch '$BATS_TEST_TMPDIR/locked'; exec sleep 300" 3>&- &
	eventually test -e "$BATS_TEST_TMPDIR/locked"
}

lock_release() {
	on_host pkill -f '^sleep 300'
}

@test "while another has the lock: it answers, counts, and does afterwards what waited" {
	overlay=$BATS_TEST_TMPDIR/overlay
	echo 'one 4000/udp' >"$overlay"
	add_pair eth1 far1
	agent_start dev 'eth*' overlay "$overlay"
	eventually ready_status 200
	lock_hold
	# To attach, to detach and to swap, all at once.
	add_pair eth2 far2
	on_host ip link set eth1 down
	on_host ip link set eth1 name off1
	echo 'two 4000/udp' >"$overlay"
	agent_signal HUP
	agent_says 'another portclass has the lock'
	eventually ready_status 503
	get /readyz | grep '^eth2: another portclass has the lock'
	[ "$(get /healthz)" = alive ]
	cable_raise
	send_udp 4000 5
	conserved
	run ! is_attached eth2
	is_attached off1
	lock_release
	agent_says 'the pins are free again'
	eventually is_attached eth2
	eventually slot_is_free off1
	eventually ready_status 200
	eventually on_host sh -c "curl -s http://$ADDRESS/api/v1/lookup?q=4000/udp | grep -q two"
	cable_raise
	send_udp 4000 3
	conserved
	[ "$(packets to udp one)" = 5 ]
	[ "$(packets to udp two)" = 3 ]
	agent_stop
	[ "$status" = 0 ]
}

@test "it ends while another has the lock, and says what it could not detach" {
	agent_start dev eth0 detach-on-exit
	eventually ready_status 200
	lock_hold
	agent_stop
	[ "$status" = 0 ]
	agent_says 'eth0: not detached: another portclass has the lock'
	is_attached eth0
	lock_release
	# As it advises.
	portclass detach dev eth0
	nothing_is_pinned
}

# In a loop, so that the moment is not missed in which it is not ready.
note_unready() {
	until ready_status 503; do :; done
	touch "$BATS_TEST_TMPDIR/unready"
}

@test "what somebody detaches is not ready, and attached anew" {
	agent_start dev eth0
	eventually ready_status 200
	note_unready &
	portclass detach dev eth0
	eventually test -e "$BATS_TEST_TMPDIR/unready"
	agent_says 'eth0: somebody has detached it'
	eventually ready_status 200
	is_attached eth0
	# By force, without a trace in the pins.
	rm "$BATS_TEST_TMPDIR/unready"
	note_unready &
	on_host bpftool link detach pinned "$PINS/eth0/link"
	eventually test -e "$BATS_TEST_TMPDIR/unready"
	eventually ready_status 200
	eventually is_attached eth0
	cable_raise
	send_udp 53 2
	conserved
}

@test "many clients at once: everything is served, read once a second, and memory is bounded" {
	for number in 1 2 3 4 5 6 7; do
		add_pair "eth$number" "far$number"
	done
	agent_start dev 'eth*'
	eventually ready_status 200
	on_host python3 tests/load.py "$ADDRESS" "$(on_host cat "$pid_file")"
	cable_raise
	send_udp 53 2
	conserved
}
