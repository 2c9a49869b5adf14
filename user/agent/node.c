// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The rows of the agent's interfaces, in order of their names. It attaches nothing.
 */
#include "agent/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool node_is_attached(const struct node_interface *interface)
{
	return interface->pins.directory[0];
}

bool node_is_ready(const struct node *node)
{
	struct ready_facts facts = { .wanted = node->count, .loads = node->loads };

	for (size_t i = 0; i < node->count; i++) {
		facts.attached += node_is_attached(&node->interfaces[i]);
		facts.tried += node->interfaces[i].tried;
	}
	return ready_by_rule(node->ready, &facts);
}

void node_forget_reading(struct node_interface *interface)
{
	report_interface_close(&interface->reading);
	interface->reading = (struct report_interface){ 0 };
	interface->read = 0;
	interface->read_duration = 0;
}

uint64_t node_read_first(const struct node *node, uint64_t now)
{
	uint64_t first = now;

	for (size_t i = 0; i < node->count; i++)
		if (node->interfaces[i].read && node->interfaces[i].read < first)
			first = node->interfaces[i].read;
	return first;
}

struct node_interface *node_find(const struct node *node, unsigned int ifindex)
{
	for (size_t i = 0; i < node->count; i++)
		if (node->interfaces[i].ifindex == ifindex)
			return &node->interfaces[i];
	return NULL;
}

static int compare_names(const void *left, const void *right)
{
	const struct node_interface *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static void sort(struct node *node)
{
	qsort(node->interfaces, node->count, sizeof(*node->interfaces), compare_names);
}

struct node_interface *node_add(struct node *node, unsigned int ifindex, const char *name)
{
	struct node_interface *more =
		reallocarray(node->interfaces, node->count + 1, sizeof(*node->interfaces));
	struct series *series = series_new(node->series_max);

	if (more)
		node->interfaces = more;
	if (!more || !series) {
		series_free(series);
		return NULL;
	}
	more[node->count] = (struct node_interface){ .ifindex = ifindex, .series = series };
	snprintf(more[node->count++].name, IF_NAMESIZE, "%s", name);
	sort(node);
	return node_find(node, ifindex);
}

void node_remove(struct node *node, size_t index)
{
	struct node_interface *interface = &node->interfaces[index];

	node_forget_reading(interface);
	pins_close(&interface->pins);
	series_free(interface->series);
	node->count--;
	memmove(interface, interface + 1, (node->count - index) * sizeof(*interface));
}

void node_rename(struct node *node, struct node_interface *interface, const char *name)
{
	snprintf(interface->name, sizeof(interface->name), "%s", name);
	if (node_is_attached(interface))
		snprintf(interface->pins.interface, sizeof(interface->pins.interface), "%s", name);
	sort(node);
}

void node_close(struct node *node)
{
	while (node->count)
		node_remove(node, node->count - 1);
	free(node->interfaces);
	*node = (struct node){ 0 };
}
