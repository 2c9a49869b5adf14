#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What can be said against man page, scripts and papers without running them.

load helper

@test "the man page is clean" {
	run -0 mandoc -T lint -W warning "$ROOT/docs/portclass.8"
	[ -z "$output" ]
}

@test "shell scripts are clean" {
	cd "$ROOT"
	shellcheck -x tools/*.sh tools/*/*.sh tests/run.sh .ci/run tests/e2e/helper.bash tests/e2e/*.bats
	bash -n docs/completion/portclass.bash
}

@test "every source file names its licence in its first lines" {
	cd "$ROOT"
	find bpf registry user tools tests -regextype egrep \
		-regex '.*\.(c|h|sh|py|bats|bash|services)' >"$BATS_TEST_TMPDIR/files"
	for file in Makefile .ci/run $(cat "$BATS_TEST_TMPDIR/files"); do
		echo "$file"
		head -n 3 "$file" | grep -q 'SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only'
	done
}

targets_in() {
	sed -nE 's/^(.*`| *)(sudo )?make ([a-z-]+).*/\3/p' "$1"
}

@test "every file and every make target that the papers name is there" {
	cd "$ROOT"
	for paper in README.md CONTRIBUTING.md ARCHITECTURE.md; do
		[ -s "$paper" ]
		for path in $(grep -oE '\]\([^)#:]+\)' "$paper" | tr -d '])('); do
			echo "$paper: $path"
			[ -e "$path" ]
		done
		for target in $(targets_in "$paper"); do
			echo "$paper: make $target"
			env -u MAKEFLAGS make -n "$target" FROM=FILE >/dev/null
		done
	done
}
