// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Ports as people write them. Names of services are not looked up.
 */
#include <stdio.h>

#include "abi.h"
#include "base/port_range.h"

/* Returns how many bytes the number takes; 0: there is none. Too great stays too great. */
static size_t parse_number(const char *text, size_t size, uint32_t *number)
{
	size_t digits = 0;

	*number = 0;
	for (; digits < size && text[digits] >= '0' && text[digits] <= '9'; digits++)
		if (*number < PORTS_MAX)
			*number = *number * 10 + (uint32_t)(text[digits] - '0');
	return digits;
}

/* A number, which is both, or two with a - between them. */
static bool parse_numbers(const char *text, size_t size, uint32_t *first, uint32_t *last)
{
	size_t used = parse_number(text, size, first), more;

	*last = *first;
	if (!used || used == size || text[used] != '-')
		return used && used == size;
	more = parse_number(text + used + 1, size - used - 1, last);
	return more && used + 1 + more == size;
}

bool port_range_parse(struct port_range *range, const char *text, size_t size)
{
	uint32_t first, last;

	if (!parse_numbers(text, size, &first, &last) || last >= PORTS_MAX || last < first)
		return false;
	*range = (struct port_range){ (uint16_t)first, (uint16_t)last };
	return true;
}

const char *port_range_fault(const char *text, size_t size)
{
	uint32_t first, last;

	if (!parse_numbers(text, size, &first, &last))
		return NULL;
	if (first >= PORTS_MAX || last >= PORTS_MAX)
		return "the highest port is 65535";
	return last < first ? "the range is reversed" : NULL;
}

char *port_range_write(char *text, uint16_t first, uint16_t last)
{
	if (first == last)
		snprintf(text, PORT_RANGE_SIZE, "%u", first);
	else
		snprintf(text, PORT_RANGE_SIZE, "%u-%u", first, last);
	return text;
}
