#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A taken XDP slot is never overwritten, and its owner is named.

load helper

setup() { world_open; }
teardown() { world_close; }

# Another's program, pinned as /sys/fs/bpf/other/classify.
load_other() {
	on_host bpftool prog loadall "$OBJECT" /sys/fs/bpf/other
}

program_of() {
	on_host ip -j link show dev eth0 | jq '.[0].xdp.prog.id'
}

owner_is_named() {
	local program

	program=$(program_of)
	refused 4 "$program" attach dev eth0
	[[ $output == *classify* && $output == *"$1"* ]]
	[ "$(program_of)" = "$program" ]
	[ -z "$(on_host sh -c "ls $PINS 2>/dev/null")" ]
}

@test "by netlink, as bpftool attaches" {
	load_other
	on_host bpftool net attach xdp pinned /sys/fs/bpf/other/classify dev eth0
	owner_is_named netlink
}

@test "by netlink, as ip link attaches, in generic mode" {
	load_other
	on_host ip link set dev eth0 xdpgeneric pinned /sys/fs/bpf/other/classify
	owner_is_named netlink
	refused 4 netlink attach dev eth0 mode generic
}

@test "by a bpf_link of somebody else" {
	# The same program attached from another BPF file system is a stranger here.
	on_host unshare --mount --propagation unchanged sh -c "
		mount -t bpf bpf /sys/fs/bpf && $PORTCLASS attach dev eth0 &&
		touch '$BATS_TEST_TMPDIR/attached' && exec sleep 600" 3>&- &
	stranger=$!
	eventually test -e "$BATS_TEST_TMPDIR/attached"
	owner_is_named link
	kill "$stranger"
}

@test "by portclass itself" {
	portclass attach dev eth0
	program=$(program_of)
	refused 4 "$program" attach dev eth0
	[[ $output == *link* ]]
	[ "$(program_of)" = "$program" ]
	portclass show dev eth0 -j | sums_to 0
}

@test "detach does not touch another's program" {
	load_other
	on_host bpftool net attach xdp pinned /sys/fs/bpf/other/classify dev eth0
	program=$(program_of)
	refused 3 eth0 detach dev eth0
	[ "$(program_of)" = "$program" ]
}
