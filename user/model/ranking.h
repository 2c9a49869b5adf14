/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The services of a snapshot that an output shows, in its order, and the sum of
 * those that it leaves out.
 */
#ifndef PORTCLASS_RANKING_H
#define PORTCLASS_RANKING_H

#include <stdbool.h>

#include "model/snapshot.h"

enum ranking_by {
	RANKING_BY_PACKETS, /* most first */
	RANKING_BY_BYTES,   /* most first */
	RANKING_BY_PORT,    /* lowest first */
	RANKING_BY_MAX,
};

/* "packets", "bytes", "port" */
const char *ranking_by_name(enum ranking_by by);

struct ranking_options {
	enum ranking_by by;
	unsigned int limit; /* 0: none */
	bool all;	    /* those too that counted nothing */
};

/* A zeroed one is closed. */
struct ranking {
	const struct service **services; /* owned; they point into the snapshot */
	size_t count;
	size_t omitted;			/* how many services the limit left out */
	struct traffic omitted_traffic; /* and what they counted */
};

/* Returns 0 or -ENOMEM. */
int ranking_open(struct ranking *ranking, const struct snapshot *snapshot, enum direction direction,
		 const struct ranking_options *options);

void ranking_close(struct ranking *ranking);

#endif
