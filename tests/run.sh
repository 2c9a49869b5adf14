#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Run test programs and sum up what they said: unit tests (cmocka) and end-to-end
# tests (bats) alike, both in TAP. Fails if a test failed, did not run though it
# was announced, if something is left on the machine, or if no test was executed at all.
# V=1 shows every line. A program is told of when it ends; every ten seconds (PROGRESS)
# at most, those that take longer are, too.
#
# Where namespaces can be made, all of it runs in a world of its own (world.sh).
#
# usage: tests/run.sh PROGRAM|FILE.bats...
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

world=()
if [ "${1:-}" = in-world ]; then
	results=$2
	shift 2
	world=(tools/world.sh)
else
	results=$(mktemp -d)
	trap 'rm -rf "$results"' EXIT
	# The machine's directories, which stay behind descriptors: a world has its own.
	bpf=/sys/fs/bpf run=/run
	[ -r $bpf ] || bpf=/dev/null
	exec {MACHINE_BPF}<$bpf {MACHINE_RUN}<$run
	export MACHINE_BPF MACHINE_RUN
	# A test that runs tests sees what others beside it make: the outermost run tells of those.
	export NESTED=${WITHIN_RUN:-} WITHIN_RUN=1
	if unshare --net --mount --pid --fork --propagation unchanged true 2>/dev/null; then
		tools/world.sh tests/run.sh in-world "$results" "$@" &
		trap 'kill $!; wait $!; exit 130' INT TERM HUP
		wait $!
		exit
	fi
fi
export TMPDIR=$results/tmp
mkdir "$TMPDIR"
mkfifo "$results/ended"
exec {ended}<>"$results/ended"

# What tests may have made outside of their worlds, where nobody else makes much.
on_machine() (
	bpf=/proc/self/fd/$MACHINE_BPF run=/proc/self/fd/$MACHINE_RUN
	export LC_ALL=C
	shopt -s nullglob
	{
		printf '%s\n' ~/.cache* ~/.cache/* ~/.config* ~/.config/* ~/.pki* ~/.local* ~/.local/share/*
		[ -n "$NESTED" ] || printf '%s\n' "$bpf"/portclass* "$run"/netns/peer \
			/tmp/portclass-*-?????? /var/lib/containers*
		[ -n "$NESTED" ] || find /sys/fs/cgroup -type d \
			\( -name '*portclass*' -o -name libpod_parent \) 2>/dev/null
	} | sed "s|^$bpf/|/sys/fs/bpf/|; s|^$run/|/run/|" | sort
)

# What is there now and was not before; what is in our own directory goes with it. (That of
# a bats which something still wrote to is of no interest.)
left_behind() {
	LC_ALL=C comm -13 "$results/before" <(on_machine)
	find "$TMPDIR" -mindepth 1 -maxdepth 1 ! -name 'bats-run-*'
}

run() {
	exec {ended}>&- {MACHINE_BPF}<&- {MACHINE_RUN}<&-
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

# What it says comes under its final name when it has ended, and that is told.
run_and_judge() {
	local name=$1 status verdicts output

	verdicts=$results/$name.verdicts
	output=$results/$name.output
	(run "$2") >"$output"
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
	} >"$results/$name.said"
	echo "$name" >&"$ended"
}

# Wait until a program has ended or it is time to tell of those that run.
await_end() {
	local name

	if read -r -t "$PROGRESS" -u "$ended" name; then
		cat "$results/$name.said"
		unset "since[$name]"
	elif [ -z "$(jobs -rp)" ]; then # which can't be: one was killed
		for name in "${!since[@]}"; do
			[ -e "$results/$name.said" ] || echo "failed it was killed" >"$results/$name.verdicts"
		done
		since=()
	fi
	[ $((SECONDS - told)) -lt "$PROGRESS" ] || tell_progress
}

# One line for all: how many tests have ended, of how many if that was announced. The same
# is told again only after a minute.
tell_progress() {
	local name line='' ended_tests planned

	for name in "${!since[@]}"; do
		[ $((SECONDS - since[$name])) -ge "$PROGRESS" ] || continue
		ended_tests=$(grep -cE '^(not )?ok ' "$results/$name.output")
		planned=$(sed -n 's/^1\.\.\([0-9]*\)$/ of \1/p;T;q' "$results/$name.output")
		line+="${line:+, }$name: $ended_tests$planned"
	done
	if [ -n "$line" ] && { [ "$line" != "$last_line" ] || [ $((SECONDS - told)) -ge 60 ]; }; then
		echo "  after $SECONDS s, $line"
		told=$SECONDS
		last_line=$line
	fi
}

PROGRESS=${PROGRESS:-10}
most=${JOBS:-$(($(nproc) * 2))}
declare -A since=() # when each that runs began, by name
told=$SECONDS
last_line=
on_machine >"$results/before"
for program; do
	while [ ${#since[@]} -ge "$most" ]; do
		await_end
	done
	name=$(basename "$program")
	since[$name]=$SECONDS
	run_and_judge "$name" "$program" &
done
while [ ${#since[@]} -gt 0 ]; do
	await_end
done
left_behind | sed 's/^/failed left on the machine: /' >"$results/leftovers.verdicts"
list skipped skipped
list failed FAILED
failed=$(count failed)
passed=$(count passed)
echo "$passed passed, $failed failed, $(count skipped) skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
