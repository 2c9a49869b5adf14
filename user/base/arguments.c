// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Parse and describe the words behind a command, both from its one table.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "base/arguments.h"
#include "base/log.h"

#define MILLISECONDS 1000
#define WORDS_WIDTH  26 /* of the column before the help */

struct parser {
	struct arguments_source *source;
	char **argv;
	int argc;
	int next; /* word of argv to look at */
	char *values;
};

static bool is_end(const struct argument *argument)
{
	return argument->kind == ARGUMENT_END;
}

const char *argument_choice(const struct argument *argument, unsigned int index)
{
	if (!argument->choice || index >= argument->choices)
		return NULL;
	return argument->choice(index);
}

static void write_choices(FILE *to, const struct argument *argument, const char *separator)
{
	const char *name;

	for (unsigned int i = 0; (name = argument_choice(argument, i)); i++)
		fprintf(to, "%s%s", i ? separator : "", name);
}

static void write_value(FILE *to, const struct argument *argument)
{
	if (argument->kind == ARGUMENT_CHOICE)
		write_choices(to, argument, "|");
	else if (argument->value)
		fputs(argument->value, to);
}

/* "limit N", "all", "FILE" */
static void write_argument(FILE *to, const struct argument *argument)
{
	if (argument->keyword)
		fputs(argument->keyword, to);
	if (argument->keyword && argument->kind != ARGUMENT_FLAG)
		fputc(' ', to);
	write_value(to, argument);
}

static void write_expected(FILE *to, const struct argument *argument)
{
	if (argument->kind == ARGUMENT_NUMBER)
		fprintf(to, "a number from %u to %u", argument->minimum, argument->maximum);
	else if (argument->kind == ARGUMENT_SECONDS)
		fprintf(to, "seconds from %g to %g", (double)argument->minimum / MILLISECONDS,
			(double)argument->maximum / MILLISECONDS);
	else if (argument->kind == ARGUMENT_PORTS)
		fputs("ports such as 80 or 6000-6063", to);
	else if (argument->expected)
		fputs(argument->expected, to);
	else if (argument->kind == ARGUMENT_WORDS)
		fprintf(to, "%s, at most %d times", argument->value, WORDS_MAX);
	else if (argument->choice)
		write_choices(to, argument, " | ");
	else
		fprintf(to, "%s", argument->value);
}

/* A command's usage line is said with it. */
__attribute__((format(printf, 2, 3))) static int refuse(const struct parser *parser,
							const char *format, ...)
{
	const struct arguments_source *source = parser->source;
	char message[512], usage[512] = "";
	FILE *to = source->is_command ? fmemopen(usage, sizeof(usage), "w") : NULL;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	if (to) {
		arguments_write_usage(to, source->name, source->arguments);
		fclose(to);
	}
	return log_say_usage(OUTCOME_USAGE, usage, "%s: %s", source->name, message);
}

/* @word is NULL where the words end too early. */
static int bad_value(const struct parser *parser, const struct argument *argument, const char *word)
{
	const char *keyword = argument->keyword ? argument->keyword : argument->value;
	char expected[256] = "";
	FILE *to = fmemopen(expected, sizeof(expected) - 1, "w");

	if (to) {
		write_expected(to, argument);
		fclose(to);
	}
	if (word)
		return refuse(parser, "%s \"%s\": expected %s", keyword, word, expected);
	return refuse(parser, "%s: expected %s behind it", keyword, expected);
}

static int unknown_word(const struct parser *parser, const char *word)
{
	char expected[256] = "";
	FILE *to = fmemopen(expected, sizeof(expected) - 1, "w");

	if (to) {
		const char *separator = "";

		for (const struct argument *row = parser->source->arguments; !is_end(row); row++) {
			if (!row->keyword)
				continue;
			fprintf(to, "%s%s", separator, row->keyword);
			separator = ", ";
		}
		fclose(to);
	}
	return refuse(parser, "\"%s\": expected %s", word,
		      expected[0] ? expected : "no more words");
}

/* Digits only: strtoul() takes signs and blanks too. */
static const char *parse_digits(const char *text, unsigned long *number)
{
	*number = 0;
	while (*text >= '0' && *text <= '9' && *number <= UINT_MAX)
		*number = *number * 10 + (unsigned long)(*text++ - '0');
	return text;
}

static bool parse_number(const char *word, const struct argument *argument, unsigned int *value)
{
	unsigned long number;

	if (!*word || *parse_digits(word, &number) || number < argument->minimum ||
	    number > argument->maximum)
		return false;
	*value = (unsigned int)number;
	return true;
}

static bool parse_seconds(const char *word, const struct argument *argument, unsigned int *value)
{
	unsigned long seconds, milliseconds = 0;
	const char *end = parse_digits(word, &seconds);
	bool digits = end != word;

	if (*end == '.') {
		end++;
		for (unsigned int unit = MILLISECONDS / 10; *end >= '0' && *end <= '9';
		     unit /= 10) {
			milliseconds += unit * (unsigned int)(*end++ - '0');
			digits = true;
		}
	}
	milliseconds += seconds * MILLISECONDS;
	if (*end || !digits || milliseconds < argument->minimum || milliseconds > argument->maximum)
		return false;
	*value = (unsigned int)milliseconds;
	return true;
}

static bool parse_choice(const char *word, const struct argument *argument, unsigned int *value)
{
	const char *name;

	for (unsigned int i = 0; (name = argument_choice(argument, i)); i++) {
		if (strcmp(name, word) == 0) {
			*value = i;
			return true;
		}
	}
	return false;
}

/* No word is empty, whatever it is. */
static bool is_word(const struct argument *argument, const char *word)
{
	return *word && (!argument->check || argument->check(word));
}

