# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the tests use what is set here
#
# The end-to-end tests' helper (helper.bash) in a virtual machine: the host is the
# guest itself, which vanishes with all that it has, the peer a namespace of it. And
# tests in TAP, without bats, which takes too long to start where all is emulated.

bats_require_minimum_version() { :; }
BATS_TEST_DIRNAME=/job/tests/e2e
BATS_TEST_TMPDIR=/tmp
mkdir -p "$BATS_TEST_DIRNAME"
# shellcheck source=tests/e2e/helper.bash
. /job/helper.bash
PORTCLASS=/job/portclass
OBJECT=/job/portclass.bpf.o
export NO_COLOR=1

on_host() { "$@"; }
on_peer() { ip netns exec peer "$@"; }

# The entry that this kernel takes.
entry() {
	if grep -q bpf_xdp_get_buff_len /proc/kallsyms; then echo classify; else echo classify_linear; fi
}

# run [-N] COMMAND...: as that of bats.
run() {
	local wanted=

	case $1 in -[0-9]*) wanted=${1#-}; shift ;; esac
	status=0
	output=$("$@" 2>&1) || status=$?
	[ -z "$wanted" ] || [ "$status" = "$wanted" ]
}

# send_udp PORT COUNT [ADDRESS]
send_udp() {
	on_peer /job/send udp "${3:-192.0.2.1}" "$1" "$2"
}

tests=0

# In a test: the reason why it can't be run here.
skip() {
	echo "$1" >/tmp/skipped
	exit 77
}

# A test: a name, and a command that fails with it. What it says is shown then.
check() {
	local name=$1 status

	shift
	tests=$((tests + 1))
	(set -euo pipefail; "$@") >/tmp/said 2>&1
	status=$?
	if [ $status = 0 ]; then
		echo "ok $tests - $name"
	elif [ $status = 77 ]; then
		echo "ok $tests - $name # SKIP $(cat /tmp/skipped)"
	else
		echo "not ok $tests - $name"
		sed 's/^/# /' /tmp/said
	fi
	[ -z "${VM_TIMES:-}" ] || echo "# $(cut -d' ' -f1 /proc/uptime) s"
}

# The tests of a cmocka program as tests of ours.
check_program() {
	local line before='' name

	while read -r line; do
		name=${line#*[0-9] - }
		case $line in
		'not ok '*'# SKIP '*)
			tests=$((tests + 1))
			echo "ok $tests - ${line#*# SKIP } # SKIP $before" ;;
		'ok '* | 'not ok '*)
			tests=$((tests + 1))
			echo "${line%%ok *}ok $tests - $name" ;;
		'#'*) echo "$line" ;;
		esac
		before=$line
	done < <(CMOCKA_MESSAGE_OUTPUT=TAP "$@" 2>&1)
	[ -z "${VM_TIMES:-}" ] || echo "# $(cut -d' ' -f1 /proc/uptime) s"
}

# What is told beside the results, not judged.
note() {
	echo "# note: $*"
}

finish() {
	echo "1..$tests"
}
