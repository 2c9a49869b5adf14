#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A kill -9 between any two steps of attach, detach or reload leaves nothing that
# the next command can't clear, and takes no count with it. Steps are system calls that can change something.

load helper

STEPS=bpf,mkdir,mkdirat,rename,renameat,rmdir,unlink,unlinkat,flock,sendto

setup() {
	world_open
	on_host strace -f -o /dev/null true || skip "strace may not trace here"
}
teardown() { world_close; }

# killed_at STEP COMMAND...: whether it was killed before it came to its end.
killed_at() {
	local step=$1

	shift
	run on_host strace -f -o /dev/null -e trace="$STEPS" \
		-e inject="$STEPS:signal=KILL:when=$step" "$PORTCLASS" "$@"
	[ "$status" = 0 ] && return 1
	[ "$status" = 137 ] || {
		echo "step $step: status $status: $output"
		return 2
	}
}

# cleared_by STEP COMMAND: detach clears it, or so does attach, and then detach.
cleared_by() {
	echo "after step $1, $2"
	portclass list >/dev/null
	if [ "$2" = attach ]; then
		portclass attach dev eth0
		portclass show dev eth0 -j | sums_to 0 >/dev/null
	fi
	run on_host "$PORTCLASS" detach dev eth0
	case $2/$status in
	attach/0 | detach/[03]) ;;
	*) return 1 ;;
	esac
	slot_is_free
	nothing_is_pinned
}

@test "attach, killed at every step, is cleared by attach and by detach" {
	for remedy in attach detach; do
		step=1
		while killed_at "$step" attach dev eth0; do
			cleared_by "$step" "$remedy"
			step=$((step + 1))
		done
		echo "attach takes $step steps: $output"
		[ "$status" = 0 ]
		[ "$step" -gt 10 ]
		portclass detach dev eth0
	done
}

@test "detach, killed at every step, is cleared by attach and by detach" {
	for remedy in attach detach; do
		step=1
		portclass attach dev eth0
		while killed_at "$step" detach dev eth0; do
			if [ "$remedy" = detach ] || slot_is_free; then
				cleared_by "$step" "$remedy"
			else
				portclass detach dev eth0
			fi
			portclass attach dev eth0
			step=$((step + 1))
		done
		echo "detach takes $step steps: $output"
		[ "$status" = 0 ]
		[ "$step" -gt 2 ]
		slot_is_free
		nothing_is_pinned
	done
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

# reload, killed at every step, from one table to the other and back again.
@test "reload, killed at every step, loses no count, and the next one ends it" {
	for name in one two; do
		printf '%s 2000/udp\n' $name >"$BATS_TEST_TMPDIR/$name"
	done
	portclass attach dev eth0 registry "$BATS_TEST_TMPDIR/one"
	cable_raise
	sent=0
	step=1
	while killed_at "$step" reload dev eth0 registry "$BATS_TEST_TMPDIR/two"; do
		send_one
		eventually all_is_counted
		portclass reload dev eth0 registry "$BATS_TEST_TMPDIR/one"
		[ "$(portclass show dev eth0 -j | jq -r .registry.name)" = one ]
		on_host test ! -e "$PINS/eth0/next"
		step=$((step + 1))
	done
	echo "reload takes $step steps: $output"
	[ "$status" = 0 ]
	[ "$step" -gt 20 ]
	send_one
	conserved
	all_is_counted
	[ "$(counted '[.services[] | select(.service == "one").status] | unique[]')" = retired ]
	portclass detach dev eth0
	slot_is_free
	nothing_is_pinned
}
