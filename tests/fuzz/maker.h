/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Inputs that are made up, piece by piece, by a grammar and a random number.
 */
#ifndef PORTCLASS_FUZZ_MAKER_H
#define PORTCLASS_FUZZ_MAKER_H

#include <stddef.h>
#include <stdint.h>

struct maker {
	uint8_t *bytes; /* the caller's */
	size_t size;
	size_t capacity;
	uint32_t random; /* never 0 */
};

/* 0 to @bound - 1. */
uint32_t maker_random(struct maker *maker, size_t bound);

/* What there is no room for is left out: the end of the bytes, the whole of the text. */
void maker_put(struct maker *maker, const void *bytes, size_t size);
__attribute__((format(printf, 2, 3))) void maker_print(struct maker *maker, const char *format,
						       ...);

#endif
