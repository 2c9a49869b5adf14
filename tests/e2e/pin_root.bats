#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell; agent.bash and bats set the rest
#
# Where pins lie: who may make the directory, and who mounts the file system. Process 1 is
# that of the test's world.

load helper
load agent

setup() { world_open; }
teardown() { world_close; }

ADVICE='mount -t bpf -o mode=0700 bpf /sys/fs/bpf'

# One may lie below the other: the tests that run all these have their own.
no_bpffs() {
	while is_bpffs; do
		on_host umount /sys/fs/bpf
	done
}

is_bpffs() {
	[ "$(on_host stat -f -c %T /sys/fs/bpf)" = bpf_fs ]
}

mode_of() {
	on_host stat -c %a "$1"
}

@test "attach mounts the file system where it is missing, for root alone, and says it" {
	no_bpffs
	run -0 portclass attach dev eth0
	[[ $output == *"no BPF file system was at /sys/fs/bpf: mounted one"* ]]
	is_bpffs
	[ "$(mode_of /sys/fs/bpf)" = 1700 ]
	# It is there for whoever comes later.
	cable_raise
	send_udp 53 5
	conserved
	[ "$(packets to udp domain)" = 5 ]
	portclass detach dev eth0
	nothing_is_pinned
}

@test "nobody else mounts it: reading and ending need nothing that is not there" {
	no_bpffs
	for command in list "show dev eth0" "detach dev eth0" "reload dev eth0"; do
		# shellcheck disable=SC2086 # words of a command
		refused 2 "$ADVICE" $command
		run ! is_bpffs
	done
}

@test "the agent mounts it too, before it gives up the right to" {
	no_bpffs
	agent_start dev eth0
	agent_says 'eth0: attached'
	[ "$(said 'mounted one')" = 1 ]
	[ "$(mode_of /sys/fs/bpf)" = 1700 ]
	agent_stop
	is_attached eth0
}

@test "without CAP_SYS_ADMIN neither does, and the advice works" {
	no_bpffs
	as=(on_host setpriv "--bounding-set=-all,+bpf,+net_admin,+perfmon" --inh-caps=-all "$PORTCLASS")
	for command in "attach dev eth0" "agent dev eth0 listen off"; do
		# shellcheck disable=SC2086 # words of a command
		run -2 "${as[@]}" $command
		[[ $output == *"try: $ADVICE;"* ]]
	done
	run ! is_bpffs
	# shellcheck disable=SC2086 # words of a command
	on_host $ADVICE
	[ "$(mode_of /sys/fs/bpf)" = 1700 ]
	"${as[@]}" attach dev eth0
}

# `ip netns exec` makes a mount namespace of its own, and ends it with the command.
@test "in another mount namespace than process 1's nothing is mounted, and the advice works" {
	no_bpffs
	on_host ip netns add other
	on_host ip -n other link add eth0 type veth peer name eth1
	run -2 on_host ip netns exec other "$PORTCLASS" attach dev eth0
	[[ $output == *"try: $ADVICE; for a network namespace, nsenter --net=FILE"* ]]
	# shellcheck disable=SC2086 # words of a command
	on_host $ADVICE
	run -2 on_host ip netns exec other "$PORTCLASS" attach dev eth0
	on_host nsenter --net=/run/netns/other "$PORTCLASS" attach dev eth0
	portclass list | grep eth0
}

# A process 1 that mounts takes the mount with it when it ends, as a container's does.
@test "process 1 itself mounts nothing" {
	no_bpffs
	run -2 on_host unshare --pid --fork --mount-proc --propagation unchanged \
		"$PORTCLASS" attach dev eth0
	[[ $output == *"$ADVICE"* ]]
}

# everybody_refuses TEXT: each command that looks at pins or makes some.
everybody_refuses() {
	for command in list "show dev eth0" "attach dev eth0" "detach dev eth0" "reload dev eth0" clean; do
		# shellcheck disable=SC2086 # words of a command
		refused 2 "$1" $command
	done
	slot_is_free
	agent_launch dev eth0
	agent_says "$1"
	agent_stop
}

# advice_helps COMMAND: it was said, and with it attach works.
advice_helps() {
	[[ $output == *"$1"* ]]
	on_host sh -c "$1"
	portclass attach dev eth0
	portclass detach dev eth0
	nothing_is_pinned
}

@test "a directory of another user is refused, and what to do works" {
	on_host mkdir -p "$PINS/eth0"
	on_host chown -R 65534 "$PINS"
	everybody_refuses "another user's, of uid 65534"
	advice_helps "rm -r $PINS"
}

@test "a directory that others may write to is refused, and what to do works" {
	for mode in 0720 0702 1777; do
		on_host mkdir -m "$mode" "$PINS"
		everybody_refuses "its mode is $mode"
		advice_helps "chmod 0700 $PINS"
	done
	on_host mkdir -m 0777 -p "$PINS/eth0"
	on_host chmod 0777 "$PINS"
	everybody_refuses "its mode is 0777"
	advice_helps "rm -r $PINS"
}

@test "a link in its place is refused, even to a good one, and what to do works" {
	on_host mkdir -m 0700 /sys/fs/bpf/elsewhere
	on_host ln -s elsewhere "$PINS"
	everybody_refuses "is no directory"
	[[ $output == *"rm $PINS"* ]]
	on_host rmdir /sys/fs/bpf/elsewhere
	advice_helps "rm $PINS"
}

@test "another file system mounted in its place is refused, and what to do works" {
	on_host mkdir -m 0700 "$PINS"
	on_host mount -t tmpfs none "$PINS"
	everybody_refuses "another file system is mounted"
	advice_helps "umount $PINS"
}
