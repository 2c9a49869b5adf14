// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Moments and spans of time as text. Which clock they are of is the caller's business.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/moment.h"

char *moment_write(char *text, uint64_t moment)
{
	time_t seconds = (time_t)(moment / NANOSECONDS);
	struct tm fields;

	gmtime_r(&seconds, &fields);
	strftime(text, MOMENT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &fields);
	return text;
}

char *moment_write_local(char *text, uint64_t moment)
{
	time_t seconds = (time_t)(moment / NANOSECONDS);
	struct tm fields;

	localtime_r(&seconds, &fields);
	strftime(text, MOMENT_SIZE, "%Y-%m-%d %H:%M:%S %Z", &fields);
	return text;
}

char *moment_write_span(char *text, uint64_t nanoseconds)
{
	static const struct {
		const char *name;
		uint64_t seconds;
	} units[] = { { "d", 86400 }, { "h", 3600 }, { "min", 60 }, { "s", 1 } };
	uint64_t seconds = nanoseconds / NANOSECONDS;
	size_t unit = 0, last = sizeof(units) / sizeof(units[0]) - 1;
	int used;

	while (unit < last && seconds < units[unit].seconds)
		unit++;
	used = snprintf(text, MOMENT_SIZE, "%" PRIu64 " %s", seconds / units[unit].seconds,
			units[unit].name);
	seconds %= units[unit].seconds;
	if (unit < last && seconds >= units[unit + 1].seconds)
		snprintf(text + used, MOMENT_SIZE - (size_t)used, " %" PRIu64 " %s",
			 seconds / units[unit + 1].seconds, units[unit + 1].name);
	return text;
}
