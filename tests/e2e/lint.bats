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

# breaks_rule FILE INCLUDE: a tree of one file with one include is refused, and told of.
breaks_rule() {
	local tree=$BATS_TEST_TMPDIR/tree

	echo "$1 includes $2"
	rm -rf "$tree"
	mkdir -p "$tree/${1%/*}"
	echo "#include $2" >"$tree/$1"
	run -1 python3 "$ROOT/tests/include_rules.py" "$tree"
	[[ $output == "$1: includes ${2//\"/};"* ]]
}

@test "who includes what it may not is refused" {
	breaks_rule bpf/abi.h '<stdint.h>'
	breaks_rule bpf/abi.h '"maps.h"'
	breaks_rule bpf/parse.h '"maps.h"'
	breaks_rule registry/csv.c '"log.h"'
	breaks_rule registry/port_table.c '<bpf/libbpf.h>'
	breaks_rule user/table.c '"reader.h"'
	breaks_rule user/datapath.c '"portclass.skel.h"'
	breaks_rule user/keeper.c '"program.h"'
	breaks_rule user/keeper.c '"swap.h"'
	breaks_rule user/pins.c '"xdp_slot.h"'
	breaks_rule user/cmd_show.c '<bpf/bpf.h>'
	breaks_rule user/cmd_attach.c '"program.h"'
	for printer in format_text format_json metrics sheet; do
		breaks_rule "user/$printer.c" '"pins.h"'
		breaks_rule "user/$printer.c" '"datapath.h"'
		breaks_rule "user/$printer.c" '<bpf/bpf.h>'
	done
	for server in http http_server scrape series; do
		breaks_rule "user/$server.c" '"datapath.h"'
	done
	breaks_rule tools/btf_header.c '"pins.h"'
	breaks_rule user/main.c '"cmd_show.h"'
	breaks_rule tests/test_csv.c '"csv.c"'
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
