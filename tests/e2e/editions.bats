#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2154 # bats sets some variables
#
# The formats in which IANA offers its registry lead to the same table.

load helper

setup() {
	iana=${PORTCLASS_SHARED:-$ROOT/../shared}/registry/iana-2026-02-13.csv
	[ -r "$iana" ] || skip "$iana is not there (PORTCLASS_SHARED says where else)"
}

@test "the page and the plain text say what the CSV says" {
	for format in html text; do
		python3 -B "$ROOT/tests/editions.py" "$format" "$iana" >"$BATS_TEST_TMPDIR/$format"
		run -0 --separate-stderr "$PORTCLASS" registry diff "$iana" "$BATS_TEST_TMPDIR/$format"
		echo "$format: $output $stderr"
		[ "$output" = '0 added, 0 removed, 0 changed' ]
		"$PORTCLASS" registry stats -j "$BATS_TEST_TMPDIR/$format" | jq -e --arg format "$format" \
			'.records == 14499 and .format == $format and .date == "2026-02-13"'
		"$PORTCLASS" registry check "$BATS_TEST_TMPDIR/$format" | grep -q 'records 14499, errors 0'
	done
}

# Line ends are no part of a format.
@test "CR, CR LF and LF in turn are line ends of every format" {
	for format in csv html text; do
		[ $format = csv ] && cp "$iana" "$BATS_TEST_TMPDIR/csv" ||
			python3 -B "$ROOT/tests/editions.py" "$format" "$iana" >"$BATS_TEST_TMPDIR/$format"
		tr -d '\r' <"$BATS_TEST_TMPDIR/$format" | tr '\n' '\r' >"$BATS_TEST_TMPDIR/cr"
		tr -d '\r' <"$BATS_TEST_TMPDIR/$format" |
			awk '{ printf "%s%s", $0, NR % 3 ? (NR % 3 == 1 ? "\r" : "\r\n") : "\n" }' \
				>"$BATS_TEST_TMPDIR/mixed"
		for file in cr mixed; do
			run -0 --separate-stderr "$PORTCLASS" registry diff "$iana" "$BATS_TEST_TMPDIR/$file"
			[ "$output" = '0 added, 0 removed, 0 changed' ]
		done
	done
}
