/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The project's own object, loaded as bpftool loads it: what is measured.
 */
#ifndef PORTCLASS_BENCH_CLASSIFIER_OBJECT_H
#define PORTCLASS_BENCH_CLASSIFIER_OBJECT_H

#include <stddef.h>
#include <stdint.h>

#include "abi.h"

struct bpf_object;

/* A zeroed one is closed. */
struct classifier_object {
	struct bpf_object *object;
	const struct assignment *assignments; /* the object's, by slot */
	size_t count;
	int program; /* file descriptor, the object's */
};

/* Returns 0 or -errno, said. */
int classifier_object_open(struct classifier_object *classifier, const char *path);
void classifier_object_close(struct classifier_object *classifier);

/* All packets that it counted, under whatever service or reason; -errno, said. */
int64_t classifier_object_total(const struct classifier_object *classifier);

#endif
