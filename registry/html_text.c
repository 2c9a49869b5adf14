// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Characters of an HTML page. A name that is not known stays as it is written.
 */
#include "html_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define NO_BREAK 0xa0 /* a blank, here */

static const struct entity {
	const char *name;
	unsigned long code;
} entities[] = {
	{ "&amp;", '&' },   { "&lt;", '<' },	    { "&gt;", '>' },	      { "&quot;", '"' },
	{ "&apos;", '\'' }, { "&nbsp;", NO_BREAK }, { "\xc2\xa0", NO_BREAK },
};

static bool is_character(unsigned long code)
{
	return code && code < 0x110000 && (code < 0xd800 || code > 0xdfff);
}

/* &#10; or &#xa; : its code, and in @size how it is written; 0: it is none. */
static unsigned long read_number(const char *at, size_t *size)
{
	bool hexadecimal = at[2] == 'x' || at[2] == 'X';
	const char *digits = at + 2 + hexadecimal;
	size_t count = strspn(digits, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789");
	unsigned long code;

	if (!count || count > 8 || digits[count] != ';')
		return 0;
	code = strtoul(digits, NULL, hexadecimal ? 16 : 10);
	*size = (size_t)(digits - at) + count + 1;
	return is_character(code) ? code : 0;
}

/* The code of what stands for another character; 0: it stands for itself. */
static unsigned long read_entity(const char *at, size_t *size)
{
	if (!strncmp(at, "&#", 2))
		return read_number(at, size);
	for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++) {
		*size = strlen(entities[i].name);
		if (!strncmp(at, entities[i].name, *size))
			return entities[i].code;
	}
	return 0;
}

size_t html_text_size(const char *at)
{
	size_t size;

	return read_entity(at, &size) ? size : 1;
}

/* As UTF-8. */
static char *write_code(char *to, unsigned long code)
{
	if (code < 0x80) {
		*to++ = (char)code;
		return to;
	}
	if (code < 0x800) {
		*to++ = (char)(0xc0 | code >> 6);
	} else if (code < 0x10000) {
		*to++ = (char)(0xe0 | code >> 12);
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
	} else {
		*to++ = (char)(0xf0 | code >> 18);
		*to++ = (char)(0x80 | (code >> 12 & 0x3f));
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (code & 0x3f));
	return to;
}

char *html_text_character(char *to, const char *at)
{
	size_t size;
	unsigned long code = read_entity(at, &size);

	if (code)
		return write_code(to, code == NO_BREAK ? ' ' : code);
	*to++ = *at;
	return to;
}
