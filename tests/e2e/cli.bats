#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The command line: words, statuses, privileges, pipes. Where no interface is
# needed, every capability is dropped.
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell, and run sets variables

load helper

teardown() { world_close; }

# Run portclass without any capability, whoever runs the tests.
plain() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --bounding-set=-all --inh-caps=-all "$PORTCLASS" "$@"
	else
		"$PORTCLASS" "$@"
	fi
}

# without CAPABILITIES COMMAND...: on the host, those capabilities dropped.
without() {
	local dropped=$1

	shift
	run on_host setpriv --bounding-set="$dropped" --inh-caps="$dropped" "$PORTCLASS" "$@"
	echo "status $status: $output"
}

@test "unknown words are refused with status 1 and what to try" {
	for words in frobnicate 'attach' 'attach eth0 eth1 eth2' 'attach dev' 'attach dev lo mode fast' \
		'show dev lo by color' 'show limit x' 'lookup' 'lookup 443/quic' \
		'watch interval 0' 'attach dev lo count-by luck' \
		'attach dev lo ephemeral 9-1' 'attach dev lo format csv' '-x list' 'registry' \
		'registry check' 'registry frob' 'lookup 90-80' 'lookup 65536/tcp' 'lookup 443/'; do
		# shellcheck disable=SC2086 # words, as a user types them
		run --separate-stderr plain $words
		echo "$words: status $status: $output $stderr"
		[ "$status" = 1 ]
		[ -z "$output" ]
		[[ $stderr == portclass:* || $stderr == usage:* ]]
	done
}

@test "the version, help for all and for each command" {
	[[ $(plain -V) =~ ^portclass\ [0-9]+\.[0-9]+ ]]
	for command in attach detach list show watch lookup 'registry check' 'registry stats' \
		'registry diff'; do
		plain help | grep -q "$command"
		# shellcheck disable=SC2086
		plain help $command | grep -q "^usage: portclass $command"
		for option in -h --help; do
			# shellcheck disable=SC2086
			plain $command $option | grep -q "^usage: portclass $command"
		done
	done
	[ "$(plain --version)" = "$(plain -V)" ]
	[ "$(plain --help)" = "$(plain help)" ]
}

@test "the help of keywords is one column" {
	for command in attach lookup watch; do
		plain help "$command" | grep '^  ' >"$BATS_TEST_TMPDIR/keywords"
		cat "$BATS_TEST_TMPDIR/keywords"
		run ! grep -vE '^  .{26} [^ ]|^  [^ ]+( [^ ]+)?$' "$BATS_TEST_TMPDIR/keywords"
	done
}

@test "lookup names ports, services and ranges without a privilege" {
	plain lookup 443/tcp | grep -q https
	plain lookup https | grep -q 443
	plain lookup 6000-6063 | grep -q x11
	plain lookup 443/tcp -j | jq -e '.. | objects | select(.service? == "https")'
	plain lookup 60000 | grep -q dynamic
	echo 'shop/web:http 443/tcp' >"$BATS_TEST_TMPDIR/overlay"
	plain lookup 443/tcp overlay "$BATS_TEST_TMPDIR/overlay" | grep -q "shop/web:http"
	plain lookup 443/tcp overlay "$BATS_TEST_TMPDIR/overlay" | grep -q "overlay"
	run -3 plain lookup no-such-service-name
}

@test "registry commands need no privilege" {
	plain registry check "$ROOT/registry/iana.csv"
	plain registry stats "$ROOT/registry/iana.csv" -j | jq -e .
	plain registry diff "$ROOT/registry/iana.csv" "$ROOT/registry/iana.csv"
	echo 'shop 99999/tcp' >"$BATS_TEST_TMPDIR/bad"
	run -6 plain registry check "$BATS_TEST_TMPDIR/bad"
	[[ $output == *bad:1* ]]
}

