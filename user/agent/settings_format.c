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
	else if (row->kind == ARGUMENT_CHOICE)
		snprintf(text, size, "%s", row->choice(*number));
	else if (row->kind == ARGUMENT_PORTS)
		snprintf(text, size, "%u-%u", ports->first, ports->last);
}

void settings_write(FILE *to, const struct settings *settings)
{
	char text[PATH_MAX];

	/* The first row names the file itself. */
	for (const struct argument *row = settings_arguments + 1; row->keyword; row++) {
		const void *field = field_of(settings, row);
		const struct words *words = field;

		if (row->kind == ARGUMENT_FLAG && *(const bool *)field)
			fprintf(to, "%s\n", row->keyword);
		for (size_t i = 0; row->kind == ARGUMENT_WORDS && i < words->count; i++)
			fprintf(to, "%s %s\n", row->keyword, words->words[i]);
		write_value(text, sizeof(text), row, field);
		if (text[0])
			fprintf(to, "%s %s\n", row->keyword, text);
	}
}

static struct json_object *list(const struct words *words)
{
	struct json_object *array = json_new_array();

	for (size_t i = 0; i < words->count; i++)
		json_append_string(array, words->words[i]);
	return array;
}

struct json_object *settings_json(const struct settings *settings)
{
	struct json_object *object = json_new_object();
	char text[PATH_MAX];

	for (const struct argument *row = settings_arguments + 1; row->keyword; row++) {
		const void *field = field_of(settings, row);

		write_value(text, sizeof(text), row, field);
		if (row->kind == ARGUMENT_FLAG)
			json_add_boolean(object, row->keyword, *(const bool *)field);
		else if (row->kind == ARGUMENT_WORDS)
			json_add(object, row->keyword, list(field));
		else if (row->kind == ARGUMENT_NUMBER)
			json_add_number(object, row->keyword, *(const unsigned int *)field);
		else
			json_add_string_or_null(object, row->keyword, text);
	}
	return object;
}
