// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * JSON objects built and written.
 */
#include <string.h>

#include "json.h"

void json_add_string(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, json_object_new_string(text));
}

void json_add_number(struct json_object *object, const char *key, uint64_t number)
{
	json_object_object_add(object, key, json_object_new_uint64(number));
}

void json_add_decimal(struct json_object *object, const char *key, double number)
{
	static char format[] = "%.3f";
	struct json_object *decimal = json_object_new_double(number);

	json_object_set_serializer(decimal, json_object_double_to_json_string, format, NULL);
	json_object_object_add(object, key, decimal);
}

void json_add_string_or_null(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, *text ? json_object_new_string(text) : NULL);
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
	struct json_object *array = json_object_new_array();

	for (words += strspn(words, " "); *words; words += strspn(words, " ")) {
		size_t size = strcspn(words, " ");

		json_object_array_add(array, json_object_new_string_len(words, (int)size));
		words += size;
	}
	json_object_object_add(object, key, array);
}

void json_write(FILE *to, struct json_object *object, bool pretty)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;

	flags |=
		pretty ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED : JSON_C_TO_STRING_PLAIN;
	fprintf(to, "%s\n", json_object_to_json_string_ext(object, flags));
	json_object_put(object);
}
