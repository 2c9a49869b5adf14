#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A row for each way to fail: the exit status that portclass(8) documents, and what is
# said; under -j an object with the same status and words, and nothing else.
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell, and run sets variables

load helper
load first_version

teardown() { world_close; }

# Who runs the commands of the rows: here, without any capability, unless a test says else.
run_by=(unprivileged)

unprivileged() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --bounding-set=-all --inh-caps=-all "$PORTCLASS" "$@"
	else
		"$PORTCLASS" "$@"
	fi
}

# ends STATUS TEXT [WORD...]
ends() {
	local wanted=$1 text=$2

	shift 2
	run --separate-stderr "${run_by[@]}" "$@"
	echo "$*: status $status: $output $stderr"
	[ "$status" = "$wanted" ]
	[[ $stderr == "portclass: "*"$text"* ]]
	[ "$(grep -c '^portclass: ' <<<"$stderr")" = 1 ]

	run --separate-stderr "${run_by[@]}" "$@" -j
	echo "$* -j: status $status: $output $stderr"
	[ "$status" = "$wanted" ]
	[ -z "$stderr" ]
	jq -es --argjson status "$wanted" --arg text "$text" 'length == 1 and (.[0].error |
		.status == $status and (.message | contains($text)))' <<<"$output"
}

on_the_host() {
	run_by=(on_host "$PORTCLASS")
}

# injected CALL=ERROR: the system refuses that call, once.
injected() {
	strace -o /dev/null true || skip "strace may not trace here"
	run_by=(on_host strace -qq -o /dev/null -e "trace=${1%%:*}" -e "inject=$1" "$PORTCLASS")
}

# Files of every kind that is no good, by names without a directory.
bad_files() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir directory
	echo 'mine 99999/udp' >bad
	: >empty
	echo 'a,b,c' >formless
	echo 'mine 7000/udp' >forbidden
	chmod 000 forbidden
	echo 'mine 7000/udp' >good
}

@test "a wrong command line is 1" {
	ends 1 'no command is given'
	ends 1 'frobnicate is no command' frobnicate
	ends 1 'registry frob is no command' registry frob
	ends 1 '-x is no option' -x list
	ends 1 'dev IFACE is missing' attach
	ends 1 'dev: expected IFACE behind it' show dev
	ends 1 '"colour": expected dev, pin' show colour
	ends 1 '"everything": expected no more words' list everything
	ends 1 "limit can't be given more than once" show limit 1 limit 2
	ends 1 "pin can't be given together with dev" show dev lo pin /sys
	ends 1 'by "colour": expected' show by colour
	ends 1 'limit "0": expected a number from 1' show limit 0
	ends 1 'limit "many": expected a number' show limit many
	ends 1 'interval "0": expected seconds' watch interval 0
	ends 1 'mode "fast": expected' attach dev lo mode fast
	ends 1 'ephemeral "9-1": expected ports' attach dev lo ephemeral 9-1
	ends 1 'format "yaml": expected' registry stats x format yaml
	ends 1 'format csv goes with registry FILE only' attach dev lo format csv
	ends 1 '65536: ' lookup 65536
	ends 1 '90-80: ' lookup 90-80
	ends 1 '443/quic: the transport is none of' lookup 443/quic
	ends 1 'listen "nowhere": expected an address' agent listen nowhere
	ends 1 'listen ":99999": expected an address' agent check listen :99999
}

@test "settings that are missing, can't be read or are wrong are 1" {
	bad_files
	echo 'colour red' >word
	printf 'mode generic\nseries\n' >value
	printf 'series 5\nseries 6\n' >twice
	printf 'series\0 5\n' >nul
	head -c 200000 /dev/zero | tr '\0' '#' >large
	for command in agent 'agent check'; do
		# shellcheck disable=SC2086 # the words of its name
		for row in none:'open none: No such file' directory:'Is a directory' \
			forbidden:'open forbidden: Permission denied' \
			bad/none:'open bad/none: Not a directory' nul:'nul: a NUL byte' \
			large:'large: larger than' word:'word:1: "colour": expected' \
			value:'value:2: series: expected' \
			twice:"twice:2: series can't be given more than once"; do
			ends 1 "${row#*:}" $command config "${row%%:*}"
		done
	done
	PORTCLASS_SERIES=many ends 1 'PORTCLASS_SERIES: series "many"' agent check
	PORTCLASS_CONFIG=none ends 1 'open none: No such file' agent check
}

