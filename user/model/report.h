/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What every output prints: the snapshots of some interfaces and what is known beside
 * them. Who reads the kernel fills it, a command or the agent; nothing here asks.
 */
#ifndef PORTCLASS_REPORT_H
#define PORTCLASS_REPORT_H

#include "model/series.h"
#include "model/snapshot.h"

/* What the kernel does and keeps for one interface; all zero: not asked. */
struct cost {
	uint32_t program_id; /* what the rest is about; 0: not known */
	uint64_t runs;	     /* of the program loaded now; 0: the kernel keeps no statistics */
	uint64_t run_time;   /* ns, of these runs */
	uint64_t map_bytes;  /* of all pinned maps; 0: not known */
};

struct process_cost {
	uint64_t resident_bytes;
	uint64_t cpu_time; /* ns */
};

struct report_interface {
	char name[IF_NAMESIZE];
	bool attached;		  /* and its maps were read; else what is below is zero */
	const char *hook;	  /* where frames are seen; a constant of the kernel's room */
	const char *mode;	  /* the older word for that, another constant */
	struct cost cost;	  /* where it was asked for */
	struct snapshot snapshot; /* owned */
	struct series_fold fold;  /* of the snapshot, where series are wanted; owned */
};

/* What only an agent has to tell. */
struct report_node {
	const char *registry_name; /* NULL: none is loaded. As are the next, the agent's */
	const char *registry_date;
	const uint8_t *registry_sha256; /* HASH_SIZE bytes */
	uint64_t started;		/* ns since 1970 */
	uint64_t reloads;		/* that succeeded, the first load included */
	uint64_t reload_failures;
	uint64_t reloaded;	 /* ns since 1970, when the last one succeeded */
	bool reload_failed;	 /* the last one did */
	uint64_t log_lines_lost; /* that nobody took */
	unsigned int series_max; /* services with series of their own */
	struct process_cost process;
	uint64_t reads;	   /* of an interface's counters so far */
	uint64_t duration; /* ns that the last of each interface took together */
};

/* A zeroed one is closed. */
struct report {
	struct report_interface *interfaces; /* owned */
	size_t count;
	bool all;		 /* of all there are, however many: a list, not the one asked for */
	bool has_node;		 /* an agent's */
	struct report_node node; /* zero without it */
};

/* A new interface at the end, zero but for its name; NULL: out of memory. Good until the next. */
struct report_interface *report_append(struct report *report, const char *name);

/* What it owns. A zeroed one is closed. */
void report_interface_close(struct report_interface *interface);

void report_close(struct report *report);

#endif
