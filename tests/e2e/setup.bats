#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# tools/setup.sh where it has nothing to do, and where it can do nothing.

load helper

# A machine with a shell and little else; the files named are put there too.
bare_machine() {
	mkdir "$BATS_TEST_TMPDIR/bin"
	for tool in bash cat cut id xargs; do
		ln -s "$(command -v "$tool")" "$BATS_TEST_TMPDIR/bin"
	done
}

on_bare_machine() {
	env PATH="$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/bin/bash" "$ROOT/tools/setup.sh" "$@"
}

stand_in() {
	rm -f "$BATS_TEST_TMPDIR/bin/$1"
	printf '#!%s\n%s\n' "$(command -v bash)" "$2" >"$BATS_TEST_TMPDIR/bin/$1"
	chmod +x "$BATS_TEST_TMPDIR/bin/$1"
}

@test "nothing is said and done where nothing is missing" {
	run -0 "$ROOT/tools/setup.sh" test
	[ -z "$output" ]
}

@test "without apt-get it says what to install" {
	bare_machine
	run -1 on_bare_machine build
	[[ $output == *gcc*compiles* && $output == *"no apt-get here"* ]]
	[[ $output != *bats* ]]
}

@test "without root it says what to run" {
	bare_machine
	stand_in id 'echo 1000'
	stand_in apt-get 'echo "apt-get must not run"'
	run -1 on_bare_machine build
	[[ $output == *"sudo tools/setup.sh build"* && $output == *"apt-get install -y "*gcc* ]]
	[[ $output != *"must not run"* ]]
}

@test "an unknown goal is refused" {
	run -1 "$ROOT/tools/setup.sh" everything
	[[ $output == usage:* ]]
}
