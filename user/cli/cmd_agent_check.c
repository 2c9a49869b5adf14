// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass agent check: whether the agent would take its settings and files, and
 * what they come to.
 */
#include "agent/settings.h"
#include "cli/command.h"

static int run(const struct options *options, int argc, char **argv)
{
	struct settings settings;
	struct table table = { 0 };
	int err = settings_open(&settings, cmd_agent_check.name, argc, argv);

	if (err)
		return err;
	err = table_open(&table, &settings.table);
	if (!err && options->json)
		settings_json(stdout, &settings, options->pretty);
	else if (!err)
		settings_write(stdout, &settings);
	table_close(&table);
	settings_close(&settings);
	return err;
}

const struct command cmd_agent_check = {
	.name = "agent check",
	.help = "check the agent's settings and files, and print them",
	.arguments = settings_arguments,
	.run = run,
};
