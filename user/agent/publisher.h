/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reads the counters when somebody wishes to see them, and puts up what they say: one
 * interface a step, one print a step, with the event loop's other work between. However
 * many ask, an interface is read once a second at most.
 */
#ifndef PORTCLASS_PUBLISHER_H
#define PORTCLASS_PUBLISHER_H

#include "agent/board.h"
#include "agent/node.h"

struct event_base;
struct publisher;

/* All outlive it. 0 or -ENOMEM, not said. */
int publisher_open(struct publisher **opened, struct event_base *base, struct board *board,
		   struct node *node);

/* NULL is fine. */
void publisher_close(struct publisher *publisher);

/* What the node is has changed: say whether it is ready; what was printed is old. */
void publisher_note_change(struct publisher *publisher);

#endif
