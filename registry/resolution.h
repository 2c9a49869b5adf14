/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which row of the files wins each (transport, port), and what else it is called.
 */
#ifndef PORTCLASS_RESOLUTION_H
#define PORTCLASS_RESOLUTION_H

#include "alias_sets.h"
#include "port_table.h"

/* A zeroed one is closed. */
struct resolution {
	const struct registry *registry;	    /* what is no overlay */
	const struct record *(*records)[PORTS_MAX]; /* NULL: no row; not owned */
	uint32_t (*aliases)[PORTS_MAX];		    /* set in `sets`, owned */
	struct alias_sets sets;
};

/*
 * Fill @records, zeroed and [TRANSPORT_MAX], with the rows that win. Returns 0 or
 * -ENOMEM; on failure @resolution is closed.
 */
int resolution_open(struct resolution *resolution, const struct record *(*records)[PORTS_MAX],
		    const struct port_table_input *input, struct diagnostics *diagnostics);

void resolution_close(struct resolution *resolution);

/* How many ports a row speaks of, less one. */
unsigned int resolution_width(const struct record *record);

/* The transports a row stands for, as 1 << enum transport: never none. */
uint8_t resolution_transports(const struct record *record);

/* What the row says of its ports; @record may be NULL: no row says anything. */
enum status resolution_status(const struct record *record);

/* The first RFC that a row refers to, "RFC8314] and more"; NULL: none. */
const char *resolution_rfc(const struct record *record);

#endif
