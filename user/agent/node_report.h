/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The report of a node: what its interfaces counted, read at one moment.
 */
#ifndef PORTCLASS_NODE_REPORT_H
#define PORTCLASS_NODE_REPORT_H

#include "agent/node.h"
#include "model/report.h"

/*
 * Read every interface that is attached, raising capabilities as it takes. Brings the
 * node's series and costs up to date. The report points into the node. 0 or -ENOMEM, not
 * said; then it is closed.
 */
int node_report_open(struct report *report, struct node *node);

#endif
