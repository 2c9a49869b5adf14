/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Snapshots made by hand, for the tests of what prints and sums them.
 */
#ifndef PORTCLASS_TEST_SNAPSHOTS_H
#define PORTCLASS_TEST_SNAPSHOTS_H

#include "model/snapshot.h"

/* Of the sample, by the boot clock: months after booting. The date is 2026-09-21. */
#define SNAPSHOT_SINCE (12345678 * NANOSECONDS)

/* Seven services (two nameless, one that counted nothing) and two reasons. */
struct snapshot snapshot_sample(void);

/* Every counter of four services at 2^64 - 1, a name of 63 characters. */
struct snapshot snapshot_extreme(void);

#endif
