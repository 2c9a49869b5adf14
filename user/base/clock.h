/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What time it is, by each of the kernel's clocks (clock_gettime(2)). All are in
 * nanoseconds and can't fail. As text: moment.h.
 */
#ifndef PORTCLASS_CLOCK_H
#define PORTCLASS_CLOCK_H

#include <stdint.h>

#define NANOSECONDS 1000000000ull /* in a second */

/* Since 1970; somebody may set it. */
uint64_t clock_wall(void);

/* For spans: nobody sets it, and it stands still while the machine is suspended. */
uint64_t clock_monotonic(void);

/*
 * Since the machine booted, suspension included: nobody sets it. What the kernel has, whatever
 * a time namespace makes of it for its processes.
 */
uint64_t clock_boot(void);

/* That this process had of the CPUs. */
uint64_t clock_process(void);

/* One moment by both clocks. Two of them differ alike, unless somebody has set the clock. */
struct instant {
	uint64_t boot;
	uint64_t wall; /* as that clock is set now, to half a millisecond */
};

struct instant clock_now(void);

/*
 * What was the date at @boot, by the wall clock as it is set @now, and the other way round.
 * 0: it was before 1970, before the machine booted, or it is yet to come.
 */
uint64_t clock_wall_at(const struct instant *now, uint64_t boot);
uint64_t clock_boot_at(const struct instant *now, uint64_t wall);

#endif
