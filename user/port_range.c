// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Ports as people write them.
 */
#include <stdio.h>

#include "abi.h"
#include "port_range.h"

/* Returns how many bytes the port takes; 0: there is none. */
static size_t parse_port(const char *text, size_t size, uint16_t *port)
{
	unsigned long number = 0;
	size_t digits = 0;

	for (; digits < size && text[digits] >= '0' && text[digits] <= '9'; digits++) {
		number = number * 10 + (unsigned long)(text[digits] - '0');
		if (number >= PORTS_MAX)
			return 0;
	}
	*port = (uint16_t)number;
	return digits;
}

bool port_range_parse(struct port_range *range, const char *text, size_t size)
{
	struct port_range found;
	size_t used = parse_port(text, size, &found.first);

	if (!used)
		return false;
	found.last = found.first;
	if (used < size && text[used] == '-') {
		size_t more = parse_port(text + used + 1, size - used - 1, &found.last);

		if (!more)
			return false;
		used += 1 + more;
	}
	if (used != size || found.last < found.first)
		return false;
	*range = found;
	return true;
}

char *port_range_write(char *text, uint16_t first, uint16_t last)
{
	if (first == last)
		snprintf(text, PORT_RANGE_SIZE, "%u", first);
	else
		snprintf(text, PORT_RANGE_SIZE, "%u-%u", first, last);
	return text;
}
