// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Keep the slots of what stays, give free ones to what is new, retire the rest.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slots.h"

bool slots_is_sound(const struct assignment *assignment)
{
	return assignment->transport < TRANSPORT_MAX && assignment->class < CLASS_MAX &&
	       assignment->status < STATUS_MAX && assignment->origin < ORIGIN_MAX &&
	       !assignment->service[SERVICE_SIZE - 1] && !assignment->aliases[ALIASES_SIZE - 1];
}

enum status slots_former_status(const struct assignment *assignment)
{
	enum status status = STATUS_ASSIGNED;

	if (assignment->status != STATUS_RETIRED)
		return assignment->status;
	if (assignment->service[0])
		return STATUS_ASSIGNED;
	while (status < STATUS_RETIRED &&
	       strncmp(assignment->aliases, status_name(status), ALIASES_SIZE))
		status++;
	return status;
}

static void retire(struct assignment *assignment)
{
	if (assignment->status == STATUS_RETIRED)
		return;
	if (!assignment->service[0])
		snprintf(assignment->aliases, sizeof(assignment->aliases), "%s",
			 status_name(assignment->status));
	assignment->status = STATUS_RETIRED;
}

static uint64_t number_of(const struct assignment *assignment)
{
	return (uint64_t)slots_former_status(assignment) << 48 |
	       (uint64_t)assignment->transport << 32 | (uint64_t)assignment->first << 16 |
	       assignment->last;
}

/* What makes two assignments the same one. */
static int compare(const struct assignment *left, const struct assignment *right)
{
	uint64_t a = number_of(left), b = number_of(right);

	if (a != b)
		return a < b ? -1 : 1;
	return strncmp(left->service, right->service, SERVICE_SIZE);
}

static int compare_held(const void *left, const void *right)
{
	return compare(*(const struct assignment *const *)left,
		       *(const struct assignment *const *)right);
}

static int compare_key(const void *key, const void *held)
{
	return compare(key, *(const struct assignment *const *)held);
}

/* Pointers into @held, sorted; NULL: no memory. */
static const struct assignment **sort(const struct assignment *held, uint32_t count)
{
	const struct assignment **sorted = calloc(count + 1, sizeof(*sorted));

	for (uint32_t slot = 0; sorted && slot < count; slot++)
		sorted[slot] = &held[slot];
	if (sorted)
		qsort(sorted, count, sizeof(*sorted), compare_held);
	return sorted;
}

/* Begin with what is held, all of it retired. */
static int begin(struct slots *slots, const struct port_table *table, const struct assignment *held,
		 uint32_t held_count)
{
	*slots = (struct slots){
		.assignments = calloc(held_count + table->count, sizeof(*slots->assignments)),
		.count = held_count,
		.of_rank = calloc(table->count, sizeof(*slots->of_rank)),
	};
	if (!slots->assignments || !slots->of_rank)
		return -ENOMEM;
	for (uint32_t slot = 0; slot < held_count; slot++) {
		if (!slots_is_sound(&held[slot]))
			return -EPROTO;
		slots->assignments[slot] = held[slot];
		retire(&slots->assignments[slot]);
	}
	return 0;
}

static int place_all(struct slots *slots, const struct port_table *table,
		     const struct assignment *held, uint32_t held_count)
{
	const struct assignment **sorted = sort(held, held_count);

	if (!sorted)
		return -ENOMEM;
	for (uint32_t rank = 0; rank < table->count; rank++) {
		const struct assignment *assignment = &table->assignments[rank];
		const struct assignment **same =
			bsearch(assignment, sorted, held_count, sizeof(*sorted), compare_key);
		uint32_t slot = same ? (uint32_t)(*same - held) : slots->count++;

		slots->assignments[slot] = *assignment;
		slots->of_rank[rank] = (uint16_t)slot;
	}
	free(sorted);
	return 0;
}

int slots_open(struct slots *slots, const struct port_table *table, const struct assignment *held,
	       uint32_t held_count, uint32_t capacity)
{
	int err = begin(slots, table, held, held_count);

	if (!err)
		err = place_all(slots, table, held, held_count);
	if (!err && slots->count > capacity)
		err = -ENOSPC;
	if (err)
		slots_close(slots);
	return err;
}

void slots_close(struct slots *slots)
{
	free(slots->assignments);
	free(slots->of_rank);
	*slots = (struct slots){ 0 };
}

void slots_write_entries(const struct slots *slots, const struct port_table *table,
			 uint32_t entries[TRANSPORT_MAX][PORTS_MAX])
{
	for (int transport = 0; transport < TRANSPORT_MAX; transport++)
		for (uint32_t port = 0; port < PORTS_MAX; port++) {
			uint32_t rank = ENTRY_SLOT(table->entries[transport][port]);

			entries[transport][port] = ENTRY(rank, slots->of_rank[rank]);
		}
}

uint32_t slots_in_use(const struct assignment *assignments, uint32_t capacity)
{
	static const struct assignment empty;

	while (capacity && !memcmp(&assignments[capacity - 1], &empty, sizeof(empty)))
		capacity--;
	return capacity;
}
