/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How much memory the control groups of this process leave it, cgroups(7): who takes more is
 * killed by the kernel.
 */
#ifndef PORTCLASS_CGROUP_H
#define PORTCLASS_CGROUP_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct cgroup_memory {
	uint64_t limit;	     /* bytes */
	uint64_t left;	     /* bytes of it that are free, or taken by what the kernel can drop */
	char path[PATH_MAX]; /* of the file that says the limit */
};

/*
 * Of its group and those above it, the one that leaves least; of version 2 or 1. @root comes
 * before /proc and /sys: "" but in tests. false: none has a limit, as far as can be seen.
 */
bool cgroup_memory_read(struct cgroup_memory *memory, const char *root);

#endif
