#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# How much of the pure code the unit tests reach, and that too little is refused.

load helper

@test "the unit tests reach what they are for" {
	cd "$ROOT"
	env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -s -j "${JOBS:-$(nproc)}" coverage
	chown -R --reference=. build/coverage
}

# summary LINES RUN: of a reader, beside a whole printer and a whole parser.
summary() {
	local file=$BATS_TEST_TMPDIR/summary

	jq -n --argjson total "$1" --argjson run "$2" '{files: [
		{filename: "registry/csv.c", line_total: $total, line_covered: $run},
		{filename: "bpf/parse.h", line_total: 1, line_covered: 1},
		{filename: "user/print/format_text.c", line_total: 1, line_covered: 1}]}' >"$file"
	echo "$file"
}

@test "less than the aim is refused" {
	run -0 "$ROOT/tests/coverage.py" "$(summary 100 95)"
	run -1 "$ROOT/tests/coverage.py" "$(summary 100 94)"
	[[ $output == *"below 95"* && $output == *registry/csv.c* ]]
}

@test "code that was not measured is refused" {
	echo '{"files": []}' >"$BATS_TEST_TMPDIR/none"
	run -1 "$ROOT/tests/coverage.py" "$BATS_TEST_TMPDIR/none"
}
