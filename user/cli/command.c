// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The table of commands: dispatch, usage, help and completion read it. It runs none.
 */
#include <string.h>

#include "cli/command.h"
#include "base/log.h"

const struct command *const commands[] = {
	&cmd_attach, &cmd_reload,      &cmd_detach,	    &cmd_list,		 &cmd_show,
	&cmd_watch,  &cmd_lookup,      &cmd_registry_check, &cmd_registry_stats, &cmd_registry_diff,
	&cmd_agent,  &cmd_agent_check, &cmd_clean,	    &cmd_help,		 NULL,
};

/* How many words of argv the name takes; 0: they are others. */
static int match(const char *name, int argc, char **argv)
{
	for (int words = 0; words < argc; words++) {
		size_t size = strlen(argv[words]);

		if (size == 0 || strncmp(name, argv[words], size) != 0)
			return 0;
		if (name[size] == '\0')
			return words + 1;
		if (name[size] != ' ')
			return 0;
		name += size + 1;
	}
	return 0;
}

const struct command *command_find(int argc, char **argv, int *words)
{
	const struct command *found = NULL;

	*words = 0;
	for (const struct command *const *command = commands; *command; command++) {
		int matched = match((*command)->name, argc, argv);

		if (matched > *words) {
			found = *command;
			*words = matched;
		}
	}
	return found;
}

/* Whether @word is the first of two that name a command. */
static bool begins_command(const char *word)
{
	size_t size = strlen(word);

	for (const struct command *const *command = commands; *command; command++)
		if (size && !strncmp((*command)->name, word, size) && (*command)->name[size] == ' ')
			return true;
	return false;
}

int command_refuse(int argc, char **argv)
{
	if (argc > 1 && begins_command(argv[0]))
		return log_say(OUTCOME_USAGE, "%s %s is no command (try: portclass help)", argv[0],
			       argv[1]);
	return log_say(OUTCOME_USAGE, "%s is no command (try: portclass help)", argv[0]);
}
