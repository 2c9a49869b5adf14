/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How measuring programs hand on what they measured: a line for each sample.
 */
#ifndef PORTCLASS_BENCH_SAMPLE_H
#define PORTCLASS_BENCH_SAMPLE_H

#include <stdio.h>
#include <time.h>

/* @what was measured, under which @condition, on @subject; @unit of @value. */
static inline void sample_print(const char *what, const char *condition, const char *subject,
				const char *unit, double value)
{
	printf("%s\t%s\t%s\t%s\t%.4f\n", what, condition, subject, unit, value);
}

/* Seconds of a clock that only differences are taken of. */
static inline double sample_clock(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

#endif
