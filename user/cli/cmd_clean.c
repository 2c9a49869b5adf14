// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass clean: take away everything of this network namespace, and whatever
 * is left of interfaces and namespaces that are gone.
 */
#include "cli/command.h"
#include "kernel/datapath.h"
#include "base/log.h"
#include "kernel/netns.h"

static const struct argument arguments[] = {
	{ .kind = ARGUMENT_END },
};

/* Here, made here and moved elsewhere since, or gone. */
static bool is_ours(const struct attachment *attachment)
{
	return attachment->here || !attachment->ifindex || attachment->netns == netns_inode();
}

static int clean(const struct attachment *attachment, void *context)
{
	int *failed = context, err = 0;

	if (is_ours(attachment))
		err = datapath_detach_pins(attachment);
	else
		log_debug("%s is of another network namespace: left alone", attachment->directory);
	*failed = err ? err : *failed;
	return 0;
}

static int run(const struct options *options, int argc, char **argv)
{
	int err = arguments_parse(cmd_clean.name, arguments, argc, argv, NULL), failed = 0;

	(void)options;
	if (!err)
		err = attachments_visit(clean, &failed);
	return err ? err : failed;
}

const struct command cmd_clean = {
	.name = "clean",
	.help = "detach everything here, and remove what is left of what is gone",
	.arguments = arguments,
	.run = run,
};
