// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Text out of files that anybody may have written.
 */
#include "text.h"

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

/* A blank, or a control character, which a terminal might obey. */
static bool is_blank(const unsigned char *character, size_t size)
{
	if (size == 1)
		return character[0] <= ' ' || character[0] == 0x7f;
	return size == 2 && character[0] == 0xc2 && character[1] < 0xa0;
}

size_t text_tidy(char *to, const char *from)
{
	const unsigned char *at = (const unsigned char *)from;
	size_t length = 0;
	bool blank = false;

	while (*at) {
		size_t size = text_character_size((const char *)at);

		if (is_blank(at, size)) {
			blank = true;
			at += size;
			continue;
		}
		if (blank && length)
			to[length++] = ' ';
		blank = false;
		if (size)
			memmove(to + length, at, size);
		else
			to[length] = REPLACEMENT;
		length += size ? size : 1;
		at += size ? size : 1;
	}
	to[length] = '\0';
	return length;
}

void text_defuse(char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at) {
		size_t size = text_character_size((const char *)at);

		if (!size || (*at != ' ' && *at != '\n' && is_blank(at, size)))
			*text++ = REPLACEMENT;
		else
			text = (char *)memmove(text, at, size) + size;
		at += size ? size : 1;
	}
	*text = '\0';
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
