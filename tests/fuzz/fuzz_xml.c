// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The reader of one format. What is no XML ends in libexpat, which is most of what
 * changed bytes make; so half of the inputs are elements in each other, as they
 * should be or not.
 */

#include "fuzz.h"
#include "maker.h"

#define DEPTH_MAX	   8
#define PICK(maker, array) (array)[maker_random(maker, sizeof(array) / sizeof((array)[0]))]

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	fuzz_reader("xml", bytes, size);
	return 0;
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

	for (uint32_t count = maker_random(maker, 3); count; count--)
		maker_print(maker, "%s", PICK(maker, texts));
}

static void put_attributes(struct maker *maker)
{
	static const char *const attributes[] = { " type='rfc'", " data='rfc9'", " date='2020-01'",
						  " updated='2021-02-03'", " type='person'" };

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (maker_random(maker, 4) == 0)
			maker_print(maker, "%s", attributes[i]);
}

static void put_elements(struct maker *maker, int depth);

static void put_element(struct maker *maker, const char *name, int depth)
{
	maker_print(maker, "<%s", name);
	put_attributes(maker);
	maker_print(maker, ">");
	put_elements(maker, depth);
	maker_print(maker, "</%s>", name);
}

static void put_elements(struct maker *maker, int depth)
{
	static const char *const names[] = { "record",	"name", "number",	"protocol",
					     "record",	"xref", "description",	"note",
					     "updated", "sc",	"unauthorized", "br" };

	put_text(maker);
	for (uint32_t count = maker_random(maker, depth < 3 ? 5 : 3); count && depth < DEPTH_MAX;
	     count--) {
		put_element(maker, PICK(maker, names), depth + 1);
		put_text(maker);
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t capacity, unsigned int seed)
{
	struct maker maker = { bytes, 0, capacity, seed * 2654435761u | 1 };

	if (seed % 2)
		return LLVMFuzzerMutate(bytes, size, capacity);
	put_element(&maker, "registry", 1);
	return maker.size;
}
