#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# shellcheck disable=SC2030,SC2031,SC2154 # each test has variables of its own; agent.bash sets some
#
# The agent: which interfaces it keeps, what it leaves behind, what it may do.

load helper
load agent

setup() { world_open; }
teardown() { world_close; }

# What the kernel says of its process.
process() {
	on_host sed -n "s/^$1:[[:space:]]*//p" "/proc/$pid/status"
}

@test "it attaches to what matches the patterns, and leaves that when it ends" {
	add_pair eth1 other0
	agent_start dev 'eth*' except 'eth1'
	agent_says 'eth0: attached in native mode'
	run ! is_attached eth1
	run ! is_attached other0
	cable_raise
	send_udp 53 5
	agent_stop
	[ "$status" = 0 ]
	send_udp 53 3
	conserved
	[ "$(packets to udp domain)" = 8 ]
	portclass detach dev eth0
}

@test "without patterns it takes the interfaces of the default routes, and stays there" {
	add_pair wan0 wan1
	add_pair wan2 wan3
	on_host ip route add default via 192.0.2.2 dev eth0
	agent_start
	agent_says 'eth0: attached'
	run ! is_attached wan0
	on_host ip -6 addr add 2001:db8:1::1/64 dev wan0 nodad
	on_host ip -6 route add default via 2001:db8:1::2 dev wan0
	agent_says 'wan0: attached'
	on_host ip addr add 198.51.100.1/24 dev wan2
	on_host ip route add default metric 200 nexthop via 198.51.100.2 dev wan2 \
		nexthop via 192.0.2.2 dev eth0
	agent_says 'wan2: attached'
	on_host ip route flush default
	on_host ip link set wan3 down
	# What it has heard of later, it has heard of after those.
	add_pair wan4 wan5
	on_host ip addr add 203.0.113.1/24 dev wan4
	on_host ip route add default via 203.0.113.2 dev wan4
	agent_says 'wan4: attached'
	is_attached eth0
	is_attached wan0
	agent_stop INT
	[ "$status" = 0 ]
	run ! is_attached wan1
	is_attached wan2
}

@test "interfaces that come, go and are renamed" {
	agent_start dev 'eth*' dev lan0
	agent_says 'eth0: attached'
	add_pair eth1 spare1
	agent_says 'eth1: attached'
	program=$(program_of eth1)
	on_host ip link set eth1 down
	on_host ip link set eth1 name eth2
	agent_says 'eth2: was eth1'
	[ "$(program_of eth2)" = "$program" ]
	on_host ip link set spare1 name lan0
	agent_says 'lan0: attached'
	on_host ip link set eth2 name spare2
	agent_says 'eth2: is spare2 now'
	eventually slot_is_free spare2
	on_host ip link del spare2
	agent_says 'lan0: has vanished'
	# Nothing of them is left, and the next of that name begins at zero.
	[ "$(on_host ls "$PINS" | wc -l)" = 1 ]
	add_pair eth1 spare1
	eventually is_attached eth1
	portclass show dev eth1 -j | jq -e '.interface == "eth1"'
	agent_stop
}

@test "an interface that is moved to another namespace is let go" {
	agent_start dev 'eth*'
	agent_says 'eth0: attached'
	add_pair eth1 spare1
	agent_says 'eth1: attached'
	on_host ip link set eth1 netns peer
	agent_says 'eth1: detached'
	[ "$(on_peer ip -j link show dev eth1 | jq '.[0].xdp')" = null ]
	[ "$(on_host ls "$PINS" | wc -l)" = 1 ]
	agent_stop
}

# No pins at all, or only those of the directories that are named.
only_pinned() {
	[ "$(on_host ls "$PINS" | tr '\n' ' ' | sed 's/ $//')" = "$*" ]
}

