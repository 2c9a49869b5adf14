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

@test "a hook is a row and a file" {
	sed -i 's/^\(#define HOOKS(hook) .*\)$/\1 hook(dummy)/' "$tree/user/kernel/hook.h"
	cat >"$tree/user/kernel/hook_dummy.c" <<-'END'
	// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
	#include "kernel/hook.h"

	static int check(const char *interface, unsigned int ifindex)
	{
		return !interface || !ifindex;
	}

	static int attach(const struct hook *hook, unsigned int ifindex, int program)
	{
		return hook && ifindex ? program : -1;
	}

	static int explain(const struct hook *hook, const char *interface, unsigned int ifindex,
			   int program, int err)
	{
		return hook && interface && ifindex && program ? err : 0;
	}

	static int update(int link, int program, int old)
	{
		return link + program + old;
	}

	static int query(struct hook_place *place, const struct bpf_link_info *link)
	{
		return place && link ? 0 : -1;
	}

	static unsigned int ifindex(const struct bpf_link_info *link)
	{
		return !link;
	}

	const struct hook hook_dummy = {
		.name = "dummy", .direction = DIRECTION_RX, .link_type = 99, .check = check,
		.attach = attach, .explain = explain, .update = update, .ifindex = ifindex,
		.query = query
	};
	END
	[ "$(files_changed | wc -l)" = 2 ]
	built
	# Commands, completion and the agent's settings know it, by that row.
	"$tree/build/portclass" help words attach | grep -q $'^hook\txdp|generic|dummy\t'
	"$tree/build/portclass" help words attach | grep -q $'^mode\tnative|generic\t'
	[ "$("$tree/build/portclass" -j agent check hook dummy config /dev/null | jq -r .hook)" = dummy ]
	"$tree/build/portclass" agent check hook dummy config /dev/null | grep -qx 'hook dummy'
	"$tree/build/portclass" agent check hook xdp config /dev/null | grep -qx 'mode native'
}
