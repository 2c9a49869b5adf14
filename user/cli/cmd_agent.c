// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass agent: keep the classifier on a node's interfaces, and publish counts.
 */
#include "agent/agent.h"
#include "cli/command.h"

static int run(const struct options *options, int argc, char **argv)
{
	struct settings settings;
	int err = settings_open(&settings, cmd_agent.name, argc, argv);

	(void)options;
	if (err)
		return err;
	log_set_format(settings.log_format);
	err = agent_run(&settings);
	settings_close(&settings);
	return err;
}

const struct command cmd_agent = {
	.name = "agent",
	.help = "keep the classifier on a node's interfaces",
	.arguments = settings_arguments,
	.run = run,
};
