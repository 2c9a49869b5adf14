// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Text out of files that anybody may have written.
 */
#include "text.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define REPLACEMENT '?' /* as short as the shortest sequence it replaces */

/* The well-formed sequences by their first byte: Unicode, table 3-7. */
static const struct sequence {
	unsigned char first, last; /* range of the first byte */
	unsigned char second_first, second_last;
	size_t size;
} sequences[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static bool is_continuation(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

size_t text_character_size(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	const struct sequence *end = sequences + sizeof(sequences) / sizeof(*sequences);

	for (const struct sequence *s = sequences; s < end; s++) {
		if (at[0] < s->first || at[0] > s->last)
			continue;
		if (s->size > 1 && (at[1] < s->second_first || at[1] > s->second_last))
			return 0;
		for (size_t i = 2; i < s->size; i++)
			if (!is_continuation(at[i]))
				return 0;
		return s->size;
	}
	return 0;
}

/* What a terminal might obey: C0, DEL, C1. */
static bool is_control(const unsigned char *character, size_t size)
{
	if (size == 1)
		return character[0] < ' ' || character[0] == 0x7f;
	return size == 2 && character[0] == 0xc2 && character[1] < 0xa0;
}

static bool is_blank(const unsigned char *character, size_t size)
{
	return is_control(character, size) || (size == 1 && *character == ' ');
}

static uint32_t code_point(const unsigned char *character, size_t size)
{
	uint32_t code = size == 1 ? character[0] : character[0] & (0x7fU >> size);

	for (size_t i = 1; i < size; i++)
		code = code << 6 | (character[i] & 0x3f);
	return code;
}

/*
 * What has no shape of its own, and can make one text look like another, or turn its
 * direction: Unicode's format characters (Cf), separators of lines, fillers, private use and
 * what will never be a character.
 */
static bool is_invisible(const unsigned char *character, size_t size)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0xa0, 0xa0 },	       { 0xad, 0xad },	     { 0x34f, 0x34f },
		{ 0x600, 0x605 },      { 0x61c, 0x61c },     { 0x6dd, 0x6dd },
		{ 0x70f, 0x70f },      { 0x890, 0x891 },     { 0x8e2, 0x8e2 },
		{ 0x115f, 0x1160 },    { 0x1680, 0x1680 },   { 0x17b4, 0x17b5 },
		{ 0x180b, 0x180f },    { 0x2000, 0x200f },   { 0x2028, 0x202f },
		{ 0x205f, 0x206f },    { 0x2800, 0x2800 },   { 0x3000, 0x3000 },
		{ 0x3164, 0x3164 },    { 0xe000, 0xf8ff },   { 0xfdd0, 0xfdef },
		{ 0xfe00, 0xfe0f },    { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },
		{ 0xfff0, 0xffff },    { 0x110bd, 0x110bd }, { 0x110cd, 0x110cd },
		{ 0x13430, 0x1343f },  { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
		{ 0xe0000, 0x10ffff },
	};
	uint32_t code = code_point(character, size);

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

/* Write a character that is no blank to @to; returns how many bytes it takes there. */
typedef size_t write_character(char *to, const char *character, size_t size);

static size_t write_or_replace(char *to, const char *character, size_t size)
{
	if (!size || is_invisible((const unsigned char *)character, size)) {
		*to = REPLACEMENT;
		return 1;
	}
	memmove(to, character, size);
	return size;
}

static size_t write_as_it_is(char *to, const char *character, size_t size)
{
	size = size ? size : 1;
	memmove(to, character, size);
	return size;
}

static size_t tidy(char *to, const char *from, write_character *write)
{
	size_t length = 0;
	bool blank = false;

	while (*from) {
		size_t size = text_character_size(from);

		if (is_blank((const unsigned char *)from, size)) {
			blank = true;
		} else {
			if (blank && length)
				to[length++] = ' ';
			blank = false;
			length += write(to + length, from, size);
		}
		from += size ? size : 1;
	}
	to[length] = '\0';
	return length;
}

size_t text_tidy(char *to, const char *from)
{
	return tidy(to, from, write_or_replace);
}

size_t text_tidy_name(char *to, const char *from)
{
	return tidy(to, from, write_as_it_is);
}

/* The value of a hexadecimal digit; -1: it is none. */
static int digit_of(char character)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = character ? strchr(digits, tolower((unsigned char)character)) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The byte that stands escaped at @text, \x1b; -1: none does. */
static int escaped_byte(const char *text)
{
	if (text[0] != '\\' || text[1] != 'x' || digit_of(text[2]) < 0 || digit_of(text[3]) < 0)
		return -1;
	return digit_of(text[2]) * 16 + digit_of(text[3]);
}

size_t text_show_next(char shown[TEXT_NEXT_SIZE], const char **text)
{
	const unsigned char *at = (const unsigned char *)*text;
	size_t size = text_character_size(*text), length = 0;
	bool plain =
		size && !is_control(at, size) && !is_invisible(at, size) && escaped_byte(*text) < 0;

	size = size ? size : 1;
	for (size_t i = 0; i < size; i++) {
		if (plain)
			shown[length++] = (char)at[i];
		else
			length +=
				(size_t)snprintf(shown + length, sizeof("\\xff"), "\\x%02x", at[i]);
	}
	shown[length] = '\0';
	*text += size;
	return length;
}

char *text_show(char *to, size_t room, const char *from)
{
	char next[TEXT_NEXT_SIZE];
	size_t length = 0, size;

	while (*from && (size = text_show_next(next, &from)) < room - length) {
		memcpy(to + length, next, size);
		length += size;
	}
	to[length] = '\0';
	return to;
}

bool text_put(FILE *to, const char *text)
{
	char next[TEXT_NEXT_SIZE];

	while (*text) {
		text_show_next(next, &text);
		if (fputs(next, to) == EOF)
			return false;
	}
	return true;
}

bool text_read(char *to, size_t room, const char *shown)
{
	size_t length = 0;

	for (; *shown; length++) {
		int byte = escaped_byte(shown);

		if (length + 1 >= room || !byte)
			return false;
		to[length] = byte < 0 ? *shown : (char)byte;
		shown += byte < 0 ? 1 : strlen("\\xff");
	}
	to[length] = '\0';
	return true;
}

/* The number that the first two characters are, -1 if they are none. */
static int two_digits(const char *text)
{
	if (strspn(text, "0123456789") < 2)
		return -1;
	return (text[0] - '0') * 10 + (text[1] - '0');
}

bool text_is_date(const char *text)
{
	static const int most[] = { 12, 31 }; /* months, days */

	if (two_digits(text) < 0 || two_digits(text + 2) < 0)
		return false;
	text += strlen("YYYY");
	for (size_t i = 0; i < 2 && *text; i++) {
		int part = *text == '-' ? two_digits(text + 1) : -1;

		if (part < 1 || part > most[i])
			return false;
		text += strlen("-MM");
	}
	return !*text;
}

bool text_is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}
