/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The BPF object in this kernel, frames through it, and what it must have
 * counted: every counter is compared with its expectation after every check.
 */
#ifndef PORTCLASS_CLASSIFIER_H
#define PORTCLASS_CLASSIFIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "frames.h"

/* All that the maps hold, summed over the CPUs. */
struct counters {
	struct traffic slots[SLOTS_MAX];
	struct counter reasons[REASON_MAX];
};

struct classifier_options {
	const uint32_t (*entries)[PORTS_MAX]; /* NULL: those of the object */
	uint32_t pages;			      /* of the map `traffic`; 0: enough for any entries */
	enum count_by count_by;
	const struct classifier *after; /* whose counters it goes on with; NULL: its own */
};

/* A zeroed one is closed. */
struct classifier {
	struct bpf_object *object;
	bool linear;			    /* its entry is the one for frames of one buffer */
	int program, traffic, unclassified; /* file descriptors */
	uint32_t pages;			    /* of the map `traffic` */
	enum count_by count_by;
	uint32_t (*entries)[PORTS_MAX]; /* owned */
	struct counters *expected;	/* owned */
	struct counters *counted;	/* owned */
};

/*
 * Load the object with the entry that classifier_main() runs; where the kernel does
 * not take that one, or gives no right to load any, the test is skipped.
 */
void classifier_open(struct classifier *classifier, const struct classifier_options *options);
void classifier_close(struct classifier *classifier);

/* Note that a frame of @bytes is to be counted as @verdict says. */
void classifier_expect(struct classifier *classifier, const struct verdict *verdict,
		       uint64_t bytes);

/*
 * Run the program on a frame, of which the first @linear bytes lie in the first
 * buffer (0: as the kernel likes). It must pass, and unchanged. Returns 0, or
 * -errno if the kernel takes no such frame.
 */
int classifier_run(const struct classifier *classifier, const uint8_t *bytes, size_t size,
		   size_t linear);

/* Since 6.18; kernels before it count headers behind the first buffer as truncated. */
bool classifier_kernel_moves_headers(void);

/* Compare every counter with what was expected since the object was loaded. */
void classifier_check(struct classifier *classifier, const char *name);

/* For emulated machines: of what a test does again and again, it does one of so many. */
extern unsigned int classifier_stride;

/*
 * What main() returns for the arguments [OBJECT [ENTRY [STRIDE]]]: @run, which returns
 * how many tests failed, is called for the entry, or once for each there is.
 */
int classifier_main(int argc, char **argv, int (*run)(void));

#endif