@test "a check of an overlay tells of that file alone" {
	overlay=$BATS_TEST_TMPDIR/overlay
	echo 'shop/web:http 8080/tcp' >"$overlay"
	run -0 --separate-stderr plain registry check overlay "$overlay"
	[ "$output" = "$overlay: good to use; records 1, errors 0, warnings 0" ]
	echo 'shop 1/ddp' >>"$overlay"
	run -0 --separate-stderr plain registry check overlay "$overlay" -j
	jq -e '.files[0] | .warnings == 1 and [.diagnostics[].line] == [2]' <<<"$output"
	run -0 --separate-stderr plain lookup 80 overlay "$overlay"
	[[ $stderr == *"1 warning (portclass registry check overlay $overlay lists it)" ]]
}

# What could have the name of the shipped one, by chance or not.
@test "a check of a copy of the shipped registry tells of the copy" {
	cd "$BATS_TEST_TMPDIR"
	echo ',80,tcp,Reserved,,,,,,,,' | cat <(grep -m 1 '^Service Name' "$ROOT/registry/iana.csv") - >iana.csv
	run -0 --separate-stderr plain registry check overlay iana.csv
	[ "${#lines[@]}" = 2 ]
	[[ $output == *"iana.csv:2: warning: "*", warnings 1" ]]
}

# said_once TEXT WORDS...: refused with status 6 and one line that has the text.
said_once() {
	local text=$1

	shift
	run -6 --separate-stderr plain "$@"
	echo "$* says: $stderr"
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *"$text"* && $stderr != *:0:* ]]
	run -6 --separate-stderr plain "$@" -j
	[ -z "$stderr" ]
	jq -e --arg text "$text" '.error.status == 6 and (.error.message | contains($text))' <<<"$output"
}

@test "what is wrong with a file is said once" {
	cd "$BATS_TEST_TMPDIR"
	said_once "none: it can't be read: No such file" lookup 80 registry none
	said_once "none: it can't be read: No such file" lookup 80 overlay none
	echo 'foo 80' >foo
	said_once "foo:1: 'foo' is not followed by PORT/TRANSPORT" lookup 80 overlay foo
	seq 1 20000 | sed 's|.*|s& &/tcp/udp|' >low
	seq 20001 32800 | sed 's|.*|s& &/tcp/udp|' >high
	said_once 'high: more than 65536 assignments' lookup 80 overlay low overlay high
	said_once '(overlays: low, high; registry: iana.csv)' lookup 80 overlay low overlay high
	run -6 plain registry check foo none
	[[ $output == *"foo:1: error:"*"none: error:"* ]]
}

@test "an overlay without a service is one, a registry is none" {
	printf '# later\n\n' >"$BATS_TEST_TMPDIR/empty"
	plain lookup 443/tcp overlay "$BATS_TEST_TMPDIR/empty" | grep -q https
	run -0 plain registry check overlay "$BATS_TEST_TMPDIR/empty"
	[[ $output == *"good to use; records 0, errors 0, warnings 0" ]]
	: >"$BATS_TEST_TMPDIR/nothing"
	run -0 --separate-stderr plain lookup 443/tcp overlay "$BATS_TEST_TMPDIR/nothing"
	[[ $output == *https* && -z $stderr ]]
	said_once 'nothing: the file is empty' lookup 443/tcp registry "$BATS_TEST_TMPDIR/nothing"
	run -6 plain registry check "$BATS_TEST_TMPDIR/empty"
	said_once 'empty: no row of it can be used' lookup 443/tcp registry "$BATS_TEST_TMPDIR/empty"
}

@test "strict, a file with a warning is refused" {
	cd "$BATS_TEST_TMPDIR"
	printf 'mine 7000/tcp\nother 1/ddp\n' >odd
	echo 'mine 7000/tcp' >good
	run -0 plain registry check overlay odd good
	run -6 plain registry check overlay odd good strict
	[[ $output == *"odd: refused, as strict asks; records 1, errors 0, warnings 1"* ]]
	[[ $output == *"good: good to use; records 1, errors 0, warnings 0"* ]]
	[[ $output == *"1 of 2 files have errors or warnings"* ]]
	plain lookup 7000/tcp overlay odd 2>/dev/null | grep -q mine
	plain lookup 7000/tcp overlay good strict | grep -q mine
	said_once 'nothing is loaded, as strict asks: odd: 1 warning' lookup 80 strict overlay odd
	said_once 'nothing is loaded, as strict asks: odd: 1 warning' lookup 80 strict registry odd
	printf 'mine 7000/tcp\nother 99999/tcp\n' >odd
	said_once 'odd: 1 row is lost' lookup 80 strict overlay odd
}

