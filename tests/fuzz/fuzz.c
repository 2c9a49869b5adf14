// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* See fuzz.h. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void fuzz_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
	abort();
}

char *fuzz_string(const uint8_t *bytes, size_t size)
{
	char *string = malloc(size + 1);

	fuzz_check(string);
	memcpy(string, bytes, size);
	string[size] = '\0';
	return string;
}

/* The character at *@text, which moves behind it; 0: it is ill-formed. */
static uint32_t take_character(const unsigned char **text)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned int size = **text < 0xc0 ? 1 : **text < 0xe0 ? 2 : **text < 0xf0 ? 3 : 4;
	uint32_t character = **text & (size == 1 ? 0xffu : 0xffu >> (size + 1));

	if (**text > 0xf7 || (size == 1 && **text > 0x7f))
		return 0;
	for (unsigned int i = 1; i < size; i++) {
		if (((*text)[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | ((*text)[i] & 0x3fu);
	}
	*text += size;
	if (character < least[size] || character > 0x10ffff || character >> 11 == 0x1b)
		return 0;
	return character;
}

bool fuzz_is_printable(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at) {
		uint32_t character = take_character(&at);

		if (character < 0x20 || (character >= 0x7f && character < 0xa0))
			return false;
	}
	return true;
}
