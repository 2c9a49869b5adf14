/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The classifier: its maps filled with a table, loaded, pinned.
 */
#ifndef PORTCLASS_PROGRAM_H
#define PORTCLASS_PROGRAM_H

#include <stdbool.h>

#include "kernel/attach_options.h"
#include "kernel/pins.h"
#include "slots.h"

struct bpf_object;
struct bpf_program;

/* A zeroed one is closed. */
struct program {
	struct bpf_object *object;
	struct bpf_program *entry; /* the object's, chosen for this kernel */
	int fd;			   /* the entry's */
	uint32_t id;		   /* its number in the kernel */
	struct info info;	   /* as its map has it */
	bool linear;		   /* it sees the first buffer of a frame only */
};

/* Load it with maps of its own. Returns 0 or -errno, said; then it is closed. */
int program_load(struct program *program, const struct attach_options *options);

/* The same to see whether it can be, with as few counters as can be: it is closed. */
int program_try(const struct attach_options *options);

/*
 * Load it to follow the program of @pins: it goes on with the counters, since and
 * the network namespace of these, and counts by @slots. Returns as above.
 */
int program_load_after(struct program *program, const struct attach_options *options,
		       const struct pins *pins, const struct slots *slots);

void program_close(struct program *program);

/*
 * Pin the program in a directory as `classify`, whichever entry it is, and the maps
 * in another by the names that bpftool would give them. Both return 0 or -errno, not
 * said.
 */
int program_pin(const struct program *program, const char *directory);
int program_pin_maps(const struct program *program, const struct port_table *table,
		     const char *directory);

/* All of it below a directory, laid out as pin_names.h says. */
int program_pin_all(const struct program *program, const struct port_table *table,
		    const char *directory);

/* The same for the maps that program_load_after() made anew. */
int program_pin_own_maps(const struct program *program, const char *directory);

/* Put it behind the link of @attachment, where @old is. 0 or -errno, said. */
int program_replace(const struct program *program, const struct attachment *attachment, int old);

#endif
