// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Slots through a life of many tables: they stay, and nothing shares one.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "compiled.h"
#include "slots.h"

#define ROWS_MAX 120
#define ROW_SIZE 48
#define TABLES	 60
#define CAPACITY SHIPPED_SLOTS

/* What the pinned map holds, as the swaps leave it. */
struct pinned {
	struct assignment rows[CAPACITY];
	uint32_t count;
};

/* What a slot was first given to: it must never be another's. */
struct history {
	struct assignment owners[CAPACITY];
	uint32_t count;
};

static unsigned int seed;

static unsigned int below(unsigned int limit)
{
	return (unsigned int)rand_r(&seed) % limit;
}

/* Rows of names and ports out of so few that they come, go and come back. */
static char *random_rows(void)
{
	static const char *const transports[] = { "tcp", "udp", "sctp", "dccp", "" };
	static const unsigned int bases[] = { 0, 1000, 1020, 32700, 40000, 49100 };
	char *text = malloc(ROWS_MAX * ROW_SIZE), *end = text;

	assert_non_null(text);
	*end = '\0';
	for (unsigned int left = 1 + below(ROWS_MAX - 1); left; left--) {
		unsigned int first = bases[below(6)] + below(12), last = first + below(3);
		const char *transport = transports[below(5)];

		switch (below(8)) {
		case 0:
			end += sprintf(end, ",%u-%u,%s,Reserved,,\n", first, last, transport);
			break;
		case 1:
			end += sprintf(end, ",%u-%u,%s,Unassigned,,\n", first, last, transport);
			break;
		default:
			end += sprintf(end, "s%u,%u-%u,%s,,,\n", below(4), first, last, transport);
		}
	}
	return text;
}

static struct compiled *random_table(void)
{
	struct compiled *compiled = compiled_new();
	char *rows = random_rows();

	compiled_parse_rows(compiled, rows);
	free(rows);
	if (below(2))
		compiled_parse_overlay(compiled, "mine 1001/tcp\nours 60000-60002/udp\n",
				       "services");
	compiled->input.ephemeral_first = below(3) ? 32768 : 32710;
	compiled->input.ephemeral_last = below(3) ? 60999 : 40010;
	assert_int_equal(compiled_compile(compiled), 0);
	return compiled;
}

static bool is_same(const struct assignment *left, const struct assignment *right)
{
	return left->transport == right->transport && left->first == right->first &&
	       left->last == right->last && !strcmp(left->service, right->service) &&
	       slots_former_status(left) == slots_former_status(right);
}

/* A new slot is of nobody else; an old one of whom it was. */
static void check_rows(const struct slots *slots, struct history *history)
{
	assert_in_range(slots->count, history->count, CAPACITY);
	for (uint32_t slot = 0; slot < history->count; slot++)
		if (!is_same(&slots->assignments[slot], &history->owners[slot]))
			fail_msg("slot %u of '%s' is now of '%s'", slot,
				 history->owners[slot].service, slots->assignments[slot].service);
	for (uint32_t slot = history->count; slot < slots->count; slot++) {
		const struct assignment *row = &slots->assignments[slot];

		for (uint32_t other = 0; other < slot; other++)
			if (is_same(row, &slots->assignments[other]))
				fail_msg("slots %u and %u are both of '%s'", other, slot,
					 row->service);
		history->owners[slot] = *row;
	}
	history->count = slots->count;
}

