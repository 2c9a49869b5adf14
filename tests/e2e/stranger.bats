#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Whoever adds a way to see frames, or a way to print, writes one row and one file. Each is
# done here to a copy of the tree, which is then built.

load helper

setup() {
	tree=$BATS_TEST_TMPDIR/tree
	mkdir "$tree"
	git -C "$ROOT" ls-files -z --cached --others --exclude-standard |
		(cd "$ROOT" && xargs -0 cp --parents -t "$tree" 2>/dev/null) || true
	# What has been built of the original serves: nothing but what changes is built again.
	mkdir "$tree/build"
	(cd "$ROOT/build" && find . -maxdepth 1 -type f -size -4M -o -path './user/*' -o -path './registry/*' \
		-o -path './tools/*') | (cd "$ROOT/build" && xargs cp -a --parents -t "$tree/build" 2>/dev/null) || true
	find "$tree" -path "$tree/build" -prune -o -type f -exec touch -r "$ROOT/LICENSE" {} +
}

# files_changed: those that differ from the original's.
files_changed() {
	diff -rq -x build -x .git "$ROOT" "$tree" | grep -v ': __pycache__$' | sort
}

built() {
	cd "$tree" || return
	env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -s build/portclass
	"$tree/tests/include_rules.py"
}

@test "an output is a row and a file" {
	sed -i 's/^\(#define OUTPUTS(output) .*\)$/\1 output(dummy)/' "$tree/user/print/output.h"
	cat >"$tree/user/print/dummy.c" <<-'END'
	// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
	#include "print/output.h"

	static int write_report(FILE *to, const struct report *report,
				const struct format_options *options)
	{
		(void)options;
		return fprintf(to, "%zu\n", report->count) < 0;
	}

	const struct output output_dummy = { "dummy", "text/plain", write_report };
	END
	[ "$(files_changed | wc -l)" = 2 ]
	built
	nm "$tree/build/portclass" | grep -q ' output_dummy$'
}
