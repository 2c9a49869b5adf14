// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Read all that a scrape prints.
 */
#include "agent/scrape.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "kernel/capability.h"
#include "base/moment.h"

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

/* An interface can vanish at any moment: then it has no counts any more. */
static int read_interface(struct scrape_interface *into, struct node *node, size_t index)
{
	struct node_interface *interface = &node->interfaces[index];
	int err;

	into->interface = interface;
	if (!interface->attached || node_read(node, index, &into->snapshot))
		return 0;
	err = series_fold_open(&into->fold, interface->series, &into->snapshot);
	if (err)
		return err;
	capability_raise();
	cost_read(&interface->cost, &interface->pins);
	capability_lower();
	into->readable = true;
	return 0;
}

int scrape_open(struct scrape *scrape, struct node *node)
{
	uint64_t started = now();
	int err = 0;

	*scrape = (struct scrape){ .node = node };
	scrape->interfaces = calloc(node->count + 1, sizeof(*scrape->interfaces));
	if (!scrape->interfaces)
		return -ENOMEM;
	process_cost_read(&scrape->process); /* at rest, before it takes memory to read */
	while (!err && scrape->count < node->count) {
		err = read_interface(&scrape->interfaces[scrape->count], node, scrape->count);
		scrape->count++;
	}
	scrape->duration = now() - started;
	if (err)
		scrape_close(scrape);
	return err;
}

void scrape_close(struct scrape *scrape)
{
	for (size_t i = 0; i < scrape->count; i++) {
		series_fold_close(&scrape->interfaces[i].fold);
		snapshot_close(&scrape->interfaces[i].snapshot);
	}
	free(scrape->interfaces);
	*scrape = (struct scrape){ 0 };
}
