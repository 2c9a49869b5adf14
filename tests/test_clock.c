// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Dates of moments that the boot clock told, whatever became of the wall clock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/clock.h"

#define DAY (86400 * NANOSECONDS)

static const struct row {
	struct instant now;
	uint64_t boot, wall;
} rows[] = {
	{ { 10 * DAY, 20000 * DAY }, 3 * DAY, 19993 * DAY },
	{ { 10 * DAY, 20000 * DAY }, 10 * DAY, 20000 * DAY },
	{ { 10 * DAY, 9 * DAY }, 3 * DAY, 2 * DAY },
	{ { 10 * DAY, 9 * DAY }, 1 * DAY, 0 }, /* 1970 or before */
	{ { 10 * DAY, 9 * DAY }, 1, 0 },
	{ { 10 * DAY, 20000 * DAY }, 10 * DAY + 1, 0 }, /* to come */
	{ { 10 * DAY, 20000 * DAY }, UINT64_MAX, 0 },
	{ { 10 * DAY, 20000 * DAY }, 0, 0 }, /* not told */
};

static void moments_have_dates(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(clock_wall_at(&rows[i].now, rows[i].boot), rows[i].wall);
}

static void dates_are_moments_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].wall)
			assert_int_equal(clock_boot_at(&rows[i].now, rows[i].wall), rows[i].boot);
	assert_int_equal(clock_boot_at(&rows[0].now, 0), 0);
	assert_int_equal(clock_boot_at(&rows[0].now, 19000 * DAY), 0); /* before it booted */
	assert_int_equal(clock_boot_at(&rows[0].now, 20001 * DAY), 0);
}

static void both_clocks_are_asked_at_once(void **state)
{
	uint64_t before = clock_boot(), wall = clock_wall();
	struct instant now = clock_now();

	(void)state;
	assert_in_range(now.boot, before, clock_boot());
	assert_in_range(now.wall, wall - NANOSECONDS / 1000, clock_wall() + NANOSECONDS / 1000);
	assert_int_equal((now.wall - now.boot) % (NANOSECONDS / 1000), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moments_have_dates),
		cmocka_unit_test(dates_are_moments_again),
		cmocka_unit_test(both_clocks_are_asked_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
