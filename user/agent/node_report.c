// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * From the maps to what is kept of an interface, and from that to a report.
 */
#include "agent/node_report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "kernel/capability.h"
#include "kernel/cost.h"
#include "kernel/snapshot_read.h"
#include "model/condense.h"

static int condense(struct report_interface *reading, struct node_interface *interface,
		    const struct snapshot *whole)
{
	int err = series_fold_open(&reading->fold, interface->series, whole, clock_boot());

	if (!err)
		err = snapshot_condense(&reading->snapshot, whole, interface->series,
					&reading->fold);
	if (err)
		series_fold_close(&reading->fold);
	return err;
}

static void tell_attachment(struct report_interface *reading, struct node_interface *interface)
{
	cost_read(&interface->cost, &interface->pins);
	reading->cost = interface->cost;
	reading->hook = hook_name(interface->pins.hook);
	reading->mode = hook_mode(interface->pins.hook);
}

void node_report_read(struct node_interface *interface, uint64_t now)
{
	struct report_interface reading = { 0 };
	uint64_t begun = clock_monotonic();
	struct snapshot whole;

	node_forget_reading(interface);
	capability_raise();
	if (!snapshot_read(&whole, &interface->pins)) {
		reading.attached = !condense(&reading, interface, &whole);
		snapshot_close(&whole);
		tell_attachment(&reading, interface);
	}
	capability_lower();
	interface->reading = reading;
	interface->read = now;
	interface->read_duration = clock_monotonic() - begun;
}

static void tell_node(struct report_node *into, const struct node *node)
{
	const struct registry *registry = node->table ? &node->table->registry : NULL;
	const struct instant now = clock_now();

	*into = (struct report_node){ .started = clock_wall_at(&now, node->started),
				      .reloads = node->reloads,
				      .reload_failures = node->reload_failures,
				      .reloaded = clock_wall_at(&now, node->reloaded),
				      .reload_failed = node->reload_failed,
				      .reads = node->reads,
				      .log_lines_lost = log_lines_lost(),
				      .series_max = node->series_max };
	process_cost_read(&into->process);
	for (size_t i = 0; i < node->count; i++)
		into->duration += node->interfaces[i].read_duration;
	if (!registry)
		return;
	into->registry_name = registry->name;
	into->registry_date = registry->date;
	into->registry_sha256 = registry->sha256;
}

int node_report_open(struct report *report, const struct node *node)
{
	*report = (struct report){ .all = true, .has_node = true };
	tell_node(&report->node, node);
	for (size_t i = 0; i < node->count; i++) {
		const struct node_interface *interface = &node->interfaces[i];
		struct report_interface *into = report_append(report, interface->name);

		if (!into)
			return -ENOMEM;
		if (!interface->reading.attached)
			continue;
		*into = interface->reading;
		snprintf(into->name, sizeof(into->name), "%s", interface->name);
	}
	return 0;
}

void node_report_close(struct report *report)
{
	free(report->interfaces); /* what they own is the node's */
	*report = (struct report){ 0 };
}