/* Ranks are the table's, and each port is counted where its assignment's row is. */
static void check_entries(const struct slots *slots, const struct port_table *table)
{
	static uint32_t entries[TRANSPORT_MAX][PORTS_MAX];
	uint32_t used = 0, retired = 0;

	slots_write_entries(slots, table, entries);
	for (enum transport transport = 0; transport < TRANSPORT_MAX; transport++)
		for (uint32_t port = 0; port < PORTS_MAX; port++) {
			uint32_t entry = entries[transport][port];
			const struct assignment *want =
				port_table_find(table, transport, (uint16_t)port);

			assert_int_equal(entry >> 16, table->entries[transport][port] >> 16);
			assert_in_range(ENTRY_SLOT(entry), 0, slots->count - 1);
			assert_memory_equal(&slots->assignments[ENTRY_SLOT(entry)], want,
					    sizeof(*want));
		}
	for (uint32_t slot = 0; slot < slots->count; slot++)
		if (slots->assignments[slot].status == STATUS_RETIRED)
			retired++;
		else
			used++;
	assert_int_equal(used, table->count);
	assert_int_equal(retired, slots->count - table->count);
}

static void pin(struct pinned *pinned, const struct slots *slots)
{
	memcpy(pinned->rows, slots->assignments, slots->count * sizeof(*pinned->rows));
	pinned->count = slots_in_use(pinned->rows, CAPACITY);
	assert_int_equal(pinned->count, slots->count);
}

static void slots_stay_through_random_tables(void **state)
{
	static struct history history;
	static struct pinned pinned;

	(void)state;
	seed = 1;
	for (int round = 0; round < TABLES; round++) {
		struct compiled *compiled = random_table();
		struct slots slots;

		compiled_check(compiled, "random");
		assert_int_equal(slots_open(&slots, &compiled->table,
					    &(struct slots_held){ pinned.rows, NULL, pinned.count },
					    CAPACITY),
				 0);
		check_entries(&slots, &compiled->table);
		check_rows(&slots, &history);
		pin(&pinned, &slots);
		slots_close(&slots);
		compiled_free(compiled);
	}
}

/* Compile @rows and place them; what was held before is replaced. */
static int place(struct pinned *pinned, const char *rows, const char *overlay, uint32_t capacity)
{
	struct compiled *compiled = compiled_new();
	struct slots slots;
	int err;

	compiled_parse_rows(compiled, rows);
	if (overlay)
		compiled_parse_overlay(compiled, overlay, "services");
	assert_int_equal(compiled_compile(compiled), 0);
	err = slots_open(&slots, &compiled->table,
			 &(struct slots_held){ pinned->rows, NULL, pinned->count }, capacity);
	if (err) {
		assert_null(slots.assignments);
		assert_null(slots.of_rank);
	} else {
		pin(pinned, &slots);
	}
	slots_close(&slots);
	compiled_free(compiled);
	return err;
}

/* The slot of the assignment with this service and first port. */
static uint32_t slot_of(const struct pinned *pinned, const char *service, uint16_t first)
{
	for (uint32_t slot = 0; slot < pinned->count; slot++)
		if (!strcmp(pinned->rows[slot].service, service) &&
		    pinned->rows[slot].first == first)
			return slot;
	fail_msg("no %s at %u", service, first);
	return 0;
}

static void check_status(const struct pinned *pinned, uint32_t slot, enum status status,
			 enum status former)
{
	assert_int_equal(pinned->rows[slot].status, status);
	assert_int_equal(slots_former_status(&pinned->rows[slot]), former);
}

static void the_first_table_has_its_ranks_for_slots(void **state)
{
	static struct pinned pinned;

	(void)state;
	assert_int_equal(place(&pinned, "https,443,tcp,,,\nhttp,80,tcp,,,\n", NULL, CAPACITY), 0);
	assert_int_equal(slot_of(&pinned, "http", 80), 0);
	assert_int_equal(slot_of(&pinned, "https", 443), 1);
}

