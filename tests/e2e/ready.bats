#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # each test is a subshell; agent.bash and bats set the rest
#
# When an agent is ready is a choice, and /readyz says which.

load helper
load agent

listen=127.0.0.1:9635

setup() { world_open; }
teardown() { world_close; }

# Another program holds the interface's slot.
make_busy() {
	on_host bpftool prog load "$OBJECT" /sys/fs/bpf/other type xdp
	on_host bpftool net attach xdp pinned /sys/fs/bpf/other dev "$1"
}

# ready STATUS TEXT...: what /readyz comes to say, all of it in one answer.
ready() {
	eventually ready_now "$@" || {
		curl_ready
		cat "$log"
		return 1
	}
}

curl_ready() {
	on_host curl -s -w '\n%{http_code}' "http://$listen/readyz"
}

ready_now() {
	local answer text

	answer=$(curl_ready) || return 1
	[ "${answer##*$'\n'}" = "$1" ] || return 1
	shift
	for text; do
		[[ $answer == *"$text"* ]] || return 1
	done
}

@test "all: one that is busy is one too many" {
	make_busy eth0
	add_pair eth1 eth2
	agent_start dev 'eth[01]'
	ready 503 'not attached to every interface' 'ready all:' 'eth0: XDP program id'
	agent_says 'eth1: attached'
	on_host bpftool net detach xdp dev eth0
	ready 200 ready
	agent_stop
}

@test "any: one that is attached is enough" {
	make_busy eth0
	agent_start dev 'eth[01]' ready any
	ready 503 'attached to no interface' 'ready any:' 'eth0: XDP program id'
	add_pair eth1 eth2
	ready 200 ready 'eth0: XDP program id'
	agent_stop
}

@test "running: one that is busy does no harm, for the program loads" {
	make_busy eth0
	agent_start dev eth0 ready running
	ready 200 ready 'eth0: XDP program id'
	[ "$(said 'does not load')" = 0 ]
	agent_stop
}

@test "running: no interface is wanted, and the program loads, which leaves nothing" {
	agent_start dev 'none*' ready running
	ready 200 ready 'no interface matches dev none*'
	agent_stop
	nothing_is_pinned
}

# What makes loading impossible here is memory; that of a bad image is the verifier's refusal.
@test "running: a program that does not load is not ready, with the reason, and tried again" {
	cgroup_make 18M
	agent_launch_in_cgroup dev 'none*' ready running
	ready 503 'The program was not loaded yet' 'ready running:' 'the program: loading and its maps take'
	[ "$(said 'the program does not load: ')" = 1 ]
	on_host sh -c "echo 100M >$cgroup/$limit"
	ready 200 ready
	on_host pkill -x portclass
	eventually cgroup_gone
}

@test "running: what an older agent left is adopted, and shows nothing of this program" {
	agent_start dev eth0
	agent_says 'eth0: attached'
	agent_stop
	agent_start dev eth0 ready running
	ready 200 ready
	agent_says 'eth0: adopted'
	agent_stop
}

@test "a rule is a setting like any other" {
	[ "$("$PORTCLASS" agent check | grep '^ready')" = 'ready all' ]
	echo 'ready any' >"$BATS_TEST_TMPDIR/conf"
	"$PORTCLASS" agent check config "$BATS_TEST_TMPDIR/conf" | grep -x 'ready any'
	PORTCLASS_READY=running "$PORTCLASS" agent check config "$BATS_TEST_TMPDIR/conf" |
		grep -x 'ready running'
	run -1 "$PORTCLASS" agent check ready some
	[[ $output == *'ready "some": expected all | any | running'* ]]
}
