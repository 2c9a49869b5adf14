// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass detach: take the classifier and its counters away.
 */
#include <stddef.h>

#include "cli/command.h"
#include "kernel/datapath.h"
#include "kernel/ifindex.h"

struct detach {
	const char *interface;
};

static const struct argument arguments[] = {
	{ ARGUMENT_WORD, "dev", "IFACE", "the interface, or a name as list shows it",
	  .offset = offsetof(struct detach, interface), .required = true },
	{ .kind = ARGUMENT_END },
};

static int run(const struct options *options, int argc, char **argv)
{
	struct detach detach = { 0 };
	char interface[IF_NAMESIZE];
	int err = arguments_parse(cmd_detach.name, arguments, argc, argv, &detach);

	(void)options;
	return err ? err : datapath_detach(ifindex_real_name(interface, detach.interface));
}

const struct command cmd_detach = {
	.name = "detach",
	.help = "stop, and forget the counters",
	.arguments = arguments,
	.run = run,
};
