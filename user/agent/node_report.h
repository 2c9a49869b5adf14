/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The report of a node: what its interfaces had counted when they were read last.
 */
#ifndef PORTCLASS_NODE_REPORT_H
#define PORTCLASS_NODE_REPORT_H

#include "agent/node.h"
#include "model/report.h"

/*
 * Read the counters of an interface that is attached, raising capabilities as it takes, and
 * keep what has series and the sums of the rest. Brings its series and costs up to date.
 * What can't be read is as if nothing was: an interface can vanish at any moment. @now: ns
 * of CLOCK_MONOTONIC, when it is said to be read.
 */
void node_report_read(struct node_interface *interface, uint64_t now);

/* The report points into the node, until that changes. 0 or -ENOMEM, not said. */
int node_report_open(struct report *report, const struct node *node);
void node_report_close(struct report *report);

#endif
