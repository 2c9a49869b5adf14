/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * All that one scrape of the metrics prints, read at one moment.
 */
#ifndef PORTCLASS_SCRAPE_H
#define PORTCLASS_SCRAPE_H

#include "kernel/cost.h"
#include "agent/node.h"
#include "model/series.h"
#include "model/snapshot.h"

struct scrape_interface {
	const struct node_interface *interface;
	bool readable; /* attached, and its maps were read; else what is below is zero */
	struct snapshot snapshot;
	struct series_fold fold; /* of the snapshot */
};

/* A zeroed one is closed. It points into the node. */
struct scrape {
	const struct node *node;
	struct scrape_interface *interfaces; /* those of the node, in its order; owned */
	size_t count;
	struct process_cost process;
	uint64_t duration; /* ns that all the reading took */
};

/* Brings series and costs up to date. What can't be read is left out. 0 or -ENOMEM. */
int scrape_open(struct scrape *scrape, struct node *node);
void scrape_close(struct scrape *scrape);

#endif
