/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What changed from one compiled registry to another.
 */
#ifndef PORTCLASS_DIFFERENCE_H
#define PORTCLASS_DIFFERENCE_H

#include "port_table.h"

enum change_kind {
	CHANGE_ADDED,	/* a service where there was none */
	CHANGE_REMOVED, /* no service where there was one */
	CHANGE_CHANGED, /* another service, aliases, origin, or status without one */
	CHANGE_MAX,
};

/* The same change on neighbouring ports of one class, both ends included. */
struct change {
	enum change_kind kind;
	enum transport transport;
	uint16_t first;
	uint16_t last;
	/* Of `first`; those of the other ports differ in their ports at most. */
	const struct assignment *before;
	const struct assignment *after;
};

/* A zeroed one is closed. */
struct difference {
	struct change *changes; /* by first port, then transport; owned */
	size_t count;
	size_t capacity;
};

const char *change_kind_name(enum change_kind kind);

/*
 * Compare two tables, which must outlive @difference. Returns 0 or -ENOMEM; on
 * failure @difference is closed.
 */
int difference_open(struct difference *difference, const struct port_table *before,
		    const struct port_table *after);

void difference_close(struct difference *difference);

#endif
