#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2154 # agent.bash and bats set what is not set here
#
# The agent tells a service manager how it is, by sd_notify(3).

load helper
load agent

setup() {
	world_open
	told=$BATS_TEST_TMPDIR/told
	manager_start
}

teardown() { world_close; }

# A manager: what it is told becomes a line of $told each, after who told it.
manager_start() {
	on_host python3 - "$told" <<-'END' 3>&- &
	import socket, struct, sys
	manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
	manager.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
	manager.bind("/run/notify")
	with open(sys.argv[1], "w", buffering=1) as told:
	    told.write("listening\n")
	    while True:
	        words, rights, _, _ = manager.recvmsg(4096, 64)
	        who = struct.unpack("3i", rights[0][2])[0]
	        told.write(f"{who} {words.decode()!r}\n")
	END
	eventually grep -qs listening "$told"
	export NOTIFY_SOCKET=/run/notify
}

# How often it was told just that by the agent.
times_told() {
	grep -cxF "$pid '$1'" "$told" || true
}

is_told() {
	[ "$(times_told "$1")" -ge "${2:-1}" ]
}

@test "it is up once it serves, and says when it ends" {
	listen=127.0.0.1:9635 agent_start dev eth0
	eventually is_told READY=1
	agent_stop
	[ "$status" = 0 ]
	eventually is_told STOPPING=1
	[ "$(sed -n '2,$s/.* //p' "$told")" = "'READY=1'"$'\n'"'STOPPING=1'" ]
}

@test "signs of life come as often as they are asked for, and only then" {
	WATCHDOG_USEC=100000 agent_start dev eth0
	eventually is_told WATCHDOG=1 5
	agent_stop
	WATCHDOG_PID=1 WATCHDOG_USEC=100000 agent_start dev eth0
	agent_says adopted
	agent_stop
	[ "$(times_told WATCHDOG=1)" = 0 ]
}

@test "a reload is told, with its time, until it is done" {
	echo 'mine 7000/udp' >"$BATS_TEST_TMPDIR/overlay"
	agent_start dev eth0 overlay "$BATS_TEST_TMPDIR/overlay"
	agent_says 'eth0: attached'
	agent_signal HUP
	eventually is_told READY=1 2
	grep -E "^$pid 'RELOADING=1.nMONOTONIC_USEC=[0-9]+'$" "$told"
	# One that fails leaves it up as well.
	echo 'mine 99999/udp' >"$BATS_TEST_TMPDIR/overlay"
	agent_says 'the table stays as it was'
	eventually is_told READY=1 3
	agent_stop
}

@test "one that can't start says nothing" {
	run -1 on_host "$PORTCLASS" agent listen nowhere
	run -6 on_host "$PORTCLASS" agent listen off overlay /nowhere
	[ "$(wc -l <"$told")" = 1 ]
}

