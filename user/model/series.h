/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which services of an interface have time series of their own. The others are summed up as
 * one, so that sums stay exact.
 *
 * Services of an overlay always have, and so have ports without a service, by their status.
 * Of the registry's services so many as there are places: who counts first, the busiest of
 * those that begin together. A place is given back after a day of silence; what was counted
 * there stays, among the others, and a service that returns begins a new series from zero. So no
 * series goes backwards, the sum of the others neither, unless the interface itself began anew
 * or the number of places changed.
 */
#ifndef PORTCLASS_SERIES_H
#define PORTCLASS_SERIES_H

#include "model/snapshot.h"

/* These are of the layout, and no enum's: what grows must not make it another. */
#define SERIES_VERSION	  3
#define SERIES_DIRECTIONS 2

/* Places beside the bound, for what is shown always, but was summed up before it was so. */
#define SERIES_MORE 256

#define SERIES_SILENCE (86400 * 1000000000ull) /* ns without a packet, and a place is free */

_Static_assert(DIRECTION_MAX <= SERIES_DIRECTIONS, "each direction has its judgements");

/* What has to be known of a service that has one. */
struct series_place {
	uint32_t slot;
	uint32_t taken;	     /* 1, or 0: the rest says nothing */
	uint64_t packets;    /* as of the last look */
	uint64_t changed;    /* ns of CLOCK_BOOTTIME: the last look that saw them change */
	struct traffic base; /* what is summed up with the others */
};

/*
 * What has been judged so far, of one interface. A pinned map holds it too, so that
 * an agent goes on where the one before it ended: all zero is nothing yet.
 */
struct series_state {
	uint64_t version; /* SERIES_VERSION */
	uint64_t since;	  /* of the snapshots judged: another one is another life */
	uint64_t max;
	uint8_t judgements[SERIES_DIRECTIONS][SLOTS_MAX];
	struct series_place places[]; /* of each direction max + SERIES_MORE */
};

/* Bytes of it. */
size_t series_state_size(unsigned int max);

/* The state of version 2. Before that it had no version, and the one direction that there was. */
struct series_state_second {
	uint64_t version;
	uint64_t since;
	uint64_t max;
	uint8_t judgements[SERIES_DIRECTIONS][SLOTS_MAX];
};

struct series_state_first {
	uint64_t since;
	uint64_t max;
	uint8_t judgements[SLOTS_MAX];
};

/* Turn an earlier layout into the present one; what was shown stays so. @state is all zero. */
void series_state_convert(struct series_state *state, const struct series_state_first *first);
void series_state_convert_second(struct series_state *state,
				 const struct series_state_second *second);

struct series;

/* @max: the places for services of the registry, in each direction. NULL: no memory. */
struct series *series_new(unsigned int max);
void series_free(struct series *series);

/* The bound it was made with. */
unsigned int series_max(const struct series *series);

/* Go on with @state of series_state_size() bytes, which is mapped, and unmapped in the end. */
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
 * Judge, and fold. @fold points into @snapshot; @now: ns of CLOCK_BOOTTIME. Returns 0 or
 * -ENOMEM; then nothing is judged.
 */
int series_fold_open(struct series_fold *fold, struct series *series,
		     const struct snapshot *snapshot, uint64_t now);

void series_fold_close(struct series_fold *fold);

/* Whether it has a series of its own, as judged last. */
bool series_shows(const struct series *series, const struct service *service);

/* What the label `service` says: the name, or without one the status. */
const char *series_service(const struct assignment *assignment);

#endif
