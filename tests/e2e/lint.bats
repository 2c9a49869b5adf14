#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The gates of `make lint`: the tree passes them, and what they are for does not.
# shellcheck disable=SC2030,SC2031 # bats sets output

load helper

@test "the tree passes every gate" {
	cd "$ROOT"
	env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -s -j "${JOBS:-$(nproc)}" lint-checks
	chown -R --reference=. build/lint build/tools
}

# breaks_rule FILE INCLUDED: a tree of one file, which includes another that is there, is
# refused, and told of.
breaks_rule() {
	local tree=$BATS_TEST_TMPDIR/tree included=${2//[\"<>]/} way=$2

	echo "$1 includes $2"
	rm -rf "$tree"
	mkdir -p "$tree/${1%/*}" "$tree/${included%/*}"
	[[ $2 == \<* ]] || { : >"$tree/$included"; way="\"${included#user/}\""; included=${2//\"/}; }
	[[ $2 != \<* ]] || included=$2
	echo "#include $way" >"$tree/$1"
	run -1 python3 "$ROOT/tests/include_rules.py" "$tree"
	[[ $output == "$1: includes $included"* ]]
}

@test "who includes what it may not is refused" {
	breaks_rule bpf/abi.h '<stdint.h>'
	breaks_rule bpf/parse.h '"user/base/log.h"'
	breaks_rule registry/csv.c '"user/base/log.h"'
	breaks_rule registry/port_table.c '<bpf/libbpf.h>'
	breaks_rule user/model/table.c '"registry/reader.h"'
	breaks_rule user/agent/keeper.c '"user/kernel/program.h"'
	breaks_rule user/cli/cmd_show.c '<bpf/bpf.h>'
	breaks_rule user/cli/cmd_attach.c '"user/kernel/swap.h"'
	breaks_rule tools/btf_header.c '"user/kernel/pins.h"'
	breaks_rule user/cli/main.c '"user/cli/cmd_show.h"'
	breaks_rule tests/test_csv.c '"registry/csv.c"'
}

@test "no layer includes one that stands behind it" {
	local layers=(base http model print kernel agent cli) lower upper

	for ((lower = 0; lower < ${#layers[@]}; lower++)); do
		for ((upper = lower + 1; upper < ${#layers[@]}; upper++)); do
			breaks_rule "user/${layers[lower]}/one.c" "\"user/${layers[upper]}/other.h\""
		done
	done
	breaks_rule user/http/server.c '"registry/text.h"'
	breaks_rule user/http/server.c '"bpf/abi.h"'
	breaks_rule user/kernel/pins.c '"user/print/text.h"'
	breaks_rule user/print/text.c '<bpf/bpf.h>'
}

@test "an include by way of another header counts too, and so does a circle" {
	local tree=$BATS_TEST_TMPDIR/tree

	mkdir -p "$tree/user/print" "$tree/user/base" "$tree/user/kernel"
	echo '#include "base/door.h"' >"$tree/user/print/text.c"
	echo '#include "kernel/pins.h"' >"$tree/user/base/door.h"
	: >"$tree/user/kernel/pins.h"
	run -1 python3 "$ROOT/tests/include_rules.py" "$tree"
	[[ $output == *"user/print/text.c: includes user/kernel/pins.h (by way of user/base/door.h)"* ]]
	echo '#include "base/window.h"' >"$tree/user/base/door.h"
	echo '#include "base/door.h"' >"$tree/user/base/window.h"
	run -1 python3 "$ROOT/tests/include_rules.py" "$tree"
	[[ $output == *"user/base/door.h: includes itself by way of user/base/window.h"* ]]
}

@test "a tree without a source file is refused" {
	run -1 python3 "$ROOT/tests/include_rules.py" "$BATS_TEST_TMPDIR"
	[[ $output == "no source file"* ]]
}

# written NAME LINES: a file with a function of so many lines.
written() {
	local file=$BATS_TEST_TMPDIR/$1

	{
		echo '/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */'
		printf 'static int long_one(void)\n{\n'
		yes '	;' | head -n "$2"
		echo '}'
	} >"$file"
	echo "$file"
}

@test "what is too long, has a name that says nothing or no licence is refused" {
	run -0 "$ROOT/tests/shape.sh" "$(written fine.c 60)"
	[ -z "$output" ]
	run -0 "$ROOT/tests/shape.sh" "$(written smell.c 61)"
	[[ $output == *"smell.c:3: long_one() has 61 lines: a smell"* ]]
	run -1 "$ROOT/tests/shape.sh" "$(written long.c 81)"
	[[ $output == *"long.c:3: long_one() has 81 lines, more than 80"* ]]
	run -1 "$ROOT/tests/shape.sh" "$(written huge.c 600)"
	[[ $output == *"huge.c: more than 600 lines"* ]]
	run -1 "$ROOT/tests/shape.sh" "$(written util.c 1)"
	[[ $output == *"util.c: one file, one noun"* ]]
	echo 'int x;' >"$BATS_TEST_TMPDIR/bare.c"
	run -1 "$ROOT/tests/shape.sh" "$BATS_TEST_TMPDIR/bare.c"
	[[ $output == *"bare.c: names no licence"* ]]
}
