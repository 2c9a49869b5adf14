// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The dashed options, taken out of the command line. What they mean to a command is that
 * command's.
 */
#include <getopt.h>
#include <stddef.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "cli/options.h"

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

/* What every program has by that name. */
static const struct option long_options[] = {
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

/* false: there is none such. */
static bool set(struct options *options, int letter)
{
	for (size_t i = 0; i < OPTIONS_COUNT; i++) {
		if (table[i].letter != letter)
			continue;
		*(bool *)((char *)options + table[i].offset) = true;
		return true;
	}
	return false;
}

static bool is_long_option(const char *name)
{
	for (const struct option *option = long_options; option->name; option++)
		if (strcmp(option->name, name) == 0)
			return true;
	return false;
}

/* Any other --keyword is the keyword: a word, and no option that is not known. */
static void undash(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (strncmp(argv[i], "--", 2) == 0 && !is_long_option(argv[i] + 2))
			argv[i] += 2;
}

int options_parse(struct options *options, int argc, char **argv)
{
	char letters[OPTIONS_COUNT + 1] = "";
	int letter, unknown = 0;

	for (size_t i = 0; i < OPTIONS_COUNT; i++)
		letters[i] = table[i].letter;
	undash(argc, argv);
	opterr = 0;
	while ((letter = getopt_long(argc, argv, letters, long_options, NULL)) != -1)
		if (!set(options, letter) && !unknown)
			unknown = optopt;
	options->json |= options->pretty;
	log_set_json(options->json);
	log_set_verbose(options->verbose);
	if (unknown)
		return log_say(OUTCOME_USAGE, "-%c is no option (try: portclass help)", unknown);
	return optind;
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

void options_write_json(struct json *json)
{
	for (size_t i = 0; i < OPTIONS_COUNT; i++) {
		const char letter[] = { table[i].letter, '\0' };

		json_open_object(json, NULL);
		json_string(json, "letter", letter);
		json_string(json, "help", table[i].help);
		json_close_object(json);
	}
}
