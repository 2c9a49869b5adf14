/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a node publishes: metrics, health, the API and the page.
 */
#ifndef PORTCLASS_DOCUMENTS_H
#define PORTCLASS_DOCUMENTS_H

#include "http/http_address.h"
#include "http/http_server.h"
#include "agent/board.h"

struct documents;

struct documents_options {
	const char *listen; /* as http_address_parse() takes it */
	struct http_limits limits;
	const struct words *hosts; /* names that requests may be for; NULL: none given */
	const char *file;	   /* where to give more */
};

/*
 * Serve what is on @board, as long as @base runs, which board_end() ends. Returns 0 or
 * -errno, said, or OUTCOME_USAGE: it is no address.
 */
int documents_open(struct documents **opened, struct event_base *base,
		   const struct documents_options *options, struct board *board);

/* NULL is fine. */
void documents_close(struct documents *documents);

/* Where it listens, the port too that the kernel chose. */
struct http_address documents_address(const struct documents *documents);

#endif
