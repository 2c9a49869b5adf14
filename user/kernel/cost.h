/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What portclass itself takes: of the kernel for one interface, and as a process.
 */
#ifndef PORTCLASS_COST_H
#define PORTCLASS_COST_H

#include <stdint.h>

struct pins;

/* Of one interface; all zero: not asked yet. */
struct cost {
	uint32_t program_id; /* what the rest is about; 0: not known */
	uint64_t runs;	     /* of the program loaded now; 0: the kernel keeps no statistics */
	uint64_t run_time;   /* ns, of these runs */
	uint64_t map_bytes;  /* of all pinned maps; 0: not known */
};

struct process_cost {
	uint64_t resident_bytes;
	uint64_t cpu_time; /* ns */
};

/*
 * Bring @cost up to date; what can't change while a program runs is asked for once.
 * What the kernel does not tell is zero.
 */
void cost_read(struct cost *cost, const struct pins *pins);

void process_cost_read(struct process_cost *cost);

#endif
