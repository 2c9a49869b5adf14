/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The maps of one classifier. The build fills `registry`, `assignments` and
 * `info` in the object file from the shipped registry, so that bpftool alone
 * loads a working classifier; portclass writes others into them before it loads.
 */
#ifndef PORTCLASS_MAPS_H
#define PORTCLASS_MAPS_H

#include "shipped.h"

/* ENTRY(rank, slot) of every port; the kernel reads it, nobody writes it. */
__u32 registry[TRANSPORT_MAX][PORTS_MAX] SEC(".data.registry") = SHIPPED_ENTRIES;

/* What each slot counts; only user space reads it, so the pins name themselves. */
struct assignment assignments[SHIPPED_SLOTS] SEC(".data.assignments") = SHIPPED_ASSIGNMENTS;

/* Settings: constant once loaded, so the verifier drops the branches not taken. */
const volatile struct info info SEC(".rodata.info") = SHIPPED_INFO;

/* Packets and bytes by slot, slot / PAGE_SLOTS first. The kernel adds, user
 * space sums over the CPUs; it may ask for more pages before it loads.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SHIPPED_SLOTS / PAGE_SLOTS);
	__type(key, __u32);
	__type(value, struct traffic_page);
} traffic SEC(".maps");

/* Packets and bytes by enum reason, as above. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, REASON_MAX);
	__type(key, __u32);
	__type(value, struct counter);
} unclassified SEC(".maps");

#endif
