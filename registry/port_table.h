/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The compiled registry, ready for the kernel: each of 4 x 65,536 (transport,
 * port) belongs to exactly one assignment, and the assignments are ranked.
 */
#ifndef PORTCLASS_PORT_TABLE_H
#define PORTCLASS_PORT_TABLE_H

#include "registry.h"

/* Linux takes its own ports from here: net.ipv4.ip_local_port_range. */
#define EPHEMERAL_FIRST_DEFAULT 32768
#define EPHEMERAL_LAST_DEFAULT	60999

/* What to compile. The registries must outlive the port table. */
struct port_table_input {
	const struct registry *registry;
	const struct registry *overlays; /* a later one beats an earlier one */
	size_t overlays_count;
	uint16_t ephemeral_first; /* both included */
	uint16_t ephemeral_last;
};

/* A zeroed one is closed. */
struct port_table {
	/* ENTRY(rank, slot), as bpf/maps.h has it */
	uint32_t entries[TRANSPORT_MAX][PORTS_MAX];
	/* The row that decided; NULL: no file lists the port. */
	const struct record *records[TRANSPORT_MAX][PORTS_MAX];
	struct assignment *assignments; /* by slot, owned */
	uint32_t count;			/* of slots: 1 to SLOTS_MAX */
};

/*
 * Compile. Returns 0, -EBADMSG (said through @diagnostics: a registry without rows,
 * more assignments than 16 bits hold), -ENOMEM, or -EINVAL for an ephemeral range
 * that ends before it begins; on failure @table is closed.
 */
int port_table_compile(struct port_table *table, const struct port_table_input *input,
		       struct diagnostics *diagnostics);

void port_table_close(struct port_table *table);

/* The assignment of a (transport, port); never NULL. */
const struct assignment *port_table_find(const struct port_table *table, enum transport transport,
					 uint16_t port);

/* What `info` says of a table made from @input; since and netns stay zero. */
struct info port_table_info(const struct port_table *table, const struct port_table_input *input,
			    enum count_by count_by);

#endif
