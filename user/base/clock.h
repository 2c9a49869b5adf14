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

/* Since the machine booted, suspension included. */
uint64_t clock_boot(void);

/* That this process had of the CPUs. */
uint64_t clock_process(void);

#endif
