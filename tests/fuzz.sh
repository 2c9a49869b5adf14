#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Run fuzz targets under libFuzzer, two at a time where there are CPUs for it, and
# say in TAP how each fared. An input that fails is kept below build/fuzz/crashes.
#
# usage: tests/fuzz.sh [SECONDS [DIRECTORY [TARGET...]]]
#        (of each target; where inputs worth keeping are gathered; without, three seconds,
#        nowhere, all of them)
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

seconds=${1:-3}
keep=${2:-}
shift $(($# < 2 ? $# : 2))
targets=("$@")
if [ ${#targets[@]} = 0 ]; then
	for source in tests/fuzz/fuzz_*.c; do
		target=${source##*/fuzz_}
		targets+=("${target%.c}")
	done
fi
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
crashes=build/fuzz/crashes
mkdir -p "$crashes"

# Where inputs of a target come from besides its own directory: formats have theirs.
seeds_of() {
	local target=$1 seeds=$results/$1.seeds

	mkdir -p "$seeds"
	case $target in
	parse | kernel) build/fuzz/frame_seeds "$seeds" ;;
	resolution) cp tests/fuzz/corpus/port_table/* "$seeds" ;;
	registry) cp --backup=numbered tests/fuzz/corpus/{csv,xml,html,services,table,text}/* "$seeds" ;;
	esac
	echo "$seeds"
	for directory in "tests/fuzz/corpus/$target" "tests/fuzz/crashes/$target"; do
		[ ! -d "$directory" ] || echo "$directory"
	done
}

# The words of its format; of any format for whoever tells them apart.
words_of() {
	local formats=("$1") format

	[ "$1" != registry ] || formats=(csv xml html services table text)
	[ "$1" != resolution ] || formats=(port_table)
	for format in "${formats[@]}"; do
		cat "tests/fuzz/$format.dict" 2>/dev/null
	done
}

run_target() {
	local target=$1 gathered=${keep:-$results/gathered}/$1 options=() seeds

	mkdir -p "$gathered"
	mapfile -t seeds <<<"$(seeds_of "$target")"
	words_of "$target" >"$results/$target.dict"
	[ ! -s "$results/$target.dict" ] || options+=("-dict=$results/$target.dict")
	nice "build/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=1024 \
		-max_len=4096 -print_final_stats=1 -artifact_prefix="$crashes/$target-" \
		"${options[@]}" "$gathered" "${seeds[@]}" >"$results/$target" 2>&1
	echo $? >"$results/$target.status"
}

# The last number that follows a word in what a target said.
number() {
	sed -n "s/.*$2 *\([0-9]*\).*/\1/p" "$results/$1" | tail -n 1
}

# One line of TAP: report NUMBER TARGET
report() {
	local target=$2 status figures

	status=$(<"$results/$target.status")
	if [ "$status" = 69 ]; then
		echo "ok $1 - fuzz $target # SKIP $(grep -v '^INFO' "$results/$target" | head -n 1)"
		return
	fi
	figures=$(printf '%-10s %9s executions %7s/s %6s edges' "$target" \
		"$(number "$target" stat::number_of_executed_units:)" \
		"$(number "$target" stat::average_exec_per_sec:)" "$(number "$target" ' cov:')")
	if [ "$status" = 0 ]; then
		echo "ok $1 - fuzz $figures"
		return
	fi
	grep -av '^#[0-9]\|^INFO\|^stat::\|^0x' "$results/$target" | sed 's/^/# /' | tail -n 40
	echo "# the input: $(sed -n 's/.*Test unit written to //p' "$results/$target")"
	echo "not ok $1 - fuzz $figures"
	failed=1
}

failed=0
if [ ! -x "build/fuzz/fuzz_${targets[0]}" ]; then
	echo "1..1"
	echo "ok 1 - fuzz # SKIP no libFuzzer here (Debian has it in libclang-rt-14-dev)"
	exit 0
fi
echo "1..${#targets[@]}"
jobs=$(($(nproc) < 2 ? 1 : 2))
for ((i = 0; i < ${#targets[@]}; i += jobs)); do
	for target in "${targets[@]:i:jobs}"; do
		run_target "$target" &
	done
	wait
	for ((j = i; j < i + jobs && j < ${#targets[@]}; j++)); do
		report $((j + 1)) "${targets[j]}"
	done
done
exit "$failed"
