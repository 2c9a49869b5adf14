// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What follows from a snapshot by arithmetic alone. Filling one is the kernel's room's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "slots.h"
#include "model/snapshot.h"

const char *direction_name(enum direction direction)
{
	static const char *const names[DIRECTION_MAX] = { [DIRECTION_RX] = "rx" };

	return names[direction];
}

void snapshot_close(struct snapshot *snapshot)
{
	if (snapshot->mapped)
		munmap(snapshot->assignments, snapshot->mapped);
	else
		free(snapshot->assignments);
	free(snapshot->services);
	*snapshot = (struct snapshot){ 0 };
}

static bool ends(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

bool snapshot_is_sound(const struct snapshot *snapshot)
{
	const struct info *info = &snapshot->info;

	for (size_t i = 0; i < snapshot->count; i++)
		if (!slots_is_sound(snapshot->services[i].assignment))
			return false;
	return info->count_by < COUNT_BY_MAX && info->link_layer < LINK_LAYER_MAX &&
	       ends(info->registry_name, sizeof(info->registry_name)) &&
	       ends(info->registry_date, sizeof(info->registry_date));
}

void counter_add(struct counter *sum, const struct counter *counter)
{
	sum->packets += counter->packets;
	sum->bytes += counter->bytes;
}

/* Add, and tell whether a sum went round. */
static bool overflows(struct counter *sum, const struct counter *counter)
{
	counter_add(sum, counter);
	return sum->packets < counter->packets || sum->bytes < counter->bytes;
}

struct counter service_sum(const struct service *service)
{
	struct counter sum = service->traffic.to;

	counter_add(&sum, &service->traffic.from);
	return sum;
}

struct counter snapshot_class(const struct snapshot *snapshot, enum direction direction,
			      enum class class)
{
	struct counter sum = { 0 };

	for (size_t i = 0; i < snapshot->count; i++) {
		const struct service *service = &snapshot->services[i];

		if (service->direction != direction || service->assignment->class != class)
			continue;
		counter_add(&sum, &service->traffic.to);
		counter_add(&sum, &service->traffic.from);
	}
	return sum;
}

struct counter snapshot_total(const struct snapshot *snapshot, enum direction direction)
{
	struct counter sum = { 0 };

	for (size_t i = 0; i < snapshot->count; i++) {
		if (snapshot->services[i].direction != direction)
			continue;
		counter_add(&sum, &snapshot->services[i].traffic.to);
		counter_add(&sum, &snapshot->services[i].traffic.from);
	}
	for (int reason = 0; reason < REASON_MAX; reason++)
		counter_add(&sum, &snapshot->unclassified[direction][reason]);
	return sum;
}

bool snapshot_overflows(const struct snapshot *snapshot, enum direction direction)
{
	struct counter sum = { 0 };

	for (size_t i = 0; i < snapshot->count; i++) {
		const struct traffic *traffic = &snapshot->services[i].traffic;

		if (snapshot->services[i].direction == direction &&
		    (overflows(&sum, &traffic->to) || overflows(&sum, &traffic->from)))
			return true;
	}
	for (int reason = 0; reason < REASON_MAX; reason++)
		if (overflows(&sum, &snapshot->unclassified[direction][reason]))
			return true;
	return false;
}

/*
 * Counters go round at 2^64, so the difference is right if one did. Only what went back
 * is further away than half of that.
 */
static bool subtract(struct counter *counter, const struct counter *before)
{
	struct counter difference = { counter->packets - before->packets,
				      counter->bytes - before->bytes };

	if (difference.packets > INT64_MAX || difference.bytes > INT64_MAX)
		return false;
	*counter = difference;
	return true;
}

static uint64_t key_of(const struct service *service)
{
	return (uint64_t)service->direction << 32 | service->slot;
}

/* Both lists ascend by direction and slot; slots can come and go between them. */
static bool subtract_services(struct snapshot *snapshot, const struct snapshot *before)
{
	size_t old = 0;

	for (size_t i = 0; i < snapshot->count; i++) {
		struct service *service = &snapshot->services[i];
		const struct traffic *traffic;

		while (old < before->count && key_of(&before->services[old]) < key_of(service))
			old++;
		if (old == before->count || key_of(&before->services[old]) != key_of(service))
			continue;
		traffic = &before->services[old].traffic;
		if (!subtract(&service->traffic.to, &traffic->to) ||
		    !subtract(&service->traffic.from, &traffic->from))
			return false;
	}
	return true;
}

static bool subtract_unclassified(struct snapshot *snapshot, const struct snapshot *before)
{
	for (size_t i = 0; i < snapshot->directions_count; i++) {
		enum direction direction = snapshot->directions[i];

		for (int reason = 0; reason < REASON_MAX; reason++)
			if (!subtract(&snapshot->unclassified[direction][reason],
				      &before->unclassified[direction][reason]))
				return false;
	}
	return true;
}

static int copy(struct snapshot *to, const struct snapshot *from)
{
	struct service *services = calloc(from->count ? from->count : 1, sizeof(*services));

	if (!services)
		return -ENOMEM;
	*to = *from;
	to->services = services;
	to->assignments = NULL;
	to->mapped = 0;
	for (size_t i = 0; i < from->count; i++)
		services[i] = from->services[i];
	return 0;
}

int snapshot_difference(struct snapshot *difference, const struct snapshot *before,
			const struct snapshot *after)
{
	int err = copy(difference, after);

	if (err)
		return err;
	if (before->since == after->since && subtract_services(difference, before) &&
	    subtract_unclassified(difference, before))
		return 0;
	/* A counter that went backwards means new maps too: all of @before is of the old. */
	snapshot_close(difference);
	return copy(difference, after);
}
