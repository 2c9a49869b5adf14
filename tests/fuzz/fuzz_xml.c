// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The reader of one format. What is no XML ends in libexpat, which is most of what
 * changed bytes make; so half of the inputs are elements in each other, as they
 * should be or not.
 */
#include <stdarg.h>
#include <stdio.h>

#include "fuzz.h"

#define DEPTH_MAX	   8
#define PICK(maker, array) (array)[random_below(maker, sizeof(array) / sizeof((array)[0]))]

struct maker {
	char *text;
	size_t size;
	size_t capacity;
	uint32_t random;
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	fuzz_reader("xml", bytes, size);
	return 0;
}

/* xorshift32, Marsaglia 2003 */
static uint32_t random_below(struct maker *maker, size_t bound)
{
	maker->random ^= maker->random << 13;
	maker->random ^= maker->random >> 17;
	maker->random ^= maker->random << 5;
	return maker->random % (uint32_t)bound;
}

__attribute__((format(printf, 2, 3))) static void put(struct maker *maker, const char *format, ...)
{
	size_t left = maker->capacity - maker->size;
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(maker->text + maker->size, left, format, arguments);
	va_end(arguments);
	if (size > 0 && (size_t)size < left)
		maker->size += (size_t)size;
}

static void put_text(struct maker *maker)
{
	static const char *const texts[] = {
		"80",	      "1-2",
		"65535",      "tcp",
		"udp",	      "a",
		"2026-01-02", "\n",
		"Unassigned", "Reserved",
		"&#9;",	      "NOTE Conflict",
		"<!-- -->",   "This entry is an alias to \"b\"",
		"\xc3\xa9",
	};

	for (uint32_t count = random_below(maker, 3); count; count--)
		put(maker, "%s", PICK(maker, texts));
}

static void put_attributes(struct maker *maker)
{
	static const char *const attributes[] = { " type='rfc'", " data='rfc9'", " date='2020-01'",
						  " updated='2021-02-03'", " type='person'" };

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (random_below(maker, 4) == 0)
			put(maker, "%s", attributes[i]);
}

static void put_elements(struct maker *maker, int depth);

static void put_element(struct maker *maker, const char *name, int depth)
{
	put(maker, "<%s", name);
	put_attributes(maker);
	put(maker, ">");
	put_elements(maker, depth);
	put(maker, "</%s>", name);
}

static void put_elements(struct maker *maker, int depth)
{
	static const char *const names[] = { "record",	"name", "number",	"protocol",
					     "record",	"xref", "description",	"note",
					     "updated", "sc",	"unauthorized", "br" };

	put_text(maker);
	for (uint32_t count = random_below(maker, depth < 3 ? 5 : 3); count && depth < DEPTH_MAX;
	     count--) {
		put_element(maker, PICK(maker, names), depth + 1);
		put_text(maker);
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t capacity, unsigned int seed)
{
	struct maker maker = { (char *)bytes, 0, capacity, seed * 2654435761u | 1 };

	if (seed % 2)
		return LLVMFuzzerMutate(bytes, size, capacity);
	put_element(&maker, "registry", 1);
	return maker.size;
}
