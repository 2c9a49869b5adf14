// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Files by a grammar, laid out as parts.h says: rows of few names and few ports, so
 * that they meet, each with its reason to win or to yield.
 */
#include "fuzz.h"
#include "maker.h"

#define PICK(maker, array) (array)[maker_random(maker, sizeof(array) / sizeof((array)[0]))]

/* Around a border of classes or of the ephemeral ports. */
static void put_ports(struct maker *maker)
{
	static const uint32_t borders[] = { 2, 1022, 32766, 49150, 65526 };
	uint32_t first = PICK(maker, borders) + maker_random(maker, 6);

	maker_print(maker, "%u", first);
	if (maker_random(maker, 2))
		maker_print(maker, "-%u", first + maker_random(maker, 4));
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
	uint32_t name = maker_random(maker, 8);

	if (name < 6)
		maker_print(maker, "%c,", 'a' + (char)name);
	else
		maker_print(maker, ",");
	put_ports(maker);
	maker_print(maker, ",%s,%s,%s,%s\n", PICK(maker, transports), PICK(maker, words),
		    PICK(maker, references), PICK(maker, notes));
}

static void put_services_row(struct maker *maker)
{
	static const char *const transports[] = { "tcp", "udp", "tcp/udp", "tcp/udp/sctp/dccp" };

	maker_print(maker, "%c ", 'a' + (char)maker_random(maker, 6));
	put_ports(maker);
	maker_print(maker, "/%s", PICK(maker, transports));
	for (uint32_t count = maker_random(maker, 4); count; count--)
		maker_print(maker, " %c%.*s", 'a' + (char)maker_random(maker, 8),
			    (int)maker_random(maker, 20), "aliases-of-some-length");
	maker_print(maker, "\n");
}

static void put_file(struct maker *maker)
{
	bool csv = maker_random(maker, 2);

	maker_print(maker, "%%%%\n");
	if (csv)
		maker_print(maker,
			    "Service Name,Port Number,Transport Protocol,Description,Reference,"
			    "Assignment Notes\n");
	for (uint32_t count = 1 + maker_random(maker, 16); count; count--)
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
	struct maker maker = { bytes, 0, capacity, seed * 2654435761u | 1 };

	if (seed % 3)
		return LLVMFuzzerMutate(bytes, size, capacity);
	maker_print(&maker, "%s\n", PICK(&maker, ephemeral));
	for (uint32_t count = 1 + maker_random(&maker, 3); count; count--)
		put_file(&maker);
	return maker.size;
}
