// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Files by a grammar, laid out as parts.h says: rows of few names and few ports, so
 * that they meet, each with its reason to win or to yield.
 */
#include <stdarg.h>
#include <stdio.h>

#include "fuzz.h"

#define PICK(maker, array) (array)[random_below(maker, sizeof(array) / sizeof((array)[0]))]

struct maker {
	char *text;
	size_t size;
	size_t capacity;
	uint32_t random;
};

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

/* Around a border of classes or of the ephemeral ports. */
static void put_ports(struct maker *maker)
{
	static const uint32_t borders[] = { 2, 1022, 32766, 49150, 65526 };
	uint32_t first = PICK(maker, borders) + random_below(maker, 6);

	put(maker, "%u", first);
	if (random_below(maker, 2))
		put(maker, "-%u", first + random_below(maker, 4));
}

static void put_csv_row(struct maker *maker)
{
	static const char *const transports[] = { "", "", "tcp", "tcp", "udp", "tcp/udp", "sctp" };
	static const char *const words[] = { "Unassigned", "Reserved", "removed", "(unassigned)" };
	static const char *const references[] = { "", "", "[RFC1]", "[x]" };
	static const char *const notes[] = { "",
					     "",
					     "",
					     "NOTE Conflict",
					     "is a duplicate of",
					     "\"This entry is an alias to \"\"a\"\"\"" };
	uint32_t name = random_below(maker, 8);

	if (name < 6)
		put(maker, "%c,", 'a' + (char)name);
	else
		put(maker, ",");
	put_ports(maker);
	put(maker, ",%s,%s,%s,%s\n", PICK(maker, transports), PICK(maker, words),
	    PICK(maker, references), PICK(maker, notes));
}

static void put_services_row(struct maker *maker)
{
	static const char *const transports[] = { "tcp", "udp", "tcp/udp", "tcp/udp/sctp/dccp" };

	put(maker, "%c ", 'a' + (char)random_below(maker, 6));
	put_ports(maker);
	put(maker, "/%s", PICK(maker, transports));
	for (uint32_t count = random_below(maker, 4); count; count--)
		put(maker, " %c%.*s", 'a' + (char)random_below(maker, 8),
		    (int)random_below(maker, 20), "aliases-of-some-length");
	put(maker, "\n");
}

static void put_file(struct maker *maker)
{
	bool csv = random_below(maker, 2);

	put(maker, "%%%%\n");
	if (csv)
		put(maker, "Service Name,Port Number,Transport Protocol,Description,Reference,"
			   "Assignment Notes\n");
	for (uint32_t count = 1 + random_below(maker, 16); count; count--)
		if (csv)
			put_csv_row(maker);
		else
			put_services_row(maker);
}

/* Two thirds are changed bytes: the grammar knows no mistakes. */
size_t fuzz_rows(uint8_t *bytes, size_t size, size_t capacity, unsigned int seed)
{
	static const char *const ephemeral[] = { "32768-60999", "1024-49151",  "32768-32768",
						 "0-65535",	"49151-49152", "5-1023" };
	struct maker maker = { (char *)bytes, 0, capacity, seed * 2654435761u | 1 };

	if (seed % 3)
		return LLVMFuzzerMutate(bytes, size, capacity);
	put(&maker, "%s\n", PICK(&maker, ephemeral));
	for (uint32_t count = 1 + random_below(&maker, 3); count; count--)
		put_file(&maker);
	return maker.size;
}
