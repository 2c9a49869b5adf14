// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The one place that asks for the time. It waits for nothing.
 */
#include "base/clock.h"

#include <time.h>

static uint64_t ask(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

uint64_t clock_wall(void)
{
	return ask(CLOCK_REALTIME);
}

uint64_t clock_monotonic(void)
{
	return ask(CLOCK_MONOTONIC);
}

uint64_t clock_boot(void)
{
	return ask(CLOCK_BOOTTIME);
}

uint64_t clock_process(void)
{
	return ask(CLOCK_PROCESS_CPUTIME_ID);
}
