#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2154 # agent.bash sets what is not set here
#
# Every command's memory: the whole program under ASan, UBSan and LeakSanitizer, and
# under valgrind, where errors in words are not enough: they end with a status of their own.

load helper
load agent

FOUND=99
SANITIZED=$ROOT/build/sanitized/portclass
export ASAN_OPTIONS=exitcode=$FOUND:detect_leaks=1 UBSAN_OPTIONS=exitcode=$FOUND
VALGRIND="valgrind -q --error-exitcode=$FOUND --leak-check=full
	--errors-for-leak-kinds=definite,indirect,possible --suppressions=tests/valgrind.supp"

setup() {
	[ -x "$SANITIZED" ] || skip "no build/sanitized/portclass (make check builds it)"
	world_open
	files=$BATS_TEST_TMPDIR
	printf 'one 2000/udp\ntwo 2001/tcp alias\n' >"$files/one"
	printf 'three 2000/udp\n\nfour 70-80/tcp\n' >"$files/two"
	printf 'bad row\n\xff 1/udp\n' >"$files/bad"
}
teardown() { world_close; }

# ends STATUS COMMAND...: under $tool, in each output format; with $once in one.
ends() {
	local want=$1 option

	shift
	for option in "" -j -pn; do
		# shellcheck disable=SC2086 # a tool and its options, an option or nothing
		run on_host timeout -k 1 60 $tool $option "$@"
		if [ "$status" != "$want" ] ||
			[[ $output == *Sanitizer* || $output == *"runtime error"* ]]; then
			echo "$tool $option $*: status $status: $output"
			return 1
		fi
		[ -z "${once:-}" ] || return 0
	done
}

# What changes nothing, and what is refused.
check_readers() {
	ends 0 lookup 443 53/udp https 6000-6063
	ends 3 lookup 443 no-such-name
	ends 0 lookup two registry "$files/one" overlay "$files/two"
	ends 1 lookup 99999
	ends 1 lookup
	ends 1 nonsense
	ends 0 help
	ends 0 help attach
	ends 0 help words
	ends 1 help nonsense
	ends 0 registry check "$files/one" "$files/two"
	ends 0 registry check overlay "$files/one"
	ends 6 registry check "$files/bad" "$files/none" "$ROOT/Makefile"
	ends 1 registry stats
	ends 0 registry stats "$files/one"
	ends 0 registry diff "$files/one" "$files/two"
	ends 6 registry diff "$files/one" "$files/bad"
	ends 0 agent check dev eth0
	ends 1 agent check nonsense
}

check_attached() {
	ends 0 show dev eth0
	ends 0 show dev eth0 all by port limit 3
	ends 0 show
	ends 0 show pin "$PINS/eth0"
	ends 0 list
	ends 0 watch dev eth0 interval 0.01 count 2
}

# What says no. (The peer's end is not attached.)
check_refusals() {
	ends 3 show dev lo
	ends 3 show dev none
	ends 3 show pin /nowhere
	ends 1 show pin
	ends 3 detach dev lo
	ends 3 attach dev none
	ends 6 attach dev lo registry "$files/bad"
	ends 3 reload dev lo
}

@test "no command has an error of memory, by ASan, UBSan and LeakSanitizer" {
	tool=$SANITIZED
	check_readers
	once=1
	ends 0 attach dev eth0 registry "$files/one"
	once=
	cable_raise
	send_udp 2000 5
	PORTCLASS=$SANITIZED conserved
	check_attached
	check_refusals
	ends 4 attach dev eth0
	ends 0 reload dev eth0 registry "$files/two"
	ends 6 reload dev eth0 registry "$files/bad"
	PORTCLASS=$SANITIZED conserved
	check_attached
	once=1
	ends 0 clean
	ends 0 attach dev eth0 mode generic count-by source
	ends 0 detach dev eth0
	once=
	ends 3 detach dev eth0
	ends 3 show
	ends 0 list
}

# What fails on its way, with everything behind it in use.
@test "nothing is touched that is not there where the system refuses, by the same" {
	on_host strace -f -o /dev/null true || skip "strace may not trace here"
	portclass attach dev eth0
	export ASAN_OPTIONS=exitcode=$FOUND:detect_leaks=0 # strace and LeakSanitizer both trace
	for command in "show dev eth0" list "reload dev eth0" "detach dev eth0" "attach dev eth0"; do
		for call in BPF_OBJ_GET bpf mkdir rename mmap sendto; do
			case $call in BPF_OBJ_GET) call=bpf when=1+7 ;; bpf) when=9+11 ;; *) when=2+2 ;; esac
			[ $call != mmap ] || when=400+1
			# shellcheck disable=SC2086 # words of a command
			run on_host timeout -k 1 60 strace -f -qq -o /dev/null -e trace=$call \
				-e inject=$call:error=ENOMEM:when=$when "$SANITIZED" $command
			echo "$command, $call: status $status: $output"
			[ "$status" -lt 7 ]
		done
	done
}