@test "a registry or an overlay that is missing, can't be read or is wrong is 6" {
	bad_files
	for row in none:"it can't be read: No such file" directory:"it can't be read: Is a directory" \
		forbidden:"it can't be read: Permission denied" \
		bad/none:"it can't be read: Not a directory" bad:99999 formless:formless; do
		for command in 'lookup 80' 'agent check' 'attach dev lo' 'reload dev lo'; do
			# shellcheck disable=SC2086 # the words of the command
			for kind in registry overlay; do
				ends 6 "nothing is loaded: ${row%%:*}:" $command $kind "${row%%:*}"
				[[ $output == *"${row#*:}"* ]]
			done
		done
		ends 6 "${row#*:}" registry stats "${row%%:*}"
		ends 6 "${row#*:}" registry diff good "${row%%:*}"
		ends 6 "1 of 1 files have errors" registry check "${row%%:*}"
		ends 6 "1 of 2 files have errors" registry check good "${row%%:*}" overlay
	done
	ends 6 'empty: ' lookup 80 registry empty
	ends 6 'good:1' lookup 80 registry good format xml
}

@test "a port or a name that means nothing is 3" {
	ends 3 'no-such-name: no port, and no service or alias' lookup no-such-name
	ends 3 'no-such-name: no port, and no service or alias' lookup 80 no-such-name
}

@test "no such interface, and nothing attached, are 3" {
	world_open
	on_the_host
	for command in attach detach show reload watch; do
		text='none0: no such interface'
		[ "$command" != detach ] || text='none0: not attached'
		ends 3 "$text" "$command" dev none0
	done
	for command in detach show reload watch; do
		ends 3 'eth0: not attached' "$command" dev eth0
	done
	ends 3 'no interface of this network namespace is attached' show
	ends 3 'no interface of this network namespace is attached' watch
	ends 3 'no classifier is pinned here' show pin /sys/fs/bpf
	ends 3 'no classifier is pinned here' show pin /nowhere
	on_host bpftool prog loadall "$OBJECT" /sys/fs/bpf/other
	on_host bpftool net attach xdp pinned /sys/fs/bpf/other/classify dev eth0
	ends 3 'eth0: not attached' detach dev eth0
}

@test "a taken slot is 4" {
	world_open
	on_the_host
	on_host bpftool prog loadall "$OBJECT" /sys/fs/bpf/other
	for mode in xdp xdpgeneric; do
		on_host bpftool net attach "$mode" pinned /sys/fs/bpf/other/classify dev eth0
		ends 4 'is attached already, by netlink' attach dev eth0
		ends 4 'is attached already, by netlink' attach dev eth0 mode generic
		on_host bpftool net detach "$mode" dev eth0
	done
	portclass attach dev eth0
	ends 4 'portclass is attached already' attach dev eth0
	ends 4 'portclass is attached already' attach dev eth0 mode generic
}

@test "a permission that is missing is 5" {
	world_open
	for missing in bpf,-sys_admin:CAP_BPF net_admin:CAP_NET_ADMIN \
		perfmon,-sys_admin:CAP_PERFMON all:CAP_BPF; do
		run_by=(on_host setpriv "--bounding-set=-${missing%:*}" "--inh-caps=-${missing%:*}"
			"$PORTCLASS")
		ends 5 "missing ${missing#*:}" attach dev eth0
		ends 5 "missing ${missing#*:}" reload dev eth0
	done
	portclass attach dev eth0
	on_host cp "$PORTCLASS" /run/portclass
	run_by=(on_host setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all
		--inh-caps=-all /run/portclass)
	for command in list show watch 'show dev eth0' 'detach dev eth0'; do
		# shellcheck disable=SC2086 # words of a command
		ends 5 'missing CAP_BPF' $command
	done
	injected mkdir:error=EPERM
	portclass detach dev eth0
	ends 5 'make the directory' attach dev eth0
}

