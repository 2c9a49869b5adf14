/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Series that outlive the agent, as the counters do: in a map pinned beside them.
 */
#ifndef PORTCLASS_SERIES_PIN_H
#define PORTCLASS_SERIES_PIN_H

struct series;

/*
 * Resume what is pinned as @directory/series, or pin it there for the next agent.
 * Returns 0 or -errno, not said: then the series are as before, and end with @series.
 */
int series_pin(struct series *series, const char *directory);

#endif
