// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Numbers as people read them. What they are of stands beside them.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/quantity.h"

/* Three digits, rounded; what would round up to 1000 takes the next unit. */
static char *write_scaled(char *text, double number, const char *const *units)
{
	while (number >= 999.5 && units[1]) {
		number /= 1000;
		units++;
	}
	snprintf(text, QUANTITY_SIZE, "%.*f%s",
		 number < 9.995	  ? 2
		 : number < 99.95 ? 1
				  : 0,
		 number, *units);
	return text;
}

static const char *const units[] = { "", "k", "M", "G", "T", "P", "E", NULL };

char *quantity_write(char *text, uint64_t number, bool exact)
{
	if (!exact && number >= 1000)
		return write_scaled(text, (double)number, units);
	snprintf(text, QUANTITY_SIZE, "%" PRIu64, number);
	return text;
}

char *quantity_write_rate(char *text, double rate, bool exact)
{
	if (!exact && rate > 0)
		return write_scaled(text, rate, units);
	snprintf(text, QUANTITY_SIZE, "%.*f", rate > 0 ? 1 : 0, rate);
	return text;
}