@test "what the kernel or the system refuses is 2, whichever errno it has" {
	world_open
	on_the_host
	ends 2 'native' attach dev lo
	for error in EBUSY ENODEV EBADMSG ENOSPC EROFS; do
		injected "mkdir:error=$error"
		ends 2 'make the directory' attach dev eth0
		injected "flock:error=$error"
		ends 2 'lock /sys/fs/bpf/portclass' attach dev eth0
	done
	injected mkdir:error=ENOENT
	ends 2 'make the directory' attach dev eth0
	injected ioctl:error=ENOENT
	ends 2 'look for the interface eth0' attach dev eth0
	# shellcheck disable=SC2016 # that shell expands them
	run_by=(on_host unshare --mount --propagation unchanged
		sh -c 'mount -t tmpfs none /sys/fs/bpf; exec "$0" "$@"' "$PORTCLASS")
	for command in list show watch 'attach dev eth0' 'detach dev eth0' 'reload dev eth0'; do
		# shellcheck disable=SC2086 # words of a command
		ends 2 'no BPF file system' $command
	done
	nothing_is_pinned
	slot_is_free
}

@test "an answer of netlink that is none is 2" {
	world_open
	injected recvfrom:retval=4
	ends 2 'ask for the XDP programs of interface' attach dev eth0
	nothing_is_pinned
}

@test "what is not of portclass, or has no room, is 2" {
	world_open
	on_the_host
	on_host mkdir -p "$PINS/eth0"
	on_host bpftool prog loadall "$OBJECT" "$PINS/eth0/prog" pinmaps "$PINS/eth0/maps"
	on_host bpftool net attach xdp pinned "$PINS/eth0/prog/classify" dev eth0
	ends 2 "so it can't be replaced in place" reload dev eth0
	on_host bpftool net detach xdp dev eth0
	on_host rm "$PINS/eth0/maps/traffic"
	on_host bpftool map create "$PINS/eth0/maps/traffic" type array key 4 value 4 entries 1 \
		name traffic
	ends 2 'not a map of portclass' show pin "$PINS/eth0"
	portclass detach dev eth0

	first_compile
	first_attach
	for command in 'attach dev eth0' 'reload dev eth0' 'show dev eth0' show 'watch dev eth0'; do
		# shellcheck disable=SC2086 # words of a command
		ends 2 'eth0: another version of portclass is attached, with pins of version 1' $command
	done
	portclass detach dev eth0

	on_host ln -s /tmp "$PINS"
	for command in list 'attach dev eth0' 'detach dev eth0'; do
		# shellcheck disable=SC2086 # words of a command
		ends 2 "$PINS" $command
	done
	on_host rm "$PINS"

	echo 'mine 53/udp' >"$BATS_TEST_TMPDIR/small"
	seq 50000 53000 | sed 's|.*|big& &/tcp/udp|' >"$BATS_TEST_TMPDIR/big"
	portclass attach dev eth0 registry "$BATS_TEST_TMPDIR/small"
	ends 2 'no slots left' reload dev eth0 overlay "$BATS_TEST_TMPDIR/big"
}

@test "an address that is taken is 2" {
	world_open
	on_host python3 -c 'import socket, time
taken = socket.create_server(("127.0.0.1", 9999))
time.sleep(600)' 3>&- &
	eventually on_host sh -c 'ss -ltn | grep -q 127.0.0.1:9999'
	# The agent logs, and has no JSON of its own on standard output.
	refused 2 'listen on 127.0.0.1:9999 (whose it is: ss -ltnp): Address already in use' \
		agent dev eth0 listen 127.0.0.1:9999
}

# unheard HOW WORD...: ends with status 2, and the words are on standard error, -j or not.
unheard() {
	local how=$1

	shift
	for option in '' -j; do
		# shellcheck disable=SC2086 # one or none
		run --separate-stderr "$how" "$@" $option
		echo "$how $* $option: status $status: $stderr"
		[ "$status" = 2 ]
		[ -z "$output" ]
		[[ $stderr == "portclass: can't write to standard output: "* ]]
	done
}

@test "output that can't be written is 2" {
	full() { unprivileged "$@" >/dev/full; }
	closed() { unprivileged "$@" >&-; }
	echo 'mine 7000/udp' >"$BATS_TEST_TMPDIR/registry"
	for how in full closed; do
		unheard "$how" -V
		unheard "$how" help
		unheard "$how" lookup 80
		unheard "$how" agent check
		unheard "$how" registry stats "$BATS_TEST_TMPDIR/registry"
	done
}
