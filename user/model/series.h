/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which services of an interface have time series of their own. Their number is
 * bounded; the others are summed up as one, so that sums stay exact.
 *
 * A service is judged once, when it first counts something: there is room for it
 * or it is folded, and so it stays. So no series goes backwards, the sum of the
 * others neither, unless the interface itself began anew or the bound changed.
 */
#ifndef PORTCLASS_SERIES_H
#define PORTCLASS_SERIES_H

#include "model/snapshot.h"

/* Both are of the layout, and no enum's: what grows must not make it another. */
#define SERIES_VERSION	  2
#define SERIES_DIRECTIONS 2

_Static_assert(DIRECTION_MAX <= SERIES_DIRECTIONS, "each direction has its judgements");

/*
 * What has been judged so far, of one interface. A pinned map holds it too, so that
 * an agent goes on where the one before it ended: all zero is nothing yet.
 */
struct series_state {
	uint64_t version; /* SERIES_VERSION */
	uint64_t since;	  /* of the snapshots judged: another one is another life */
	uint64_t max;
	uint8_t judgements[SERIES_DIRECTIONS][SLOTS_MAX];
};

/* The state before it had a version, with the one direction that there was. */
struct series_state_first {
	uint64_t since;
	uint64_t max;
	uint8_t judgements[SLOTS_MAX];
};

/* Turn the first layout into the present one. */
void series_state_convert(struct series_state *state, const struct series_state_first *first);

struct series;

/* @max: services with series of their own, in each direction. NULL: no memory. */
struct series *series_new(unsigned int max);
void series_free(struct series *series);

/* Go on with @state, which is mapped, and unmapped in the end. */
void series_resume(struct series *series, struct series_state *state);

/* One service, or what a swap of the registry made of it: labels are never twice. */
struct series_line {
	enum direction direction;
	const struct assignment *assignment; /* in the snapshot */
	struct traffic traffic;
};

/* A snapshot, folded. A zeroed one is closed. */
struct series_fold {
	struct series_line *lines; /* by direction, transport, port; owned */
	size_t count;
	struct traffic other[DIRECTION_MAX][TRANSPORT_MAX];
	size_t folded[DIRECTION_MAX]; /* how many services are in `other` */
};

/*
 * Judge what counts for the first time (overlays first, then the busiest), and
 * fold. @fold points into @snapshot. Returns 0 or -ENOMEM; then nothing is judged.
 */
int series_fold_open(struct series_fold *fold, struct series *series,
		     const struct snapshot *snapshot);

void series_fold_close(struct series_fold *fold);

/* Whether it has a series of its own, as judged last. */
bool series_shows(const struct series *series, const struct service *service);

/* What the label `service` says: the name, or without one the status. */
const char *series_service(const struct assignment *assignment);

#endif
