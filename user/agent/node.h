/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the agent knows of its node. The agent fills it; metrics, health and the
 * API print it, and never reach behind it.
 */
#ifndef PORTCLASS_NODE_H
#define PORTCLASS_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/ready_rule.h"
#include "kernel/cost.h"
#include "kernel/pins.h"
#include "model/report.h"
#include "model/table.h"

/* An interface that the patterns want. */
struct node_interface {
	char name[IF_NAMESIZE];
	unsigned int ifindex;
	bool outdated;	       /* another table than the node's is under it, for a moment */
	bool leaves;	       /* it is not wanted, or gone: its pins are to be removed */
	bool tried;	       /* attaching to it was, or what was attached was adopted */
	bool had_pins;	       /* whatever became of them: they go with the interface */
	struct pins pins;      /* open while attached */
	struct series *series; /* which services have metrics of their own; owned */
	struct cost cost;      /* as it was found last */
	struct report_interface reading; /* of its counters, but for the name; owned */
	uint64_t read;			 /* ns of CLOCK_MONOTONIC, when they were; 0: not yet */
	uint64_t read_duration;		 /* ns that this took */
	char error[512];       /* why it is not attached; empty: it is, or was not tried yet */
	uint64_t retry;	       /* ns of CLOCK_MONOTONIC: when attaching is tried again */
	unsigned int failures; /* in a row */
};

struct node {
	struct node_interface *interfaces; /* by name, owned */
	size_t count;
	const struct table *table;	/* what is loaded now */
	struct table_arguments sources; /* where it came from */
	const struct words *wanted;	/* patterns of interfaces; none: default routes */
	const struct words *unwanted;
	uint64_t started; /* ns of clock_boot() */
	uint64_t reads;	  /* of an interface's counters */
	uint64_t reloads; /* that succeeded, the first load included */
	uint64_t reload_failures;
	uint64_t reloaded;     /* ns of clock_boot(), when the last one succeeded */
	bool reload_failed;    /* the last one did */
	enum ready_rule ready; /* what it takes to be so */
	bool loads;	       /* the program does: it was loaded by this agent */
	char load_error[512];  /* why a trial of it failed; empty: there was none, or it did not */
	unsigned int series_max; /* services with metrics of their own, see series.h */
};

/* Whether its pins are open: it is attached, as far as is known. */
bool node_is_attached(const struct node_interface *interface);

/* By its rule: what /readyz says. */
bool node_is_ready(const struct node *node);

/* Its pins are others now, or none: what was read of them is of no use. */
void node_forget_reading(struct node_interface *interface);

/* When the first of the readings was made, ns of CLOCK_MONOTONIC; @now: there are none. */
uint64_t node_read_first(const struct node *node, uint64_t now);

/* The row of an interface; NULL: there is none. Good until the next change. */
struct node_interface *node_find(const struct node *node, unsigned int ifindex);

/* A new row, in order of names; NULL: out of memory. */
struct node_interface *node_add(struct node *node, unsigned int ifindex, const char *name);

/* Forget interface @index: close its pins, which stay. */
void node_remove(struct node *node, size_t index);

/* Its name has changed: the rows are sorted anew, so @interface may be another now. */
void node_rename(struct node *node, struct node_interface *interface, const char *name);

/* Release what it owns; the table is not. */
void node_close(struct node *node);

#endif