@test "a swarm that comes and goes while the agent is busy leaves no pins" {
	agent_start dev 'd*'
	for i in $(seq 8); do
		echo "link add d$i type veth peer name p$i"
	done | on_host ip -batch -
	agent_says 'd3: attached'
	for i in $(seq 8); do
		on_host ip link del "d$i"
	done
	eventually said_more 'has vanished' 7
	eventually only_pinned
	agent_stop
}

@test "what is renamed and deleted at once leaves no pins" {
	agent_start dev 'v*'
	add_pair v0 p0
	agent_says 'v0: attached'
	on_host ip link set v0 down
	printf '%s\n' 'link set v0 name v4' 'link del v4' | on_host ip -batch -
	eventually only_pinned
	# The same, with a look between.
	add_pair v0 p0
	eventually said_more 'v0: attached' 1
	on_host ip link set v0 down
	on_host ip link set v0 name v4
	agent_says 'v4: was v0'
	on_host ip link del v4
	agent_says 'v4: has vanished'
	eventually only_pinned
	agent_stop
}

@test "pins of what vanished while no agent ran are removed, if it would be wanted" {
	add_pair eth1 spare1
	add_pair wan0 wan1
	portclass attach dev wan0
	agent_start dev 'eth*'
	agent_says 'eth1: attached'
	agent_stop KILL
	on_host ip link del eth1
	on_host ip link del wan0
	agent_start dev 'eth*'
	agent_says 'eth1: vanished while no agent ran'
	agent_says 'eth0: adopted'
	[ "$(on_host ls "$PINS" | wc -l)" = 2 ]
	[ "$(said 'wan0: ')" = 0 ]
	agent_stop
}

ready_says() {
	on_host curl -s "http://127.0.0.1:9635/readyz" | grep -F "$1"
}

@test "it is ready when an interface matches and is attached" {
	listen=127.0.0.1:9635 agent_start dev 'w*' except w1
	eventually ready_says 'no interface matches dev w* except w1'
	add_pair w0 w1
	eventually on_host curl -sf http://127.0.0.1:9635/readyz
	on_host ip link del w0
	eventually ready_says 'no interface matches'
	agent_stop
}

@test "it says where it listens, the port too that the kernel chose" {
	listen=127.0.0.1:0 agent_start dev eth0
	where=$(sed -n 's/.*listening on \(127.0.0.1:[1-9][0-9]*\)$/\1/p' "$log")
	on_host curl -sf "http://$where/healthz"
	agent_stop
}

@test "a file that it could not read again is refused at the start" {
	echo 'mine 7000/udp' >"$BATS_TEST_TMPDIR/own.services"
	chmod 600 "$BATS_TEST_TMPDIR/own.services"
	chown nobody "$BATS_TEST_TMPDIR/own.services"
	refused 6 "$BATS_TEST_TMPDIR/own.services: it can't be read: Permission denied" \
		agent listen off dev eth0 overlay "$BATS_TEST_TMPDIR/own.services"
}

@test "loopback is kept only if it is asked for by name" {
	agent_start dev '*' mode generic
	agent_says 'eth0: attached in generic mode'
	run ! is_attached lo
	agent_stop
	agent_start dev lo mode generic
	agent_says 'lo: attached in generic mode'
	agent_stop
}

woken_since() {
	[ "$(process voluntary_ctxt_switches)" -gt "$1" ]
}

@test "a taken slot is said once, and attached when it is free" {
	on_host bpftool prog loadall "$OBJECT" /sys/fs/bpf/other
	on_host bpftool net attach xdp pinned /sys/fs/bpf/other/classify dev eth0
	agent_start dev eth0
	agent_says 'eth0: not attached: XDP program id'
	# It tries again every now and then, and for nothing else does it wake up.
	woken=$(process voluntary_ctxt_switches)
	eventually woken_since "$woken"
	[ "$(said 'not attached')" = 1 ]
	on_host bpftool net detach xdp dev eth0
	agent_says 'eth0: attached'
	agent_stop
}

