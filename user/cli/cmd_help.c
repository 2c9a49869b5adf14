// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * help: what the command table says, for people and for shells.
 */
#include <errno.h>

#include "cli/command.h"
#include "base/json.h"
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

static void write_rows_json(struct json *json, const struct argument *rows)
{
	const char *choice;

	json_open_array(json, "arguments");
	for (const struct argument *row = rows; row->kind != ARGUMENT_END; row++) {
		json_open_object(json, NULL);
		json_string_or_null(json, "keyword", row->keyword ? row->keyword : "");
		json_string_or_null(json, "value", row->value ? row->value : "");
		json_string(json, "help", row->help);
		json_boolean(json, "required", row->required);
		json_boolean(json, "repeatable", row->kind == ARGUMENT_WORDS);
		json_boolean(json, "alternative", row->alternative);
		json_open_array(json, "choices");
		for (unsigned int i = 0; (choice = argument_choice(row, i)); i++)
			json_string(json, NULL, choice);
		json_close_array(json);
		json_close_object(json);
	}
	json_close_array(json);
}

static void write_command_json(struct json *json, const struct command *command)
{
	json_open_object(json, NULL);
	json_string(json, "name", command->name);
	json_string(json, "help", command->help);
	write_rows_json(json, command->arguments);
	json_close_object(json);
}

/* The one command that was asked for, or everything there is. */
static void write_json(const struct command *command, bool pretty)
{
	struct json json;

	json_begin(&json, stdout, pretty);
	if (command) {
		write_command_json(&json, command);
	} else {
		json_open_object(&json, NULL);
		json_open_array(&json, "options");
		options_write_json(&json);
		json_close_array(&json);
		json_open_array(&json, "commands");
		for (const struct command *const *each = commands; *each; each++)
			write_command_json(&json, *each);
		json_close_array(&json);
		json_close_object(&json);
	}
	json_end(&json);
}

static int run(const struct options *options, int argc, char **argv)
{
	struct values values = { 0 };
	const struct command *command = NULL;
	int used, err = arguments_parse(cmd_help.name, arguments, argc, argv, &values);
	int count = (int)values.command.count;
	char **names = (char **)values.command.words;

	if (err)
		return err;
	if (count)
		command = command_find(count, names, &used);
	if (count && !command)
		return command_refuse(count, names);
	if (options->json)
		write_json(command, options->pretty);
	else if (values.words)
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