@test "the commands read pipes, and nothing without an end" {
	plain lookup 7000/tcp overlay <(echo 'mine 7000/tcp') | grep -q mine
	echo 'mine 7000/tcp' | plain lookup 7000/tcp overlay /dev/stdin | grep -q mine
	plain registry check <(echo 'mine 7000/tcp') | grep -q 'records 1, errors 0'
	said_once '/dev/zero: it is larger than 64 MiB' lookup 80 overlay /dev/zero
}

@test "nmap's file names services, and nobody unknown" {
	cd "$BATS_TEST_TMPDIR"
	printf 'lantern\t7000/tcp\t0.001995\t# Who\nunknown\t7001/tcp\t0.000477\n' >nmap-services
	run -0 plain registry check nmap-services
	[ "$output" = 'nmap-services: good to use; records 1, errors 0, warnings 0' ]
	plain lookup -j 7000/tcp registry nmap-services |
		jq -e '.[0] | .service == "lantern" and .aliases == []'
	plain lookup -j 7001/tcp registry nmap-services | jq -e '.[0].status == "unassigned"'
	run -3 plain lookup unknown registry nmap-services
}

@test "a CSV of other columns is refused as one" {
	cd "$BATS_TEST_TMPDIR"
	printf 'name,port,proto\nknock,80,tcp\n' >other.csv
	said_once 'a CSV whose header has no Service Name, no Port Number' lookup 80 registry other.csv
	[[ $stderr != *'services(5)'* ]]
}

@test "a failure under -j is an object on standard output, and nothing else" {
	for words in '-j frobnicate' '-j -x' '-x -j' 'show dev -x -j' '-p -x show' 'show dev -j' \
		'lookup -j' 'show -j color' 'watch interval 0 -j' 'lookup 90-80 -j'; do
		# shellcheck disable=SC2086 # words, as a user types them
		run -1 --separate-stderr plain $words
		echo "$words: $output $stderr"
		jq -es 'length == 1 and (.[0].error | .status == 1 and (.message | length > 0))' <<<"$output"
		[ -z "$stderr" ]
	done
}

# without_room WORDS...: standard output is full.
without_room() {
	run --separate-stderr "$@"
	echo "$*: status $status: $stderr"
	[ "$stderr" = "portclass: can't write to standard output: No space left on device" ]
}

@test "output that can't be written is said, with the reason" {
	full() { plain "$@" >/dev/full; }
	seq 1 2000 | sed 's|.*|s_& &/tcp|' >"$BATS_TEST_TMPDIR/warnings"
	for words in -V 'lookup 80' 'lookup 80 -j' 'lookup 1-65535' 'lookup 1-65535 -j' \
		"registry check $BATS_TEST_TMPDIR/warnings" \
		"registry check $BATS_TEST_TMPDIR/warnings -j"; do
		# shellcheck disable=SC2086 # words, as a user types them
		without_room full $words
		[ "$status" = 2 ]
	done
	without_room full -j frobnicate
	[ "$status" = 1 ]
}

@test "without a privilege, the missing capability is named" {
	world_open
	without -all attach dev eth0
	[ "$status" = 5 ]
	[[ $output == *CAP_BPF*CAP_NET_ADMIN*CAP_PERFMON* ]]
	without -bpf,-sys_admin attach dev eth0
	[ "$status" = 5 ]
	[[ $output == *CAP_BPF* && $output != *CAP_NET_ADMIN* ]]
	without -net_admin attach dev eth0
	[ "$status" = 5 ]
	[[ $output == *CAP_NET_ADMIN* && $output != *CAP_BPF* ]]
	without -perfmon,-sys_admin attach dev eth0
	[ "$status" = 5 ]
	[[ $output == *CAP_PERFMON* && $output != *CAP_BPF* ]]
	slot_is_free
	nothing_is_pinned

}

