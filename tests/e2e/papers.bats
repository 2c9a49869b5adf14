#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What can be said against the papers without running anything.

load helper

targets_in() {
	sed -nE 's/^(.*`| *)(sudo )?make ([a-z0-9-]+).*/\3/p' "$1"
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
