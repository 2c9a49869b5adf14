/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * JSON objects (json-c) built and written in one line per member.
 */
#ifndef PORTCLASS_JSON_H
#define PORTCLASS_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <json-c/json.h>

#include "abi.h"

/* Add a member; the strings are copied. */
void json_add_string(struct json_object *object, const char *key, const char *text);
void json_add_number(struct json_object *object, const char *key, uint64_t number);
void json_add_decimal(struct json_object *object, const char *key, double number);

/* The same, null where @text is empty. */
void json_add_string_or_null(struct json_object *object, const char *key, const char *text);

/* As lower-case hexadecimal digits. */
void json_add_hash(struct json_object *object, const char *key, const uint8_t hash[HASH_SIZE]);

/* An array of the words that blanks separate. */
void json_add_words(struct json_object *object, const char *key, const char *words);

/* Write it on one line, or with @pretty indented, and release it. */
void json_write(FILE *to, struct json_object *object, bool pretty);

#endif
