/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the drivers in bench.bpf.c and the programs that run them agree on.
 */
#ifndef PORTCLASS_BENCH_H
#define PORTCLASS_BENCH_H

#include <linux/types.h>

#define BENCH_FRAME_SIZE     96	  /* bytes; the longest headers fit in */
#define BENCH_FRAMES_MAX     8192 /* a power of two */
#define BENCH_INTERFACES_MAX 64
#define BENCH_BURST	     32 /* frames in one run: the kernel allows 33 tail calls */

/* What a driver returns if the program could not be called. */
#define BENCH_NOT_RUN (~0u)

struct bench_frame {
	__u64 words[BENCH_FRAME_SIZE / 8];
};

/* Key of the map `ports`: what a tutorial keeps of a port. */
struct bench_port {
	__u16 port;	 /* host byte order */
	__u16 transport; /* enum transport */
};

#endif
