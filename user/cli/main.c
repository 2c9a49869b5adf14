// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass: take the options, find the command, turn its outcome into a status.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "base/log.h"

static int run_command(const struct options *options, int argc, char **argv)
{
	int words;
	const struct command *command = command_find(argc, argv, &words);

	if (argc == 0)
		return log_say(OUTCOME_USAGE, "no command is given (try: portclass help)");
	if (!command)
		return command_refuse(argc, argv);
	return command->run(options, argc - words, argv + words);
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	int words = options_parse(&options, argc, argv);

	if (words < 0)
		return words;
	if (options.version)
		return printf("portclass %s\n", VERSION) < 0 ? -errno : 0;
	if (options.help)
		return cmd_help.run(&options, argc - words, argv + words);
	return run_command(&options, argc - words, argv + words);
}

/*
 * Why what was printed is lost. A write that failed long ago has lost its errno: one
 * more line end, behind output that is broken anyway, fails alike.
 */
static int output_error(void)
{
	bool failed = ferror(stdout);

	if (fflush(stdout))
		return errno;
	if (!failed)
		return 0;
	return putchar('\n') == EOF || fflush(stdout) ? errno : EIO;
}

/* A full disk shows only here; who closed the pipe wants no words. */
static enum exit_status close_output(enum exit_status status)
{
	int error = output_error();

	if (!error)
		return status;
	if (error != EPIPE)
		fprintf(stderr, "portclass: can't write to standard output: %s\n", strerror(error));
	return status == EXIT_DONE ? EXIT_REFUSED : status;
}

int main(int argc, char **argv)
{
	int err;

	err = run(argc, argv);
	return (int)close_output(log_exit_status(err));
}
