// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What stands before a value follows from where it stands. That objects hold members
 * and are closed again is the caller's business.
 */
#include "base/json.h"

#include <inttypes.h>
#include <string.h>

#include "text.h"

#define INDENTATION 2

static void break_line(const struct json *json)
{
	if (json->pretty)
		fprintf(json->to, "\n%*s", (int)json->depth * INDENTATION, "");
}

/* A text as it is shown, with what JSON wants escaped of that; @end is behind it. */
static void write_text(FILE *to, const char *text, const char *end)
{
	char shown[TEXT_NEXT_SIZE];

	putc('"', to);
	while (text < end) {
		text_show_next(shown, &text);
		for (const char *at = shown; *at; at++) {
			if (*at == '"' || *at == '\\')
				putc('\\', to);
			putc(*at, to);
		}
	}
	putc('"', to);
}

/* The comma and the key that stand before a value. */
static void place(struct json *json, const char *key)
{
	if (json->filled >> json->depth & 1)
		putc(',', json->to);
	json->filled |= (uint32_t)1 << json->depth;
	if (json->depth)
		break_line(json);
	if (!key)
		return;
	write_text(json->to, key, key + strlen(key));
	fputs(json->pretty ? ": " : ":", json->to);
}

void json_begin(struct json *json, FILE *to, bool pretty)
{
	*json = (struct json){ .to = to, .pretty = pretty };
}

void json_end(struct json *json)
{
	putc('\n', json->to);
}

static void open_level(struct json *json, const char *key, char bracket)
{
	place(json, key);
	putc(bracket, json->to);
	json->depth++;
	json->filled &= ~((uint32_t)1 << json->depth);
}

static void close_level(struct json *json, char bracket)
{
	bool filled = json->filled >> json->depth & 1;

	json->depth--;
	if (filled)
		break_line(json);
	putc(bracket, json->to);
}

void json_open_object(struct json *json, const char *key)
{
	open_level(json, key, '{');
}

void json_close_object(struct json *json)
{
	close_level(json, '}');
}

void json_open_array(struct json *json, const char *key)
{
	open_level(json, key, '[');
}

void json_close_array(struct json *json)
{
	close_level(json, ']');
}

void json_null(struct json *json, const char *key)
{
	place(json, key);
	fputs("null", json->to);
}

void json_boolean(struct json *json, const char *key, bool value)
{
	place(json, key);
	fputs(value ? "true" : "false", json->to);
}

void json_number(struct json *json, const char *key, uint64_t number)
{
	place(json, key);
	fprintf(json->to, "%" PRIu64, number);
}

void json_decimal(struct json *json, const char *key, double number)
{
	place(json, key);
	fprintf(json->to, "%.3f", number);
}

void json_string(struct json *json, const char *key, const char *text)
{
	place(json, key);
	write_text(json->to, text, text + strlen(text));
}

void json_string_or_null(struct json *json, const char *key, const char *text)
{
	if (*text)
		json_string(json, key, text);
	else
		json_null(json, key);
}

void json_hash(struct json *json, const char *key, const uint8_t hash[HASH_SIZE])
{
	char text[2 * HASH_SIZE + 1];

	for (size_t i = 0; i < HASH_SIZE; i++)
		snprintf(text + 2 * i, sizeof("00"), "%02x", hash[i]);
	json_string(json, key, text);
}

void json_words(struct json *json, const char *key, const char *words)
{
	json_open_array(json, key);
	for (words += strspn(words, " "); *words; words += strspn(words, " ")) {
		size_t size = strcspn(words, " ");

		place(json, NULL);
		write_text(json->to, words, words + size);
		words += size;
	}
	json_close_array(json);
}
