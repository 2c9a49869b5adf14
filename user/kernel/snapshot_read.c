// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * From the maps to a snapshot. A frame is counted in one place only, and counters
 * are read before rows: whatever has counted had its row before (see swap.c).
 */
#include "kernel/snapshot_read.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel/cpu_values.h"
#include "base/clock.h"
#include "base/log.h"
#include "kernel/pins.h"
#include "slots.h"
#include "text.h"

/* The words are printed: whoever may pin maps wrote them. */
static void copy_info(struct snapshot *snapshot, const struct pins *pins)
{
	snapshot->info = pins->info;
	snapshot->info.registry_name[REGISTRY_NAME_SIZE - 1] = '\0';
	snapshot->info.registry_date[DATE_SIZE - 1] = '\0';
	text_tidy(snapshot->info.registry_name, snapshot->info.registry_name);
	text_tidy(snapshot->info.registry_date, snapshot->info.registry_date);
	snapshot->since = pins->since;
}

static void sum_page(struct service *services, const struct traffic_page *page, uint32_t slots)
{
	for (uint32_t slot = 0; slot < PAGE_SLOTS && slot < slots; slot++) {
		counter_add(&services[slot].traffic.to, &page->slots[slot].to);
		counter_add(&services[slot].traffic.from, &page->slots[slot].from);
	}
}

/* Page by page, on first use, this memory would take longer than all the reading. */
static void populate(void *memory, size_t size)
{
	uintptr_t first = (uintptr_t)memory & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);

	madvise((void *)first, (uintptr_t)memory + size - first, MADV_POPULATE_WRITE);
}

static int explain(int err, const char *map, const struct pins *pins, int cpus)
{
	if (err == -EFAULT)
		return log_say(err,
			       "read the map %s of %s: the kernel has more CPUs than the %d in"
			       " /sys/devices/system/cpu/possible (is that file the kernel's?)",
			       map, pins->directory, cpus);
	return log_fail(err, "read the map %s of %s", map, pins->directory);
}

/* All there is room for: which of them are in use is known later. */
static int read_traffic(struct snapshot *snapshot, const struct pins *pins)
{
	struct cpu_values pages;
	int err = cpu_values_open(&pages, sizeof(struct traffic_page));

	if (err)
		return err;
	snapshot->services = calloc(pins->slots, sizeof(*snapshot->services));
	err = snapshot->services ? 0 : -ENOMEM;
	if (!err)
		populate(snapshot->services, pins->slots * sizeof(*snapshot->services));
	for (__u32 number = 0; !err && number * PAGE_SLOTS < pins->slots; number++) {
		__u32 first = number * PAGE_SLOTS;
		const struct traffic_page *page = pages.values;

		err = cpu_values_read(&pages, pins->traffic, number);
		for (int cpu = 0; !err && cpu < pages.cpus; cpu++)
			sum_page(&snapshot->services[first], &page[cpu], pins->slots - first);
	}
	if (err)
		explain(err, "traffic", pins, pages.cpus);
	cpu_values_close(&pages);
	return err;
}

/* Copied, they would cost more than all the rest. One value or one each: it is the same. */
static int read_assignments(struct snapshot *snapshot, const struct pins *pins)
{
	size_t size = pins->slots * sizeof(struct assignment);
	void *assignments = mmap(NULL, size, PROT_READ, MAP_SHARED, pins->assignments, 0);

	if (assignments == MAP_FAILED)
		return log_fail(-errno, "map the assignments of %s", pins->directory);
	snapshot->assignments = assignments;
	snapshot->mapped = size;
	snapshot->count = slots_in_use(snapshot->assignments, pins->slots);
	for (uint32_t slot = 0; slot < snapshot->count; slot++) {
		snapshot->services[slot].slot = slot;
		snapshot->services[slot].assignment = &snapshot->assignments[slot];
	}
	return 0;
}

static int read_unclassified(struct snapshot *snapshot, const struct pins *pins)
{
	struct cpu_values values;
	int err = cpu_values_open(&values, sizeof(struct counter));

	if (err)
		return err;
	for (__u32 reason = 0; !err && reason < REASON_MAX; reason++) {
		const struct counter *counter = values.values;

		err = cpu_values_read(&values, pins->unclassified, reason);
		for (int cpu = 0; !err && cpu < values.cpus; cpu++)
			counter_add(&snapshot->unclassified[DIRECTION_RX][reason], &counter[cpu]);
	}
	if (err)
		explain(err, "unclassified", pins, values.cpus);
	cpu_values_close(&values);
	return err;
}

/* Anybody can write the maps who may pin them; printers look words up by their numbers. */
static int explain_unsound(const struct snapshot *snapshot, const struct pins *pins)
{
	char where[64] = "the map info";

	for (size_t i = snapshot->count; i > 0; i--)
		if (!slots_is_sound(snapshot->services[i - 1].assignment))
			snprintf(where, sizeof(where), "row %zu of the assignments", i - 1);
	return log_say(OUTCOME_FOREIGN,
		       "%s: %s holds what this version does not know (try: portclass detach,"
		       " attach)",
		       pins->directory, where);
}

int snapshot_read(struct snapshot *snapshot, const struct pins *pins)
{
	int err;

	*snapshot = (struct snapshot){ .ifindex = pins->ifindex,
				       .taken = clock_now(),
				       .directions = { DIRECTION_RX },
				       .directions_count = 1 };
	memcpy(snapshot->interface, pins->interface, sizeof(snapshot->interface));
	copy_info(snapshot, pins);
	err = read_traffic(snapshot, pins);
	if (!err)
		err = read_assignments(snapshot, pins);
	if (!err)
		err = read_unclassified(snapshot, pins);
	if (!err && !snapshot_is_sound(snapshot))
		err = explain_unsound(snapshot, pins);
	if (err)
		snapshot_close(snapshot);
	return err;
}
