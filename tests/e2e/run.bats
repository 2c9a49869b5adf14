#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What tests/run.sh says of programs, and when.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir home
	mkfifo gate
	export HOME=$PWD/home V=0
}

# program NAME: a test program, its script from standard input.
program() {
	{ echo "#!/bin/sh"; cat; } >"$1"
	chmod +x "$1"
}

@test "a program is told of when it ends, one that takes longer on its way" {
	program long <<<"echo 1..2; echo 'ok 1 - one'; cat '$PWD/gate'; echo 'ok 2 - two'"
	program short <<<"echo 1..1; echo 'ok 1 - one'"
	JOBS=2 PROGRESS=1 "$ROOT/tests/run.sh" "$PWD/long" "$PWD/short" >said 3>&- &
	runner=$!
	eventually grep 'after .* s, long: 1 of 2$' said
	[[ "$(head -n 1 said)" =~ ^short\ +1\ passed\ +0\ failed\ +0\ skipped$ ]]
	echo >gate
	wait "$runner"
	grep -E '^long +2 passed +0 failed' said
	[ "$(tail -n 1 said)" = "3 passed, 0 failed, 0 skipped" ]
}

@test "failures, skipped tests and those that did not run are named in the end" {
	program bad <<<"echo 1..4; echo 'ok 1 - one # skip no moon'; echo 'not ok 2 - two'; echo '# why'"
	run -1 "$ROOT/tests/run.sh" "$PWD/bad"
	[[ $output == *$'\n# why\n'* ]]
	[[ $output == *"skipped: bad: one: no moon"* ]]
	[[ $output == *"FAILED: bad: two"*"FAILED: bad: 2 announced tests did not run"* ]]
	[ "${lines[-1]}" = "0 passed, 2 failed, 1 skipped" ]
}

@test "what is left in places that all share is a failure" {
	# shellcheck disable=SC2016 # the program expands them
	program leak <<<'echo 1..1; echo "ok 1 - one"; mkdir -p ~/.config/chromium; : >"$TMPDIR/file"'
	run -1 "$ROOT/tests/run.sh" "$PWD/leak"
	[[ $output == *"FAILED: leftovers: left on the machine: $HOME/.config/chromium"* ]]
	[[ $output =~ "FAILED: leftovers: left on the machine: "[^$'\n']*/file ]]
	[ "${lines[-1]}" = "1 passed, 3 failed, 0 skipped" ]
}
