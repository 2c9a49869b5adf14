/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The commands: one cmd_*.c and one line of the table in command.c each.
 */
#ifndef PORTCLASS_COMMAND_H
#define PORTCLASS_COMMAND_H

#include "base/arguments.h"
#include "cli/options.h"

struct command {
	const char *name; /* "show", "registry check" */
	const char *help;
	const struct argument *arguments; /* ends with ARGUMENT_END */
	/* The words behind the name. Returns 0, an outcome or -errno, said (see log.h). */
	int (*run)(const struct options *options, int argc, char **argv);
};

extern const struct command cmd_attach, cmd_reload, cmd_detach, cmd_list, cmd_show, cmd_watch,
	cmd_lookup, cmd_registry_check, cmd_registry_stats, cmd_registry_diff, cmd_agent,
	cmd_agent_check, cmd_clean, cmd_help;

/* Every command in the order of the help, NULL at the end. */
extern const struct command *const commands[];

/*
 * The command that the first words name, the longest name, and how many words its name takes.
 * NULL: there is none such.
 */
const struct command *command_find(int argc, char **argv, int *words);

/* Say that the words name no command; returns OUTCOME_USAGE. */
int command_refuse(int argc, char **argv);

#endif
