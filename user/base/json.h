/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * JSON (RFC 8259) written as it comes: nothing is kept but where in the document one is,
 * so nothing can fail but the file, which ferror(3) tells. Reading JSON is not done here.
 */
#ifndef PORTCLASS_JSON_H
#define PORTCLASS_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "abi.h"

/* Objects and arrays in each other, at most. */
#define JSON_DEPTH_MAX 31

struct json {
	FILE *to;    /* the caller's */
	bool pretty; /* indented, for eyes */
	unsigned int depth;
	uint32_t filled; /* a bit for each depth: something stands there already */
};

/* Begin a document, and end it with a line end. */
void json_begin(struct json *json, FILE *to, bool pretty);
void json_end(struct json *json);

/*
 * A value: as the member @key of the object that is open, or with @key NULL as an element
 * of the array that is open, or as the document.
 */
void json_open_object(struct json *json, const char *key);
void json_close_object(struct json *json);
void json_open_array(struct json *json, const char *key);
void json_close_array(struct json *json);
void json_null(struct json *json, const char *key);
void json_boolean(struct json *json, const char *key, bool value);
void json_number(struct json *json, const char *key, uint64_t number);

/* With three decimals. */
void json_decimal(struct json *json, const char *key, double number);

/* Whatever bytes it has: as text_show() shows it. */
void json_string(struct json *json, const char *key, const char *text);

/* The same, null where @text is empty. */
void json_string_or_null(struct json *json, const char *key, const char *text);

/* As lower-case hexadecimal digits. */
void json_hash(struct json *json, const char *key, const uint8_t hash[HASH_SIZE]);

/* An array of the words that blanks separate. */
void json_words(struct json *json, const char *key, const char *words);

#endif
