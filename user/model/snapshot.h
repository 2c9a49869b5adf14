/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * All that an interface's maps said at one moment. Who reads the kernel fills it,
 * and every output prints it; a printer never sees a map.
 */
#ifndef PORTCLASS_SNAPSHOT_H
#define PORTCLASS_SNAPSHOT_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "base/clock.h"

/* Which way a frame goes through the interface. */
enum direction {
	DIRECTION_RX, /* it enters: XDP */
	DIRECTION_MAX,
};

const char *direction_name(enum direction direction);

/* What one assignment counted in one direction. */
struct service {
	enum direction direction;
	uint32_t slot;
	const struct assignment *assignment; /* the snapshot's */
	struct traffic traffic;
};

/* A zeroed one is closed. */
struct snapshot {
	char interface[IF_NAMESIZE]; /* empty: attached to none */
	unsigned int ifindex;	     /* 0: attached to none */
	uint64_t since;		     /* ns of clock_boot(), one for each life; 0: not known */
	struct instant taken;
	struct info info;
	enum direction directions[DIRECTION_MAX]; /* that are counted, each once */
	size_t directions_count;
	struct service *services; /* owned; every slot in use, by slot */
	size_t count;
	struct assignment *assignments; /* of the services; owned, see `mapped` */
	size_t mapped;			/* bytes of the assignments that are mapped; 0: allocated */
	struct counter unclassified[DIRECTION_MAX][REASON_MAX];
};

void snapshot_close(struct snapshot *snapshot);

/* Whether all that was read is what this version knows: the maps may be another's. */
bool snapshot_is_sound(const struct snapshot *snapshot);

void counter_add(struct counter *sum, const struct counter *counter);

/* Sums, and the conservation rule: the total is every frame the program saw. */
struct counter snapshot_class(const struct snapshot *snapshot, enum direction direction,
			      enum class class);
struct counter snapshot_total(const struct snapshot *snapshot, enum direction direction);
/* Whether that total has gone round at 2^64, and may be less than its parts. */
bool snapshot_overflows(const struct snapshot *snapshot, enum direction direction);
struct counter service_sum(const struct service *service);

/*
 * What was counted from @before to @after, as a snapshot of its own: all of
 * @after if the interface was attached anew in between. The assignments are those
 * of @after, which must outlive it.
 * Returns 0 or -ENOMEM.
 */
int snapshot_difference(struct snapshot *difference, const struct snapshot *before,
			const struct snapshot *after);

#endif
