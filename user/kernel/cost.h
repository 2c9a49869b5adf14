/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What portclass itself takes: of the kernel for one interface, and as a process.
 */
#ifndef PORTCLASS_COST_H
#define PORTCLASS_COST_H

#include "model/report.h"

struct pins;

/*
 * Bring @cost up to date; what can't change while a program runs is asked for once.
 * What the kernel does not tell is zero.
 */
void cost_read(struct cost *cost, const struct pins *pins);

/* Of this process, now. What can't be read is zero. */
void process_cost_read(struct process_cost *cost);

#endif