@test "what another command detaches is attached anew" {
	agent_start dev eth0
	agent_says 'eth0: attached'
	portclass detach dev eth0
	agent_signal HUP
	agent_says 'eth0: somebody has detached it'
	eventually said_more 'eth0: attached' 1
	is_attached eth0
	agent_stop
}

@test "counts outlive the agent: ended, killed, and adopted by the next" {
	agent_start dev eth0
	agent_says 'eth0: attached'
	since=$(portclass show dev eth0 -j | jq -r .since)
	cable_raise
	send_udp 53 5
	agent_stop KILL
	send_udp 53 5
	agent_start dev eth0
	agent_says 'eth0: adopted'
	send_udp 53 5
	agent_stop
	agent_start dev eth0
	eventually said_more 'eth0: adopted' 1
	send_udp 53 5
	agent_stop
	conserved
	[ "$(packets to udp domain)" = 20 ]
	[ "$(counted .since)" = "$since" ]
	[ "$(said 'eth0: attached')" = 1 ]
}

@test "killed 50 times under traffic, at any moment: no frame is lost" {
	portclass attach dev eth0
	traffic_start
	before=0
	for round in $(seq 50); do
		agent_launch dev eth0
		# Not a wait for something: the moment is what is tried.
		sleep "0.$(printf '%03d' $((round * 37 % 500)))"
		agent_stop KILL
		now=$(portclass show dev eth0 -j | jq '[.total[].packets] | add')
		[ "$now" -ge "$before" ]
		before=$now
	done
	agent_start dev eth0
	agent_says 'eth0: adopted'
	traffic_stop
	agent_stop
	conserved
	[ "$(packets to udp domain)" -gt 1000 ]
	[ "$(on_host ls "$PINS")" = "$(basename "$(portclass list -j | jq -r '.[0].pins')")" ]
}

@test "pins of another version are refused, not misread" {
	agent_start dev eth0
	agent_says 'eth0: attached'
	agent_stop KILL
	# Another ABI version: a map of other values in the place of info.
	maps=$(portclass list -j | jq -r '.[0].pins')/maps
	on_host rm "$maps/_rodata_info"
	on_host bpftool map create "$maps/_rodata_info" type array key 4 value 8 entries 1 name info
	: >"$log"
	agent_start dev eth0
	agent_says 'eth0: not attached'
	grep -F 'another version' "$log"
	is_attached eth0
	agent_stop
	portclass clean
	slot_is_free
	nothing_is_pinned
}

@test "two agents at once count together" {
	agent_start dev eth0
	agent_says 'eth0: attached'
	first=$pid first_waiter=$waiter
	agent_start dev eth0
	agent_says 'eth0: adopted'
	cable_raise
	send_udp 53 5
	on_host kill -TERM "$first"
	wait "$first_waiter"
	send_udp 53 5
	agent_stop
	conserved
	[ "$(packets to udp domain)" = 10 ]
}

@test "detach-on-exit leaves nothing" {
	agent_start dev eth0 --detach-on-exit
	agent_says 'eth0: attached'
	agent_stop
	[ "$status" = 0 ]
	slot_is_free
	nothing_is_pinned
}

@test "clean detaches all of this namespace, and clears what is left of others" {
	add_pair eth1 eth2
	portclass attach dev eth0
	portclass attach dev eth1
	on_host ip link del eth1
	on_peer ip link set eth0 up
	on_peer "$PORTCLASS" attach dev eth0
	[ "$(on_host ls "$PINS" | wc -l)" = 3 ]
	portclass clean
	slot_is_free
	[ "$(on_host ls "$PINS" | wc -l)" = 1 ]
	on_peer "$PORTCLASS" show dev eth0 -j | jq -e .interface
	on_host ip netns del peer
	eventually gone_is_cleared
	portclass clean
}

gone_is_cleared() {
	portclass clean
	nothing_is_pinned
}