@test "the agent has no error of memory, by the same" {
	PORTCLASS=$SANITIZED listen=127.0.0.1:0 agent_start dev eth0 registry "$files/one" detach-on-exit
	port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' "$log")
	agent_says attached
	cable_raise
	send_udp 2000 5
	for path in / /metrics /healthz /readyz /api/v1/counters /api/v1/lookup?q=443 /none; do
		on_host curl -sS -o "$files/reply" "http://127.0.0.1:$port$path"
		on_host curl -sS -o "$files/reply" -H 'Accept: application/openmetrics-text' \
			"http://127.0.0.1:$port$path"
	done
	on_host bash -c "printf 'GARBAGE\r\n\r\n' >/dev/tcp/127.0.0.1/$port"
	cp "$files/two" "$files/one"
	agent_says "loaded anew"
	cp "$files/bad" "$files/one"
	agent_says "stays as it was"
	on_host curl -sS -o "$files/reply" "http://127.0.0.1:$port/metrics"
	agent_stop
	echo "status $status"
	cat "$log"
	[ "$status" = 0 ]
	[ "$(said Sanitizer)" = 0 ]
	nothing_is_pinned
}

@test "no command has an error of memory, by valgrind" {
	command -v valgrind >/dev/null || skip "no valgrind here"
	tool="$VALGRIND $PORTCLASS" once=1
	if [ "${FAULTS:-}" = all ]; then
		once=
		check_readers
		once=1
	fi
	portclass attach dev eth0
	ends 0 show dev eth0
	ends 0 lookup 443
	ends 3 show dev none
	ends 0 detach dev eth0
	[ "${FAULTS:-}" = all ] || return 0
	once=1
	ends 0 attach dev eth0 registry "$files/one"
	ends 0 reload dev eth0 registry "$files/two"
	once=
	check_attached
	check_refusals
	once=1
	ends 0 clean
}

# starve COMMAND...: with less address space than it needs, and then with more and more:
# until it has enough it ends with status 2 and words; 127 is the loader's.
starve() {
	# shellcheck disable=SC2016 # the shell inside expands them
	on_host bash -c '
		step=$1 && shift
		for ((kilobytes = 6000; kilobytes < 60000; kilobytes += step)); do
			said=$(prlimit --as=$((kilobytes * 1024)) timeout -k 1 20 "$@" 2>&1 >"$0")
			status=$?
			[ $status != 0 ] || exit 0
			[ $status != 2 ] || [[ $said == "portclass: "* ]] || grep -q "\"status\":2" "$0" ||
				status="$status, without words"
			[ "$status" = 2 ] || [ "$status" = 127 ] || {
				echo "${*:2}: $kilobytes KB: status $status: $said"
				exit 1
			}
		done
		echo "${*:2}: never enough" && exit 1' "$files/output" "$@"
}

# Address space is what the C library asks for; how much of it a command takes is its own affair.
@test "without enough memory every command says so, and does no harm" {
	[ "${FAULTS:-}" = all ] && step=100 || step=1300
	printf 'one 2000/udp\n' >"$files/one"
	starve "$step" "$PORTCLASS" attach dev eth0 registry "$files/one"
	cable_raise
	send_udp 2000 5
	conserved
	for command in "show dev eth0" "-j show dev eth0 all" "list" "-j list" "lookup 443" \
		"-j lookup 1-20000" "-j registry check $ROOT/registry/iana.csv" \
		"registry stats $ROOT/registry/iana.csv" "-j registry diff $files/one $files/two" \
		"reload dev eth0 overlay $files/two" "-j watch dev eth0 interval 0.01 count 1"; do
		# shellcheck disable=SC2086 # words of a command
		starve "$step" "$PORTCLASS" $command
	done
	conserved
	starve "$step" "$PORTCLASS" detach dev eth0
	slot_is_free
	nothing_is_pinned
}

@test "output that can't be written is a failure, with words, for every command that has some" {
	portclass attach dev eth0
	for command in "show dev eth0" show list "lookup 443" "registry stats $files/one" \
		"registry check $files/one" "registry diff $files/one $files/two" help "help words" \
		"watch dev eth0 interval 0.01" "agent check dev eth0" "-V"; do
		for option in "" -j -p; do
			# shellcheck disable=SC2016,SC2086 # the shell inside expands; words of a command
			run on_host timeout -k 1 20 sh -c 'exec "$@" >/dev/full' sh "$PORTCLASS" $option $command
			echo "$option $command: status $status: $output"
			[ "$status" = 2 ]
			[ "$output" = "portclass: can't write to standard output: No space left on device" ]
		done
	done
	portclass show dev eth0 -j | sums_to 0
}
