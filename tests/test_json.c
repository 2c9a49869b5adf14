// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * JSON as it is written: whatever is put into it, a strict reader gets it back.
 */
#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "text.h"

/* What @write puts into a document, for free(). */
static char *document(void (*write)(struct json *json), bool pretty)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	struct json json;

	assert_non_null(to);
	json_begin(&json, to, pretty);
	write(&json);
	json_end(&json);
	assert_int_equal(json.depth, 0);
	fclose(to);
	return text;
}

static void check(void (*write)(struct json *json), bool pretty, const char *expected)
{
	char *text = document(write, pretty);

	assert_string_equal(text, expected);
	free(text);
}

static void write_everything(struct json *json)
{
	uint8_t hash[HASH_SIZE] = { 0x00, 0x0f, 0xff };

	json_open_object(json, NULL);
	json_string(json, "string", "text");
	json_string_or_null(json, "empty", "");
	json_null(json, "null");
	json_boolean(json, "yes", true);
	json_boolean(json, "no", false);
	json_number(json, "most", UINT64_MAX);
	json_decimal(json, "decimal", 2.0 / 3);
	json_open_array(json, "array");
	json_number(json, NULL, 0);
	json_open_object(json, NULL);
	json_close_object(json);
	json_open_array(json, NULL);
	json_close_array(json);
	json_close_array(json);
	json_words(json, "words", "  two words ");
	json_words(json, "none", "");
	json_hash(json, "hash", hash);
	json_close_object(json);
}

static void a_line_has_no_blanks(void **state)
{
	(void)state;
	check(write_everything, false,
	      "{\"string\":\"text\",\"empty\":null,\"null\":null,\"yes\":true,\"no\":false,"
	      "\"most\":18446744073709551615,\"decimal\":0.667,\"array\":[0,{},[]],"
	      "\"words\":[\"two\",\"words\"],\"none\":[],\"hash\":"
	      "\"000fff00000000000000000000000000"
	      "00000000000000000000000000000000\"}\n");
}

static void write_nested(struct json *json)
{
	json_open_array(json, NULL);
	json_open_object(json, NULL);
	json_open_array(json, "of");
	json_number(json, NULL, 1);
	json_number(json, NULL, 2);
	json_close_array(json);
	json_open_object(json, "in");
	json_close_object(json);
	json_close_object(json);
	json_close_array(json);
}

static void pretty_is_indented(void **state)
{
	(void)state;
	check(write_nested, true,
	      "[\n  {\n    \"of\": [\n      1,\n      2\n    ],\n    \"in\": {}\n  }\n]\n");
}

static void write_deepest(struct json *json)
{
	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		json_open_array(json, NULL);
	json_null(json, NULL);
	json_null(json, NULL);
	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		json_close_array(json);
	json_null(json, NULL);
}

static void every_depth_has_its_commas(void **state)
{
	char *text = document(write_deepest, false);

	(void)state;
	assert_non_null(strstr(text, "[null,null]"));
	assert_non_null(strstr(text, "],null\n"));
	free(text);
}

static const struct string {
	const char *name, *text, *written;
} strings[] = {
	{ "nothing", "", "" },
	{ "what has an escape of its own", "\"\\\b\f\n\r\t",
	  "\\\"\\\\\\\\x08\\\\x0c\\\\x0a\\\\x0d\\\\x09" },
	{ "other control characters", "\x01\x1b[0m\x7f", "\\\\x01\\\\x1b[0m\\\\x7f" },
	{ "a slash", "a/b", "a/b" },
	{ "characters of 2, 3 and 4 bytes", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7",
	  "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7" },
	{ "control characters of 2 bytes", "\xc2\x85", "\\\\xc2\\\\x85" },
	{ "no UTF-8", "a\xff\xc3(\xe2\x82", "a\\\\xff\\\\xc3(\\\\xe2\\\\x82" },
	{ "an overlong slash", "\xc0\xaf", "\\\\xc0\\\\xaf" },
	{ "half a surrogate pair", "\xed\xa0\x80", "\\\\xed\\\\xa0\\\\x80" },
	{ "a direction turned", "\xe2\x80\xae", "\\\\xe2\\\\x80\\\\xae" },
	{ "what looks like an escaped byte", "\\xff", "\\\\x5cxff" },
};

static const char *written;

static void write_string(struct json *json)
{
	json_string(json, NULL, written);
}

/* A reader takes everything, and what was shown says what it was. */
static void strings_come_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		struct json_tokener *tokener = json_tokener_new();
		struct json_object *back;
		char expected[64], read[64], *text;

		written = strings[i].text;
		text = document(write_string, false);
		snprintf(expected, sizeof(expected), "\"%s\"\n", strings[i].written);
		if (strcmp(text, expected))
			fail_msg("%s: %s", strings[i].name, text);
		json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8 |
							JSON_TOKENER_ALLOW_TRAILING_CHARS);
		back = json_tokener_parse_ex(tokener, text, (int)strlen(text));
		assert_int_equal(json_tokener_get_error(tokener), json_tokener_success);
		assert_true(text_read(read, sizeof(read), json_object_get_string(back)));
		assert_string_equal(read, strings[i].text);
		json_object_put(back);
		json_tokener_free(tokener);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_has_no_blanks),
		cmocka_unit_test(pretty_is_indented),
		cmocka_unit_test(every_depth_has_its_commas),
		cmocka_unit_test(strings_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