@test "once attached it has three capabilities, and none in effect" {
	agent_start dev eth0
	agent_says 'eth0: attached'
	three=$(printf '%016x' $((1 << 39 | 1 << 12 | 1 << 38)))
	[ "$(process CapPrm)" = "$three" ]
	[ "$(process CapEff)" = 0000000000000000 ]
	[ "$(process CapInh)" = 0000000000000000 ]
	[ "$(process CapAmb)" = 0000000000000000 ]
	[ "$(process NoNewPrivs)" = 1 ]
	echo "# resident: $(process VmRSS), of it anonymous: $(process RssAnon)" >&3
	# It can still do its work.
	add_pair eth1 eth2
	agent_says 'eth0: attached'
	agent_stop
}

# The agent as a container has it: uid 0 with three capabilities, nothing to write to.
@test "three capabilities and a read-only root are enough" {
	cat >"$BATS_TEST_TMPDIR/confined" <<-END
	#!/bin/sh
	[ "\$1" = inside ] || exec unshare --mount --propagation unchanged "\$0" inside "\$@"
	shift
	mount -o remount,bind,ro / 2>/dev/null
	exec setpriv --bounding-set -all,+bpf,+net_admin,+perfmon --inh-caps -all \
		$PORTCLASS "\$@"
	END
	chmod +x "$BATS_TEST_TMPDIR/confined"
	plain=$PORTCLASS PORTCLASS=$BATS_TEST_TMPDIR/confined
	agent_start dev eth0
	agent_says 'eth0: attached'
	agent_stop
	agent_start dev eth0
	agent_says 'eth0: adopted'
	agent_stop
	PORTCLASS=$plain
	is_attached eth0
}

@test "a missing capability is named, and ends it" {
	run on_host setpriv --bounding-set -perfmon --inh-caps -all "$PORTCLASS" agent listen off
	[ "$status" = 5 ]
	[[ $output == *CAP_PERFMON* ]]
}

@test "lines of log-format json are objects" {
	agent_start dev 'eth*' log-format json
	agent_says '"message":"attached'
	agent_stop
	jq -se 'length >= 3 and all(.[]; (.time | test("^20.*Z$")) and
		(.level | IN("info", "warning", "error")) and (.message | length > 0))' "$log"
	jq -se 'any(.[]; .device == "eth0")' "$log"
}

@test "an agent may have as many descriptors as it is allowed" {
	rm -f "$pid_file"
	# shellcheck disable=SC2016 # the shell inside expands them
	on_host sh -c 'ulimit -Sn 64 && ulimit -Hn 4096 && echo $$ >"$0" && exec "$@"' "$pid_file" \
		"$PORTCLASS" agent listen off dev eth0 2>>"$log" 3>&- &
	waiter=$!
	eventually test -s "$pid_file"
	pid=$(cat "$pid_file")
	agent_says "attached in"
	[ "$(on_host grep "^Max open files" "/proc/$pid/limits" | tr -s " " | cut -d" " -f4)" = 4096 ]
	agent_stop
}

recreate_eth0() {
	on_host ip link del eth0
	on_host ip link add eth0 index "$1" type veth peer name eth0 netns peer
	on_host ip addr add 192.0.2.1/24 dev eth0
	on_peer ip addr add 192.0.2.2/24 dev eth0
	on_host ip link set eth0 up
	on_peer ip link set eth0 up
}

@test "an interface made again with its name and its index is attached again at once" {
	local index program

	agent_start dev eth0
	agent_says "attached in"
	index=$(on_host cat /sys/class/net/eth0/ifindex)
	program=$(portclass list -j | jq '.[0].program')
	recreate_eth0 "$index"
	eventually said_more "attached in" 1
	[ "$(portclass list -j | jq '.[0].program')" != "$program" ]
	[ "$(portclass list -j | jq -r '.[0].state')" = attached ]
	agent_stop
}