static void what_vanishes_is_retired_and_comes_back_to_its_slot(void **state)
{
	static struct pinned pinned;
	uint32_t gopher, count;

	(void)state;
	assert_int_equal(place(&pinned, "gopher,70,tcp,,,\nhttp,80,tcp,,,\n", NULL, CAPACITY), 0);
	gopher = slot_of(&pinned, "gopher", 70);
	count = pinned.count;
	assert_int_equal(place(&pinned, "http,80,tcp,,,\n", NULL, CAPACITY), 0);
	check_status(&pinned, gopher, STATUS_RETIRED, STATUS_ASSIGNED);
	assert_int_equal(place(&pinned, "http,80,tcp,,,\nnew,90,tcp,,,\n", NULL, CAPACITY), 0);
	assert_int_equal(slot_of(&pinned, "new", 90), count);
	assert_int_equal(place(&pinned, "gopher,70,tcp,,,\nhttp,80,tcp,,,\n", NULL, CAPACITY), 0);
	check_status(&pinned, gopher, STATUS_ASSIGNED, STATUS_ASSIGNED);
	check_status(&pinned, count, STATUS_RETIRED, STATUS_ASSIGNED);
	assert_int_equal(pinned.count, count + 1);
}

/* Another name, or other ports, is another service. */
static void a_changed_assignment_is_a_new_one(void **state)
{
	static struct pinned pinned;
	uint32_t before;

	(void)state;
	assert_int_equal(place(&pinned, "old,70,tcp,,,\nwide,6000-6003,tcp,,,\n", NULL, CAPACITY),
			 0);
	before = pinned.count;
	assert_int_equal(place(&pinned, "new,70,tcp,,,\nwide,6000-6004,tcp,,,\n", NULL, CAPACITY),
			 0);
	assert_int_equal(pinned.count, before + 2);
	check_status(&pinned, slot_of(&pinned, "old", 70), STATUS_RETIRED, STATUS_ASSIGNED);
	assert_in_range(slot_of(&pinned, "new", 70), before, before + 1);
}

/* Whose word it is, and what else it is called, may change in place. */
static void origin_and_aliases_change_in_the_same_slot(void **state)
{
	static struct pinned pinned;
	uint32_t slot;

	(void)state;
	assert_int_equal(place(&pinned, "http,80,tcp,,,\n", NULL, CAPACITY), 0);
	slot = slot_of(&pinned, "http", 80);
	assert_int_equal(place(&pinned, "http,80,tcp,,,\n", "http 80/tcp www\n", CAPACITY), 0);
	assert_int_equal(slot_of(&pinned, "http", 80), slot);
	assert_int_equal(pinned.rows[slot].origin, ORIGIN_OVERLAY);
	assert_string_equal(pinned.rows[slot].aliases, "www");
}

/* Reserved and unassigned system ports differ in nothing but their status. */
static void nameless_ones_are_told_apart_after_retirement(void **state)
{
	static const char *const rows[] = { ",5,tcp,Reserved,,\n", ",0-1023,tcp,Reserved,,\n",
					    "all,0-1023,tcp,,,\n", ",5,tcp,Reserved,,\n" };
	static struct pinned pinned;
	uint32_t reserved = CAPACITY, unassigned = CAPACITY;

	(void)state;
	assert_int_equal(place(&pinned, rows[0], NULL, CAPACITY), 0);
	for (uint32_t slot = 0; slot < pinned.count; slot++) {
		const struct assignment *row = &pinned.rows[slot];

		if (row->transport == TRANSPORT_TCP && row->class == CLASS_SYSTEM)
			*(row->status == STATUS_RESERVED ? &reserved : &unassigned) = slot;
	}
	assert_int_equal(place(&pinned, rows[1], NULL, CAPACITY), 0);
	check_status(&pinned, reserved, STATUS_RESERVED, STATUS_RESERVED);
	check_status(&pinned, unassigned, STATUS_RETIRED, STATUS_UNASSIGNED);
	assert_int_equal(place(&pinned, rows[2], NULL, CAPACITY), 0);
	check_status(&pinned, reserved, STATUS_RETIRED, STATUS_RESERVED);
	check_status(&pinned, unassigned, STATUS_RETIRED, STATUS_UNASSIGNED);
	assert_int_equal(place(&pinned, rows[3], NULL, CAPACITY), 0);
	check_status(&pinned, reserved, STATUS_RESERVED, STATUS_RESERVED);
	check_status(&pinned, unassigned, STATUS_UNASSIGNED, STATUS_UNASSIGNED);
	assert_string_equal(pinned.rows[unassigned].aliases, "");
}

