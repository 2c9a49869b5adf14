/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A snapshot of bounded size, to be kept: the services that have series of their own as they
 * are, and of all others the sums. It adds up to the same.
 */
#ifndef PORTCLASS_CONDENSE_H
#define PORTCLASS_CONDENSE_H

#include "model/series.h"
#include "model/snapshot.h"

/* The service of the rows that are sums: one a direction, transport and class that counted. */
#define SERVICE_OTHER "other"

/*
 * Make @kept from @whole, as @series judged it when @fold was opened; @fold points into
 * @kept from then on. Returns 0 or -ENOMEM; then @kept is closed and @fold as it was.
 */
int snapshot_condense(struct snapshot *kept, const struct snapshot *whole,
		      const struct series *series, struct series_fold *fold);

#endif
