// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * From the maps to a snapshot. A frame is counted in one place only, and counters
 * are read before rows: whatever has counted had its row before (see swap.c).
 */
#include "snapshot.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "pins.h"
#include "slots.h"

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static int read_info(struct snapshot *snapshot, const struct pins *pins)
{
	__u32 zero = 0;
	int err = bpf_map_lookup_elem(pins->info, &zero, &snapshot->info);

	if (err)
		return log_fail(err, "read the map info of %s", pins->directory);
	snapshot->since = snapshot->info.since ? snapshot->info.since : pins->loaded;
	return 0;
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

/* All there is room for: which of them are in use is known later. */
static int read_traffic(struct snapshot *snapshot, const struct pins *pins, int cpus)
{
	struct traffic_page *pages = malloc((size_t)cpus * sizeof(*pages));
	int err;

	snapshot->services = calloc(pins->slots, sizeof(*snapshot->services));
	err = pages && snapshot->services ? 0 : -ENOMEM;
	if (!err)
		populate(snapshot->services, pins->slots * sizeof(*snapshot->services));
	for (__u32 number = 0; !err && number * PAGE_SLOTS < pins->slots; number++) {
		__u32 first = number * PAGE_SLOTS;

		err = bpf_map_lookup_elem(pins->traffic, &number, pages);
		for (int cpu = 0; !err && cpu < cpus; cpu++)
			sum_page(&snapshot->services[first], &pages[cpu], pins->slots - first);
	}
	free(pages);
	return err ? log_fail(err, "read the map traffic of %s", pins->directory) : 0;
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

static int read_unclassified(struct snapshot *snapshot, const struct pins *pins, int cpus)
{
	struct counter *counters = calloc((size_t)cpus, sizeof(*counters));
	int err = counters ? 0 : -ENOMEM;

	for (__u32 reason = 0; !err && reason < REASON_MAX; reason++) {
		err = bpf_map_lookup_elem(pins->unclassified, &reason, counters);
		for (int cpu = 0; !err && cpu < cpus; cpu++)
			counter_add(&snapshot->unclassified[DIRECTION_RX][reason], &counters[cpu]);
	}
	free(counters);
	return err ? log_fail(err, "read the map unclassified of %s", pins->directory) : 0;
}

int snapshot_read(struct snapshot *snapshot, const struct pins *pins)
{
	int cpus = libbpf_num_possible_cpus();
	int err;

	*snapshot = (struct snapshot){ .ifindex = pins->ifindex, .taken = now() };
	memcpy(snapshot->interface, pins->interface, sizeof(snapshot->interface));
	if (cpus < 0)
		return log_fail(cpus, "count the possible CPUs");
	err = read_traffic(snapshot, pins, cpus);
	if (!err)
		err = read_assignments(snapshot, pins);
	if (!err)
		err = read_info(snapshot, pins);
	if (!err)
		err = read_unclassified(snapshot, pins, cpus);
	if (err)
		snapshot_close(snapshot);
	return err;
}
