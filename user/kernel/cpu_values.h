/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What an element of a per-CPU map holds on every CPU.
 *
 * The kernel writes one value for each CPU that it could have, however many we think
 * those are: a file in /sys tells, and containers come with files of their own there.
 */
#ifndef PORTCLASS_CPU_VALUES_H
#define PORTCLASS_CPU_VALUES_H

#include <stddef.h>
#include <stdint.h>

/* A zeroed one is closed. */
struct cpu_values {
	void *values; /* one for each CPU, where the kernel has one; else zero */
	int cpus;
	void *mapped;
	size_t mapped_size;
};

/* Room for values of @size, a multiple of 8. 0 or -errno, said; then it is closed. */
int cpu_values_open(struct cpu_values *values, size_t size);

/* -EFAULT: the kernel has more CPUs than we know of, and nothing else was written over. */
int cpu_values_read(struct cpu_values *values, int map, uint32_t key);

void cpu_values_close(struct cpu_values *values);

#endif
