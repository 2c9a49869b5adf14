// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * From the node to a report. What can't be read is left out: an interface can vanish at
 * any moment.
 */
#include "agent/node_report.h"

#include <errno.h>

#include "base/clock.h"
#include "kernel/capability.h"
#include "kernel/cost.h"

static int read_interface(struct report *report, struct node *node, size_t index)
{
	struct node_interface *interface = &node->interfaces[index];
	struct report_interface *into = report_append(report, interface->name);
	int err;

	if (!into)
		return -ENOMEM;
	if (!node_is_attached(interface) || node_read(node, index, &into->snapshot))
		return 0;
	err = series_fold_open(&into->fold, interface->series, &into->snapshot);
	if (err)
		return err;
	capability_raise();
	cost_read(&interface->cost, &interface->pins);
	capability_lower();
	into->cost = interface->cost;
	into->hook = hook_name(interface->pins.hook);
	into->mode = hook_mode(interface->pins.hook);
	into->attached = true;
	return 0;
}

static void tell_node(struct report_node *into, const struct node *node)
{
	const struct registry *registry = node->table ? &node->table->registry : NULL;

	*into = (struct report_node){ .started = node->started,
				      .reloads = node->reloads,
				      .reload_failures = node->reload_failures,
				      .reloaded = node->reloaded,
				      .reload_failed = node->reload_failed,
				      .series_max = node->series_max };
	if (!registry)
		return;
	into->registry_name = registry->name;
	into->registry_date = registry->date;
	into->registry_sha256 = registry->sha256;
}

int node_report_open(struct report *report, struct node *node)
{
	uint64_t started = clock_monotonic();
	int err = 0;

	*report = (struct report){ .all = true, .has_node = true };
	tell_node(&report->node, node);
	process_cost_read(&report->node.process); /* at rest, before it takes memory to read */
	for (size_t i = 0; !err && i < node->count; i++)
		err = read_interface(report, node, i);
	report->node.duration = clock_monotonic() - started;
	if (err)
		report_close(report);
	return err;
}
