// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Settings as a configuration file has them, and as JSON: the table says how. Reading
 * them back is settings.c's.
 */
#include <string.h>

#include "base/json.h"
#include "agent/settings.h"

static const void *field_of(const struct settings *settings, const struct argument *row)
{
	return (const char *)settings + row->offset;
}

/* What stands behind the keyword; empty: the setting has no value. */
static void write_value(char *text, size_t size, const struct argument *row, const void *field)
{
	const struct port_range *ports = field;
	const char *const *word = field;
	const unsigned int *number = field;

	text[0] = '\0';
	if (row->kind == ARGUMENT_WORD && *word)
		snprintf(text, size, "%s", *word);
	else if (row->kind == ARGUMENT_NUMBER)
		snprintf(text, size, "%u", *number);
	else if (row->kind == ARGUMENT_CHOICE && row->choice(*number))
		snprintf(text, size, "%s", row->choice(*number));
	else if (row->kind == ARGUMENT_PORTS)
		snprintf(text, size, "%u-%u", ports->first, ports->last);
}

void settings_write(FILE *to, const struct settings *settings)
{
	char text[PATH_MAX] = "";

	/* The first row names the file itself. */
	for (const struct argument *row = settings_arguments + 1; row->keyword; row++) {
		const void *field = field_of(settings, row);
		const struct words *words = field;

		if (row->kind == ARGUMENT_FLAG && *(const bool *)field)
			fprintf(to, "%s\n", row->keyword);
		for (size_t i = 0; row->kind == ARGUMENT_WORDS && i < words->count; i++)
			fprintf(to, "%s %s\n", row->keyword, words->words[i]);
		if (row->alternative && text[0])
			continue; /* the row above has a word for it */
		write_value(text, sizeof(text), row, field);
		if (text[0])
			fprintf(to, "%s %s\n", row->keyword, text);
	}
}

static void write_list(struct json *json, const char *key, const struct words *words)
{
	json_open_array(json, key);
	for (size_t i = 0; i < words->count; i++)
		json_string(json, NULL, words->words[i]);
	json_close_array(json);
}

void settings_json(FILE *to, const struct settings *settings, bool pretty)
{
	char text[PATH_MAX];
	struct json json;

	json_begin(&json, to, pretty);
	json_open_object(&json, NULL);
	for (const struct argument *row = settings_arguments + 1; row->keyword; row++) {
		const void *field = field_of(settings, row);

		write_value(text, sizeof(text), row, field);
		if (row->kind == ARGUMENT_FLAG)
			json_boolean(&json, row->keyword, *(const bool *)field);
		else if (row->kind == ARGUMENT_WORDS)
			write_list(&json, row->keyword, field);
		else if (row->kind == ARGUMENT_NUMBER)
			json_number(&json, row->keyword, *(const unsigned int *)field);
		else
			json_string_or_null(&json, row->keyword, text);
	}
	json_close_object(&json);
	json_end(&json);
}
