#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Whatever system call fails, once: a command ends with the right status and words, and
# leaves no harm. FAULTS=all makes each call of each command fail with each error that
# it can have; without it some of them do, the same ones each time.

load helper

setup() {
	need_root
	strace -f -o /dev/null true || skip "strace may not trace here"
	cd "$ROOT" || return
}

# survives SCENARIO EVERY: see tests/faults.py; without FAULTS=all each EVERY-th run only.
# All of them may take longer than a world of the helper's lasts.
survives() {
	# shellcheck disable=SC2016 # the shell inside expands it
	FAULTS_EVERY=$2 tools/world.sh sh -c '
		ip netns add peer && exec python3 -B tests/faults.py "$@"' sh \
		"$PORTCLASS" "$OBJECT" "$1" ${FAULTS:+"$FAULTS"}
}

@test "attach leaves nothing, or is whole" { survives attach 83; }

@test "attach with a table larger than the object's leaves nothing, or is whole" {
	survives attach-large 197
}

@test "attach does no harm to what is attached already" { survives attach-twice 37; }

@test "detach ends it, or leaves what the next one ends" { survives detach 47; }

@test "clean ends it, or leaves what the next one ends" { survives clean 59; }

@test "reload loses no count, and the next one makes it good" { survives reload 83; }

@test "take-over leaves the other version as it is, or is whole" { survives take-over 83; }

@test "show tells the truth or fails" { survives show 61; }

@test "show of all tells the truth or fails" { survives show-all 61; }

@test "show of what bpftool attached tells the truth or fails" { survives show-pin 61; }

@test "list tells the truth or fails" { survives list 23; }

@test "watch tells the truth or fails" { survives watch 127; }

@test "lookup, registry stats and registry check tell the truth or fail" {
	survives lookup 23
	survives stats 23
	survives check 23
}

@test "the agent ends, or attaches in the end" { survives agent 211; }
