// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The dashed options.
 */
#include <errno.h>
#include <getopt.h>
#include <stddef.h>

#include "log.h"
#include "options.h"

static const struct {
	char letter;
	const char *help;
	size_t offset;
} table[] = {
	{ 'j', "JSON on stdout, failures too", offsetof(struct options, json) },
	{ 'p', "JSON, indented", offsetof(struct options, pretty) },
	{ 'n', "exact numbers, not 1.23M", offsetof(struct options, exact) },
	{ 'v', "say more on stderr, libbpf's words too", offsetof(struct options, verbose) },
	{ 'V', "print the version", offsetof(struct options, version) },
	{ 'h', "print help, of a command if one is named", offsetof(struct options, help) },
};

#define OPTIONS_COUNT (sizeof(table) / sizeof(table[0]))

static int set(struct options *options, int letter)
{
	for (size_t i = 0; i < OPTIONS_COUNT; i++) {
		if (table[i].letter != letter)
			continue;
		*(bool *)((char *)options + table[i].offset) = true;
		return 0;
	}
	return log_say(-EBADR, "-%c is no option (try: portclass help)", optopt);
}

int options_parse(struct options *options, int argc, char **argv)
{
	char letters[OPTIONS_COUNT + 1] = "";
	int letter, err = 0;

	for (size_t i = 0; i < OPTIONS_COUNT; i++)
		letters[i] = table[i].letter;
	opterr = 0;
	while (!err && (letter = getopt(argc, argv, letters)) != -1)
		err = set(options, letter);
	options->json |= options->pretty;
	return err ? err : optind;
}

void options_write_help(FILE *to)
{
	for (size_t i = 0; i < OPTIONS_COUNT; i++)
		fprintf(to, "  -%c  %s\n", table[i].letter, table[i].help);
}

void options_write_words(FILE *to)
{
	for (size_t i = 0; i < OPTIONS_COUNT; i++)
		fprintf(to, "-%c\t%s\n", table[i].letter, table[i].help);
}
