// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The one place that asks for the time. It waits for nothing.
 */
#include "base/clock.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MILLISECOND ((int64_t)NANOSECONDS / 1000)
#define TRIES	    5 /* at two clocks, with nothing in between */

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

/* /proc tells the offsets of the children's time namespace, which need not be one's own yet. */
static bool is_own_namespace(void)
{
	char own[64] = "", children[64] = "";

	return readlink("/proc/self/ns/time", own, sizeof(own) - 1) > 0 &&
	       readlink("/proc/self/ns/time_for_children", children, sizeof(children) - 1) > 0 &&
	       strcmp(own, children) == 0;
}

/* By how much a time namespace has CLOCK_BOOTTIME ahead of the kernel's. */
static int64_t read_offset(void)
{
	FILE *file = is_own_namespace() ? fopen("/proc/self/timens_offsets", "re") : NULL;
	int64_t offset = 0, seconds, nanoseconds;
	char clock[16];

	while (file &&
	       fscanf(file, "%15s %" SCNd64 " %" SCNd64, clock, &seconds, &nanoseconds) == 3)
		if (strcmp(clock, "boottime") == 0)
			offset = seconds * (int64_t)NANOSECONDS + nanoseconds;
	if (file)
		fclose(file);
	return offset;
}

uint64_t clock_boot(void)
{
	static bool known;
	static int64_t offset; /* nothing moves a running process to another time namespace */

	if (!known)
		offset = read_offset();
	known = true;
	return ask(CLOCK_BOOTTIME) - (uint64_t)offset;
}

uint64_t clock_process(void)
{
	return ask(CLOCK_PROCESS_CPUTIME_ID);
}

/* Whole milliseconds: so it is the same at every look, as long as nobody sets the clock. */
static int64_t round_off(int64_t nanoseconds)
{
	int64_t half = nanoseconds < 0 ? -MILLISECOND / 2 : MILLISECOND / 2;

	return (nanoseconds + half) / MILLISECOND * MILLISECOND;
}

/* The wall clock between two looks at the other: the closer these are, the better. */
struct instant clock_now(void)
{
	uint64_t gap = UINT64_MAX, before = clock_boot(), after, wall;
	int64_t difference = 0;

	for (int i = 0; i < TRIES; i++, before = after) {
		wall = clock_wall();
		after = clock_boot();
		if (after - before >= gap)
			continue;
		gap = after - before;
		difference = (int64_t)(wall - before - gap / 2);
	}
	return (struct instant){ before, before + (uint64_t)round_off(difference) };
}

uint64_t clock_wall_at(const struct instant *now, uint64_t boot)
{
	uint64_t age = now->boot - boot;

	return boot && boot <= now->boot && age < now->wall ? now->wall - age : 0;
}

uint64_t clock_boot_at(const struct instant *now, uint64_t wall)
{
	uint64_t age = now->wall - wall;

	return wall && wall <= now->wall && age < now->boot ? now->boot - age : 0;
}
