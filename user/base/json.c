// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * JSON objects built and written. json-c ends the program if anything is added to an
 * object for which there was no memory, and writes what it has room for.
 */
#include "base/json.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static bool incomplete; /* what is being built */
static bool failed;

static struct json_object *note(struct json_object *made)
{
	incomplete |= !made;
	return made;
}

struct json_object *json_new_object(void)
{
	return note(json_object_new_object());
}

struct json_object *json_new_array(void)
{
	return note(json_object_new_array());
}

void json_add(struct json_object *object, const char *key, struct json_object *value)
{
	if (object && !json_object_object_add(object, key, value))
		return;
	incomplete = true;
	json_object_put(value);
}

void json_append(struct json_object *array, struct json_object *value)
{
	if (array && !json_object_array_add(array, value))
		return;
	incomplete = true;
	json_object_put(value);
}

static bool is_ascii(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!isascii(text[i]))
			return false;
	return true;
}

/* Names can hold any byte, JSON is UTF-8. */
static struct json_object *new_string(const char *text, size_t size)
{
	struct json_object *string;
	char *copy;

	if (is_ascii(text, size))
		return note(json_object_new_string_len(text, (int)size));
	copy = strndup(text, size);
	if (!copy)
		return note(NULL);
	text_defuse(copy);
	string = note(json_object_new_string(copy));
	free(copy);
	return string;
}

void json_append_string(struct json_object *array, const char *text)
{
	json_append(array, new_string(text, strlen(text)));
}

void json_add_string(struct json_object *object, const char *key, const char *text)
{
	json_add(object, key, new_string(text, strlen(text)));
}

void json_add_boolean(struct json_object *object, const char *key, bool value)
{
	json_add(object, key, note(json_object_new_boolean(value)));
}

void json_add_number(struct json_object *object, const char *key, uint64_t number)
{
	json_add(object, key, note(json_object_new_uint64(number)));
}

void json_add_decimal(struct json_object *object, const char *key, double number)
{
	static char format[] = "%.3f";
	struct json_object *decimal = note(json_object_new_double(number));

	if (decimal)
		json_object_set_serializer(decimal, json_object_double_to_json_string, format,
					   NULL);
	json_add(object, key, decimal);
}

void json_add_string_or_null(struct json_object *object, const char *key, const char *text)
{
	if (*text)
		json_add_string(object, key, text);
	else
		json_add(object, key, NULL);
}

void json_add_hash(struct json_object *object, const char *key, const uint8_t hash[HASH_SIZE])
{
	char text[2 * HASH_SIZE + 1];

	for (size_t i = 0; i < HASH_SIZE; i++)
		snprintf(text + 2 * i, sizeof("00"), "%02x", hash[i]);
	json_add_string(object, key, text);
}

void json_add_words(struct json_object *object, const char *key, const char *words)
{
	struct json_object *array = json_new_array();

	for (words += strspn(words, " "); *words; words += strspn(words, " ")) {
		size_t size = strcspn(words, " ");

		json_append(array, new_string(words, size));
		words += size;
	}
	json_add(object, key, array);
}

/*
 * Only errno tells that the text ends before the document does; but malloc() also leaves
 * it behind where it got memory elsewhere. The text keeps its room: then it fits at once.
 */
static const char *text_of(struct json_object *object, int flags)
{
	for (int tries = 0; !incomplete && tries < 3; tries++) {
		const char *text;

		errno = 0;
		text = json_object_to_json_string_ext(object, flags);
		if (errno != ENOMEM)
			return text;
	}
	return NULL;
}

bool json_write(FILE *to, struct json_object *object, bool pretty)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;
	const char *text;

	flags |=
		pretty ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED : JSON_C_TO_STRING_PLAIN;
	text = text_of(object, flags);
	if (text)
		fprintf(to, "%s\n", text);
	failed |= !text && to == stdout;
	json_object_put(object);
	incomplete = false;
	return text;
}

bool json_set_aside(void)
{
	bool before = incomplete;

	incomplete = false;
	return before;
}

void json_resume(bool before)
{
	incomplete = before;
}

bool json_failed(void)
{
	bool answer = failed;

	failed = false;
	return answer;
}
