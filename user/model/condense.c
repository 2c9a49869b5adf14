// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Copies what is shown, and adds up the rest.
 */
#include "model/condense.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct others {
	struct traffic sums[DIRECTION_MAX][TRANSPORT_MAX][CLASS_MAX];
};

/* RFC 6335, section 6 */
static const struct {
	__u16 first, last;
} ranges[CLASS_MAX] = {
	[CLASS_SYSTEM] = { 0, CLASS_USER_FIRST - 1 },
	[CLASS_USER] = { CLASS_USER_FIRST, CLASS_DYNAMIC_FIRST - 1 },
	[CLASS_DYNAMIC] = { CLASS_DYNAMIC_FIRST, PORTS_MAX - 1 },
};

static size_t count_shown(const struct snapshot *whole, const struct series *series)
{
	size_t count = 0;

	for (size_t i = 0; i < whole->count; i++)
		count += series_shows(series, &whole->services[i]);
	return count;
}

/* The next service of @kept, which has room for it: its row is a copy. */
static void append(struct snapshot *kept, const struct service *service,
		   const struct assignment *assignment)
{
	kept->assignments[kept->count] = *assignment;
	kept->services[kept->count] = *service;
	kept->services[kept->count].assignment = &kept->assignments[kept->count];
	kept->count++;
}

static void add_other(struct others *others, const struct service *service)
{
	const struct assignment *assignment = service->assignment;
	struct traffic *sum =
		&others->sums[service->direction][assignment->transport][assignment->class];

	counter_add(&sum->to, &service->traffic.to);
	counter_add(&sum->from, &service->traffic.from);
}

static void append_other(struct snapshot *kept, const struct others *others,
			 enum direction direction, enum transport transport, enum class class)
{
	const struct traffic *sum = &others->sums[direction][transport][class];
	const struct service service = { .direction = direction,
					 .slot = SLOTS_MAX,
					 .traffic = *sum };
	const struct assignment assignment = { .service = SERVICE_OTHER,
					       .first = ranges[class].first,
					       .last = ranges[class].last,
					       .transport = (__u8)transport,
					       .class = (__u8) class };

	if (sum->to.packets || sum->from.packets)
		append(kept, &service, &assignment);
}

static void append_others(struct snapshot *kept, const struct others *others)
{
	for (enum direction direction = 0; direction < DIRECTION_MAX; direction++)
		for (enum transport transport = 0; transport < TRANSPORT_MAX; transport++)
			for (enum class class = 0; class < CLASS_MAX; class ++)
				append_other(kept, others, direction, transport, class);
}

/* Services of @kept are in the order of @whole's, and lines are of some of them. */
static void follow(struct series_fold *fold, const struct snapshot *kept,
		   const struct snapshot *whole)
{
	for (size_t i = 0; i < fold->count; i++) {
		struct series_line *line = &fold->lines[i];
		size_t slot = (size_t)(line->assignment - whole->assignments);
		size_t low = 0, high = kept->count;

		while (high - low > 1) {
			size_t middle = (low + high) / 2;

			if (kept->services[middle].slot <= slot)
				low = middle;
			else
				high = middle;
		}
		line->assignment = kept->services[low].assignment;
	}
}

int snapshot_condense(struct snapshot *kept, const struct snapshot *whole,
		      const struct series *series, struct series_fold *fold)
{
	const size_t most =
		count_shown(whole, series) + (size_t)DIRECTION_MAX * TRANSPORT_MAX * CLASS_MAX;
	struct others others = { 0 };

	*kept = *whole;
	kept->mapped = 0;
	kept->count = 0;
	kept->services = calloc(most, sizeof(*kept->services));
	kept->assignments = calloc(most, sizeof(*kept->assignments));
	if (!kept->services || !kept->assignments) {
		snapshot_close(kept);
		return -ENOMEM;
	}
	for (size_t i = 0; i < whole->count; i++) {
		const struct service *service = &whole->services[i];

		if (series_shows(series, service))
			append(kept, service, service->assignment);
		else
			add_other(&others, service);
	}
	append_others(kept, &others);
	follow(fold, kept, whole);
	return 0;
}
