/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a port table says of ports and names that somebody asks for.
 */
#ifndef PORTCLASS_FINDING_H
#define PORTCLASS_FINDING_H

#include "base/port_range.h"
#include "port_table.h"

/* Neighbouring ports of one transport that one row decided. */
struct finding {
	enum transport transport;
	struct port_range ports; /* all of a service's; without one, those asked for */
	const struct assignment *assignment;
	const struct record *record; /* NULL: no row lists them */
};

/* A zeroed one is closed. */
struct findings {
	struct finding *findings; /* owned */
	size_t count;
	size_t capacity;
};

/*
 * Append what is found, by port, then transport. TRANSPORT_MAX: all of them.
 * Both return 0 or -ENOMEM.
 */
int findings_of_ports(struct findings *findings, const struct port_table *table,
		      const struct port_range *ports, enum transport transport);

/* By the name of a service or an alias, whole, in any case. */
int findings_of_name(struct findings *findings, const struct port_table *table, const char *name);

/* The name of a service as its file has it, whole; without one empty. */
const char *finding_service(const struct finding *finding);

/*
 * As people ask: 443, 443/tcp, 6000-6063, a name. Also OUTCOME_USAGE: these can't be
 * ports, @fault says why; OUTCOME_NOT_FOUND: nothing has that name. Neither is said.
 */
int findings_of_word(struct findings *findings, const struct port_table *table, const char *word,
		     const char **fault);

void findings_close(struct findings *findings);

#endif
