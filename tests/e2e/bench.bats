#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What `make bench` says is what was measured: the arithmetic of the report, and that
# every part runs, with each frame counted once. No figure of a real run is judged.

load helper

REPORT=$ROOT/tools/bench/report.py

# samples WHAT CONDITION SUBJECT VALUE...: one line for each value.
samples() {
	printf "$1\t$2\t$3\tns\t%s\n" "${@:4}"
}

frames() {
	samples frame zipf/1024 write-only 10 10 10 10 10
	samples frame zipf/1024 empty 20 20 20 20 20
	samples frame zipf/1024 parse_only 26 26 26 26 26
	samples frame zipf/1024 portclass 29 28 28 30 90
	samples frame zipf/1024 tutorial 100 100 100 100 100
}

@test "the report takes lower quartiles, and ratios of calls and of what is above empty" {
	frames | "$REPORT" "$BATS_TEST_TMPDIR/now.json" >"$BATS_TEST_TMPDIR/table"
	jq -e '.figures.frame["zipf/1024"].portclass |
		.samples == 5 and .least == 28 and .lower_quartile == 28 and .median == 29 and
		.upper_quartile == 30' "$BATS_TEST_TMPDIR/now.json"
	jq -e '[.aims[].ratio] == [18 / 16, 8 / 80]' "$BATS_TEST_TMPDIR/now.json"
	jq -e '[.aims[].reached] == [true, true]' "$BATS_TEST_TMPDIR/now.json"
	jq -e '.environment | .kernel != "" and .cpus > 0' "$BATS_TEST_TMPDIR/now.json"
	grep -q 'zipf/1024 .* 18.0 (+8.0)' "$BATS_TEST_TMPDIR/table"
}

@test "the report shows an earlier run beside this one, and a missed aim as missed" {
	frames | "$REPORT" "$BATS_TEST_TMPDIR/before.json" >/dev/null
	frames | sed 's/portclass\tns\t.*/portclass\tns\t40/' |
		"$REPORT" "$BATS_TEST_TMPDIR/now.json" "$BATS_TEST_TMPDIR/before.json" >"$BATS_TEST_TMPDIR/table"
	grep -q '1.8750 .*1.2500 .*missed .*1.1250' "$BATS_TEST_TMPDIR/table"
}

@test "the report refuses what is no sample, and a report that is none" {
	run "$REPORT" "$BATS_TEST_TMPDIR/now.json" <<<"frame zipf 1"
	[ "$status" = 1 ] && [[ $output == *"line 1 is no sample"* ]]
	run "$REPORT" "$BATS_TEST_TMPDIR/now.json" </dev/null
	[ "$status" = 1 ] && [[ $output == *"no samples"* ]]
	echo '{' >"$BATS_TEST_TMPDIR/bad.json"
	run bash -c "printf 'a\tb\tc\tns\t1\n' | '$REPORT' /dev/null '$BATS_TEST_TMPDIR/bad.json'"
	[ "$status" = 1 ] && [[ $output == *"bad.json"* ]]
}

# Each part ends with a failure of its own if a frame was counted not at all or twice.
@test "every frame that is driven or sent for a measurement is counted once" {
	need_root
	command -v xdp-filter nft tcpdump ethtool >/dev/null || skip "no rivals here to measure against"
	run "$ROOT/tools/bench/bench.sh" 1 packets cables maps
	echo "$output"
	[ "$status" = 0 ]
	for subject in empty parse_only portclass tutorial xdp-filter nft_set tcpdump snapshot; do
		grep -q "	$subject	" <<<"$output"
	done
}