# series_sized VALUE_SIZE: what is pinned beside the maps has that many bytes.
series_sized() {
	[ "$(on_host bpftool -j map show pinned "$PINS/eth0/series" | jq .bytes_value)" = "$1" ]
}

# Listed amid a swap, a directory may lack what is being renamed.
pinned_are() {
	[ "$(on_host ls "$PINS/eth0")" = "$(printf '%s\n' "$@")" ]
}

@test "series of the version before are gone on with, others begun anew, which is said" {
	local first=$((2 * 8 + 65536)) # two numbers, and a byte for each slot of one direction

	portclass attach dev eth0
	on_host bpftool map create "$PINS/eth0/series" type array key 4 value $first entries 1 \
		name series flags 0x400
	agent_start dev eth0
	eventually series_sized $((3 * 8 + 2 * 65536 + 2 * (256 + 256) * 56))
	agent_stop
	[ "$(said "another version of portclass: which services")" = 0 ]
	on_host rm "$PINS/eth0/series"
	on_host bpftool map create "$PINS/eth0/series" type array key 4 value 8 entries 1 name other
	agent_start dev eth0
	eventually series_sized $((3 * 8 + 2 * 65536 + 2 * (256 + 256) * 56))
	agent_says "another version of portclass: which services"
	eventually pinned_are link maps prog series
	agent_stop
}

# Whether lines were lost, after one more that nobody reads.
line_lost() {
	agent_signal HUP
	on_host curl -sf http://127.0.0.1:9635/metrics | grep -q '^portclass_log_lines_lost_total [1-9]'
}

@test "a log that nobody reads stops nothing: lines are lost, and counted" {
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	# Open for good, full soon.
	exec 8<>"$BATS_TEST_TMPDIR/fifo"
	python3 -c 'import fcntl; fcntl.fcntl(8, fcntl.F_SETPIPE_SZ, 4096)' 8>&8
	log=$BATS_TEST_TMPDIR/fifo listen=127.0.0.1:9635 agent_launch dev eth0
	eventually is_attached eth0
	eventually line_lost
	cable_raise
	send_udp 53 5
	conserved
	[ "$(on_host curl -sf http://127.0.0.1:9635/healthz)" = alive ]
	agent_stop
	[ "$status" = 0 ]
	# What was taken are whole lines.
	timeout 5 cat <&8 >"$BATS_TEST_TMPDIR/taken" || true
	run ! grep -v '^portclass: ' "$BATS_TEST_TMPDIR/taken"
	exec 8>&-
}

@test "too little memory in its control group is said before, not an end by the kernel" {
	cgroup_make 18M
	listen=127.0.0.1:9635 agent_launch_in_cgroup dev eth0
	agent_says 'eth0: not attached: loading and its maps take'
	eventually on_host sh -c 'curl -s http://127.0.0.1:9635/readyz | grep "^eth0: .*raise that limit"'
	on_host sh -c "echo 100M > $cgroup/$limit"
	agent_says 'eth0: attached'
	cable_raise
	send_udp 53 3
	conserved
	on_host pkill -x portclass
	eventually cgroup_gone
}

# one_ends_well LIMIT: an agent in a group of that size attaches, or says that it can't; the
# kernel ends it in neither case.
one_ends_well() {
	local tries

	tries=$(said 'attached')
	cgroup_make "$1"
	listen=off agent_launch_in_cgroup dev eth0
	eventually said_more 'attached' "$tries"
	on_host pkill -x portclass
	eventually cgroup_gone
	portclass clean
}

@test "however small its control group is, the kernel does not end the agent for want of memory" {
	for megabytes in 14 16 18 20 22 24 26 28 32; do
		one_ends_well "${megabytes}M"
	done
	[ "$(said 'eth0: not attached: loading and its maps take')" -gt 0 ]
	[ "$(said 'eth0: attached in')" -gt 0 ]
}
