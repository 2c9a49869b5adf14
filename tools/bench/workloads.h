/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the frames are that programs are driven over. Every run has the same ones.
 */
#ifndef PORTCLASS_BENCH_WORKLOADS_H
#define PORTCLASS_BENCH_WORKLOADS_H

#include <stddef.h>

#include "abi.h"
#include "bench.h"

struct workload {
	const char *name;
	size_t frames; /* that differ: a power of two, BENCH_FRAMES_MAX at most */
	/* One frame; @services: those of the registry that have a name and one port. */
	void (*fill)(struct bench_frame *frame, const struct assignment *services, size_t count);
};

extern const struct workload workloads[];
extern const size_t workloads_count;

/* Make @workload->frames frames of the rows of a compiled registry. 0 or -ENOMEM. */
int workload_fill(const struct workload *workload, struct bench_frame *frames,
		  const struct assignment *assignments, size_t count);

#endif