@test "another user's show and detach are refused with the missing capability" {
	world_open
	portclass attach dev eth0
	on_host cp "$PORTCLASS" /run/portclass
	for command in 'show dev eth0' 'detach dev eth0' list 'watch dev eth0 count 1'; do
		# shellcheck disable=SC2086 # words, as a user types them
		run on_host setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all \
			--inh-caps=-all /run/portclass $command
		echo "$command: status $status: $output"
		[ "$status" = 5 ]
		[[ $output == *CAP_BPF* ]]
	done
	portclass show dev eth0 -j | sums_to 0
}

@test "CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON are enough" {
	world_open
	on_host setpriv --bounding-set=-all,+bpf,+net_admin,+perfmon "$PORTCLASS" attach dev eth0
	cable_raise
	send_udp 53 5
	conserved
	[ "$(packets to udp domain)" = 5 ]
	on_host setpriv --bounding-set=-all,+bpf,+net_admin,+perfmon "$PORTCLASS" detach dev eth0
	nothing_is_pinned
}

@test "show sorts, limits, and prints exact numbers in 80 columns" {
	world_open
	portclass attach dev eth0
	cable_raise
	send_udp 53 7
	send_udp 123 1200
	send_udp 514 3
	conserved
	run -0 on_host "$PORTCLASS" show dev eth0
	echo "$output"
	[[ $output == *domain*53* && $output == *ntp*123* && $output == *syslog*514* ]]
	[ "$(awk '{ if (length > most) most = length } END { print most }' <<<"$output")" -le 80 ]
	[[ $output != *1200* ]]
	[[ $(portclass show dev eth0 -n) == *1200* ]]
	[ "$(portclass show dev eth0 by packets | grep -oE 'ntp|domain|syslog' | head -1)" = ntp ]
	[ "$(portclass show dev eth0 by port | grep -oE 'ntp|domain|syslog' | head -1)" = domain ]
	run -0 on_host "$PORTCLASS" show dev eth0 by packets limit 1
	[[ $output == *ntp* && $output != *syslog* ]]
	everything=$(portclass show dev eth0 all -j)
	[ "$(jq '.services | length' <<<"$everything")" -gt 5000 ]
	sums_to "$(kernel_frames)" <<<"$everything"
}

@test "a closed pipe ends show quietly" {
	world_open
	portclass attach dev eth0
	on_host sh -c "{ '$PORTCLASS' show dev eth0 all -n 2>'$BATS_TEST_TMPDIR/words'; } | head -n 1"
	[ ! -s "$BATS_TEST_TMPDIR/words" ]
}

@test "watch ends when its output can't be written" {
	world_open
	portclass attach dev eth0
	for option in -j -n; do
		without_room on_host sh -c "'$PORTCLASS' watch dev eth0 interval 0.01 $option >/dev/full"
		[ "$status" = 2 ]
	done
}

@test "watch says once why it can't begin" {
	world_open
	portclass attach dev eth0
	on_host cp "$PORTCLASS" /run/portclass
	for command in '/run/portclass watch dev lo' '/run/portclass watch dev none' \
		'setpriv --reuid=65534 --clear-groups /run/portclass watch dev eth0'; do
		# shellcheck disable=SC2086 # words of a command
		run ! --separate-stderr on_host $command
		echo "$command: status $status: $stderr"
		[ "${#stderr_lines[@]}" = 1 ]
		[ -z "$output" ]
	done
}

# on_terminal LINES COMMAND...: what it writes to a terminal of so many lines.
on_terminal() {
	on_host python3 - "$@" <<-'END'
	import fcntl, os, pty, struct, sys, termios
	child, terminal = pty.fork()
	if child == 0:
	    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", int(sys.argv[1]), 80, 0, 0))
	    os.environ["TERM"] = "xterm"
	    os.execv(sys.argv[2], sys.argv[2:])
	try:
	    while written := os.read(terminal, 4096):
	        sys.stdout.buffer.write(written)
	except OSError:
	    pass
	END
}

