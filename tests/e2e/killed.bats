#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A kill -9 between any two steps of attach, take-over, detach or reload leaves nothing that
# the next command can't clear, and takes no count with it. Steps are system calls that
# can change something.

load helper
load first_version

# strace counts the occurrences of each call by itself, so the calls take turns.
CALLS="bpf mkdir rename unlink rmdir flock sendto"

setup() {
	world_open
	on_host strace -f -o /dev/null true || skip "strace may not trace here"
}
teardown() { world_close; }

# killed_at CALL STEP COMMAND...: whether it was killed before it came to its end.
killed_at() {
	local call=$1 step=$2

	shift 2
	run on_host strace -f -o /dev/null -e trace="$call" \
		-e inject="$call:signal=KILL:when=$step" "$PORTCLASS" "$@"
	[ "$status" = 0 ] && return 1
	steps=$((steps + 1))
	[ "$status" = 137 ] || {
		echo "$call $step: status $status: $output"
		return 2
	}
}

# cleared_by COMMAND: detach clears it, or so does attach, and then detach.
cleared_by() {
	echo "after $call $step, $1"
	portclass list >/dev/null
	if [ "$1" = attach ]; then
		! slot_is_free || portclass attach dev eth0
		portclass show dev eth0 -j | sums_to 0 >/dev/null
	fi
	run on_host "$PORTCLASS" detach dev eth0
	case $1/$status in
	attach/0 | detach/[03]) ;;
	*) return 1 ;;
	esac
	slot_is_free
	nothing_is_pinned
}

# killed_at_all AFTER COMMAND...: at every step of every call; AFTER each time.
killed_at_all() {
	local after=$1

	shift
	steps=0
	for call in $CALLS; do
		step=1
		while killed_at "$call" "$step" "$@"; do
			$after
			step=$((step + 1))
		done
		echo "$call, $((step - 1)) times: $output"
		[ "$status" = 0 ]
		$after
	done
}

@test "attach, killed at every step, is cleared by attach and by detach" {
	for remedy in attach detach; do
		killed_at_all "cleared_by $remedy" attach dev eth0
		[ "$steps" -gt 50 ]
	done
}

# Where the kill came before anything was done, attach has nothing to clear.
cleared_and_attached() {
	if [ "$1" = detach ] || slot_is_free; then
		cleared_by "$1"
	else
		portclass detach dev eth0
	fi
	portclass attach dev eth0
}

@test "detach, killed at every step, is cleared by attach and by detach" {
	portclass attach dev eth0
	for remedy in attach detach; do
		killed_at_all "cleared_and_attached $remedy" detach dev eth0
		[ "$steps" -gt 15 ]
	done
	portclass detach dev eth0
	slot_is_free
	nothing_is_pinned
}

send_one() {
	on_peer bash -c 'echo >/dev/udp/192.0.2.1/2000'
	sent=$((sent + 1))
}

# What was sent is counted, under its names, whatever table is in use.
all_is_counted() {
	show=$(portclass show dev eth0 -j)
	sums_to "$(kernel_frames)" <<<"$show" >/dev/null &&
		[ $(($(packets to udp one) + $(packets to udp two))) = "$sent" ]
}

# The next reload makes the first table the one in use again.
made_good() {
	send_one
	eventually all_is_counted || return 1
	portclass reload dev eth0 registry "$BATS_TEST_TMPDIR/one"
	[ "$(portclass show dev eth0 -j | jq -r .registry.name)" = one ]
	on_host test ! -e "$PINS/eth0/next"
}

# From one table to the other and back again.
@test "reload, killed at every step, loses no count, and the next one ends it" {
	for name in one two; do
		printf '%s 2000/udp\n' $name >"$BATS_TEST_TMPDIR/$name"
	done
	portclass attach dev eth0 registry "$BATS_TEST_TMPDIR/one"
	cable_raise
	sent=0
	killed_at_all made_good reload dev eth0 registry "$BATS_TEST_TMPDIR/two"
	[ "$steps" -gt 60 ]
	portclass reload dev eth0 registry "$BATS_TEST_TMPDIR/two"
	send_one
	conserved
	all_is_counted
	[ "$(counted '[.services[] | select(.service == "one").status] | unique[]')" = retired ]
	portclass detach dev eth0
	slot_is_free
	nothing_is_pinned
}

# With what a take-over that was killed has left, each of these ends or clears it, in turn.
taken_over_by=("attach dev eth0 take-over" "detach dev eth0" "attach dev eth0" "reload dev eth0")

# Version 1's pins as they were, or this version counts: nothing in between.
taken_over() {
	local command=${taken_over_by[steps % 4]} version said ended_with

	echo "after $call $step, $command"
	# shellcheck disable=SC2086 # words of a command
	said=$(on_host "$PORTCLASS" $command 2>&1) && ended_with=0 || ended_with=$?
	echo "status $ended_with: $said"
	version=$(portclass -j list | jq '.[0].abi_version')
	case $command/$ended_with/$version in
	detach*/0/null) ended=$((ended + 1)) ;;
	attach*take-over/[04]/2 | reload*/0/2 | "attach dev eth0/4/2")
		ended=$((ended + 1))
		portclass show dev eth0 -j | sums_to 0
		;;
	"attach dev eth0/2/1" | reload*/2/1)
		undone=$((undone + 1))
		! slot_is_free
		;;
	*) return 1 ;;
	esac
	on_host test ! -e "$PINS/eth0/takeover"
	portclass clean
	slot_is_free
	nothing_is_pinned
	first_attach
}

@test "take-over, killed at every step, is ended or cleared by whatever comes next" {
	first_compile
	first_attach
	ended=0 undone=0
	killed_at_all taken_over attach dev eth0 take-over
	[ "$steps" -gt 60 ]
	((ended > 20 && undone > 20))
}