static void more_than_there_is_room_for_is_refused(void **state)
{
	static struct pinned pinned;
	uint32_t count;

	(void)state;
	assert_int_equal(place(&pinned, "http,80,tcp,,,\n", NULL, CAPACITY), 0);
	count = pinned.count;
	assert_int_equal(place(&pinned, "http,80,tcp,,,\n", NULL, count), 0);
	assert_int_equal(place(&pinned, "https,443,tcp,,,\n", NULL, count), -ENOSPC);
	assert_int_equal(place(&pinned, "https,443,tcp,,,\n", NULL, count + 1), 0);
	assert_int_equal(place(&pinned, "http,80,tcp,,,\n", NULL, count + 1), 0);
	assert_int_equal(place(&pinned, "ssh,22,tcp,,,\n", NULL, count + 1), -ENOSPC);
}

/* A writer killed within a row leaves part of it: nobody takes it for another's. */
static void a_row_cut_short_is_retired(void **state)
{
	static struct pinned pinned;
	struct assignment *row;

	(void)state;
	assert_int_equal(place(&pinned, "http,80,tcp,,,\n", NULL, CAPACITY), 0);
	row = &pinned.rows[pinned.count++];
	memcpy(row->service, "htt", 3);
	assert_int_equal(place(&pinned, "http,80,tcp,,,\nhttps,443,tcp,,,\n", NULL, CAPACITY), 0);
	assert_int_equal(row->status, STATUS_RETIRED);
	assert_string_equal(row[1].service, "https");
}

/* The overlay's rows are others each time; what counted is kept for ever. */
static void retired_slots_that_never_counted_are_used_again(void **state)
{
	static bool counted[CAPACITY];
	static struct pinned pinned;
	char rows[64 * 16];

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct compiled *compiled = compiled_new();
		struct slots slots;
		size_t used = 0;

		for (int row = 0; row < 16; row++)
			used += (size_t)snprintf(rows + used, sizeof(rows) - used,
						 "r%d-%d %d/udp\n", round, row, 4000 + row);
		compiled_parse_rows(compiled, "http,80,tcp,,,\n");
		compiled_parse_overlay(compiled, rows, "services");
		assert_int_equal(compiled_compile(compiled), 0);
		assert_int_equal(
			slots_open(&slots, &compiled->table,
				   &(struct slots_held){ pinned.rows, counted, pinned.count },
				   CAPACITY),
			0);
		check_entries(&slots, &compiled->table);
		pin(&pinned, &slots);
		slots_close(&slots);
		compiled_free(compiled);
		if (round < 5) {
			snprintf(rows, sizeof(rows), "r%d-0", round);
			counted[slot_of(&pinned, rows, 4000)] = true;
		}
	}
	for (int round = 0; round < 5; round++) {
		snprintf(rows, sizeof(rows), "r%d-0", round);
		assert_true(counted[slot_of(&pinned, rows, 4000)]);
	}
	/* Two lots of rows in turn, what counted, and what has no name. */
	assert_true(pinned.count < 2 * 16 + 5 + 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(retired_slots_that_never_counted_are_used_again),
		cmocka_unit_test(slots_stay_through_random_tables),
		cmocka_unit_test(the_first_table_has_its_ranks_for_slots),
		cmocka_unit_test(what_vanishes_is_retired_and_comes_back_to_its_slot),
		cmocka_unit_test(a_changed_assignment_is_a_new_one),
		cmocka_unit_test(origin_and_aliases_change_in_the_same_slot),
		cmocka_unit_test(nameless_ones_are_told_apart_after_retirement),
		cmocka_unit_test(more_than_there_is_room_for_is_refused),
		cmocka_unit_test(a_row_cut_short_is_retired),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
