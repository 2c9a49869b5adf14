// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What changed from one compiled registry to another: port by port, and then
 * neighbours that changed alike as one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "difference.h"

#define CAPACITY_FIRST 64

static const char *const kind_names[CHANGE_MAX] = {
	[CHANGE_ADDED] = "added",
	[CHANGE_REMOVED] = "removed",
	[CHANGE_CHANGED] = "changed",
};

const char *change_kind_name(enum change_kind kind)
{
	return kind_names[kind];
}

/* Whether two ports are the same to whoever reads their names. */
static bool is_alike(const struct assignment *left, const struct assignment *right)
{
	return left == right ||
	       (left->class == right->class && left->status == right->status &&
		left->origin == right->origin && !strcmp(left->service, right->service) &&
		!strcmp(left->aliases, right->aliases));
}

static bool continues(const struct change *change, const struct change *previous)
{
	return previous->last + 1 == change->first && is_alike(previous->before, change->before) &&
	       is_alike(previous->after, change->after);
}

static enum change_kind kind_of(const struct assignment *before, const struct assignment *after)
{
	if (!*before->service && *after->service)
		return CHANGE_ADDED;
	if (*before->service && !*after->service)
		return CHANGE_REMOVED;
	return CHANGE_CHANGED;
}

static int append(struct difference *difference, const struct change *change)
{
	if (difference->count == difference->capacity) {
		size_t capacity = difference->capacity ? difference->capacity * 2 : CAPACITY_FIRST;
		struct change *changes =
			reallocarray(difference->changes, capacity, sizeof(*changes));

		if (!changes)
			return -ENOMEM;
		difference->changes = changes;
		difference->capacity = capacity;
	}
	difference->changes[difference->count++] = *change;
	return 0;
}

/* @previous: number + 1 of the transport's change before this one. */
static int compare_port(struct difference *difference, const struct change *change,
			size_t *previous)
{
	if (is_alike(change->before, change->after))
		return 0;
	if (*previous && continues(change, &difference->changes[*previous - 1])) {
		difference->changes[*previous - 1].last = change->last;
		return 0;
	}
	*previous = difference->count + 1;
	return append(difference, change);
}

int difference_open(struct difference *difference, const struct port_table *before,
		    const struct port_table *after)
{
	size_t previous[TRANSPORT_MAX] = { 0 };
	int err = 0;

	*difference = (struct difference){ 0 };
	for (uint32_t i = 0; i < PORTS_MAX * TRANSPORT_MAX && !err; i++) {
		uint16_t port = (uint16_t)(i / TRANSPORT_MAX);
		struct change change = { .transport = i % TRANSPORT_MAX,
					 .first = port,
					 .last = port };

		change.before = port_table_find(before, change.transport, change.first);
		change.after = port_table_find(after, change.transport, change.first);
		change.kind = kind_of(change.before, change.after);
		err = compare_port(difference, &change, &previous[change.transport]);
	}
	if (err)
		difference_close(difference);
	return err;
}

void difference_close(struct difference *difference)
{
	free(difference->changes);
	*difference = (struct difference){ 0 };
}
