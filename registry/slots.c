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
static int begin(struct slots *slots, const struct port_table *table, const struct slots_held *held)
{
	*slots = (struct slots){
		.assignments = calloc(held->count + table->count, sizeof(*slots->assignments)),
		.count = held->count,
		.of_rank = calloc(table->count, sizeof(*slots->of_rank)),
	};
	if (!slots->assignments || !slots->of_rank)
		return -ENOMEM;
	for (uint32_t slot = 0; slot < held->count; slot++) {
		if (!slots_is_sound(&held->assignments[slot]))
			return -EPROTO;
		slots->assignments[slot] = held->assignments[slot];
		retire(&slots->assignments[slot]);
	}
	return 0;
}

/* In two rounds: who had a slot has it, before others look for one. */
struct placing {
	struct slots *slots;
	const struct slots_held *held;
	bool *taken;   /* by slot that is held */
	uint32_t next; /* held slot to look at for one to use again */
};

/*
 * Retired before, it is in no table that runs, so nothing counts there while it changes hands;
 * and who reads zeroes under one name or another reads the same.
 */
static bool is_free(const struct placing *placing, uint32_t slot)
{
	const struct slots_held *held = placing->held;

	return held->assignments[slot].status == STATUS_RETIRED && held->counted &&
	       !held->counted[slot] && !placing->taken[slot];
}

static uint32_t new_slot(struct placing *placing)
{
	while (placing->next < placing->held->count && !is_free(placing, placing->next))
		placing->next++;
	return placing->next < placing->held->count ? placing->next++ : placing->slots->count++;
}

static void put(struct placing *placing, const struct port_table *table, uint32_t rank,
		uint32_t slot)
{
	placing->slots->assignments[slot] = table->assignments[rank];
	placing->slots->of_rank[rank] = (uint16_t)slot;
	if (slot < placing->held->count)
		placing->taken[slot] = true;
}

/* @sorted: what is held. @is_new, by rank: is set where nothing held is the same. */
static void place_same(struct placing *placing, const struct port_table *table,
		       const struct assignment **sorted, bool *is_new)
{
	for (uint32_t rank = 0; rank < table->count; rank++) {
		const struct assignment **same =
			bsearch(&table->assignments[rank], sorted, placing->held->count,
				sizeof(*sorted), compare_key);

		is_new[rank] = !same;
		if (same)
			put(placing, table, rank, (uint32_t)(*same - placing->held->assignments));
	}
}

static int place_all(struct slots *slots, const struct port_table *table,
		     const struct slots_held *held)
{
	const struct assignment **sorted = sort(held->assignments, held->count);
	struct placing placing = { slots, held, calloc(held->count + 1, sizeof(bool)), 0 };
	bool *is_new = calloc(table->count, sizeof(*is_new));
	bool complete = sorted && placing.taken && is_new;

	if (complete)
		place_same(&placing, table, sorted, is_new);
	for (uint32_t rank = 0; complete && rank < table->count; rank++)
		if (is_new[rank])
			put(&placing, table, rank, new_slot(&placing));
	free(sorted);
	free(placing.taken);
	free(is_new);
	return complete ? 0 : -ENOMEM;
}

int slots_open(struct slots *slots, const struct port_table *table, const struct slots_held *held,
	       uint32_t capacity)
{
	int err = begin(slots, table, held);

	if (!err)
		err = place_all(slots, table, held);
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
