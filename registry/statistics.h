/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a registry file holds, in numbers: the figures by which two readers, or
 * two editions, are compared.
 */
#ifndef PORTCLASS_STATISTICS_H
#define PORTCLASS_STATISTICS_H

#include "registry.h"

struct registry_statistics {
	unsigned int lines;   /* physical ones */
	unsigned int columns; /* 0: the format has none */
	size_t records;
	size_t multi_line_records;

	size_t transports[TRANSPORT_MAX]; /* records that name it */
	size_t without_transport;

	size_t single_ports; /* records with a port */
	size_t port_ranges;  /* with first-last, be it one port */
	size_t without_port;
	size_t reversed_ranges; /* 0 in whatever a reader let pass */
	size_t crossing_ranges; /* that touch two classes */
	size_t dynamic_records; /* that reach into the dynamic class */
	size_t unlisted_ports;	/* below the dynamic class, in no record */

	size_t named_with_port;		   /* records */
	size_t named_ports[TRANSPORT_MAX]; /* distinct; ranges port by port */
	size_t named_ports_without_transport;
	size_t named_ports_read; /* (port, transport), blank as tcp and udp */

	size_t names; /* distinct */
	size_t names_with_port;
	size_t longest_name;
	size_t alias_records;	      /* marked as alias of another name */
	size_t shared_ports;	      /* (port, transport) of more than one name */
	size_t shared_ports_unmarked; /* none of them marked as alias */
	size_t invalid_names;	      /* distinct, against RFC 6335 */
	size_t invalid_name_records;

	size_t nameless_with_transport;
	size_t nameless_without_transport;
	size_t unassigned;
	size_t reserved;
	size_t reserved_twins; /* with a port that another transport names */
	size_t free_form;
};

/* Returns 0 or -ENOMEM. */
int statistics_compute(struct registry_statistics *statistics, const struct registry *registry);

#endif
