/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * An XDP program driven over many frames in one call, see bench.bpf.c.
 */
#ifndef PORTCLASS_BENCH_DRIVER_H
#define PORTCLASS_BENCH_DRIVER_H

#include <stddef.h>

#include "bench.h"

struct bpf_object;

/* The object with the drivers. A zeroed one is closed. */
struct driver {
	struct bpf_object *object;
	int program; /* that drives; a file descriptor, the object's */
};

/*
 * Load the object at @path; @lender: another driver whose frames to run over, NULL:
 * its own. Returns 0 or -errno, said.
 */
int driver_open(struct driver *driver, const char *path, const struct driver *lender);
void driver_close(struct driver *driver);

/* A program of the object itself. Its descriptor, owned by the driver, or -errno, said. */
int driver_own_program(const struct driver *driver, const char *name);

/* What to drive over, for all that borrow the frames. @count: a power of two. */
int driver_set_frames(const struct driver *driver, const struct bench_frame *frames, size_t count);

/* What to run over the frames; -1: nothing, they are only written. 0 or -errno, said. */
int driver_set_subject(struct driver *driver, int program);

/* The same, a burst from each of so many interfaces in turn. */
int driver_set_interfaces(struct driver *driver, const int *programs, __u32 count);

/* The interface that driver_send() sends through. */
int driver_set_cable(struct driver *driver, unsigned int ifindex);

/* Send so many frames, as a driver would. 0 or -errno, said. */
int driver_send(const struct driver *driver, unsigned int frames);

/* Run over @bursts times BENCH_BURST frames: ns per frame, or -errno, said. */
double driver_run(const struct driver *driver, unsigned int bursts);

#endif
