/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Moments (nanoseconds since 1970) and the time between two, as text.
 */
#ifndef PORTCLASS_MOMENT_H
#define PORTCLASS_MOMENT_H

#include "base/clock.h"

#define MOMENT_SIZE 64

/* All write into @text of MOMENT_SIZE and return it. */

/* RFC 3339, UTC: 2026-02-13T08:15:00Z */
char *moment_write(char *text, uint64_t moment);

/* In the time zone of who reads: 2026-02-13 09:15:00 CET */
char *moment_write_local(char *text, uint64_t moment);

/* The two greatest units that it has: 42 s, 3 min 5 s, 2 h, 12 d 4 h */
char *moment_write_span(char *text, uint64_t nanoseconds);

#endif
