#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Run test programs and sum up what they said: unit tests (cmocka) and end-to-end
# tests (bats) alike, both in TAP. Fails if a test failed, did not run though it
# was announced, or if no test was executed at all. V=1 shows every line.
#
# Where namespaces can be made, all of it runs in a world of its own (world.sh).
#
# usage: tests/run.sh PROGRAM|FILE.bats...
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

world=()
if [ "${1:-}" = in-world ]; then
	shift
	world=(tools/world.sh)
elif unshare --net --mount --pid --fork --propagation unchanged true 2>/dev/null; then
	exec tools/world.sh tests/run.sh in-world "$@"
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

run() {
	case $1 in
	*.bats) timeout --kill-after=10 600 "${world[@]}" bats --tap "$1" ;;
	*) CMOCKA_MESSAGE_OUTPUT=TAP timeout --kill-after=10 600 "${world[@]}" "$1" ;;
	esac </dev/null 2>&1
}

# From TAP to lines `passed|failed|skipped NAME`, one a test. A reason stands
# behind the directive (bats) or on the line before it (cmocka, which also says
# `not ok` to a skipped test).
judge() {
	awk -v status="$1" '
	function say(verdict, what) { print verdict, what; seen++; failed += verdict == "failed" }
	/^1\.\.[0-9]+$/ { planned += substr($0, 4); next }
	/^(not )?ok .*# (SKIP|skip)/ {
		what = $0; reason = $0
		sub(/^(not )?ok [0-9]+ (- )?/, "", what); sub(/ *# (SKIP|skip).*/, "", what)
		sub(/.*# (SKIP|skip) */, "", reason)
		if (what == "") { what = reason; reason = before; sub(/^SKIPPED: */, "", reason) }
		say("skipped", what ": " reason); next
	}
	/^(not )?ok [0-9]+ / {
		what = $0; sub(/^(not )?ok [0-9]+ (- )?/, "", what)
		say(/^ok/ ? "passed" : "failed", what); next
	}
	{ before = $0 }
	END {
		if (planned > seen) print "failed", planned - seen " announced tests did not run"
		else if (status != 0 && !failed) print "failed", "ended with status " status
		else if (!seen) print "failed", "ran no test"
	}'
}

count() {
	cat "$results"/*.verdicts 2>/dev/null | grep -c "^$1 "
}

# list VERDICT WORD: every test of a verdict, with its program and reason.
list() {
	(cd "$results" && grep -H "^$1 " -- *.verdicts 2>/dev/null) |
		sed "s/^\(.*\)\.verdicts:$1 /$2: \1: /"
}

# What it says comes under its final name when it has ended.
run_and_judge() {
	local name status verdicts output

	name=$(basename "$1")
	verdicts=$results/$name.verdicts
	output=$results/$name.output
	run "$1" >"$output"
	status=$?
	judge "$status" <"$output" >"$verdicts"
	{
		printf '%-28s %4d passed %4d failed %4d skipped\n' "$name" \
			"$(grep -c '^passed ' "$verdicts")" "$(grep -c '^failed ' "$verdicts")" \
			"$(grep -c '^skipped ' "$verdicts")"
		if [ "${V:-}" = 1 ]; then
			cat "$output"
		elif grep -q '^failed ' "$verdicts"; then
			grep -v '^ok ' "$output"
		fi
	} >"$results/$name.new"
	mv "$results/$name.new" "$results/$name.said"
}

# Of the programs in their order, print what those said that ended before any that runs.
print_ended() {
	local said

	while [ "$printed" -lt ${#programs[@]} ]; do
		said=$results/$(basename "${programs[printed]}").said
		[ -e "$said" ] || return
		cat "$said"
		printed=$((printed + 1))
	done
}

programs=("$@")
printed=0
running=0
for program in "${programs[@]}"; do
	if [ "$running" -ge "${JOBS:-$(($(nproc) * 2))}" ]; then
		wait -n
		print_ended
	else
		running=$((running + 1))
	fi
	run_and_judge "$program" &
done
while [ "$running" -gt 0 ]; do
	wait -n
	print_ended
	running=$((running - 1))
done
list skipped skipped
list failed FAILED
failed=$(count failed)
passed=$(count passed)
echo "$passed passed, $failed failed, $(count skipped) skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
