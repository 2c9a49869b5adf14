/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where the assignments of a table are counted: an assignment keeps its slot as
 * long as the pins live, whatever tables come and go. Pure.
 */
#ifndef PORTCLASS_SLOTS_H
#define PORTCLASS_SLOTS_H

#include "port_table.h"

/* A zeroed one is closed. */
struct slots {
	struct assignment *assignments; /* by slot, the retired ones too; owned */
	uint32_t count;
	uint16_t *of_rank; /* the slots of the table's assignments; owned */
};

/* What pins have: the assignments by slot, and which of those have counted. */
struct slots_held {
	const struct assignment *assignments;
	const bool *counted; /* NULL: take it that all have */
	uint32_t count;
};

/*
 * Give each assignment of @table, fresh from port_table_compile(), its slot: the one that is
 * held for the same transport, ports and service (without one: status), retired or not; else one
 * that is retired already and has never counted; else the next free one below @capacity. What
 * @table lacks is retired. Returns 0, -ENOSPC, -EPROTO (one that is held is not sound)
 * or -ENOMEM; then @slots is closed.
 */
int slots_open(struct slots *slots, const struct port_table *table, const struct slots_held *held,
	       uint32_t capacity);

void slots_close(struct slots *slots);

/* The entries of @table with these slots. */
void slots_write_entries(const struct slots *slots, const struct port_table *table,
			 uint32_t entries[TRANSPORT_MAX][PORTS_MAX]);

/* Whether an assignment out of a map is one that this version knows, and its strings end. */
bool slots_is_sound(const struct assignment *assignment);

/* How many of @assignments are in use: those behind the last one are all zero. */
uint32_t slots_in_use(const struct assignment *assignments, uint32_t capacity);

/* The status, of a retired one that before; STATUS_RETIRED: not known. */
enum status slots_former_status(const struct assignment *assignment);

#endif
