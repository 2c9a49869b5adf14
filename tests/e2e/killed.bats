#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A kill -9 between any two steps of attach or detach leaves nothing that the
# next command can't clear. Steps are system calls that can change something.

load helper

STEPS=bpf,mkdir,mkdirat,rmdir,unlink,unlinkat,flock,sendto

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
