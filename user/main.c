// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass: take the options, find the command, turn its outcome into a status.
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>

#include "command.h"
#include "log.h"

static int run_command(const struct options *options, int argc, char **argv)
{
	int words;
	const struct command *command = command_find(argc, argv, &words);

	if (argc == 0)
		return log_say(-EBADR, "no command is given (try: portclass help)");
	if (!command)
		return log_say(-EBADR, "%s%s%s is no command (try: portclass help)", argv[0],
			       argc > 1 ? " " : "", argc > 1 ? argv[1] : "");
	return command->run(options, argc - words, argv + words);
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	int words = options_parse(&options, argc, argv);

	log_set_json(options.json);
	log_set_verbose(options.verbose);
	if (words < 0)
		return words;
	if (options.version)
		return printf("portclass %s\n", VERSION) < 0 ? -errno : 0;
	if (options.help)
		return cmd_help.run(&options, argc - words, argv + words);
	return run_command(&options, argc - words, argv + words);
}

/* A full disk shows only here; who closed the pipe wants no words. */
static enum exit_status close_output(enum exit_status status)
{
	bool failed = ferror(stdout);

	errno = EIO;
	if ((!fflush(stdout) && !failed) || status != EXIT_DONE)
		return status;
	if (errno != EPIPE)
		fprintf(stderr, "portclass: write to standard output: %m\n");
	return EXIT_REFUSED;
}

int main(int argc, char **argv)
{
	int err;

	setlocale(LC_CTYPE, "");
	err = run(argc, argv);
	return (int)close_output(log_exit_status(err));
}
