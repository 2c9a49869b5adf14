/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A report as Prometheus reads it. Names and labels may only grow; portclass(8)
 * documents them.
 */
#ifndef PORTCLASS_METRICS_H
#define PORTCLASS_METRICS_H

#include <stdio.h>

#include "model/report.h"

enum metrics_format {
	METRICS_TEXT,	     /* Prometheus text format 0.0.4 */
	METRICS_OPENMETRICS, /* OpenMetrics 1.0.0 */
	METRICS_FORMAT_MAX,
};

/* The media type, for the header Content-Type. */
const char *metrics_type(enum metrics_format format);

/* Without a node the report has no families about one: what a command prints. */
void metrics_write(FILE *to, const struct report *report, enum metrics_format format);

#endif
