// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* See maker.h. */
#include "maker.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* xorshift32, Marsaglia 2003 */
uint32_t maker_random(struct maker *maker, size_t bound)
{
	maker->random ^= maker->random << 13;
	maker->random ^= maker->random >> 17;
	maker->random ^= maker->random << 5;
	return maker->random % (uint32_t)bound;
}

void maker_put(struct maker *maker, const void *bytes, size_t size)
{
	if (size > maker->capacity - maker->size)
		size = maker->capacity - maker->size;
	memcpy(maker->bytes + maker->size, bytes, size);
	maker->size += size;
}

void maker_print(struct maker *maker, const char *format, ...)
{
	size_t left = maker->capacity - maker->size;
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf((char *)maker->bytes + maker->size, left, format, arguments);
	va_end(arguments);
	if (size > 0 && (size_t)size < left)
		maker->size += (size_t)size;
}
