/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The other names that ports have. Many ports share one set of them, so that a
 * port needs no more than the set's number. A set lives as long as a port has it.
 */
#ifndef PORTCLASS_ALIAS_SETS_H
#define PORTCLASS_ALIAS_SETS_H

#include <stddef.h>
#include <stdint.h>

#include "abi.h"

/* The set without names, in every struct alias_sets. */
#define ALIAS_SET_EMPTY 0

/* A zeroed one is closed. */
struct alias_sets {
	char (*texts)[ALIASES_SIZE]; /* by number, as assignment.aliases; owned */
	uint32_t *ports;	     /* by number: that have it; of a free one: the next; owned */
	uint32_t free;		     /* the first one that no port has any more; 0: none */
	uint32_t count;
	uint32_t capacity;
	/* The last addition, which neighbouring ports repeat. */
	uint32_t before;
	uint32_t after;
	const char *name;
};

/* With the empty set in it. 0 or -ENOMEM; then it is closed. */
int alias_sets_open(struct alias_sets *sets);

/* Every set goes with it; its texts are nobody's any more. */
void alias_sets_close(struct alias_sets *sets);

/*
 * Turn @set, of one port, into the one that has the name of @size bytes too. Returns
 * 0, -ENOSPC (the name does not fit and is left out) or -ENOMEM; then @set stays.
 * @name must stay where it is as long as @sets is in use.
 */
int alias_sets_add(struct alias_sets *sets, uint32_t *set, const char *name, size_t size);

/* Turn @set, of one port, into the empty one. */
void alias_sets_clear(struct alias_sets *sets, uint32_t *set);

#endif
