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

/*
 * NULL: there is no memory. Whatever is added to it is dropped, and the document that
 * lacks it is not written, so building one takes no checks.
 */
struct json_object *json_new_object(void);
struct json_object *json_new_array(void);

/* Add a member, or an element; @value is taken over, NULL is null. */
void json_add(struct json_object *object, const char *key, struct json_object *value);
void json_append(struct json_object *array, struct json_object *value);
void json_append_string(struct json_object *array, const char *text);

/* Add a member; the strings are copied, and made UTF-8 where they are not. */
void json_add_boolean(struct json_object *object, const char *key, bool value);
void json_add_string(struct json_object *object, const char *key, const char *text);
void json_add_number(struct json_object *object, const char *key, uint64_t number);
void json_add_decimal(struct json_object *object, const char *key, double number);

/* The same, null where @text is empty. */
void json_add_string_or_null(struct json_object *object, const char *key, const char *text);

/* As lower-case hexadecimal digits. */
void json_add_hash(struct json_object *object, const char *key, const uint8_t hash[HASH_SIZE]);

/* An array of the words that blanks separate. */
void json_add_words(struct json_object *object, const char *key, const char *words);

/*
 * Write it on one line, or with @pretty indented, and release it. false: there was not
 * the memory for all of it, and nothing was written.
 */
bool json_write(FILE *to, struct json_object *object, bool pretty);

/* Begin another document before one that is being built is written, or instead of it. */
bool json_set_aside(void);
void json_resume(bool before);

/* Whether a document was not written to stdout since this was asked last. */
bool json_failed(void);

#endif
