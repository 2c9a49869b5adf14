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

static void write_escaped(FILE *to, unsigned char byte)
{
	static const char escapes[] = { ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
					['\t'] = 't', ['"'] = '"',  ['\\'] = '\\' };

	if (byte < sizeof(escapes) && escapes[byte])
		fprintf(to, "\\%c", escapes[byte]);
	else
		fprintf(to, "\\u%04x", byte);
}

/* How many bytes stand at @text that need no change. */
static size_t plain_size(const char *text, size_t size)
{
	size_t used = 0;

	while (used < size) {
		unsigned char byte = (unsigned char)text[used];
		size_t character = text_character_size(text + used);

		if (!character || byte < ' ' || byte == 0x7f || byte == '"' || byte == '\\' ||
		    (byte == 0xc2 && (unsigned char)text[used + 1] < 0xa0))
			break;
		used += character;
	}
	return used;
}

/* @text has no NUL before @size. */
static void write_text(FILE *to, const char *text, size_t size)
{
	putc('"', to);
	while (size) {
		size_t step = plain_size(text, size);

		fwrite(text, 1, step, to);
		text += step;
		size -= step;
		if (!size)
			break;
		step = text_character_size(text);
		if (step == 1)
			write_escaped(to, (unsigned char)*text);
		else if (step == 2)
			write_escaped(to, (unsigned char)text[1]); /* of U+0080 to U+009f */
		else
			putc('?', to);
		step = step ? step : 1;
		text += step;
		size -= step;
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
	write_text(json->to, key, strlen(key));
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
	write_text(json->to, text, strlen(text));
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
		write_text(json->to, words, size);
		words += size;
	}
	json_close_array(json);
}