static bool append_word(const struct argument *argument, const char *word, struct words *words)
{
	if (words->count == WORDS_MAX || !is_word(argument, word))
		return false;
	words->words[words->count++] = word;
	return true;
}

static bool parse_word(const struct argument *argument, const char *word, const char **value)
{
	unsigned int index;

	*value = word;
	return is_word(argument, word) &&
	       (!argument->choice || parse_choice(word, argument, &index));
}

static bool parse_value(const struct argument *argument, const char *word, void *field)
{
	switch (argument->kind) {
	case ARGUMENT_WORD:
		return parse_word(argument, word, field);
	case ARGUMENT_WORDS:
		return append_word(argument, word, field);
	case ARGUMENT_NUMBER:
		return parse_number(word, argument, field);
	case ARGUMENT_SECONDS:
		return parse_seconds(word, argument, field);
	case ARGUMENT_CHOICE:
		return parse_choice(word, argument, field);
	case ARGUMENT_PORTS:
		return port_range_parse(field, word, strlen(word));
	case ARGUMENT_FLAG:
	case ARGUMENT_END:
		break;
	}
	return false;
}

static bool is_given(const struct parser *parser, const struct argument *argument)
{
	return parser->source->given >> (argument - parser->source->arguments) & 1;
}

/* The row whose keyword @word is, else the next one without a keyword; NULL: neither. */
static const struct argument *find_argument(const struct parser *parser, const char *word)
{
	const struct argument *positional = NULL;

	for (const struct argument *row = parser->source->arguments; !is_end(row); row++) {
		if (row->keyword && strcmp(row->keyword, word) == 0)
			return row;
		if (!row->keyword && !positional &&
		    (row->kind == ARGUMENT_WORDS || !is_given(parser, row)))
			positional = row;
	}
	return positional;
}

/* A row that can't go with one given before: itself, or its alternative. */
static const struct argument *find_rival(const struct parser *parser, const struct argument *row)
{
	if (is_given(parser, row) && row->kind != ARGUMENT_WORDS)
		return row;
	if (row->alternative && is_given(parser, row - 1))
		return row - 1;
	if (row[1].alternative && is_given(parser, row + 1))
		return row + 1;
	return NULL;
}

static int parse_next(struct parser *parser)
{
	const char *word = parser->argv[parser->next++];
	const struct argument *argument = find_argument(parser, word);
	const struct argument *rival = argument ? find_rival(parser, argument) : NULL;

	if (!argument)
		return unknown_word(parser, word);
	if (rival == argument)
		return refuse(parser, "%s can't be given more than once", word);
	if (rival)
		return refuse(parser, "%s can't be given together with %s", word, rival->keyword);
	if (argument->kind == ARGUMENT_WORDS && !is_given(parser, argument))
		((struct words *)(parser->values + argument->offset))->count = 0;
	parser->source->given |= 1ULL << (argument - parser->source->arguments);
	if (argument->kind == ARGUMENT_FLAG) {
		*(bool *)(parser->values + argument->offset) = true;
		return 0;
	}
	if (argument->keyword)
		word = parser->next < parser->argc ? parser->argv[parser->next++] : NULL;
	if (!word || !parse_value(argument, word, parser->values + argument->offset))
		return bad_value(parser, argument, word);
	return 0;
}

static int check_required(const struct parser *parser)
{
	for (const struct argument *row = parser->source->arguments; !is_end(row); row++) {
		if (row->required && !is_given(parser, row))
			return refuse(parser, "%s%s%s is missing", row->keyword ? row->keyword : "",
				      row->keyword ? " " : "", row->value);
	}
	return 0;
}

int arguments_parse(const char *name, const struct argument *arguments, int argc, char **argv,
		    void *values)
{
	struct arguments_source source = { arguments, name, .is_command = true };

	return arguments_parse_source(&source, argc, argv, values);
}

int arguments_parse_source(struct arguments_source *source, int argc, char **argv, void *values)
{
	struct parser parser = { .source = source, .argc = argc, .argv = argv, .values = values };
	int err = 0;

	while (!err && parser.next < parser.argc)
		err = parse_next(&parser);
	return err ? err : check_required(&parser);
}

void arguments_write_usage(FILE *to, const char *name, const struct argument *arguments)
{
	fprintf(to, "usage: portclass %s", name);
	for (const struct argument *row = arguments; !is_end(row); row++) {
		fputs(row->alternative ? " | " : " ", to);
		if (!row->required && !row->alternative)
			fputc('[', to);
		write_argument(to, row);
		if (!row->required && !row[1].alternative)
			fputc(']', to);
		if (row->kind == ARGUMENT_WORDS)
			fputs("...", to);
	}
}

void arguments_write_help(FILE *to, const struct argument *arguments)
{
	for (const struct argument *row = arguments; !is_end(row); row++) {
		char words[64] = "";
		FILE *text = fmemopen(words, sizeof(words) - 1, "w");

		if (!text)
			return;
		write_argument(text, row);
		fclose(text);
		if (strlen(words) <= WORDS_WIDTH)
			fprintf(to, "  %-*s %s\n", WORDS_WIDTH, words, row->help);
		else
			fprintf(to, "  %s\n  %*s %s\n", words, WORDS_WIDTH, "", row->help);
	}
}

void arguments_write_words(FILE *to, const struct argument *arguments)
{
	for (const struct argument *row = arguments; !is_end(row); row++) {
		fprintf(to, "%s\t", row->keyword ? row->keyword : "-");
		if (row->choice)
			write_choices(to, row, "|");
		else
			fputs(row->value ? row->value : "-", to);
		fprintf(to, "\t%s\n", row->help);
	}
}
