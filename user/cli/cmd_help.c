// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * help: what the command table says, for people and for shells.
 */
#include <errno.h>

#include "cli/command.h"
#include "base/log.h"

struct values {
	bool words;
	struct words command;
};

static const struct argument arguments[] = {
	{ ARGUMENT_FLAG, "words", NULL, "as lines that completion reads",
	  .offset = offsetof(struct values, words) },
	{ ARGUMENT_WORDS, NULL, "COMMAND", "the command to explain; without: all of them",
	  .offset = offsetof(struct values, command) },
	{ .kind = ARGUMENT_END },
};

static void write_commands(void)
{
	puts("portclass: which services is this interface carrying?\n\n"
	     "usage: portclass [-jpnvVh] COMMAND [KEYWORD VALUE]...\n");
	for (const struct command *const *command = commands; *command; command++)
		printf("  %-16s %s\n", (*command)->name, (*command)->help);
	putchar('\n');
	options_write_help(stdout);
	puts("\n`portclass help COMMAND` lists its keywords; portclass(8) has it all.");
}

static void write_command(const struct command *command)
{
	arguments_write_usage(stdout, command->name, command->arguments);
	printf("\n\n%s\n%s", command->help, command->arguments->kind == ARGUMENT_END ? "" : "\n");
	arguments_write_help(stdout, command->arguments);
}

static void write_words(const struct command *command)
{
	if (command) {
		arguments_write_words(stdout, command->arguments);
		return;
	}
	for (const struct command *const *each = commands; *each; each++)
		printf("%s\t%s\n", (*each)->name, (*each)->help);
	options_write_words(stdout);
}

static int run(const struct options *options, int argc, char **argv)
{
	struct values values = { 0 };
	const struct command *command = NULL;
	int used, err = arguments_parse(cmd_help.name, arguments, argc, argv, &values);
	int count = (int)values.command.count;
	char **names = (char **)values.command.words;

	(void)options;
	if (err)
		return err;
	if (count)
		command = command_find(count, names, &used);
	if (count && !command)
		return command_refuse(count, names);
	if (values.words)
		write_words(command);
	else if (command)
		write_command(command);
	else
		write_commands();
	return 0;
}

const struct command cmd_help = {
	.name = "help",
	.help = "explain the commands",
	.arguments = arguments,
	.run = run,
};