@test "watch shows the first lines on a terminal of few" {
	world_open
	portclass attach dev eth0
	seen=$(on_terminal 40 "$PORTCLASS" watch dev eth0 interval 0.1 count 1)
	[[ $seen == *share* && $seen == *0-1023* && $seen == *total* ]]
	seen=$(on_terminal 6 "$PORTCLASS" watch dev eth0 interval 0.1 count 1)
	echo "$seen"
	[[ $seen == *share* && $seen != *0-1023* && $seen != *total* ]]
}

# Datagrams to a service twenty times a second, until the test ends.
ask_questions() {
	on_peer python3 - <<-'END' 3>&- &
	import socket, time
	client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	for _ in range(20 * 60):
	    client.sendto(b"question", ("192.0.2.1", 53))
	    time.sleep(0.05)
	END
}

questions_come() {
	portclass show dev eth0 -j | jq -e '.services | any(.service == "domain")' >/dev/null
}

@test "watch prints one object per interval, with the rates of the traffic" {
	world_open
	portclass attach dev eth0
	cable_raise
	ask_questions
	eventually questions_come
	portclass watch dev eth0 interval 1 count 2 -j >"$BATS_TEST_TMPDIR/watch"
	cat "$BATS_TEST_TMPDIR/watch"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/watch")" = 2 ]
	jq -es 'length == 2 and ([.[] | .. | objects | select(.service? == "domain")] | length) >= 1' \
		"$BATS_TEST_TMPDIR/watch"
}

@test "watch, piped, prints plainly and ends by itself or by a signal" {
	world_open
	portclass attach dev eth0
	[[ $(portclass watch dev eth0 interval 1 count 1) != *$'\e'* ]]
	run -0 on_host timeout --preserve-status --signal=INT 2 "$PORTCLASS" watch dev eth0 interval 1
}

@test "help -j is the table of commands" {
	run -0 "$PORTCLASS" -j help
	jq -e '.commands | map(.name) | index("registry check") and index("agent")' <<<"$output"
	jq -e '.commands[] | select(.name == "attach") | .arguments[] | select(.keyword == "dev") |
		.required and (.repeatable | not) and .value == "IFACE"' <<<"$output"
	jq -e '.commands[] | select(.name == "show") | .arguments[] | select(.keyword == "by") |
		.choices == ["packets", "bytes", "port"]' <<<"$output"
	jq -e '.options | map(.letter) | index("j")' <<<"$output"
	[ "$(jq -r '.commands[].name' <<<"$output")" = "$("$PORTCLASS" help words | grep -v ^- | cut -f 1)" ]
	run -0 "$PORTCLASS" -j help registry diff
	jq -e '.name == "registry diff" and (.arguments | length) == 2' <<<"$output"
}

@test "agent and clean fail in JSON, too" {
	run -1 --separate-stderr "$PORTCLASS" -j agent nonsense
	jq -e '.error.status == 1 and (.error.message | contains("nonsense"))' <<<"$output"
	run -1 --separate-stderr "$PORTCLASS" -j agent config /nonexistent
	jq -e '.error.status == 1 and (.error.message | contains("/nonexistent"))' <<<"$output"
	run -6 --separate-stderr "$PORTCLASS" -j agent check overlay /nonexistent
	jq -e '.error.status == 6' <<<"$output"
	run -1 --separate-stderr "$PORTCLASS" -j clean nonsense
	jq -e '.error.status == 1' <<<"$output"
}

@test "a name is found in any case, in any locale" {
	local locales=$BATS_TEST_TMPDIR/locales

	mkdir "$locales"
	for charset in UTF-8 ISO-8859-9; do
		localedef -i tr_TR -f "$charset" "$locales/tr_TR.$charset" 2>/dev/null ||
			skip "no Turkish locale can be made here (Debian package locales)"
		LOCPATH=$locales LC_ALL=tr_TR.$charset run -0 plain -j lookup IMAP
		jq -e 'map(select(.service == "imap" and .first == 143)) | length > 0' <<<"$output"
		LOCPATH=$locales LC_ALL=tr_TR.$charset run -0 plain -j lookup DIScard
		jq -e 'length > 0' <<<"$output"
	done
}
