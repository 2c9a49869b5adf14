# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # tests use what is set here, the helper sets the rest
#
# An agent on the host, its lines in $log, its process id there in $pid.

log=$BATS_TEST_TMPDIR/log pid="" waiter=""
pid_file=$BATS_TEST_TMPDIR/pid

# agent_launch ARGUMENT...: start it, and wait for nothing. Tests that want the web server
# give a second `listen`'s address in $listen.
agent_launch() {
	rm -f "$pid_file"
	# shellcheck disable=SC2016 # the shell inside expands them
	on_host sh -c 'echo $$ >"$0" && exec "$@"' "$pid_file" "$PORTCLASS" agent \
		listen "${listen:-off}" "$@" 2>>"$log" 3>&- &
	waiter=$!
	eventually test -s "$pid_file"
	pid=$(cat "$pid_file")
}

# agent_start ARGUMENT...: wait for its first words too.
agent_start() {
	local lines

	lines=$(said started)
	agent_launch "$@"
	eventually said_more started "$lines" || {
		cat "$log"
		return 1
	}
}

# agent_signal SIGNAL
agent_signal() {
	on_host kill -"$1" "$pid"
}

# agent_stop [SIGNAL]: the status that it ended with is in $status.
agent_stop() {
	agent_signal "${1:-TERM}"
	status=0
	wait "$waiter" || status=$?
}

# How many lines of the log hold a text.
said() {
	grep -cF -- "$1" "$log" 2>/dev/null || true
}

said_more() {
	[ "$(said "$1")" -gt "${2:-0}" ]
}

# agent_says TEXT: it comes to say it. (Lines from before count too, see said_more.)
agent_says() {
	eventually said_more "$1" || {
		echo "the agent never said: $1"
		cat "$log"
		return 1
	}
}

# The XDP program of an interface; null: none.
program_of() {
	on_host ip -j link show dev "$1" 2>/dev/null | jq '.[0].xdp.prog.id'
}

is_attached() {
	[[ "$(program_of "$1")" =~ ^[0-9]+$ ]]
}

# One more pair, both ends on the host.
add_pair() {
	on_host ip link add "$1" type veth peer name "$2"
	on_host ip link set "$1" up
	on_host ip link set "$2" up
}

# Datagrams from the peer to port 53 of the host, until traffic_stop.
traffic_start() {
	cable_raise
	on_peer python3 - "$BATS_TEST_TMPDIR/stop" <<-'END' 3>&- &
	import os, socket, sys, time
	client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	while not os.path.exists(sys.argv[1]):
	    for _ in range(20):
	        client.sendto(b"hello", ("192.0.2.1", 53))
	    time.sleep(0.005)
	END
	traffic=$!
	eventually frames_above 100
}

traffic_stop() {
	touch "$BATS_TEST_TMPDIR/stop"
	wait "$traffic"
}

frames_above() {
	[ "$(kernel_frames)" -gt "$1" ]
}

# cgroup_make BYTES: a control group with so much memory, in $cgroup, whose limit is $limit.
cgroup_make() {
	local parent

	for limit in memory.max memory.limit_in_bytes; do
		parent=/sys/fs/cgroup
		[ $limit = memory.max ] || parent=$parent/memory
		[ -e $parent/cgroup.procs ] || continue
		cgroup=$parent/portclass-test-$$-$BATS_TEST_NUMBER
		on_host mkdir "$cgroup" 2>/dev/null || continue
		if on_host sh -c "echo $1 > $cgroup/$limit" 2>/dev/null; then
			return
		fi
		on_host rmdir "$cgroup"
	done
	skip "no control group whose memory is bounded can be made here"
}

cgroup_gone() {
	on_host rmdir "$cgroup" 2>/dev/null || [ ! -d "$cgroup" ]
}

# agent_launch_in_cgroup ARGUMENT...: in that of cgroup_make.
agent_launch_in_cgroup() {
	on_host sh -c "echo \$\$ >$cgroup/cgroup.procs && exec $PORTCLASS agent listen $listen $*" \
		2>>"$log" 3>&- &
}
